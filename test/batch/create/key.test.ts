import { describe, expect, it } from "vitest";
import {
  hashText,
  idempotencyKey,
  type KeyParts,
  newCreationId,
  prefixOfCreation,
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
});

describe("the id of a create", () => {
  it("is another one each time", () => {
    expect(new Set(Array.from({ length: 100 }, newCreationId)).size).toBe(100);
  });

  it("carries a prefix that is read back, and none where none was given", () => {
    const read = (id: string | undefined) =>
      prefixOfCreation({ metadata: id === undefined ? null : { creation_id: id } });
    const commit = "ffac537e6cbbf934b08745a378932722df287a53";
    const id = newCreationId(commit);
    expect(id).toMatch(/^ffac537e6cbbf934b08745a378932722df287a53\/[0-9a-f-]{36}$/);
    expect(id).not.toBe(newCreationId(commit));
    expect(read(id)).toBe(commit);
    expect(read(newCreationId())).toBeUndefined();
    expect(read("/creation-1")).toBeUndefined();
    expect(read(undefined)).toBeUndefined();
  });
});
