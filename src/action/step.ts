import type { Environment } from "../api/environment.ts";
import { loadPrices } from "../batch/cost/prices.ts";
import { isUnknown, type Spending, spendingOf } from "../batch/cost/spending.ts";
import { cancelOnSignal } from "./cancellation/main.ts";
import { createClient } from "./client.ts";
import { accessGitHub } from "./github/access.ts";
import { githubContext } from "./github/context.ts";
import { type Inputs, readInputs } from "./inputs.ts";
import { explain, isExplained } from "./explain.ts";
import { plainDollars } from "./format.ts";
import { createNarrator } from "./narrate.ts";
import type { StepOutcome, Step } from "./operation.ts";
import { cancel } from "./operations/cancel.ts";
import { check } from "./operations/check.ts";
import { collect, ledgerAccess } from "./operations/collect.ts";
import { create } from "./operations/create.ts";
import { list } from "./operations/list.ts";
import { retrieve } from "./operations/retrieve.ts";
import { run } from "./operations/run.ts";
import { wait, waitFor } from "./operations/wait.ts";
import { failedReport, type Report, writeOutputs } from "./outputs.ts";
import { readLocalInput } from "./request-file.ts";
import type { Toolkit } from "./runner/toolkit.ts";
import { maskSecrets } from "./secrets.ts";
import { createState, type StateWriter } from "./state.ts";
import { errorSummary, summaryOf } from "./summary.ts";
import type { SummaryContext } from "./summary/context.ts";
import { unsentWords } from "./verdict.ts";

/** Makes what a step works with; passed in, so that a test can take its place. */
export interface Connections {
  /** Makes the client of a connection. */
  readonly connect?: typeof createClient | undefined;
  /** Gives access to GitHub where the inputs ask for it. */
  readonly gitHub?: typeof accessGitHub | undefined;
}

/**
 * One step of a workflow, from its inputs to its outputs; a failure is reported, not thrown.
 *
 * @param interrupted aborts when the runner asks the step to end
 */
export async function runStep(
  toolkit: Toolkit,
  env: Environment,
  interrupted: AbortSignal = new AbortController().signal,
  connections: Connections = {},
): Promise<void> {
  const state = createState(toolkit.saveState);
  interrupted.addEventListener("abort", () => {
    state.interrupted();
  });
  const begun: Begun = { inputs: undefined, step: undefined };
  try {
    maskSecrets(toolkit, env);
    const inputs = await readInputs(toolkit.getInput, env);
    for (const text of inputs.warnings) toolkit.warning(text);
    begun.inputs = inputs;
    begun.step = await openStep(toolkit, env, { inputs, state, interrupted, connections });
    const outcome = await outcomeOf(inputs, begun.step, connections);
    await report(inputs, begun.step, outcome);
  } catch (error) {
    await reportError(toolkit, begun, error);
  }
  state.ended();
}

/** How far a step has come. */
interface Begun {
  inputs: Inputs | undefined;
  step: Step | undefined;
}

interface Opening {
  readonly inputs: Inputs;
  readonly state: StateWriter;
  readonly interrupted: AbortSignal;
  readonly connections: Connections;
}

/** Milliseconds that a server may make a step wait that waits for no batch. */
const longestPause = 10 * 60_000;

async function openStep(
  toolkit: Toolkit,
  env: Environment,
  { inputs, state, interrupted, connections }: Opening,
): Promise<Step> {
  const { connect = createClient, gitHub = accessGitHub } = connections;
  // Only who waits for a batch anyway can wait for hours until the server takes a call.
  const waits = inputs.operation === "wait" || inputs.operation === "run";
  const maxRetryAfter = waits ? undefined : longestPause;
  const client = connect({ ...inputs.connection, maxRetryAfter }, toolkit);
  const { clock } = client;
  const github = githubContext(env);
  const use = { context: github, clock, signal: interrupted, toolkit, onHeld: state.held };
  const { api, reporter } = await gitHub(inputs.github, use);
  const now = () => clock.now();
  const narrator = createNarrator({ toolkit, state, reporter, github, now });
  return { client, toolkit, state, narrator, signal: interrupted, github, api, reporter };
}

/** Milliseconds; after a signal no call may take longer. */
const hurriedTimeout = 2_000;

async function outcomeOf(
  inputs: Inputs,
  step: Step,
  connections: Connections,
): Promise<StepOutcome> {
  const { signal, state, narrator, client, toolkit } = step;
  const { connect = createClient } = connections;
  const outcome = await operate(inputs, step).catch((error: unknown): StepOutcome => {
    if (!signal.aborted || state.unfinished().length === 0) throw error;
    return { report: narrator.report(), failure: explain(error) };
  });
  // What `operation: cancel` could not do in its grace is the post step's, whatever `cancel-on` says.
  if (!signal.aborted || inputs.operation === "cancel") return outcome;
  // A token that the first client has exchanged is still good; there is no time for another.
  const hurried = () =>
    connect({ ...inputs.connection, requestTimeout: hurriedTimeout }, toolkit, client);
  return cancelOnSignal(step, inputs.cancelOn, hurried, outcome);
}

