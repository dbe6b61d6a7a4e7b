import type { Batch } from "../../api/types.ts";
import type { CreatedBatch } from "../../batch/create.ts";
import { createLoader, type CreateLoadsOptions, type Load } from "../../batch/flight.ts";
import { hashText, idempotencyKey } from "../../batch/create/key.ts";
import type { PartOfRun } from "../../batch/run.ts";
import { partSource, splitInput } from "../../batch/split.ts";
import type { GitHubContext } from "../github/context.ts";
import { formatBytes, plural } from "../format.ts";
import type { CreateInputs } from "../inputs.ts";
import { reportOf, writeOutputs } from "../outputs.ts";
import { readRequestFiles } from "../request-file.ts";
import type { Outcome, Step } from "../operation.ts";

/** `create`: checks the requests, uploads them and creates the batches. */
export async function create(step: Step, inputs: CreateInputs): Promise<Outcome> {
  return { report: reportOf(await createFrom(step, inputs)) };
}

/**
 * Creates the batches of the inputs, or adopts those that are there; each id is in the outputs and
 * the state before the next call.
 *
 * @param deadline milliseconds since the epoch
 */
export async function createFrom(
  step: Step,
  inputs: CreateInputs,
  deadline?: number,
): Promise<readonly Batch[]> {
  const { loads, endpoint, requests } = await readLoads(step, inputs);
  const tell = createTeller(step);
  const load = await createLoader(step.client, loads, {
    ...createOptions(step, inputs, endpoint),
    deadline,
    onBatch(created, index) {
      const sent = requests[index];
      if (sent !== undefined) step.notes.requests.set(created.batch.id, sent);
      tell(created);
    },
  });
  for (const index of loads.keys()) await load(index);
  return step.state.known();
}

interface ReadLoads {
  readonly loads: readonly Load[];
  readonly endpoint: string;
  /** How many requests each load has, where they are at hand. */
  readonly requests: readonly number[];
}

async function readLoads(step: Step, inputs: CreateInputs): Promise<ReadLoads> {
  const keyOf = keysOf(step, inputs);
  if ("fileId" in inputs.input) {
    const { fileId } = inputs.input;
    // The reader of inputs has seen that the endpoint is there.
    const endpoint = inputs.endpoint ?? "";
    const key = keyOf(endpoint)({ part: { index: 0, hash: hashText(fileId) }, count: 1, round: 0 });
    return { loads: [{ key, input: { fileId } }], endpoint, requests: [] };
  }
  const { files } = inputs.input;
  const { scan, endpoint } = await readRequestFiles(
    files,
    inputs.endpoint,
    step.toolkit,
    step.signal,
  );
  const parts = splitInput(scan, inputs.limits);
  if (parts.length > 1) step.toolkit.info(`They make ${plural(parts.length, "batch", "batches")}.`);
  const key = keyOf(endpoint);
  const loads = parts.map((part) => ({
    key: key({ part, count: parts.length, round: 0 }),
    input: partSource(scan, part),
  }));
  return { loads, endpoint, requests: parts.map((part) => part.requests) };
}

/** Tells of each batch as soon as it is created or adopted: to the state, the outputs and the log. */
export function createTeller({
  toolkit,
  state,
  notes,
  reporter,
}: Step): (created: CreatedBatch) => void {
  let reused = false;
  return ({ batch, reused: adopted }) => {
    reused ||= adopted;
    if (adopted) notes.adopted.add(batch.id);
    state.created(batch);
    writeOutputs(toolkit, reportOf(state.known()));
    toolkit.setOutput("reused", reused);
    toolkit.info(
      adopted
        ? `Adopted ${batch.id}, which is ${batch.status}, instead of paying again.`
        : `Created ${batch.id}${batch.endpoint === "" ? "" : ` for ${batch.endpoint}`}.`,
    );
    reporter.created(batch, adopted);
  };
}

/** How far back a first attempt may have created the same in an earlier step; the longest hosted job. */
const longestJob = 6 * 3_600_000;

/** What every create of a step has in common. */
export function createOptions(
  { toolkit, github, state, signal }: Step,
  inputs: CreateInputs,
  endpoint: string,
): CreateLoadsOptions {
  const { completionWindow, metadata, inputExpiresAfter, outputExpiresAfter } = inputs;
  const mayBeThere = inputs.idempotencyKey !== undefined || github.runAttempt > 1;
  return {
    endpoint,
    completionWindow,
    inputExpiresAfter,
    outputExpiresAfter,
    metadata: { ...metadata, ...runMetadata(github) },
    creationPrefix: github.commit,
    reuseExisting: inputs.reuseExisting,
    reuseUpload: inputs.reuseExisting && mayBeThere,
    lookBack: mayBeThere ? undefined : longestJob,
    signal,
    onUploaded(file, found) {
      toolkit.setOutput("input-file-id", file.id);
      toolkit.info(
        found
          ? `The requests are already uploaded as ${file.id}.`
          : `Uploaded ${formatBytes(file.bytes)} as ${file.id}.`,
      );
    },
    onCreating(creation) {
      state.creating(creation);
    },
    onRefused() {
      state.notCreated();
    },
    onUnknownOutcome(error) {
      toolkit.warning(`${error.message} Looking for it in the list of batches.`);
    },
    onNoList() {
      toolkit.warning(
        "The server has no list of batches, so a batch that is already there cannot be found.",
      );
    },
  };
}

type KeyOf = (
  of: Omit<PartOfRun, "part"> & { readonly part: Pick<PartOfRun["part"], "index" | "hash"> },
) => string;

/** The key of each batch: the user's own with a number where there are several, else of the run and the content. */
export function keysOf(
  { client, github }: Step,
  inputs: CreateInputs,
): (endpoint: string) => KeyOf {
  const { idempotencyKey: own, completionWindow, metadata } = inputs;
  return (endpoint) =>
    ({ part, count, round }) => {
      const again = round === 0 ? "" : `/retry${round}`;
      if (own !== undefined) {
        // What is sent again depends on what failed, so a round's key tells its content.
        if (round > 0) return `${own}${again}/${part.hash.slice(0, 16)}`;
        return `${own}${count === 1 ? "" : `/${part.index + 1}of${count}`}`;
      }
      const scope = `${github.repository ?? "local"}:${github.runId ?? "0"}${again}`;
      return idempotencyKey(scope, {
        inputHash: part.hash,
        endpoint,
        completionWindow,
        metadata,
        inputExpiresAfter: inputs.inputExpiresAfter,
        outputExpiresAfter: inputs.outputExpiresAfter,
        account: [client.baseURL, client.organization, client.project],
      });
    };
}

function runMetadata({ repository, runId }: GitHubContext): Record<string, string> {
  return {
    ...(repository === undefined ? {} : { github_repository: repository }),
    ...(runId === undefined ? {} : { github_run_id: runId }),
  };
}
