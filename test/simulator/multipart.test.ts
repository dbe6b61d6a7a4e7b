import fc from "fast-check";
import { expect, test } from "vitest";
import { Bytes, SimulatorApiError } from "../../src/simulator/index.ts";
import { boundaryOf, readForm } from "../../src/simulator/multipart.ts";

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

// eslint-disable-next-line @typescript-eslint/require-await -- the form is read from an async source
async function* stream(
  text: string | Buffer,
  sizes: readonly number[] = [],
): AsyncGenerator<Buffer> {
  yield* cut(Buffer.from(text), sizes);
}

const part = (disposition: string, content: string): string =>
  `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}\r\n`;

test("a form is the same however it is cut into chunks", async () => {
  const content = "line\r\n--ad\r\n-- b\r\n\r\n--";
  const form = Buffer.from(
    `${part('name="purpose"', "batch")}${part('name="none"', "")}${part('name="file"; filename="a.jsonl"', content)}--b--\r\nepilogue`,
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 30 }),
      async (sizes) => {
        const parts = await readForm(stream(form, sizes), "b");
        expect(
          parts.map(({ name, filename, chunks }) => [name, filename, Bytes.from(chunks).text()]),
        ).toEqual([
          ["purpose", undefined, "batch"],
          ["none", undefined, ""],
          ["file", "a.jsonl", content],
        ]);
      },
    ),
  );
});

test.each([
  ['name="file"; filename="a \\"b\\".jsonl"', 'a "b".jsonl'],
  ['name="file"; filename="a%22.jsonl"', 'a".jsonl'],
  ["name=file; filename=a.jsonl", "a.jsonl"],
  ["name=\"file\"; filename*=UTF-8''%C3%A4.jsonl", "ä.jsonl"],
  ['filename="n.jsonl"; name="file"', "n.jsonl"],
])("a part with %j has the file name %j", async (disposition, filename) => {
  const [first] = await readForm(stream(`${part(disposition, "x")}--b--`), "b");
  expect(first).toMatchObject({ name: "file", filename });
});

test.each([
  ["nothing", ""],
  ["no last boundary", part('name="a"', "x")],
  ["a part without a disposition", "--b\r\n\r\nx\r\n--b--"],
  ["a part without a name", `${part('filename="a"', "x")}--b--`],
  ["a badly encoded name", `${part("name=a; filename*=UTF-8''%E0%A4", "x")}--b--`],
  ["a header without end", `--b\r\n${"x".repeat(20_000)}`],
])("%s is no form", async (_, text) => {
  await expect(readForm(stream(text), "b")).rejects.toBeInstanceOf(SimulatorApiError);
});

test("the boundary may be quoted", () => {
  expect(boundaryOf('multipart/form-data; charset=utf-8; boundary="a b"')).toBe("a b");
  expect(boundaryOf("multipart/form-data;boundary=ab")).toBe("ab");
  expect(() => boundaryOf("multipart/form-data")).toThrow(SimulatorApiError);
});

test("bytes are the same however they are cut: text, ranges and lines", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "ä", "\n") }),
      fc.array(fc.integer({ min: 0, max: 5 })),
      fc.nat(),
      fc.nat(),
      (text, sizes, first, second) => {
        const whole = Buffer.from(text);
        const bytes = Bytes.from([...cut(whole, sizes)]);
        const [start, end] = [first, second]
          .map((at) => at % (whole.length + 1))
          .sort((a, b) => a - b);
        expect(bytes.text()).toBe(text);
        expect(bytes.read(start, end)).toEqual(whole.subarray(start, end));
        const lines = [...bytes.lines()].map((line) => bytes.read(line.start, line.end).toString());
        expect(lines).toEqual(text === "" ? [] : text.replace(/\n$/, "").split("\n"));
      },
    ),
  );
});

test("a byte array is taken as it is", () => {
  expect(Bytes.from(new Uint8Array([104, 105])).text()).toBe("hi");
});
