import { execFile } from "node:child_process";
import { appendFileSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type CacheFile, openCacheFile } from "../../../src/index.ts";
import { failureOf } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const keyFor = (number: number) => number.toString(16).padStart(32, "0");
const lineFor = (id: string, text = "") =>
  `{"id": "batch_req_1", "custom_id": ${JSON.stringify(id)}, "response": {"status_code": 200, "body": {"text": ${JSON.stringify(text)}}}, "error": null}`;

function add(cache: CacheFile, ...answers: readonly (readonly [number, string])[]): void {
  void cache.append(answers.map(([key, line]) => ({ key: keyFor(key), line: Buffer.from(line) })));
}

async function answersOf(
  cache: CacheFile,
  count: number,
): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  const keys = Array.from({ length: count }, (_, number) => keyFor(number));
  for await (const line of cache.read(keys)) {
    found.push(line === undefined ? undefined : Buffer.from(line).toString("utf8"));
  }
  return found;
}

test("answers come back byte for byte, in the same run and in the next", async () => {
  await using folder = await openFolder();
  const cache = await openCacheFile(folder.at("new", "folder", "cache.jsonl"));
  add(cache, [0, lineFor("a", 'é\n"}}')], [2, lineFor("c")]);
  const all = [lineFor("a", 'é\n"}}'), undefined, lineFor("c")];
  expect(await answersOf(cache, 3)).toEqual(all);
  const again = await openCacheFile(cache.file);
  expect(await answersOf(again, 3)).toEqual(all);
  expect([again.answers, again.unreadable]).toEqual([2, { lines: 0, first: undefined }]);
  const [first = ""] = readFileSync(cache.file, "utf8").split("\n");
  expect(JSON.parse(first)).toEqual({ key: keyFor(0), line: JSON.parse(all[0] ?? "") as unknown });
});

test("of several answers to one request the last stands", async () => {
  await using folder = await openFolder();
  const cache = await openCacheFile(folder.at("cache.jsonl"));
  add(cache, [0, lineFor("a", "old")], [1, lineFor("b")]);
  add(cache, [0, lineFor("z", "new")]);
  expect(await answersOf(cache, 2)).toEqual([lineFor("z", "new"), lineFor("b")]);
  expect((await openCacheFile(cache.file)).answers).toBe(2);
});

test("what a kill leaves behind can be read, wherever it has cut, and goes on from there", async () => {
  await using folder = await openFolder();
  const lines = ['{"a":{"b":"}}"}}', '{"custom_id":"b"}', '{"c":[{}]}'];
  const whole = await openCacheFile(folder.at("whole.jsonl"));
  add(whole, ...lines.map((line, number) => [number, line] as const));
  const bytes = readFileSync(whole.file);
  const ends = lines.map(
    (_, at) =>
      bytes
        .toString()
        .split("\n")
        .slice(0, at + 1)
        .join("\n").length,
  );
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const path = folder.at("cut.jsonl");
    writeFileSync(path, bytes.subarray(0, cut));
    const cache = await openCacheFile(path);
    const kept = lines.map((line, at) => (cut >= (ends[at] ?? 0) ? line : undefined));
    expect(await answersOf(cache, 3)).toEqual(kept);
    const torn = cut > 0 && bytes[cut - 1] !== 10 && !ends.includes(cut);
    expect(cache.unreadable.lines).toBe(torn ? 1 : 0);
    add(cache, [3, lineFor("d")]);
    expect(await answersOf(cache, 4)).toEqual([...kept, lineFor("d")]);
    const again = await openCacheFile(path);
    expect(await answersOf(again, 4)).toEqual([...kept, lineFor("d")]);
  }
});

test("lines that are none are left out, counted, and the first is named", async () => {
  await using folder = await openFolder();
  const cache = await openCacheFile(folder.at("cache.jsonl"));
  add(cache, [0, lineFor("a")]);
  appendFileSync(
    cache.file,
    `\n  \n{"key":"00"}\n[]\nnull\n{"key":"${keyFor(1)}","line":"text"}\n`,
  );
  add(cache, [2, lineFor("c")]);
  const again = await openCacheFile(cache.file);
  expect(again.unreadable).toEqual({ lines: 4, first: 4 });
  expect(await answersOf(again, 3)).toEqual([lineFor("a"), undefined, lineFor("c")]);
  expect(await again.lineOf(keyFor(2))).toBe(8);
  expect(await again.lineOf(keyFor(1))).toBeUndefined();
});

test("lines that another program has written again are read, with a mark and carriage returns", async () => {
  await using folder = await openFolder();
  const path = folder.at("cache.jsonl");
  const entries = [
    `{ "line": ${lineFor("a")} , "key": "${keyFor(0)}" }`,
    `{"key":"${keyFor(1)}","note":1,"line":${lineFor("b")}}`,
  ];
  writeFileSync(path, `\uFEFF${entries.join("\r\n")}\r\n`);
  const cache = await openCacheFile(path);
  expect(await answersOf(cache, 2)).toEqual([lineFor("a"), lineFor("b")]);
  expect(cache.unreadable.lines).toBe(0);
});

