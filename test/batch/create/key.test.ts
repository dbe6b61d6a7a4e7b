import { describe, expect, it } from "vitest";
import {
  contentHash,
  contentOfCreation,
  halfKeyOf,
  hashText,
  idempotencyKey,
  isHalfOf,
  isOfOwnKey,
  type KeyParts,
  newCreationId,
  ownKeyOf,
  prefixOfCreation,
  roundOf,
  wholeKeyOf,
  workOf,
} from "../../../src/batch/create/key.ts";

const parts: KeyParts = {
  inputHash: hashText("requests"),
  endpoint: "/v1/responses",
  completionWindow: "24h",
  metadata: { team: "search", leg: "a" },
  account: ["https://api.openai.com/v1", undefined, "proj_1"],
};

describe("an idempotency key", () => {
  it("is the same for the same batch, in whatever order its metadata come", () => {
    const metadata = { leg: "a", team: "search" };
    expect(idempotencyKey("octo/hello:1", { ...parts, metadata })).toBe(
      idempotencyKey("octo/hello:1", parts),
    );
  });

  it.each<[string, Partial<KeyParts>]>([
    ["the requests", { inputHash: hashText("others") }],
    ["the endpoint", { endpoint: "/v1/chat/completions" }],
    ["the completion window", { completionWindow: "48h" }],
    ["a metadata value", { metadata: { team: "search", leg: "b" } }],
    ["a metadata pair", { metadata: { team: "search" } }],
    ["where a pair's name ends", { metadata: { team: "search", le: "ga" } }],
    ["the input's expiry", { inputExpiresAfter: 3_600 }],
    ["the results' expiry", { outputExpiresAfter: 3_600 }],
    ["the server", { account: ["https://example.com/v1", undefined, "proj_1"] }],
    ["the project", { account: ["https://api.openai.com/v1", undefined, "proj_2"] }],
    ["the organization", { account: ["https://api.openai.com/v1", "proj_1", undefined] }],
  ])("differs with %s", (_, changed) => {
    expect(idempotencyKey("octo/hello:1", { ...parts, ...changed })).not.toBe(
      idempotencyKey("octo/hello:1", parts),
    );
  });

  it("tells the expiry of the input from that of the results", () => {
    expect(idempotencyKey("s", { ...parts, inputExpiresAfter: 7_200 })).not.toBe(
      idempotencyKey("s", { ...parts, outputExpiresAfter: 7_200 }),
    );
  });

  it("is of its scope, and fits into a metadata value with the longest one", () => {
    const key = idempotencyKey("octo/hello:1", parts);
    expect(key).toMatch(/^octo\/hello:1:[0-9a-f]{32}$/);
    expect(key).not.toBe(idempotencyKey("octo/hello:2", parts));
    expect(idempotencyKey("s".repeat(470), parts).length).toBeLessThanOrEqual(512);
  });

  it("stays what it is from release to release, so that an upgrade pays for nothing again", () => {
    const key = idempotencyKey("octo/hello:1", { ...parts, inputExpiresAfter: 3_600 });
    expect(key).toBe("octo/hello:1:4ce766748c3c4e37b5a3b65e3513c511");
  });
});

describe("the id of a create", () => {
  const content = contentHash("requests", "/v1/responses");
  const read = (id: string | undefined) => {
    const batch = { metadata: id === undefined ? null : { creation_id: id } };
    return [prefixOfCreation(batch), contentOfCreation(batch)];
  };

  it("is another one each time", () => {
    const ids = Array.from({ length: 100 }, () => newCreationId(undefined, content));
    expect(new Set(ids).size).toBe(100);
  });

  it("carries a prefix and what the key stands for, which are read back", () => {
    const commit = "ffac537e6cbbf934b08745a378932722df287a53";
    const id = newCreationId(commit, content);
    expect(newCreationId(undefined, content)).toMatch(/^[0-9a-f-]{36}\.[0-9a-f]{16}$/);
    expect(id).toMatch(/^ffac537e6cbbf934b08745a378932722df287a53\/[0-9a-f-]{36}\.[0-9a-f]{16}$/);
    expect(read(id)).toEqual([commit, content]);
    expect(read(newCreationId(undefined, content))).toEqual([undefined, content]);
    expect(read(newCreationId("refs/heads/main", content))).toEqual(["refs/heads/main", content]);
  });

  it.each([
    undefined,
    "/creation-1",
    "creation-1",
    "creation-1.0123456789abcde",
    ".0123456789abcdeg",
    "creation-1.0123456789abcdef0",
    "creation-1.0123456789abcdef.jsonl",
  ])("of another program has neither (%s)", (id) => {
    expect(read(id)).toEqual([undefined, undefined]);
  });

  it("fits into a metadata value with the longest prefix", () => {
    expect(newCreationId("p".repeat(450), content).length).toBeLessThanOrEqual(512);
  });
});

