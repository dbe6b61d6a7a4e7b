import { inputSource, type InputScan, scanInput } from "../../batch/input.ts";
import { type CreateBatchOptions, createBatch } from "../../batch/create.ts";
import { hashText, idempotencyKey } from "../../batch/key.ts";
import type { GitHubContext } from "../github.ts";
import type { Batch } from "../../api/types.ts";
import { formatBytes, plural } from "../format.ts";
import { type CreateInputs, InputError } from "../inputs.ts";
import { reportOf, writeOutputs } from "../outputs.ts";
import type { Outcome, Step } from "../step.ts";
import type { Toolkit } from "../toolkit.ts";

/** `create`: checks the requests, uploads them and creates the batch. */
export async function create(step: Step, inputs: CreateInputs): Promise<Outcome> {
  return { report: reportOf([await createFrom(step, inputs)]) };
}

/**
 * Creates the batch of the inputs, or adopts the one that is there; its id is in the outputs and
 * the state before this returns.
 *
 * @param deadline milliseconds since the epoch
 */
export async function createFrom(
  { client, toolkit, github, state, signal }: Step,
  inputs: CreateInputs,
  deadline?: number,
): Promise<Batch> {
  const requests = await readRequests(inputs, toolkit);
  const { completionWindow, metadata, inputExpiresAfter, outputExpiresAfter } = inputs;
  const described = { completionWindow, metadata, inputExpiresAfter, outputExpiresAfter };
  const { batch, reused } = await createBatch(client, {
    ...described,
    input: requests.input,
    endpoint: requests.endpoint,
    metadata: { ...metadata, ...runMetadata(github) },
    idempotencyKey:
      inputs.idempotencyKey ??
      idempotencyKey(`${github.repository ?? "local"}:${github.runId ?? "0"}`, {
        ...described,
        inputHash: requests.hash,
        endpoint: requests.endpoint,
        account: [client.baseURL, client.organization, client.project],
      }),
    reuseExisting: inputs.reuseExisting,
    lookBack: inputs.idempotencyKey !== undefined || github.runAttempt > 1 ? undefined : longestJob,
    reuseUpload:
      inputs.reuseExisting && (inputs.idempotencyKey !== undefined || github.runAttempt > 1),
    signal,
    deadline,
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
  });
  state.batches([batch]);
  writeOutputs(toolkit, reportOf([batch]));
  toolkit.setOutput("reused", reused);
  toolkit.info(
    reused
      ? `Adopted ${batch.id}, which is ${batch.status}, instead of paying again.`
      : `Created ${batch.id} for ${batch.endpoint || requests.endpoint}.`,
  );
  return batch;
}

/** How long ago a first attempt may have created the same in an earlier step; the longest hosted job. */
const longestJob = 6 * 3_600_000;

function runMetadata({ repository, runId }: GitHubContext): Record<string, string> {
  return {
    ...(repository === undefined ? {} : { github_repository: repository }),
    ...(runId === undefined ? {} : { github_run_id: runId }),
  };
}

interface Requests {
  readonly input: CreateBatchOptions["input"];
  readonly endpoint: string;
  readonly hash: string;
}

async function readRequests(inputs: CreateInputs, toolkit: Toolkit): Promise<Requests> {
  if ("fileId" in inputs.input) {
    const { fileId } = inputs.input;
    // The reader of inputs has seen that the endpoint is there.
    return { input: { fileId }, endpoint: inputs.endpoint ?? "", hash: hashText(fileId) };
  }
  const scan = await scanInput(inputs.input.file);
  const endpoint = checkScan(scan, inputs.endpoint, toolkit);
  toolkit.info(
    `${scan.file}: ${plural(scan.requests, "request")}, ${formatBytes(scan.bytes)}, ${scan.models.join(", ") || "no model named"}, ${endpoint}.`,
  );
  return { input: inputSource(scan), endpoint, hash: scan.hash };
}

/** GitHub shows ten annotations of a kind per step, and the one that sums up is one of them. */
const maxAnnotations = 9;

/** Tells every problem of the request file, and ends the step before anything is uploaded. */
function checkScan(scan: InputScan, endpoint: string | undefined, toolkit: Toolkit): string {
  for (const { file, line, code, message } of scan.problems.slice(0, maxAnnotations)) {
    toolkit.error(`${code}: ${message}`, {
      title: "Request file",
      file,
      ...(line === undefined ? {} : { startLine: line }),
    });
  }
  const problems: string[] = [];
  if (scan.problemCount > 0) {
    const shown = scan.problems
      .slice(0, 20)
      .map(
        ({ line, code, message }) =>
          `${scan.file}${line === undefined ? "" : `:${line}`}: ${code}: ${message}`,
      );
    const more = scan.problemCount - shown.length;
    problems.push(
      `${plural(scan.problemCount, "problem")} in the request file; nothing was uploaded.\n${shown.join("\n")}` +
        (more > 0 ? `\n… and ${more} more` : ""),
    );
  }
  if (
    endpoint !== undefined &&
    scan.endpoint !== undefined &&
    !sameEndpoint(endpoint, scan.endpoint)
  ) {
    problems.push(
      `\`endpoint\` is \`${endpoint}\` but the lines of ${scan.file} have the url \`${scan.endpoint}\`.`,
    );
  }
  if (problems.length > 0) throw new InputError(problems);
  return endpoint ?? scan.endpoint ?? "";
}

/** Azure's lines may lack the `/v1` that the endpoint has, or the other way round. */
function sameEndpoint(a: string, b: string): boolean {
  const bare = (endpoint: string) => endpoint.replace(/^\/v1(?=\/)/, "");
  return bare(a) === bare(b);
}
