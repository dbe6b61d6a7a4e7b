import { writeFile } from "node:fs/promises";

import fc from "fast-check";
import { expect, test } from "vitest";

import { type InputScan, scanInput } from "../../src/index.ts";
import { partSource, splitInput } from "../../src/batch/split.ts";
import { forEachLine, isBlank } from "../../src/batch/input/lines.ts";
import { ENDPOINT, requestLine, requestLines } from "../support/account.ts";
import { openFolder } from "../support/folder.ts";
import { textLike } from "../support/matching.ts";

/** What is sent of a scan in all, whatever the models. */
function sourceOf(scan: InputScan) {
  const parts = splitInput(scan);
  const [first] = parts;
  if (first === undefined) return { name: "", stream: () => [] };
  const ranges = parts.flatMap((part) => part.ranges).sort((x, y) => x.start - y.start);
  return partSource(scan, { ...first, ranges });
}

/** A scan, and what would be sent of it. */
interface Scanned extends InputScan {
  readonly clean: Buffer;
  /** In how many chunks it is read. */
  readonly chunks: number;
}

async function scanOf(content: string | Buffer): Promise<Scanned> {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), content);
  const scan = await scanInput(folder.at("in.jsonl"));
  const chunks: Uint8Array[] = [];
  for await (const chunk of sourceOf(scan).stream()) chunks.push(chunk);
  return { ...scan, clean: Buffer.concat(chunks), chunks: chunks.length };
}

test("a clean file is sent as it is", async () => {
  const text = requestLines(3);
  const scan = await scanOf(text);
  expect(scan).toMatchObject({
    requests: 3,
    bytes: Buffer.byteLength(text),
    endpoint: ENDPOINT,
    models: ["gpt-5-nano"],
    problems: [],
    problemCount: 0,
  });
  expect(scan.clean.toString()).toBe(text);
});

const [a, b] = [requestLine("a"), requestLine("b")];
const mark = "\ufeff";

test.each([
  ["no final newline", `${a}\n${b}`, `${a}\n${b}\n`],
  ["carriage returns", `${a}\r\n${b}\r\n`, `${a}\r\n${b}\r\n`],
  ["a byte order mark (Azure rejects it)", `${mark}${a}\n${b}\n`, `${a}\n${b}\n`],
  ["blank lines", `\n${a}\n\n \t\r\n${b}\n\n\n`, `${a}\n${b}\n`],
  ["a mark, blank lines and no end", `${mark}\r\n${a}\r\n\r\n${b}`, `${a}\r\n${b}\n`],
  ["a mark on a line of its own", `${mark}\n${a}\n${b}\n`, `${a}\n${b}\n`],
  ["spaces around", `  ${a}  \n\t${b}\n`, `  ${a}  \n\t${b}\n`],
])("a file with %s is good, and only its requests are sent", async (_name, text, clean) => {
  const scan = await scanOf(text);
  expect(scan.problems).toEqual([]);
  expect(scan.requests).toBe(2);
  expect(scan.clean.toString()).toBe(clean);
  expect(scan.bytes).toBe(Buffer.byteLength(clean));
});

const body = { model: "m" };
const line = (fields: object) =>
  JSON.stringify({ custom_id: "x", method: "POST", url: ENDPOINT, body, ...fields });

