import { describe, expect, it, test } from "vitest";

import type { Batch } from "../../../src/api/types.ts";
import type { Provenance } from "../../../src/batch/knowledge.ts";
import {
  type CancelOn,
  decideCancel,
  decideCancelAfterJob,
  decideCancelAtTimeout,
  decideCancelLost,
  decideCancelOnSignal,
  isAboutToEnd,
  type JobEnd,
  wasCancelled,
} from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

/** A batch in a status that the reference may not know. */
function batchIn(status: string): Batch {
  return batchOf({ status: status as Batch["status"] }); // The wire holds any text.
}

const cancel = "cancel";
const leave = "leave";
const running = ["validating", "in_progress", "finalizing", "on_hold"];
const ended = ["completed", "failed", "expired", "cancelled"];

describe("a cancel", () => {
  it.each(running)("goes out for a batch that is %s", (status) => {
    expect(decideCancel(batchIn(status))).toEqual({ decision: cancel, why: `it is ${status}` });
  });

  it.each(ended)("would do harm to a batch that is %s", (status) => {
    const why = `it has ended: ${status}`;
    expect(decideCancel(batchIn(status))).toEqual({ decision: leave, why });
  });

  it("is not repeated", () => {
    const why = "it is being cancelled already";
    expect(decideCancel(batchIn("cancelling"))).toEqual({ decision: leave, why });
  });
});

describe("when the runner signals the step", () => {
  const never = "`cancel-on` is `never`";
  const unknown = "`cancel-on` is `failure`, and only the post step knows how the job ended";
  const interrupted = "the step was interrupted";

  it.each<[readonly CancelOn[], string, string]>([
    [["never"], leave, never],
    [["never", "cancelled"], leave, never],
    [["cancelled"], cancel, interrupted],
    [["failure", "cancelled"], cancel, interrupted],
    [["failure"], leave, unknown],
    [[], leave, unknown],
  ])("with cancel-on %j it is: %s, because %s", (cancelOn, decision, why) => {
    expect(decideCancelOnSignal(cancelOn)).toEqual({ decision, why });
  });
});

describe("in the post step", () => {
  const usual: JobEnd = {
    cancelWanted: false,
    interrupted: false,
    jobStatus: "success",
    cancelOn: ["cancelled"],
  };
  const both: readonly CancelOn[] = ["cancelled", "failure"];
  const never: readonly CancelOn[] = ["never"];
  const failure: readonly CancelOn[] = ["failure"];
  const wanted = "the step was to cancel what had not ended";
  const isNever = "`cancel-on` is `never`";
  const left = "the step's timeout was not to cancel it";
  const interrupted = "the step was interrupted";
  const is = (status: string) => `the job's status is ${status}`;

  it.each<[string, Partial<JobEnd>, boolean, string, string]>([
    ["a success leaves it", {}, false, leave, is("success")],
    ["a success leaves what the timeout left", {}, true, leave, is("success")],
    ["a success leaves it with both", { cancelOn: both }, false, leave, is("success")],
    ["a cancelled workflow cancels it", { jobStatus: "cancelled" }, false, cancel, is("cancelled")],
    ["also what the timeout left", { jobStatus: "cancelled" }, true, cancel, is("cancelled")],
    [
      "not with failure alone",
      { jobStatus: "cancelled", cancelOn: failure },
      false,
      leave,
      is("cancelled"),
    ],
    ["not with never", { jobStatus: "cancelled", cancelOn: never }, false, leave, isNever],
    ["a failure leaves it by default", { jobStatus: "failure" }, false, leave, is("failure")],
    [
      "and cancels it with failure",
      { jobStatus: "failure", cancelOn: both },
      false,
      cancel,
      is("failure"),
    ],
    ["but not what the timeout left", { jobStatus: "failure", cancelOn: both }, true, leave, left],
    [
      "except when the step was interrupted besides",
      { jobStatus: "failure", cancelOn: both, interrupted: true },
      true,
      cancel,
      is("failure"),
    ],
    ["what the step meant to cancel is", { cancelWanted: true }, false, cancel, wanted],
    ["whatever cancel-on says", { cancelWanted: true, cancelOn: never }, false, cancel, wanted],
    ["but not what was left on purpose", { cancelWanted: true }, true, leave, is("success")],
    ["nor with never", { cancelWanted: true, cancelOn: never }, true, leave, isNever],
    ["an interrupted step cancels it", { interrupted: true }, false, cancel, interrupted],
    [
      "in a job that failed, too",
      { interrupted: true, jobStatus: "failure" },
      false,
      cancel,
      interrupted,
    ],
    [
      "also what the timeout left",
      { interrupted: true, jobStatus: "failure" },
      true,
      cancel,
      interrupted,
    ],
    [
      "not with failure alone",
      { interrupted: true, cancelOn: failure },
      false,
      leave,
      is("success"),
    ],
    ["not with never", { interrupted: true, cancelOn: never }, false, leave, isNever],
    ["a status that nobody tells leaves it", { jobStatus: "" }, false, leave, is("not known")],
    ["also with both", { jobStatus: "", cancelOn: both }, false, leave, is("not known")],
    [
      "an interrupted step does not",
      { jobStatus: "", interrupted: true },
      false,
      cancel,
      interrupted,
    ],
    [
      "with failure alone it does",
      { jobStatus: "", interrupted: true, cancelOn: failure },
      false,
      leave,
      is("not known"),
    ],
  ])("%s", (_, fields, leftByTimeout, decision, why) => {
    expect(decideCancelAfterJob({ ...usual, ...fields }, leftByTimeout)).toEqual({ decision, why });
  });

  it("a status by the name of never cancels nothing", () => {
    const end: JobEnd = { ...usual, jobStatus: "never", cancelOn: never };
    expect(decideCancelAfterJob(end, false)).toEqual({ decision: leave, why: isNever });
  });
});

