/** A line of the sources that keeps a promise, and the sources without it. */
export interface Safeguard {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  readonly without: string;
}

/** `npm run campaign:safeguards` takes each of these out and expects the campaign to fail. */
export const safeguards: readonly Safeguard[] = [
  {
    what: "the rule that a create is never sent again blindly",
    file: "src/api/batches.ts",
    code: 'retry: "refusals"',
    without: 'retry: "always"',
  },
  {
    what: "the seconds that a create on the wire has for its answer after a signal",
    file: "src/api/batches.ts",
    code: "const answerGrace = 3_000",
    without: "const answerGrace = 0",
  },
  {
    what: "the look for a batch whose answer was lost",
    file: "src/batch/create/send.ts",
    code: "const looked = await lookForBatches(client, wanted, { ...call, since });",
    without: 'const looked = { state: "absent" } as LookUp<readonly Batch[]>;',
  },
  {
    what: "further looks at a list that lags",
    file: "src/batch/look-up.ts",
    code: "for (const pause of pauses) {",
    without: "for (const pause of pauses.slice(0, 1)) {",
  },
  {
    what: "the value that tells this very create",
    file: "src/batch/create/identity.ts",
    code: "if (id !== undefined) return id === creationId;",
    without: "if (id !== undefined) return creationId === undefined;",
  },
  {
    what: "the look for the key before the create",
    file: "src/batch/create/creator.ts",
    code: "const adopted = first ? await adopt(creation, part, index) : undefined;",
    without:
      "const adopted = first && index > 1_000 ? await adopt(creation, part, index) : undefined;",
  },
  {
    what: "leaving batches that ended badly",
    file: "src/batch/rules/create.ts",
    code: 'return "part";',
    without: 'return "whole";',
  },
  {
    what: "waiting for a file that was just uploaded",
    file: "src/batch/create/input-file.ts",
    code: "const next = file.own && isNotFound(error) ? pauses.next() : undefined;",
    without: "const next = undefined as IteratorResult<number> | undefined;",
  },
  {
    what: "the look for an upload whose answer was lost",
    file: "src/batch/create/input-file.ts",
    code: "findLost: async () => find(started)",
    without: "",
  },
  {
    what: "the use of an earlier upload",
    file: "src/batch/create/input-file.ts",
    code: "if (reuseSince !== undefined) {",
    without: "if (reuseSince !== undefined && reuseSince < 0) {",
  },
  {
    what: "the outputs before the next await",
    file: "src/action/narrate.ts",
    code: "    tellIds(false);\n",
    without: "",
  },
  {
    what: "the state before the next await",
    file: "src/action/narrate.ts",
    code: "    state.batch(batch.id, { open: !isTerminal(batch) });\n",
    without: "",
  },
  {
    what: "the state of a create under way",
    file: "src/action/narrate.ts",
    code: "        state.creation(event.creation);\n",
    without: "",
  },
  {
    what: "the deadline of a create within a run",
    file: "src/batch/create/send.ts",
    code: "const call = { signal, deadline, maxRetries };\n  const mayRetry",
    without: "const call = { signal, maxRetries };\n  const mayRetry",
  },
  {
    what: "the cancel on a signal",
    file: "src/action/step.ts",
    code: "return cancelOnSignal(step, inputs.cancelOn, hurried, outcome);",
    without: "return outcome;",
  },
  {
    what: "the bound on the cancel on a signal",
    file: "src/action/cancellation/main.ts",
    code: "const timeToCancel = 3_500",
    without: "const timeToCancel = 35_000",
  },
  {
    what: "the memory of a signal for the post step",
    file: "src/action/state.ts",
    code: 'write("interrupted", true);',
    without: "",
  },
  {
    what: "the post step's cancel of what a cancelled job leaves",
    file: "src/batch/rules/cancel.ts",
    code: "if (named !== undefined) return {",
    without: "if (named !== undefined && interrupted) return {",
  },
  {
    what: "the post step's look for a create that was cut off",
    file: "src/action/cleanup.ts",
    code: "for (const creation of state.creations) {",
    without: "for (const creation of state.creations.slice(0, 0)) {",
  },
  {
    what: "the bound on the post step",
    file: "src/action/cleanup.ts",
    code: "const timeLimit = 240_000",
    without: "const timeLimit = 2_400_000",
  },
  {
    what: "the memory of a create whose answer was lost",
    file: "src/action/narrate.ts",
    code: '      case "creating":\n      case "outcome-unknown":\n',
    without:
      '      case "outcome-unknown":\n        state.settled(event.creation);\n        return;\n      case "creating":\n',
  },
  {
    what: "the note that a run is being started, before it is",
    file: "src/action/operations/hand-over.ts",
    code: "state.handingOver({ ids: unfinished, since, after });",
    without: "",
  },
  {
    what: "the note that a run has been started",
    file: "src/action/operations/hand-over.ts",
    code: "state.handedOver();",
    without: "state.notHandedOver();",
  },
  {
    what: "the look for a run whose start was not answered",
    file: "src/action/operations/hand-over.ts",
    code: 'if (decision === "done") return undefined;',
    without: "",
  },
  {
    what: "the post step's look for a run whose start was cut off",
    file: "src/action/cancellation/taken-over.ts",
    code: 'if (known.state === "started") {',
    without: 'if (known.state === "started" && ids.length > 1_000) {',
  },
];
