import { describe, expect, it, test } from "vitest";

import type { Batch, BatchError } from "../../../src/api/types.ts";
import type { LookUp } from "../../../src/batch/knowledge.ts";
import {
  type AfterLostCreate,
  type BeforeCreate,
  chooseAdoptable,
  chooseOwn,
  decideAfterLostCreate,
  decideAmongUnseen,
  decideOverlap,
  decideBeforeCreate,
  decideListed,
  decideOwnKey,
  extraBatches,
  isTurnedAway,
  isWorthTaking,
  isUnusable,
  ranNothing,
  type Worth,
  worthOf,
} from "../../../src/batch/rules.ts";
import { batchOf } from "../../action/batch.ts";

/** A batch in a status that the reference may not know. */
function batchIn(status: string, fields: Partial<Batch> = {}): Batch {
  return batchOf({ ...fields, status: status as Batch["status"] }); // The wire holds any text.
}

function errorsOf(...codes: readonly string[]): NonNullable<Batch["errors"]> {
  const data: BatchError[] = codes.map((code) => ({
    code,
    message: "No.",
    param: null,
    line: null,
  }));
  return { object: "list", data };
}

const statuses = [
  "validating",
  "in_progress",
  "finalizing",
  "completed",
  "failed",
  "expired",
  "cancelling",
  "cancelled",
  "on_hold",
];

describe("a batch that ran nothing", () => {
  it.each<[Batch["status"], boolean]>([
    ["failed", true],
    ["expired", false],
    ["cancelled", false],
    ["in_progress", false],
    ["completed", false],
  ])("is one that failed as a whole: %s %s", (status, nothing) => {
    expect(ranNothing({ status })).toBe(nothing);
  });

  it.each([
    [batchIn("failed"), true],
    [batchIn("failed", { output_file_id: "file-out" }), true],
    [batchIn("failed", { errors: errorsOf("token_limit_exceeded") }), false],
    [batchIn("expired"), false],
  ])(
    "has a file that is not used again, unless it was for want of room (%#)",
    (batch, unusable) => {
      expect(isUnusable(batch)).toBe(unusable);
    },
  );

  it("is none that broke off and names the answers that it has", () => {
    expect(ranNothing({ status: "failed", output_file_id: "file-out" })).toBe(false);
  });
});

describe("a batch with the wanted key is worth", () => {
  const worth: Readonly<Record<string, Worth>> = {
    validating: "whole",
    in_progress: "whole",
    finalizing: "whole",
    completed: "whole",
    failed: "nothing",
    expired: "part",
    cancelling: "open",
    cancelled: "part",
    on_hold: "whole",
  };

  it.each(statuses)("its answers or not, as it is %s", (status) => {
    expect(worthOf(batchIn(status))).toBe(worth[status]);
  });

  it("a part where it failed and names the answers that it has by then", () => {
    expect(worthOf(batchIn("failed", { output_file_id: "file-out" }))).toBe("part");
    expect(worthOf(batchIn("failed", { error_file_id: "file-err" }))).toBe("nothing");
  });

  it("a part when it failed because the server had no room for it", () => {
    expect(worthOf(batchIn("failed", { errors: errorsOf("token_limit_exceeded") }))).toBe("part");
    expect(worthOf(batchIn("failed", { errors: errorsOf("model_not_found") }))).toBe("nothing");
  });
});

describe("a batch was turned away", () => {
  it.each<[string, Batch, boolean]>([
    [
      "by the code among its errors",
      batchIn("failed", { errors: errorsOf("a", "token_limit_exceeded") }),
      true,
    ],
    ["not by another code", batchIn("failed", { errors: errorsOf("model_not_found") }), false],
    ["not with no error named", batchIn("failed", { errors: errorsOf() }), false],
    ["not without errors", batchIn("failed"), false],
    ["not with a list of none", batchIn("failed", { errors: {} }), false],
    [
      "not while it runs",
      batchIn("in_progress", { errors: errorsOf("token_limit_exceeded") }),
      false,
    ],
    [
      "not when it expired",
      batchIn("expired", { errors: errorsOf("token_limit_exceeded") }),
      false,
    ],
  ])("%s", (_, batch, turnedAway) => {
    expect(isTurnedAway(batch)).toBe(turnedAway);
  });
});

