import { statSync } from "node:fs";
import { resolve } from "node:path";

import { checkedBaseURL, defaultBaseURL } from "../api/baseurl.ts";
import { hasCredential } from "../api/auth.ts";
import { creationName, keyName } from "../batch/key.ts";
import { type FailureLimit, type Fields, fieldsOf, type GetInput } from "./fields.ts";
import { findInputFiles } from "./inputfile.ts";

export const operationNames = ["create", "wait", "run", "cancel", "retrieve", "list"] as const;
export type OperationName = (typeof operationNames)[number];

/** How the server is reached. */
export interface ConnectionInputs {
  readonly apiKey: string | undefined;
  readonly baseURL: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly maxRetries: number;
}

/** When unfinished batches are cancelled: the job ends `cancelled` or as a `failure`, or `never`. */
export type CancelOn = "cancelled" | "failure" | "never";

export interface CreateInputs {
  readonly input: { readonly files: readonly string[] } | { readonly fileId: string };
  readonly endpoint: string | undefined;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly inputExpiresAfter: number | undefined;
  /** Seconds. */
  readonly outputExpiresAfter: number | undefined;
  /** The user's own; one is made of the run and the input unless given. */
  readonly idempotencyKey: string | undefined;
  readonly reuseExisting: boolean;
  /** What one batch may hold. */
  readonly limits: { readonly maxRequests: number; readonly maxBytes: number };
}

export interface RunInputs {
  /** Batches in flight at once; 0 for no bound. */
  readonly maxActive: number;
  /** Rounds in which what failed in passing is sent again. */
  readonly retryFailed: number;
}

export type OnTimeout = "fail" | "continue" | "cancel";

/** All in milliseconds. */
export interface WaitInputs {
  readonly timeout: number;
  readonly onTimeout: OnTimeout;
  readonly pollInterval: number;
  readonly maxPollInterval: number;
}

export interface ResultInputs {
  /** `undefined`: the input's where the input is at hand, else the server's. */
  readonly order: "input" | "completion" | undefined;
  readonly outputFile: string | undefined;
  readonly errorFile: string | undefined;
  readonly failOn: readonly string[];
  readonly maxRequestFailures: FailureLimit;
}

export interface ListInputs {
  /** In all; 0 for every one. */
  readonly limit: number;
  readonly after: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly statuses: readonly string[];
}

export type OperationInputs =
  | { readonly operation: "create"; readonly create: CreateInputs }
  | {
      readonly operation: "run";
      readonly create: CreateInputs;
      readonly run: RunInputs;
      readonly wait: WaitInputs;
      readonly results: ResultInputs;
    }
  | {
      readonly operation: "wait";
      readonly batchIds: readonly string[];
      readonly wait: WaitInputs;
      readonly results: ResultInputs;
    }
  | {
      readonly operation: "retrieve";
      readonly batchIds: readonly string[];
      readonly results: ResultInputs;
    }
  | { readonly operation: "cancel"; readonly batchIds: readonly string[] }
  | { readonly operation: "list"; readonly list: ListInputs };

/** What the user asked for, checked. */
export type Inputs = OperationInputs & {
  readonly connection: ConnectionInputs;
  readonly summary: boolean;
  readonly cancelOn: readonly CancelOn[];
};

/** All that is wrong with the inputs, in one message. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      problems.length === 1
        ? (problems[0] ?? "")
        : `${problems.length} inputs are wrong:\n${problems.map((text) => `- ${text}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The only reader of inputs: text in, one checked value out.
 *
 * @throws {InputError} with every problem at once, before any call is made
 */
export async function readInputs(getInput: GetInput, env: Environment): Promise<Inputs> {
  const problems: string[] = [];
  const problem = (text: string) => problems.push(text);
  const fields = fieldsOf(getInput, problem);

  const connection = readConnection(fields, env, problem);
  const summary = fields.flag("summary", true);
  const cancelOn = readCancelOn(fields, problem);
  const operation = await readOperation(fields, connection, problem);
  if (operation === undefined || problems.length > 0) throw new InputError(problems);
  return { ...operation, connection, summary, cancelOn };
}

