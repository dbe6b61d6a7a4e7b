import { createClient } from "../../src/action/client.ts";
import { type Connections, runStep } from "../../src/action/step.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { intervalsFor, type Job, KEY } from "../e2e/job.ts";
import { recordingToolkit, type RecordingToolkit } from "./toolkit.ts";

/**
 * Runs a step in this process against a job's account. One with a timeout has a clock that only its pauses
 * move: its calls take no time, so that it reaches its timeout while it waits, on a slow machine too.
 */
export async function act(
  job: Pick<Job, "simulator">,
  inputs: Readonly<Record<string, string | undefined>>,
  env: Readonly<Record<string, string>> = {},
): Promise<RecordingToolkit> {
  const recorded = recordingToolkit({
    "api-key": KEY,
    "base-url": job.simulator.url,
    ...intervalsFor(inputs, "0.01s", "0.02s"),
    ...inputs,
  });
  const connections = inputs["timeout"] === undefined ? {} : onVirtualClock();
  await runStep(recorded.toolkit, env, undefined, connections);
  return recorded;
}

function onVirtualClock(): Connections {
  const clock = virtualClock(Date.now());
  return {
    connect: (connection, toolkit, other) => createClient(connection, toolkit, other, clock),
  };
}
