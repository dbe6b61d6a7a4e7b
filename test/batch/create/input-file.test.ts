import { describe, expect, it } from "vitest";

import { createBatch } from "../../../src/batch/create.ts";
import { APIError } from "../../../src/api/errors.ts";
import { ensureUploaded, hashOf, waitForFile } from "../../../src/batch/create/input-file.ts";
import type { SimulatorOptions } from "../../../src/simulator/index.ts";
import {
  type Account,
  ENDPOINT,
  failureOf,
  openAccount,
  rejectionOf,
  requestLines,
  textSource,
} from "../../support/account.ts";
import { eventLog } from "../../support/events.ts";
import { asSoonAs } from "../../support/until.ts";

const second = 1_000;
const minute = 60 * second;
const text = requestLines(2);
const hash = (await hashOf(textSource(text))).slice(0, 16);
const ended = { phases: { validating: 0, inProgress: 0, finalizing: 0 } } as const;

const names = ({ simulator }: Account) =>
  simulator.files.flatMap(({ filename, purpose }) => (purpose === "batch" ? [filename] : []));
const creates = ({ simulator }: Account) =>
  simulator.calls.filter(({ method, path }) => method === "POST" && path === "/v1/batches").length;

async function upload(
  account: Account,
  {
    name = "requests.jsonl",
    content = text,
    reuse = true,
    unusable = [] as readonly string[],
  } = {},
) {
  return ensureUploaded(account.client, textSource(content, name), {
    part: 0,
    expiresAfter: undefined,
    reuseSince: reuse ? account.clock.now() : undefined,
    unusable: new Set(unusable),
  });
}

describe("the name of an upload", () => {
  it.each([
    ["requests.jsonl", `requests-${hash}.jsonl`],
    ["requests", `requests-${hash}.jsonl`],
    ["requests.v2.jsonl", `requests.v2-${hash}.jsonl`],
    ["requests-0123456789abcdef.jsonl", "requests-0123456789abcdef.jsonl"],
    ["requests-0123456789abcdef-2.jsonl", `requests-0123456789abcdef-2-${hash}.jsonl`],
    ["requests-0123456789abcde.jsonl", `requests-0123456789abcde-${hash}.jsonl`],
  ])("of %s says what is in it: %s", async (name, named) => {
    await using account = await openAccount();
    await upload(account, { name });
    expect(names(account)).toEqual([named]);
  });
});

