import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { estimateTokens } from "../../../src/batch/cost/tokens.ts";
import { scanInput } from "../../../src/batch/input.ts";
import { sizesOf } from "../../../src/batch/run/part-sizes.ts";
import { splitInput } from "../../../src/batch/split.ts";
import { requestLines } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

test("parts have the tokens of their share of the input", async () => {
  await using folder = await openFolder();
  const path = folder.at("requests.jsonl");
  await writeFile(path, requestLines(40));
  const scan = await scanInput(path);
  const parts = splitInput(scan, { maxRequests: 10 });
  const sizes = sizesOf(scan, parts, { endpoint: scan.endpoint ?? "" });
  const { input } = await estimateTokens(scan);
  const tokens = [
    await sizes.tokensOf(0),
    await sizes.tokensOf(1),
    await sizes.tokensOf(2),
    await sizes.tokensOf(3),
  ];
  for (const one of tokens) expect(Math.abs(one - input / 4)).toBeLessThan(0.1 * input);
  expect(sizes.modelOf(3)).toBe(scan.models[0]);
});
