import type { ScenarioName } from "./scenarios.ts";

/** A batch server of others', at the version that is checked. */
export interface Server {
  readonly name: string;
  readonly version: string;
  /** Installs what is not in the cache yet. */
  readonly install: () => Promise<void>;
  /** Starts it in a folder of its own; disposing of it stops it and all that it needs. */
  readonly start: (folder: string) => Promise<RunningServer>;
  /** What it cannot do, and why. */
  readonly impossible: Readonly<Partial<Record<ScenarioName, string>>>;
}

export interface RunningServer extends AsyncDisposable {
  /** The base URL, `/v1` included. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  /** How often each prompt was run so far, where the server runs requests on a backend of the check's. */
  readonly runs?: ReadonlyMap<string, number>;
  /** Inputs of the action with which a batch expires. */
  readonly expiring?: Readonly<Record<string, string>>;
}
