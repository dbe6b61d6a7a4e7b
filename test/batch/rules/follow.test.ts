import { describe, expect, it } from "vitest";

import { APIConnectionError, APIError, UnreadableAnswerError } from "../../../src/api/errors.ts";
import type { FailedLook } from "../../../src/batch/knowledge.ts";
import { decideAfterFailedLook, decideListCheck } from "../../../src/batch/rules.ts";

const minute = 60_000;
const forever = 1_000 * minute;

function errorOf(status: number | undefined, details: object = {}): APIError {
  return new APIError("No.", { status, ...details });
}

/** The first look at a batch that was seen before, but for what is given. */
function lookOf(fields: Partial<FailedLook>): FailedLook {
  return { error: errorOf(404), seen: true, inARow: 1, since: 0, ...fields };
}

describe("after a look that failed", () => {
  const transient = { decision: "go on", why: "the error is transient" };
  const refused = { decision: "stop", why: "the server refuses to show the batches" };
  const once = { decision: "go on", why: "one refusal does not end a wait" };
  const young = { decision: "go on", why: "a batch that was just made may not be found yet" };
  const unknown = { decision: "unknown id", why: "the server knows no such batch" };
  const there = { decision: "go on", why: "a batch that was there is taken to be there still" };
  const gone = { decision: "gone", why: "the batch was there and is not any more" };

  it.each<[string, APIError]>([
    ...[408, 409, 429, 500, 502, 503].map((status): [string, APIError] => [
      `a ${status}`,
      errorOf(status),
    ]),
    ["a lost connection", new APIConnectionError("No.", { sent: true })],
    ["an answer that is none", new UnreadableAnswerError("No.", { status: 200, success: false })],
    ["a refusal by a gateway's page", errorOf(401, { page: true })],
    ["a refusal that the server wants tried again", errorOf(403, { shouldRetry: true })],
    ["a 404 that the server wants tried again", errorOf(404, { shouldRetry: true })],
  ])("%s never ends a wait, however often it comes", (_, error) => {
    for (const seen of [true, false]) {
      const look = lookOf({ error, seen, inARow: 1_000, since: forever });
      expect(decideAfterFailedLook(look)).toEqual(transient);
    }
  });

  it.each([401, 403, undefined])(
    "a refusal (%s) before anything was seen ends it at once",
    (status) => {
      const look = lookOf({ error: errorOf(status), seen: false });
      expect(decideAfterFailedLook(look)).toEqual(refused);
    },
  );

  it.each([401, undefined])("an identity that has expired (%s) ends it at once", (status) => {
    const expired = { decision: "stop", why: "the job may not ask for an identity any longer" };
    const error = errorOf(status, { code: "identity_expired" });
    for (const seen of [true, false]) {
      expect(decideAfterFailedLook(lookOf({ error, seen }))).toEqual(expired);
    }
  });

  it.each<[number | undefined, number, object]>([
    [401, 1, once],
    [401, 4, once],
    [401, 5, refused],
    [401, 6, refused],
    [403, 4, once],
    [403, 5, refused],
    [undefined, 4, once],
    [undefined, 5, refused],
  ])("a refusal (%s) for the %i. time of a batch that was seen", (status, inARow, decided) => {
    for (const since of [0, forever]) {
      const look = lookOf({ error: errorOf(status), inARow, since });
      expect(decideAfterFailedLook(look)).toEqual(decided);
    }
  });

  it.each<[number, number, object]>([
    [1, 0, young],
    [1, forever, young],
    [2, 0, young],
    [2, 9_999, young],
    [2, 10_000, unknown],
    [2, 10_001, unknown],
    [1_000, 9_999, young],
    [3, 10_000, unknown],
  ])("an id that was never seen, for the %i. time after %i ms", (inARow, since, decided) => {
    for (const status of [404, 400, 410]) {
      const look = lookOf({ error: errorOf(status), seen: false, inARow, since });
      expect(decideAfterFailedLook(look)).toEqual(decided);
    }
  });

  it.each<[number, number, object]>([
    [1, 0, there],
    [1, forever, there],
    [4, forever, there],
    [5, 0, there],
    [5, 29_999, there],
    [5, 30_000, gone],
    [5, 30_001, gone],
    [6, 30_000, gone],
    [1_000, 29_999, there],
  ])("a batch that was seen, for the %i. time after %i ms", (inARow, since, decided) => {
    for (const status of [404, 400, 410]) {
      const look = lookOf({ error: errorOf(status), inARow, since });
      expect(decideAfterFailedLook(look)).toEqual(decided);
    }
  });
});

describe("a list is checked against a retrieve", () => {
  const trust = { decision: "trust", why: "the list moves" };

  it.each([
    [0, 3],
    [1, 6],
    [2, 12],
    [3, 24],
    [4, 30],
    [5, 30],
    [50, 30],
  ])("after %i checks when nothing has moved for %i looks", (checks, due) => {
    expect(decideListCheck(due - 1, checks)).toEqual(trust);
    for (const quiet of [due, due + 1]) {
      const why = `nothing has moved on the list for ${quiet} looks`;
      expect(decideListCheck(quiet, checks)).toEqual({ decision: "check", why });
    }
  });

  it("at the last look, whenever it was before", () => {
    const why = "nothing has moved on the list for 1 looks";
    expect(decideListCheck(1, 9, true)).toEqual({ decision: "check", why });
  });

  it("not while it moves", () => {
    expect(decideListCheck(0, 0)).toEqual(trust);
    expect(decideListCheck(0, 0, true)).toEqual(trust);
  });
});
