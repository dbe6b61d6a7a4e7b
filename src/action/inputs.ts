import type { Environment } from "../api/environment.ts";
import type { CancelOn } from "../batch/rules.ts";
import { warnOfIdleInputs } from "./inputs/applies.ts";
import { type InputFields, fieldsOf, type GetInput } from "./inputs/fields.ts";
import { type InputFiles, readInputFiles } from "./inputs/files.ts";
import { type BatchChoice, checkIds, readBatchChoice, readFilter } from "./inputs/choice.ts";
import { readContinuedIds } from "./inputs/continued.ts";
import { type CollectInputs, pathFor, readCollect } from "./inputs/collect.ts";
import { type ConnectionInputs, readConnection } from "./inputs/connection.ts";
import { type CostInputs, readCost } from "./inputs/cost.ts";
import {
  type CheckInputs,
  type CreateInputs,
  readCheck,
  readCreate,
  readRun,
  type RunInputs,
} from "./inputs/create.ts";
import { type GitHubInputs, readGitHub } from "./inputs/github.ts";
import { identityWarnings } from "./inputs/identity.ts";
import { type OperationName, operationNames } from "./inputs/operation.ts";
import { InputError, type Problem, type Warn } from "./inputs/problem.ts";
import { readResults, type ResultInputs } from "./inputs/results.ts";
import { readWait, type WaitInputs } from "./inputs/wait.ts";
import { didYouMean } from "./inputs/nearest.ts";

export {
  InputError,
  operationNames,
  pathFor,
  type BatchChoice,
  type CheckInputs,
  type CollectInputs,
  type ConnectionInputs,
  type CostInputs,
  type CreateInputs,
  type GitHubInputs,
  type OperationName,
  type ResultInputs,
  type RunInputs,
  type WaitInputs,
};

export interface ListInputs {
  /** In all; 0 for every one. */
  readonly limit: number;
  readonly after: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly statuses: readonly string[];
}

type OperationInputs =
  | { readonly operation: "create"; readonly create: CreateInputs }
  | {
      readonly operation: "run";
      /** Batches that an earlier run has created; this one only waits for them. */
      readonly ids: readonly string[];
      readonly wait: WaitInputs;
      readonly results: ResultInputs;
    }
  | {
      readonly operation: "run";
      readonly create: CreateInputs;
      readonly run: RunInputs;
      readonly wait: WaitInputs;
      readonly results: ResultInputs;
    }
  | {
      readonly operation: "wait";
      readonly choice: BatchChoice;
      readonly wait: WaitInputs;
      readonly results: ResultInputs;
    }
  | {
      readonly operation: "retrieve";
      readonly choice: BatchChoice;
      readonly results: ResultInputs;
    }
  | { readonly operation: "cancel"; readonly choice: BatchChoice }
  | {
      readonly operation: "collect";
      readonly collect: CollectInputs;
      readonly results: ResultInputs;
    }
  | { readonly operation: "list"; readonly list: ListInputs }
  | { readonly operation: "check"; readonly check: CheckInputs };

/** What the user asked for, checked. */
export type Inputs = OperationInputs & {
  readonly connection: ConnectionInputs;
  readonly cost: CostInputs;
  readonly summary: boolean;
  readonly cancelOn: readonly CancelOn[];
  /** `undefined` where nothing calls GitHub. */
  readonly github: GitHubInputs | undefined;
  /** What is odd but may be meant; to be told. */
  readonly warnings: readonly string[];
};

/**
 * The only reader of inputs: text in, one checked value out.
 *
 * @throws {InputError} with every problem at once, before any call is made
 */
export async function readInputs(getInput: GetInput, env: Environment): Promise<Inputs> {
  const problems: string[] = [];
  const warnings: string[] = [];
  const problem = (text: string) => problems.push(text);
  const fields = fieldsOf(getInput, problem);

  const keyless = fields.text("operation") === "check";
  const connection = readConnection(fields, env, problem, { keyless });
  const cost = readCost(fields, problem);
  const summary = fields.flag("summary", true);
  const cancelOn = readCancelOn(fields, problem);
  const warn = (text: string) => warnings.push(text);
  const operation = await readOperation({ fields, env, connection, problem, warn });
  if (operation !== undefined && "wait" in operation) {
    warnings.push(...identityWarnings(connection.identity, operation.wait));
  }
  const github = readGitHub(fields, env, operation?.operation, problem);
  checkMaxCost(cost, operation, problem);
  if (operation === undefined || problems.length > 0) throw new InputError(problems);
  warnOfIdleInputs(operation.operation, getInput, warn);
  return { ...priced(operation, cost), connection, cost, summary, cancelOn, github, warnings };
}

/** Where answers are collected it matters what they cost. */
function priced(operation: OperationInputs, { prices }: CostInputs): OperationInputs {
  if (!("results" in operation)) return operation;
  return { ...operation, results: { ...operation.results, prices } };
}

/** What a file costs that is on the server already can only be said of its requests, which are not here. */
function checkMaxCost(
  { maxCost }: CostInputs,
  operation: OperationInputs | undefined,
  problem: Problem,
): void {
  if (maxCost === undefined || operation === undefined || !("create" in operation)) return;
  if ("fileId" in operation.create.input) {
    problem("`max-cost` needs `input-file`: what an uploaded file would cost cannot be estimated.");
  }
}

/** What the post step reads of the same inputs. */
export interface CleanupInputs {
  readonly connection: ConnectionInputs;
  readonly cancelOn: readonly CancelOn[];
  /** `success`, `failure` or `cancelled`. */
  readonly jobStatus: string;
  readonly github: GitHubInputs | undefined;
}

