import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";

import type { Answer } from "../../../src/batch/answers/answer.ts";
import { openFormat } from "../../../src/batch/answers/format.ts";
import { parsedJson } from "../../../src/batch/answers/parsed-json.ts";
import type { Row } from "../../../src/batch/rows/source-rows.ts";

/** The properties hold for 10,000 runs (`PROPERTY_RUNS=10000`); so many are a matter of seconds. */
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 500);

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('"', ",", "\n", "\r", " ", "a", "=", ";", "\t"),
    maxLength: 12,
  }),
  fc.constantFrom("", "\r\n", '""', "\uFEFF", "\u2028", "\0", "é😀", "=1+1", "answer", "custom_id"),
);
const key = fc.oneof(text, fc.constantFrom("a", "b", "answer.a", "row.answer", "1", "__proto__"));
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.maxSafeInteger(), fc.boolean());
const object = fc.dictionary(key, value, { maxKeys: 4 });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const tokens = fc.record({
  input: fc.nat(),
  output: fc.nat(),
  total: fc.nat(),
  cachedInput: fc.nat(),
  reasoning: fc.nat(),
});

const answer: fc.Arbitrary<Answer> = fc
  .record({
    customId: maybe(text),
    text: fc.oneof(
      maybe(text),
      object.map((json) => JSON.stringify(json, undefined, 1)),
    ),
    problem: maybe(text),
    answered: fc.boolean(),
    message: maybe(text),
    finishReason: maybe(text),
    model: maybe(text),
    usage: maybe(tokens),
    cost: maybe(fc.integer({ min: 0, max: 9_999 }).map((cents) => cents / 100)),
    row: fc.constant(undefined),
  })
  .map((fields) => ({
    ...fields,
    json: fields.text === undefined ? undefined : parsedJson(fields.text)?.value,
  }));

interface Table {
  readonly answers: readonly Answer[];
  readonly rows: readonly Row[] | undefined;
}

const table: fc.Arbitrary<Table> = fc
  .array(answer, { minLength: 1, maxLength: 6 })
  .chain((answers) =>
    fc.record({
      answers: fc.constant(answers),
      rows: maybe(fc.array(object, { minLength: answers.length, maxLength: answers.length })),
    }),
  );

async function write(path: string, { answers, rows }: Table): Promise<string> {
  const format = await openFormat(path);
  const kept = answers.map((one) => format.keep(one));
  const parts: Uint8Array[] = [];
  const columns = rows && columnsOf(rows);
  const shapes = [...new Set(kept.map(({ shape }) => shape))];
  const put = format.begin((bytes) => parts.push(Buffer.from(bytes)), { columns, shapes });
  for (const [at, { before, after, shape }] of kept.entries()) {
    put(
      { before: Buffer.from(before), text: undefined, after: Buffer.from(after), shape },
      rows?.[at],
    );
  }
  return Buffer.concat(parts).toString("utf8");
}

const columnsOf = (rows: readonly Row[]) => [...new Set(rows.flatMap((row) => Object.keys(row)))];
/** What is written of a value: a text as it is, but for what UTF-8 cannot say. */
const cell = (given: unknown) =>
  given === undefined || given === null
    ? ""
    : Buffer.from(typeof given === "string" ? given : JSON.stringify(given)).toString("utf8");
const isObject = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === "object" && given !== null && !Array.isArray(given);

const ours = ["custom_id", "answer", "problem", "message", "finish_reason", "model"];
const counts = ["input_tokens", "cached_input_tokens", "output_tokens", "reasoning_tokens", "cost"];
const fieldsOf = ({
  customId,
  text: said,
  problem,
  message,
  finishReason,
  model,
  usage,
  cost,
}: Answer) => [
  ...[customId, said, problem, message, finishReason, model],
  ...[usage?.input, usage?.cachedInput, usage?.output, usage?.reasoning, cost],
];

test("a CSV of answers read back is what went in, for any rows and answers", async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ answers, rows }) => {
      const written = await write("answers.csv", { answers, rows });
      const [header = [], ...cells] = parse(written, { record_delimiter: "\r\n" });
      const columns = rows === undefined ? [] : columnsOf(rows);
      const objects = answers.map(({ json }) => (isObject(json) ? json : {}));
      const keys = [...new Set(objects.flatMap((one) => Object.keys(one)))];
      const own = [...ours, ...counts, ...keys.map((name) => `answer.${name}`)];
      expect(header.slice(columns.length)).toEqual(own.map(cell));
      for (const [at, name] of columns.entries()) {
        if (own.includes(name)) expect(header[at]).toMatch(/^row\./);
        else expect(header[at]).toBe(cell(name));
      }
      expect(cells).toEqual(
        answers.map((one, at) => [
          ...columns.map((name) => {
            const row = rows?.[at] ?? {};
            return cell(Object.hasOwn(row, name) ? row[name] : undefined);
          }),
          ...fieldsOf(one).map(cell),
          ...keys.map((name) => {
            const json = objects[at] ?? {};
            return cell(Object.hasOwn(json, name) ? json[name] : undefined);
          }),
        ]),
      );
    }),
    { numRuns },
  );
});

test("JSON lines of answers read back are what went in, for any rows and answers", async () => {
  await fc.assert(
    fc.asyncProperty(table, async ({ answers, rows }) => {
      const written = await write("answers.jsonl", { answers, rows });
      const lines = written.split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
        answers.map((one, at) => ({
          ...(rows === undefined ? {} : { row: JSON.parse(JSON.stringify(rows[at])) as unknown }),
          ...Object.fromEntries(
            [...ours, ...counts].map((name, field) => [name, fieldsOf(one)[field] ?? null]),
          ),
          json: one.json ?? null,
        })),
      );
    }),
    { numRuns },
  );
});