/** What the post step reads of the same inputs. */
export interface CleanupInputs {
  readonly connection: ConnectionInputs;
  readonly cancelOn: readonly CancelOn[];
  /** `success`, `failure` or `cancelled`. */
  readonly jobStatus: string;
}

/** @throws {InputError} when the connection's inputs are wrong */
export function readCleanupInputs(getInput: GetInput, env: Environment): CleanupInputs {
  const problems: string[] = [];
  const problem = (text: string) => problems.push(text);
  const fields = fieldsOf(getInput, problem);
  const inputs = {
    connection: readConnection(fields, env, problem),
    cancelOn: readCancelOn(fields, problem),
    jobStatus: fields.text("job-status") ?? "",
  };
  if (problems.length > 0) throw new InputError(problems);
  return inputs;
}

const cancelOnValues = ["cancelled", "failure", "never"] as const;

function readCancelOn(fields: Fields, problem: Problem): readonly CancelOn[] {
  const listed = fields.list("cancel-on").map((value) => value.toLowerCase());
  if (listed.length === 0) return ["cancelled"];
  const known = cancelOnValues.filter((value) => listed.includes(value));
  for (const value of listed) {
    if (!known.some((name) => name === value)) {
      problem(`\`cancel-on\`: \`${value}\` is none of: ${cancelOnValues.join(", ")}.`);
    }
  }
  if (known.includes("never") && known.length > 1) problem("`cancel-on`: `never` stands alone.");
  return known;
}

type Problem = (text: string) => void;

async function readOperation(
  fields: Fields,
  connection: ConnectionInputs,
  problem: Problem,
): Promise<OperationInputs | undefined> {
  const name = fields.text("operation");
  const operation = operationNames.find((known) => known === name);
  switch (operation) {
    case undefined:
      problem(
        name === undefined
          ? `\`operation\` is missing; it is one of: ${operationNames.join(", ")}.`
          : `\`operation\` is \`${name}\` but must be one of: ${operationNames.join(", ")}.`,
      );
      return undefined;
    case "create":
      return { operation, create: await readCreate(fields, connection, problem) };
    case "run":
      return {
        operation,
        create: await readCreate(fields, connection, problem),
        run: readRun(fields, problem),
        wait: readWait(fields, problem),
        results: readResults(fields, problem),
      };
    case "wait":
      return {
        operation,
        batchIds: readBatchIds(fields, problem),
        wait: readWait(fields, problem),
        results: readResults(fields, problem),
      };
    case "retrieve":
      return {
        operation,
        batchIds: readBatchIds(fields, problem),
        results: readResults(fields, problem),
      };
    case "cancel":
      return { operation, batchIds: readBatchIds(fields, problem) };
    case "list":
      return {
        operation,
        list: {
          limit: fields.integer("limit", 20),
          after: fields.text("after"),
          metadata: fields.pairs("match-metadata"),
          statuses: fields.list("match-status").map((status) => status.toLowerCase()),
        },
      };
  }
}

/** What no header value may hold. */
const unsendable = /[^\t\x20-\x7e\x80-\xff]/;

