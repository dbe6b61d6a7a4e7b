import type { BatchClient } from "../api/client.ts";
import { describeProblem, impliedEndpoint, type InputScan, scanInput } from "../batch/input.ts";
import { maxAnnotations } from "./batch-errors.ts";
import { formatBytes, plural } from "./format.ts";
import { InputError } from "./inputs.ts";
import type { InputFiles } from "./inputs/files.ts";
import type { Toolkit } from "./runner/toolkit.ts";

/** The request files have problems; nothing was uploaded. */
export class RequestFileError extends InputError {
  readonly scan: InputScan;

  constructor(scan: InputScan, problems: readonly string[]) {
    super(problems);
    this.scan = scan;
  }
}

const maxListed = 20;

/** What of a step reading its request files takes. */
interface ReadFilesStep {
  readonly client: Pick<BatchClient, "baseURL">;
  readonly toolkit: Pick<Toolkit, "info" | "warning" | "error">;
  readonly signal: AbortSignal;
}

/**
 * Reads the request files, or rows and their template, tells every problem in them and ends the step
 * before anything is uploaded.
 *
 * @param cached whether answers of earlier runs are looked for
 * @throws {RequestFileError} when there is one
 * @returns the scan, which is the caller's to dispose of
 */
export async function readRequestFiles(
  { client, toolkit, signal }: ReadFilesStep,
  { files, template }: InputFiles,
  endpoint: string | undefined,
  { cached = false }: { readonly cached?: boolean } = {},
): Promise<{ readonly scan: InputScan; readonly endpoint: string }> {
  const scan = await scanInput(files, {
    template,
    templateOptions: { endpoint, baseURL: client.baseURL },
    endpoint: impliedEndpoint(client, endpoint),
    contentsFor: cached ? client.baseURL : undefined,
    temporaryFolder: process.env["RUNNER_TEMP"],
    signal,
  });
  try {
    return { scan, endpoint: judge(toolkit, scan, endpoint) };
  } catch (error) {
    await scan[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * Reads what batches were made of that there are already, to put their results in order and to account for
 * every request.
 *
 * @param dispensable whether a problem in it is told as a warning: the batches are waited for without it
 * @throws {RequestFileError} when there is a problem in it
 * @returns the scan, which is the caller's to dispose of
 */
export async function readLocalInput(
  { client, toolkit, signal }: ReadFilesStep,
  { files, template }: InputFiles,
  dispensable: boolean,
): Promise<InputScan | undefined> {
  const scan = await scanInput(files, {
    template,
    templateOptions: { endpoint: undefined, baseURL: client.baseURL },
    // The batches know their endpoint; lines need not.
    endpoint: impliedEndpoint(client, "/"),
    temporaryFolder: process.env["RUNNER_TEMP"],
    signal,
  });
  if (scan.problemCount === 0) return scan;
  await scan[Symbol.asyncDispose]();
  if (dispensable) {
    toolkit.warning(
      `\`input-file\` cannot be what the batches were made of, so it was left aside: ${listProblems(scan)}`,
    );
    return undefined;
  }
  annotate(toolkit, scan);
  throw new RequestFileError(scan, [listProblems(scan)]);
}

function annotate(toolkit: Pick<Toolkit, "error">, { problems, template }: InputScan): void {
  for (const { file, line, code, message } of problems.slice(0, maxAnnotations)) {
    toolkit.error(`${code}: ${message}`, {
      title: template === undefined ? "Request file" : "Rows and template",
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { startLine: line }),
    });
  }
}

/** @returns the endpoint of the requests */
function judge(
  toolkit: ReadFilesStep["toolkit"],
  scan: InputScan,
  endpoint: string | undefined,
): string {
  const { sources: files } = scan;
  annotate(toolkit, scan);
  const named = files.length === 1 ? (files[0] ?? "") : plural(files.length, "file");
  const problems = scan.problemCount > 0 ? [listProblems(scan)] : [];
  if (
    endpoint !== undefined &&
    scan.endpoint !== undefined &&
    !sameEndpoint(endpoint, scan.endpoint)
  ) {
    problems.push(
      `\`endpoint\` is \`${endpoint}\` but the ${scan.template === undefined ? "lines of" : "requests made of"} ${named} have the url \`${scan.endpoint}\`.`,
    );
  }
  if (problems.length > 0) throw new RequestFileError(scan, problems);
  const chosen = endpoint ?? scan.endpoint ?? "";
  const models = scan.models.map((model) => model || "no model named").join(", ");
  toolkit.info(
    `${named}: ${plural(scan.requests, "request")}, ${formatBytes(scan.bytes)}, ${models}, ${chosen}.`,
  );
  if (scan.models.length > 1) {
    toolkit.warning(
      `The requests name ${namesOf(scan.models)}. A batch takes one, so each model gets batches of its own.`,
    );
  }
  return chosen;
}

function listProblems({ problems, problemCount, template }: InputScan): string {
  const shown = problems.slice(0, maxListed).map(describeProblem);
  const more = problemCount - shown.length;
  return (
    `${plural(problemCount, "problem")} in the ${template === undefined ? "request file" : "rows and their template"}; nothing was uploaded.\n${shown.join("\n")}` +
    (more > 0 ? `\n… and ${more} more` : "")
  );
}

/** Azure's lines may lack the `/v1` that the endpoint has, or the other way round. */
function sameEndpoint(a: string, b: string): boolean {
  const bare = (endpoint: string) => endpoint.replace(/^\/v1(?=\/)/, "");
  return bare(a) === bare(b);
}

/** `2 models (a, b)`, and that some name none. */
function namesOf(models: readonly string[]): string {
  const named = models.filter((model) => model !== "");
  const none = named.length < models.length ? ", and some name none" : "";
  return `${plural(named.length, "model")} (${named.join(", ")})${none}`;
}
