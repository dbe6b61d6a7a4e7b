import { describe, expect, it } from "vitest";
import { cleanUp } from "../../src/action/cleanup.ts";
import { createState, type StateWriter } from "../../src/action/state.ts";
import type { Batch } from "../../src/api/types.ts";
import { type CancelOn, decideCancelAfterJob, type JobEnd } from "../../src/batch/rules.ts";
import type { SimulatorOptions } from "../../src/simulator/index.ts";
import { type Account, ENDPOINT, KEY, openAccount, paramsFor } from "../support/account.ts";
import { fakeGitHub } from "../support/github.ts";
import { virtualClock } from "../support/virtual-clock.ts";
import { recordingToolkit } from "./toolkit.ts";

const idle = { cancelWanted: false, interrupted: false };
const left = true;

describe("whether post cancels", () => {
  it.each<[string, Partial<JobEnd>, string, readonly CancelOn[], boolean, boolean?]>([
    ["not when main ended and the job went well", {}, "success", ["cancelled"], false],
    ["when the job was cancelled", {}, "cancelled", ["cancelled"], true],
    ["not when the job failed and only a cancel counts", {}, "failure", ["cancelled"], false],
    ["when the job failed and that counts", {}, "failure", ["failure"], true],
    ["not when the job was cancelled and only failure counts", {}, "cancelled", ["failure"], false],
    [
      "not when main was signalled, the job was cancelled and only failure counts",
      { interrupted: true },
      "cancelled",
      ["failure"],
      false,
    ],
    ["when main was signalled", { interrupted: true }, "failure", ["cancelled"], true],
    ["not when main was signalled and never is never", { interrupted: true }, "", ["never"], false],
    ["not for an unknown job status", {}, "", ["cancelled", "failure"], false],
    ["when main meant to", { cancelWanted: true }, "success", ["never"], true],
    ["not what main meant to leave", { cancelWanted: true }, "success", ["never"], false, left],
    ["not what the timeout left, for the failure of it", {}, "failure", ["failure"], false, left],
    [
      "what the timeout left when the workflow was cancelled",
      {},
      "cancelled",
      ["cancelled"],
      true,
      left,
    ],
  ])("%s", (_, state, jobStatus, cancelOn, cancel, leftByTimeout = false) => {
    const decision = decideCancelAfterJob(
      { ...idle, ...state, jobStatus, cancelOn },
      leftByTimeout,
    );
    expect(decision.decision).toBe(cancel ? "cancel" : "leave");
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

/** Main has seen these batches, none of which had ended. */
function follow(state: StateWriter, batches: readonly Pick<Batch, "id">[]): void {
  for (const { id } of batches) state.batch(id, { open: true });
}

/** A batch as a create of this step has made it. */
async function createLost(account: Account, state: StateWriter): Promise<Batch> {
  state.creation({ ...creation, since: account.clock.now() });
  return createOwn(account);
}

async function createOwn(account: Account): Promise<Batch> {
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
    follow(state, batches.slice(0, 2));
    const { said } = await step.post();
    expect(statuses(account)).toEqual(["cancelling", "cancelling", "in_progress"]);
    for (const { id } of batches.slice(0, 2)) expect(said).toContain(`info: ${id}: cancelling`);
  });

  it("cancels the second batch although the first one cannot be, and warns of that one", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batch = await account.submit();
    follow(state, [{ id: "batch_none" }, batch]);
    const { said, failures } = await step.post();
    expect(statuses(account)).toEqual(["cancelling"]);
    expect(said).toMatch(/warning: batch_none could not be cancelled and may be running/);
    expect(failures).toEqual([]);
  });

  it("leaves what main has cancelled", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batch = await account.submit();
    state.batch(batch.id, { open: true, cancelled: true });
    const { calls, said } = await step.post();
    expect(calls).toEqual([]);
    expect(said).toContain(`the step itself has cancelled ${batch.id}`);
  });

  it("does not take a batch of another create of the same file for an extra one", async () => {
    const dialect = { batch: (batch: object) => ({ ...batch, metadata: null }) };
    await using step = await openPost({ dialect }, { "job-status": "success" });
    const { account, state } = step;
    const inputFileId = await account.upload();
    const create = async () => account.client.batches.create(paramsFor(inputFileId));
    const [first, again] = [await create(), await create()];
    state.creation({
      ...creation,
      since: account.clock.now(),
      inputFileId,
      sent: 2,
      keep: first.id,
    });
    state.batch(first.id, { open: false });
    state.batch(again.id, { open: true, left: true });
    await step.post();
    expect(statuses(account)).toEqual(["in_progress", "in_progress"]);
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
    state.creation({ ...creation, since: account.clock.now() });
    const { said } = await step.post();
    expect(statuses(account)).toEqual(["in_progress"]);
    expect(said).toMatch(
      /warning: A create was cut off.* not known: .*does not show it.* creation_id creation-1/,
    );
  });

  it("does not touch a lost batch that has finished", async () => {
    await using step = await openPost({ phases: { inProgress: 1 } });
    const { account, state } = step;
    await createLost(account, state);
    account.clock.advance(60_000);
    const { calls } = await step.post();
    expect(calls).toEqual(["GET /batches"]);
  });

  it("leaves a lost batch running where that is wanted, and names it: nobody else knows its id", async () => {
    await using step = await openPost({}, { "cancel-on": "never" });
    const { account, state } = step;
    const { id } = await createLost(account, state);
    const { said } = await step.post();
    expect(statuses(account)).toEqual(["in_progress"]);
    expect(said).toContain(`warning: Not cancelled, because \`cancel-on\` is \`never\`: ${id}.`);
  });

  it("looks for each create that was cut off", async () => {
    await using step = await openPost();
    const { account, state } = step;
    await createLost(account, state);
    const since = account.clock.now();
    await account.submit(1, { idempotency_key: "other", creation_id: "creation-2" });
    state.creation({ key: "other", creationId: "creation-2", since });
    await step.post();
    expect(statuses(account)).toEqual(["cancelling", "cancelling"]);
  });

  it.each([["success"], ["failure"]])(
    "always cancels the extra one of a create that was sent twice, here of a job with %s",
    async (jobStatus) => {
      await using step = await openPost({}, { "job-status": jobStatus, "cancel-on": "never" });
      const { account, state } = step;
      const since = account.clock.now();
      const keep = await createOwn(account);
      await createOwn(account);
      state.batch(keep.id, { open: true });
      state.creation({ ...creation, since, sent: 2, keep: keep.id });
      const { said } = await step.post();
      expect(statuses(account)).toEqual(["in_progress", "cancelling"]);
      expect(said).toContain("whose answer was lost made it beside another");
    },
  );

  it("leaves what the timeout left running, although the job failed for it", async () => {
    await using step = await openPost({}, { "job-status": "failure", "cancel-on": "failure" });
    const { account, state } = step;
    const [kept, open] = [await account.submit(), await account.submit()];
    state.batch(kept.id, { open: true, left: true });
    state.batch(open.id, { open: true });
    const { said } = await step.post();
    expect(statuses(account)).toEqual(["in_progress", "cancelling"]);
    expect(said).toContain(
      `Not cancelled, because the step's timeout was not to cancel it: ${kept.id}.`,
    );
  });

  it("cancels on a server that takes one call a second, however long that takes", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batches = await Promise.all(Array.from({ length: 12 }, () => account.submit()));
    follow(state, batches);
    const fault = { kind: "status", status: 429, headers: { "retry-after": "1" } } as const;
    account.simulator.addFault({ method: "POST", times: 30, fault });
    const { said } = await step.post();
    expect(new Set(statuses(account))).toEqual(new Set(["cancelling"]));
    expect(said).not.toContain("warning");
  });

  it("gives up a list that fails, within its own time, and names what to look for", async () => {
    await using step = await openPost();
    const { account, state } = step;
    await createLost(account, state);
    const fault = { kind: "status", status: 503, headers: { "retry-after": "3" } } as const;
    account.simulator.addFault({ times: Infinity, fault });
    const { took, said, failures } = await step.post();
    expect(took).toBeLessThanOrEqual(240_000);
    expect(said).toMatch(/warning: .*creation_id creation-1/);
    expect(failures).toEqual([]);
  });

  it("gives up a cancel that fails, within its own time", async () => {
    await using step = await openPost();
    const { account, state } = step;
    follow(state, [await account.submit()]);
    const fault = { kind: "status", status: 503, headers: { "retry-after": "4" } } as const;
    account.simulator.addFault({ times: Infinity, fault });
    const { took, said, failures } = await step.post();
    expect(took).toBeLessThanOrEqual(240_000);
    expect(said).toMatch(/warning: batch_\w+ could not be cancelled/);
    expect(failures).toEqual([]);
  });

  it("asks with calls that give up after five seconds: all of it has four minutes", async () => {
    const recorded = recordingToolkit({ "api-key": KEY, "job-status": "cancelled" });
    createState(recorded.toolkit.saveState).batch("batch_1", {});
    await using account = await openAccount(endless);
    const asked: object[] = [];
    await cleanUp(recorded.toolkit, {}, (connection) => {
      asked.push(connection);
      return account.client;
    });
    expect(asked).toMatchObject([{ apiKey: KEY, requestTimeout: 5_000 }]);
  });

  it("uses its four minutes where the server asks for that", async () => {
    await using step = await openPost();
    const { account, state } = step;
    follow(state, [await account.submit()]);
    const fault = { kind: "status", status: 503, headers: { "retry-after": "4" } } as const;
    account.simulator.addFault({ times: Infinity, fault });
    expect((await step.post()).took).toBeGreaterThan(230_000);
  });

  it("says of each reason once which batches are left for it", async () => {
    await using step = await openPost({}, { "job-status": "success" });
    const { account, state } = step;
    const batches = [await account.submit(), await account.submit()];
    follow(state, batches);
    const { said } = await step.post();
    const ids = batches.map(({ id }) => id).join(", ");
    expect(said).toBe(`info: Not cancelled, because the job's status is success: ${ids}.`);
  });

  it("says it once also where the step's timeout has left one of them running", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batches = [await account.submit(), await account.submit()];
    follow(state, batches);
    state.batch(batches[0]?.id ?? "", { open: true, left: true });
    const { said } = await step.post();
    const ids = batches.map(({ id }) => id).join(", ");
    expect(said).toContain(`info: Cancelling ${ids}, because the job's status is cancelled.`);
  });

  it("names several batches apart", async () => {
    await using step = await openPost();
    const { account, state } = step;
    const batches = [await account.submit(), await account.submit()];
    follow(state, batches);
    const { said } = await step.post();
    const ids = batches.map(({ id }) => id).join(", ");
    expect(said).toContain(`info: Cancelling ${ids}, because the job's status is cancelled.`);
    expect(said).not.toContain("warning");
  });

  it.each([[undefined], ["keep"]])(
    "says that a second batch of a create that was sent twice may run, where the list shows one (%s)",
    async (kept) => {
      await using step = await openPost({ phases: { inProgress: 1 } });
      const { account, state } = step;
      const since = account.clock.now();
      const { id } = await createOwn(account);
      account.clock.advance(60_000);
      state.creation({ ...creation, since, sent: 2, keep: kept && id });
      const { said, took } = await step.post();
      expect(said).toContain(`The list of batches shows ${id}; whether another batch of it runs`);
      expect(said).toContain("creation_id creation-1");
      expect(took).toBeGreaterThanOrEqual(30_000);
    },
  );

  it("says nothing of a create whose batch has ended", async () => {
    await using step = await openPost(
      { phases: { inProgress: 1 } },
      { "cancel-on": "never", "job-status": "success" },
    );
    const { account, state } = step;
    await createLost(account, state);
    account.clock.advance(60_000);
    expect((await step.post()).said).toBe("");
  });

  it("says why a list did not show what became of a create", async () => {
    await using step = await openPost();
    const { account, state } = step;
    state.creation({ ...creation, since: account.clock.now() });
    const fault = { kind: "status", status: 403 } as const;
    account.simulator.addFault({ method: "GET", times: Infinity, fault });
    const { said } = await step.post();
    expect(said).toContain("is not known: the list of batches could not be read: ");
    expect(said).not.toContain("does not show it");
  });

  it("leaves what has ended, and says nothing of it", async () => {
    await using step = await openPost();
    step.state.batch("batch_1", { open: false });
    step.state.batch("batch_2", { open: false, cancelled: true });
    const { calls, said } = await step.post();
    expect(calls).toEqual([]);
    expect(said).toBe("info: Nothing to clean up: the step itself has cancelled batch_2.");
  });

  it("says that nothing is left where nothing is", async () => {
    await using step = await openPost();
    const { said } = await step.post();
    expect(said).toBe("info: Nothing to clean up: the step left no unfinished batch.");
  });

  it("warns and does not fail where the state or the inputs are beyond reading", async () => {
    for (const given of [{ "cancel-on": "sometimes" }, { "base-url": "ftp://nowhere" }]) {
      const recorded = recordingToolkit({ "api-key": KEY, ...given });
      createState(recorded.toolkit.saveState).batch("batch_1", {});
      await cleanUp(recorded.toolkit, {});
      expect(recorded.said.join("\n")).toMatch(/warning: The clean-up could not be done/);
      expect(recorded.failures).toEqual([]);
    }
    const torn = recordingToolkit();
    torn.toolkit.saveState("batch_0", '{"id":"batch_');
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
    follow(step.state, [batch]);
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
    expect(said).toContain(`Cancelling ${step.id}, because`);
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
    follow(step.state, [await step.account.submit()]);
    await step.post();
    expect(step.github.statusesOf(commit)).toMatchObject([
      { state: "failure", context: "nightly" },
    ]);
  });

  it("turns it for what main has cancelled after a signal", async () => {
    await using step = await openPostOnGitHub(followed);
    const batch = await step.account.client.batches.cancel((await step.account.submit()).id);
    step.state.batch(batch.id, { open: true, cancelled: true });
    step.state.interrupted();
    const { failures } = await step.post();
    expect(failures).toEqual([]);
    expect(step.github.statusesOf(commit)).toMatchObject([{ state: "failure" }]);
  });

  it("does not wait longer than two seconds to see what main has cancelled", async () => {
    await using step = await openPostOnGitHub(followed);
    const batch = await step.account.client.batches.cancel((await step.account.submit()).id);
    step.state.batch(batch.id, { open: true, cancelled: true });
    step.state.interrupted();
    const fault = { kind: "status", status: 503, headers: { "retry-after": "1" } } as const;
    step.account.simulator.addFault({ method: "GET", times: Infinity, fault });
    const { took, failures } = await step.post();
    expect(took).toBeLessThanOrEqual(2_000);
    expect(took).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  });

  it("leaves what main has cancelled without a signal: main has shown that", async () => {
    await using step = await openPostOnGitHub(followed);
    step.state.batch("batch_1", { open: true, cancelled: true });
    const { calls } = await step.post();
    expect(calls).toEqual([]);
    expect(step.github.requests).toEqual([]);
  });

  it("does not call GitHub where nothing was cancelled", async () => {
    await using step = await openPostOnGitHub(followed);
    await step.post();
    expect(step.github.requests).toEqual([]);
  });
});
