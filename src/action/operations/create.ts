import { inputSource, type InputScan, scanInput } from "../../batch/input.ts";
import { type CreateBatchOptions, createBatch } from "../../batch/create.ts";
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

/** Creates the batch of the inputs; its id is in the outputs before this returns. */
export async function createFrom({ client, toolkit }: Step, inputs: CreateInputs): Promise<Batch> {
  const options = await batchOptions(inputs, toolkit);
  const batch = await createBatch(client, {
    ...options,
    onUploaded(file) {
      toolkit.setOutput("input-file-id", file.id);
      toolkit.info(`Uploaded ${formatBytes(file.bytes)} as ${file.id}.`);
    },
  });
  writeOutputs(toolkit, reportOf([batch]));
  toolkit.setOutput("reused", false);
  toolkit.info(`Created ${batch.id} for ${batch.endpoint || options.endpoint}.`);
  return batch;
}

async function batchOptions(inputs: CreateInputs, toolkit: Toolkit): Promise<CreateBatchOptions> {
  const { completionWindow, metadata, inputExpiresAfter, outputExpiresAfter } = inputs;
  const rest = { completionWindow, metadata, inputExpiresAfter, outputExpiresAfter };
  if ("fileId" in inputs.input) {
    // The reader of inputs has seen that the endpoint is there.
    return { ...rest, input: inputs.input, endpoint: inputs.endpoint ?? "" };
  }
  const scan = await scanInput(inputs.input.file);
  const endpoint = checkScan(scan, inputs.endpoint, toolkit);
  toolkit.info(
    `${scan.file}: ${plural(scan.requests, "request")}, ${formatBytes(scan.bytes)}, ${scan.models.join(", ") || "no model named"}, ${endpoint}.`,
  );
  return { ...rest, input: inputSource(scan), endpoint };
}

/** GitHub shows ten annotations of a kind per step. */
const maxAnnotations = 10;

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
      .slice(0, 50)
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
  const chosen = endpoint ?? scan.endpoint ?? "";
  return chosen;
}

/** Azure's lines may lack the `/v1` that the endpoint has, or the other way round. */
function sameEndpoint(a: string, b: string): boolean {
  const bare = (endpoint: string) => endpoint.replace(/^\/v1(?=\/)/, "");
  return bare(a) === bare(b);
}