describe("of several batches with one key", () => {
  const whole = batchIn("completed", { id: "whole" });
  const open = batchIn("cancelling", { id: "open" });
  const part = batchIn("expired", { id: "part" });
  const nothing = batchIn("failed", { id: "nothing" });

  it.each<[string, readonly Batch[], boolean, string | undefined]>([
    ["one that is whole before all others", [nothing, part, open, whole], true, "whole"],
    ["also where nothing is sent again", [part, open, whole], false, "whole"],
    ["one that is being cancelled before one that ended early", [part, open], true, "open"],
    ["also where nothing is sent again", [open, part], false, "open"],
    ["one that ended early where the rest is sent again", [nothing, part], true, "part"],
    ["none that ended early where it is not", [nothing, part], false, undefined],
    ["none that failed", [nothing], true, undefined],
    ["none of none", [], true, undefined],
  ])("%s is taken", (_, batches, wanted, id) => {
    expect(chooseAdoptable(batches, wanted)?.id).toBe(id);
    expect(chooseAdoptable(batches.toReversed(), wanted)?.id).toBe(id);
  });

  it("the newest of the worthiest is taken, whatever the order of the list", () => {
    const made = [3, 9, 5].map((created_at) =>
      batchIn("completed", { id: `at-${created_at}`, created_at }),
    );
    const all = [...made, batchIn("expired", { id: "newer", created_at: 10 })];
    expect(chooseAdoptable(all, true)?.id).toBe("at-9");
    expect(chooseAdoptable(all.toReversed(), true)?.id).toBe("at-9");
  });

  it("of those that have completed the one with the most answers is taken, however old", () => {
    const [most, few] = [5, 4].map((completed, index) =>
      batchIn("completed", {
        id: `with-${completed}`,
        created_at: index,
        request_counts: { total: 5, completed, failed: 0 },
      }),
    );
    const all = [most, few].flatMap((batch) => batch ?? []);
    expect(chooseAdoptable(all, true)?.id).toBe("with-5");
    expect(chooseAdoptable(all.toReversed(), true)?.id).toBe("with-5");
    // What one that runs will have nobody knows.
    const running = batchIn("in_progress", { id: "running", created_at: 6 });
    expect(chooseAdoptable([...all, running], true)?.id).toBe("running");
    expect(chooseAdoptable([running, ...all], true)?.id).toBe("running");
  });

  it("of those that ended early the one with the most answers is taken, however old", () => {
    const counts = (completed: number) => ({ total: 5, completed, failed: 0 });
    const most = { id: "most", created_at: 3, request_counts: counts(2), output_file_id: "file-1" };
    const all = [
      batchIn("expired", most),
      batchIn("cancelled", { id: "few", created_at: 9, request_counts: counts(1) }),
      batchIn("cancelled", { id: "none", created_at: 10 }),
    ];
    expect(chooseAdoptable(all, true)?.id).toBe("most");
    expect(chooseAdoptable(all.toReversed(), true)?.id).toBe("most");
  });

  it("of those that ended early a file of answers tells of some where nothing is counted", () => {
    const all = [
      batchIn("expired", { id: "some", created_at: 3, output_file_id: "file-1" }),
      batchIn("cancelled", { id: "none", created_at: 10 }),
    ];
    expect(chooseAdoptable(all, true)?.id).toBe("some");
    expect(chooseAdoptable(all.toReversed(), true)?.id).toBe("some");
  });

  it("what may still be answered is not judged by what is", () => {
    const counts = { total: 5, completed: 2, failed: 0 };
    const all = [
      batchIn("in_progress", { id: "older", created_at: 3, request_counts: counts }),
      batchIn("in_progress", { id: "newer", created_at: 9 }),
    ];
    expect(chooseAdoptable(all, true)?.id).toBe("newer");
  });

  it("of two as new the first one is taken", () => {
    const [a, b] = ["a", "b"].map((id) => batchIn("completed", { id }));
    if (a === undefined || b === undefined) throw new Error("There are two.");
    expect([chooseAdoptable([a, b], false)?.id, chooseAdoptable([b, a], false)?.id]).toEqual([
      "a",
      "b",
    ]);
  });
});

