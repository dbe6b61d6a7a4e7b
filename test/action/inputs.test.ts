import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { operationNames, pathFor } from "../../src/action/inputs.ts";
import { type Given, problemsOf, read } from "./problems.ts";

const folder = mkdtempSync(join(tmpdir(), "inputs-"));
const file = join(folder, "requests.jsonl");
writeFileSync(file, "{}\n");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const wait: Given = { operation: "wait", "api-key": "sk-1", "batch-id": "batch_1" };
const create: Given = { operation: "create", "api-key": "sk-1", "input-file": file };

const onGitHub = {
  GITHUB_REPOSITORY: "octocat/hello-world",
  GITHUB_RUN_ID: "1",
  GITHUB_SHA: "ffac537e6cbbf934b08745a378932722df287a53",
  GITHUB_REF: "refs/heads/main",
  GITHUB_WORKFLOW_REF: "octocat/hello-world/.github/workflows/batch.yml@refs/heads/main",
};

describe("an operation", () => {
  it.each(operationNames)("%s is known", async (operation) => {
    const given = { ...wait, operation, "output-file": "results.jsonl", "github-token": "ghs_1" };
    const problems = await problemsOf(
      ["create", "run", "check"].includes(operation) ? { ...given, "input-file": file } : given,
      operation === "collect" ? onGitHub : {},
    );
    expect(problems).toEqual([]);
  });

  it.each(["", "Wait", "batch", "constructor"])("%j is not", async (operation) => {
    const problems = await problemsOf({ ...wait, operation });
    expect(problems).toEqual([expect.stringContaining("`operation`")]);
  });
});

describe("the connection", () => {
  it("is the inputs', then the environment's, then OpenAI's", async () => {
    const env = {
      OPENAI_API_KEY: " sk-env ",
      OPENAI_BASE_URL: "https://env.example/v1/",
      OPENAI_ORG_ID: "org-env",
      OPENAI_PROJECT_ID: "proj-env",
    };
    const given = {
      "api-key": "sk-input",
      "base-url": "https://input.example/v1",
      organization: "org-input",
      project: "proj-input",
    };
    const { connection: fromEnv } = await read({ operation: "list" }, env);
    const { connection: fromInputs } = await read({ operation: "list", ...given }, env);
    const { connection: plain } = await read({ operation: "list", "api-key": "sk-1" });
    expect(fromEnv).toMatchObject({
      apiKey: "sk-env",
      baseURL: "https://env.example/v1",
      organization: "org-env",
      project: "proj-env",
    });
    expect(fromInputs).toMatchObject({
      apiKey: "sk-input",
      baseURL: "https://input.example/v1",
      organization: "org-input",
      project: "proj-input",
    });
    expect(plain).toMatchObject({
      baseURL: "https://api.openai.com/v1",
      organization: undefined,
      requestTimeout: 60_000,
      maxRetries: 5,
    });
  });

  it.each([
    ["api-key", 0],
    ["Authorization", 0],
    ["X-API-Key", 0],
    ["x-portkey-api-key", 0],
    ["X-LiteLLM-API-Key", 0],
    ["x-portkey-provider", 1],
    ["api-key-id", 1],
  ])("that rests on a header %s has %i problems", async (name, count) => {
    const problems = await problemsOf({ operation: "list", headers: `${name}: abc` });
    expect(problems).toHaveLength(count);
  });

  it.each([
    ["http://localhost:8080/v1", 0],
    ["http://127.0.0.1/v1", 0],
    ["http://[::1]:1/v1", 0],
    ["https://a.example", 0],
    ["http://a.example/v1", 1],
    ["http://127.0.0.1.a.example/v1", 1],
    ["http://localhost.a.example", 1],
    ["http://0.0.0.0/v1", 1],
    ["ftp://a.example", 1],
    ["https://user:password@a.example/v1", 1],
    ["https://a.example/v1#x", 1],
    ["nonsense", 1],
  ])("to %s has %i problems", async (url, count) => {
    const problems = await problemsOf({ ...wait, "base-url": url });
    expect(problems).toHaveLength(count);
    expect(problems.join()).not.toContain("password@");
    expect(await problemsOf(wait, { OPENAI_BASE_URL: url })).toHaveLength(count);
  });

  it.each(["sk-a\nsk-b", "sk-“quoted”", "sk-a\u0000b"])(
    "with a key that no header can hold (%j) is refused, and the key not told",
    async (key) => {
      const problems = await problemsOf({ ...wait, "api-key": key });
      expect(problems).toEqual([expect.stringContaining("api-key")]);
      expect(problems.join()).not.toContain(key);
    },
  );

  it.each(["organization", "project"])(
    "with an %s that no header can hold is refused",
    async (name) => {
      const problems = await problemsOf({ ...wait, [name]: "a\nb" });
      expect(problems).toEqual([expect.stringContaining(name)]);
    },
  );
});

