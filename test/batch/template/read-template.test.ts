import { writeFile } from "node:fs/promises";

import { describe, expect, it, test } from "vitest";

import { loadTemplate, type TemplateOptions } from "../../../src/batch/template/read-template.ts";
import { readTemplate } from "../../../src/index.ts";
import { rejectionOf } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

async function load(text: string | Uint8Array, name: string, options: TemplateOptions = {}) {
  await using folder = await openFolder();
  await writeFile(folder.at(name), text);
  return await loadTemplate(folder.at(name), options);
}

async function templateOf(text: string, name: string, options?: TemplateOptions) {
  const loaded = await load(text, name, options);
  if ("template" in loaded) return loaded.template;
  throw new Error(`It has problems: ${JSON.stringify(loaded.problems)}`);
}

/** Line and words of each problem. */
async function problemsOf(text: string | Uint8Array, name: string, options?: TemplateOptions) {
  const loaded = await load(text, name, options);
  return "problems" in loaded ? loaded.problems.map(({ line, message }) => [line, message]) : [];
}

describe("a request as a template", () => {
  it("may be YAML or JSON, with or without a byte order mark", async () => {
    const request = { url: "/v1/embeddings", body: { model: "m", input: "{{text}}" } };
    const yaml = "\uFEFFurl: /v1/embeddings\nbody:\n  model: m\n  input: '{{text}}'\n";
    expect(await templateOf(yaml, "t.yml")).toEqual(request);
    expect(await templateOf(yaml, "T.YAML")).toEqual(request);
    expect(await templateOf(JSON.stringify(request, null, "\t"), "t.json")).toEqual(request);
  });

  it("may repeat what stands elsewhere by anchors and merge keys", async () => {
    const yaml = `
url: /v1/chat/completions
body:
  metadata: &defaults { a: "1", b: "2" }
  first: { <<: *defaults, b: "3" }
  second: { <<: [{ c: !!str 4 }, *defaults] }
  third: *defaults
  fourth: { "<<": text }
`;
    expect(await templateOf(yaml, "t.yml")).toEqual({
      url: "/v1/chat/completions",
      body: {
        metadata: { a: "1", b: "2" },
        first: { a: "1", b: "3" },
        second: { c: "4", a: "1", b: "2" },
        third: { a: "1", b: "2" },
        fourth: { "<<": "text" },
      },
    });
  });

  it.each<[string, string, string, readonly [number | undefined, string][]]>([
    ["no url", "t.yml", "body: {}\n", [[undefined, "no `url`"]]],
    ["no body", "t.yml", "url: /v1/x\n", [[undefined, "no `body`"]]],
    [
      "neither",
      "t.yml",
      "{}\n",
      [
        [undefined, "no `url`"],
        [undefined, "no `body`"],
      ],
    ],
    ["a url that is none", "t.yml", "url: 1\nbody: {}\n", [[1, "`url`"]]],
    ["a body that is a text", "t.yml", "url: /v1/x\nbody: text\n", [[2, "`body`"]]],
    ["a GET", "t.yml", "url: /v1/x\nmethod: GET\nbody: {}\n", [[2, "must be POST"]]],
    ["a stream", "t.yml", "url: /v1/x\nbody:\n  stream: true\n", [[3, "stream"]]],
    ["an empty custom_id", "t.yml", "url: /v1/x\nbody: {}\ncustom_id: ''\n", [[3, "custom_id"]]],
    ["no mapping", "t.yml", "- 1\n", [[undefined, "no mapping"]]],
    ["nothing", "t.yml", "", [[undefined, "no mapping"]]],
    ["a number that JSON has not", "t.yml", "url: /v1/x\nbody:\n  a: [1, .inf]\n", [[3, "finite"]]],
    ["a column without quotes", "t.yml", "url: /v1/x\nbody:\n  a: {{text}}\n", [[3, "in quotes"]]],
    [
      "a number too long",
      "t.yml",
      "url: /v1/x\nbody:\n  seed: 9007199254740993\n",
      [[3, "digits"]],
    ],
    [
      "a number too long",
      "t.json",
      '{"url":"/v1/x",\n"body":{"a":[-9007199254740993]}}',
      [[2, "digits"]],
    ],
    ["a merge of no mapping", "t.yml", "url: /v1/x\nbody:\n  <<: 5\n", [[3, "<<"]]],
    ["a merge of a list", "t.yml", "x: &x [1]\nurl: /v1/x\nbody: {<<: [*x]}\n", [[3, "<<"]]],
    ["bytes", "t.yml", "url: /v1/x\nbody:\n  a: !!binary aGk=\n", [[3, "tag"]]],
    ["a set", "t.yml", "url: /v1/x\nbody:\n  a: !!set {b}\n", [[3, "tag"]]],
    ["a time", "t.yml", "url: /v1/x\nbody:\n  a: !!timestamp 2001-01-01\n", [[3, "tag"]]],
    ["a tag of its own", "t.yml", "url: /v1/x\nbody:\n  a: !env HOME\n", [[3, "tag"]]],
    ["a number that is none", "t.yml", "url: /v1/x\nbody:\n  a: !!int x\n", [[3, "tag"]]],
    ["an open quote", "t.yml", 'url: /v1/x\nbody:\n  a: "text\n', [[4, "missing"]]],
    [
      "a literal in double quotes with one backslash",
      "t.yml",
      'url: /v1/x\nbody:\n  a: "\\{{text}}"\n',
      [[3, "backslash"]],
    ],
    [
      "a literal in JSON with one backslash",
      "t.json",
      '{"url": "/v1/x",\n"body": {"a": "\\{{text}}"}}',
      [[2, "backslash"]],
    ],
    [
      "a colon in a text without quotes",
      "t.yml",
      "url: /v1/x\nbody:\n  a: Say: yes\n",
      [[3, "colon"]],
    ],
    [
      "a text that cannot begin so",
      "t.yml",
      "url: /v1/x\nbody:\n  a: @here\n",
      [[3, "needs quotes"]],
    ],
    [
      "a column and more without quotes",
      "t.yml",
      "url: /v1/x\nbody:\n  a: {{text}} more\n",
      [
        [3, "needs quotes"],
        [3, "in quotes"],
      ],
    ],
    ["an alias of nothing", "t.yml", "url: /v1/x\nbody:\n  a: *text*\n", [[3, "begins with `*`"]]],
    ["a key given twice", "t.yml", "url: /v1/x\nurl: /v1/y\nbody: {}\n", [[2, "twice"]]],
    [
      "a second document",
      "t.yml",
      "url: /v1/x\nbody: {}\n---\nurl: /v1/y\nbody: {}\n",
      [[3, "more than one document"]],
    ],
    ["JSON that is cut", "t.json", '{\n  "url": "/v1/x",\n', [[3, "not valid JSON"]]],
    [
      "JSON with a comma too many",
      "t.json",
      '{"url": "/v1/x", "body": {},}',
      [[undefined, "not valid JSON"]],
    ],
    [
      "a prompt under another name",
      "t.yml",
      "model: m\nmessages: []\n",
      [
        [undefined, ".prompt.yml"],
        [undefined, "no `body`"],
      ],
    ],
  ])("with %s is told with its line", async (_, name, text, expected) => {
    const problems = await problemsOf(text, name);
    expect(problems).toEqual(
      expected.map(([line, words]) => [line, expect.stringContaining(words) as string]),
    );
  });

  it("that is no template at all is told", async () => {
    expect(await problemsOf("x", "t.txt")).toEqual([
      [undefined, expect.stringContaining(".yml, .yaml, .json") as string],
    ]);
    expect(await problemsOf(Buffer.from([0xff]), "t.yml")).toEqual([
      [undefined, expect.stringContaining("UTF-8") as string],
    ]);
    const error = await rejectionOf(readTemplate("no/such/template.yml"));
    expect(error).toMatchObject({
      code: "invalid_template",
      message: expect.stringContaining(
        "no/such/template.yml: invalid_template: there is no such file",
      ) as string,
    });
  });

  it("never has its text in a problem", async () => {
    const texts = [
      'a: "the secret',
      "the secret: the secret: x",
      "\tthe secret: 1",
      "a: *the-secret",
      '"\\secret"',
    ];
    for (const text of texts) {
      const problems = await problemsOf(text, "t.yml");
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain("secret");
    }
  });
});

