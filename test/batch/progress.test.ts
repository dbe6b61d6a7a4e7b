import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { describeBatch, progressLine, timeLeft } from "../../src/batch/progress.ts";
import { createProgressTeller } from "../../src/batch/progress/teller.ts";
import { waitForBatches } from "../../src/batch/wait.ts";
import { terminalProgress } from "../../src/batch/progress/terminal.ts";
import type { Batch, BatchEvent } from "../../src/index.ts";
import { batchOf } from "../action/batch.ts";
import { openAccount } from "../support/account.ts";
import { on } from "../support/events.ts";
import { virtualClock } from "../support/virtual-clock.ts";

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;

function running(completed: number, failed = 0, total = 120, fields: Partial<Batch> = {}): Batch {
  return batchOf({
    status: "in_progress",
    in_progress_at: start / 1000,
    request_counts: { total, completed, failed },
    ...fields,
  });
}

function polled(batches: readonly Batch[]): BatchEvent {
  return { type: "polled", batches };
}

function without(batch: Batch, field: "in_progress_at" | "request_counts"): Batch {
  const rest = { ...batch };
  Reflect.deleteProperty(rest, field);
  return rest;
}

describe("a line about a batch", () => {
  it("has its id, its status and what is known of its requests", () => {
    expect(describeBatch(batchOf({ status: "validating" }))).toBe("batch_1: validating");
    expect(describeBatch(running(2, 1, 4))).toBe(
      "batch_1: in_progress, 3 of 4 requests done, 1 failed",
    );
  });
});

describe("the line of progress", () => {
  it("has status, bar, counts, failures, the time and what is left", () => {
    expect(progressLine([running(48, 2)], start + 12 * minute, start - minute)).toBe(
      "batch_1: in_progress ████████░░░░░░░░░░░░ 41%, 50 of 120 requests done, 2 failed (after 13 min, about 17 min left)",
    );
  });

  it("has neither bar nor estimate where nothing is known", () => {
    const batch = batchOf({ status: "validating" });
    expect(progressLine([batch], start + minute, start)).toBe("batch_1: validating (after 1 min)");
  });

  it("sums up many batches, the worst first", () => {
    const many = [
      running(1_000, 0, 50_000),
      running(0, 0, 0, { id: "batch_2", status: "validating" }),
      batchOf({ status: "failed" }),
      batchOf({ request_counts: { total: 50_000, completed: 49_000, failed: 1_000 } }),
    ];
    expect(progressLine(many, start + minute, start)).toBe(
      "4 batches: 1 failed, 1 validating, 1 in_progress, 1 completed ██████████░░░░░░░░░░ 51%, 51,000 of 100,000 requests done, 1,000 failed (after 1 min)",
    );
  });

  it.each([
    [57_000, "55 s"],
    [20 * minute + 20_000, "20 min"],
    [200 * minute, "3 h 20 min"],
    [47 * 60 * minute, "1 d 23 h"],
  ])("estimates no closer than one can: %i ms are %s", (left, text) => {
    expect(progressLine([running(60)], start + left, start)).toContain(`about ${text} left`);
  });

  it("leaves out id and bar where there is little room", () => {
    const line = progressLine([running(48, 2)], start + 12 * minute, start, 100);
    expect(line).toBe(
      "in_progress 41%, 50 of 120 requests done, 2 failed (after 12 min, about 17 min left)",
    );
  });

  it("is never longer than full, whatever a server counts", () => {
    expect(progressLine([running(500, 0, 4)], start, start)).toContain("████████████████████ 100%");
  });

  it("names statuses that nobody has told us of", () => {
    // Servers do send others than the reference knows.
    const strange = { ...batchOf(), status: "dreaming" as Batch["status"] };
    expect(progressLine([strange, batchOf()], start, start)).toContain("1 completed, 1 dreaming");
  });
});

describe("what is left", () => {
  const now = start + 10 * minute;

  it("goes by how fast requests were done so far", () => {
    expect(timeLeft([running(60)], now)).toBe(10 * minute);
    expect(timeLeft([running(20, 20)], now)).toBe(20 * minute);
  });

  it("of several batches is that of the slowest, ended ones aside", () => {
    expect(timeLeft([running(60), running(40), batchOf()], now)).toBe(20 * minute);
  });

  it.each<[string, Batch]>([
    ["nothing is done yet", running(0)],
    ["all is done", running(120)],
    ["it has not begun", running(0, 0, 0, { status: "validating" })],
    ["it is being put together", running(119, 0, 120, { status: "finalizing" })],
    ["the server names no time", without(running(60), "in_progress_at")],
    ["the server names no counts", without(running(60), "request_counts")],
    ["it has only just begun", running(60, 0, 120, { in_progress_at: now / 1000 - 1 })],
    ["the server's clock is ahead of ours", running(60, 0, 120, { in_progress_at: now })],
    ["it has ended", batchOf()],
  ])("is not guessed when %s", (_, batch) => {
    expect(timeLeft([batch], now)).toBeUndefined();
    expect(progressLine([batch], now, start)).not.toContain("left");
  });

  it("is not guessed for all when one of them cannot be told", () => {
    expect(timeLeft([running(60), running(0)], now)).toBeUndefined();
  });
});

