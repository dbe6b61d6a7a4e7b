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
    [
      "every header",
      { headers: "A: 0123456789\r\n\r\nB: abcdefghij" },
      ["0123456789", "abcdefghij"],
    ],
    [
      "a header in JSON",
      { headers: '{"a": "0123456789", "b": "x:y:zzzzzz"}' },
      ["0123456789", "x:y:zzzzzz"],
    ],
    ["a number in JSON", { headers: '{"a": 1234567890}' }, ["1234567890"]],
    ["what JSON escapes", { headers: String.raw`{"a": "pass\"word\u0021\/"}` }, ['pass"word!/']],
    ["broken JSON", { headers: '{"a": "0123456789", oops' }, ["0123456789"]],
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

  it("is nothing where nothing is given", () => {
    expect(masked({})).toEqual([]);
  });
});
