import { writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { cleanUp } from "../../../src/action/cleanup.ts";
import { runStep } from "../../../src/action/step.ts";
import { InterruptError } from "../../../src/action/runner/interrupt.ts";
import { ENDPOINT, KEY, openAccount, requestLines } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";
import { asSoonAs } from "../../support/until.ts";
import { act } from "../act.ts";
import { recordingToolkit } from "../toolkit.ts";

const endless = { phases: { validating: 0, inProgress: Infinity, cancelling: 0 } };

describe("a create that is refused after others", () => {
  it.each([
    ["create", {}],
    ["run", { timeout: "2s", "on-timeout": "cancel" }],
  ])("%s tells what was not sent", async (operation, more) => {
    const fault = { kind: "status", status: 403 } as const;
    await using account = await openAccount({
      ...endless,
      faults: [{ method: "POST", path: "/batches", skip: 1, fault }],
    });
    await using folder = await openFolder();
    await writeFile(folder.at("in.jsonl"), requestLines(6));
    const { failures, outputs } = await act(account, {
      operation,
      "input-file": folder.at("in.jsonl"),
      "max-requests-per-batch": "2",
      ...more,
    });
    expect(outputs).toMatchObject({ done: "false", conclusion: "pending" });
    expect(outputs).toMatchObject({ "batch-count": "1", "request-unsent": "4" });
    expect(failures.join("\n")).toContain("4 requests of the input were not sent");
  });
});

describe("`operation: cancel` that is interrupted", () => {
  it("names what it did not come to, and leaves it to the post step", async () => {
    await using account = await openAccount(endless);
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push((await account.submit(1)).id);
    const busy = { kind: "status", status: 429, headers: { "retry-after": "30" } } as const;
    const cancels = { method: "POST", path: "/batches/*/cancel" };
    const makeRoom = account.simulator.addFault({
      ...cancels,
      skip: 2,
      times: Infinity,
      fault: busy,
    });
    const recorded = recordingToolkit({
      ...{ operation: "cancel", "batch-id": ids.join(","), "job-status": "cancelled" },
      ...{ "api-key": KEY, "base-url": account.simulator.url },
    });
    const { toolkit, outputs, failures, said } = recorded;
    const interrupt = new AbortController();
    const isCancelled = ({ status }: { readonly status: string }) => status.startsWith("cancel");
    const running = () => account.simulator.batches.filter((batch) => !isCancelled(batch));
    asSoonAs(
      () => running().length === 4,
      () => {
        interrupt.abort(new InterruptError("The workflow was cancelled."));
      },
    );
    await runStep(toolkit, {}, interrupt.signal, { connect: () => account.client });
    expect(running()).toHaveLength(4);
    for (const { id } of running()) expect(failures.join("\n")).toContain(id);
    expect(outputs).toMatchObject({ "batch-id": ids.join(","), done: "false" });

    makeRoom();
    await cleanUp(toolkit, {}, () => account.client);
    expect(running()).toEqual([]);
    expect(said.filter((line) => line.startsWith("warning"))).toEqual([]);
  });

  it("leaves the post step nothing to do when it has come to its end", async () => {
    await using account = await openAccount(endless);
    const { id } = await account.submit(1);
    const { toolkit, said, failures } = await act(account, {
      operation: "cancel",
      "batch-id": `${id},batch_unknown`,
    });
    expect(failures).toHaveLength(1);
    await cleanUp(toolkit, {});
    expect(said.at(-1)).toContain("Nothing to clean up");
  });
});

describe("a create that was lost, and looked for until the time was up", () => {
  it.each([
    ["of files", "cancel", true],
    ["of files", "fail", false],
    ["of a file that is on the server", "cancel", true],
    ["of a file that is on the server", "fail", false],
  ])(
    "%s under %s: the post step does what the timeout asks (cancels: %s)",
    async (of, onTimeout, cancels) => {
      await using account = await openAccount({
        ...endless,
        listLag: 60_000,
        faults: [{ method: "POST", path: "/batches", fault: { kind: "drop-after" } }],
      });
      await using folder = await openFolder();
      await writeFile(folder.at("in.jsonl"), requestLines(2));
      const recorded = recordingToolkit({
        ...{ operation: "run", timeout: "10s", "on-timeout": onTimeout, "job-status": "failure" },
        ...(of === "of files"
          ? { "input-file": folder.at("in.jsonl") }
          : { "input-file-id": await account.upload(), endpoint: ENDPOINT }),
        ...{ "api-key": KEY, "base-url": account.simulator.url },
      });
      const { toolkit, failures, said } = recorded;
      const { signal } = new AbortController();
      await runStep(toolkit, {}, signal, { connect: () => account.client });
      expect(failures.join()).toContain("It is not known whether the batch");
      account.clock.advance(60_000);
      await cleanUp(toolkit, {}, () => account.client);
      const [batch] = account.simulator.batches;
      expect(batch?.status).toBe(cancels ? "cancelled" : "in_progress");
      expect(said.join("\n")).toContain(batch?.id);
    },
  );
});
