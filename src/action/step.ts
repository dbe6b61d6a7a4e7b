import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import { createClient } from "./client.ts";
import { InputError, type Inputs, readInputs } from "./inputs.ts";
import { cancel } from "./operations/cancel.ts";
import { create } from "./operations/create.ts";
import { list } from "./operations/list.ts";
import { retrieve } from "./operations/retrieve.ts";
import { run } from "./operations/run.ts";
import { wait } from "./operations/wait.ts";
import { type Report, writeOutputs } from "./outputs.ts";
import { maskSecrets } from "./secrets.ts";
import { writeSummary } from "./summary.ts";
import type { Toolkit } from "./toolkit.ts";

/** What an operation works with. */
export interface Step {
  readonly client: BatchClient;
  readonly toolkit: Toolkit;
}

/** What an operation found: the report of its batches, and why the step fails, if it does. */
export interface Outcome {
  readonly report: Report;
  readonly failure?: string | undefined;
}

/** One step of a workflow, from its inputs to its outputs; a failure is told, not thrown. */
export async function runStep(
  toolkit: Toolkit,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  try {
    maskSecrets(toolkit, env);
    const inputs = await readInputs(toolkit.getInput, env);
    const client = createClient(inputs.connection, toolkit);
    const { report, failure } = await operate(inputs, { client, toolkit });
    writeOutputs(toolkit, report);
    if (inputs.summary) await writeSummary(toolkit, report);
    if (failure !== undefined) toolkit.setFailed(failure);
  } catch (error) {
    toolkit.setFailed(explain(error));
    if (error instanceof Error && !isExplained(error)) toolkit.debug(error.stack ?? error.message);
  }
}

async function operate(inputs: Inputs, step: Step): Promise<Outcome> {
  switch (inputs.operation) {
    case "create":
      return create(step, inputs.create);
    case "wait":
      return wait(step, inputs.batchIds, inputs.wait, inputs.results);
    case "run":
      return run(step, inputs.create, inputs.wait, inputs.results);
    case "cancel":
      return cancel(step, inputs.batchIds);
    case "retrieve":
      return retrieve(step, inputs.batchIds, inputs.results);
    case "list":
      return list(step, inputs.list);
  }
}

function isExplained(error: Error): boolean {
  return error instanceof APIError || error instanceof InputError;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isExplained(error)
    ? error.message
    : `${error.message} (${error.name}; rerun with debug logging to see where).`;
}
