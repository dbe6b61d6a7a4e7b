/** What happens to one call on its way. Of those with `after`, the call has been processed. */
export const callFaults = [
  "drop-before",
  "drop-after",
  "500",
  "500-after",
  "503-after",
  "408",
  "429",
  "429-long",
  "429-hours",
  "401",
  "404",
  "html",
  "html-403",
  "html-after",
  "html-200-after",
  "empty-after",
  "cut-after",
  "shape-after",
  "hang",
  "hang-after",
] as const;

/** What becomes of the content of a file; other calls are answered as ever. */
export const contentFaults = [
  "gzip",
  "no-length",
  "cut-lines",
  "cut-silent",
  "cut-broken",
  "json-error",
  "link",
  "text",
  "object",
  "array",
] as const;

/** What becomes of a page of a list; other calls are answered as ever. */
export const pageFaults = ["page-refused", "page-without-more", "page-lost-way"] as const;

export type CallFault =
  (typeof callFaults)[number] | (typeof contentFaults)[number] | (typeof pageFaults)[number];

/** A fault of one call or of several in a row. */
export interface FaultStreak {
  /** The number of the first call in its process, from 0. */
  readonly call: number;
  readonly length: number;
  readonly fault: CallFault;
}

export const routes = [
  "upload",
  "files",
  "file",
  "content",
  "create",
  "list",
  "retrieve",
  "cancel",
] as const;
export type Route = (typeof routes)[number];

/** A fault of one kind of call, whoever makes it. */
export interface FaultRule {
  readonly on: Route;
  /** So many of them pass unharmed first. */
  readonly skip: number;
  readonly times: number;
  readonly fault: CallFault;
}

/** What comes of the run of a request: see `Fate` in `server.ts`. */
export const fateNames = [
  "ok",
  "bad",
  "limited",
  "broken",
  "status-0",
  "never-ran",
  "left-out",
  "unreadable",
  "nameless",
  "doubled",
] as const;
export type FateName = (typeof fateNames)[number];

export type OutcomeName = "completed" | "expired" | "full" | "invalid";

/** How the server is, whatever is asked of it. */
export interface ServerPlan {
  /** Of the batches in the order of their creation; those behind them complete. */
  readonly outcomes: readonly OutcomeName[];
  /** Of the runs of requests in their order; those behind them are answered. */
  readonly fates: readonly FateName[];
  /** Milliseconds. */
  readonly inProgress: number;
  readonly cancelling: number;
  /** Milliseconds for which a batch is missing from the list. */
  readonly listLag: number;
  /** Milliseconds for which an uploaded file is not found. */
  readonly fileLag: number;
  /** Milliseconds for which an ended batch does not name its files. */
  readonly resultLag: number;
  /** Milliseconds for which an upload is looked through. */
  readonly processing: number;
  readonly order: "newest" | "oldest" | "id";
  readonly stale: boolean;
  readonly after: "honoured" | "ignored" | "refused";
  /** Entries of a page at the most. */
  readonly pageSize: number;
  /** How many entries of each page are no batches. */
  readonly brokenEntries: number;
  readonly doubledEntries: boolean;
  readonly noList: boolean;
  readonly words: "openai" | "others" | "unknown";
  readonly counts: "shown" | "none" | "zeros";
  readonly fileSizes: boolean;
  readonly lengths: boolean;
  readonly cancelEnded: "refused" | "unchanged" | "cancelled";
  /** Batches of other users that stand on the list before anything begins. */
  readonly foreign: number;
  /** Whether batches on the list show no metadata, or no batch ever does; shown by default. */
  readonly metadata?: "unlisted" | "none" | undefined;
  /** Requests of one model that may be enqueued at once; any number by default. */
  readonly enqueued?: number | undefined;
}

/** `killed` is the process, before or after the run has started; it hears of neither. */
export type DispatchFault = "none" | "refused" | "drop" | "lost" | "killed-before" | "killed-after";

/** What a process of the action goes through. */
export interface Fortune {
  readonly faults: readonly FaultStreak[];
  /** The await at which the runner asks the step to end, as a number from 1. */
  readonly signalAt: number | undefined;
  /** The await at which the process is killed. */
  readonly killAt: number | undefined;
  /** Whether the step's own time was up (`failure`) rather than the workflow cancelled. */
  readonly stepTimeout: boolean;
  /** Whether a later step of the job fails. */
  readonly laterFailure: boolean;
  /** Whether the runner is lost, so that no post step runs. */
  readonly runnerLost: boolean;
  readonly postFaults: readonly FaultStreak[];
}

/** What a later job does: the work again, or with the batches of the jobs before it. */
export type Work = "again" | "rerun" | "wait" | "retrieve" | "collect" | "collect twice" | "cancel";

export interface LaterJob {
  readonly work: Work;
  /** Milliseconds between the job before it and this one. */
  readonly gap: number;
  readonly fortune: Fortune;
}

/** What somebody else does on the account. */
export interface OthersAct {
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly act: "cancel" | "remove batch" | "remove results";
  /** Which of our batches, counted by their creation. */
  readonly batch: number;
}

/** What becomes of the cache file between two jobs. */
export const cacheFortunes = ["kept", "torn", "strange", "lost"] as const;
export type CacheFortune = (typeof cacheFortunes)[number];

/** How a workflow goes wrong. Plain data: what is printed can be played again. */
export interface Schedule {
  readonly operation: "create" | "run";
  readonly cancelOn: "cancelled" | "failure" | "cancelled, failure" | "never";
  readonly ownKey: boolean;
  readonly reuseExisting: boolean;
  readonly onTimeout: "fail" | "continue" | "cancel" | "dispatch";
  /** What becomes of the start of another run: it is refused, does not arrive, or its answer does not. */
  readonly dispatchFault: DispatchFault;
  /** Seconds. */
  readonly timeout: number;
  readonly maxRequests: number;
  readonly maxActive: number;
  readonly retryFailed: number;
  readonly outputFile: boolean;
  readonly order: "" | "input" | "completion";
  readonly server: ServerPlan;
  readonly rules: readonly FaultRule[];
  readonly fortune: Fortune;
  readonly later: readonly LaterJob[];
  readonly others: readonly OthersAct[];
  /** Of a run with `cache-file`, what becomes of it before each later job; those behind them find it as it was left. */
  readonly cache?: readonly CacheFortune[] | undefined;
  /** Of another workflow's job that runs the same requests with the same cache file, at the same time as the first job. */
  readonly beside?: Fortune | undefined;
}
