import { describe, expect, it } from "vitest";

import {
  batchKey,
  claimLife,
  type CommitStatus,
  type StatusEntry,
  entryUrl,
  historyOf,
  holderOf,
  ofName,
  readStatusEntry,
  stateOf,
} from "../../../src/action/github/record.ts";

const page = "https://github.com/octocat/hello-world/actions/runs/7";
/** What an entry says, and when. */
type Said = { readonly at?: number } & Partial<Omit<StatusEntry, "keys">> &
  Pick<StatusEntry, "phase"> & { readonly of: readonly string[] };

function url({ of, phase, claim, failed = false }: Said): string {
  return entryUrl(page, { phase, claim, failed, batchIds: of });
}

/** Statuses that say so, oldest first; by default a second apart. */
function saying(...entries: readonly Said[]): CommitStatus[] {
  return entries.map(({ at, ...entry }, index) => ({
    id: index + 1,
    state: "pending",
    name: "batch",
    targetUrl: url(entry),
    createdAt: at ?? index * 1_000,
  }));
}

describe("an entry of the record", () => {
  it("is the run's page, with what it says behind the #", () => {
    expect(url({ phase: "created", of: ["batch_1"] })).toBe(`${page}#batch=batch_1&phase=created`);
  });

  it.each<Said>([
    { phase: "created", of: ["batch_1"] },
    { phase: "collected", of: ["batches/a+b&c=d"], failed: true },
    { phase: "collecting", of: ["batch_1"], claim: "c1" },
    { phase: "ended", of: ["batch_1", "batch_2", "batch_3"] },
    { phase: "ended", of: ["x".repeat(3_000)] },
  ])("is read back ($phase of $of)", (said) => {
    const text = url(said);
    expect(text.length).toBeLessThan(page.length + 200);
    expect(readStatusEntry(text)).toEqual({
      phase: said.phase,
      keys: said.of.map(batchKey),
      failed: said.failed ?? false,
      claim: said.claim,
    });
  });

  it.each([
    "",
    page,
    `${page}#step:3:1`,
    `${page}#batch=batch_1`,
    `${page}#phase=created`,
    "#batch=&",
  ])("is not %j", (text) => {
    expect(readStatusEntry(text)).toBeUndefined();
  });
});

describe("the history of a commit", () => {
  const record = (statuses: readonly CommitStatus[], id: string) =>
    historyOf(statuses).get(batchKey(id));

  it("is read oldest first, of one name in whatever case, and past what others wrote", () => {
    const [first, second] = saying(
      { phase: "created", of: ["batch_1"] },
      { phase: "collected", of: ["batch_1"], failed: true },
    );
    if (first === undefined || second === undefined) throw new Error("There are two.");
    const mixed = [
      { ...second, name: "BATCH" },
      { ...second, id: 9, name: "other", targetUrl: url({ phase: "created", of: ["batch_9"] }) },
      { ...second, id: 8, targetUrl: "https://ci.example/#phase=created" },
      first,
    ];
    const mine = ofName(mixed, "batch");
    expect(mine.map(({ id }) => id)).toEqual([1, 2, 8]);
    expect([...historyOf(mine).keys()]).toEqual([batchKey("batch_1")]);
    expect(record(mine, "batch_1")).toMatchObject({ collected: true, failed: true });
  });

  it("shows a commit as pending until all of its batches have ended, then as the worst", () => {
    const entries: Said[] = [{ phase: "created", of: ["batch_1", "batch_2"] }];
    const state = () => stateOf(historyOf(saying(...entries)));
    expect(state()).toBe("pending");
    entries.push({ phase: "collected", of: ["batch_1"], failed: true });
    expect(state()).toBe("pending");
    entries.push({ phase: "ended", of: ["batch_2"] });
    expect(state()).toBe("failure");
    entries.push({ phase: "collected", of: ["batch_1"] });
    expect(state()).toBe("success");
  });

  it("does not take back what was collected when the batch is adopted again", () => {
    const statuses = saying(
      { phase: "created", of: ["batch_1"] },
      { phase: "collected", of: ["batch_1"] },
      { phase: "created", of: ["batch_1"] },
      { phase: "ended", of: ["batch_1"] },
    );
    expect(record(statuses, "batch_1")).toMatchObject({ collected: true, ended: true });
    expect(stateOf(historyOf(statuses))).toBe("success");
  });
});

describe("a claim", () => {
  const of = ["batch_1"];
  const holder = (now: number, ...entries: readonly Said[]) => {
    const found = historyOf(saying(...entries)).get(batchKey("batch_1"));
    return found === undefined ? "unseen" : holderOf(found, now);
  };

  it("is the oldest one's", () => {
    const two = [
      { phase: "created", of },
      { phase: "collecting", of, claim: "a" },
      { phase: "collecting", of, claim: "b" },
    ] as const;
    expect(holder(10_000, ...two)).toBe("a");
    expect(holder(10_000, ...two, { phase: "released", of, claim: "b" })).toBe("a");
    expect(holder(10_000, ...two, { phase: "released", of, claim: "a" })).toBe("b");
  });

  it("runs out after six hours, which no job of GitHub's own runners outlives", () => {
    const old = { phase: "collecting", of, claim: "a", at: 0 } as const;
    const young = { phase: "collecting", of, claim: "b", at: claimLife } as const;
    expect(holder(claimLife - 1, old)).toBe("a");
    expect(holder(claimLife, old, young)).toBe("b");
    expect(holder(2 * claimLife, old, young)).toBeUndefined();
  });

  it("is nobody's once the batch is collected", () => {
    const claim = { phase: "collecting", of, claim: "a" } as const;
    expect(holder(0, claim, { phase: "collected", of })).toBeUndefined();
  });
});