/** @throws {InputError} when the connection's inputs are wrong */
export function readCleanupInputs(getInput: GetInput, env: Environment): CleanupInputs {
  const problems: string[] = [];
  const problem = (text: string) => problems.push(text);
  const fields = fieldsOf(getInput, problem);
  const operation = operationNames.find((known) => known === fields.text("operation"));
  const inputs = {
    connection: readConnection(fields, env, problem),
    cancelOn: readCancelOn(fields, problem),
    jobStatus: fields.text("job-status") ?? "",
    // Main has told what is wrong with it, and the clean-up does without.
    github: readGitHub(fields, env, operation, () => undefined),
  };
  if (problems.length > 0) throw new InputError(problems);
  return inputs;
}

const cancelOnValues = ["cancelled", "failure", "never"] as const;

function readCancelOn(fields: InputFields, problem: Problem): readonly CancelOn[] {
  const listed = fields.list("cancel-on").map((value) => value.toLowerCase());
  if (listed.length === 0) return ["cancelled"];
  const known = cancelOnValues.filter((value) => listed.includes(value));
  for (const value of listed) {
    if (!known.some((name) => name === value)) {
      problem(
        `\`cancel-on\`: \`${value}\` is none of: ${cancelOnValues.join(", ")}.${didYouMean(value, cancelOnValues)}`,
      );
    }
  }
  if (known.includes("never") && known.length > 1) problem("`cancel-on`: `never` stands alone.");
  return known;
}

/** What the readers of inputs work with. */
interface InputReading {
  readonly fields: InputFields;
  readonly env: Environment;
  readonly connection: ConnectionInputs;
  readonly problem: Problem;
  readonly warn: Warn;
}

async function readOperation(reading: InputReading): Promise<OperationInputs | undefined> {
  const { fields, connection, problem, warn } = reading;
  const name = fields.text("operation");
  const operation = operationNames.find((known) => known === name);
  switch (operation) {
    case undefined:
      problem(
        name === undefined
          ? `\`operation\` is missing; it is one of: ${operationNames.join(", ")}.`
          : `\`operation\` is \`${name}\` but must be one of: ${operationNames.join(", ")}.${didYouMean(name, operationNames)}`,
      );
      return undefined;
    case "create":
      return { operation, create: await readCreate(fields, connection, problem) };
    case "run":
      return readRunOperation(reading);
    case "wait":
      return {
        operation,
        choice: readBatchChoice(fields, operation, problem, warn),
        ...readWaitAndResults(reading, await readInputFiles(fields, problem)),
      };
    case "retrieve":
      return {
        operation,
        choice: readBatchChoice(fields, operation, problem, warn),
        results: readResults(fields, problem, await readInputFiles(fields, problem)),
      };
    case "cancel":
      return { operation, choice: readBatchChoice(fields, operation, problem, warn) };
    case "list":
      return { operation, list: readList(fields, warn) };
    case "check":
      return { operation, check: await readCheck(fields, problem) };
    case "collect":
      return {
        operation,
        collect: readCollect(fields, problem, warn),
        results: readResults(fields, problem, await readInputFiles(fields, problem)),
      };
  }
}

function readList(fields: InputFields, warn: Warn): ListInputs {
  return {
    limit: fields.integer("limit", 20),
    after: fields.text("after"),
    ...readFilter(fields, warn),
  };
}

/** With `batch-id`, `run` creates nothing and waits for those: one workflow serves the first run and those that follow. */
async function readRunOperation(reading: InputReading): Promise<OperationInputs> {
  const { fields, env, connection, problem, warn } = reading;
  const operation = "run";
  const ids = readContinuedIds(fields, env);
  if (ids.length > 0) {
    checkIds(ids, problem);
    if (fields.integer("retry-failed", 0, { max: 100 }) > 0) {
      warn(
        "`retry-failed` does nothing here: with `batch-id` this run only waits, and sends no request.",
      );
    }
    if (fields.text("cache-file") !== undefined) {
      warn(
        "`cache-file` does nothing here: with `batch-id` this run only waits, and neither takes answers from it nor adds any.",
      );
    }
    return { operation, ids, ...readWaitAndResults(reading, await filesIfThere(fields)) };
  }
  const create = await readCreate(fields, connection, problem);
  const files = "files" in create.input ? create.input : undefined;
  const running = readRun(fields, problem);
  const waiting = readWaitAndResults(reading, files, running.cacheFile);
  if (waiting.wait.onTimeout === "dispatch") checkHandOver(running, problem, warn);
  return { operation, create, run: running, ...waiting };
}

/** What the run that goes on after a timeout cannot do. */
function checkHandOver({ retryFailed, cacheFile }: RunInputs, problem: Problem, warn: Warn): void {
  if (retryFailed > 0) {
    problem(
      "`on-timeout: dispatch` does not go with `retry-failed`: the run that goes on has no requests to send again.",
    );
  }
  if (cacheFile !== undefined) {
    warn(
      "`on-timeout: dispatch` with `cache-file`: when the time is up, the run that goes on has the answers of its batches only and adds none to the cache, so that a later run pays for those again. A longer `timeout` makes that less likely.",
    );
  }
}

/** What made the batches may have been there in the run that created them only; this one can do without. */
async function filesIfThere(fields: InputFields): Promise<InputFiles | undefined> {
  const problems: string[] = [];
  const files = await readInputFiles(fields, (text) => problems.push(text));
  return problems.length === 0 ? files : undefined;
}

function readWaitAndResults(
  { fields, env, problem }: InputReading,
  files?: InputFiles,
  cacheFile?: string,
) {
  return {
    wait: readWait(fields, env, problem),
    results: readResults(fields, problem, files, cacheFile),
  };
}
