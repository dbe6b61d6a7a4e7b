import fc from "fast-check";
import { expect, test } from "vitest";

import { memberOf } from "../../../src/batch/cache/member.ts";

function found(json: string, name = "id"): string | undefined {
  const bytes = Buffer.from(json);
  const span = memberOf(bytes, name);
  return span && bytes.toString("utf8", span.start, span.end);
}

test.each([
  ['{"id":"a"}', '"a"'],
  ['{ "x" : {"id":"inner"} , "id" : "a\\"}" , "y":[1] }', '"a\\"}"'],
  ['{"x":"\\"id\\":","id": -1.5e3 }', "-1.5e3"],
  ['{"x":[{"id":1},"]"],"id":{"a":[{}]}}', '{"a":[{}]}'],
  ['{"id":"\\\\","x":1}', '"\\\\"'],
])("finds the member of the object itself: %s", (json, value) => {
  expect(found(json)).toBe(value);
});

test.each([
  ["{}"],
  ["[]"],
  [""],
  ['{"x":{"id":1}}'],
  ['{"id":1,"id":2}'],
  ['{"id":1'],
  ['{"id"'],
  ["nonsense"],
])("finds none where there is none, or more than one: %s", (json) => {
  expect(found(json)).toBeUndefined();
});

test("finds the value of every member of every object", () => {
  const name = fc.stringMatching(/^[a-z_]{1,8}$/);
  const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, maxKeys: 5 });
  fc.assert(
    fc.property(object, fc.constantFrom(undefined, 1, "\t"), (fields, indent) => {
      const json = JSON.stringify(fields, null, indent);
      for (const [key, value] of Object.entries(fields)) {
        expect(JSON.parse(found(json, key) ?? "none")).toEqual(JSON.parse(JSON.stringify(value)));
      }
    }),
  );
});