test.each([
  ["no JSON", "{oops", "invalid_json_line", /not valid JSON/],
  ["a list", "[1]", "invalid_json_line", /not a JSON object/],
  ["null", "null", "invalid_json_line", /not a JSON object/],
  ["two objects", `${a}${b}`, "invalid_json_line", /not valid JSON/],
  ["a mark in the middle of the file", `${mark}${b}`, "invalid_json_line", /not valid JSON/],
  ["no custom_id", line({ custom_id: undefined }), "missing_required_parameter", /custom_id/],
  ["an empty custom_id", line({ custom_id: "" }), "missing_required_parameter", /custom_id/],
  [
    "a custom_id that is a number",
    line({ custom_id: 7 }),
    "missing_required_parameter",
    /custom_id/,
  ],
  ["a repeated custom_id", line({ custom_id: "a" }), "duplicate_custom_id", /'a' .* line 2/],
  ["no method", line({ method: undefined }), "invalid_method", /POST/],
  ["another method", line({ method: "GET" }), "invalid_method", /POST/],
  ["no url", line({ url: undefined }), "missing_required_parameter", /url/],
  ["another url", line({ url: "/v1/embeddings" }), "url_mismatch", /\/v1\/embeddings/],
  ["no body", line({ body: undefined }), "missing_required_parameter", /body/],
  ["a body that is a text", line({ body: "{}" }), "missing_required_parameter", /body/],
  ["a stream", line({ body: { model: "m", stream: true } }), "stream_not_supported", /stream/],
])("a line with %s is found, with its number", async (_name, wrong, code, message) => {
  // The blank line counts, as editors count it.
  const scan = await scanOf(`\n${a}\n\n${wrong}\n`);
  expect(scan.requests).toBe(2);
  expect(scan.problems).toMatchObject([
    { line: 4, code, message: textLike(message), file: scan.files[0] },
  ]);
});

test("bytes that are no UTF-8 are found: the server would fail the batch for them", async () => {
  const wrong = Buffer.concat([
    Buffer.from('{"custom_id":"x","method":"POST","url":"/v1/responses","body":{"input":"'),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}}\n'),
  ]);
  expect((await scanOf(wrong)).problems).toMatchObject([{ line: 1, code: "invalid_json_line" }]);
});

test("UTF-16 is called so, in either order of bytes", async () => {
  const text = Buffer.from(`${mark}${a}\n${b}\n`, "utf16le");
  for (const bytes of [text, Buffer.from(text).swap16()]) {
    const scan = await scanOf(bytes);
    expect(scan.problems[0]).toMatchObject({
      line: 1,
      code: "invalid_json_line",
      message: "the file is UTF-16; save it as UTF-8",
    });
  }
});

test.each([
  ["nothing", ""],
  ["blank lines only", "\n \r\n\t\n"],
  ["a byte order mark only", mark],
])("a file of %s is empty", async (_name, text) => {
  const scan = await scanOf(text);
  expect(scan.problems).toMatchObject([{ code: "empty_file" }]);
  expect(scan.problems[0]).not.toHaveProperty("line");
  expect([scan.requests, scan.bytes, scan.clean.length]).toEqual([0, 0, 0]);
});

test("several problems of one line and of several are all found", async () => {
  const scan = await scanOf(`{"custom_id":"a"}\nnope\n{}\n`);
  expect(scan.problems.map(({ line: at, code }) => `${String(at)} ${code}`)).toEqual([
    "1 invalid_method",
    "1 missing_required_parameter",
    "1 missing_required_parameter",
    "2 invalid_json_line",
    "3 missing_required_parameter",
    "3 invalid_method",
    "3 missing_required_parameter",
    "3 missing_required_parameter",
  ]);
  expect(scan.problemCount).toBe(8);
});

test("problems tell nothing of the prompts", async () => {
  const { problems } = await scanOf(`{"secret prompt": \n${line({ body: "secret prompt" })}\n`);
  expect(problems.length).toBeGreaterThan(0);
  expect(JSON.stringify(problems)).not.toContain("secret prompt");
});

test("only the first problems are kept, all are counted", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), "x\n".repeat(5_000));
  const few = await scanInput(folder.at("in.jsonl"), { maxProblems: 3 });
  expect([few.problems.length, few.problemCount, few.requests]).toEqual([3, 5_000, 5_000]);
  const many = await scanInput(folder.at("in.jsonl"));
  expect(many.problems).toHaveLength(1_000);
});

test("all models are named, each once", async () => {
  const { models } = await scanOf(
    [
      line({ custom_id: "1", body: { model: "m1" } }),
      line({ custom_id: "2", body: { model: "m2" } }),
      line({ custom_id: "3", body: { model: "m1" } }),
      line({ custom_id: "4", body: {} }),
    ].join("\n"),
  );
  expect(models).toEqual(["m1", "m2", ""]);
});

const chunk = 1024 * 1024;

