import { describe, expect, it } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import type { KnownBatch, Provenance } from "../../../src/batch/knowledge.ts";
import {
  type AfterRound,
  decideRetryRound,
  isTakenInPart,
  wasCancelledMeanwhile,
} from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

/** A batch that this job holds; its status may be one that the reference does not know. */
function knownOf(status: string, takenAs: string, provenance: Provenance = "created"): KnownBatch {
  const batch = batchOf({ status: status as Batch["status"] }); // The wire holds any text.
  return { batch, provenance, takenAs, requests: undefined, round: 0 };
}

describe("after a round", () => {
  const usual: AfterRound = { round: 1, rounds: 2, resendable: 3, cancelled: undefined };
  const cancelled = batchOf({ id: "b", status: "cancelled" });
  const used = "every retry round was used";
  const none = "no request is left to be sent again";
  const unwanted = "no retry round is wanted";
  const stays = "b was cancelled, so it stays cancelled";
  const transient = "they failed for a transient reason";

  it.each<[string, Partial<AfterRound>, string, string]>([
    ["the first of two goes", {}, "resend", transient],
    ["the second of two goes", { round: 2 }, "resend", transient],
    ["there is no third of two", { round: 3 }, "end", used],
    ["the only one goes", { rounds: 1 }, "resend", transient],
    ["one request is enough", { resendable: 1 }, "resend", transient],
    ["nothing is left", { resendable: 0 }, "end", none],
    ["nothing is left and none is wanted", { resendable: 0, rounds: 0 }, "end", none],
    ["nothing is left of what was cancelled", { resendable: 0, cancelled }, "end", none],
    ["none is wanted", { rounds: 0 }, "end", unwanted],
    ["none is wanted of what was cancelled", { rounds: 0, cancelled }, "end", unwanted],
    ["what was cancelled stays so", { cancelled }, "end", stays],
    ["also behind the last round", { cancelled, round: 3 }, "end", stays],
  ])("%s", (_, known, decision, why) => {
    expect(decideRetryRound({ ...usual, ...known })).toEqual({ decision, why });
  });
});

describe("a batch was cancelled meanwhile", () => {
  it.each<[string, string, boolean]>([
    ["cancelled", "in_progress", true],
    ["cancelling", "in_progress", true],
    ["cancelled", "validating", true],
    ["cancelled", "cancelling", false],
    ["cancelled", "cancelled", false],
    ["cancelling", "cancelling", false],
    ["completed", "in_progress", false],
    ["completed", "cancelling", false],
    ["expired", "in_progress", false],
    ["failed", "in_progress", false],
  ])("when it is %s and was %s: %s", (status, takenAs, meanwhile) => {
    expect(wasCancelledMeanwhile(knownOf(status, takenAs))).toBe(meanwhile);
  });
});

describe("a batch was taken for the answers that it has", () => {
  it.each<[Provenance, string, string, boolean]>([
    ["adopted", "expired", "expired", true],
    ["adopted", "cancelled", "cancelled", true],
    ["adopted", "expired", "in_progress", false],
    ["adopted", "cancelled", "cancelling", false],
    ["adopted", "completed", "completed", false],
    ["adopted", "failed", "failed", false],
    ["created", "expired", "expired", false],
    ["given", "expired", "expired", false],
  ])("when it was %s, is %s and was %s: %s", (provenance, status, takenAs, inPart) => {
    expect(isTakenInPart(knownOf(status, takenAs, provenance))).toBe(inPart);
  });
});
