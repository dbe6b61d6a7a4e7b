import { day, type Dialect, line, ok, pageOf, plain, plainCreate, plainFile } from "./dialect.ts";

const longId = `${"bGl0ZWxsbV9wcm94eTttb2RlbDpncHQ7aWQ6YmF0Y2g".repeat(20)}+/==`.replace("/", "_");
const litellmIds = { id: longId, input_file_id: `file_${longId}` };

export const litellm: Dialect = {
  server:
    'LiteLLM: very long base64 ids, an extra header, hidden parameters, error_file_id "" (kaibo#93)',
  base: "/v1",
  headers: { "X-LiteLLM-Tags": "nightly" },
  create: { ...plainCreate, input_file_id: litellmIds.input_file_id },
  answers: {
    file: { ...plainFile, id: litellmIds.input_file_id, _hidden_params: { model_id: "x" } },
    created: { ...plain, ...litellmIds, status: "validating", _hidden_params: { model_id: "x" } },
    batch: [
      ok({ ...plain, ...litellmIds, output_file_id: "", error_file_id: "" }),
      ok({
        ...plain,
        ...litellmIds,
        status: "completed",
        output_file_id: "out",
        error_file_id: "",
      }),
    ],
    list: { "": { ...pageOf({ ...plain, ...litellmIds }), first_id: null, last_id: null } },
    cancel: { status: 400, body: { error: { message: "litellm.BadRequestError", code: "400" } } },
    missing: {
      status: 404,
      body: { error: { message: "litellm.NotFoundError", type: null, param: null, code: "404" } },
    },
    files: { out: `${line("a")}\n` },
  },
  becomes: {
    file: {
      ...plainFile,
      id: litellmIds.input_file_id,
      ...{ _hidden_params: { model_id: "x" } },
    },
    created: {
      ...plain,
      ...litellmIds,
      status: "validating",
      ...{ _hidden_params: { model_id: "x" } },
    },
    statuses: ["in_progress", "completed"],
    batch: { ...plain, ...litellmIds, status: "completed", output_file_id: "out" },
    listed: [longId],
    missing: { status: 404, code: "404", says: /NotFoundError/ },
    results: { total: 1, completed: 1, failed: 0 },
  },
};

export const llamaStack: Dialect = {
  server:
    "llama-stack (ogx): bodies that are texts, error lines without a code, an empty file, no final newline, 409 on cancel",
  base: "/v1",
  create: plainCreate,
  answers: {
    file: plainFile,
    created: {
      ...plain,
      status: "validating",
      request_counts: { completed: 0, failed: 0, total: 0 },
    },
    batch: [
      ok(plain),
      ok({
        ...plain,
        status: "completed",
        output_file_id: "file-out",
        error_file_id: "file-err",
        errors: {
          object: "list",
          data: [{ code: "invalid_request", line: 1, message: "Wrong.", param: null }],
        },
      }),
    ],
    list: { "": { object: "list", data: null, has_more: false } },
    cancel: {
      status: 409,
      body: { detail: "Cannot cancel batch 'batch_1' with status 'completed'" },
    },
    missing: { status: 404, body: { error: { detail: "Batch 'x' not found" } } },
    files: {
      "file-out": [
        line("a", { response: { status_code: 200, body: '{"usage":{"prompt_tokens":1}}' } }),
        line("b", { response: { status_code: 400, body: '{"error":{"code":"bad_value"}}' } }),
        line("c", { response: null, error: { type: "processing_error", message: "x" } }),
      ].join("\n"),
      "file-err": "",
    },
  },
  becomes: {
    file: plainFile,
    created: {
      ...plain,
      status: "validating",
      request_counts: { completed: 0, failed: 0, total: 0 },
    },
    statuses: ["in_progress", "completed"],
    batch: {
      ...plain,
      status: "completed",
      output_file_id: "file-out",
      error_file_id: "file-err",
      errors: { object: "list", data: [{ code: "invalid_request", line: 1, message: "Wrong." }] },
    },
    listed: [],
    missing: { status: 404, says: /Batch 'x' not found/ },
    results: { total: 3, completed: 1, failed: 2 },
    failures: ["bad_value", "processing_error"],
  },
};

const uuids = {
  id: "0f9d1e1c-3a55-4c5b-9d0e-000000000000",
  input_file_id: "1a2b3c4d-3a55-4c5b-9d0e-000000000000",
};
const outputUuid = "2b3c4d5e-3a55-4c5b-9d0e-000000000000";