function readConnection(fields: Fields, env: Environment, problem: Problem): ConnectionInputs {
  const apiKey = fields.text("api-key") ?? (env["OPENAI_API_KEY"]?.trim() || undefined);
  const headers = fields.headers("headers");
  if (apiKey === undefined && !hasCredential(headers)) {
    problem(
      "There is no API key. Set `api-key` (a secret: `${{ secrets.OPENAI_API_KEY }}`; secrets are empty in workflows of forks) or the variable OPENAI_API_KEY.",
    );
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || unsendable.test(value)) {
      problem(`\`headers\`: \`${name}\` cannot be sent; check its name and value.`);
    }
  }
  const scope = {
    "api-key": apiKey,
    organization: fields.text("organization") ?? (env["OPENAI_ORG_ID"]?.trim() || undefined),
    project: fields.text("project") ?? (env["OPENAI_PROJECT_ID"]?.trim() || undefined),
  };
  for (const [name, value] of Object.entries(scope)) {
    if (value !== undefined && unsendable.test(value)) {
      problem(
        `\`${name}\` cannot be sent: it holds a line break or a character that no header may have. Set it again, in one line.`,
      );
    }
  }
  let baseURL = fields.text("base-url") ?? (env["OPENAI_BASE_URL"]?.trim() || defaultBaseURL);
  try {
    baseURL = checkedBaseURL(baseURL);
  } catch (error) {
    problem(`\`base-url\`: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {
    apiKey,
    baseURL,
    organization: scope.organization,
    project: scope.project,
    headers,
    requestTimeout: fields.duration("request-timeout") ?? 60_000,
    maxRetries: fields.integer("max-retries", 5, { max: 1000 }),
  };
}

async function readCreate(
  fields: Fields,
  connection: ConnectionInputs,
  problem: Problem,
): Promise<CreateInputs> {
  const file = fields.text("input-file");
  const fileId = fields.text("input-file-id");
  const endpoint = fields.text("endpoint");
  if (file !== undefined && fileId !== undefined) {
    problem("`input-file` and `input-file-id` are both given; give exactly one of them.");
  } else if (file === undefined && fileId === undefined) {
    problem("Neither `input-file` nor `input-file-id` is given; give exactly one of them.");
  }
  if (fileId !== undefined && endpoint === undefined) {
    problem("`endpoint` is required with `input-file-id`, for example `/v1/chat/completions`.");
  }
  if (endpoint !== undefined && !endpoint.startsWith("/")) {
    problem(`\`endpoint\` is \`${endpoint}\` but must begin with a slash.`);
  }
  const files = file === undefined ? [] : await findInputFiles(file, problem);
  return {
    input: fileId === undefined ? { files } : { fileId },
    endpoint,
    completionWindow: fields.text("completion-window") ?? "24h",
    metadata: readMetadata(fields, problem),
    inputExpiresAfter: readExpiry("input-expires-after", fields, connection, problem),
    outputExpiresAfter: readExpiry("output-expires-after", fields, connection, problem),
    idempotencyKey: readKey(fields, problem),
    reuseExisting: fields.flag("reuse-existing", true),
    limits: {
      maxRequests: fields.integer("max-requests-per-batch", 50_000, { min: 1 }),
      maxBytes: fields.size("max-bytes-per-batch", 200_000_000),
    },
  };
}

function readRun(fields: Fields, problem: Problem): RunInputs {
  const retryFailed = fields.integer("retry-failed", 0, { max: 100 });
  if (retryFailed > 0 && fields.text("input-file") === undefined) {
    problem("`retry-failed` needs `input-file`: the requests to send again are taken from it.");
  }
  return { maxActive: fields.integer("max-active-batches", 0), retryFailed };
}

const longestValue = 512;
/** Several batches of one key each get a number behind it. */
const longestKey = 480;

function readKey(fields: Fields, problem: Problem): string | undefined {
  const key = fields.text("idempotency-key");
  if (key !== undefined && key.length > longestKey) {
    problem(
      `\`idempotency-key\` has ${key.length} characters but may have ${longestKey}: it is kept in the batch's metadata.`,
    );
  }
  return key;
}

/** The pairs that the action adds, so that a batch can be found again. */
const ownMetadata = ["github_repository", "github_run_id", keyName, creationName];

/** @see https://platform.openai.com/docs/api-reference/batch/create#batch_create-metadata */
function readMetadata(fields: Fields, problem: Problem): Readonly<Record<string, string>> {
  const metadata = fields.pairs("metadata");
  const pairs = Object.entries(metadata);
  const own = ownMetadata.length;
  if (pairs.length > 16 - own) {
    problem(
      `\`metadata\` has ${pairs.length} pairs but may have at most ${16 - own}: a batch takes 16, and ${own} are the action's own.`,
    );
  }
  for (const [key, value] of pairs) {
    if (ownMetadata.some((name) => name === key)) {
      problem(`\`metadata\`: \`${key}\` is set by the action itself.`);
    }
    if (key.length > 64) {
      problem(`\`metadata\`: the key \`${key}\` has ${key.length} characters but may have 64.`);
    }
    if (value.length > longestValue) {
      problem(
        `\`metadata\`: the value of \`${key}\` has ${value.length} characters but may have 512.`,
      );
    }
  }
  return metadata;
}

