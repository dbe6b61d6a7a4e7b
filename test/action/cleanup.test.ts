import { describe, expect, it } from "vitest";
import { cleanUp, decideCleanup } from "../../src/action/cleanup.ts";
import type { CancelOn } from "../../src/action/inputs.ts";
import { createState, type StateWriter, type StepState } from "../../src/action/state.ts";
import type { Batch } from "../../src/api/types.ts";
import type { SimulatorOptions } from "../../src/simulator/index.ts";
import { type Account, ENDPOINT, KEY, openAccount } from "../support/account.ts";
import { fakeGitHub } from "../support/github.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { recordingToolkit } from "./toolkit.ts";

const idle: StepState = {
  creation: undefined,
  unfinished: ["batch_1"],
  cancelled: [],
  handOver: undefined,
  held: [],
  cancelWanted: false,
  interrupted: false,
  ended: true,
};

describe("whether post cancels", () => {
  it.each<[string, Partial<StepState>, string, readonly CancelOn[], boolean]>([
    ["not when main ended and the job went well", {}, "success", ["cancelled"], false],
    ["when the job was cancelled", {}, "cancelled", ["cancelled"], true],
    ["not when the job failed and only a cancel counts", {}, "failure", ["cancelled"], false],
    ["when the job failed and that counts", {}, "failure", ["failure"], true],
    ["not when the job was cancelled and only failure counts", {}, "cancelled", ["failure"], false],
    ["when main was signalled", { interrupted: true }, "failure", ["cancelled"], true],
    ["when main was killed", { ended: false }, "failure", ["cancelled"], true],
    [
      "not when main was killed and never is never",
      { ended: false },
      "cancelled",
      ["never"],
      false,
    ],
    ["not for an unknown job status", {}, "", ["cancelled", "failure"], false],
    ["when main meant to", { cancelWanted: true }, "success", ["never"], true],
  ])("%s", (_, state, jobStatus, cancelOn, cancel) => {
    const decision = decideCleanup({ ...idle, ...state }, jobStatus, cancelOn);
    expect(decision.cancel).toBe(cancel);
    expect(decision.why).not.toBe("");
  });
});

const endless = { phases: { validating: 0, inProgress: Infinity, cancelling: Infinity } };

/** An account, and a post step after a main that has written some state. */
async function openPost(
  options: SimulatorOptions = {},
  given: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
) {
  const account = await openAccount({ ...endless, ...options });
  const inputs = {
    "api-key": KEY,
    "base-url": account.simulator.url,
    "job-status": "cancelled",
    ...given,
  };
  const recorded = recordingToolkit(inputs);
  const state = createState(recorded.toolkit.saveState);
  const post = async () => {
    const before = account.simulator.calls.length;
    const started = account.clock.now();
    await cleanUp(recorded.toolkit, env, () => account.client);
    return {
      calls: account.simulator.calls
        .slice(before)
        .map(({ method, path }) => `${method} ${path.replace("/v1", "")}`),
      took: account.clock.now() - started,
      said: recorded.said.filter((line) => !line.startsWith("debug")).join("\n"),
      failures: recorded.failures,
    };
  };
  return { account, state, post, [Symbol.asyncDispose]: () => account[Symbol.asyncDispose]() };
}

const creation = { key: "nightly", creationId: "creation-1" };

/** A batch as a create of this step has made it. */
async function createLost(account: Account, state: StateWriter): Promise<Batch> {
  state.creating({ ...creation, since: account.clock.now() });
  return account.client.batches.create({
    input_file_id: await account.upload(),
    endpoint: ENDPOINT,
    completion_window: "24h",
    metadata: { idempotency_key: creation.key, creation_id: creation.creationId },
  });
}

const statuses = ({ simulator }: Account) => simulator.batches.map(({ status }) => status);

