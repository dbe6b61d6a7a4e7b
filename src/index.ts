/**
 * The Batch API as a library: a client with the official package's names, and the way from a file of
 * requests to a file of answers, in one call (`runBatch`) or step by step. For Node.js 24 and newer, ESM.
 *
 * @module openai-batch-action
 */
export { BatchClient, type BatchClientOptions } from "./api/client.ts";
export type { ApiKey, Bearer } from "./api/auth.ts";
export { OAuthError, SubjectTokenProviderError } from "./api/auth-errors.ts";
export type { ExchangeSettings, SubjectTokenProvider, WorkloadIdentity } from "./api/exchange.ts";
export { WorkloadIdentityAuth } from "./api/workload.ts";
export type { Batches } from "./api/batches.ts";
export type { FileCreateParams, Files, UploadOptions } from "./api/files.ts";
export type { DownloadOptions, DownloadResult } from "./api/download.ts";
export { type Clock, systemClock } from "./api/clock.ts";
export {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  DeadlineError,
  type ErrorDetails,
  UnknownOutcomeError,
  UnreadableAnswerError,
} from "./api/errors.ts";
export type { Page, PagePromise } from "./api/page.ts";
export type { RetryEvent, RetrySettings } from "./api/retry.ts";
export type { CallEvent, OpenAnswer, Transport, WireRequest } from "./api/transport.ts";
export type {
  Batch,
  BatchCreateParams,
  BatchError,
  BatchRequestCounts,
  BatchStatus,
  BatchUsage,
  CallOptions,
  ExpiresAfter,
  FileDeleted,
  FileListParams,
  FileObject,
  ListParams,
} from "./api/types.ts";
export { fileSource, type UploadBody, type UploadSource } from "./api/upload.ts";
export type { FileStream, Uploadable } from "./api/uploadable.ts";
export { cancelBatch } from "./batch/cancel.ts";
export {
  type BatchFilter,
  listBatches,
  type ListBatchesOptions,
  type ListedBatches,
} from "./batch/list.ts";
export { chooseBatches, type ChooseOptions, type ChosenBatches } from "./batch/choose.ts";
export {
  collectFinished,
  type CollectFinishedOptions,
  type FinishedCollection,
  type Ledger,
  type ResultFiles,
} from "./batch/collect.ts";
export {
  createBatch,
  type CreateBatchOptions,
  type CreatedBatch,
  type Creation,
} from "./batch/create.ts";
export { type InputProblem, type InputScan, scanInput, type ScanOptions } from "./batch/input.ts";
export { type InputPart, partSource, splitInput, type SplitLimits } from "./batch/split.ts";
export {
  type CreateLoadsOptions,
  fly,
  type FlightOptions,
  type FlightResult,
  type Load,
} from "./batch/flight.ts";
export type { IdIndex } from "./batch/input/id-index.ts";
export type { FileStamp } from "./batch/input/stamp.ts";
export { idempotencyKey, type KeyParts, prefixOfCreation } from "./batch/create/key.ts";
export type { LinePlace, LineTable } from "./batch/input/line-table.ts";
export type { ByteRange } from "./batch/input/ranges.ts";
export { progressLine, timeLeft } from "./batch/progress.ts";
export {
  type ProgressStream,
  terminalProgress,
  type TerminalProgress,
  type TerminalProgressOptions,
} from "./batch/progress/terminal.ts";
export {
  collectResults,
  type CollectedResults,
  type CollectOptions,
  type Collection,
  openCollection,
  retryableRequests,
} from "./batch/results.ts";
export type { FailureGroup } from "./batch/results/failures.ts";
export type { TokenUsage } from "./batch/results/usage.ts";
export type { WriteOptions } from "./batch/results/writing.ts";
export type { Completeness, ResultFile } from "./batch/knowledge.ts";
export {
  type PartOfRun,
  runBatch,
  type RunBatchOptions,
  type RunBatchResult,
} from "./batch/run.ts";
export {
  conclude,
  type Conclusion,
  isTerminal,
  overallStatus,
  type RequestCounts,
} from "./batch/status.ts";
export { waitForBatches, type WaitOptions, type WaitResult } from "./batch/wait.ts";
