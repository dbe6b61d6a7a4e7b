import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InputFields, fieldsOf } from "../../../src/action/inputs/fields.ts";

/** What a reader makes of one text, and what it finds wrong. */
function read<T>(text: string, reader: (fields: InputFields) => T) {
  const problems: string[] = [];
  const fields = fieldsOf(
    () => text,
    (problem) => problems.push(problem),
  );
  return { value: reader(fields), problems };
}

describe("a duration", () => {
  it.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["5h30m", 19_800_000],
    ["2d", 172_800_000],
    ["90", 90_000],
    ["0.05s", 50],
    ["1.5h", 5_400_000],
    [" 1H 30M ", 5_400_000],
    ["1d12h", 129_600_000],
  ])("of %j is %i milliseconds", (text, milliseconds) => {
    const { value, problems } = read(text, (fields) => fields.duration("timeout"));
    expect(problems).toEqual([]);
    expect(value).toBeCloseTo(milliseconds, 6);
  });

  it.each(["0", "0s", "-5s", "5 weeks", "1ms", "5y", "s", "h5", "1e3", "Infinity", "NaN", "١s"])(
    "of %j is refused, by name",
    (text) => {
      const { value, problems } = read(text, (fields) => fields.duration("timeout"));
      expect(value).toBeUndefined();
      expect(problems).toEqual([expect.stringContaining(`\`timeout\` is \`${text}\``)]);
    },
  );

  it("is absent when nothing is given", () => {
    expect(read("  ", (fields) => fields.duration("timeout"))).toEqual({
      value: undefined,
      problems: [],
    });
  });

  it("of any hours, minutes and seconds is their sum", () => {
    const part = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(part, part, part, (h, m, s) => {
        const { value } = read(`${h}h${m}m${s}s`, (fields) => fields.duration("timeout"));
        expect(value).toBe((h * 3_600 + m * 60 + s) * 1_000);
      }),
    );
  });
});

describe("an integer", () => {
  it.each([
    ["0", 0],
    ["007", 7],
    ["+5", 5],
    ["", 20],
  ])("of %j is %i", (text, value) => {
    expect(read(text, (fields) => fields.integer("limit", 20))).toEqual({ value, problems: [] });
  });

  it.each(["-1", "1.0", "1e2", "0x10", "ten", "1 000", "9007199254740993"])(
    "of %j is refused, and the default goes on",
    (text) => {
      const { value, problems } = read(text, (fields) => fields.integer("limit", 20));
      expect(value).toBe(20);
      expect(problems).toEqual([expect.stringMatching(/^`limit` is .* whole number, 0 or more/)]);
    },
  );

  it("has bounds, and tells them", () => {
    const bounded = (text: string) =>
      read(text, (fields) => fields.integer("max-retries", 5, { min: 1, max: 10 }));
    expect(bounded("10").problems).toEqual([]);
    expect(bounded("11").problems.join()).toContain("between 1 and 10");
    expect(bounded("0").problems).toHaveLength(1);
  });
});

describe("a limit of failures", () => {
  const otherwise = { percent: 100 };

  it.each([
    ["0", { count: 0 }],
    ["25", { count: 25 }],
    ["0%", { percent: 0 }],
    ["12.5 %", { percent: 12.5 }],
    ["100%", { percent: 100 }],
    ["", otherwise],
  ])("of %j is %j", (text, value) => {
    const result = read(text, (fields) => fields.failureLimit("max-request-failures", otherwise));
    expect(result).toEqual({ value, problems: [] });
  });

  it.each(["101%", "-1", "-1%", "1.5", "%", "few", "10%%"])("of %j is refused", (text) => {
    const result = read(text, (fields) => fields.failureLimit("max-request-failures", otherwise));
    expect(result.problems).toHaveLength(1);
    expect(result.value).toEqual(otherwise);
  });
});

