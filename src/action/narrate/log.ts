import { APIError, DeadlineError } from "../../api/errors.ts";
import type { Batch } from "../../api/types.ts";
import type { BatchEvent } from "../../batch/events.ts";
import { formatBytes, formatCount, formatDuration, plural, withoutStop } from "../format.ts";
import type { GitHubContext } from "../github/context.ts";
import { describeBatch } from "../progress.ts";
import type { Toolkit } from "../runner/toolkit.ts";

type Level = "debug" | "info" | "notice" | "warning";
type LogLine = readonly [level: Level, text: string];
type LogLines = Partial<{
  readonly [T in BatchEvent["type"]]: (event: Extract<BatchEvent, { readonly type: T }>) => LogLine;
}>;

const maxNamed = 10;

/** What the log says of each event. Progress has lines of its own, and the end of the step tells the rest. */
const told: LogLines = {
  uploaded: ({ file, reused }) => [
    "info",
    reused
      ? `The requests are already uploaded as ${file.id}.`
      : `Uploaded ${formatBytes(file.bytes)} as ${file.id}.`,
  ],
  "cache-read": ({ requests, answered, rejected }) => [
    "info",
    `${formatCount(answered)} of ${plural(requests, "request")} ${requests === 1 ? "is" : isOrAre(answered)} answered by the cache${rejected === 0 ? "" : `; ${plural(rejected, "answer")} in it ${isOrAre(rejected)} rejected by this step`}.`,
  ],
  "cache-written": ({ batchId, answers }) => [
    "info",
    `Added ${plural(answers, "answer")} of ${batchId} to the cache.`,
  ],
  "cache-failed": ({ batchId, error }) => [
    "warning",
    `The answers of ${batchId} could not be added to the cache: ${withoutStop(error.message)}. They are in the results; a later run may pay for them again.`,
  ],
  "outcome-unknown": ({ error }) => [
    "warning",
    `No answer says whether the batch of ${error.inputFileId} was created (${causeOf(error)}). Looking for it in the list of batches.`,
  ],
  created: ({ known: { batch }, found }) => [
    "info",
    found ? `Found ${named(batch)}, whose create had lost its answer.` : `Created ${named(batch)}.`,
  ],
  "not-adopted": ({ batch, why }) => [
    "warning",
    `${batch.id} stands for the same requests but is not used, because ${why}. A new batch is created.`,
  ],
  "extra-found": ({ batch }) => [
    "warning",
    `A create whose answer was lost had made ${batch.id} as well; cancelling it.`,
  ],
  "look-up-incomplete": ({ why }) => [
    "warning",
    `Whether the batch is there already could not be looked up: ${why}.`,
  ],
  "held-back": ({ part, pause }) => [
    "info",
    `The server has no room for batch ${part + 1} now; trying again when another has ended, or in ${formatDuration(pause)}.`,
  ],
  "put-off": ({ part, error }) => [
    "warning",
    `Batch ${part + 1} cannot be sent before the time is up. ${error.message}`,
  ],
  "no-room": ({ part, why }) => [
    "info",
    `Batch ${part + 1} waits until another has ended: ${why}.`,
  ],
  halved: ({ part, halves: [first, second], why }) => [
    "info",
    `Batch ${part + 1} is divided in two, batches ${first + 1} and ${second + 1}: ${why}.`,
  ],
  "unknown-id": ({ batchId, error }) => [
    "warning",
    `The server knows no batch ${batchId}; it is not followed any longer. ${error.message}`,
  ],
  gone: ({ batchId, error }) => [
    "warning",
    `${batchId} is gone from the server; it is not followed any longer. ${error.message}`,
  ],
  "retry-round": ({ round, requests }) => [
    "info",
    `Retry round ${round}: ${plural(requests, "request")} that failed for a transient reason ${isOrAre(requests)} sent again.`,
  ],
  "no-retry-round": ({ requests, why }) => [
    "notice",
    `${plural(requests, "request")} could be sent again and ${isOrAre(requests)} not: ${why}.`,
  ],
  "over-budget": ({ requests, why }) => [
    "warning",
    `${plural(requests, "request")} that failed for a transient reason ${isOrAre(requests)} not sent again (\`max-cost\`): ${why}.`,
  ],
  "left-running": ({ batchId, why }) => ["notice", `${batchId} is not cancelled: ${why}.`],
  cancelling: ({ ids, why }) => [
    "info",
    `Cancelling ${ids.length > maxNamed ? plural(ids.length, "batch", "batches") : ids.join(", ")}, because ${why}.`,
  ],
  cancelled: ({ batch }) => ["info", describeBatch(batch)],
  "results-late": ({ batchId, why, pause }) => [
    "info",
    `The results of ${batchId} cannot be read yet (${why}); trying again in ${formatDuration(pause)}.`,
  ],
  downloaded: ({ batchId, fileId, lines }) => [
    "debug",
    `Read ${plural(lines, "line")} of ${fileId} (${batchId}).`,
  ],
};

/** Looks that fail are warned of so often; then they are only logged. */
const maxWarnings = 3;

/** Says in the log what happens. */
export function logEvent({
  toolkit,
  github,
}: {
  readonly toolkit: Pick<Toolkit, Level>;
  readonly github: GitHubContext;
}): (event: BatchEvent) => void {
  let failedLooks = 0;
  return (event) => {
    const line = lineOf(event);
    if (line !== undefined) toolkit[line[0]](line[1]);
  };

  function lineOf(event: BatchEvent): LogLine | undefined {
    if (event.type === "adopted") return adoption(event.known.batch, github);
    if (event.type === "poll-failed") {
      failedLooks += 1;
      const level = failedLooks <= maxWarnings ? "warning" : "info";
      return [level, `A look at ${event.batchId} failed; still waiting. ${event.error.message}`];
    }
    if (event.type === "timed-out")
      return event.unsent === 0 ? undefined : unsentLine(event.unsent);
    // The key says which events the function takes, which a look-up cannot show.
    const tell = told[event.type] as ((event: BatchEvent) => LogLine) | undefined;
    return tell?.(event);
  }
}

function unsentLine(unsent: number): LogLine {
  const [was, it] = unsent === 1 ? ["was", "it"] : ["were", "them"];
  return [
    "warning",
    `${plural(unsent, "request")} of the input ${was} not sent before the time was up, so no batch holds ${it}. Run the step again with the same input to send ${it}.`,
  ];
}

/** A second step of the same attempt that sends the same requests may have wanted a batch of its own. */
function adoption(batch: Batch, { runAttempt, runId }: GitHubContext): LogLine {
  const adopted = `Adopted ${batch.id}, which is ${batch.status}, instead of paying again.`;
  const sameRun = runId !== undefined && batch.metadata?.["github_run_id"] === runId;
  if (!sameRun || runAttempt > 1) return ["info", adopted];
  return [
    "warning",
    `${adopted} An earlier step of this run created it from the same requests. To get answers of its own, give this step an \`idempotency-key\` of its own, or \`reuse-existing: false\`.`,
  ];
}

function named({ id, endpoint }: Batch): string {
  return `${id}${endpoint === "" ? "" : ` for ${endpoint}`}`;
}

function isOrAre(count: number): string {
  return count === 1 ? "is" : "are";
}

/** What kept a create from its answer: the error itself says only that it is unknown. */
function causeOf({ status, cause }: APIError): string {
  if (status !== undefined) return `status ${status}`;
  if (cause instanceof DeadlineError) return "the time was up";
  return cause instanceof APIError ? (cause.code ?? "no answer") : "no answer";
}