describe("the bounds of an expiry", () => {
  it.each([
    ["https://api.openai.com:443/v1", 1],
    ["https://api.openai.com.example/v1", 0],
  ])("are those of OpenAI's own server (%s: %i)", async (url, count) => {
    const given = { ...create, "base-url": url, "input-expires-after": "59m" };
    expect(await problemsOf(given)).toHaveLength(count);
  });
});

describe("a file of results", () => {
  const key = { "api-key": "sk-1" };

  it.each([file, join(folder, "*.jsonl"), `${folder}/*.none\n${file}`, `\n${file}\n`])(
    "is none of the files of the input (%j)",
    async (input) => {
      const given = { ...create, operation: "run", "input-file": input };
      for (const name of ["output-file", "error-file"]) {
        expect(await problemsOf({ ...given, [name]: file })).toContain(
          `\`${name}\` and \`input-file\` are the same file.`,
        );
      }
    },
  );

  it.each([
    ["wait", "a/b.jsonl"],
    ["collect", "{batch-id}/b.jsonl"],
    ["collect", "a/b-{batch-id}.jsonl"],
  ])("has a place before anything is paid (%s, %s)", async (operation, path) => {
    const wanted = { ...key, operation, "batch-id": "batch_1", "github-token": "ghs_1" };
    const below = (parent: string) => ({ ...wanted, "output-file": join(parent, path) });
    expect(await problemsOf(below(join(folder, "new")), onGitHub)).toEqual([]);
    expect(await problemsOf(below(file), onGitHub)).toEqual([
      expect.stringMatching(/^`output-file`: .* cannot be written.*Choose/),
    ]);
  });
});

describe("metadata", () => {
  it.each([
    [`${"k".repeat(64)}=${"v".repeat(512)}`, 0],
    [`${"k".repeat(65)}=v`, 1],
    [`k=${"v".repeat(513)}`, 1],
    [Array.from({ length: 17 }, (_, index) => `k${index}=v`).join("\n"), 1],
  ])("of %s has %i problems", async (metadata, count) => {
    expect(await problemsOf({ ...create, metadata })).toHaveLength(count);
  });
});

describe("an expiry", () => {
  it.each([
    ["1h", undefined, 0],
    ["30d", undefined, 0],
    ["3599s", undefined, 1],
    ["31d", undefined, 1],
    ["10m", "https://other.example/v1", 0],
  ])("of %s with the server %s has %i problems", async (text, url, count) => {
    const given = { ...create, "output-expires-after": text, "base-url": url ?? "" };
    expect(await problemsOf(given)).toHaveLength(count);
  });

  it("is in seconds", async () => {
    const inputs = await read({
      ...create,
      "input-expires-after": "1d",
      "output-expires-after": "2h",
    });
    expect(inputs).toMatchObject({
      create: { inputExpiresAfter: 86_400, outputExpiresAfter: 7_200 },
    });
  });
});