describe("of a create whose answer was lost, in the post step,", () => {
  const end: JobEnd = {
    cancelWanted: false,
    interrupted: false,
    jobStatus: "success",
    cancelOn: ["cancelled"],
  };

  it("an extra batch is cancelled however the job ended", () => {
    expect(decideCancelLost(end, true)).toEqual({
      decision: cancel,
      why: "a create whose answer was lost made it beside another",
    });
  });

  it.each(["success", "cancelled"])("the only one is treated as any other: %s", (jobStatus) => {
    const known = { ...end, jobStatus };
    expect(decideCancelLost(known, false)).toEqual(decideCancelAfterJob(known, false));
  });
});

describe("at a timeout that cancels", () => {
  const up = "the time was up";
  const foreign = "it was adopted from another run, which may still wait for it";

  it.each<[Provenance, boolean, string, string]>([
    ["created", false, cancel, up],
    ["created", true, cancel, up],
    ["given", false, cancel, up],
    ["given", true, cancel, up],
    ["adopted", true, cancel, up],
    ["adopted", false, leave, foreign],
  ])(
    "what was %s (of the same owner: %s) is: %s, because %s",
    (provenance, sameOwner, decision, why) => {
      const known = { batch: batchIn("in_progress"), provenance };
      expect(decideCancelAtTimeout(known, sameOwner)).toEqual({ decision, why });
    },
  );

  it.each([...ended, "cancelling"])("what is %s is left as any cancel would leave it", (status) => {
    for (const provenance of ["created", "adopted"] as const) {
      const known = { batch: batchIn(status), provenance };
      expect(decideCancelAtTimeout(known, false)).toEqual(decideCancel(known.batch));
      expect(decideCancelAtTimeout(known, true).decision).toBe(leave);
    }
  });
});

test.each([
  ["cancelling", true],
  ["in_progress", false],
  ["cancelled", true],
  ["completed", false],
  ["failed", false],
  ["expired", false],
] as const)(
  "a cancel that is answered with %s has cancelled the batch: %s",
  (status, cancelled) => {
    expect(wasCancelled({ status })).toBe(cancelled);
  },
);

it.each(["validating", "in_progress", "finalizing", "completed", "cancelling"] as const)(
  "only a batch whose results are being put together is about to end: %s",
  (status) => {
    expect(isAboutToEnd({ status })).toBe(status === "finalizing");
  },
);