describe("a flag", () => {
  it.each([
    ["true", true],
    ["TRUE", true],
    ["False", false],
    ["", true],
  ])("of %j is %s", (text, value) => {
    expect(read(text, (fields) => fields.flag("summary", true))).toEqual({ value, problems: [] });
  });

  it.each(["yes", "0", "truee"])("of %j is refused", (text) => {
    expect(read(text, (fields) => fields.flag("summary", true)).problems).toHaveLength(1);
  });
});

describe("a choice", () => {
  it("is one of the values, or the default", () => {
    const choose = (text: string) => read(text, (fields) => fields.oneOf("x", ["a", "b"], "a"));
    expect(choose("b")).toEqual({ value: "b", problems: [] });
    expect(choose("")).toEqual({ value: "a", problems: [] });
    expect(choose("c").problems.join()).toContain("a, b");
  });
});

describe("a list", () => {
  it.each([
    ["batch_1", ["batch_1"]],
    ["batch_1,batch_2", ["batch_1", "batch_2"]],
    ["batch_1\r\nbatch_2\n\n", ["batch_1", "batch_2"]],
    [" a , b\n, c ,", ["a", "b", "c"]],
    ['["a", " b "]', ["a", "b"]],
    ['[\n  "a",\n  "b"\n]', ["a", "b"]],
    ["[]", []],
    ["", []],
  ])("of %j is %j", (text, value) => {
    expect(read(text, (fields) => fields.list("batch-id"))).toEqual({ value, problems: [] });
  });

  it.each(['["a"', "[1, 2]", '["a", null]', "[a]"])("of %j is refused", (text) => {
    const { value, problems } = read(text, (fields) => fields.list("batch-id"));
    expect(value).toEqual([]);
    expect(problems).toEqual([expect.stringContaining("`batch-id`")]);
  });

  it("reads back what an output of several ids holds", () => {
    const id = fc.stringMatching(/^batch_[a-z0-9]{1,20}$/);
    fc.assert(
      fc.property(fc.array(id, { minLength: 1 }), fc.constantFrom(",", "\n", ", "), (ids, by) => {
        expect(read(ids.join(by), (fields) => fields.list("batch-id")).value).toEqual(ids);
        expect(read(JSON.stringify(ids), (fields) => fields.list("batch-id")).value).toEqual(ids);
      }),
    );
  });
});

describe("pairs", () => {
  it.each([
    ["a=1", { a: "1" }],
    ["a = 1 \n\n b=2=3\r\n", { a: "1", b: "2=3" }],
    ["a=", { a: "" }],
    ['{"a": "1", "b": 2, "c": true}', { a: "1", b: "2", c: "true" }],
    ["constructor=x", { constructor: "x" }],
    ["", {}],
  ])("of %j are %j", (text, value) => {
    expect(read(text, (fields) => fields.pairs("metadata"))).toEqual({ value, problems: [] });
  });

  it.each([
    ["a", "key=value"],
    ["=1", "key=value"],
    ["a=1\na=2", "`a` is given twice"],
    ['{"a": "1"', "no JSON object"],
    ['{"a": {"b": 1}}', "`a` must be a text"],
    ['{"a": null}', "`a` must be a text"],
  ])("of %j are refused", (text, told) => {
    const { problems } = read(text, (fields) => fields.pairs("metadata"));
    expect(problems).toEqual([expect.stringContaining(told)]);
  });
});

describe("headers", () => {
  it.each([
    ["api-key: abc", { "api-key": "abc" }],
    ["A: b: c\nD:e", { A: "b: c", D: "e" }],
    ['{"api-key": "a:b"}', { "api-key": "a:b" }],
  ])("of %j are %j", (text, value) => {
    expect(read(text, (fields) => fields.headers("headers"))).toEqual({ value, problems: [] });
  });

  it("that are wrong are told without their values", () => {
    for (const text of [
      "secret-value",
      ": secret-value",
      '{"a": ["secret-value"]}',
      '{"secret-v',
    ]) {
      const { problems } = read(text, (fields) => fields.headers("headers"));
      expect(problems).toHaveLength(1);
      expect(problems.join()).not.toContain("secret-v");
    }
  });
});