describe("what is said while waiting", () => {
  /** Looks every minute, and gives the minutes after which something was said. */
  function minutesSaid(hours: number, at: (minute: number) => readonly Batch[]): number[] {
    let now = start;
    const tell = createProgressTeller(() => now);
    const said: number[] = [];
    for (let passed = 0; passed <= hours * 60; passed += 1) {
      now = start + passed * minute;
      if (tell(at(passed)).lines.length > 0) said.push(passed);
    }
    return said;
  }

  it("comes at growing distance while nothing changes", () => {
    const still = [batchOf({ status: "validating" })];
    expect(minutesSaid(3, () => still)).toEqual([0, 1, 3, 8, 18, 33, 63, 93, 123, 153]);
  });

  it("comes at once when a status changes or a first request fails, and for every tenth", () => {
    const of = (passed: number) => {
      if (passed === 2) return [running(1)];
      if (passed === 4) return [running(1, 1)];
      if (passed === 5) return [running(2, 1)];
      if (passed === 6) return [running(30, 1)];
      return [batchOf({ status: passed < 2 ? "validating" : "in_progress" })];
    };
    let now = start;
    const tell = createProgressTeller(() => now);
    const lines = [0, 2, 4, 5, 6].map((passed) => {
      now = start + passed * 1_000;
      return tell(of(passed)).lines.length;
    });
    expect(lines).toEqual([1, 1, 1, 0, 1]);
  });

  it("is not much for a batch of a day whose counts change at every look", () => {
    const said = minutesSaid(24, (passed) => [running(passed, 0, 24 * 60)]);
    expect(said.length).toBeLessThan(70);
  });

  it("is one summed line and a few of those that changed, however many batches there are", () => {
    let now = start;
    const tell = createProgressTeller(() => now);
    const states = Array.from({ length: 2_000 }, (_, index) =>
      batchOf({ id: `batch_${index}`, status: "validating" }),
    );
    const first = tell(states);
    expect(first.lines).toEqual(["2,000 batches: 2,000 validating (after 0 s)"]);
    expect(first.details).toHaveLength(200);
    for (let tick = 0; tick < 10; tick += 1) {
      now += minute;
      const changed = states.map((batch, index) =>
        index % 10 === tick ? { ...batch, status: "in_progress" as const } : batch,
      );
      const { lines, details } = tell(changed);
      expect(lines.length).toBeLessThanOrEqual(7);
      expect(lines.at(-1)).toContain("2,000 batches: 1,800 validating, 200 in_progress");
      expect(lines.at(-2)).toMatch(/more batches changed\.$/);
      expect(details).toEqual([]);
    }
  });

  it("is nothing before there is a batch", () => {
    expect(createProgressTeller(() => start)([]).lines).toEqual([]);
  });

  it("covers a whole wait in a few lines", async () => {
    const hour = 60 * minute;
    await using account = await openAccount({
      phases: { validating: hour, inProgress: 6 * hour, finalizing: minute },
    });
    const batch = await account.submit(100);
    const lines: string[] = [];
    const tell = createProgressTeller(() => account.clock.now());
    await waitForBatches(account.client, [batch.id], {
      onEvent: on("polled", ({ batches }) => lines.push(...tell(batches).lines)),
    });
    expect(lines[0]).toContain(": validating (after 0 s)");
    expect(lines.some((line) => / 5\d%.*about .* left/.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(/: completed █{20} 100%, 100 of 100 requests done \(after 7 h/);
    expect(lines.length).toBeLessThan(40);
  });
});

describe("progress in a terminal", () => {
  function screen(terminal: { readonly isTTY?: boolean; readonly columns?: number }) {
    const clock = virtualClock(start);
    const stream = Object.assign(new PassThrough(), terminal);
    const progress = terminalProgress({ stream, now: () => clock.now() });
    return { clock, progress, text: () => String(stream.read() ?? "") };
  }

  it("is one line that is written over, and stays when it is over", () => {
    const { clock, progress, text } = screen({ isTTY: true, columns: 200 });
    progress.onEvent(polled([]));
    progress.onEvent(polled([batchOf({ status: "validating" })]));
    clock.advance(minute);
    progress.onEvent(polled([running(60)]));
    progress.end();
    progress.end();
    const lines = text().split("\u001B[1G");
    expect(lines[1]).toMatch(/^batch_1: validating \(after 0 s\)/);
    expect(lines[2]).toMatch(/^batch_1: in_progress █{10}░{10} 50%.*about 1 min left\)\n$/);
    expect(lines.slice(0, 2).join("")).not.toContain("\n");
  });

  it("never wraps", () => {
    const { progress, text } = screen({ isTTY: true, columns: 40 });
    progress.onEvent(polled([running(60)]));
    const shown = text().split("\u001B[1G")[1] ?? "";
    expect(shown).toHaveLength(39);
    expect(shown).toMatch(/…$/);
  });

  it("cannot be steered by a server's text", () => {
    const { progress, text } = screen({ isTTY: true });
    progress.onEvent(polled([batchOf({ id: "\u001B[2Jbatch\r\n_1\u0007" })]));
    expect(text().split("\u001B[1G")[1]).toMatch(/^batch _1 ?: completed/);
  });

  it("is plain lines where there is no terminal, and only when something changed", () => {
    const { clock, progress, text } = screen({});
    progress.onEvent(polled([batchOf({ status: "validating" })]));
    clock.advance(1_000);
    progress.onEvent(polled([batchOf({ status: "validating" })]));
    progress.onEvent(polled([batchOf()]));
    progress.end();
    expect(text()).toBe("batch_1: validating (after 0 s)\nbatch_1: completed (after 1 s)\n");
  });
});