const prompt = `
name: Reviews
description: What a review says
model: openai/gpt-4o-mini
modelParameters:
  temperature: 0.2
  topP: 0.9
  maxTokens: 300
  reasoningEffort: low
messages:
  - role: system
    content: You judge reviews.
  - role: user
    content: "{{review}}"
responseFormat: json_schema
jsonSchema: |-
  {"name": "review", "strict": true, "schema": {"type": "object"}}
testData:
  - review: Nice
evaluators:
  - name: has a word
    string: {contains: word}
`;

const messages = [
  { role: "system", content: "You judge reviews." },
  { role: "user", content: "{{review}}" },
];

describe("a prompt file", () => {
  it("becomes the body of a chat completion", async () => {
    expect(await templateOf(prompt, "reviews.prompt.yml")).toEqual({
      url: "/v1/chat/completions",
      body: {
        model: "gpt-4o-mini",
        messages,
        temperature: 0.2,
        top_p: 0.9,
        max_completion_tokens: 300,
        reasoning_effort: "low",
        response_format: {
          type: "json_schema",
          json_schema: { name: "review", strict: true, schema: { type: "object" } },
        },
      },
    });
  });

  it("becomes the body of a response where the endpoint says so", async () => {
    const options = { endpoint: "/v1/responses", baseURL: "https://batch.example/v1" };
    expect(await templateOf(prompt, "reviews.prompt.yaml", options)).toEqual({
      url: "/v1/responses",
      body: {
        model: "openai/gpt-4o-mini",
        input: messages,
        temperature: 0.2,
        top_p: 0.9,
        max_output_tokens: 300,
        reasoning: { effort: "low" },
        text: {
          format: { type: "json_schema", name: "review", strict: true, schema: { type: "object" } },
        },
      },
    });
  });

  const head = "model: m\nmessages: [{role: user, content: hi}]\n";

  it.each<[string, string | undefined, object]>([
    ["responseFormat: text\n", undefined, {}],
    ["responseFormat: json_object\n", undefined, { response_format: { type: "json_object" } }],
    [
      "responseFormat: json_object\n",
      "/v1/responses",
      { text: { format: { type: "json_object" } } },
    ],
    ["modelParameters: {maxCompletionTokens: 5}\n", undefined, { max_completion_tokens: 5 }],
    ["modelParameters: {max_tokens: 5}\n", "/responses", { max_output_tokens: 5 }],
    [
      "modelParameters: {stop: ['{{x}}'], frequencyPenalty: 1}\n",
      undefined,
      { stop: ["{{x}}"], frequency_penalty: 1 },
    ],
    [
      "modelParameters: {reasoningEffort: low, reasoning: {summary: auto}}\n",
      "/v1/responses",
      { reasoning: { summary: "auto", effort: "low" } },
    ],
  ])("with %j for %s has the parameters of its endpoint", async (text, endpoint, expected) => {
    const { body } = await templateOf(head + text, "p.prompt.yml", { endpoint });
    const conversation = [{ role: "user", content: "hi" }];
    const isChat = endpoint === undefined;
    expect(body).toEqual({
      model: "m",
      ...(isChat ? { messages: conversation } : { input: conversation }),
      ...expected,
    });
  });

  it.each<[string, string, number | undefined, string]>([
    ["no messages", "model: m\n", undefined, "no `messages`"],
    ["no message in them", "messages: []\n", 1, "`messages`"],
    ["messages that are texts", "model: m\nmessages: [hi]\n", 2, "`messages`"],
    ["a schema that is missing", `${head}responseFormat: json_schema\n`, 3, "jsonSchema"],
    [
      "a schema that is no JSON",
      `${head}responseFormat: json_schema\njsonSchema: "{"\n`,
      4,
      "jsonSchema",
    ],
    ["an unknown format", `${head}responseFormat: xml\n`, 3, "json_object"],
    [
      "a parameter twice",
      `${head}modelParameters:\n  maxTokens: 1\n  maxCompletionTokens: 2\n`,
      5,
      "twice",
    ],
    ["parameters that are none", `${head}modelParameters: 1\n`, 3, "modelParameters"],
  ])("with %s is told with its line", async (_, text, line, words) => {
    expect(await problemsOf(text, "p.prompt.yml")).toEqual([
      [line, expect.stringContaining(words) as string],
    ]);
  });

  it("is none for another endpoint", async () => {
    expect(await problemsOf(head, "p.prompt.yml", { endpoint: "/v1/embeddings" })).toEqual([
      [undefined, expect.stringContaining("/v1/embeddings") as string],
    ]);
  });
});

test("what readTemplate gives can be changed before it is used", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("t.yml"), "url: /v1/x\nbody: {model: m}\n");
  const template = await readTemplate(folder.at("t.yml"));
  expect({ ...template, url: "/v1/y" }).toEqual({ url: "/v1/y", body: { model: "m" } });
});
