import type { Safeguard } from "../safeguards.ts";

/** What keeps promises outside of the rules. */
export const others: readonly Safeguard[] = [
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
    what: "further looks at a list that lags",
    file: "src/batch/look-up.ts",
    code: "[0, 1_000, 2_000, 4_000, 8_000, 15_000]",
    without: "[0]",
  },
  {
    what: "reading a list on that may begin with its oldest",
    file: "src/batch/look-up.ts",
    code: "const enoughSteps = 5;",
    without: "const enoughSteps = 0;",
  },
  {
    what: "the doubt in a list that a page is missing of",
    file: "src/batch/look-up.ts",
    code: "return `the list of batches could not be read to its end: ${error.message}`;",
    without: "return undefined;",
  },
  {
    what: "the value that tells this very create",
    file: "src/batch/create/identity.ts",
    code: "if (id !== undefined) return id === creationId;",
    without: 'if (id !== undefined) return creationId === "";',
  },
  {
    what: "the look for the key before the create",
    file: "src/batch/create/creator.ts",
    code: "options.reuseExisting !== false && keys.length > 0",
    without: "options.reuseExisting !== false && keys.length > 1_000",
  },
  {
    what: "the second decision after a batch has been cancelled",
    file: "src/batch/create/creator.ts",
    code: "newer.set(found.id, await followToEnd(client, found, options));",
    without: "await followToEnd(client, found, options);\n      return undefined;",
  },
  {
    what: "the look at a batch that is to be adopted",
    file: "src/batch/create/creator.ts",
    code: "if (!newer.has(found.id) && !isTerminal(found)) {",
    without: 'if (found.id === "") {',
  },
  {
    what: "waiting for a file that was just uploaded",
    file: "src/batch/create/input-file.ts",
    code: "if (!mayBeOfFile(error)) return false;",
    without: "if (client.clock.now() > 0 || !mayBeOfFile(error)) return false;",
  },
  {
    what: "the outputs before the next await",
    file: "src/action/narrate.ts",
    code: "  tellIds(story, false);",
    without: "",
  },
  {
    what: "the state before the next await",
    file: "src/action/narrate.ts",
    code: "  see(story, batch);\n  // Only",
    without: "  story.batches.set(batch.id, batch);\n  // Only",
  },
  {
    what: "the state of a create under way",
    file: "src/action/narrate.ts",
    code: '    case "creating":\n    case "outcome-unknown":\n      state.creation(event.creation);\n      return;',
    without: '    case "creating":\n    case "outcome-unknown":\n      return;',
  },
  {
    what: "the cancel on a signal",
    file: "src/action/step.ts",
    code: "  if (!signal.aborted) return outcome;",
    without: "  if (signal !== undefined) return outcome;",
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
    code: 'slots.write("interrupted", true);',
    without: "",
    tests: ["test/action/state.test.ts"],
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
    without: "const timeLimit = 24_000_000",
  },
  {
    what: "the note that a run is being started, before it is",
    file: "src/action/operations/hand-over.ts",
    code: "  state.handingOver({ ids: unfinished, since, after });",
    without: "",
  },
  {
    what: "the note that a run has been started",
    file: "src/action/operations/hand-over.ts",
    code: "    state.handedOver();",
    without: "    state.notHandedOver();",
  },
  {
    what: "the post step's look for a run whose start was cut off",
    file: "src/action/cancellation/taken-over.ts",
    code: 'if (known.state === "started") {',
    without: 'if (known.state === "started" && ids.length === 0) {',
  },
  {
    what: "the end that came early and is not done",
    file: "src/action/narrate.ts",
    code: "reportOf(known(), { complete: false, named: story.followed.size })",
    without: "reportOf(known(), { named: story.followed.size })",
  },
  {
    what: "the last look before the deadline",
    file: "src/batch/follow.ts",
    code: "await clock.sleep(last ? Math.max(0, left - lastLook) : pause, signal);",
    without: "await clock.sleep(pause, signal);",
  },
];
