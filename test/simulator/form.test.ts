import fc from "fast-check";
import { expect, test } from "vitest";
import { Bytes, SimulatorApiError } from "../../src/simulator/index.ts";
import { readForm } from "../../src/simulator/form.ts";

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

const FORM = "multipart/form-data; boundary=b";

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
        const { fields, files } = await readForm(stream(form, sizes), FORM);
        expect([...fields]).toEqual([
          ["purpose", "batch"],
          ["none", ""],
        ]);
        const [[name, file] = []] = [...files];
        expect([name, file?.filename]).toEqual(["file", "a.jsonl"]);
        expect(Bytes.from(file?.chunks ?? []).text()).toBe(content);
      },
    ),
  );
});

test.each([
  ["name=file; filename=a.jsonl", "a.jsonl"],
  ["name=\"file\"; filename*=UTF-8''%C3%A4.jsonl", "ä.jsonl"],
  ['filename="n.jsonl"; name="file"', "n.jsonl"],
  ['name="file"; filename="upload"', "upload"],
])("a part with %j has the file name %j", async (disposition, filename) => {
  const { files } = await readForm(stream(`${part(disposition, "x")}--b--`), FORM);
  expect(files.get("file")).toMatchObject({ filename });
});

test.each([
  ["nothing", ""],
  ["a form without an end", part('name="a"', "x")],
  ["a form that ends within a file", part('name="a"; filename="a.jsonl"', "x").slice(0, -1)],
])("%s is no form", async (_, text) => {
  await expect(readForm(stream(text), FORM)).rejects.toBeInstanceOf(SimulatorApiError);
});

test.each([undefined, "text/plain", "multipart/form-data"])(
  "a body of type %s is no form",
  async (type) => {
    const text = `${part('name="a"', "x")}--b--`;
    await expect(readForm(stream(text), type)).rejects.toBeInstanceOf(SimulatorApiError);
  },
);

test("the boundary may be quoted", async () => {
  const text = part('name="a"', "x").replace("--b", "--a b") + "--a b--";
  const type = 'multipart/form-data; charset=utf-8; boundary="a b"';
  const { fields } = await readForm(stream(text), type);
  expect([...fields]).toEqual([["a", "x"]]);
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
