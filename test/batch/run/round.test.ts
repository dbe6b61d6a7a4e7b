import { describe, expect, it } from "vitest";

import { type RoundOptions, runRound } from "../../../src/batch/run/round.ts";
import type { Fault } from "../../../src/simulator/index.ts";
import {
  type Account,
  ENDPOINT,
  openAccount,
  rejectionOf,
  requestLine,
  textSource,
} from "../../support/account.ts";
import { eventLog, on } from "../../support/events.ts";

const minute = 60_000;
const phases = { validating: 0, inProgress: 10 * minute, finalizing: 0 };
const lost: Fault = { kind: "status-after", status: 500 };

async function round(account: Account, parts: number, options: Partial<RoundOptions> = {}) {
  const made = Array.from({ length: parts }, (_, index) => ({
    key: `job/${index + 1}`,
    input: textSource(`${requestLine(`r${index + 1}`)}\n`, `requests-${index + 1}.jsonl`),
    requests: 1,
  }));
  return runRound(account.client, made, {
    endpoint: ENDPOINT,
    maxActive: 0,
    before: [],
    pollInterval: minute,
    ...options,
  });
}

const failCreate = ({ simulator }: Account, skip: number) =>
  simulator.addFault({ method: "POST", path: "/batches", skip, fault: lost });

describe("a round whose batches cannot be followed", () => {
  it("stops with the server's refusal, and keeps what it has seen", async () => {
    await using account = await openAccount({ phases });
    account.clock.at(account.clock.now() + 2 * minute, () => {
      const fault = { kind: "status", status: 401 } as const;
      account.simulator.addFault({ method: "GET", times: Infinity, fault });
    });
    const { end, failure, known, lost: gone } = await round(account, 2);
    expect([end, failure?.status, gone.size]).toEqual(["stopped", 401, 0]);
    expect(known.map((one) => one?.batch.status)).toEqual(["in_progress", "in_progress"]);
  });

  it("names the one that is gone, and follows the others to their end", async () => {
    await using account = await openAccount({ phases });
    account.clock.at(account.clock.now() + 2 * minute, () => {
      account.simulator.remove(account.simulator.batches[0]?.id ?? "none");
    });
    const { end, failure, known, lost: gone } = await round(account, 2);
    expect([end, failure]).toEqual(["ended", undefined]);
    expect([...gone].map(([id, { status }]) => [id, status])).toEqual([[known[0]?.batch.id, 404]]);
    expect(known[1]?.batch.status).toBe("completed");
  });
});

describe("a batch whose create was lost", () => {
  it("is taken on as this round's own when the list shows it, and told so", async () => {
    await using account = await openAccount({ phases, listLag: 5 * minute });
    failCreate(account, 1);
    const { onEvent, of } = eventLog();
    const { known, unknown } = await round(account, 2, { maxRetries: 0, round: 2, onEvent });
    const [, late] = account.simulator.batches;
    const told = { provenance: "created", takenAs: "completed", requests: undefined, round: 2 };
    expect(of("created").at(-1)).toMatchObject({ part: 1, found: true, known: told });
    expect(of("created").at(-1)?.known.batch.id).toBe(late?.id);
    expect(known[1]).toMatchObject({ ...told, batch: { id: late?.id } });
    expect(unknown.size).toBe(0);
    expect(
      of("polled")
        .at(-1)
        ?.batches.map(({ status }) => status),
    ).toEqual(["completed", "completed"]);
  });

  it("is looked for without a listener as well, and in the first round by default", async () => {
    await using account = await openAccount({ phases, listLag: 5 * minute });
    failCreate(account, 1);
    const { known } = await round(account, 2, { maxRetries: 0 });
    expect(known[1]).toMatchObject({ provenance: "created", round: 0 });
  });

  it("that still runs when it is found is followed to its end", async () => {
    await using account = await openAccount({ phases, listLag: 5 * minute });
    // The first part's batch is adopted as one that has ended, so that the round has little to wait for.
    await round(account, 1);
    account.clock.advance(6 * minute);
    failCreate(account, 0);
    const { onEvent, of } = eventLog();
    const { known, unknown } = await round(account, 2, {
      maxRetries: 0,
      onEvent: (event) => {
        onEvent(event);
        // By then the list shows it.
        if (event.type === "outcome-unknown") account.clock.advance(5 * minute);
      },
    });
    expect(of("created").map(({ found }) => found)).toEqual([true]);
    expect(known.map((one) => one?.batch.status)).toEqual(["completed", "completed"]);
    expect(unknown.size).toBe(0);
  });

  it("has its second batch cancelled when it was sent twice and both answers were lost", async () => {
    await using account = await openAccount({ phases, listLag: 5 * minute });
    const lostTwice = { method: "POST", path: "/batches", skip: 1, times: 2, fault: lost };
    account.simulator.addFault(lostTwice);
    const { onEvent, of } = eventLog();
    const { known } = await round(account, 2, { onEvent });
    const [, kept, extra] = account.simulator.batches;
    expect(known[1]?.batch.id).toBe(kept?.id);
    expect(of("extra-found").map(({ batch }) => batch.id)).toEqual([extra?.id]);
    expect(extra?.status).toMatch(/^cancel/);
    expect(of("created").at(-1)?.creation.keep).toBe(kept?.id);
    expect(of("settled").at(-1)?.creation.keep).toBe(kept?.id);
  });

  it("is not looked for any more at the deadline: it stays unknown", async () => {
    await using account = await openAccount({ phases, listLag: 5 * minute });
    failCreate(account, 1);
    const deadline = account.clock.now() + 4 * minute;
    const { end, known, unknown } = await round(account, 2, { maxRetries: 0, deadline });
    expect(end).toBe("timed out");
    expect([known[1], unknown]).toEqual([undefined, new Set([1])]);
  });

  it("is looked for no longer than until the signal", async () => {
    await using account = await openAccount({ phases, listLag: Infinity });
    failCreate(account, 1);
    const controller = new AbortController();
    const reason = new Error("stop");
    const running = round(account, 2, {
      maxRetries: 0,
      signal: controller.signal,
      onEvent: on("polled", ({ batches }) => {
        if (batches[0]?.status === "completed") controller.abort(reason);
      }),
    });
    expect(await rejectionOf(running)).toBe(reason);
  });
});
