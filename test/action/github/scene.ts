import { join } from "node:path";
import type { SimulatorOptions } from "../../../src/simulator/index.ts";
import { type Job, openJob } from "../../e2e/job.ts";
import { chats, jsonl } from "../../e2e/requests.ts";
import { type FakeGitHub, fakeGitHub, type FakeGitHubOptions } from "../../support/github.ts";
import { settleHeld } from "../../../src/action/github/settle.ts";
import { act } from "../act.ts";
import { recordingToolkit, type RecordingToolkit } from "../toolkit.ts";

export const token = "ghs_0123456789abcdefghijklmnopqrstuvwxyz";
export const commit = "ffac537e6cbbf934b08745a378932722df287a53";
/** Of the run that acts. */
export const runId = 1_234_567_890;

/** For batches that have ended as soon as they are made. */
export const atOnce = { phases: { validating: 0, inProgress: 0, finalizing: 0 } };

/** A job in a workflow of a repository on a GitHub of its own. */
export interface Scene extends AsyncDisposable {
  readonly job: Job;
  readonly github: FakeGitHub;
  readonly env: Readonly<Record<string, string>>;
  readonly act: (
    inputs: Readonly<Record<string, string | undefined>>,
    env?: Readonly<Record<string, string>>,
  ) => Promise<RecordingToolkit>;
  /** The end of the job of a step of this operation: what the post step does about its claims. */
  readonly endJob: (
    step: RecordingToolkit,
    jobStatus?: string,
    inputs?: Readonly<Record<string, string>>,
  ) => Promise<RecordingToolkit>;
  readonly requestFile: (requests?: number) => string;
  /** A batch as this repository has made it, for this commit unless another is named. */
  readonly submit: (metadata?: Readonly<Record<string, string>>) => Promise<string>;
  /** `state description` of what GitHub shows of the commit, oldest first. */
  readonly shown: (of?: string) => readonly string[];
  readonly path: (name: string) => string;
}

export async function openScene(
  options: SimulatorOptions = {},
  gitHubOptions: FakeGitHubOptions = {},
): Promise<Scene> {
  const job = await openJob(options);
  const github = await fakeGitHub(gitHubOptions);
  const env = {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: "octocat/hello-world",
    GITHUB_RUN_ID: String(runId),
    GITHUB_SHA: commit,
    GITHUB_REF: "refs/heads/main",
    GITHUB_WORKFLOW_REF: "octocat/hello-world/.github/workflows/batch.yml@refs/heads/main",
  };
  const path = (name: string) => join(job.workspace, name);
  return {
    job,
    github,
    env,
    path,
    act: (inputs, more) => act(job, { "github-token": token, ...inputs }, { ...env, ...more }),
    async endJob(step, jobStatus = "success", inputs = { operation: "collect" }) {
      const given = { "github-token": token, "job-status": jobStatus, ...inputs };
      const post = recordingToolkit(given);
      await settleHeld({ ...post.toolkit, getState: step.toolkit.getState }, env);
      return post;
    },
    requestFile: (requests = 3) => path(job.write("requests.jsonl", jsonl(chats(requests)))),
    submit: (metadata) =>
      job.submit({
        metadata: {
          github_repository: "octocat/hello-world",
          creation_id: `${commit}/0b54c1d2`,
          ...metadata,
        },
      }),
    shown: (of = commit) =>
      github.statusesOf(of).map(({ state, description }) => `${state} ${description ?? ""}`),
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
    },
  };
}

export function warningsOf({ said }: Pick<RecordingToolkit, "said">): readonly string[] {
  return said.filter((line) => line.startsWith("warning: "));
}
