import { writeFile } from "node:fs/promises";

import { encode, encodeChat } from "gpt-tokenizer/model/gpt-4o";
import { describe, expect, it } from "vitest";

import { estimateCost } from "../../../src/batch/cost/estimate.ts";
import { loadPrices } from "../../../src/batch/cost/prices.ts";
import { spendingOf } from "../../../src/batch/cost/spending.ts";
import { runBatch, scanInput } from "../../../src/index.ts";
import type { BatchRequest, Charge, SimulatorOptions } from "../../../src/simulator/index.ts";
import { openAccount } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const chat = "/v1/chat/completions";
/** Dollars per million tokens that the account is charged: in, cached in, out. */
const tariff: Readonly<Record<string, readonly [number, number, number]>> = {
  "gpt-4o-mini-2024-07-18": [0.075, 0.0375, 0.3],
  "gpt-5-mini": [0.125, 0.0125, 1],
  "text-embedding-3-small": [0.01, 0.01, 0],
};

function charged(charges: readonly Charge[]): number {
  return charges.reduce((sum, { model, ...tokens }) => {
    const [input = 0, cached = 0, output = 0] = tariff[model] ?? [];
    const { input_tokens: all, cached_input_tokens: read, output_tokens: out } = tokens;
    return sum + ((all - read) * input + read * cached + out * output) / 1e6;
  }, 0);
}

async function run(lines: readonly object[], options: SimulatorOptions) {
  await using folder = await openFolder();
  await using account = await openAccount(options);
  const input = folder.at("requests.jsonl");
  await writeFile(input, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const outputFile = folder.at("answers.jsonl");
  const estimate = await estimateCost(await scanInput(input));
  const { results } = await runBatch(account.client, { input, outputFile });
  const prices = await loadPrices(undefined, account.clock.now());
  const spending = spendingOf(results?.usageByModel ?? [], prices);
  return { estimate, spending, charges: account.simulator.ledger().charges };
}

function request(index: number, url: string, body: object): object {
  return { custom_id: `r${index}`, method: "POST", url, body };
}

describe("what the answers cost is what the account is charged", () => {
  it("for chat, under the name of the snapshot that answers, with cached and reasoning tokens", async () => {
    const lines = Array.from({ length: 40 }, (_, index) =>
      request(index, chat, { model: "gpt-4o-mini", messages: [{ role: "user", content: "hi" }] }),
    );
    const { spending, charges } = await run(lines, {
      respond: ({ custom_id }) => {
        const seed = Number(custom_id.slice(1));
        const usage = {
          prompt_tokens: 40_000 + seed * 777,
          completion_tokens: 3_000 + seed,
          total_tokens: 43_000 + seed * 778,
          prompt_tokens_details: { cached_tokens: 1_024 * (seed % 5) },
          completion_tokens_details: { reasoning_tokens: 100 * (seed % 3) },
        };
        return {
          status_code: 200,
          body: { model: "gpt-4o-mini-2024-07-18", choices: [{}], usage },
        };
      },
    });
    expect(charges).toMatchObject([{ answers: 40, cached_input_tokens: 81_920 }]);
    expect(charged(charges)).toBeGreaterThan(0.1);
    expect(spending.cost).toBeCloseTo(charged(charges), 9);
    expect(spending.listCost).toBeCloseTo(2 * charged(charges), 9);
  });

  it("for responses", async () => {
    const lines = Array.from({ length: 10 }, (_, index) =>
      request(index, "/v1/responses", { model: "gpt-5-mini", input: `Question ${index}` }),
    );
    const { spending, charges } = await run(lines, {
      respond: ({ custom_id }) => {
        const seed = Number(custom_id.slice(1));
        const usage = {
          input_tokens: 100_000 + seed,
          input_tokens_details: { cached_tokens: 90_000 },
          output_tokens: 20_000,
          output_tokens_details: { reasoning_tokens: 18_000 },
          total_tokens: 120_000 + seed,
        };
        return { status_code: 200, body: { model: "gpt-5-mini", output: [{}], usage } };
      },
    });
    expect(charges).toMatchObject([{ answers: 10, reasoning_tokens: 180_000 }]);
    expect(spending.cost).toBeCloseTo(charged(charges), 9);
  });

  it("for embeddings", async () => {
    const lines = Array.from({ length: 5 }, (_, index) =>
      request(index, "/v1/embeddings", { model: "text-embedding-3-small", input: ["a", "b"] }),
    );
    const { spending, charges } = await run(lines, { inputTokens: () => 1_000_000 });
    expect(charges).toMatchObject([{ answers: 5, input_tokens: 5_000_000, output_tokens: 0 }]);
    expect(spending.cost).toBeCloseTo(0.05, 9);
  });

  it("and not known where a model has no price, or an answer tells no tokens", async () => {
    const body = { model: "tiny", messages: [{ role: "user", content: "hi" }] };
    const unpriced = await run([request(1, chat, body)], {});
    expect(unpriced.spending).toMatchObject({ cost: undefined, unpriced: ["tiny"] });
    const silent = await run([request(1, chat, { ...body, model: "gpt-5-mini" })], {
      respond: () => ({ status_code: 200, body: { model: "gpt-5-mini", choices: [{}] } }),
    });
    expect(silent.spending).toMatchObject({ cost: undefined, unpriced: [] });
  });

  it("and nothing for requests that failed", async () => {
    const body = { model: "gpt-5-mini", messages: [{ role: "user", content: "hi" }] };
    const { spending } = await run([request(1, chat, body)], { outcome: "all_failed" });
    expect(spending.cost).toBe(0);
  });
});

/** What an account is charged for the input: by the tokenizer's own rule for chats. */
function inputTokens({ url, body }: BatchRequest): number {
  if (url !== chat)
    return [body["input"]]
      .flat()
      .reduce((sum: number, text) => sum + encode(String(text)).length, 0);
  // The requests of these tests are chats of such messages.
  return encodeChat(body["messages"] as Parameters<typeof encodeChat>[0]).length;
}

describe("the estimate's input", () => {
  const words = ["kettle", "Überraschung", "12345", "naïve", "{json}", "東京"];
  const prose = (index: number) =>
    Array.from({ length: 5 + (index % 50) }, (_, at) => words[(index + at) % words.length]).join(
      " ",
    );

  it("is what a chat is charged for", async () => {
    const lines = Array.from({ length: 200 }, (_, index) => {
      const messages = [
        { role: "system", content: "You sort reviews of kitchen appliances." },
        { role: "user", content: prose(index) },
      ];
      return request(index, chat, { model: "gpt-5-mini", messages });
    });
    const { estimate, charges } = await run(lines, { inputTokens });
    expect(estimate.inputTokens).toBe(charges[0]?.input_tokens);
  });

  it("is what embeddings are charged for", async () => {
    const lines = Array.from({ length: 100 }, (_, index) =>
      request(index, "/v1/embeddings", {
        model: "text-embedding-3-small",
        input: [prose(index), prose(index + 1)],
      }),
    );
    const { estimate, spending, charges } = await run(lines, { inputTokens });
    expect(estimate.inputTokens).toBe(charges[0]?.input_tokens);
    expect(estimate.cost).toBeCloseTo(spending.cost ?? Number.NaN, 12);
    expect(estimate.atLeast).toBe(false);
  });
});
