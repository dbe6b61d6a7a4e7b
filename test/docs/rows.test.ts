import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";

import { expect, test } from "vitest";

import { readRows, readTemplate, renderRequests } from "../../src/index.ts";
import { openFolder } from "../support/folder.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/rows.md"), "utf8");

/** The only block of a language on the page. */
function blockOf(language: string): string {
  const [block = "", ...more] = [
    ...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g")),
  ].map(([, text = ""]) => text);
  expect(more).toEqual([]);
  return block;
}

test("docs/rows.md shows the request that its rows and template make", async () => {
  await using folder = await openFolder();
  const [rows, template] = [folder.at("rows.csv"), folder.at("template.yml")];
  await writeFile(rows, blockOf("csv"));
  await writeFile(template, blockOf("yaml"));
  const made: unknown[] = [];
  for await (const request of renderRequests(readRows(rows), await readTemplate(template))) {
    made.push(request);
  }
  expect(made).toEqual([JSON.parse(blockOf("json"))]);
});
