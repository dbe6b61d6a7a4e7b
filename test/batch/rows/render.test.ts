import { readFile, writeFile } from "node:fs/promises";

import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import {
  type BatchRequest,
  readRows,
  renderRequests,
  type RequestTemplate,
  type Row,
  scanInput,
} from "../../../src/index.ts";
import { rejectionOf } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const chat = (content: string): RequestTemplate => ({
  url: "/v1/chat/completions",
  body: { model: "m", messages: [{ role: "user", content }] },
});

async function rendered(
  rows: readonly Row[],
  template: RequestTemplate,
): Promise<readonly BatchRequest[]> {
  const requests: BatchRequest[] = [];
  for await (const request of renderRequests(rows, template)) requests.push(request);
  return requests;
}

async function contentOf(content: string, row: Row): Promise<unknown> {
  const [request] = await rendered([row], chat(content));
  const body = request?.body as { messages: readonly { content: unknown }[] };
  return body.messages[0]?.content;
}

describe("a column of a template", () => {
  const row = {
    a: "x",
    "two words": 2,
    n: null,
    list: [1, { b: "}}" }],
    yes: true,
    "": "nameless",
  };

  it.each<[string, unknown]>([
    ["{{a}}", "x"],
    ["{{ a }}", "x"],
    ["{{list}}", [1, { b: "}}" }]],
    ["{{n}}", null],
    ["{{two words}}", 2],
    ["{{yes}}", true],
    ["{{}}", "nameless"],
    ["<{{a}}{{a}}>", "<xx>"],
    ["{{two words}} {{yes}} {{n}}.", "2 true ."],
    ["list: {{list}}", 'list: [1,{"b":"}}"}]'],
    ["\\{{a}} {{a}}", "{{a}} x"],
    ["\\{{a}}", "{{a}}"],
    ["\\\\{{a}}", "\\{{a}}"],
    ["{{{a}}}", "{x}"],
    ["{a} }} {{", "{a} }} {{"],
    ["{{a}}\n", "x\n"],
  ])("in %j gives %j", async (content, expected) => {
    expect(await contentOf(content, row)).toEqual(expected);
  });

  it.each(["{{A}}", "{{toString}}", "{{__proto__}}", "{{constructor}}"])(
    "that the row has not of its own (%s) is a problem that names those that there are",
    async (content) => {
      const error = await rejectionOf(rendered([row], chat(content)));
      expect(error).toMatchObject({
        code: "invalid_input",
        message: expect.stringContaining('there are "a", "two words"') as string,
      });
    },
  );

  it("may have any name, also those that JavaScript has a meaning for", async () => {
    const odd = JSON.parse('{"__proto__":"p","constructor":1,"id":"i"}') as Row;
    const template = JSON.parse(
      '{"url":"/v1/x","body":{"__proto__":"{{__proto__}}","toString":"{{constructor}}"}}',
    ) as RequestTemplate;
    const [request] = await rendered([odd], template);
    expect(JSON.stringify(request?.body)).toBe('{"__proto__":"p","toString":1}');
  });
});

describe("a request's custom_id", () => {
  const ids = async (rows: readonly Row[], customId?: string | number) =>
    (await rendered(rows, { ...chat("hi"), custom_id: customId })).map(({ custom_id: id }) => id);

  it("is the template's, else the row's custom_id, else its id, else its number", async () => {
    expect(await ids([{ a: 1 }, { a: "b" }], "t-{{a}}")).toEqual(["t-1", "t-b"]);
    expect(await ids([{ a: 7 }], "{{a}}")).toEqual(["7"]);
    expect(await ids([{ a: 7 }], 5)).toEqual(["5"]);
    expect(await ids([{ custom_id: "c", id: "i" }, { id: 3 }, { x: 1 }])).toEqual([
      "c",
      "3",
      "row-3",
    ]);
  });

  it.each([
    { id: "" },
    { id: null },
    { id: {} },
    { custom_id: "", id: "x" },
    { custom_id: null },
    { custom_id: null, id: "x" },
  ])("that is none (%j) is a problem", async (row) => {
    expect(await rejectionOf(ids([row]))).toMatchObject({ code: "invalid_input" });
  });
});

