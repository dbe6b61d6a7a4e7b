import { join } from "node:path";

import { expect, it } from "vitest";

import { cleanUp } from "../../src/action/cleanup.ts";
import { openJob } from "../e2e/job.ts";
import { chats, jsonl } from "../e2e/requests.ts";
import { act } from "./act.ts";

/** The second batch is created and its answer lost, while the first is followed until the timeout. */
it.each([
  ["cancelled", ["cancelling", "cancelling"]],
  // The timeout has left the first one running on purpose; the second one nobody knows.
  ["failure", ["in_progress", "cancelling"]],
])(
  "a create whose answer was lost is not forgotten when the job ends as %s",
  async (end, after) => {
    await using job = await openJob({ phases: { inProgress: 600_000, cancelling: 600_000 } });
    const file = job.write("requests.jsonl", jsonl(chats(2)));
    job.simulator.addFault({
      method: "POST",
      path: "/batches",
      skip: 1,
      fault: { kind: "status-after", status: 500 },
    });
    job.simulator.addFault({
      method: "GET",
      path: "/batches",
      skip: 1,
      times: Infinity,
      fault: { kind: "status", status: 500 },
    });
    const recorded = await act(job, {
      operation: "run",
      "input-file": join(job.workspace, file),
      "max-requests-per-batch": "1",
      "max-retries": "0",
      timeout: "3s",
      "cancel-on": "failure, cancelled",
      "job-status": end,
    });
    expect(job.simulator.batches).toHaveLength(2);
    expect(recorded.outputs["batch-id"]).toBe(job.simulator.batches[0]?.id);

    job.simulator.clearFaults();
    await cleanUp(recorded.toolkit, {});
    expect(job.simulator.batches.map(({ status }) => status)).toEqual(after);
  },
);