describe("before a create", () => {
  const nothing: BeforeCreate = {
    found: undefined,
    filesGone: false,
    incomplete: undefined,
    noList: false,
    mayExist: true,
  };
  const noList = { noList: true, incomplete: "the server has no list of batches" };
  const cut = { incomplete: "a page was refused" };
  const first = { mayExist: false };
  const found = (status: string) => ({ found: batchIn(status, { id: "b" }) });
  const gone = { filesGone: true };
  const stopped = "the server has no list of batches";

  it.each<[string, Partial<BeforeCreate>, string, string]>([
    ["a completed batch", found("completed"), "adopt", "b is completed"],
    ["a batch that runs", found("in_progress"), "adopt", "b is in_progress"],
    ["a batch that expired", found("expired"), "adopt", "b is expired"],
    ["a batch in a status that nobody knows", found("on_hold"), "adopt", "b is on_hold"],
    [
      "a batch on a list that was cut",
      { ...found("completed"), ...cut },
      "adopt",
      "b is completed",
    ],
    ["a batch at the first try", { ...found("completed"), ...first }, "adopt", "b is completed"],
    ["a batch that is being cancelled", found("cancelling"), "wait", "b is being cancelled"],
    [
      "one of these on a list that was cut",
      { ...found("cancelling"), ...cut },
      "wait",
      "b is being cancelled",
    ],
    ["no batch", {}, "create", "no batch with the key is there"],
    ["no batch at the first try", first, "create", "no batch with the key is there"],
    [
      "a batch of an earlier attempt at the same round, of other requests",
      { overlapping: batchIn("completed", { id: "other" }) },
      "stop",
      "an earlier attempt has sent requests of the same work again as other, which may hold some of these",
    ],
    [
      "one of these beside the batch itself",
      { ...found("completed"), overlapping: batchIn("completed", { id: "other" }) },
      "adopt",
      "b is completed",
    ],
    [
      "a batch whose files are gone",
      { ...found("completed"), ...gone },
      "create",
      "the results of b are gone from the server",
    ],
    [
      "such a batch beside one of the same round, of other requests",
      { ...found("completed"), ...gone, overlapping: batchIn("completed", { id: "other" }) },
      "stop",
      "an earlier attempt has sent requests of the same work again as other, which may hold some of these",
    ],
    [
      "such a batch on a list that was cut",
      { ...found("completed"), ...gone, ...cut },
      "stop",
      "a page was refused",
    ],
    [
      "a batch that ended early, on a list that was cut",
      { ...found("expired"), ...cut },
      "stop",
      "b is expired, and what it has left open may have been sent again since; a page was refused",
    ],
    [
      "a batch that was turned away, on a list that was cut",
      { found: batchIn("failed", { id: "b", errors: errorsOf("token_limit_exceeded") }), ...cut },
      "stop",
      "b is failed, and what it has left open may have been sent again since; a page was refused",
    ],
    [
      "a batch that has all answers, on a list that was cut",
      { ...found("completed"), ...cut },
      "adopt",
      "b is completed",
    ],
    [
      "a half of the requests",
      { half: batchIn("in_progress", { id: "half" }) },
      "halve",
      "half is in_progress and holds a half of them",
    ],
    [
      "a half beside a batch that was turned away",
      { ...found("failed"), half: batchIn("completed", { id: "half" }) },
      "halve",
      "half is completed and holds a half of them",
    ],
    [
      "a half beside a batch that was cancelled",
      { ...found("cancelled"), half: batchIn("completed", { id: "half" }) },
      "halve",
      "half is completed and holds a half of them",
    ],
    [
      "a half beside a batch that is being cancelled",
      { ...found("cancelling"), half: batchIn("completed", { id: "half" }) },
      "wait",
      "b is being cancelled",
    ],
    [
      "a half beside a batch whose files are gone",
      { ...found("completed"), ...gone, half: batchIn("expired", { id: "half" }) },
      "halve",
      "half is expired and holds a half of them",
    ],
    [
      "a half beside a batch of the whole that runs",
      { ...found("in_progress"), half: batchIn("in_progress", { id: "half" }) },
      "adopt",
      "b is in_progress",
    ],
    ["a list that was cut", cut, "stop", "a page was refused"],
    ["a list that was cut at the first try", { ...cut, ...first }, "stop", "a page was refused"],
    ["no list", noList, "stop", stopped],
    [
      "no list at the first try",
      { ...noList, ...first },
      "create",
      `${stopped}, and this is the first try`,
    ],
  ])("%s", (_, known, decision, why) => {
    expect(decideBeforeCreate({ ...nothing, ...known })).toEqual({ decision, why });
  });
});

