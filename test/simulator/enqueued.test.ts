import { expect, test } from "vitest";

import { Bytes, type EnqueuedLimit, SimulatorCore } from "../../src/simulator/index.ts";

function open(enqueued: EnqueuedLimit) {
  let now = Date.UTC(2026, 0, 1);
  const core = new SimulatorCore({ now: () => now, enqueued, inputTokens: () => 10 });
  return {
    core,
    pass: (ms: number) => (now += ms),
    create: (model: string, requests: number) => {
      const lines = Array.from({ length: requests }, (_, index) =>
        JSON.stringify({
          custom_id: `r${index}`,
          method: "POST",
          url: "/v1/chat/completions",
          body: { model, messages: [{ role: "user", content: "Hello" }] },
        }),
      );
      const bytes = Bytes.from(`${lines.join("\n")}\n`);
      const file = core.createFile({ filename: "requests.jsonl", purpose: "batch", bytes });
      return core.createBatch({
        input_file_id: file.id,
        endpoint: "/v1/chat/completions",
        completion_window: "24h",
      }).id;
    },
  };
}

test("a batch that has no room beside those of its model fails at its validation and names the limit", () => {
  const { core, create, pass } = open({ tokens: 50 });
  const ids = [create("a", 3), create("b", 5), create("a", 3), create("a", 2)];
  pass(60_000);
  expect(ids.map((id) => core.retrieveBatch(id).status)).toEqual([
    "completed",
    "completed",
    "failed",
    "completed",
  ]);
  expect(core.retrieveBatch(ids[2] ?? "").errors?.data).toEqual([
    {
      code: "token_limit_exceeded",
      message:
        "Enqueued token limit reached for a in organization org-simulated. Limit: 50 enqueued tokens. Please try again once some in_progress batches have been completed.",
      param: null,
      line: null,
    },
  ]);
});

test("a batch that has ended leaves its room to others", () => {
  const { core, create, pass } = open({ tokens: 50 });
  create("a", 5);
  pass(60_000);
  const next = create("a", 5);
  pass(60_000);
  expect(core.retrieveBatch(next).status).toBe("completed");
});

test("where creates are refused there is no batch, and a limit need not be named", () => {
  const { core, create } = open({ tokens: 50, refusedAt: "create", named: false });
  expect(() => create("a", 6)).toThrow(
    "Enqueued token limit reached for a in organization org-simulated. Please try again",
  );
  expect(core.batches).toEqual([]);
});
