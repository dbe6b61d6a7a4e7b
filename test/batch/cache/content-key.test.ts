import fc from "fast-check";
import { expect, test } from "vitest";

import { contentKey } from "../../../src/batch/cache/content-key.ts";

const baseURL = "https://api.openai.com/v1";
const url = "/v1/chat/completions";

function keyOf(body: string, at: { baseURL?: string; url?: string; id?: string } = {}): string {
  const source = `{"custom_id":"${at.id ?? "r1"}","method":"POST","url":"${at.url ?? url}","body":${body}}`;
  const parsed: unknown = JSON.parse(body);
  const content = { baseURL, url, ...at, body: parsed, source: Buffer.from(source) };
  return contentKey(content).toString("hex");
}

test("the order of keys does not matter, in any depth, and neither does white space", () => {
  expect(keyOf('{"b":[{"y":1,"x":2}],"a":{"d":null,"c":true}}')).toBe(
    keyOf('{ "a": {"c": true, "d": null}, "b": [ {"x": 2, "y": 1} ] }'),
  );
});

test("how a text is escaped does not matter", () => {
  expect(keyOf('{"a":"b/\u00e4","c":"\u2028"}')).toBe(
    keyOf('{"\\u0061":"\\u0062\\/\\u00e4","c":"\\u2028"}'),
  );
  expect(keyOf('{"a":"\\n"}')).not.toBe(keyOf('{"a":"n"}'));
});

test("a key stays what it is, since files of answers are kept for years", () => {
  expect([keyOf('{"b":"é","a":[1,{}]}'), keyOf('{"b":"\\n","a":1e21}')]).toEqual([
    "77824ed276fc181c5c4cb54bbd8ccec3",
    "2110eb963593ad06808ed67240e5476e",
  ]);
});

test("the custom_id does not matter, also beside numbers that JavaScript cannot hold", () => {
  for (const body of ['{"seed":1}', '{"seed":12345678901234567890}']) {
    expect(keyOf(body, { id: "r1" })).toBe(keyOf(body, { id: "12345678901234567891" }));
  }
});

test.each([
  ["another value", '{"a":1}', '{"a":2}'],
  ["a text in the place of a number", '{"a":1}', '{"a":"1"}'],
  ["another order of a list", '{"a":[1,2]}', '{"a":[2,1]}'],
  ["null and nothing", '{"a":null}', "{}"],
  ["a key in a text", '{"a":"b","c":"d"}', '{"a":"b\\",\\"c\\":\\"d"}'],
  [
    "whole numbers beyond what JavaScript holds",
    '{"a":9007199254740993}',
    '{"a":9007199254740992}',
  ],
  ["a number beyond all bounds and null", '{"a":1e999}', '{"a":null}'],
  [
    "a large number and the text of it",
    '{"a":12345678901234567890}',
    '{"a":"n12345678901234567890"}',
  ],
  ["blanks in a text", '{"a":"b "}', '{"a":"b"}'],
])("%s is another question", (_, one, other) => {
  expect(keyOf(one)).not.toBe(keyOf(other));
});

test("another server or another endpoint is another question", () => {
  const keys = [
    keyOf("{}"),
    keyOf("{}", { baseURL: "https://eu.api.openai.com/v1" }),
    keyOf("{}", { url: "/v1/responses" }),
  ];
  expect(new Set(keys).size).toBe(3);
});

test("two bodies have one key exactly when they are equal", () => {
  const body = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
  fc.assert(
    fc.property(body, body, (a, b) => {
      const sorted = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(sorted)
          : typeof value === "object" && value !== null
            ? Object.fromEntries(
                Object.entries(value)
                  .sort(([x], [y]) => (x < y ? -1 : 1))
                  .map(([name, inner]) => [`k${name}`, sorted(inner)]),
              )
            : value;
      const equal = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(keyOf(JSON.stringify(a)) === keyOf(JSON.stringify(b))).toBe(equal);
    }),
  );
});
