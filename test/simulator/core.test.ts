import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type BatchObject,
  Bytes,
  manualClock,
  SimulatorApiError,
  SimulatorCore,
} from "../../src/simulator/index.ts";
import { chats, ENDPOINT } from "./account.ts";

const TERMINAL = new Set(["completed", "failed", "expired", "cancelled"]);
const NEXT: Readonly<Record<string, readonly string[]>> = {
  validating: ["in_progress", "failed", "cancelling"],
  in_progress: ["finalizing", "cancelling"],
  finalizing: ["completed", "expired", "cancelling"],
  cancelling: ["cancelled"],
};

function mayFollow(before: string, after: string): boolean {
  return before === after || (NEXT[before] ?? []).some((next) => mayFollow(next, after));
}

function submit(core: SimulatorCore, requests: number): BatchObject {
  const text = chats(requests)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
  const file = core.createFile({ bytes: Bytes.from(text), filename: "a.jsonl", purpose: "batch" });
  return core.createBatch({ input_file_id: file.id, endpoint: ENDPOINT, completion_window: "24h" });
}

function customIds(core: SimulatorCore, fileId: string | null): readonly string[] {
  if (fileId === null) return [];
  const text = core.fileContent(fileId).text().trimEnd();
  // The core has written these lines itself.
  return text.split("\n").map((line) => (JSON.parse(line) as { custom_id: string }).custom_id);
}

const phase = fc.constantFrom(0, 1, 999, 1000, 60_000, 100_000_000);

test("whatever happens, a batch moves forward only and accounts for every request once", () => {
  fc.assert(
    fc.property(
      fc.record({
        phases: fc.record({
          validating: phase,
          inProgress: phase,
          finalizing: phase,
          cancelling: phase,
        }),
        outcome: fc.constantFrom("completed", "mixed", "all_failed", "failed", "expired"),
        shuffle: fc.boolean(),
        seed: fc.integer(),
      }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(
        fc.tuple(fc.nat({ max: 100_000 }), fc.constantFrom("look", "look", "list", "cancel")),
        {
          maxLength: 8,
        },
      ),
      (options, requests, steps) => {
        const clock = manualClock();
        const core = new SimulatorCore({ ...options, now: clock.now });
        let seen = submit(core, requests);
        for (const [ms, step] of [...steps, [1e9, "look"] as const, [1, "look"] as const]) {
          clock.advance(ms);
          if (step === "list") core.listBatches();
          if (step === "cancel") {
            try {
              core.cancelBatch(seen.id);
            } catch (error) {
              expect(error).toBeInstanceOf(SimulatorApiError);
            }
          }
          const now = core.retrieveBatch(seen.id);
          expect(mayFollow(seen.status, now.status)).toBe(true);
          if (TERMINAL.has(seen.status)) expect(now).toEqual(seen);
          seen = now;
        }
        expect(TERMINAL.has(seen.status)).toBe(true);
        const { total, completed, failed } = seen.request_counts;
        const output = customIds(core, seen.output_file_id);
        const errors = customIds(core, seen.error_file_id);
        const ran = seen.in_progress_at !== null;
        expect(total).toBe(ran ? requests : 0);
        expect(output).toHaveLength(completed);
        expect(errors).toHaveLength(total - completed);
        expect(failed).toBeLessThanOrEqual(errors.length);
        expect(new Set([...output, ...errors]).size).toBe(total);
        expect(core.files.length).toBe(1 + Number(output.length > 0) + Number(errors.length > 0));
      },
    ),
    { numRuns: 500 },
  );
});

test("the core works without any options, on the real clock", () => {
  const core = new SimulatorCore();
  const before = Math.floor(Date.now() / 1000);
  const batch = submit(core, 1);
  expect(batch.created_at).toBeGreaterThanOrEqual(before);
  expect(core.listBatches().data).toEqual([batch]);
  expect(core.listFiles().data).toHaveLength(1);
  expect(core.getFile(batch.input_file_id).filename).toBe("a.jsonl");
  expect(core.deleteFile(batch.input_file_id).deleted).toBe(true);
});

test("a manual clock moves forward only", () => {
  const clock = manualClock(5);
  clock.advance(2);
  expect(clock.now()).toBe(7);
  expect(() => {
    clock.advance(-1);
  }).toThrow(RangeError);
  expect(() => {
    clock.advance(Number.NaN);
  }).toThrow(RangeError);
});