describe("the inputs of a wait", () => {
  it("are read once and for all", async () => {
    const inputs = await read({
      ...wait,
      "batch-id": "batch_1,batch_1\nbatch_2",
      "fail-on": "Never",
      "max-request-failures": "5%",
      "on-timeout": "continue",
      timeout: "2h",
      "poll-interval": "90s",
    });
    expect(inputs).toMatchObject({
      operation: "wait",
      choice: { ids: ["batch_1", "batch_2"] },
      results: { failOn: [], maxRequestFailures: { percent: 5 } },
      wait: {
        timeout: 7_200_000,
        onTimeout: "continue",
        pollInterval: 90_000,
        // Whoever raises only the lower bound above the upper one's default means both.
        maxPollInterval: 90_000,
      },
      summary: true,
    });
  });

  it.each([
    [{ "fail-on": "never, failed" }, "stands alone"],
    [{ "fail-on": "done" }, "no final status"],
    [{ "output-file": "a", "error-file": "a" }, "same file"],
    [{ "output-file": "a/b", "error-file": "a/x/../b" }, "same file"],
    [{ "poll-interval": "10s", "max-poll-interval": "9s" }, "shorter than"],
    [{ "batch-id": "batch_1 batch_2" }, "white space"],
    [{ "batch-id": '{"a":1}' }, "JSON object"],
    [{ "batch-id": '{"a":1,"b":2}' }, "JSON object"],
  ])("%j are refused", async (given, told) => {
    expect(await problemsOf({ ...wait, ...given })).toEqual([expect.stringContaining(told)]);
  });

  it("take a request timeout of days", async () => {
    expect(await problemsOf({ ...wait, "request-timeout": "20d" })).toEqual([]);
  });
});

describe("the choice of batches", () => {
  it.each(["wait", "cancel", "retrieve"])(
    "is by id or by what they are (%s)",
    async (operation) => {
      const chosen = { "api-key": "sk-1", operation, "match-metadata": "team=search" };
      expect(await read({ ...chosen, "match-status": "Failed, expired" })).toMatchObject({
        choice: { match: { metadata: { team: "search" }, statuses: ["failed", "expired"] } },
      });
      expect(await problemsOf({ ...chosen, "batch-id": "batch_1" })).toEqual([
        expect.stringContaining("`batch-id` and `match-metadata` are both given"),
      ]);
      expect(await problemsOf({ "api-key": "sk-1", operation })).toEqual([
        expect.stringMatching(/`batch-id` is missing.*`match-metadata` or `match-status`/),
      ]);
    },
  );
});

describe("a choice of batches that cannot be read", () => {
  it.each(["wait", "cancel", "retrieve"])("is one problem (%s)", async (operation) => {
    const chosen = { "api-key": "sk-1", operation };
    const told = async (given: Given) => problemsOf({ ...chosen, ...given });
    expect(await told({ "batch-id": '["batch_1"' })).toEqual([
      "`batch-id` begins with [ but is no JSON array of texts.",
    ]);
    expect(await told({ "match-metadata": "team", "match-status": "failed" })).toEqual([
      expect.stringMatching(/^`match-metadata`: each line must be/),
    ]);
    expect(await told({ "match-metadata": "a=b", "match-status": "[1]" })).toEqual([
      "`match-status` begins with [ but is no JSON array of texts.",
    ]);
  });
});

describe("a status in match-status that the API does not have", () => {
  it.each(["wait", "retrieve", "list", "collect"])(
    "is warned of, since other servers may have it (%s)",
    async (operation) => {
      const file = operation === "list" ? {} : { "output-file": "a" };
      const given = { operation, "api-key": "sk-1", "github-token": "ghs_1", ...file };
      const statuses = "in-progress, paused, Completed, expierd";
      const { warnings } = await read({ ...given, "match-status": statuses }, onGitHub);
      expect(warnings).toEqual([
        expect.stringMatching(/`in-progress`.*Did you mean `in_progress`\?$/),
        expect.stringMatching(/`paused` is no status/),
        expect.stringMatching(/`expierd`.*Did you mean `expired`\?$/),
      ]);
      expect(warnings[1]).not.toContain("mean");
    },
  );
});

describe("the bounds of an expiry", () => {
  it.each([
    ["https://api.openai.com:443/v1", 1],
    ["https://api.openai.com.example/v1", 0],
  ])("are those of OpenAI's own server (%s: %i)", async (url, count) => {
    const given = { ...create, "base-url": url, "input-expires-after": "59m" };
    expect(await problemsOf(given)).toHaveLength(count);
  });
});

describe("metadata", () => {
  it("is measured in characters, of which a sign of two code units is one", async () => {
    const pair = (key: number, value: number) => ({
      ...create,
      metadata: `${"😀".repeat(key)}=${"😀".repeat(value)}`,
    });
    expect(await problemsOf(pair(64, 512))).toEqual([]);
    expect(await problemsOf(pair(65, 513))).toEqual([
      expect.stringContaining("has 65 characters but may have 64"),
      expect.stringContaining("has 513 characters but may have 512"),
    ]);
  });
});