const hour = 3_600;
const thirtyDays = 30 * 24 * hour;

function readExpiry(
  name: string,
  fields: Fields,
  { baseURL }: ConnectionInputs,
  problem: Problem,
): number | undefined {
  const milliseconds = fields.duration(name);
  if (milliseconds === undefined) return undefined;
  const seconds = Math.round(milliseconds / 1000);
  // The bounds are OpenAI's own; other servers have others, and say so themselves.
  if (baseURL.startsWith("https://api.openai.com") && (seconds < hour || seconds > thirtyDays)) {
    problem(`\`${name}\` must be between \`1h\` and \`30d\`.`);
  }
  return seconds;
}

function readBatchIds(fields: Fields, problem: Problem): readonly string[] {
  const ids = [...new Set(fields.list("batch-id"))];
  if (ids.length === 0) {
    problem(
      "`batch-id` is missing. Give one or more ids, for example `${{ steps.create.outputs.batch-id }}`; it is empty when that step did not run.",
    );
  }
  for (const id of ids) {
    if (/\s/.test(id)) problem(`\`batch-id\`: \`${id}\` is no id: it holds white space.`);
  }
  return ids;
}

const defaultMaxPollInterval = 60_000;

function readWait(fields: Fields, problem: Problem): WaitInputs {
  const pollInterval = fields.duration("poll-interval") ?? 5_000;
  const maxPollInterval = fields.duration("max-poll-interval") ?? defaultMaxPollInterval;
  // Whoever raises only the lower bound above the upper one's default means both.
  if (maxPollInterval < pollInterval && maxPollInterval !== defaultMaxPollInterval) {
    problem("`max-poll-interval` is shorter than `poll-interval`.");
  }
  return {
    timeout: fields.duration("timeout") ?? 5.5 * hour * 1000,
    onTimeout: fields.oneOf("on-timeout", ["fail", "continue", "cancel"], "fail"),
    pollInterval,
    maxPollInterval: Math.max(pollInterval, maxPollInterval),
  };
}

const finalStatuses = ["failed", "expired", "cancelled", "completed"];

function readResults(fields: Fields, problem: Problem): ResultInputs {
  const listed = fields.list("fail-on").map((status) => status.toLowerCase());
  const failOn = listed.length === 0 ? ["failed", "expired", "cancelled"] : listed;
  const never = failOn.includes("never");
  if (never && failOn.length > 1) problem("`fail-on`: `never` stands alone.");
  for (const status of failOn) {
    if (status !== "never" && !finalStatuses.includes(status)) {
      problem(
        `\`fail-on\`: \`${status}\` is no final status; those are ${finalStatuses.join(", ")}, or give \`never\`.`,
      );
    }
  }
  const outputFile = fields.text("output-file");
  const errorFile = fields.text("error-file");
  checkTargets({ "output-file": outputFile, "error-file": errorFile }, fields, problem);
  const order = fields.oneOf("output-order", ["input", "completion", ""], "");
  return {
    order: order === "" ? undefined : order,
    outputFile,
    errorFile,
    failOn: never ? [] : failOn,
    maxRequestFailures: fields.failureLimit("max-request-failures", { percent: 100 }),
  };
}

/** What is written must not be written over, and must not stand in the way of a folder. */
function checkTargets(
  targets: Readonly<Record<string, string | undefined>>,
  fields: Fields,
  problem: Problem,
): void {
  const taken = new Map<string, string>();
  const input = fields.text("input-file");
  if (input !== undefined) taken.set(resolve(input), "input-file");
  for (const [name, path] of Object.entries(targets)) {
    if (path === undefined) continue;
    const full = resolve(path);
    const other = taken.get(full);
    if (other !== undefined) problem(`\`${name}\` and \`${other}\` are the same file.`);
    if (statSync(full, { throwIfNoEntry: false })?.isDirectory() === true) {
      problem(`\`${name}\`: ${path} is a folder.`);
    }
    taken.set(full, name);
  }
}
