/// <reference types="node" preserve="true" />
/**
 * The Batch API as a library: a client with the official package's names, and the way from requests, or
 * rows and a template, to a file of answers, in one call (`runBatch`) or step by step. For Node.js 22 and newer, Deno
 * and Bun, ESM.
 *
 * @module openai-batch-action
 */
export { BatchClient, type BatchClientOptions } from "./api/client.ts";
export { OAuthError, SubjectTokenProviderError } from "./api/auth-errors.ts";
export type { SubjectTokenProvider, WorkloadIdentity } from "./api/exchange.ts";
export type { Clock } from "./api/clock.ts";
export {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  DeadlineError,
  UnknownOutcomeError,
  UnreadableAnswerError,
} from "./api/errors.ts";
export type { Batch, BatchStatus, CallOptions, FileObject } from "./api/types.ts";
export { fileSource, type UploadSource } from "./api/upload.ts";
export type { Answer } from "./batch/answers/answer.ts";
export type { AnswerProblem } from "./batch/answers/problem.ts";
export { readAnswers, type ReadAnswersOptions } from "./batch/answers/read-answers.ts";
export type { AnswerCache, CachedAnswer } from "./batch/cache/answer-cache.ts";
export { type CacheFile, openCacheFile } from "./batch/cache/cache-file.ts";
export { cancelBatch } from "./batch/cancel.ts";
export { chooseBatches } from "./batch/choose.ts";
export { collectFinished, type Ledger } from "./batch/collect.ts";
export { type CostEstimate, estimateCost } from "./batch/cost/estimate.ts";
export { createBatch, type CreateBatchOptions } from "./batch/create.ts";
export { createBatches } from "./batch/create-all.ts";
export { idempotencyKey } from "./batch/create/key.ts";
export type { BatchEvent } from "./batch/events.ts";
export { type InputProblem, type InputScan, scanInput } from "./batch/input.ts";
export type { BatchRequest } from "./batch/input/memory.ts";
export { listBatches } from "./batch/list.ts";
export { checkModels } from "./batch/models.ts";
export { terminalProgress } from "./batch/progress/terminal.ts";
export { type CollectedResults, type CollectOptions, collectResults } from "./batch/results.ts";
export { readRows } from "./batch/rows/file-rows.ts";
export { renderRequests } from "./batch/rows/rendered.ts";
export type { Row } from "./batch/rows/source-rows.ts";
export { runBatch, type RunBatchOptions, type RunBatchResult } from "./batch/run.ts";
export { conclude } from "./batch/rules/ending.ts";
export { type Conclusion, isTerminal } from "./batch/status.ts";
export { readTemplate } from "./batch/template/read-template.ts";
export type { RequestTemplate } from "./batch/template/request-template.ts";
export { waitForBatches, type WaitOptions, type WaitResult } from "./batch/wait.ts";
