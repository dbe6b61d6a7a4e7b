import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createRandom } from "../../src/simulator/random.ts";
import { fractions } from "./fractions.ts";

/** Requests by the name of a size; each line has the same number of bytes. */
export const sizes = { "20MB": 4_800, "208MB": 50_000, "2GB": 480_000 } as const;
export type Size = keyof typeof sizes;

export const isSize = (name: string): name is Size => name in sizes;

const lineBytes = 4_160;
/** Part of the name, so that files of an older generator are not taken for ours. */
const version = 1;

export const dataFolder = join(tmpdir(), `openai-batch-action-bench-${version}`);

export const dataPath = (kind: "input" | "output", size: Size): string =>
  join(dataFolder, `${kind}-${size}.jsonl`);

export const bytesOf = (size: Size): number => sizes[size] * lineBytes;

/** Makes the requests and the answers of a size, unless they are there. Answers come in another order. */
export function ensureData(size: Size): void {
  mkdirSync(dataFolder, { recursive: true });
  const count = sizes[size];
  const order = createRandom(count).permutation(count);
  ensureLines(dataPath("input", size), count, (index) => request(index));
  ensureLines(dataPath("output", size), count, (index) => answer(order[index] ?? index));
}

export const rowsPath = join(dataFolder, "rows-200MB.csv");
const rowCount = 1_000_000;
const rowBytes = 200;

/** Makes a table of a million rows, unless it is there; one cell in ten is quoted and holds quotes and a line end. */
export function ensureRows(): void {
  mkdirSync(dataFolder, { recursive: true });
  const header = "id,title,text,language\n";
  const size = header.length + rowCount * rowBytes;
  if (statSync(rowsPath, { throwIfNoEntry: false })?.size === size) return;
  const text = prose().toString("latin1");
  const random = fractions(11);
  const partial = `${rowsPath}.${process.pid}`;
  const handle = openSync(partial, "w");
  let block = header;
  for (let index = 0; index < rowCount; index += 1) {
    const [head, tail] = [`${customId(index)},Title of ${index},`, ",en-US\n"];
    const marks = index % 10 === 0 ? ['"', ' ""so""\n"'] : ["", ""];
    const room = rowBytes - head.length - tail.length - marks.join("").length;
    const from = Math.floor(random() * (text.length - room));
    block += head + marks.join(text.slice(from, from + room)) + tail;
    if (block.length < 1_000_000 && index < rowCount - 1) continue;
    writeSync(handle, block);
    block = "";
  }
  closeSync(handle);
  renameSync(partial, rowsPath);
}

type Envelope = readonly [head: string, tail: string];

const customId = (index: number) => `request-${String(index).padStart(8, "0")}`;

function request(index: number): Envelope {
  const id = customId(index);
  return [
    `{"custom_id":"${id}","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You summarize."},{"role":"user","content":"`,
    `"}],"max_tokens":1000}}\n`,
  ];
}

function answer(index: number): Envelope {
  const id = customId(index);
  return [
    `{"id":"batch_req_${id}","custom_id":"${id}","response":{"status_code":200,"request_id":"${id}","body":{"id":"chatcmpl-${id}","object":"chat.completion","created":1767225600,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"`,
    `"},"finish_reason":"stop"}],"usage":{"prompt_tokens":900,"completion_tokens":100,"total_tokens":1000}}},"error":null}\n`,
  ];
}

function ensureLines(path: string, count: number, envelope: (index: number) => Envelope): void {
  if (statSync(path, { throwIfNoEntry: false })?.size === count * lineBytes) return;
  const text = prose();
  const random = fractions(7);
  const partial = `${path}.${process.pid}`;
  const handle = openSync(partial, "w");
  const linesAtOnce = 250;
  const block = Buffer.allocUnsafe(linesAtOnce * lineBytes);
  let held = 0;
  for (let index = 0; index < count; index += 1) {
    const [head, tail] = envelope(index);
    held += block.write(head, held, "latin1");
    const room = lineBytes - head.length - tail.length;
    const from = Math.floor(random() * (text.length - room));
    held += text.copy(block, held, from, from + room);
    held += block.write(tail, held, "latin1");
    if (held === block.length || index === count - 1) {
      writeSync(handle, block, 0, held);
      held = 0;
    }
  }
  closeSync(handle);
  renameSync(partial, path);
}

/** Words that may be cut anywhere and still stand inside a JSON text. */
function prose(): Buffer {
  const random = fractions(3);
  const words = Array.from({ length: 500 }, () =>
    Array.from({ length: 2 + Math.floor(random() * 9) }, () =>
      String.fromCharCode(97 + Math.floor(random() * 26)),
    ).join(""),
  );
  const text: string[] = [];
  for (let length = 0; length < 1_000_000;) {
    const word = words[Math.floor(random() * words.length)] ?? "";
    text.push(word);
    length += word.length + 1;
  }
  return Buffer.from(text.join(" "), "latin1");
}
