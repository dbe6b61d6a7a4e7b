import { isOpenAI } from "../../api/base-url.ts";
import { creationName, keyName } from "../../batch/create/key.ts";
import type { InputFields } from "./fields.ts";
import { type InputFiles, readInputFiles } from "./files.ts";
import type { ConnectionInputs } from "./connection.ts";
import type { Problem } from "./problem.ts";

export interface CreateInputs {
  readonly input: InputFiles | { readonly fileId: string };
  readonly endpoint: string | undefined;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly inputExpiresAfter: number | undefined;
  /** Seconds. */
  readonly outputExpiresAfter: number | undefined;
  /** The user's own; defaults to one made from the run and the input. */
  readonly idempotencyKey: string | undefined;
  readonly reuseExisting: boolean;
  /** What one batch may hold. */
  readonly limits: { readonly maxRequests: number; readonly maxBytes: number };
}

/** What is checked without being sent. */
export interface CheckInputs {
  readonly input: InputFiles;
  readonly endpoint: string | undefined;
  readonly limits: CreateInputs["limits"];
}

export interface RunInputs {
  /** Batches in flight at once; 0 for no bound. */
  readonly maxActive: number;
  /** Rounds in which what failed for a transient reason is sent again. */
  readonly retryFailed: number;
  /** Answers of earlier runs. */
  readonly cacheFile: string | undefined;
}

export async function readCreate(
  fields: InputFields,
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
  checkEndpoint(endpoint, problem);
  const none: InputFiles = { files: [], template: undefined };
  const files = (await readInputFiles(fields, problem)) ?? none;
  return {
    input: fileId === undefined ? files : { fileId },
    endpoint,
    completionWindow: fields.text("completion-window") ?? "24h",
    metadata: readMetadata(fields, problem),
    inputExpiresAfter: readExpiry("input-expires-after", fields, connection, problem),
    outputExpiresAfter: readExpiry("output-expires-after", fields, connection, problem),
    idempotencyKey: readKey(fields, problem),
    reuseExisting: fields.flag("reuse-existing", true),
    limits: readLimits(fields),
  };
}

export async function readCheck(fields: InputFields, problem: Problem): Promise<CheckInputs> {
  const file = fields.text("input-file");
  if (file === undefined) problem("`input-file` is missing: it names the requests to check.");
  const endpoint = fields.text("endpoint");
  checkEndpoint(endpoint, problem);
  const none: InputFiles = { files: [], template: undefined };
  const input = (await readInputFiles(fields, problem)) ?? none;
  return { input, endpoint, limits: readLimits(fields) };
}

function readLimits(fields: InputFields): CreateInputs["limits"] {
  return {
    maxRequests: fields.integer("max-requests-per-batch", 50_000, { min: 1 }),
    maxBytes: fields.size("max-bytes-per-batch", 200_000_000),
  };
}

function checkEndpoint(endpoint: string | undefined, problem: Problem): void {
  if (endpoint !== undefined && !endpoint.startsWith("/")) {
    problem(`\`endpoint\` is \`${endpoint}\` but must begin with a slash.`);
  }
}

export function readRun(fields: InputFields, problem: Problem): RunInputs {
  const retryFailed = fields.integer("retry-failed", 0, { max: 100 });
  if (retryFailed > 0 && fields.text("input-file") === undefined) {
    problem("`retry-failed` needs `input-file`: the requests to send again are taken from it.");
  }
  const cacheFile = fields.text("cache-file");
  if (cacheFile !== undefined && fields.text("input-file") === undefined) {
    problem("`cache-file` needs `input-file`: what was answered before is told by the requests.");
  }
  return { maxActive: fields.integer("max-active-batches", 0), retryFailed, cacheFile };
}

const longestValue = 512;
/** Behind it stands which batch of several it is of, of which retry round, and which half of a half. */
const longestKey = 465;

function readKey(fields: InputFields, problem: Problem): string | undefined {
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
function readMetadata(fields: InputFields, problem: Problem): Readonly<Record<string, string>> {
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
    // Characters, not the code units of `length`.
    const keyLength = Array.from(key).length;
    const valueLength = Array.from(value).length;
    if (keyLength > 64) {
      problem(`\`metadata\`: the key \`${key}\` has ${keyLength} characters but may have 64.`);
    }
    if (valueLength > longestValue) {
      problem(
        `\`metadata\`: the value of \`${key}\` has ${valueLength} characters but may have 512.`,
      );
    }
  }
  return metadata;
}

/** Seconds that OpenAI lets a file live. */
const [shortestExpiry, longestExpiry] = [3_600, 30 * 24 * 3_600];

function readExpiry(
  name: string,
  fields: InputFields,
  { baseURL }: ConnectionInputs,
  problem: Problem,
): number | undefined {
  const milliseconds = fields.duration(name);
  if (milliseconds === undefined) return undefined;
  const seconds = Math.round(milliseconds / 1000);
  // The bounds are OpenAI's own; other servers have others, and say so themselves.
  if (isOpenAI(baseURL) && (seconds < shortestExpiry || seconds > longestExpiry)) {
    problem(`\`${name}\` must be between \`1h\` and \`30d\`.`);
  }
  return seconds;
}