describe("rows of files", () => {
  it("are told at the user's own file and line, all problems together, and a column once a file", async () => {
    await using folder = await openFolder();
    const [a, b, c] = [folder.at("a.csv"), folder.at("b.jsonl"), folder.at("c.csv")];
    await writeFile(a, 'id,text\nr1,"one\ntwo"\nr2\nr1,three\n,four\n');
    await writeFile(b, '{"id":"r5","text":"t"}\n{"id":"r6"}\n');
    await writeFile(c, "id\nr7\nr8\n");
    await using scan = await scanInput([a, b, c], { template: chat("{{text}}") });
    expect(scan.problems.map(({ file, line, code }) => [file, line, code])).toEqual([
      [a, 4, "invalid_row"],
      [a, 5, "duplicate_custom_id"],
      [a, 6, "missing_required_parameter"],
      [b, 2, "missing_column"],
      [c, 1, "missing_column"],
    ]);
    expect(scan.problems[1]?.message).toBe("custom_id 'r1' is already used in line 2");
    expect(scan.problems[4]?.message).toContain('"text"; there are "id"');
  });

  it("are found again behind their requests, also when the files are gone", async () => {
    await using folder = await openFolder();
    const [a, b] = [folder.at("a.csv"), folder.at("b.ndjson")];
    await writeFile(a, 'text,"a ""b"""\n1,"x\ny"\n2,z\n');
    await writeFile(b, '{"text":3,"more":{"deep":[null]}}\n');
    await using scan = await scanInput([a, b], { template: chat("{{text}}") });
    await writeFile(a, "text\nchanged\n");
    expect(scan.rows?.columns).toEqual(["text", 'a "b"', "more"]);
    expect([0, 1, 2].map((request) => scan.rows?.rowOf(request))).toEqual([
      { text: "1", 'a "b"': "x\ny" },
      { text: "2", 'a "b"': "z" },
      { text: 3, more: { deep: [null] } },
    ]);
    expect(
      [0, 1, 2].map((request) => [scan.sourceFile(request), scan.lineNumber(request)]),
    ).toEqual([
      [a, 2],
      [a, 4],
      [b, 1],
    ]);
  });

  it("are found among many, of several tables with other columns", async () => {
    await using folder = await openFolder();
    const paths = ["a", "b"].map((name) => folder.at(`${name}.csv`));
    for (const [at, path] of paths.entries()) {
      const lines = Array.from({ length: 150 }, (_, row) => `${at}-${row},${"x".repeat(row)}`);
      await writeFile(path, `id,only in ${at}\n${lines.join("\n")}\n`);
    }
    await using scan = await scanInput(paths, { template: chat("hi") });
    for (const request of [299, 0, 63, 64, 149, 150, 213]) {
      const [at, row] = [Math.floor(request / 150), request % 150];
      const expected = { id: `${at}-${row}`, [`only in ${at}`]: "x".repeat(row) };
      expect(scan.rows?.rowOf(request)).toEqual(expected);
    }
  });

  it("make the same bytes and hash each time, in files that go with the scan", async () => {
    await using folder = await openFolder();
    const path = folder.at("rows.csv");
    await writeFile(path, "id,text\nr1,é\nr2,😀\n");
    const options = { template: chat("{{text}}"), temporaryFolder: folder.path };
    const first = await scanInput(path, options);
    const second = await scanInput(path, options);
    expect(first.hash).toBe(second.hash);
    const [requests = ""] = first.files;
    expect(await readFile(requests, "utf8")).toBe(
      ["r1,é", "r2,😀"]
        .map((row) => row.split(","))
        .map(
          ([id = "", text = ""]) =>
            `{"custom_id":"${id}","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"${text}"}]}}\n`,
        )
        .join(""),
    );
    const plain = await scanInput(requests);
    expect(plain).toMatchObject({ hash: first.hash, bytes: first.bytes, requests: 2 });
    await first[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    expect(await folder.list()).toEqual(["rows.csv"]);
  });

  it("are rows in the hands of renderRequests too, with files and lines", async () => {
    await using folder = await openFolder();
    const path = folder.at("rows.csv");
    await writeFile(path, "id,text\nr1,a\nr1,b\n");
    await using scan = await scanInput(renderRequests(readRows(path), chat("{{text}}")));
    expect(scan.problems).toMatchObject([{ file: path, line: 3, code: "duplicate_custom_id" }]);
  });

  it("without a template are one problem that says what to do, for each file", async () => {
    await using folder = await openFolder();
    const path = folder.at("rows.csv");
    await writeFile(path, "id,text\nr1,a\nr2,b\n");
    const { problems } = await scanInput(path);
    expect(problems).toMatchObject([{ file: path, code: "rows_without_template" }]);
    expect(problems[0]?.message).toContain("give the template too");
  });
});

test("a number beyond all that a double holds goes in as it is written", async () => {
  await using folder = await openFolder();
  const path = folder.at("rows.jsonl");
  await writeFile(path, '{"a":1e400}\n{"a":[-2.5E+999,1e-400]}\n');
  await using scan = await scanInput(path, { template: chat("{{a}}") });
  expect(scan.problems).toEqual([]);
  const text = await readFile(scan.files[0] ?? "", "utf8");
  expect([...text.matchAll(/"content":(.*)\}\]\}\}/g)].map(([, content]) => content)).toEqual([
    "1e400",
    "[-2.5E+999,0]",
  ]);
});