test.each([-2, -1, 0, 1, 2])(
  "a line that ends %d bytes from the border of a chunk is one line",
  async (offset) => {
    const empty = requestLine("").length;
    for (const border of [chunk, 2 * chunk]) {
      const first = requestLine("x".repeat((border + offset - empty - 1) / 2));
      const padded = first + " ".repeat(border + offset - first.length - 1);
      expect(padded.length + 1).toBe(border + offset);
      const text = `${padded}\n${b}\n${a}`;
      const scan = await scanOf(text);
      expect(scan.requests).toBe(3);
      expect(scan.problems).toEqual([]);
      expect(scan.clean.toString() === `${text}\n`).toBe(true);
    }
  },
);

test("a line longer than several chunks is one line", async () => {
  const long = line({ body: { model: "m", input: "\u00e9".repeat(3 * chunk) } });
  const scan = await scanOf(`${a}\n${long}\n${b}\n`);
  expect([scan.requests, scan.problemCount]).toEqual([3, 0]);
  expect(scan.clean.length).toBe(Buffer.byteLength(`${a}\n${long}\n${b}\n`));
});

test("a file with a blank line behind each request is read in as large chunks as any other", async () => {
  const text = requestLines(30_000);
  const plain = await scanOf(text);
  const spaced = await scanOf(text.replaceAll("\n", "\n\n"));
  expect(spaced.clean.toString() === text).toBe(true);
  expect([spaced.requests, spaced.chunks]).toEqual([plain.requests, plain.chunks]);
});

test("whatever the lines are, what is sent is the file without its blank lines", async () => {
  await using folder = await openFolder();
  const part = fc.constantFrom("", " ", "\t\r", "{}", "x", "\u00e9", "[1,2]", "\r", `"\ufeff"`);
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), fc.boolean(), async (parts, end) => {
      const text = parts.join("\n") + (end ? "\n" : "");
      await writeFile(folder.at("in.jsonl"), text);
      const scan = await scanInput(folder.at("in.jsonl"));
      const kept = parts
        .filter((content) => content.trim() !== "")
        .map((content) => `${content}\n`);
      const chunks: Uint8Array[] = [];
      for await (const bytes of sourceOf(scan).stream()) chunks.push(bytes);
      expect(Buffer.concat(chunks).toString()).toBe(kept.join(""));
      expect(scan.requests).toBe(kept.length);
      expect(scan.bytes).toBe(Buffer.byteLength(kept.join("")));
    }),
    { numRuns: 150 },
  );
});

test("lines know where they are", async () => {
  await using folder = await openFolder();
  await writeFile(folder.at("in.jsonl"), "a\n\nbc");
  const seen: unknown[] = [];
  await forEachLine(folder.at("in.jsonl"), ({ bytes, utf8, ...where }) => {
    expect(utf8 || bytes.length < 3).toBe(true);
    seen.push({ ...where, text: bytes.toString() });
  });
  expect(seen).toEqual([
    { number: 1, start: 0, end: 2, text: "a" },
    { number: 2, start: 2, end: 3, text: "" },
    { number: 3, start: 3, end: 5, text: "bc" },
  ]);
  expect(isBlank(Buffer.from(" \t\r"))).toBe(true);
  expect(isBlank(Buffer.from(" x"))).toBe(false);
});

test("the source is named after file and content, so that the same requests have the same name", async () => {
  await using folder = await openFolder();
  const nameOf = async (file: string, text: string): Promise<string> => {
    await writeFile(folder.at(file), text);
    return sourceOf(await scanInput(folder.at(file))).name;
  };
  const name = await nameOf("in.txt", requestLines(1));
  expect(name).toMatch(/^in-[0-9a-f]{16}\.jsonl$/);
  expect(await nameOf("in.jsonl", requestLines(1))).toBe(name);
  expect(await nameOf("in.jsonl", `${mark}\n${requestLines(1)}\n\n`)).toBe(name);
  expect(await nameOf("in.jsonl", requestLines(2))).not.toBe(name);
});

test("a file that is not there is the system's error", async () => {
  await expect(scanInput("/no/such/file.jsonl")).rejects.toMatchObject({ code: "ENOENT" });
});