/** Reads what the batches were made of before anything else, so that a mistake in it costs no hours. */
async function operate(inputs: Inputs, step: Step): Promise<StepOutcome> {
  if (!("results" in inputs) || "create" in inputs) return operateWith(inputs, step);
  const { results } = inputs;
  const { input } = results;
  if (input === undefined) return operateWith(inputs, step);
  await using local = await readLocalInput(step, input, inputs.operation === "run");
  return await operateWith({ ...inputs, results: { ...results, local } }, step);
}

async function operateWith(inputs: Inputs, step: Step): Promise<StepOutcome> {
  switch (inputs.operation) {
    case "create":
      return create(step, inputs.create, inputs.cost);
    case "wait":
      return wait(step, inputs.choice, inputs.wait, inputs.results);
    case "run":
      return "ids" in inputs
        ? waitFor(
            step,
            { ids: inputs.ids, known: [] },
            { waiting: inputs.wait, results: inputs.results },
          )
        : run(step, { ...inputs, waiting: inputs.wait });
    case "cancel":
      return cancel(step, inputs.choice);
    case "retrieve":
      return retrieve(step, inputs.choice, inputs.results);
    case "list":
      return list(step, inputs.list);
    case "check":
      return check(step, inputs);
    case "collect":
      return collect(step, inputs.collect, inputs.results, ledgerAccess(step, inputs.github));
  }
}

async function report(inputs: Inputs, step: Step, outcome: StepOutcome): Promise<void> {
  const { toolkit, reporter, client } = step;
  const cost =
    outcome.checked === undefined ? await costOfReport(inputs, outcome, client) : undefined;
  if (outcome.checked === undefined) {
    writeOutputs(toolkit, outcome.report);
    toolkit.setOutput("cost", cost?.cost === undefined ? "" : plainDollars(cost.cost));
  }
  await reporter.settled();
  if (outcome.failure !== undefined) toolkit.setFailed(outcome.failure);
  if (!inputs.summary) return;
  const saved = await savedByCache(inputs, outcome, client);
  await tell(toolkit, () => summaryOf({ ...contextOf(inputs, step, outcome), cost, saved }));
}

/** What the answers of the cache would have cost, had they been asked for again. */
async function savedByCache(
  { cost: { prices } }: Inputs,
  { report: { results } }: StepOutcome,
  { clock }: Step["client"],
): Promise<number | undefined> {
  const cached = results?.cachedByModel ?? [];
  if (cached.length === 0 || cached.some(isUnknown)) return undefined;
  return spendingOf(cached, await loadPrices(prices, clock.now())).cost;
}

/** What the answers cost, where the operation is about them. */
async function costOfReport(
  { operation, cost: { prices } }: Inputs,
  { report: { spent } }: StepOutcome,
  { clock }: Step["client"],
): Promise<Spending | undefined> {
  if (operation === "list" || operation === "cancel" || spent.length === 0) return undefined;
  // The price list takes a while to load, and does not help where tokens and model are unknown.
  if (spent.some(isUnknown)) return undefined;
  return spendingOf(spent, await loadPrices(prices, clock.now()));
}

async function reportError(
  toolkit: Toolkit,
  { inputs, step }: Begun,
  error: unknown,
): Promise<void> {
  const known = step && failedReport(step.narrator.report());
  const failure = [explain(error), ...unsentAmong(known)].join("\n");
  toolkit.setFailed(failure);
  const isKnown = known !== undefined && known.batches.length > 0;
  if (isKnown) step?.narrator.flush();
  const wanted = inputs?.summary ?? toolkit.getInput("summary").toLowerCase() !== "false";
  if (wanted) {
    await tell(toolkit, () =>
      inputs === undefined || step === undefined || !isKnown
        ? errorSummary(error, failure)
        : summaryOf(contextOf(inputs, step, { report: known, failure })),
    );
  }
  if (error instanceof Error && !isExplained(error)) toolkit.debug(error.stack ?? error.message);
}

/** What is to be said of requests that were not sent although others were. */
function unsentAmong(known: Report | undefined): readonly string[] {
  return known === undefined || known.batches.length === 0 ? [] : unsentWords(known.unsent);
}

function contextOf(
  inputs: Inputs,
  { client, narrator }: Step,
  { report: known, failure, handedOver, origins = new Map(), checked }: StepOutcome,
): SummaryContext {
  return {
    checked,
    report: known,
    operation: inputs.operation,
    makes: "create" in inputs,
    baseURL: client.baseURL,
    now: client.clock.now(),
    facts: narrator.facts(),
    origins,
    failure,
    handedOver,
  };
}

/** Writes the job summary; a step is not worse for lack of it. */
async function tell(toolkit: Toolkit, summary: () => string): Promise<void> {
  try {
    await toolkit.summary.addRaw(summary(), true).write();
  } catch (error) {
    toolkit.warning(`The job summary could not be written: ${explain(error)}`);
  }
}
