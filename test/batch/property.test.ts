import { writeFile } from "node:fs/promises";
import { Readable } from "node:stream";

import fc from "fast-check";
import { expect, test } from "vitest";

import { createTransport, type Transport } from "../../src/api/transport.ts";
import { type InputScan, runBatch, scanInput } from "../../src/index.ts";
import { APIError } from "../../src/api/errors.ts";
import { readResultLine } from "../../src/batch/results/line.ts";
import { type InputPart, partSource, requestsOf, splitInput } from "../../src/batch/split.ts";
import { type Fault, startSimulator } from "../../src/simulator/index.ts";
import { clientFor, KEY } from "../support/account.ts";
import { type Folder, openFolder, textOf } from "../support/folder.ts";
import { virtualClock } from "../support/virtual-clock.ts";

interface PlannedLine {
  readonly model: string | undefined;
  readonly content: string;
  readonly inputs: number;
  readonly end: "\n" | "\r\n";
  readonly blanks: readonly string[];
}

interface PlannedFile {
  readonly mark: boolean;
  readonly finalNewline: boolean;
  readonly lines: readonly PlannedLine[];
}

const plannedLine: fc.Arbitrary<PlannedLine> = fc.record({
  model: fc.constantFrom("m1", "m2", "ft:m3:ü", undefined),
  content: fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom("", "é".repeat(300), "😀", "\u2028", "x".repeat(2_000)),
  ),
  inputs: fc.integer({ min: 1, max: 5 }),
  end: fc.constantFrom("\n", "\r\n"),
  blanks: fc.array(fc.constantFrom("\n", "\r\n", " \t\n"), { maxLength: 2 }),
});
const plannedFiles: fc.Arbitrary<readonly PlannedFile[]> = fc.array(
  fc.record({
    mark: fc.boolean(),
    finalNewline: fc.boolean(),
    lines: fc.array(plannedLine, { minLength: 1, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 3 },
);

interface Written {
  readonly paths: readonly string[];
  /** In order, as they are to be sent. */
  readonly requests: readonly {
    readonly id: string;
    readonly model: string;
    readonly inputs: number;
    readonly bytes: Buffer;
  }[];
}

async function writeFiles(
  folder: Folder,
  files: readonly PlannedFile[],
  url: string,
): Promise<Written> {
  const requests: Written["requests"][number][] = [];
  const paths: string[] = [];
  for (const [number, { mark, finalNewline, lines }] of files.entries()) {
    const pieces = [mark ? "\ufeff" : ""];
    for (const [index, { model, content, inputs, end, blanks }] of lines.entries()) {
      const id = `r${requests.length}-${content.slice(0, 3)}`;
      const input = inputs === 1 ? content : Array<string>(inputs).fill(content);
      const text = JSON.stringify({ custom_id: id, method: "POST", url, body: { model, input } });
      const last = index === lines.length - 1 && !finalNewline;
      pieces.push(...blanks, text, last ? "" : end);
      const bytes = Buffer.from(text + (end === "\r\n" && !last ? "\r\n" : "\n"));
      requests.push({ id, model: model ?? "", inputs, bytes });
    }
    const path = folder.at(`input-${number}.jsonl`);
    await writeFile(path, pieces.join(""));
    paths.push(path);
  }
  return { paths, requests };
}

async function bytesOf(scan: InputScan, part: InputPart): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of partSource(scan, part).stream()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const limits = fc.record({
  maxRequests: fc.integer({ min: 1, max: 8 }),
  maxBytes: fc.integer({ min: 50, max: 4_000 }),
  maxInputs: fc.integer({ min: 1, max: 8 }),
});

test("whatever the files and limits, the parts hold every request once, in order and within the limits", async () => {
  await fc.assert(
    fc.asyncProperty(
      plannedFiles,
      limits,
      fc.option(fc.array(fc.boolean(), { minLength: 36, maxLength: 36 })),
      async (files, bounds, chosen) => {
        await using folder = await openFolder();
        const { paths, requests } = await writeFiles(folder, files, "/v1/embeddings");
        const scan = await scanInput(paths);
        expect(scan.problems).toEqual([]);
        expect(scan.requests).toBe(requests.length);
        const only = chosen && [...requests.keys()].filter((number) => chosen[number]);
        const parts = splitInput(scan, bounds, only ?? undefined);

        const wanted = requests.filter((_, number) => only === null || chosen?.[number]);
        const sent = new Map<string, Buffer[]>();
        const numbers: number[] = [];
        for (const [index, part] of parts.entries()) {
          const bytes = await bytesOf(scan, part);
          const own = [...requestsOf(scan, part)];
          numbers.push(...own);
          expect(part.index).toBe(index);
          expect(bytes.length).toBe(part.bytes);
          expect(partSource(scan, part).size).toBe(part.bytes);
          expect(own).toHaveLength(part.requests);
          expect(bytes.equals(Buffer.concat(own.map((n) => requests[n]?.bytes ?? bytes)))).toBe(
            true,
          );
          const inputs = own.reduce((sum, number) => sum + (requests[number]?.inputs ?? 0), 0);
          // A request that is too large by itself has a part of its own.
          if (part.requests > 1) {
            expect(part.requests).toBeLessThanOrEqual(bounds.maxRequests);
            expect(part.bytes).toBeLessThanOrEqual(bounds.maxBytes);
            expect(inputs).toBeLessThanOrEqual(bounds.maxInputs);
          }
          sent.set(part.model, [...(sent.get(part.model) ?? []), bytes]);
        }
        expect(numbers.toSorted((a, b) => a - b)).toEqual(
          only ?? requests.map((_, number) => number),
        );
        for (const [model, pieces] of sent) {
          const all = wanted.filter((request) => request.model === model);
          const together = Buffer.concat(all.map(({ bytes }) => bytes));
          expect(Buffer.concat(pieces).equals(together)).toBe(true);
        }
        expect(new Set(parts.map(({ hash }) => hash)).size).toBe(parts.length);
        const again = splitInput(await scanInput(paths), bounds, only ?? undefined);
        expect(again).toEqual(parts);
      },
    ),
    { numRuns: 50 },
  );
});

const downloadFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.nat({ max: 3_000 }).map((bytes) => ({ kind: "cut-body", bytes }) as const),
  fc.constantFrom<Fault>(
    { kind: "cut-body" },
    { kind: "drop-before" },
    { kind: "drop-after" },
    { kind: "status", status: 503 },
    { kind: "html", status: 200 },
    { kind: "html" },
  ),
);

const outcome = fc.constantFrom("completed", "mixed", "all_failed", "expired", "failed");
/** What a request gets at its first, second and third try. */
const answer = fc.constantFrom("ok", "ok", "ok", "400", "429", "500", "0", "error", "lost");

interface Plan {
  readonly files: readonly PlannedFile[];
  readonly maxRequests: number;
  readonly maxActive: number;
  readonly retryFailed: number;
  readonly outcomes: readonly ("completed" | "mixed" | "all_failed" | "expired" | "failed")[];
  readonly answers: readonly (string | undefined)[];
  readonly faults: readonly Fault[];
  readonly ranges: boolean;
  readonly seed: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  files: plannedFiles,
  maxRequests: fc.integer({ min: 1, max: 9 }),
  maxActive: fc.integer({ min: 0, max: 3 }),
  retryFailed: fc.integer({ min: 0, max: 2 }),
  outcomes: fc.array(outcome, { maxLength: 6 }),
  answers: fc.array(fc.option(answer, { nil: undefined }), { minLength: 1, maxLength: 11 }),
  faults: fc.array(downloadFault, { maxLength: 4 }),
  ranges: fc.boolean(),
  seed: fc.nat({ max: 1_000 }),
});

/** The transport, on which lines of result files go missing. */
function leaving(inner: Transport, isLost: (customId: string) => boolean): Transport {
  return {
    ...inner,
    async open(request) {
      const opened = await inner.open(request);
      const chunks: Buffer[] = [];
      for await (const chunk of opened.body) chunks.push(chunk as Buffer); // Only buffers come.
      const lines = Buffer.concat(chunks).toString().split("\n");
      const kept = lines.filter((line) => {
        if (line === "") return true;
        return !isLost(readResultLine(Buffer.from(line)).customId ?? "");
      });
      return { ...opened, body: Readable.from([Buffer.from(kept.join("\n"))]) };
    },
  };
}

async function play(planned: Plan): Promise<void> {
  await using folder = await openFolder();
  const written = await writeFiles(folder, planned.files, "/v1/responses");
  const clock = virtualClock();
  const tries = new Map<string, number>();
  const answered = new Set<string>();
  const lost = new Set<string>();
  /** Answers that the server counts and that no file holds are unknown: nobody may pay for them twice. */
  const paidAgain = new Set<string>();
  await using simulator = await startSimulator({
    now: () => clock.now(),
    phases: { validating: 1_000, inProgress: 600_000, finalizing: 1_000 },
    ranges: planned.ranges,
    seed: planned.seed,
    respond({ custom_id }) {
      const attempt = tries.get(custom_id) ?? 0;
      tries.set(custom_id, attempt + 1);
      const number = Number(/\d+/.exec(custom_id)?.[0]);
      const wish = planned.answers[(number + attempt * 5) % planned.answers.length];
      if (lost.has(custom_id)) paidAgain.add(custom_id);
      if (wish === undefined) return undefined;
      if (wish === "error") return { error: { code: "server_error", message: "Simulated." } };
      if (wish === "lost" && planned.faults.length === 0) lost.add(custom_id);
      else if (wish === "ok") answered.add(custom_id);
      const status = Number(wish);
      return { status_code: Number.isNaN(status) ? 200 : status, body: { id: custom_id } };
    },
  });
  for (const wish of planned.outcomes) simulator.plan(wish);
  for (const fault of planned.faults) simulator.addFault({ path: "/files/*/content", fault });
  const inner = createTransport({
    baseURL: simulator.url,
    timeout: 5_000,
    clock,
    headers: () => Promise.resolve({ authorization: `Bearer ${KEY}` }),
    redact: (text) => text,
  });
  const transport = planned.faults.length > 0 ? inner : leaving(inner, (id) => lost.has(id));
  const { client } = clientFor(simulator.url, { clock, transport });

  let most = 0;
  const run = runBatch(client, {
    input: written.paths,
    limits: { maxRequests: planned.maxRequests },
    maxActive: planned.maxActive,
    retryFailed: planned.retryFailed,
    outputFile: folder.at("output.jsonl"),
    errorFile: folder.at("errors.jsonl"),
    temporaryFolder: folder.path,
    onEvent({ type }) {
      if (type !== "created" && type !== "adopted") return;
      const live = simulator.batches.filter(({ status }) =>
        ["validating", "in_progress", "finalizing"].includes(status),
      );
      most = Math.max(most, live.length);
    },
  });

  const { results, done, failures: unread } = await run;
  expect([...paidAgain]).toEqual([]);
  if (results === undefined) {
    // Not one line came of all that was paid for.
    expect([lost.size > 0, unread]).toEqual([true, [expect.any(APIError)]]);
    expect([...answered]).toEqual([]);
    return;
  }
  if (lost.size > 0) expect(results.problems).not.toEqual([]);
  expect({ done, unread }).toEqual({ done: true, unread: [] });
  if (planned.maxActive > 0) expect(most).toBeLessThanOrEqual(planned.maxActive);
  const linesOf = async (name: string) =>
    (await textOf(folder.at(name)))
      .split("\n")
      .slice(0, -1)
      .map((line) => readResultLine(Buffer.from(line)));
  const output = await linesOf("output.jsonl");
  const errors = await linesOf("errors.jsonl");
  const completed = new Set(output.map(({ customId }) => customId));
  const failed = new Set(errors.map(({ customId }) => customId));
  const ids = written.requests.map(({ id }) => id);
  expect(output.every((line) => line.failure === undefined)).toBe(true);
  expect(errors.every((line) => line.failure !== undefined)).toBe(true);
  expect(output.map(({ customId }) => customId)).toEqual(ids.filter((id) => completed.has(id)));
  expect(errors.map(({ customId }) => customId)).toEqual(ids.filter((id) => failed.has(id)));
  expect(output.length + errors.length).toBe(ids.length);
  expect([...answered].filter((id) => !completed.has(id))).toEqual([]);
  expect(results.counts).toEqual({
    total: ids.length,
    completed: output.length,
    failed: errors.length,
  });
  expect(results.failures.reduce((sum, { count }) => sum + count, 0)).toBe(errors.length);
  const inputs = planned.files.map((_, number) => `input-${number}.jsonl`);
  const failures = errors.length > 0 ? ["errors.jsonl"] : [];
  expect(await folder.list()).toEqual([...failures, ...inputs, "output.jsonl"]);
}

/** `ROUND_TRIPS=1000` plays more. */
const roundTrips = Number(process.env["ROUND_TRIPS"] ?? 8);

test("whatever the outcomes and faults, every request ends in exactly one file, in order, and no answer is lost", async () => {
  await fc.assert(fc.asyncProperty(plan, play), { numRuns: roundTrips });
}, 3_600_000);
