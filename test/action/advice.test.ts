import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { adviceForBatch, adviceForRequest } from "../../src/action/advice.ts";
import { adviceFor } from "../../src/api/advice.ts";

/** The codes that failed batches were seen with, and those of our own scan. */
const ofBatches = [
  "invalid_json_line",
  "duplicate_custom_id",
  "url_mismatch",
  "invalid_url",
  "invalid_method",
  "model_mismatch",
  "mismatched_model",
  "empty_file",
  "too_many_tasks",
  "model_not_found",
  "token_limit_exceeded",
  "missing_required_parameter",
  "stream_not_supported",
  "batch_failed",
  "rows_without_template",
  "invalid_template",
  "missing_column",
  "duplicate_column",
  "invalid_row",
  "open_quote",
  "no_rows",
];

/** The codes that requests without an answer were seen with, and those that we give. */
const ofRequests = [
  "batch_expired",
  "batch_cancelled",
  "rate_limit_exceeded",
  "server_error",
  "context_length_exceeded",
  "invalid_value",
  "model_not_found",
  "insufficient_quota",
  "result_missing",
  "result_unknown",
  "result_unavailable",
  "no_body",
  "no_response",
  "status_0",
  "unreadable_line",
  "unexpected_line",
  "not_finished",
  "not_sent",
  "http_400",
  "http_401",
  "http_404",
  "http_429",
  "http_503",
];

const refusals: readonly [number, string | undefined][] = [
  [400, undefined],
  [401, "invalid_api_key"],
  [403, undefined],
  [404, undefined],
  [413, undefined],
  [429, undefined],
  [429, "insufficient_quota"],
  [429, "credit_balance_exhausted"],
  [429, "project_spend_limit_exceeded"],
  [429, "rate_limit_exceeded"],
  [400, "model_not_found"],
  [400, "token_limit_exceeded"],
  [503, undefined],
];

const aSentence = /^[A-Z`].{20,200}\.$/;
const nothingKnown = adviceForBatch("never_seen");

describe("what to do", () => {
  it.each(ofBatches)("is said of a batch that failed with %s", (code) => {
    expect(adviceForBatch(code)).toMatch(aSentence);
    expect(adviceForBatch(code)).not.toBe(nothingKnown);
  });

  it.each(ofRequests)("is said of a request that failed with %s", (code) => {
    expect(adviceForRequest(code)).toMatch(aSentence);
  });

  it.each(refusals)("is said of a call that was answered with %i %s", (status, code) => {
    expect(adviceFor(status, code)).toMatch(aSentence);
  });

  it("is said of what nobody has seen yet", () => {
    for (const advice of [nothingKnown, adviceForBatch(undefined), adviceForRequest("never_seen")])
      expect(advice).toMatch(aSentence);
  });

  it("tells a request that failed for a transient reason from one that fails again", () => {
    const again = expect.stringContaining("`retry-failed: 1`") as string;
    for (const code of ["http_429", "http_500", "http_408", "503", "status_0", "batch_expired"])
      expect(adviceForRequest(code)).toEqual(again);
    for (const code of [
      "http_400",
      "invalid_value",
      "context_length_exceeded",
      "insufficient_quota",
    ])
      expect(adviceForRequest(code)).not.toEqual(again);
  });

  it("tells a call that was refused from a request that failed with the same code", () => {
    expect(adviceFor(429, "rate_limit_exceeded")).not.toContain("retry-failed");
    expect(adviceForRequest("rate_limit_exceeded")).toContain("retry-failed");
  });

  it("is said of every code that the scan and the accounting of results give", () => {
    const given = [
      "input/request-line",
      "input/request-files",
      "input/scanning",
      "rows/json-lines",
      "rows/kind",
      "rows/render-rows",
      "rows/table",
      "template/read-template",
      "results",
      "results/book",
      "results/line",
    ].flatMap((file) => {
      const path = new URL(`../../src/batch/${file}.ts`, import.meta.url);
      const text = readFileSync(path, "utf8");
      return [
        ...text.matchAll(
          /(?:code: |report\(|tell\(|Problem\(|return \[|line, |undefined, )\s*"([a-z]+_[a-z_\d]+)"/g,
        ),
      ];
    });
    const codes = new Set(given.map(([, code]) => code ?? ""));
    const errorsOfCalls = ["same_file"];
    for (const code of errorsOfCalls) codes.delete(code);
    expect(codes.size).toBeGreaterThan(10);
    expect([...codes].filter((code) => ![...ofBatches, ...ofRequests].includes(code))).toEqual([]);
  });
});
