import { day, type Dialect, line, ok, pageOf, plain, plainCreate, plainFile } from "./dialect.ts";

const counts = { total: 2, completed: 1, failed: 1 };
const usage = {
  input_tokens: 5,
  input_tokens_details: { cached_tokens: 1 },
  output_tokens: 6,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 11,
};
const never = {
  errors: null,
  failed_at: null,
  expired_at: null,
  cancelling_at: null,
  cancelled_at: null,
};
const openaiEnd = {
  ...plain,
  model: "gpt-5-nano-2025-08-07",
  status: "completed",
  output_file_id: "file-out",
  error_file_id: "file-err",
  in_progress_at: day + 1,
  expires_at: day + 86_400,
  finalizing_at: day + 2,
  completed_at: day + 3,
  request_counts: counts,
  usage,
  metadata: { run: "7" },
} as const;

export const openai: Dialect = {
  server: "OpenAI: every field, null where there is nothing yet",
  base: "/v1",
  create: { ...plainCreate, metadata: { run: "7" } },
  answers: {
    file: { ...plainFile, status: "processed", expires_at: null, status_details: null },
    created: { ...plain, ...never, status: "validating", output_file_id: null, metadata: {} },
    batch: [ok({ ...plain, ...never, usage: null }), ok({ ...openaiEnd, ...never })],
    list: {
      "": { ...pageOf({ ...plain, id: "batch_2" }), has_more: true, last_id: "batch_2" },
      batch_2: { ...pageOf(plain), first_id: "batch_1", last_id: "batch_1" },
    },
    cancel: {
      status: 409,
      body: { error: { message: "Cannot cancel a batch with status 'completed'.", code: null } },
    },
    missing: {
      status: 404,
      body: {
        error: {
          message: "No batch found with id 'x'.",
          type: "invalid_request_error",
          code: null,
        },
      },
    },
    files: {
      "file-out": `${line("a")}\n`,
      "file-err": `${line("b", {
        response: {
          status_code: 400,
          body: { error: { message: "Wrong.", code: "invalid_value" } },
        },
      })}\n`,
    },
  },
  becomes: {
    file: { ...plainFile, status: "processed" },
    created: { ...plain, status: "validating", metadata: {} },
    statuses: ["in_progress", "completed"],
    batch: openaiEnd,
    listed: ["batch_2", "batch_1"],
    missing: { status: 404, says: /No batch found/ },
    results: counts,
    failures: ["invalid_value"],
  },
};

export const azure: Dialect = {
  server:
    "Azure: an api-key, endpoint null, counts null, an error file that is always named and empty",
  base: "/openai/v1",
  headers: { "api-key": "azure-secret-key" },
  keyless: true,
  create: { ...plainCreate, endpoint: "/chat/completions" },
  answers: {
    file: { ...plainFile, status: "pending", expires_at: day + 1_209_600 },
    created: {
      ...plain,
      endpoint: null,
      request_counts: null,
      error_blob: "",
      status: "validating",
    },
    batch: [
      ok({ ...plain, endpoint: null, request_counts: { total: null, completed: null } }),
      ok({
        ...plain,
        endpoint: null,
        status: "completed",
        output_file_id: "file-out",
        error_file_id: "file-err",
        error_blob: "",
        request_counts: { total: null, completed: null, failed: null },
        usage: null,
        metadata: null,
      }),
    ],
    list: { "": pageOf(plain) },
    cancel: { status: 409, body: { error: { code: "409", message: "It has ended." } } },
    missing: {
      status: 404,
      headers: { "apim-request-id": "apim-1" },
      body: { error: { code: "404", message: "Resource not found" } },
    },
    files: { "file-out": `${line("a")}\n${line("b")}\n`, "file-err": "" },
  },
  becomes: {
    file: { ...plainFile, status: "pending", expires_at: day + 1_209_600 },
    created: { ...plain, endpoint: "", status: "validating" },
    statuses: ["in_progress", "completed"],
    batch: {
      ...plain,
      endpoint: "",
      status: "completed",
      output_file_id: "file-out",
      error_file_id: "file-err",
      request_counts: { total: 0, completed: 0, failed: 0 },
    },
    listed: ["batch_1"],
    missing: { status: 404, code: "404", says: /Resource not found.*|apim-1/ },
    results: { total: 2, completed: 2, failed: 0 },
  },
};

export const olderAzure: Dialect = {
  ...azure,
  server: "Azure, older versions: the list under value",
  base: "/openai",
  answers: { ...azure.answers, list: { "": { value: [plain, { ...plain, id: "batch_0" }] } } },
  becomes: { ...azure.becomes, listed: ["batch_1", "batch_0"] },
};

const groqId = "batch_01jh6x";
const groqEnd = {
  ...plain,
  id: groqId,
  completion_window: "7d",
  status: "expired",
  expired_at: day + 604_800,
  output_file_id: "file_out",
  error_file_id: "file_err",
  request_counts: { total: 2, completed: 1, failed: 1 },
} as const;

