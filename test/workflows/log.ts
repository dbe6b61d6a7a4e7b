/** What act tells of a run, read from its log. */
export interface RunLog {
  /** Every leg of every job that began and ended, by the job's id. */
  readonly jobs: Readonly<Record<string, readonly JobResult[]>>;
  /** The steps that ran, in order. */
  readonly steps: readonly StepEnd[];
  /** The last value of each output of a step. */
  readonly outputs: (job: string, step: string) => Readonly<Record<string, string>>;
  /** What the steps of a job printed, a line each. */
  readonly printed: (job: string) => readonly string[];
  /** Everything that act shows, a line each. */
  readonly shown: readonly string[];
}

export type JobResult = "success" | "failure";

export interface StepEnd {
  readonly job: string;
  /** The step's id, or its number. */
  readonly id: string;
  readonly stage: "Main" | "Post";
  readonly result: string;
}

/** A line of `act --json`: what is not on every line is optional. */
interface Entry {
  readonly msg: string;
  readonly jobID?: string;
  readonly jobResult?: JobResult;
  readonly stepID?: readonly string[];
  readonly stage?: string;
  readonly stepResult?: string;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly raw_output?: boolean;
}

export function readLog(text: string): RunLog {
  const entries = text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    // act writes lines of this form; the tests look at what is in them.
    .map((line) => JSON.parse(line) as Entry);
  const jobs: Record<string, JobResult[]> = {};
  const steps: StepEnd[] = [];
  for (const { jobID: job, jobResult, stage, stepResult, stepID } of entries) {
    if (job === undefined) continue;
    if (jobResult !== undefined) (jobs[job] ??= []).push(jobResult);
    if (stepResult !== undefined && (stage === "Main" || stage === "Post")) {
      steps.push({ job, id: stepID?.join("/") ?? "", stage, result: stepResult });
    }
  }
  return {
    jobs,
    steps,
    outputs: (job, step) =>
      Object.fromEntries(
        entries
          .filter(({ command, jobID, stepID }) => {
            return command === "set-output" && jobID === job && stepID?.join("/") === step;
          })
          .map(({ name = "", arg = "" }) => [name, arg]),
      ),
    printed: (job) =>
      entries
        .filter(({ jobID, raw_output: printed }) => jobID === job && printed === true)
        .map(({ msg }) => msg.trimEnd()),
    shown: entries.map(({ msg }) => msg),
  };
}