test.each([
  ["in_progress", "take"],
  ["cancelling", "take"],
  ["completed", "take"],
  ["expired", "stop"],
  ["cancelled", "stop"],
] as const)("a batch that is %s, on a list that was cut: %s", (status, decision) => {
  expect(decideAmongUnseen(batchIn(status), "a page was refused").decision).toBe(decision);
  expect(decideAmongUnseen(batchIn(status), undefined).decision).toBe("take");
});

test("why a batch on a list is taken is told", () => {
  const batch = batchIn("completed", { id: "b" });
  expect(decideAmongUnseen(batch, undefined).why).toBe("no other is there");
  expect(decideAmongUnseen(batch, "a page was refused").why).toBe("b is completed");
});

const stands = "may hold some of these requests";

test.each([
  ["in_progress", true, "stop", `b is in_progress and ${stands}`],
  ["expired", true, "stop", `b is expired and ${stands}`],
  ["failed", true, "create", "b is failed"],
  ["in_progress", false, "stop", `b is in_progress and ${stands}`],
  ["completed", false, "stop", `b is completed and ${stands}`],
  ["cancelling", false, "stop", `b is cancelling and ${stands}`],
  ["expired", false, "create", "b is expired"],
  ["failed", false, "create", "b is failed"],
] as const)(
  "beside a retry round's batch that is %s (for another round: %s): %s",
  (status, again, decision, why) => {
    expect(decideOverlap(batchIn(status, { id: "b" }), again)).toEqual({ decision, why });
  },
);

describe("after a create whose answer was lost", () => {
  const absent: LookUp<Batch> = { state: "absent" };
  const found: LookUp<Batch> = { state: "found", found: batchOf({ id: "b" }) };
  const incomplete: LookUp<Batch> = { state: "incomplete", why: "a page was refused" };
  const once: AfterLostCreate = {
    lookUp: absent,
    sent: 1,
    said: false,
    stranger: false,
    mayRetry: true,
  };
  const giveUp = "give up";
  const takes = ["take", "b is of it"] as const;

  it.each<[string, Partial<AfterLostCreate>, string, string]>([
    ["a batch that was found", { lookUp: found }, ...takes],
    ["found after two", { lookUp: found, sent: 2 }, ...takes],
    ["found, as the server said", { lookUp: found, said: true }, ...takes],
    ["found beside a stranger", { lookUp: found, stranger: true }, ...takes],
    ["found where no retry is wanted", { lookUp: found, mayRetry: false }, ...takes],
    ["a list that was cut", { lookUp: incomplete }, giveUp, "a page was refused"],
    [
      "a batch that the server says it made",
      { said: true },
      giveUp,
      "the server says that it made the batch",
    ],
    [
      "a stranger",
      { stranger: true },
      giveUp,
      "a batch of the same file is there that may be of it",
    ],
    ["no retries", { mayRetry: false }, giveUp, "no retry is wanted"],
    ["none on the whole list", {}, "create again", "the list of batches does not show it"],
    ["none after two", { sent: 2 }, giveUp, "it was sent 2 times without a known outcome"],
    ["none after three", { sent: 3 }, giveUp, "it was sent 3 times without a known outcome"],
  ])("%s", (_, known, decision, why) => {
    expect(decideAfterLostCreate({ ...once, ...known })).toEqual({ decision, why });
  });
});