describe("an uploaded file is used again", () => {
  const named = `requests-${hash}.jsonl`;

  it.each<[string, { name?: string; content?: string; seconds?: number }, boolean]>([
    ["by its name, which says what is in it, and its size", {}, true],
    ["not with another name", { name: "requests-0123456789abcdef.jsonl" }, false],
    ["not with another size: the upload may have been cut", { content: "{" }, false],
    ["when it lives long enough for its batch", { seconds: 25 * 3_600 + 1 }, true],
    ["not when it is deleted within a day and an hour", { seconds: 25 * 3_600 }, false],
  ])("%s", async (_, { name = named, content = text, seconds }, used) => {
    await using account = await openAccount();
    const { id } = await account.client.files.create({
      file: textSource(content, name),
      purpose: "batch",
      ...(seconds !== undefined && { expires_after: { anchor: "created_at", seconds } }),
    });
    const file = await upload(account);
    expect(file.id === id).toBe(used);
    expect(file.own).toBe(!used);
  });

  it("not when a batch has failed with it", async () => {
    await using account = await openAccount();
    const { id } = await upload(account);
    expect((await upload(account, { unusable: [id] })).id).not.toBe(id);
    expect((await upload(account)).own).toBe(false);
  });

  it("not when the server says that something is wrong with it", async () => {
    await using account = await openAccount();
    const { id } = await upload(account);
    const rewrite = (page: unknown) => {
      // The simulator's lists are objects.
      const list = page as { readonly data: readonly object[] };
      return { ...list, data: list.data.map((file) => ({ ...file, status: "error" })) };
    };
    account.simulator.addFault({
      method: "GET",
      path: "/files",
      fault: { kind: "rewrite", rewrite },
    });
    const file = await upload(account);
    expect([file.id === id, file.own]).toEqual([false, true]);
  });

  it("from behind a page of others that were uploaded since", async () => {
    await using account = await openAccount();
    const { id } = await upload(account);
    for (let other = 0; other < 101; other += 1) {
      account.clock.advance(second);
      await upload(account, { name: `${other}.jsonl`, reuse: false });
    }
    expect(await upload(account)).toEqual({ id, own: false, reused: true });
  });

  it("not when it may have been deleted by now: it was uploaded too long ago", async () => {
    await using account = await openAccount();
    const { id } = await upload(account);
    for (let other = 0; other < 110; other += 1) {
      account.clock.advance(second);
      await upload(account, { name: `${other}.jsonl`, reuse: false });
    }
    account.clock.advance(11 * minute);
    const calls = account.simulator.calls.length;
    expect((await upload(account)).id).not.toBe(id);
    expect(account.simulator.calls.slice(calls).map(({ method }) => method)).toEqual([
      "GET",
      "POST",
    ]);
  });

  it("where the server names no end of its life", async () => {
    const dialect = { file: (file: object) => ({ ...file, expires_at: undefined }) };
    await using account = await openAccount({ dialect });
    const { id } = await upload(account);
    expect((await upload(account)).id).toBe(id);
  });

  it("and the caller's own code that fails during the look ends it", async () => {
    const mistake = new Error("a mistake of the caller's");
    const onRetry = () => {
      throw mistake;
    };
    await using account = await openAccount({ client: { onRetry } });
    const fault = { kind: "status", status: 503 } as const;
    account.simulator.addFault({ method: "GET", path: "/files", fault });
    expect(await rejectionOf(upload(account))).toBe(mistake);
    expect(account.simulator.files).toEqual([]);
  });

  it("and an abort during the look ends it with its reason", async () => {
    await using account = await openAccount();
    const fault = { kind: "hang" } as const;
    account.simulator.addFault({ method: "GET", path: "/files", fault });
    const controller = new AbortController();
    const reason = new Error("stop");
    asSoonAs(
      () => account.simulator.calls.length > 0,
      () => {
        controller.abort(reason);
      },
    );
    const call = ensureUploaded(account.client, textSource(text), {
      part: 0,
      expiresAfter: undefined,
      reuseSince: account.clock.now(),
      unusable: new Set(),
      signal: controller.signal,
    });
    expect(await rejectionOf(call)).toBe(reason);
  });

  it("not by those who want none", async () => {
    await using account = await openAccount();
    const { id } = await upload(account);
    expect((await upload(account, { reuse: false })).id).not.toBe(id);
  });

  it("not where the list cannot be read: another upload costs no money", async () => {
    await using account = await openAccount();
    await upload(account);
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", path: "/files", fault });
    expect((await upload(account)).own).toBe(true);
  });

  it("when its upload got no answer", async () => {
    await using account = await openAccount();
    const fault = { kind: "status-after", status: 500 } as const;
    account.simulator.addFault({ method: "POST", path: "/files", fault });
    const file = await upload(account, { reuse: false });
    // It may be an earlier one, of which batches were made.
    expect([file.own, file.reused]).toEqual([false, false]);
    expect(names(account)).toHaveLength(1);
  });
});

describe("two inputs of one name and size", () => {
  it("are two uploads: the answers of one are not those of the other", async () => {
    await using account = await openAccount(ended);
    const order = (content: string, idempotencyKey: string) =>
      createBatch(account.client, {
        input: textSource(content),
        endpoint: ENDPOINT,
        idempotencyKey,
      });
    const first = await order(text, "a");
    const second = await order(text.replaceAll("Hello", "Howdy"), "b");
    expect(first.batch.input_file_id).not.toBe(second.batch.input_file_id);
    expect(new Set(names(account)).size).toBe(2);
  });
});

describe("the input file of a failed batch", () => {
  it("is not given to another batch", async () => {
    const error = { code: "invalid_json_line", message: "No.", param: null, line: 1 };
    const outcome = { kind: "failed", errors: [error] } as const;
    await using account = await openAccount({ ...ended, outcome });
    const order = { input: textSource(text), endpoint: ENDPOINT, idempotencyKey: "nightly" };
    const first = await createBatch(account.client, order);
    account.clock.advance(minute);
    const { onEvent, of } = eventLog();
    const again = await createBatch(account.client, { ...order, onEvent });
    expect(again.batch.input_file_id).not.toBe(first.batch.input_file_id);
    expect(of("uploaded")).toMatchObject([{ reused: false }]);
  });
});

