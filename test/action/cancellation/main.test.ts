import { describe, expect, it } from "vitest";

import { cancelOnSignal, cancelOrDeadline, latest } from "../../../src/action/cancellation/main.ts";
import { githubContext } from "../../../src/action/github/context.ts";
import { noReporter } from "../../../src/action/github/status-reporter.ts";
import { createNarrator } from "../../../src/action/narrate.ts";
import type { Step } from "../../../src/action/operation.ts";
import { reportOf } from "../../../src/action/outputs.ts";
import { createState } from "../../../src/action/state.ts";
import type { CancelOn } from "../../../src/batch/rules.ts";
import { type Account, openAccount } from "../../support/account.ts";
import { batchOf } from "../batch.ts";
import { recordingToolkit } from "../toolkit.ts";

const second = 1_000;
const endless = { phases: { validating: 0, inProgress: Infinity, cancelling: Infinity } };
const refused = { kind: "status", status: 503, headers: { "retry-after": "1" } } as const;
const statuses = ({ simulator }: Account) => simulator.batches.map(({ status }) => status);

/** A step of an account, and what it has said. */
async function openStep(signal: AbortSignal = new AbortController().signal) {
  const account = await openAccount(endless);
  const { toolkit, said } = recordingToolkit();
  const state = createState(toolkit.saveState);
  const github = githubContext({});
  const { client, clock } = account;
  const shared = { toolkit, state, github, reporter: noReporter };
  const narrator = createNarrator({ ...shared, now: () => clock.now() });
  const step: Step = { ...shared, client, api: undefined, narrator, signal };
  return { account, step, said, [Symbol.asyncDispose]: () => account[Symbol.asyncDispose]() };
}

const outcome = { report: reportOf([batchOf()]), failure: "As it was." };

describe("when the runner signals the step", () => {
  async function signalled(
    { account, step }: Awaited<ReturnType<typeof openStep>>,
    cancelOn: readonly CancelOn[] = ["cancelled"],
  ) {
    const started = account.clock.now();
    const ended = await cancelOnSignal(step, cancelOn, () => account.client, outcome);
    return { ended, took: account.clock.now() - started };
  }

  it("nothing is said or done where nothing is open", async () => {
    await using opened = await openStep();
    opened.step.state.batch("batch_1", { open: false });
    expect((await signalled(opened)).ended).toBe(outcome);
    expect(opened.account.simulator.calls).toEqual([]);
  });

  it("what is open is cancelled, and the step fails for the signal", async () => {
    await using opened = await openStep();
    const { account, step, said } = opened;
    const batches = [await account.submit(), await account.submit()];
    step.narrator.follow(batches.map(({ id }) => id));
    const { ended } = await signalled(opened);
    expect(statuses(account)).toEqual(["cancelling", "cancelling"]);
    expect(ended.failure).toBe("The step was interrupted.");
    expect(ended.report.batches.map(({ status }) => status)).toEqual(["cancelling", "cancelling"]);
    expect(said.join("\n")).toContain("the step was interrupted.");
  });

  it("what `cancel-on` keeps is left, and named", async () => {
    await using opened = await openStep();
    const { account, step } = opened;
    const batches = [await account.submit(), await account.submit()];
    step.narrator.follow(batches.map(({ id }) => id));
    const { ended } = await signalled(opened, ["never"]);
    expect(statuses(account)).toEqual(["in_progress", "in_progress"]);
    const ids = batches.map(({ id }) => id);
    expect(ended.failure).toBe(
      `The step was interrupted. Not cancelled, because \`cancel-on\` is \`never\`: ${ids.join(", ")}.`,
    );
    expect(ended.report.ids).toEqual(ids);
  });

  it("what cannot be cancelled within 3.5 seconds is left to the post step", async () => {
    await using opened = await openStep();
    const { account, step } = opened;
    const { id } = await account.submit();
    step.narrator.follow([id]);
    account.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault: refused });
    const { ended, took } = await signalled(opened);
    expect(ended.failure).toMatch(
      new RegExp(
        `^The step was interrupted\\.\\n${id} could not be cancelled yet; the post step tries again\\. .*before the deadline`,
        "s",
      ),
    );
    expect(took).toBeGreaterThan(2 * second);
    expect(took).toBeLessThanOrEqual(3.5 * second);
  });
});

describe("`operation: cancel`", () => {
  it("keeps on for half an hour at the pace of the server", async () => {
    await using opened = await openStep();
    const { account, step, said } = opened;
    const { id } = await account.submit();
    const slow = { ...refused, headers: { "retry-after": "60" } };
    account.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault: slow });
    const started = account.clock.now();
    const { failures } = await cancelOrDeadline(step, [id]);
    const took = account.clock.now() - started;
    expect([...failures.keys()]).toEqual([id]);
    expect(took).toBeGreaterThan(28 * 60 * second);
    expect(took).toBeLessThanOrEqual(30 * 60 * second);
    expect(said.join("\n")).toContain(", because `operation` is `cancel`.");
  });

  it("goes on for five seconds after a signal: all the more is it to be cancelled", async () => {
    const controller = new AbortController();
    await using opened = await openStep(controller.signal);
    const { account, step } = opened;
    const { id } = await account.submit();
    const fault = { ...refused, headers: { "retry-after": "2" } };
    account.simulator.addFault({ path: "/batches/*/cancel", times: 2, fault });
    controller.abort(new Error("stop"));
    const { batches } = await cancelOrDeadline(step, [id]);
    expect(batches.map(({ status }) => status)).toEqual(["cancelling"]);
  });

  it("ends then", async () => {
    const controller = new AbortController();
    await using opened = await openStep(controller.signal);
    const { account, step } = opened;
    const { id } = await account.submit();
    account.simulator.addFault({ path: "/batches/*/cancel", times: Infinity, fault: refused });
    const reason = new Error("stop");
    const started = account.clock.now();
    controller.abort(reason);
    await expect(cancelOrDeadline(step, [id])).rejects.toBe(reason);
    expect(account.clock.now() - started).toBe(5 * second);
  });
});

it("of each batch the newest is told, in the order of the ids", () => {
  const [a, b] = [batchOf({ id: "a" }), batchOf({ id: "b" })];
  const newer = batchOf({ id: "a", status: "cancelled" });
  expect(latest(["b", "a", "none"], [a, b], [newer])).toEqual([b, newer]);
  expect(latest([], [a])).toEqual([]);
});
