export type JobStatus = "success" | "failure" | "cancelled";

/** What `github.*` expressions and `GITHUB_*` variables are made of: `runId` is `github.run_id` and `GITHUB_RUN_ID`. */
export type GithubContext = Readonly<Record<string, string>>;

export interface StepOptions {
  /** The folder with action.yml; defaults to the repository itself. */
  readonly root?: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What `${{ job.status }}` is while main runs. */
  readonly jobStatus?: JobStatus;
  readonly context?: GithubContext;
  /** Milliseconds after a cancel (or timeout) at which each signal is sent. */
  readonly signals?: Partial<SignalTimes>;
  /** Called with every line of the visible log. */
  readonly onLine?: (line: string) => void;
  readonly nodePath?: string;
  readonly workspace?: string;
}

export interface SignalTimes {
  readonly interrupt: number;
  readonly terminate: number;
  readonly kill: number;
}

export interface Annotation {
  readonly kind: "error" | "warning" | "notice";
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface PostResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly conclusion: JobStatus;
  /** Markdown as the action wrote it, not masked, so that a test can see a leak; empty when GitHub would refuse it. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** The lines a reader of the job's log sees. */
  readonly log: readonly string[];
  /** Everything the process printed, workflow commands and unmasked secrets included. */
  readonly raw: string;
}

export interface MainResult extends PostResult {
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  /** Signals that were sent, in order. */
  readonly signalsSent: readonly NodeJS.Signals[];
}

export interface Step extends AsyncDisposable {
  readonly done: Promise<MainResult>;
  /** What main has written to its outputs so far. */
  readonly outputs: () => Readonly<Record<string, string>>;
  /** What main has saved for post so far. */
  readonly state: () => Readonly<Record<string, string>>;
  /** The signals that main was sent so far, in order. */
  readonly signalsSent: () => readonly NodeJS.Signals[];
  /** The workflow is cancelled. */
  readonly cancel: () => Promise<MainResult>;
  /** The step's `timeout-minutes` are over: the same signals, but the job has failed. */
  readonly timeout: () => Promise<MainResult>;
  /** The process is gone at once. */
  readonly kill: () => Promise<MainResult>;
  /** The first line of the visible log that matches, also one already printed. */
  readonly waitForLine: (pattern: RegExp) => Promise<string>;
  /** Whether the action has a post step. */
  readonly hasPost: boolean;
  /** Runs the post step after main; the job's status defaults to main's conclusion. */
  readonly post: (jobStatus?: JobStatus) => Promise<PostResult>;
}

export type Variables = Readonly<Record<string, string>>;
