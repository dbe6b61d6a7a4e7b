import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { readRequestFiles, RequestFileError } from "../../src/action/request-file.ts";
import { problemSummary } from "../../src/action/summary/problems.ts";
import { scanInput } from "../../src/index.ts";
import { ENDPOINT, rejectionOf, requestLine, requestLines } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { recordingToolkit } from "./toolkit.ts";

const openAI = "https://api.openai.com/v1";

async function read(files: Readonly<Record<string, string>>, endpoint?: string, baseURL = openAI) {
  await using folder = await openFolder();
  const { toolkit } = recordingToolkit();
  const paths: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    await writeFile(folder.at(name), text);
    paths.push(folder.at(name));
  }
  const step = { client: { baseURL }, toolkit, signal: new AbortController().signal };
  const reading = readRequestFiles(step, { files: paths, template: undefined }, endpoint);
  return { paths, outcome: await reading.catch((error: unknown) => error) };
}

function refusalIn(outcome: unknown): RequestFileError {
  if (outcome instanceof RequestFileError) return outcome;
  throw new Error("The files were expected to be refused.");
}

test("an id used in two files is told with both files and lines", async () => {
  const { outcome, paths } = await read({
    "a.jsonl": requestLines(3),
    "b.jsonl": `\n${requestLine("x")}\n${requestLine("r2")}\n`,
  });
  const { message, scan } = refusalIn(outcome);
  expect(scan.problems).toMatchObject([{ file: paths[1], line: 3, code: "duplicate_custom_id" }]);
  expect(message).toContain(`${paths[1] ?? ""}:3: duplicate_custom_id`);
  expect(message).toContain(`${paths[0] ?? ""}, line 2`);
});

test("thousands of problems are all counted, the first ones listed, and nothing of a prompt told", async () => {
  const wrong = '{"custom_id":"secret prompt","method":"GET"\n'.repeat(1_500);
  const { outcome } = await read({ "a.jsonl": wrong + requestLine("a").replace("POST", "GET") });
  const { message, scan } = refusalIn(outcome);
  expect(scan.problemCount).toBe(1_501);
  expect(Object.fromEntries(scan.problemCounts)).toEqual({
    invalid_json_line: 1_500,
    invalid_method: 1,
  });
  expect(message).toContain("1,501 problems");
  expect(message).toContain("and 1481 more");
  expect(message).not.toContain("secret prompt");
  const summary = problemSummary(scan);
  expect(summary).toMatch(/invalid.json.line.*\| 1500 \|/);
  expect(summary.length).toBeLessThan(100_000);
});

test("problems of rows are not said to be in a request file, of which there is none", async () => {
  await using folder = await openFolder();
  const [rows, template] = [folder.at("rows.csv"), folder.at("template.yml")];
  await writeFile(rows, "a,b\n1\n");
  await writeFile(template, "url: /v1/x\nbody: {model: m}\n");
  await using scan = await scanInput(rows, { template });
  const summary = problemSummary(scan);
  expect(summary).toContain("1 problem in the rows and their template");
  expect(summary).not.toContain("request file");
});

test("an endpoint that differs from the lines' url is refused, but not for a /v1 more or less", async () => {
  const { outcome } = await read({ "a.jsonl": requestLines(1) }, "/v1/embeddings");
  expect(refusalIn(outcome).message).toContain("/v1/embeddings");
  const azure = await read({ "a.jsonl": requestLines(1) }, ENDPOINT.replace("/v1", ""));
  expect(azure.outcome).toMatchObject({ endpoint: ENDPOINT.replace("/v1", "") });
});

const bare = '{"custom_id":"a","body":{"model":"m","input":["one","two"]}}\n';

test("lines of just an id and a body are taken by servers that go by the endpoint of the batch", async () => {
  const { outcome } = await read({ "a.jsonl": bare }, "/v1/embeddings", "https://batch.example/v1");
  expect(outcome).toMatchObject({
    endpoint: "/v1/embeddings",
    scan: { requests: 1, problemCount: 0, bytes: bare.length, inputs: new Map([[0, 2]]) },
  });
});

test.each([
  ["on OpenAI's own server", "/v1/embeddings", openAI],
  ["without an endpoint", undefined, "https://batch.example/v1"],
])(
  "lines of just an id and a body are a problem %s, which names what is missing",
  async (_, endpoint, baseURL) => {
    const { outcome } = await read({ "a.jsonl": bare }, endpoint, baseURL);
    expect(refusalIn(outcome).message).toMatch(/method is missing[^]*url is missing/);
  },
);

test("lines that name another url than the endpoint are a problem, also where lines may lack it", async () => {
  const files = { "a.jsonl": bare + requestLine("b") };
  const { outcome } = await read(files, "/v1/embeddings", "https://batch.example/v1");
  expect(refusalIn(outcome).message).toContain("url_mismatch");
});

test("a file that cannot be read is the system's error", async () => {
  const step = {
    client: { baseURL: openAI },
    toolkit: recordingToolkit().toolkit,
    signal: new AbortController().signal,
  };
  const reading = readRequestFiles(
    step,
    { files: ["no/such/file.jsonl"], template: undefined },
    undefined,
  );
  expect(await rejectionOf(reading)).toMatchObject({ code: "ENOENT" });
});