test("a file that another one has taken the place of is read anew, and no answer goes to another request", async () => {
  await using folder = await openFolder();
  const cache = await openCacheFile(folder.at("cache.jsonl"));
  add(cache, [0, lineFor("a")], [1, lineFor("b")]);
  expect(await answersOf(cache, 2)).toEqual([lineFor("a"), lineFor("b")]);
  const other = await openCacheFile(folder.at("other.jsonl"));
  add(other, [1, lineFor("B")]);
  renameSync(other.file, cache.file);
  expect(await answersOf(cache, 2)).toEqual([undefined, lineFor("B")]);
});

test("a file whose lines were exchanged in place gives no answer of one request to another", async () => {
  await using folder = await openFolder();
  const cache = await openCacheFile(folder.at("cache.jsonl"));
  add(cache, [0, lineFor("a")], [1, lineFor("b")]);
  await answersOf(cache, 2);
  const [first = "", second = ""] = readFileSync(cache.file, "utf8").split("\n");
  writeFileSync(cache.file, `${second}\n${first}\n`);
  expect(await answersOf(cache, 2)).toEqual([undefined, undefined]);
});

test("two that add at once lose nothing of what each has", async () => {
  await using folder = await openFolder();
  const [one, two] = [
    await openCacheFile(folder.at("c.jsonl")),
    await openCacheFile(folder.at("c.jsonl")),
  ];
  for (let number = 0; number < 20; number += 2) {
    add(one, [number, lineFor(`one ${number}`)]);
    add(two, [number + 1, lineFor(`two ${number}`)]);
  }
  expect((await answersOf(one, 20)).filter((line) => line === undefined)).toEqual([]);
  expect(await answersOf(two, 20)).toEqual(await answersOf(one, 20));
});

test("processes that add at once lose nothing of what each has", async () => {
  await using folder = await openFolder();
  const path = folder.at("cache.jsonl");
  const source = new URL("../../../src/batch/cache/append.ts", import.meta.url).href;
  const program = `
    const { appendAnswers } = await import(${JSON.stringify(source)});
    const [from, path] = [Number(process.argv[1]), process.argv[2]];
    for (let round = 0; round < 20; round += 1) {
      const answers = Array.from({ length: 10 }, (_, at) => ({
        key: (from + round * 10 + at).toString(16).padStart(32, "0"),
        line: Buffer.from(JSON.stringify({ custom_id: "x".repeat(5000) })),
      }));
      appendAnswers(path, answers);
    }`;
  const start = async (from: number) =>
    promisify(execFile)(process.execPath, [
      "--input-type=module",
      "-e",
      program,
      String(from),
      path,
    ]);
  await Promise.all([start(0), start(200), start(400)]);
  const cache = await openCacheFile(path);
  expect([cache.answers, cache.unreadable.lines]).toEqual([600, 0]);
});

test("whatever is added in whatever pieces, and cut in between, is read as it is", async () => {
  await using folder = await openFolder();
  const step = fc.oneof(
    fc.record({ add: fc.array(fc.tuple(fc.nat(5), fc.string()), { maxLength: 4 }) }),
    fc.record({ torn: fc.nat(60) }),
  );
  let file = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      file += 1;
      const cache = await openCacheFile(folder.at(`p${file}.jsonl`));
      const wanted = new Map<number, string>();
      for (const one of steps) {
        if ("torn" in one) {
          appendFileSync(
            cache.file,
            `{"key":"${keyFor(9)}","line":{"a":{"b":{}}}`.slice(0, one.torn),
          );
          continue;
        }
        const answers = one.add.map(([key, text]) => [key, lineFor("x", text)] as const);
        add(cache, ...answers);
        for (const [key, line] of answers) wanted.set(key, line);
      }
      const all = Array.from({ length: 6 }, (_, key) => wanted.get(key));
      expect(await answersOf(cache, 6)).toEqual(all);
      expect(await answersOf(await openCacheFile(cache.file), 6)).toEqual(all);
    }),
    { numRuns: 60 },
  );
});

describe("a cache file", () => {
  test("is followed through links, and made where they lead", async () => {
    await using folder = await openFolder();
    symlinkSync(folder.at("there", "kept.jsonl"), folder.at("cache.jsonl"));
    const cache = await openCacheFile(folder.at("cache.jsonl"));
    add(cache, [0, lineFor("a")]);
    expect(readFileSync(folder.at("there", "kept.jsonl"), "utf8")).toContain(keyFor(0));
  });

  test.each([["/dev/null"], ["."]])("is none that cannot be kept: %s", async (path) => {
    expect((await failureOf(openCacheFile(path))).code).toBe("invalid_target");
  });

  test("is no pipe, which is not even opened", async () => {
    await using folder = await openFolder();
    await promisify(execFile)("mkfifo", [folder.at("pipe")]);
    const failure = await failureOf(openCacheFile(folder.at("pipe")));
    expect(failure.message).toContain("is no regular file");
  });
});
