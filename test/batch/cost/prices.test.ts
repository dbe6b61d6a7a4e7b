import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { loadPrices } from "../../../src/batch/cost/prices.ts";
import { noTokens } from "../../../src/batch/results/usage.ts";

const now = Date.UTC(2026, 10, 27);
const million = { ...noTokens, input: 1e6, output: 1e6, total: 2e6 };
const half = { ...million, cachedInput: 500_000 };

describe("a price that was given", () => {
  it.each([
    ["input/output", "1/4", 5],
    ["input/cached/output", "1/0.5/4", 4.75],
    ["with spaces and short decimals", " 1 / .5 / 4. ", 4.75],
    ["nothing for nothing", "0/0", 0],
  ])("is read as %s", async (_, text, dollars) => {
    const prices = await loadPrices({ own: text }, now);
    expect(prices.priceOf("own", half)).toBe(dollars);
  });

  it.each(["1", "1/2/3/4", "a/b", "", "-1/2", "1e9/2"])("is refused as '%s'", async (text) => {
    await expect(loadPrices({ own: text }, now)).rejects.toMatchObject({ code: "invalid_prices" });
  });

  it("also holds for the model's dated snapshots, and stands before the list", async () => {
    const prices = await loadPrices({ "gpt-4o-mini": "1/2", tiny: "3/4" }, now);
    expect(prices.priceOf("gpt-4o-mini-2024-07-18", million)).toBe(3);
    expect(prices.priceOf("tiny-20250101", million)).toBe(7);
    expect(prices.priceOf("tiny-large", million)).toBeUndefined();
  });
});

describe("a price of the list", () => {
  it("is half of what a synchronous call costs, cached tokens included", async () => {
    const prices = await loadPrices(undefined, now);
    // 0.15 and 0.075 cached in, 0.60 out.
    expect(prices.priceOf("gpt-4o-mini", half)).toBeCloseTo((0.075 + 0.0375 + 0.6) / 2, 12);
    expect(prices.priceOf("text-embedding-3-small", { ...noTokens, input: 1e6 })).toBe(0.01);
  });

  it("is that of a snapshot which the list does not name, and a snapshot's own where it does", async () => {
    const prices = await loadPrices(undefined, now);
    const rates = prices.ratesOf("gpt-5-mini");
    expect(rates).toBeDefined();
    expect(prices.ratesOf("gpt-5-mini-2031-01-01")).toEqual(rates);
    expect(prices.ratesOf("gpt-4o-2024-05-13")).not.toEqual(prices.ratesOf("gpt-4o"));
  });

  it("is none for models that it does not know, and for open weights, which anybody may serve", async () => {
    const prices = await loadPrices(undefined, now);
    for (const model of ["", "tiny", "gpt-99", "gpt-oss-20b", "claude-3-haiku"]) {
      expect([model, prices.priceOf(model, million)]).toEqual([model, undefined]);
    }
  });

  it("goes up for each request with a long input", async () => {
    const prices = await loadPrices(undefined, now);
    const short = prices.priceOf("gpt-5.4", { ...noTokens, input: 271_999 });
    const long = prices.priceOf("gpt-5.4", { ...noTokens, input: 272_000 });
    expect((long ?? 0) / (short ?? 1)).toBeCloseTo(2 * (272_000 / 271_999), 9);
  });

  it("is nothing for moderation", async () => {
    const prices = await loadPrices(undefined, now);
    expect(prices.priceOf("omni-moderation-latest", million)).toBe(0);
  });

  it("names the version of the list that is installed", async () => {
    const path = "../../../node_modules/@pydantic/genai-prices/package.json";
    const { name, version } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, path), "utf8"),
    ) as { readonly name: string; readonly version: string }; // As npm wrote it.
    expect((await loadPrices(undefined, now)).source).toBe(`${name} ${version}`);
  });
});