describe("the hash of what a key stands for", () => {
  it("differs with each part, and with where a part ends", () => {
    const all = [
      contentHash("requests", "/v1/responses", "octo/hello"),
      contentHash("others", "/v1/responses", "octo/hello"),
      contentHash("requests", "/v1/embeddings", "octo/hello"),
      contentHash("requests", "/v1/responses", "octo/bye"),
      contentHash("requests", "/v1/responses", undefined),
      contentHash("requests", "/v1/responses"),
      contentHash("requests/v1", "/responses", "octo/hello"),
    ];
    expect(new Set(all).size).toBe(all.length);
    for (const hash of all) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("the keys that a key of one's own stands for", () => {
  const part = { index: 1, hash: "0123456789abcdef0123", count: 3, round: 0 };

  it.each([
    ["the key itself for a single batch", { index: 0, count: 1 }, "nightly"],
    ["the number of each of several, and its content", {}, "nightly/2of3/0123456789abcdef"],
    [
      "the round and its content for what is sent again",
      { round: 2 },
      "nightly/retry2/0123456789abcdef",
    ],
    [
      "the same for a single one of a round",
      { round: 1, count: 1 },
      "nightly/retry1/0123456789abcdef",
    ],
    [
      "the content alone for what a cache has not answered, in however many batches",
      { rest: true },
      "nightly/rest/0123456789abcdef",
    ],
  ])("are %s", (_, fields, key) => {
    expect(ownKeyOf("nightly", { ...part, ...fields })).toBe(key);
  });
});

describe("the keys of halves", () => {
  const made = `octo/repo:7:${"0123456789abcdef".repeat(2)}`;

  it("say which half of what they are, and are told from others by it", () => {
    for (const key of ["nightly", "nightly/2of3/0f", "nightly/retry1/0123456789abcdef", made]) {
      const half = halfKeyOf(key, 2);
      const quarter = halfKeyOf(half, 1);
      expect([half, quarter]).toEqual([`${key}/half2`, `${key}/half21`]);
      expect([key, half, quarter].map(wholeKeyOf)).toEqual([key, key, key]);
      expect([half, quarter].map((one) => isHalfOf(one, key))).toEqual([true, true]);
      expect([isHalfOf(quarter, half), isHalfOf(half, quarter)]).toEqual([true, false]);
      expect(isHalfOf(halfKeyOf(halfKeyOf(key, 1), 1), half)).toBe(false);
      expect([isHalfOf(key, key), isHalfOf(half, half)]).toEqual([false, false]);
    }
  });

  it("are of the same work, and of a key of one's own", () => {
    expect(workOf(halfKeyOf(made, 1))).toBe(workOf(made));
    expect(roundOf(halfKeyOf(`octo/repo:7/retry2:${"0".repeat(32)}`, 1))?.round).toBe(2);
    for (const key of ["nightly", "nightly/2of3/0f", "nightly/rest/0f", "nightly/retry1/0f"]) {
      expect(isOfOwnKey(`${key}/half12`, "nightly")).toBe(true);
    }
    expect(isOfOwnKey("nightly/half3", "nightly")).toBe(false);
  });

  it("are told from a key of one's own that only looks like one", () => {
    for (const key of ["nightly/half1/eval", "nightly/half1st"]) {
      expect([wholeKeyOf(key), halfKeyOf(key, 2)]).toEqual([key, `${key}/half2`]);
    }
  });

  it.each([
    ["of another key", "weekly/half1", "nightly"],
    ["of a longer key", "nightly/2of3/0f/half1", "nightly"],
    ["of the first of ten parts", "nightly/1of10/0f/half1", "nightly/1of1/0f"],
    ["of what the key of another work begins with", "nightly/halfway/half1", "nightly"],
    ["of what another's begins with like a half", "nightly/half1st/half1", "nightly"],
    ["of none", undefined, "nightly"],
  ])("are none %s", (_, key, whole) => {
    expect(isHalfOf(key, whole)).toBe(false);
  });
});

describe("the work of a key", () => {
  const hash = "0123456789abcdef".repeat(2);

  it("is what all batches of a run say, whatever their requests and their round", () => {
    const run = "octo/repo:7";
    const keys = [`${run}:${hash}`, `${run}:${hash}/half2`, `${run}/retry2:${hash}`];
    expect(keys.map(workOf)).toEqual([run, run, run]);
  });

  it("keeps the commit that a run is told by", () => {
    const run = `octo/repo:${hash}:1`;
    expect(workOf(`${run}:${hash}`)).toBe(run);
  });
});
