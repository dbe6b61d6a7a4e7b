import { writeFileSync } from "node:fs";

import { expect, test } from "vitest";

import { type Answer, BatchClient, readAnswers, runBatch, scanInput } from "../../../src/index.ts";
import { startSimulator } from "../../../src/simulator/index.ts";
import { rejectionOf, requestLines } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";
import { virtualClock } from "../../support/virtual-clock.ts";
import { answerLine, failedLine, jsonl } from "../results/result-server.ts";

const says = (id: string, content: string) =>
  answerLine(id, { response: { status_code: 200, body: { choices: [{ message: { content } }] } } });

async function all(answers: AsyncIterable<Answer>): Promise<readonly Answer[]> {
  const found: Answer[] = [];
  for await (const answer of answers) found.push(answer);
  return found;
}

test("answers are read from output and error files, one a line, in their order", async () => {
  await using folder = await openFolder();
  const [output, errors] = [folder.at("out.jsonl"), folder.at("err.jsonl")];
  writeFileSync(output, `\uFEFF${says("b", "two")}\r\n\n${says("a", '{"n":1}')}`);
  writeFileSync(errors, jsonl([failedLine("c", 429, "rate_limit_exceeded"), "{broken"]));
  const read = await all(readAnswers([output, errors]));
  expect(read.map(({ customId, text, json, problem }) => [customId, text, json, problem])).toEqual([
    ["b", "two", undefined, undefined],
    ["a", '{"n":1}', { n: 1 }, undefined],
    ["c", undefined, undefined, "rate_limit_exceeded"],
    [undefined, undefined, undefined, "unreadable_line"],
  ]);
  expect(read[2]).toMatchObject({ answered: false, message: "no" });
});

test("lines that are longer than a block are read whole", async () => {
  await using folder = await openFolder();
  const long = "ä".repeat(700_000);
  writeFileSync(folder.at("out.jsonl"), jsonl([says("a", long), says("b", "x"), says("c", long)]));
  const read = await all(readAnswers(folder.at("out.jsonl")));
  expect(read.map(({ customId, text }) => [customId, text === long])).toEqual([
    ["a", true],
    ["b", false],
    ["c", true],
  ]);
});

test("what the requests were is known from them", async () => {
  await using folder = await openFolder();
  const request = (custom_id: string, format: string) =>
    JSON.stringify({
      custom_id,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "m", response_format: { type: format } },
    });
  writeFileSync(folder.at("in.jsonl"), jsonl([request("a", "text"), request("b", "json_schema")]));
  writeFileSync(folder.at("out.jsonl"), jsonl([says("b", "Sorry."), says("a", "Hello.")]));
  const scan = await scanInput(folder.at("in.jsonl"));
  const rows = { columns: ["n"], rowOf: (request: number) => ({ n: request }) };
  const read = await all(readAnswers(folder.at("out.jsonl"), { input: { ...scan, rows } }));
  expect(read.map(({ problem, row }) => [problem, row])).toEqual([
    ["not-json", { n: 1 }],
    [undefined, { n: 0 }],
  ]);
});

test("what a run has written is read back", async () => {
  await using folder = await openFolder();
  const clock = virtualClock();
  await using simulator = await startSimulator({ now: () => clock.now(), outcome: "mixed" });
  const client = new BatchClient({ apiKey: "sk-1", baseURL: simulator.url, clock });
  writeFileSync(folder.at("in.jsonl"), requestLines(4));
  const [outputFile, errorFile] = [folder.at("out.jsonl"), folder.at("err.jsonl")];
  await runBatch(client, { input: folder.at("in.jsonl"), outputFile, errorFile });
  const read = await all(readAnswers([outputFile, errorFile]));
  expect(read.filter(({ answered }) => answered)).toHaveLength(3);
  expect(read.map(({ customId }) => customId).sort()).toEqual(["r1", "r2", "r3", "r4"]);
  expect(read[0]).toMatchObject({ finishReason: "stop", model: "gpt-5-nano" });
});

test("a file that is not there is the system's error, and a signal ends the reading", async () => {
  await using folder = await openFolder();
  const missing = await rejectionOf(all(readAnswers(folder.at("none.jsonl"))));
  expect(missing).toMatchObject({ code: "ENOENT" });
  writeFileSync(folder.at("out.jsonl"), jsonl([says("a", "x")]));
  const reason = new Error("Enough.");
  const signal = AbortSignal.abort(reason);
  expect(await rejectionOf(all(readAnswers(folder.at("out.jsonl"), { signal })))).toBe(reason);
});

test("an abort ends the reading behind the answer in hand, also behind the last one", async () => {
  await using folder = await openFolder();
  const path = folder.at("out.jsonl");
  writeFileSync(path, jsonl([says("a", "one"), says("b", "two")]));
  for (const last of ["a", "b"]) {
    const controller = new AbortController();
    const reason = new Error("enough");
    const read: (string | undefined)[] = [];
    const reading = async () => {
      for await (const { customId } of readAnswers(path, { signal: controller.signal })) {
        read.push(customId);
        if (customId === last) controller.abort(reason);
      }
    };
    expect(await rejectionOf(reading())).toBe(reason);
    expect(read.at(-1)).toBe(last);
  }
});
