import { rmSync } from "node:fs";
import { join } from "node:path";

import { compare, type Peer } from "./compare.ts";
import { bytesOf, dataPath } from "./data.ts";
import { newFolder, nodeCommand, peer } from "./processes.ts";
import type { Setting } from "./setting.ts";
import { step } from "./step.ts";
import type { Row } from "./table.ts";

const memoryTarget = 220;
const maxRatio = 1.15;
const folder = newFolder();
const output = join(folder, "output.jsonl");

/** `run` of 208 MB to its end, as a step. */
function run({ baseURL }: Setting, name: string, answersFile?: string): Peer {
  return {
    name,
    command: () =>
      step("main", {
        operation: "run",
        "base-url": baseURL,
        "input-file": dataPath("input", "208MB"),
        // One batch: the server has one.
        "max-bytes-per-batch": String(bytesOf("208MB")),
        "output-file": output,
        ...(answersFile === undefined ? {} : { "answers-file": answersFile }),
      }),
    after: () => {
      rmSync(output);
      if (answersFile !== undefined) rmSync(answersFile);
    },
  };
}

/** What a table of answers costs beside the result lines, and what others take for the table alone. */
export async function answers(setting: Setting): Promise<readonly Row[]> {
  const { baseURL, rounds } = setting;
  const [csv, jsonl] = [join(folder, "answers.csv"), join(folder, "answers.jsonl")];
  const official = peer("openai-answers");
  const args = [baseURL, "file-output-208MB", csv];
  const after = () => {
    rmSync(csv);
  };
  const without = run(setting, "`run`, 208MB, with `output-file`");
  const ours = [
    run(setting, "the same and `answers-file` in CSV", csv),
    run(setting, "the same and `answers-file` in JSONL", jsonl),
  ];
  const peers: readonly Peer[] = [
    without,
    ...ours,
    {
      name: "only the table: `openai`, `JSON.parse` and `csv-stringify`",
      command: () => nodeCommand(official, args),
      after,
    },
    {
      name: "only the table: Python, `json` and `csv`",
      command: () => ({
        program: "python3",
        args: [join(import.meta.dirname, "peers", "answers.py"), ...args],
      }),
      after,
    },
  ];
  const medians = await compare(peers, rounds);
  const base = medians.get(without.name)?.wall ?? Number.NaN;
  return peers.map((one) => {
    const figures = medians.get(one.name);
    if (!ours.includes(one)) return { what: `· ${one.name}`, figures };
    const ratio = (figures?.wall ?? Number.NaN) / base;
    return {
      what: one.name,
      figures,
      ratio,
      target: `≤ ${maxRatio} of the run without, < ${memoryTarget} MiB`,
      held: ratio <= maxRatio && (figures?.memory ?? Number.NaN) < memoryTarget,
    };
  });
}