describe("post", () => {
  it("makes no call when nothing is open", async () => {
    await using step = await openPost();
    const { calls, said, failures } = await step.post();
    expect(calls).toEqual([]);
    expect(said).toMatch(/^info: Nothing to clean up/);
    expect(failures).toEqual([]);
  });

  it("cancels every batch that is open, and only those", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batches = [await account.submit(), await account.submit(), await account.submit()];
    state.batches(batches.slice(0, 2));
    const { said } = await step.post();
    expect(statuses(account)).toEqual(["cancelling", "cancelling", "in_progress"]);
    for (const { id } of batches.slice(0, 2)) expect(said).toContain(`info: Cancelled ${id}`);
  });

  it("cancels the second batch although the first one cannot be, and warns of that one", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batch = await account.submit();
    state.following(["batch_none", batch.id]);
    const { said, failures } = await step.post();
    expect(statuses(account)).toEqual(["cancelling"]);
    expect(said).toMatch(/warning: batch_none could not be cancelled and may be running/);
    expect(failures).toEqual([]);
  });

  it("leaves what main has cancelled", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batch = await account.submit();
    state.batches([batch]);
    state.cancelled([batch.id]);
    const { calls, said } = await step.post();
    expect(calls).toEqual([]);
    expect(said).toContain(`${batch.id} was cancelled by the step itself`);
  });

  it("finds a lost batch in a list that lags, and cancels it", async () => {
    await using step = await openPost({ listLag: 5_000 });
    const { account, state } = step;
    await createLost(account, state);
    const { took } = await step.post();
    expect(statuses(account)).toEqual(["cancelling"]);
    expect(took).toBeLessThan(10_000);
  });

  it("does not touch a batch of the same key that another create has made", async () => {
    await using step = await openPost();
    const { account, state } = step;
    await account.submit(1, { idempotency_key: creation.key, creation_id: "creation-2" });
    state.creating({ ...creation, since: account.clock.now() });
    const { said } = await step.post();
    expect(statuses(account)).toEqual(["in_progress"]);
    expect(said).toContain("no batch of it is there");
  });

  it("does not touch a lost batch that has finished", async () => {
    await using step = await openPost({ phases: { inProgress: 1 } });
    const { account, state } = step;
    await createLost(account, state);
    account.clock.advance(60_000);
    const { calls } = await step.post();
    expect(calls).toEqual(["GET /batches"]);
  });

  it("gives up a list that fails, within its own time, and names the key", async () => {
    await using step = await openPost();
    const { account, state } = step;
    await createLost(account, state);
    const fault = { kind: "status", status: 503, headers: { "retry-after": "3" } } as const;
    account.simulator.addFault({ times: Infinity, fault });
    const { took, said, failures } = await step.post();
    expect(took).toBeLessThanOrEqual(20_000);
    expect(said).toMatch(/warning: .*idempotency_key nightly/);
    expect(failures).toEqual([]);
  });

  it("gives up a cancel that fails, within its own time", async () => {
    await using step = await openPost();
    const { account, state } = step;
    state.batches([await account.submit()]);
    const fault = { kind: "status", status: 503, headers: { "retry-after": "4" } } as const;
    account.simulator.addFault({ times: Infinity, fault });
    const { took, said, failures } = await step.post();
    expect(took).toBeLessThanOrEqual(20_000);
    expect(said).toMatch(/warning: batch_\w+ could not be cancelled/);
    expect(failures).toEqual([]);
  });

  it("warns and does not fail where the state or the inputs are beyond reading", async () => {
    for (const given of [{ "cancel-on": "sometimes" }, { "base-url": "ftp://nowhere" }]) {
      const recorded = recordingToolkit({ "api-key": KEY, ...given });
      createState(recorded.toolkit.saveState).following(["batch_1"]);
      await cleanUp(recorded.toolkit, {});
      expect(recorded.said.join("\n")).toMatch(/warning: The clean-up could not be done/);
      expect(recorded.failures).toEqual([]);
    }
    const torn = recordingToolkit();
    torn.toolkit.saveState("unfinished", '["batch_');
    await cleanUp(torn.toolkit, {});
    expect(torn.said.join("\n")).toMatch(/warning: The clean-up could not be done/);
  });
});

const commit = "ffac537e6cbbf934b08745a378932722df287a53";

