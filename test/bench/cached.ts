import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { scanInput } from "../../src/index.ts";
import type { CachedAnswer } from "../../src/batch/cache/answer-cache.ts";
import { appendAnswers } from "../../src/batch/cache/append.ts";
import { customIdOf } from "../../src/batch/results/line.ts";
import { compare } from "./compare.ts";
import { dataFolder, dataPath } from "./data.ts";
import { newFolder, nodeCommand, peer, type Usage } from "./processes.ts";
import type { Setting } from "./setting.ts";
import type { Row } from "./table.ts";

/** Part of the key of an answer, so that the simulator always has it. */
const port = "45871";
const million = 1_000_000;
const targets = { ratio: 1.2, memory: 200 };

/** A run of which 99 % is cached, against reading the cache and writing the results; and many keys. */
export async function cachedRuns({ rounds }: Setting): Promise<readonly Row[]> {
  const cache = join(dataFolder, `cache-${port}.jsonl`);
  await ensureCache(cache);
  const keys = join(dataFolder, "cache-million.jsonl");
  ensureKeys(keys);
  const folder = newFolder();
  const [run, peerRun, open] = ["cached-run", "read-and-write", "open-cache"].map(peer);
  const own = join(folder, "cache.jsonl");
  const results = join(folder, "results.jsonl");
  const told = ({ stdout }: Usage) => Number(stdout.trim());
  const medians = await compare(
    [
      {
        name: "run",
        command() {
          copyFileSync(cache, own);
          rmSync(results, { force: true });
          return nodeCommand(run ?? "", [dataPath("input", "208MB"), own, results, port]);
        },
        wall: told,
      },
      {
        name: "peer",
        command() {
          rmSync(results, { force: true });
          return nodeCommand(peerRun ?? "", [cache, results]);
        },
        wall: told,
      },
      { name: "open", command: () => nodeCommand(open ?? "", [keys]) },
    ],
    rounds,
  );
  const figures = medians.get("run");
  const opened = medians.get("open");
  const ratio = (figures?.wall ?? Number.NaN) / (medians.get("peer")?.wall ?? Number.NaN);
  return [
    {
      what: "Run of 50,000 requests, 99 % cached (208 MB of input, as much of answers)",
      figures,
      ratio,
      note: "against reading the cache file and writing the results",
      target: `at most ${targets.ratio}`,
      held: ratio <= targets.ratio,
    },
    {
      what: "Open a cache of 1,000,000 answers",
      figures: opened,
      target: `under ${targets.memory} MiB`,
      held: (opened?.memory ?? Number.NaN) < targets.memory,
    },
  ];
}

/** Answers to 99 of 100 requests of the input. */
async function ensureCache(path: string): Promise<void> {
  if (existsSync(path)) return;
  const contentsFor = `http://127.0.0.1:${port}/v1`;
  const { ids, contents } = await scanInput(dataPath("input", "208MB"), { contentsFor });
  const output = readFileSync(dataPath("output", "208MB"));
  function* answers(): Generator<CachedAnswer> {
    for (let from = 0; from < output.length;) {
      const end = output.indexOf("\n", from);
      const line = output.subarray(from, end);
      const request = ids.numberOf(customIdOf(line) ?? "") ?? 0;
      if (request % 100 !== 0) yield { key: contents?.keys.textOf(request) ?? "", line };
      from = end + 1;
    }
  }
  appendAnswers(`${path}.partial`, answers());
  renameSync(`${path}.partial`, path);
}

function ensureKeys(path: string): void {
  if (existsSync(path)) return;
  function* answers(): Generator<CachedAnswer> {
    for (let number = 0; number < million; number += 1) {
      // Spread as the bytes of a hash are.
      const key = (BigInt(number) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % (1n << 128n);
      const line = `{"id":"r${number}","custom_id":"r${number}","response":{"status_code":200,"body":{}}}`;
      yield { key: key.toString(16).padStart(32, "0"), line: Buffer.from(line) };
    }
  }
  appendAnswers(`${path}.partial`, answers());
  renameSync(`${path}.partial`, path);
}
