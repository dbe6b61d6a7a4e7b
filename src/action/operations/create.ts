import { type CreateBatchesOptions, createBatches } from "../../batch/create-all.ts";
import { idempotencyKey, type PartOfRun } from "../../batch/create/key.ts";
import type { KnownBatch } from "../../batch/knowledge.ts";
import { splitInput } from "../../batch/split.ts";
import { plural } from "../format.ts";
import type { GitHubContext } from "../github/context.ts";
import type { CostInputs, CreateInputs } from "../inputs.ts";
import { tellModels } from "../models.ts";
import type { StepOutcome, Step } from "../operation.ts";
import { readRequestFiles } from "../request-file.ts";

/** Milliseconds that a `create` may take: the longest a hosted job has, less what comes behind it. */
const timeLimit = 5.5 * 3_600_000;

/** `create`: checks the requests, uploads them and creates the batches. */
export async function create(
  step: Step,
  inputs: CreateInputs,
  cost: CostInputs,
): Promise<StepOutcome> {
  const deadline = step.client.clock.now() + timeLimit;
  const known = await createFrom(step, inputs, { deadline, cost });
  step.narrator.follow(known.map(({ batch }) => batch.id));
  return { report: step.narrator.report() };
}

/**
 * Creates the batches of the inputs, or adopts those that are there.
 *
 * @param within until when, in milliseconds since the epoch, and for how much
 */
export async function createFrom(
  step: Step,
  inputs: CreateInputs,
  { deadline, cost }: { readonly deadline: number; readonly cost: CostInputs },
): Promise<readonly KnownBatch[]> {
  const { client, toolkit } = step;
  if ("fileId" in inputs.input) {
    // The reader of inputs has seen that the endpoint is there.
    const endpoint = inputs.endpoint ?? "";
    const options = createOptions(step, inputs, endpoint);
    return createBatches(client, { ...options, input: inputs.input, deadline });
  }
  const read = await readRequestFiles(step, inputs.input, inputs.endpoint);
  const { endpoint } = read;
  await using scan = read.scan;
  await tellModels(step, scan.models);
  const parts = splitInput(scan, inputs.limits).length;
  if (parts > 1) toolkit.info(`They make ${plural(parts, "batch", "batches")}.`);
  const options = createOptions(step, inputs, endpoint);
  const { limits } = inputs;
  return await createBatches(client, { ...options, ...cost, input: scan, limits, deadline });
}

/** What every create of a step has in common. */
export function createOptions(
  { client, github, signal, narrator }: Step,
  inputs: CreateInputs,
  endpoint: string,
): Omit<CreateBatchesOptions, "input" | "limits" | "deadline"> & { readonly endpoint: string } {
  const { idempotencyKey: own, completionWindow, metadata } = inputs;
  const { inputExpiresAfter, outputExpiresAfter } = inputs;
  const decided = { endpoint, completionWindow, metadata, inputExpiresAfter, outputExpiresAfter };
  const account = [client.baseURL, client.organization, client.project];
  const keyOf = ({ hash, round }: PartOfRun) =>
    idempotencyKey(scopeOf(github, round), { ...decided, inputHash: hash, account });
  return {
    ...decided,
    idempotencyKey: own ?? keyOf,
    keyOwner: github.repository,
    metadata: { ...metadata, ...runMetadata(github) },
    creationPrefix: github.commit,
    reuseExisting: inputs.reuseExisting,
    mayExist: own !== undefined || github.runAttempt > 1,
    signal,
    onEvent: narrator.onEvent,
  };
}

/** Within a run equal work is the same work; what is sent again is work of its own. */
function scopeOf({ repository = "local", runId = "0" }: GitHubContext, round: number): string {
  return `${repository}:${runId}${round === 0 ? "" : `/retry${round}`}`;
}

function runMetadata({ repository, runId }: GitHubContext): Record<string, string> {
  return {
    ...(repository === undefined ? {} : { github_repository: repository }),
    ...(runId === undefined ? {} : { github_run_id: runId }),
  };
}
