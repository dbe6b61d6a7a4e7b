import { describe, expect, it } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import { decideBesideStranger, decideOtherSplit } from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

const endpoint = "/v1/responses";

describe("beside a batch of the same requests in another split", () => {
  it.each<[Batch["status"], boolean, "stop" | "create"]>([
    ["in_progress", false, "stop"],
    ["completed", false, "stop"],
    ["cancelling", false, "stop"],
    ["cancelled", false, "create"],
    ["cancelled", true, "stop"],
    ["expired", false, "create"],
    ["expired", true, "stop"],
    ["failed", false, "create"],
    ["failed", true, "create"],
  ])("that is %s (part wanted: %s): %s", (status, part, decision) => {
    const decided = decideOtherSplit(batchOf({ id: "batch_1", status }), part);
    expect(decided.decision).toBe(decision);
    expect(decided.why).toContain("batch_1");
  });
});

describe("beside a batch that shows no metadata", () => {
  const stranger = (of: string) => batchOf({ id: "batch_1", status: "in_progress", endpoint: of });
  it.each<[string, Batch, "same" | "other" | "unknown", "stop" | "create"]>([
    ["it is of the same requests for the same endpoint", stranger(endpoint), "same", "stop"],
    ["it does not tell its endpoint", stranger(""), "same", "stop"],
    ["it is for another endpoint", stranger("/v1/embeddings"), "same", "create"],
    ["it is of other requests", stranger(endpoint), "other", "create"],
    ["its file is not shown", stranger(endpoint), "unknown", "stop"],
    ["its file is not shown, for another endpoint", stranger("/v1/files"), "unknown", "create"],
  ])("%s", (_name, batch, file, decision) => {
    const decided = decideBesideStranger(batch, { endpoint, part: false }, file);
    expect(decided.decision).toBe(decision);
    expect(decided.why).toContain("batch_1");
  });

  it.each([
    [true, "stop"],
    [false, "create"],
  ])("that has ended early, whose answers are wanted (%s): %s", (part, decision) => {
    const expired = { ...stranger(endpoint), status: "expired" } as const;
    expect(decideBesideStranger(expired, { endpoint, part }, "same").decision).toBe(decision);
  });

  it.each([
    ["same", "was made of the same requests;"],
    ["some", "was made of some of the same requests;"],
    ["unknown", "was made of a file that the server does not show;"],
  ] as const)("says what its file holds: %s", (file, words) => {
    const decided = decideBesideStranger(stranger(endpoint), { endpoint, part: false }, file);
    expect(decided).toMatchObject({
      decision: "stop",
      why: expect.stringContaining(words) as string,
    });
  });

  it("says whose answers are not wanted", () => {
    const expired = { ...stranger(endpoint), status: "expired" } as const;
    expect(decideBesideStranger(expired, { endpoint, part: false }, "same").why).toBe(
      "batch_1 has ended, and its answers are not wanted",
    );
  });
});