describe("the inputs of on-timeout: dispatch", () => {
  const dispatch = { ...wait, "on-timeout": "dispatch", "github-token": "ghs_1" };

  it.each([
    ["refs/heads/feature/a", "feature/a"],
    ["refs/tags/v1", "v1"],
  ])("name the workflow and its ref (%s)", async (ref, name) => {
    expect(await read(dispatch, { ...onGitHub, GITHUB_REF: ref })).toMatchObject({
      wait: { onTimeout: "dispatch", dispatch: { file: "batch.yml", ref: name } },
      github: { token: "ghs_1", commitStatus: undefined },
    });
  });

  it.each<[string, Given, Readonly<Record<string, string>>, RegExp]>([
    ["outside of a workflow", {}, { GITHUB_WORKFLOW_REF: "" }, /GITHUB_WORKFLOW_REF/],
    [
      "in a pull request",
      {},
      { GITHUB_REF: "refs/pull/7/merge" },
      /pull request.*branches and tags/,
    ],
    ["on a strange ref", {}, { GITHUB_REF: "refs/notes/1" }, /refs\/notes\/1 is no branch/],
    [
      "of another repository's workflow",
      {},
      { GITHUB_WORKFLOW_REF: "octocat/others/.github/workflows/a.yml@refs/heads/main" },
      /not one of octocat\/hello-world/,
    ],
    ["without a token", { "github-token": " " }, {}, /`github-token` is empty/],
    [
      "with rounds",
      {
        operation: "run",
        "batch-id": "",
        "input-file": "examples/requests.jsonl",
        "retry-failed": "2",
      },
      {},
      /does not go with `retry-failed`/,
    ],
  ])("are refused %s", async (_, given, env, told) => {
    const problems = await problemsOf({ ...dispatch, ...given }, { ...onGitHub, ...env });
    expect(problems).toEqual([expect.stringMatching(told)]);
  });
});

describe("the inputs of a collect", () => {
  const collect = {
    operation: "collect",
    "api-key": "sk-1",
    "github-token": "ghs_1",
    "output-file": "out/results.jsonl",
  };

  it("give each batch a file of its own, with its id as a part of the name", async () => {
    const inputs = await read({ ...collect, "error-file": "errors/{batch-id}.jsonl" }, onGitHub);
    if (inputs.operation !== "collect") throw new Error("This is a collect.");
    const { outputFile, errorFile = "" } = inputs.collect;
    expect(pathFor(outputFile, { id: "batch_1" })).toBe("out/results-batch_1.jsonl");
    expect(pathFor(errorFile, { id: "batch_1" })).toBe("errors/batch_1.jsonl");
    const strange = ["batches/a", "batches-a", "..", "x".repeat(500), "x".repeat(501)];
    const paths = strange.map((id) => pathFor(errorFile, { id }));
    expect(new Set(paths).size).toBe(strange.length);
    for (const path of paths) expect(path).toMatch(/^errors\/[\w.-]{3,110}\.jsonl$/);
    expect(inputs.github).toEqual({ token: "ghs_1", commitStatus: "openai-batch" });
  });

  it.each<[string, Given, Readonly<Record<string, string>>, RegExp]>([
    ["without a file", { "output-file": "" }, {}, /`output-file` is missing/],
    [
      "with one file twice, the second of them a table",
      { "output-file": "out/a.csv", "answers-file": "out/a-{batch-id}.csv" },
      {},
      /^`output-file` and `answers-file` are the same file\.$/,
    ],
    [
      "with one file twice",
      { "error-file": "out/results-{batch-id}.jsonl" },
      {},
      /are the same file/,
    ],
    ["outside of a workflow", {}, { GITHUB_REPOSITORY: "" }, /needs GitHub Actions/],
    ["without a token", { "github-token": " " }, {}, /`github-token` is empty/],
    ["with too long a name", { "commit-status": "x".repeat(256) }, {}, /may have 255/],
  ])("are refused %s", async (_, given, env, told) => {
    const problems = await problemsOf({ ...collect, ...given }, { ...onGitHub, ...env });
    expect(problems).toEqual([expect.stringMatching(told)]);
  });
});
