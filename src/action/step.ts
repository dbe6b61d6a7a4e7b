import { APIError } from "../api/errors.ts";
import { cancelBatch } from "../batch/cancel.ts";
import { createClient } from "./client.ts";
import { accessGitHub } from "./github/access.ts";
import { githubContext } from "./github/context.ts";
import { InputError, type Inputs, readInputs } from "./inputs.ts";
import { InterruptError } from "./runner/interrupt.ts";
import { createNotes } from "./notes.ts";
import type { Outcome, Step } from "./operation.ts";
import { type Report, reportOf, writeOutputs } from "./outputs.ts";
import { describeBatch } from "./progress.ts";
import { maskSecrets } from "./secrets.ts";
import { createState } from "./state.ts";
import type * as summaries from "./summary.ts";
import type { SummaryContext } from "./summary/context.ts";
import type { Toolkit } from "./runner/toolkit.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * One step of a workflow, from its inputs to its outputs; a failure is told, not thrown.
 *
 * @param interrupted aborts when the runner asks the step to end
 * @param connect makes the client of a connection
 * @param gitHub gives access to GitHub where the inputs ask for it
 */
export async function runStep(
  toolkit: Toolkit,
  env: Environment,
  interrupted: AbortSignal = new AbortController().signal,
  connect: typeof createClient = createClient,
  gitHub: typeof accessGitHub = accessGitHub,
): Promise<void> {
  const state = createState(toolkit.saveState);
  interrupted.addEventListener("abort", () => {
    state.interrupted();
  });
  let begun: { readonly inputs: Inputs; readonly step: Step } | undefined;
  try {
    maskSecrets(toolkit, env);
    const inputs = await readInputs(toolkit.getInput, env);
    inputs.warnings.forEach((text) => {
      toolkit.warning(text);
    });
    const client = connect(inputs.connection, toolkit);
    const github = githubContext(env);
    const { api, reporter } = await gitHub(inputs.github, {
      context: github,
      clock: client.clock,
      signal: interrupted,
      toolkit,
      onHeld: state.held,
    });
    const notes = createNotes();
    const step = { client, toolkit, state, notes, signal: interrupted, github, api, reporter };
    begun = { inputs, step };
    const outcome = await operate(inputs, step).catch((error: unknown) => {
      if (!interrupted.aborted || state.unfinished().length === 0) throw error;
      return { report: reportOf(state.known()), failure: explain(error) };
    });
    const { report, failure } = interrupted.aborted
      ? await cancelUnfinished(inputs, step, outcome, connect)
      : outcome;
    writeOutputs(toolkit, report);
    await reporter.settled();
    if (failure !== undefined) toolkit.setFailed(failure);
    if (inputs.summary) {
      await tell(toolkit, ({ summaryOf }) => summaryOf(facts(inputs, step, report, failure)));
    }
  } catch (error) {
    const failure = explain(error);
    toolkit.setFailed(failure);
    if (begun?.inputs.summary ?? toolkit.getInput("summary").toLowerCase() !== "false") {
      const known = reportOf(state.known());
      await tell(toolkit, ({ errorSummary, summaryOf }) =>
        begun === undefined || known.batches.length === 0
          ? errorSummary(error, failure)
          : summaryOf(facts(begun.inputs, begun.step, known, failure)),
      );
    }
    if (error instanceof Error && !isExplained(error)) toolkit.debug(error.stack ?? error.message);
  }
  state.ended();
}

function facts(
  { operation }: Inputs,
  { client, notes }: Step,
  report: Report,
  failure: string | undefined,
): SummaryContext {
  return { report, operation, baseURL: client.baseURL, now: client.clock.now(), notes, failure };
}

/** Writes the job summary; a step is not worse for lack of it. What makes it is loaded when all else is done. */
async function tell(toolkit: Toolkit, summary: (made: typeof summaries) => string): Promise<void> {
  try {
    const text = summary(await import("./summary.ts"));
    await toolkit.summary.addRaw(text, true).write();
  } catch (error) {
    toolkit.warning(`The job summary could not be written: ${explain(error)}`);
  }
}

/** Each operation is loaded when it is asked for: starting takes most of the time of a short step. */
async function operate(inputs: Inputs, step: Step): Promise<Outcome> {
  // So that the first call finds its HTTP client loaded, and a timeout counts none of the loading.
  await import("../api/transport.ts");
  switch (inputs.operation) {
    case "create": {
      const { create } = await import("./operations/create.ts");
      return create(step, inputs.create);
    }
    case "wait": {
      const { wait } = await import("./operations/wait.ts");
      return wait(step, inputs.choice, inputs.wait, inputs.results);
    }
    case "run": {
      const { run } = await import("./operations/run.ts");
      return run(step, inputs.create, inputs.run, inputs.wait, inputs.results);
    }
    case "cancel": {
      const { cancel } = await import("./operations/cancel.ts");
      return cancel(step, inputs.choice);
    }
    case "retrieve": {
      const { retrieve } = await import("./operations/retrieve.ts");
      return retrieve(step, inputs.choice, inputs.results);
    }
    case "list": {
      const { list } = await import("./operations/list.ts");
      return list(step, inputs.list);
    }
    case "collect": {
      const { collect, ledgerAccess } = await import("./operations/collect.ts");
      return collect(step, inputs.collect, inputs.results, ledgerAccess(step, inputs.github));
    }
  }
}

/** Milliseconds. A signalled process has 7.5 seconds, of which a create on the wire may take three. */
const timeToCancel = 3_500;
const hurriedTimeout = 2_000;

/** After a signal: cancels what this step is answerable for, as far as `cancel-on` and the time allow. */
async function cancelUnfinished(
  inputs: Inputs,
  { client: first, toolkit, state }: Step,
  outcome: Outcome,
  connect: typeof createClient,
): Promise<Outcome> {
  const unfinished = state.unfinished();
  if (unfinished.length === 0) return outcome;
  const named = unfinished.join(", ");
  if (inputs.cancelOn.includes("never")) {
    return {
      report: reportOf(state.known()),
      failure: `The step was interrupted. Left running, because \`cancel-on\` is \`never\`: ${named}.`,
    };
  }
  toolkit.info(`The step was interrupted; cancelling ${named}.`);
  // A token that the first client has exchanged is still good; there is no time for another.
  const client = connect({ ...inputs.connection, requestTimeout: hurriedTimeout }, toolkit, first);
  const deadline = client.clock.now() + timeToCancel;
  const failures = await Promise.all(
    unfinished.map(async (id) => {
      try {
        const batch = await cancelBatch(client, id, { deadline });
        toolkit.info(describeBatch(batch));
        state.batches([batch]);
        state.cancelled([id]);
        return "";
      } catch (error) {
        return `${id} could not be cancelled yet; the post step tries again. ${explain(error)}`;
      }
    }),
  );
  return {
    report: reportOf(state.known()),
    failure: ["The step was interrupted.", ...failures].filter(Boolean).join("\n"),
  };
}

function isExplained(error: Error): boolean {
  return (
    error instanceof APIError || error instanceof InputError || error instanceof InterruptError
  );
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isExplained(error)
    ? error.message
    : `${error.message} (${error.name}; rerun with debug logging to see where).`;
}