export const groq: Dialect = {
  server: "Groq: a window of days, a list without pages",
  base: "/openai/v1",
  create: { ...plainCreate, completion_window: "7d" },
  answers: {
    file: { ...plainFile, id: "file_01jh6x" },
    created: {
      ...plain,
      id: groqId,
      completion_window: "7d",
      status: "validating",
      metadata: null,
    },
    batch: [ok({ ...groqEnd, metadata: null })],
    list: { "": { object: "list", data: [{ ...plain, id: groqId }], paging: {} } },
    cancel: { status: 400, body: { error: { message: "It has expired." } } },
    missing: {
      status: 404,
      body: { error: { message: "Not found", type: "invalid_request_error", code: "not_found" } },
    },
    files: {
      file_out: `${line("a")}\n`,
      file_err: `${line("b", {
        response: null,
        error: { code: "batch_expired", message: "Out of time." },
      })}\n`,
    },
  },
  becomes: {
    file: { ...plainFile, id: "file_01jh6x" },
    created: { ...plain, id: groqId, completion_window: "7d", status: "validating" },
    statuses: ["expired"],
    batch: groqEnd,
    listed: [groqId],
    missing: { status: 404, code: "not_found", says: /Not found/ },
    results: { total: 2, completed: 1, failed: 1 },
    failures: ["batch_expired"],
  },
};

const togetherId = "6b3f8c1e-0000-4000-8000-000000000000";
const togetherJob = {
  id: togetherId,
  user_id: "u1",
  input_file_id: "file-1",
  file_size_bytes: 12,
  job_deadline: "2026-01-02T00:00:00.000Z",
  created_at: "2026-01-01T00:00:00.900Z",
  endpoint: "/v1/chat/completions",
  progress: 12.5,
};
const togetherBatch = { ...plain, ...togetherJob, created_at: day, completion_window: "" };

export const together: Dialect = {
  server: "Together: {job}, capitals, CANCELING, ISO times, a bare list, neither object nor counts",
  base: "/v1",
  create: plainCreate,
  answers: {
    file: { id: "file-1", created_at: "2026-01-01T00:00:00Z", FileType: "jsonl", Processed: true },
    created: { job: { ...togetherJob, status: "VALIDATING" }, warning: "one line was odd" },
    batch: [
      ok({ ...togetherJob, status: "IN_PROGRESS" }),
      ok({ ...togetherJob, status: "CANCELING" }),
      ok({
        ...togetherJob,
        status: "CANCELLED",
        cancelled_at: "2026-01-01T01:00:00Z",
        output_file_id: "file-out",
        error_file_id: "",
      }),
    ],
    list: { "": [{ ...togetherJob, status: "COMPLETED" }] },
    cancel: ok({ ...togetherJob, status: "CANCELLED" }),
    missing: {
      status: 404,
      body: { error: { message: "Batch not found", type: "not_found", param: null, code: null } },
    },
    files: {
      "file-out": [
        '{"custom_id":"a","response":{"status_code":200,"body":{"choices":[{}]}}}',
        '{"custom_id":"b","response":{"status_code":429,"body":{"error":{"code":"busy"}}}}',
      ].join("\n"),
    },
  },
  becomes: {
    file: {
      ...plainFile,
      bytes: 0,
      filename: "",
      ...{ FileType: "jsonl", Processed: true },
    },
    created: { ...togetherBatch, status: "validating" },
    statuses: ["in_progress", "cancelling", "cancelled"],
    batch: {
      ...togetherBatch,
      status: "cancelled",
      cancelled_at: day + 3_600,
      output_file_id: "file-out",
    },
    listed: [togetherId],
    missing: { status: 404, says: /404 not_found.*Batch not found/ },
    results: { total: 2, completed: 1, failed: 1 },
    failures: ["busy"],
  },
};

export const novita: Dialect = {
  server: "Novita: PROGRESS, capitals, times that are texts",
  base: "/openai/v1",
  create: { ...plainCreate, completion_window: "48h" },
  answers: {
    file: { ...plainFile, created_at: String(day) },
    created: { ...plain, completion_window: "48h", status: "VALIDATING", created_at: String(day) },
    batch: [
      ok({ ...plain, status: "PROGRESS", created_at: String(day), in_progress_at: "" }),
      ok({
        ...plain,
        status: "FAILED",
        created_at: String(day),
        failed_at: String(day + 5),
        errors: "",
      }),
    ],
    list: { "": { data: [{ ...plain, status: "FAILED" }], has_more: false, last_id: "" } },
    cancel: { status: 400, body: { code: 400, reason: "INVALID", message: "It has failed." } },
    missing: { status: 404, body: { code: 404, reason: "NOT_FOUND", message: "no batch" } },
    files: {},
  },
  becomes: {
    file: plainFile,
    created: { ...plain, completion_window: "48h", status: "validating" },
    statuses: ["in_progress", "failed"],
    batch: { ...plain, status: "failed", failed_at: day + 5 },
    listed: ["batch_1"],
    missing: { status: 404, code: "404", says: /no batch/ },
    results: { total: 0, completed: 0, failed: 0 },
  },
};