describe("a file that the server has not looked through yet", () => {
  const order = { input: textSource(text), endpoint: ENDPOINT, idempotencyKey: "nightly" };
  const after = (processing: NonNullable<SimulatorOptions["processing"]>) =>
    openAccount({ ...ended, processing });

  it.each([
    ["pending", 400],
    ["uploaded", 400],
    ["processing", 404],
  ] as const)(
    "is waited for while it is %s and creates are refused with %i",
    async (status, refusal) => {
      await using account = await after({ ms: 3 * minute, status, refusal });
      const { onEvent, of } = eventLog();
      await createBatch(account.client, { ...order, onEvent });
      expect(account.simulator.batches).toHaveLength(1);
      expect(account.clock.pauses.filter((pause) => pause === 5 * second).length).toBeGreaterThan(
        30,
      );
      // Nothing was made by the refusals, so that none of them counts as sent.
      expect(new Set(of("creating").map(({ creation }) => creation.sent))).toEqual(new Set([1]));
      expect(of("refused")).toEqual([]);
    },
  );

  it("is waited for ten minutes, and then the refusal stands", async () => {
    await using account = await after({ ms: Infinity });
    const started = account.clock.now();
    const { onEvent, of } = eventLog();
    const error = await failureOf(createBatch(account.client, { ...order, onEvent }));
    expect(error).toMatchObject({ status: 400 });
    expect(account.clock.now() - started).toBe(10 * minute);
    expect(of("refused")).toHaveLength(1);
  });

  it("is waited for while the server is still taking it in", async () => {
    let looks = 0;
    const dialect = {
      file: (file: object) => ({ ...file, status: looks++ < 3 ? "Uploading" : "ready" }),
    };
    await using account = await openAccount({ ...ended, dialect });
    const body = { error: { message: "The file is not ready." } };
    const fault = { kind: "status", status: 400, body } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", times: 2, fault });
    await createBatch(account.client, order);
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("is waited for by its id as well", async () => {
    await using account = await after({ ms: minute });
    const fileId = await account.upload();
    await createBatch(account.client, { ...order, input: { fileId } });
    expect(account.simulator.batches).toHaveLength(1);
  });

  it("is not waited for where the server has no room", async () => {
    await using account = await after({ ms: minute });
    const body = {
      error: { message: "Enqueued token limit reached.", code: "token_limit_exceeded" },
    };
    const fault = { kind: "status", status: 400, body } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", fault });
    const error = await failureOf(createBatch(account.client, order));
    expect(error.code).toBe("token_limit_exceeded");
    expect(creates(account)).toBe(1);
  });

  it("is not waited for where the refusal is no matter of the file", async () => {
    await using account = await after({ ms: minute });
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", fault });
    expect(await failureOf(createBatch(account.client, order))).toMatchObject({ status: 403 });
    expect(creates(account)).toBe(1);
  });
});

describe("a file that is ready", () => {
  it("does not make a create that is refused for something else be tried again", async () => {
    await using account = await openAccount(ended);
    const body = { error: { message: "The endpoint is not supported.", code: "invalid_endpoint" } };
    const fault = { kind: "status", status: 400, body } as const;
    account.simulator.addFault({ method: "POST", path: "/batches", times: Infinity, fault });
    const order = { input: textSource(text), endpoint: ENDPOINT };
    const error = await failureOf(createBatch(account.client, order));
    expect(error.code).toBe("invalid_endpoint");
    expect(creates(account)).toBe(1);
  });
});

describe("an upload says when the server deletes its file", () => {
  it.each([
    ["as the server is used to", undefined, 30 * 86_400],
    ["after a day", 86_400, 86_400],
  ])("%s", async (_, expiresAfter, lives) => {
    await using account = await openAccount();
    const options = { part: 3, reuseSince: undefined, unusable: new Set<string>() };
    const { onEvent, of } = eventLog();
    await ensureUploaded(account.client, textSource(text), { ...options, expiresAfter, onEvent });
    const [file] = account.simulator.files;
    expect((file?.expires_at ?? 0) - (file?.created_at ?? 0)).toBe(lives);
    expect(of("uploaded")).toMatchObject([{ part: 3, file: { id: file?.id }, reused: false }]);
  });
});

describe("a create that is refused for its file is tried again", () => {
  const refusal = (message: string, status = 404, code?: string) =>
    new APIError(message, { status, ...(code !== undefined && { code }) });
  const missing = refusal("No such File object: file-1");

  /** How often a create may be tried again while it is refused in this way, and after which pauses. */
  async function tries(error: APIError, own = true) {
    await using account = await openAccount();
    const wait = waitForFile(account.client, { id: await account.upload(), own, reused: !own }, {});
    let count = 0;
    while (count < 20 && (await wait.mayTryAgain(error))) count += 1;
    return { count, pauses: account.clock.pauses };
  }

  it("for half a minute where a file that was just uploaded is not found, and no longer", async () => {
    const pauses = [1, 2, 4, 8, 15].map((seconds) => seconds * second);
    expect(await tries(missing)).toEqual({ count: 5, pauses });
  });

  it.each([
    "Input file file-1 not found",
    "The file does not exist.",
    "Could not find the FILE file-1.",
  ])("however the server words it: %s", async (message) => {
    expect((await tries(refusal(message, 400))).count).toBe(5);
    expect((await tries(refusal(message, 404))).count).toBe(5);
  });

  it.each<[string, APIError, boolean]>([
    ["the file is somebody else's upload", missing, false],
    ["something else is not found", refusal("The model does not exist."), true],
    ["something else is wrong with the file", refusal("The file is too large.", 400), true],
    ["the refusal is of another kind", refusal("File not found", 403), true],
    ["it is a conflict over the file", refusal("File not found", 409), true],
    ["there is no room", refusal("No such file", 400, "token_limit_exceeded"), true],
    ["there is no status", new APIError("No such file"), true],
  ])("not where %s", async (_, error, own) => {
    expect(await tries(error, own)).toEqual({ count: 0, pauses: [] });
  });

  it.each([400, 404, 409, 422, 425])(
    "once when the file has been looked through since, after a %i",
    async (status) => {
      await using account = await openAccount({ processing: { ms: 7 * second } });
      const wait = waitForFile(
        account.client,
        { id: await account.upload(), own: false, reused: true },
        {},
      );
      const error = refusal("Not yet.", status);
      const tried = [];
      for (let at = 0; at < 5; at += 1) tried.push(await wait.mayTryAgain(error));
      expect(tried).toEqual([true, true, true, false, false]);
      expect(account.clock.pauses).toEqual([5 * second, 5 * second]);
    },
  );

  it("once where a file that was being looked through cannot be looked at any more", async () => {
    await using account = await openAccount({ processing: { ms: Infinity } });
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ path: "/files/*", skip: 1, times: Infinity, fault });
    const file = { id: await account.upload(), own: true, reused: false };
    const wait = waitForFile(account.client, file, {});
    const tried = [];
    for (let at = 0; at < 3; at += 1) tried.push(await wait.mayTryAgain(refusal("Not yet.", 400)));
    expect(tried).toEqual([true, true, false]);
  });

  it("not after a signal that comes while the look at the file has no answer", async () => {
    await using account = await openAccount();
    const file = { id: await account.upload(), own: true, reused: false };
    account.simulator.addFault({ path: "/files/*", fault: { kind: "hang" } });
    const controller = new AbortController();
    const reason = new Error("stop");
    const calls = account.simulator.calls.length;
    const wait = waitForFile(account.client, file, { signal: controller.signal });
    asSoonAs(
      () => account.simulator.calls.length > calls,
      () => {
        controller.abort(reason);
      },
    );
    expect(await rejectionOf(wait.mayTryAgain(missing))).toBe(reason);
    expect(account.simulator.calls).toHaveLength(calls + 1);
  });

  it("not where the caller's own code fails while it is looked at", async () => {
    const mistake = new Error("a mistake of the caller's");
    const onRetry = () => {
      throw mistake;
    };
    await using account = await openAccount({ client: { onRetry } });
    const file = { id: await account.upload(), own: true, reused: false };
    const fault = { kind: "status", status: 503 } as const;
    account.simulator.addFault({ path: "/files/*", fault });
    const wait = waitForFile(account.client, file, {});
    expect(await rejectionOf(wait.mayTryAgain(missing))).toBe(mistake);
  });

  it("not where the file cannot be looked at", async () => {
    await using account = await openAccount({ processing: { ms: Infinity } });
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", path: "/files/*", times: Infinity, fault });
    const wait = waitForFile(
      account.client,
      { id: await account.upload(), own: true, reused: false },
      {},
    );
    expect(await wait.mayTryAgain(refusal("Not yet.", 400))).toBe(false);
  });
});
