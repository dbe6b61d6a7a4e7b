import { Bytes } from "../../src/simulator/bytes.ts";
import { SimulatorCore } from "../../src/simulator/core.ts";
import { createWriter, type Dialect, type Look, type Writer } from "../../src/simulator/dialect.ts";
import type { Respond } from "../../src/simulator/execution.ts";
import { isJsonObject } from "../../src/simulator/json.ts";
import type { Outcome } from "../../src/simulator/outcome.ts";
import type { BatchObject } from "../../src/simulator/types.ts";
import type { FateName, OutcomeName, ServerPlan } from "./schedule.ts";

/** The account of a schedule: a simulator in the shape of its plan. */
export interface Server {
  readonly core: SimulatorCore;
  readonly write: Writer;
  /** What came of each request in each batch, by batch and `custom_id`. */
  readonly fates: ReadonlyMap<string, ReadonlyMap<string, FateName>>;
}

const anHour = 3_600_000;
/** Of a request of the campaign, by estimate as well. */
const tokensEach = 9;

export function createServer(plan: ServerPlan, now: () => number): Server {
  const fates = new Map<string, Map<string, FateName>>();
  let past = anHour;
  const core = new SimulatorCore({
    now: () => now() - past,
    phases: {
      validating: 2_000,
      inProgress: plan.inProgress,
      finalizing: 1_000,
      cancelling: plan.cancelling,
    },
    listLag: plan.listLag,
    fileLag: plan.fileLag,
    resultLag: plan.resultLag,
    ...(plan.processing > 0 ? { processing: { ms: plan.processing } } : {}),
    list: { order: plan.order, stale: plan.stale, after: plan.after },
    cancelEnded: plan.cancelEnded,
    newId: (kind, ordinal) =>
      `${kind === "batch" ? "batch_" : "file-"}${String(ordinal).padStart(3, "0")}`,
    respond: responder(plan.fates, fates),
    inputTokens: () => tokensEach,
    ...(plan.enqueued === undefined ? {} : { enqueued: { tokens: plan.enqueued * tokensEach } }),
  });
  addForeign(core, plan.foreign, () => {
    past /= 2;
  });
  past = 0;
  for (const outcome of plan.outcomes) core.plan(outcomes[outcome]);
  return { core, write: createWriter(dialectOf(plan)), fates };
}

const outcomes: Readonly<Record<OutcomeName, Outcome>> = {
  completed: "completed",
  expired: "expired",
  full: "failed",
  invalid: {
    kind: "failed",
    errors: [{ code: "model_not_found", message: "There is no such model.", param: null, line: 1 }],
  },
};

const foreignKey = "z";

/** Whether a batch is another user's. */
export function isForeign({ metadata }: Pick<BatchObject, "metadata">): boolean {
  return metadata?.["owner"] === "somebody else";
}

function addForeign(core: SimulatorCore, count: number, pass: () => void): void {
  for (let number = 0; number < count; number += 1) {
    const request = {
      custom_id: foreignKey,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "gpt-5-mini", messages: [{ role: "user", content: `Other ${number}` }] },
    };
    const bytes = Bytes.from(`${JSON.stringify(request)}\n`);
    const file = core.createFile({ filename: "other.jsonl", purpose: "batch", bytes });
    pass();
    core.createBatch({
      input_file_id: file.id,
      endpoint: "/v1/chat/completions",
      completion_window: "24h",
      metadata: { owner: "somebody else", simulator_outcome: "completed" },
    });
  }
}

function responder(
  planned: readonly FateName[],
  fates: Map<string, Map<string, FateName>>,
): Respond {
  let runs = 0;
  return (request) => {
    if (request.custom_id === foreignKey) return undefined;
    const fate = planned[runs] ?? "ok";
    runs += 1;
    const ofBatch = fates.get(request.batch_id) ?? new Map<string, FateName>();
    fates.set(request.batch_id, ofBatch.set(request.custom_id, fate));
    return answers[fate](request.custom_id);
  };
}

const failing = (status: number, code: string) => () => ({
  status_code: status,
  body: { error: { message: "Simulated.", type: "error", param: null, code } },
});
const answered = (custom_id: string | undefined) => ({
  id: `batch_req_${custom_id ?? "nobody"}`,
  ...(custom_id === undefined ? {} : { custom_id }),
  response: { status_code: 200, request_id: "r", body: { object: "chat.completion" } },
  error: null,
});

/** What is answered for each fate; an answer as ever for `ok`. */
const answers: Readonly<Record<FateName, (customId: string) => ReturnType<Respond>>> = {
  ok: () => undefined,
  bad: failing(400, "invalid_value"),
  limited: failing(429, "rate_limit_exceeded"),
  broken: failing(500, "server_error"),
  "status-0": () => ({ status_code: 0, body: null }),
  "never-ran": () => ({ error: { code: "batch_expired", message: "It was not run." } }),
  "left-out": () => ({ line: null }),
  unreadable: (id) => ({ line: JSON.stringify(answered(id)).slice(0, -20) }),
  nameless: () => ({ line: answered(undefined) }),
  doubled: (id) => ({
    line: [answered(id), answered(id)].map((line) => JSON.stringify(line)).join("\n"),
  }),
};

const otherWords: Readonly<Record<string, string>> = {
  validating: "queued",
  in_progress: "RUNNING",
  completed: "succeeded",
  failed: "errored",
  cancelling: "canceling",
  cancelled: "canceled",
  expired: "timed_out",
};
const words: Readonly<Record<ServerPlan["words"], Readonly<Record<string, string>>>> = {
  openai: {},
  others: otherWords,
  unknown: { in_progress: "warming_up", finalizing: "folding" },
};

/** Whether an answer shows no metadata. */
function isHidden(metadata: ServerPlan["metadata"], call: Look["call"]): boolean {
  return metadata === "none" || (metadata === "unlisted" && call === "list");
}

function dialectOf(plan: ServerPlan): Dialect {
  const zeros = { total: 0, completed: 0, failed: 0 };
  return {
    batch: (batch, { call }) => ({
      ...batch,
      ...(isHidden(plan.metadata, call) && { metadata: null }),
      status: words[plan.words][batch.status] ?? batch.status,
      ...(plan.counts === "none" && { request_counts: null }),
      ...(plan.counts === "zeros" && { request_counts: zeros }),
    }),
    file: (file) => (plan.fileSizes ? file : { ...file, bytes: 0 }),
    answer: (answer, { method, path }) =>
      method === "GET" && path === "/batches" ? pageOf(answer, plan) : answer,
  };
}

function pageOf(answer: unknown, { brokenEntries, doubledEntries }: ServerPlan): unknown {
  if (!isJsonObject(answer) || !Array.isArray(answer["data"])) return answer;
  const entries: readonly unknown[] = answer["data"];
  const broken = Array.from({ length: brokenEntries }, () => ({ object: "batch" }));
  const data = [...broken, ...(doubledEntries ? entries.flatMap((one) => [one, one]) : entries)];
  return { ...answer, data };
}