test("no rows at all are a problem, wherever they do not come from", async () => {
  const template = chat("{{a}}");
  for (const input of [renderRequests([], template), renderRequests(readRows([]), template)]) {
    await using scan = await scanInput(input);
    expect(scan.problems).toMatchObject([{ code: "no_rows" }]);
  }
  await using scan = await scanInput([], { template });
  expect(scan.problems).toMatchObject([{ code: "no_rows" }]);
  await using requests = await scanInput([]);
  expect(requests.problems).toMatchObject([{ code: "empty_file" }]);
});

test("a template that cannot be written as JSON is a problem like any other", async () => {
  const circular: Record<string, unknown> = {};
  circular["again"] = circular;
  for (const body of [circular, { count: 1n }]) {
    const error = await rejectionOf(rendered([{ a: 1 }], { url: "/v1/x", body }));
    expect(error).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("cannot be written as JSON") as string,
    });
  }
});

test("a custom_id that is the same for all rows is told once", async () => {
  const template = { ...chat("{{a}}"), custom_id: "same" };
  const rows = [{ a: 1 }, { a: 2 }, { a: 3 }];
  await using scan = await scanInput(renderRequests(rows, template));
  expect(scan.problems).toMatchObject([{ line: 2, code: "duplicate_custom_id" }]);
});

test("what rows decide of a request is checked as in a request file", async () => {
  const template = {
    url: "{{url}}",
    body: { model: "{{model}}", input: "{{input}}", stream: "{{s}}" },
  };
  const rows = [
    { url: "/v1/embeddings", model: "a", input: ["x", "y"], s: false },
    { url: "/v1/embeddings", model: "b", input: "x", s: true },
    { url: "/v1/responses", model: "a", input: "x", s: 0 },
    { url: 1, model: "a", input: "x", s: 0 },
  ];
  await using scan = await scanInput(renderRequests(rows, template));
  expect(scan.problems.map(({ line, code }) => [line, code])).toEqual([
    [2, "stream_not_supported"],
    [3, "url_mismatch"],
    [4, "missing_required_parameter"],
  ]);
  expect(scan.models).toEqual(["a", "b"]);
  expect(scan.inputs).toEqual(new Map([[0, 2]]));
});

test("rows from memory that JSON cannot hold are told by position", async () => {
  const ring: Record<string, unknown> = {};
  ring["self"] = ring;
  const rows = [{ a: 1 }, ring, 5 as unknown as Row, { a: 1n }, { a: undefined }];
  await using scan = await scanInput(renderRequests(rows, chat("{{a}}")));
  expect(scan.problems.map(({ file, line, code }) => [file, line, code])).toEqual([
    [undefined, 2, "invalid_row"],
    [undefined, 3, "invalid_row"],
    [undefined, 4, "invalid_row"],
    [undefined, 5, "missing_column"],
  ]);
});

/** 10,000 are run with PROPERTY_RUNS=10000. */
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? 300);

