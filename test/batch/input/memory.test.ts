import { readdirSync, writeFileSync } from "node:fs";

import { describe, expect, it, test } from "vitest";

import {
  type BatchRequest,
  createBatch,
  createBatches,
  readRows,
  renderRequests,
  runBatch,
  scanInput,
} from "../../../src/index.ts";
import { ENDPOINT, openAccount, rejectionOf } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const request = (id: string, model = "m"): BatchRequest => ({
  custom_id: id,
  url: ENDPOINT,
  body: { model, messages: [{ role: "user", content: `Hi ${id}` }] },
});

async function* later(requests: readonly BatchRequest[]): AsyncGenerator<BatchRequest> {
  for (const one of requests) yield await Promise.resolve(one);
}

describe("requests from memory", () => {
  it("are scanned as the same lines of a file are, and told by position", async () => {
    await using folder = await openFolder();
    const requests = [request("a"), request("ü", "n"), request("c")];
    const lines = requests.map(({ custom_id, ...rest }) =>
      JSON.stringify({ custom_id, method: "POST", ...rest }),
    );
    writeFileSync(folder.at("r.jsonl"), `${lines.join("\n")}\n`);
    const { hash, bytes, models } = await scanInput(folder.at("r.jsonl"));
    await using scan = await scanInput(later(requests));
    expect(scan).toMatchObject({ hash, bytes, models, requests: 3, sources: [], problems: [] });
  });

  it("have their problems told by position, without a word of theirs", async () => {
    const ring: Record<string, unknown> = {};
    ring["self"] = ring;
    const wrong = [
      request("a"),
      request("a"),
      { ...request("secret"), body: ring },
      "secret",
      { ...request("b"), url: "/v1/responses" },
      { ...request("c"), method: "GET" },
    ];
    // What a caller without types may pass.
    await using scan = await scanInput(wrong as Iterable<BatchRequest>);
    expect(scan.problems.map(({ file, line, code }) => [file, line, code])).toEqual([
      [undefined, 2, "duplicate_custom_id"],
      [undefined, 3, "invalid_request"],
      [undefined, 4, "invalid_request"],
      [undefined, 5, "url_mismatch"],
      [undefined, 6, "invalid_method"],
    ]);
    expect(scan.problems[0]?.message).toBe("custom_id 'a' is already used in request 1");
    expect(JSON.stringify(scan.problems)).not.toContain("secret");
    await using account = await openAccount();
    const error = await rejectionOf(createBatches(account.client, { input: later([request("")]) }));
    expect(error).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("request 1: missing_required_parameter: ") as string,
    });
    expect(account.simulator.files).toEqual([]);
  });

  it("that are none are a problem", async () => {
    await using scan = await scanInput(later([]));
    expect(scan.problems).toMatchObject([{ code: "empty_file" }]);
  });

  it("are run, split and answered in their order, and leave nothing behind", async () => {
    await using account = await openAccount();
    await using folder = await openFolder();
    const requests = Array.from({ length: 5 }, (_, index) => request(`r${index}`));
    const { batches, results } = await runBatch(account.client, {
      input: requests,
      limits: { maxRequests: 2 },
      outputFile: folder.at("out.jsonl"),
      temporaryFolder: folder.path,
    });
    expect(batches).toHaveLength(3);
    expect(results?.counts).toEqual({ total: 5, completed: 5, failed: 0 });
    expect(readdirSync(folder.path)).toEqual(["out.jsonl"]);
  });

  it("are made one batch of by createBatch, or none where one does not take them", async () => {
    await using account = await openAccount();
    const make = (input: Iterable<BatchRequest>) =>
      createBatch(account.client, { input, endpoint: ENDPOINT, idempotencyKey: "mine" });
    const { batch } = await make([request("a"), request("b")]);
    expect(await make([request("a"), request("b")])).toMatchObject({
      reused: true,
      batch: { id: batch.id },
    });
    const error = await rejectionOf(make([request("a"), request("b", "other")]));
    expect(error).toMatchObject({ code: "several_batches" });
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("whose source fails leave nothing behind", async () => {
    await using folder = await openFolder();
    const broken = function* () {
      yield request("a");
      throw new RangeError("The source is broken.");
    };
    const scanning = scanInput(broken(), { temporaryFolder: folder.path });
    await expect(scanning).rejects.toThrow("The source is broken.");
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

describe("rows and a template", () => {
  const template = { url: ENDPOINT, body: { model: "m", messages: "{{text}}" } };

  it("are run like a request file, from files or from memory, and adopt each other's batches", async () => {
    await using account = await openAccount();
    await using folder = await openFolder();
    const path = folder.at("reviews.csv");
    writeFileSync(path, "id,text\nr1,one\nr2,two\n");
    const options = { idempotencyKey: "mine", temporaryFolder: folder.path };
    const first = await runBatch(account.client, { ...options, input: path, template });
    const rows = [
      { id: "r1", text: "one" },
      { id: "r2", text: "two" },
    ];
    for (const input of [
      renderRequests(readRows(path), template),
      renderRequests(rows, template),
    ]) {
      const [known] = await createBatches(account.client, { ...options, input });
      expect(known).toMatchObject({ provenance: "adopted", batch: { id: first.batches[0]?.id } });
    }
    expect(account.simulator.batches).toHaveLength(1);
    expect(account.simulator.files[0]?.filename).toMatch(/^reviews-[0-9a-f]{16}\.jsonl$/);
    expect(readdirSync(folder.path)).toEqual(["reviews.csv"]);
  });

  it("are not written over by results", async () => {
    await using account = await openAccount();
    await using folder = await openFolder();
    const [rows, prompt] = [folder.at("rows.csv"), folder.at("t.yml")];
    writeFileSync(rows, "id,text\nr1,one\n");
    writeFileSync(prompt, JSON.stringify(template));
    const input = renderRequests(readRows(rows), template);
    for (const outputFile of [rows, prompt]) {
      const given = { input: rows, template: prompt, outputFile };
      expect(await rejectionOf(runBatch(account.client, given))).toMatchObject({
        code: "same_file",
      });
    }
    const given = { input, outputFile: rows };
    expect(await rejectionOf(runBatch(account.client, given))).toMatchObject({ code: "same_file" });
  });

  it("with problems leave nothing behind", async () => {
    await using account = await openAccount();
    await using folder = await openFolder();
    const path = folder.at("rows.csv");
    writeFileSync(path, "id\nr1\n");
    const options = { input: path, template, temporaryFolder: folder.path };
    const error = await rejectionOf(runBatch(account.client, options));
    expect(String(error)).toContain(`${path}:1: missing_column`);
    expect(readdirSync(folder.path)).toEqual(["rows.csv"]);
  });
});

test("a template beside requests from memory is refused, since they need none", async () => {
  const template = { url: ENDPOINT, body: {} };
  await expect(scanInput([request("a")], { template })).rejects.toThrow("renderRequests");
});
