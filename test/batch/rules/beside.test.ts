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

describe("beside a batch of the same file that shows no metadata", () => {
  const stranger = (of: string) => batchOf({ id: "batch_1", status: "in_progress", endpoint: of });
  it.each<[string, Batch | undefined, boolean, "stop" | "create"]>([
    ["there is none", undefined, false, "create"],
    ["it is for the same endpoint", stranger(endpoint), false, "stop"],
    ["it does not tell its endpoint", stranger(""), false, "stop"],
    ["it is for another endpoint", stranger("/v1/embeddings"), false, "create"],
    ["the file is this create's own", stranger(endpoint), true, "create"],
  ])("%s", (_name, batch, ownFile, decision) => {
    const decided = decideBesideStranger(batch, endpoint, ownFile);
    expect(decided.decision).toBe(decision);
    if (batch !== undefined && !ownFile) expect(decided.why).toContain("batch_1");
  });
});
