/// <reference types="node" preserve="true" />
/**
 * A local Batch API with a clock and faults of its own, for tests and dry runs without a key.
 *
 * @module openai-batch-action/simulator
 */
export type { Answer } from "./answers.ts";
export { Bytes, type LineSpan } from "./bytes.ts";
export { manualClock, type ManualClock } from "./clock.ts";
export type { Charge } from "./charges.ts";
export { type BatchesQuery, SimulatorCore } from "./core.ts";
export type { CoreOptions } from "./core-options.ts";
export type { Dialect, Look } from "./dialect.ts";
export { type ErrorBody, SimulatorApiError } from "./errors.ts";
export type { CountInput, Respond } from "./execution.ts";
export type { EnqueuedLimit } from "./enqueued.ts";
export type { CutFault, Fault, FaultRule, StatusFault } from "./faults.ts";
export type { FilesQuery, Processing, Upload } from "./files.ts";
export type { BatchRequest } from "./input.ts";
export type { Call } from "./journal.ts";
export type { JsonObject } from "./json.ts";
export type { Ledger, LedgerRequest, LedgerRun } from "./ledger.ts";
export type { ListHabits } from "./list-habits.ts";
export type { Outcome, OutcomePlan } from "./outcome.ts";
export { type Simulator, type SimulatorOptions, startSimulator } from "./simulator.ts";
export type { Phases } from "./timeline.ts";
export type {
  BatchError,
  BatchObject,
  BatchStatus,
  BatchUsage,
  DeletedFile,
  ExpiresAfter,
  FileObject,
  ListPage,
  ModelObject,
} from "./types.ts";
export type { UnusableKind } from "./unusable.ts";
