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
    file: "src/batch/create.ts",
    code: "for (const pause of looks) {",
    without: "for (const pause of looks.slice(0, 0)) {",
  },
  {
    what: "further looks at a list that lags",
    file: "src/batch/create.ts",
    code: "const looks = [0, 1_000, 2_000, 4_000, 8_000, 15_000];",
    without: "const looks = [0];",
  },
  {
    what: "the value that tells this very create",
    file: "src/batch/create/lookup.ts",
    code: "if (id !== undefined) return id === creationId;",
    without: "if (id !== undefined) return creationId === undefined;",
  },
  {
    what: "the look for the key before the create",
    file: "src/batch/flight.ts",
    code: "if (options.reuseExisting !== false && keys.length > 0) {",
    without: "if (options.reuseExisting !== false && keys.length > 1_000) {",
  },
  {
    what: "leaving batches that ended badly",
    file: "src/batch/create/lookup.ts",
    code: '["failed", "expired", "cancelled", "cancelling"]',
    without: '["failed"]',
  },
  {
    what: "waiting for a file that was just uploaded",
    file: "src/batch/create.ts",
    code: "const fileLag = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];",
    without: "const fileLag: number[] = [];",
  },
  {
    what: "the look for an upload whose answer was lost",
    file: "src/batch/create/upload.ts",
    code: "findLost: async () => findInputFile(client, source, started, call)",
    without: "",
  },
  {
    what: "the use of an earlier upload",
    file: "src/batch/create/upload.ts",
    code: "if (reuseSince !== undefined) {",
    without: "if (reuseSince !== undefined && reuseSince < 0) {",
  },
  {
    what: "the outputs before the next await",
    file: "src/action/operations/create.ts",
    code: "writeOutputs(toolkit, reportOf(state.known()));",
    without: "",
  },
  {
    what: "the state before the next await",
    file: "src/action/operations/create.ts",
    code: "state.created(batch);",
    without: "",
  },
  {
    what: "the state of a create under way",
    file: "src/action/operations/create.ts",
    code: "state.creating(creation);",
    without: "",
  },
  {
    what: "the deadline of a create within a run",
    file: "src/batch/flight.ts",
    code: "createLoader(client, loads, { ...options, deadline })",
    without: "createLoader(client, loads, { ...options })",
  },
  {
    what: "the cancel on a signal",
    file: "src/action/step.ts",
    code: "? await cancelUnfinished(",
    without: "? outcome : false ? await cancelUnfinished(",
  },
  {
    what: "the bound on the cancel on a signal",
    file: "src/action/step.ts",
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
    what: "the post step's notice of a main that was killed",
    file: "src/action/cleanup.ts",
    code: "state.interrupted || !state.ended",
    without: "state.interrupted",
  },
  {
    what: "the post step's look for a create that was cut off",
    file: "src/action/cleanup.ts",
    code: "for (const pause of looks) {",
    without: "for (const pause of looks.slice(0, 0)) {",
  },
  {
    what: "the bound on the post step",
    file: "src/action/cleanup.ts",
    code: "const timeLimit = 20_000",
    without: "const timeLimit = 2_000_000",
  },
  {
    what: "the memory of a lost create while other batches of the job are followed",
    file: "src/action/state.ts",
    code: "    batches: see,",
    without: '    batches(seen) { see(seen); write("creation", null); },',
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
    what: "the second dispatch where nobody knows whether the first one has started a run",
    file: "src/action/operations/hand-over.ts",
    code: 'if (decision === "done") return undefined;',
    without: 'if (decision !== "give-up") return undefined;',
  },
  {
    what: "the post step's look for a run whose start was cut off",
    file: "src/action/cleanup.ts",
    code: 'if (known.state === "started") {',
    without: 'if (known.state === "started" && ids.length === 0) {',
  },
];