const geminiIds = { id: "batches/abc-1", input_file_id: "files/in-1" };

export const gemini: Dialect = {
  server: "Gemini: ids with a slash",
  base: "/v1beta/openai",
  create: { ...plainCreate, input_file_id: "files/in-1" },
  answers: {
    file: { ...plainFile, id: "files/in-1" },
    created: { ...plain, ...geminiIds, status: "validating" },
    batch: [ok({ ...plain, ...geminiIds, status: "completed", output_file_id: "files/batch-out" })],
    list: { "": pageOf({ ...plain, ...geminiIds }) },
    cancel: { status: 400, body: [{ error: { code: 400, message: "It is done." } }] },
    missing: {
      status: 404,
      body: {
        error: { code: 404, message: "Requested entity was not found.", status: "NOT_FOUND" },
      },
    },
    files: { "files/batch-out": `${line("a")}\n` },
  },
  becomes: {
    file: { ...plainFile, id: "files/in-1" },
    created: { ...plain, ...geminiIds, status: "validating" },
    statuses: ["completed"],
    batch: { ...plain, ...geminiIds, status: "completed", output_file_id: "files/batch-out" },
    listed: ["batches/abc-1"],
    missing: { status: 404, code: "404", says: /entity was not found/ },
    results: { total: 1, completed: 1, failed: 0 },
  },
};

const dashIds = { id: "batch_5c5a", input_file_id: "file-batch-1", completion_window: "14d" };

export const dashscope: Dialect = {
  server: "DashScope: ids and windows of its own, errors an empty object",
  base: "/compatible-mode/v1",
  create: { ...plainCreate, input_file_id: "file-batch-1", completion_window: "14d" },
  answers: {
    file: { ...plainFile, id: "file-batch-1", status: "processed", status_details: "" },
    created: { ...plain, ...dashIds, status: "validating", errors: {}, metadata: {} },
    batch: [
      ok({ ...plain, ...dashIds, errors: {} }),
      ok({
        ...plain,
        ...dashIds,
        status: "completed",
        errors: {},
        output_file_id: "file-batch_output-1",
        error_file_id: "file-batch_error-1",
      }),
    ],
    list: { "": pageOf({ ...plain, ...dashIds }) },
    cancel: { status: 409, body: { error: { message: "It has ended." } } },
    missing: {
      status: 404,
      body: {
        error: { message: "Batch not exist.", type: "invalid_request_error", code: "not_found" },
        request_id: "r-1",
      },
    },
    files: {
      "file-batch_output-1": `${line("a")}\n`,
      "file-batch_error-1": `${line("b", { response: null, error: { code: 500, message: "x" } })}\n`,
    },
  },
  becomes: {
    file: { ...plainFile, id: "file-batch-1", status: "processed" },
    created: { ...plain, ...dashIds, status: "validating", metadata: {} },
    statuses: ["in_progress", "completed"],
    batch: {
      ...plain,
      ...dashIds,
      status: "completed",
      output_file_id: "file-batch_output-1",
      error_file_id: "file-batch_error-1",
    },
    listed: ["batch_5c5a"],
    missing: { status: 404, code: "not_found", says: /Batch not exist/ },
    results: { total: 2, completed: 1, failed: 1 },
    failures: ["500"],
  },
};

export const siliconflow: Dialect = {
  server: "Parasail, DeepInfra, SiliconFlow: the reference's shapes, several models in one batch",
  base: "/v1",
  create: plainCreate,
  answers: {
    file: { code: 20_000, ...plainFile },
    created: { ...plain, status: "in_queue" },
    batch: [
      ok({ ...plain, status: "in_queue" }),
      ok({ ...plain, status: "completed", output_file_id: "o" }),
    ],
    list: { "": pageOf() },
    cancel: { status: 400, body: { code: 20_015, message: "It has ended.", data: null } },
    missing: { status: 404, body: { code: 20_012, message: "No such batch", data: null } },
    files: {
      o: ["llama", "qwen"]
        .map((model) => `${line(model, { response: { status_code: 200, body: { model } } })}\n`)
        .join(""),
    },
  },
  becomes: {
    file: { ...plainFile, ...{ code: 20_000 } },
    // A status that nobody knows passes through.
    created: { ...plain, status: "validating" },
    statuses: ["validating", "completed"],
    batch: { ...plain, status: "completed", output_file_id: "o" },
    listed: [],
    missing: { status: 404, code: "20012", says: /No such batch/ },
    results: { total: 2, completed: 2, failed: 0 },
  },
};
