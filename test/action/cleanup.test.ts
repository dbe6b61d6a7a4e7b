import { describe, expect, it } from "vitest";
import { cleanUp, decideCleanup } from "../../src/action/cleanup.ts";
import type { CancelOn } from "../../src/action/inputs.ts";
import { createState, type StateWriter, type StepState } from "../../src/action/state.ts";
import type { Batch } from "../../src/api/types.ts";
import type { SimulatorOptions } from "../../src/simulator/index.ts";
import { type Account, ENDPOINT, KEY, openAccount } from "../support/account.ts";
import { recordingToolkit } from "./toolkit.ts";

const idle: StepState = {
  creation: undefined,
  unfinished: ["batch_1"],
  cancelled: [],
  handOver: undefined,
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
async function openPost(options: SimulatorOptions = {}) {
  const account = await openAccount({ ...endless, ...options });
  const inputs = { "api-key": KEY, "base-url": account.simulator.url, "job-status": "cancelled" };
  const recorded = recordingToolkit(inputs);
  const state = createState(recorded.toolkit.saveState);
  const post = async () => {
    const before = account.simulator.calls.length;
    const started = account.clock.now();
    await cleanUp(recorded.toolkit, {}, () => account.client);
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
