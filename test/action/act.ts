import { runStep } from "../../src/action/step.ts";
import { intervalsFor, type Job, KEY } from "../e2e/job.ts";
import { recordingToolkit, type RecordingToolkit } from "./toolkit.ts";

/** Runs a step in this process against a job's account. */
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
  await runStep(recorded.toolkit, env);
  return recorded;
}
