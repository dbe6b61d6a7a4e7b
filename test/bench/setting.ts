import type { Size } from "./data.ts";

/** What the sections of a run of the bench share. */
export interface Setting {
  /** Of the sink server, with `/v1`. */
  readonly baseURL: string;
  readonly rounds: number;
  /** From small to large. */
  readonly sizes: readonly Size[];
}