describe("on the list, after a create whose answer was lost, a batch", () => {
  const listed = { own: false, isNew: true, sameKey: false, sameFile: false };
  const running = batchIn("in_progress");

  it.each<[string, Partial<Parameters<typeof decideListed>[0]>, string]>([
    ["with its mark is its own, whenever it was made", { own: true, isNew: false }, "own"],
    ["with its key is taken", { sameKey: true }, "take"],
    ["with its key that was there before is not", { sameKey: true, isNew: false }, "other"],
    ["with its key that ended early is not", { sameKey: true, batch: batchIn("expired") }, "other"],
    [
      "with its key and its file that ended early may be of it",
      { sameKey: true, sameFile: true, batch: batchIn("expired") },
      "stranger",
    ],
    ["of its file may be of it", { sameFile: true }, "stranger"],
    ["of its file that was there before is not", { sameFile: true, isNew: false }, "other"],
    ["of another file is another", {}, "other"],
  ])("%s", (_, known, what) => {
    expect(decideListed({ batch: running, ...listed, ...known })).toBe(what);
  });
});

it.each([
  ["in_progress", true, true],
  ["cancelling", true, true],
  ["expired", true, false],
  ["failed", false, false],
])(
  "a batch that is %s is worth taking with its part: %s, as a whole: %s",
  (status, part, whole) => {
    const batch = batchIn(status);
    expect([isWorthTaking(batch, true), isWorthTaking(batch, false)]).toEqual([part, whole]);
  },
);

describe("of several batches of one create", () => {
  const made = [5, 3, 9].map((created_at) => batchOf({ id: `at-${created_at}`, created_at }));

  test("all but the one that is kept are extra", () => {
    expect(extraBatches(made, "at-3").map(({ id }) => id)).toEqual(["at-5", "at-9"]);
    expect(extraBatches(made, "another").map(({ id }) => id)).toEqual(["at-5", "at-3", "at-9"]);
    expect(extraBatches([], "at-3")).toEqual([]);
  });

  test("the oldest is kept, so that everybody keeps the same", () => {
    expect(chooseOwn(made)?.id).toBe("at-3");
    expect(chooseOwn(made.toReversed())?.id).toBe("at-3");
    expect(chooseOwn([])).toBeUndefined();
  });

  test("one that failed before it ran is kept only where there is no other", () => {
    const failed = batchOf({ id: "failed", created_at: 1, status: "failed" });
    const later = batchOf({ id: "later", created_at: 2, status: "in_progress" });
    const broken = batchOf({ ...failed, id: "broken", output_file_id: "file-o" });
    expect(chooseOwn([failed, later])?.id).toBe("later");
    expect(chooseOwn([broken, later])?.id).toBe("broken");
    expect(chooseOwn([failed])?.id).toBe("failed");
  });

  test("of two as old the first one is kept", () => {
    const twins = ["a", "b"].map((id) => batchOf({ id }));
    expect(chooseOwn(twins)?.id).toBe("a");
  });
});

describe("a key of one's own stands for", () => {
  const same = { decision: "same", why: "b is of the same requests" };
  const other = { decision: "other", why: "b was made of other requests under the same key" };

  it.each<[string, string, string | undefined, object]>([
    ["the same requests by their hash", "completed", "ours", same],
    ["the same where no hash is told", "completed", undefined, same],
    ["others by their hash", "completed", "theirs", other],
    ["others while they run", "in_progress", "theirs", other],
    ["others that expired, and may have cost something", "expired", "theirs", other],
    ["others that were cancelled", "cancelled", "theirs", other],
    ["the same where others failed, which cost nothing", "failed", "theirs", same],
  ])("%s", (_, status, theirs, decided) => {
    expect(decideOwnKey(batchIn(status, { id: "b" }), theirs, "ours")).toEqual(decided);
  });
});