const names = ["a", "b c", "ü", "__proto__", "constructor", "x:y"] as const;

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "{{a}}",
    "\\{{a}}",
    '"}],"role":"system',
    "}}{{",
    "a: b\n- c",
    "${{ secrets.KEY }}",
    "\u2028",
    "$&$1",
    "",
  ),
);
const value = fc.oneof(
  nasty,
  fc.jsonValue({ maxDepth: 2 }).map((json) => JSON.parse(JSON.stringify(json)) as unknown),
);

type Values = Readonly<Record<string, unknown>>;

/** A text of a template beside what it must become. */
interface PlannedText {
  readonly text: string;
  readonly of: (row: Values) => unknown;
}

const inText = (given: unknown) =>
  typeof given === "string" ? given : given === null ? "" : JSON.stringify(given);

const literal = fc
  .string({ unit: fc.constantFrom("x", '"', "{", "}", "\n", "é", "$", ":"), maxLength: 5 })
  // Nothing that makes a mark, also beside another piece.
  .map((text) => text.replaceAll("{", "(").replaceAll("}", ")"));

const piece: fc.Arbitrary<PlannedText> = fc.oneof(
  literal.map((text) => ({ text, of: () => text })),
  fc.constant({ text: "\\{{", of: () => "{{" }),
  fc
    .record({ name: fc.constantFrom(...names), space: fc.constantFrom("", " ", "\n") })
    .map(({ name, space }) => ({
      text: `{{${space}${name}${space}}}`,
      of: (row: Values) => inText(row[name]),
    })),
);

const whole: fc.Arbitrary<PlannedText> = fc
  .constantFrom(...names)
  .map((name) => ({ text: `{{${name}}}`, of: (row) => row[name] }));

const mixed: fc.Arbitrary<PlannedText> = fc
  .array(piece, { minLength: 2, maxLength: 4 })
  .map((pieces) => ({
    // A piece in front keeps a lone column from being the whole text.
    text: `-${pieces.map(({ text }) => text).join("")}`,
    of: (row) => `-${pieces.map(({ of }) => String(of(row))).join("")}`,
  }));

interface PlannedValue {
  readonly template: unknown;
  readonly of: (row: Values) => unknown;
}

const { tree } = fc.letrec<{ tree: PlannedValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(whole, mixed).map(({ text, of }) => ({ template: text, of })),
    fc
      .oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      )
      .map((plain) => ({
        template: Object.is(plain, -0) ? 0 : plain,
        of: () => (Object.is(plain, -0) ? 0 : plain),
      })),
    fc.array(tie("tree"), { maxLength: 3 }).map((items) => ({
      template: items.map(({ template }) => template),
      of: (row: Values) => items.map(({ of }) => of(row)),
    })),
    fc
      .uniqueArray(
        fc.tuple(fc.oneof(fc.constantFrom(...names, "{{a}}"), fc.string()), tie("tree")),
        {
          selector: ([key]) => key,
          maxLength: 3,
        },
      )
      .map((pairs) => ({
        template: Object.fromEntries(pairs.map(([key, { template }]) => [key, template])),
        of: (row: Values) => Object.fromEntries(pairs.map(([key, { of }]) => [key, of(row)])),
      })),
  ),
}));

test("whatever the template and the rows, a request is the template with the values in place and nothing else", async () => {
  const rowOf = fc
    .tuple(...names.map(() => value))
    .map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])));
  await fc.assert(
    fc.asyncProperty(
      tree,
      fc.array(rowOf, { minLength: 1, maxLength: 3 }),
      async (planned, rows) => {
        const url = "/v1/chat/completions";
        const template = { url, body: { model: "m", messages: planned.template } };
        const requests = await rendered(rows, template);
        const expected = rows.map((row, at) => ({
          custom_id: `row-${at + 1}`,
          method: "POST",
          url,
          body: { model: "m", messages: planned.of(row) },
        }));
        // As JSON: `toEqual` does not look at a property called `__proto__`.
        expect(requests.map((request) => JSON.stringify(request))).toEqual(
          expected.map((request) => JSON.stringify(request)),
        );
      },
    ),
    { numRuns },
  );
});
