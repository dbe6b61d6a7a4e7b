import { cleanUp } from "../../src/action/cleanup.ts";
import { settleHeld } from "../../src/action/github/settle.ts";
import { runStep } from "../../src/action/step.ts";
import { BatchClient } from "../../src/index.ts";
import type { Simulator } from "../../src/simulator/index.ts";
import { recordingToolkit } from "../action/toolkit.ts";
import { type Account, KEY, openAccount } from "../support/account.ts";
import { type FakeGitHub, fakeGitHub } from "../support/github.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";

export const minute = 60_000;
export const hour = 60 * minute;

/** What a job costs beside its step: the runner's start, the checkout, the clean-up. */
const overhead = 20_000;

const repository = "owner/repository";
const workflow = "batch.yml";
const token = "ghs_0123456789-of-nobody";

/** Hosted runners and GitHub on virtual time, and a server that takes 24 hours for a batch. */
export interface Runners extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly github: FakeGitHub;
  /** Runs a job of one step, its post step included, and returns the step's outputs. */
  readonly job: (inputs: Inputs) => Promise<Readonly<Record<string, string>>>;
  /** Milliseconds in which a runner was held. */
  readonly held: () => number;
  /** What GitHub bills: the minutes of each job, rounded up. */
  readonly billed: () => number;
}

type Inputs = Readonly<Record<string, string>>;

/** Just the completion window. */
export const batchTime = 24 * hour;

export async function openRunners(): Promise<Runners> {
  const account: Account = await openAccount({
    phases: {
      validating: 10 * minute,
      inProgress: batchTime - 20 * minute,
      finalizing: 10 * minute,
    },
  });
  const { clock, simulator } = account;
  const github = await fakeGitHub({ repository, workflow, token, now: () => clock.now() });
  let held = 0;
  let billed = 0;
  let run = 4710;
  const connect = () =>
    new BatchClient({ apiKey: KEY, baseURL: simulator.url, clock, timeout: 5_000 });
  return {
    clock,
    simulator,
    github,
    async job(inputs) {
      run += 1;
      const env = {
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: repository,
        GITHUB_WORKFLOW_REF: `${repository}/.github/workflows/${workflow}@refs/heads/main`,
        GITHUB_REF: "refs/heads/main",
        GITHUB_SHA: "ffac537e6cbbf934b08745a378932722df287a53",
        GITHUB_RUN_ID: String(run),
        GITHUB_RUN_ATTEMPT: "1",
      };
      const start = clock.now();
      clock.advance(overhead);
      const { toolkit, failures, outputs } = recordingToolkit({
        "api-key": KEY,
        "base-url": simulator.url,
        "github-token": token,
        "job-status": "success",
        ...inputs,
      });
      await runStep(toolkit, env, undefined, { connect });
      await cleanUp(toolkit, env, connect);
      await settleHeld(toolkit, env, { clock });
      if (failures.length > 0) throw new Error(failures.join("\n"));
      const took = clock.now() - start;
      if (took > 6 * hour) throw new Error("A hosted job may take six hours.");
      held += took;
      billed += Math.ceil(took / minute);
      return outputs;
    },
    held: () => held,
    billed: () => billed,
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]();
      await account[Symbol.asyncDispose]();
    },
  };
}
