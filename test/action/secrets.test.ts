import { describe, expect, it } from "vitest";
import { maskSecrets } from "../../src/action/secrets.ts";
import { recordingToolkit } from "./toolkit.ts";

function masked(inputs: Readonly<Record<string, string>>, env: Record<string, string> = {}) {
  const recorded = recordingToolkit(inputs);
  maskSecrets(recorded.toolkit, env);
  return recorded.secrets;
}

describe("what is masked", () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["the key", { "api-key": "sk-0123456789" }, ["sk-0123456789"]],
    ["a header", { headers: "api-key: 0123456789" }, ["0123456789"]],
    ["a token", { headers: "X-Auth: Bearer abcdefghij" }, ["Bearer abcdefghij", "abcdefghij"]],
    ["a token in any header", { headers: "x-gateway: Bearer abcdefghij" }, ["abcdefghij"]],
    ["a cookie", { headers: "Cookie: session=abcdefgh" }, ["session=abcdefgh"]],
    ["a key in any header", { headers: "x-tenant: 7fK2mQ9xT4wB1nZ8" }, ["7fK2mQ9xT4wB1nZ8"]],
    [
      "a key in an address",
      { headers: "x-hook: https://example.com/b/a1b2c3d4e5" },
      ["https://example.com/b/a1b2c3d4e5"],
    ],
    [
      "every header's secret",
      { headers: "Api-Key: 0123456789\r\n\r\nx-token: abcdefghij" },
      ["0123456789", "abcdefghij"],
    ],
    [
      "a header in JSON",
      { headers: '{"key": "0123456789", "token": "x:y:zzzzzz"}' },
      ["0123456789", "x:y:zzzzzz"],
    ],
    ["a number in JSON", { headers: '{"key": 1234567890}' }, ["1234567890"]],
    ["what JSON escapes", { headers: String.raw`{"key": "pass\"word\u0021\/"}` }, ['pass"word!/']],
    ["broken JSON", { headers: '{"key": "0123456789", oops' }, ["0123456789"]],
    ["broken headers", { headers: "0123456789abc" }, ["0123456789abc"]],
  ])("is %s", (_, inputs, secrets) => {
    expect(masked(inputs)).toEqual(expect.arrayContaining([...secrets]));
  });

  it("is the key of the environment, also beside another one", () => {
    const env = { OPENAI_API_KEY: " sk-env-0123456789\n" };
    expect(masked({ "api-key": "sk-input-012345" }, env)).toEqual(
      expect.arrayContaining(["sk-input-012345", "sk-env-0123456789"]),
    );
  });

  it("is the right to ask for GitHub's token", () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token-0123456789" };
    expect(masked({}, env)).toEqual(["request-token-0123456789"]);
  });

  it("is nothing short, which GitHub would find in every output", () => {
    expect(masked({ "api-key": "short", headers: "A: 1\nB: true" })).toEqual([]);
  });

  it.each([
    "production",
    "application/json; charset=utf-8",
    "assistants=v2, batches=v1",
    "2024-10-21-preview",
    "my-company-name-without-digits",
    "https://gateway1.example.com:8443/openai/v1",
    "my-resource-eastus2.openai.azure.com",
    "openai-batch-action/1.20.3",
  ])("is no everyday word of a header, which would make GitHub drop outputs: %s", (value) => {
    expect(masked({ headers: `x-environment: ${value}` })).toEqual([]);
    expect(masked({ headers: JSON.stringify({ "x-environment": value }) })).toEqual([]);
  });

  it("is nothing where nothing is given", () => {
    expect(masked({})).toEqual([]);
  });
});