/** A post step in a workflow of a repository on a GitHub of its own. */
async function openPostOnGitHub(given: Readonly<Record<string, string>>) {
  const clock = virtualClock();
  const github = await fakeGitHub({ now: () => clock.now() });
  const env = {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: "octocat/hello-world",
    GITHUB_RUN_ID: "1000",
    GITHUB_SHA: commit,
    GITHUB_REF: "refs/heads/main",
    GITHUB_WORKFLOW_REF: "octocat/hello-world/.github/workflows/batch.yml@refs/heads/main",
  };
  const inputs = { "github-token": "ghs_0123456789abcdefghijklmnopqrstuvwxyz", ...given };
  const step = await openPost({}, inputs, env);
  return {
    ...step,
    github,
    async [Symbol.asyncDispose]() {
      await step[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
    },
  };
}

describe("post after a hand-over", () => {
  const dispatch = {
    operation: "wait",
    "on-timeout": "dispatch",
    "cancel-on": "failure, cancelled",
  };

  async function handedOver(answered: boolean) {
    const step = await openPostOnGitHub(dispatch);
    const batch = await step.account.submit();
    step.state.batches([batch]);
    step.state.handingOver({ ids: [batch.id], since: step.account.clock.now(), after: 1000 });
    if (answered) step.state.handedOver();
    return { ...step, id: batch.id };
  }

  it("leaves what another run waits for, however the job ends", async () => {
    await using step = await handedOver(true);
    const { calls, said } = await step.post();
    expect(calls).toEqual([]);
    expect(said).toContain(`another run of the workflow waits for ${step.id}`);
    expect(step.github.requests).toEqual([]);
  });

  it("leaves it too when main was killed before the answer and the run has started", async () => {
    await using step = await handedOver(false);
    step.github.addRun({
      id: 1001,
      html_url: "https://github.com/octocat/hello-world/actions/runs/1001",
      event: "workflow_dispatch",
      head_branch: "main",
      created_at: new Date(step.account.clock.now() + 1_000).toISOString(),
      display_title: `Batch ${step.id}`,
    });
    const { said } = await step.post();
    expect(statuses(step.account)).toEqual(["in_progress"]);
    expect(said).toContain("runs/1001");
  });

  it("cancels it when the run that has started may be somebody else's", async () => {
    await using step = await handedOver(false);
    step.github.addRun({
      id: 1001,
      html_url: "https://github.com/octocat/hello-world/actions/runs/1001",
      event: "workflow_dispatch",
      head_branch: "main",
      created_at: new Date(step.account.clock.now() + 1_000).toISOString(),
    });
    const { said } = await step.post();
    expect(statuses(step.account)).toEqual(["cancelling"]);
    expect(said).toMatch(/warning: Whether a run was started .* `run-name`/);
  });

  it("cancels it when no run has started", async () => {
    await using step = await handedOver(false);
    const { said } = await step.post();
    expect(statuses(step.account)).toEqual(["cancelling"]);
    expect(said).toContain(`Cancelled ${step.id}`);
  });

  it("cancels it, with a warning, when that cannot be found out", async () => {
    await using step = await handedOver(false);
    step.github.fail("list-runs", { status: 403, message: "No." });
    const { said, failures } = await step.post();
    expect(statuses(step.account)).toEqual(["cancelling"]);
    expect(said).toMatch(/warning: Whether a run was started .* `actions: read`/);
    expect(failures).toEqual([]);
  });
});

describe("post with a commit status", () => {
  const followed = { operation: "create", "commit-status": "nightly" };

  it("turns it for what it cancels", async () => {
    await using step = await openPostOnGitHub(followed);
    step.state.batches([await step.account.submit()]);
    await step.post();
    expect(step.github.statusesOf(commit)).toMatchObject([
      { state: "failure", context: "nightly" },
    ]);
  });

  it("turns it for what main has cancelled after a signal", async () => {
    await using step = await openPostOnGitHub(followed);
    const batch = await step.account.client.batches.cancel((await step.account.submit()).id);
    step.state.batches([batch]);
    step.state.cancelled([batch.id]);
    step.state.interrupted();
    const { failures } = await step.post();
    expect(failures).toEqual([]);
    expect(step.github.statusesOf(commit)).toMatchObject([{ state: "failure" }]);
  });

  it("does not call GitHub where nothing was cancelled", async () => {
    await using step = await openPostOnGitHub(followed);
    await step.post();
    expect(step.github.requests).toEqual([]);
  });
});