export const doubleword: Dialect = {
  server: "doubleword: UUIDs, nulls left out, expired_at and a readable output on a live batch",
  base: "/ai/v1",
  create: { ...plainCreate, input_file_id: uuids.input_file_id },
  answers: {
    file: { ...plainFile, id: uuids.input_file_id },
    created: { ...plain, ...uuids, status: "validating" },
    batch: [
      ok({ ...plain, ...uuids, expired_at: day + 9, output_file_id: outputUuid }),
      ok({
        ...plain,
        ...uuids,
        expired_at: day + 9,
        output_file_id: outputUuid,
        status: "completed",
      }),
    ],
    list: { "": pageOf({ ...plain, ...uuids, expired_at: day + 9 }) },
    cancel: { status: 409, body: { error: { message: "It has ended." } } },
    missing: { status: 404, body: "Batch not found" },
    files: { [outputUuid]: `${line("a")}\n${line("b")}\n` },
  },
  becomes: {
    file: { ...plainFile, id: uuids.input_file_id },
    created: { ...plain, ...uuids, status: "validating" },
    statuses: ["in_progress", "completed"],
    batch: {
      ...plain,
      ...uuids,
      status: "completed",
      expired_at: day + 9,
      output_file_id: outputUuid,
    },
    listed: [uuids.id],
    missing: { status: 404, says: /answered with 404/ },
    results: { total: 2, completed: 2, failed: 0 },
  },
};

export const aibrix: Dialect = {
  server: "aibrix and FastAPI servers: {detail}, errors as a bare list",
  base: "/v1",
  create: plainCreate,
  answers: {
    file: plainFile,
    created: { ...plain, status: "created", errors: [] },
    batch: [
      ok(plain),
      ok({
        ...plain,
        status: "failed",
        failed_at: day + 1,
        errors: [{ code: "x", message: "y", line: null }, "a text", null],
      }),
    ],
    list: { "": pageOf(plain) },
    cancel: { status: 409, body: { detail: "It has failed." } },
    missing: {
      status: 422,
      body: {
        detail: [
          {
            loc: ["path", "batch_id"],
            msg: "Input should be a valid UUID",
            type: "uuid",
            input: "x",
          },
        ],
      },
    },
    files: {},
  },
  becomes: {
    file: plainFile,
    created: { ...plain, status: "validating" },
    statuses: ["in_progress", "failed"],
    batch: {
      ...plain,
      status: "failed",
      failed_at: day + 1,
      errors: { object: "list", data: [{ code: "x", message: "y" }, { message: "a text" }] },
    },
    listed: ["batch_1"],
    missing: { status: 422, says: /Input should be a valid UUID/ },
    results: { total: 0, completed: 0, failed: 0 },
  },
};

export const portkey: Dialect = {
  server: "Portkey: headers and a key header of its own, the window immediate",
  base: "/v1",
  headers: { "x-portkey-api-key": "portkey-secret", "x-portkey-provider": "openai" },
  keyless: true,
  create: { ...plainCreate, completion_window: "immediate" },
  answers: {
    file: { ...plainFile, provider: "openai" },
    created: { ...plain, completion_window: "immediate", status: "validating" },
    batch: [
      ok({
        ...plain,
        completion_window: "immediate",
        status: "completed",
        output_file_id: "out",
        request_counts: { total: 1 },
      }),
    ],
    list: { "": pageOf(plain) },
    cancel: { status: 409, body: { status: "failure", message: "It has ended." } },
    missing: { status: 404, body: { status: "failure", message: "Batch does not exist" } },
    files: { out: `${line("a")}\n` },
  },
  becomes: {
    file: { ...plainFile, ...{ provider: "openai" } },
    created: { ...plain, completion_window: "immediate", status: "validating" },
    statuses: ["completed"],
    batch: {
      ...plain,
      completion_window: "immediate",
      status: "completed",
      output_file_id: "out",
      request_counts: { total: 1, completed: 0, failed: 0 },
    },
    listed: ["batch_1"],
    missing: { status: 404, says: /Batch does not exist/ },
    results: { total: 1, completed: 1, failed: 0 },
  },
};

const page = "<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>";

export const gateway: Dialect = {
  server:
    "gateways: web pages for errors, {batch}, spellings of their own, files at a storage host",
  base: "/proxy/v1",
  headers: { "x-gateway-token": "gateway-secret" },
  create: plainCreate,
  answers: {
    file: plainFile,
    created: { batch: { ...plain, status: "IN-PROGRESS" } },
    batch: [
      { status: 502, headers: { "content-type": "text/html" }, body: page },
      { status: 200, headers: { "content-type": "text/html" }, body: page },
      ok({ batch: { ...plain, status: "IN-PROGRESS" } }),
      ok({ batch: { ...plain, status: "canceled", output_file_id: "out" } }),
    ],
    list: { "": pageOf({ batch: plain }) },
    cancel: { status: 409, headers: { "content-type": "text/html" }, body: page },
    missing: { status: 403, headers: { "content-type": "text/html" }, body: page },
    files: { out: `${line("a")}\n` },
    stored: true,
  },
  becomes: {
    file: plainFile,
    created: plain,
    statuses: ["in_progress", "cancelled"],
    batch: { ...plain, status: "cancelled", output_file_id: "out" },
    listed: ["batch_1"],
    missing: { status: 403, says: /answered with 403 and a web page/ },
    results: { total: 1, completed: 1, failed: 0 },
  },
};
