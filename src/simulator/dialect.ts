import type { BatchObject, FileObject } from "./types.ts";

/** On which occasion a batch is shown. */
export interface Look {
  readonly call: "create" | "retrieve" | "list" | "cancel";
  /** How often the batch was shown before with this status. */
  readonly looks: number;
}

/**
 * In which form a server writes what it has to say, in the place of OpenAI's. It changes what goes over the wire, not what
 * is: `simulator.batches` and `simulator.files` stay as they are.
 *
 * @example
 * ```ts
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * await using simulator = await startSimulator({
 *   dialect: {
 *     // Its own words for a status, no counts, and the file ids only at the sixth look after the end.
 *     batch: ({ request_counts, ...batch }, { looks }) => ({
 *       ...batch,
 *       ...(batch.status === "completed" && { status: "succeeded" }),
 *       ...(looks < 5 && { output_file_id: null, error_file_id: null }),
 *     }),
 *     // Sizes that are not known.
 *     file: (file) => ({ ...file, bytes: 0 }),
 *     // Every answer wrapped.
 *     answer: (data) => ({ code: 0, message: "ok", data }),
 *   },
 * });
 * const headers = { authorization: "Bearer any" };
 * const page = await fetch(`${simulator.url}/files`, { headers });
 * console.log((await page.text()).slice(0, 31)); // {"code":0,"message":"ok","data"
 * ```
 */
export interface Dialect {
  /** A batch, alone or in a list. */
  readonly batch?: ((batch: BatchObject, look: Look) => unknown) | undefined;
  /** A file, alone or in a list. */
  readonly file?: ((file: FileObject) => unknown) | undefined;
  /** The JSON of a whole answer with status 200, its batches and files being in the dialect already. */
  readonly answer?:
    | ((answer: unknown, call: { readonly method: string; readonly path: string }) => unknown)
    | undefined;
}

/** Writes in a dialect what goes over the wire. */
export interface Writer {
  readonly batch: (batch: BatchObject, call: Look["call"]) => unknown;
  readonly file: (file: FileObject) => unknown;
  readonly answer: NonNullable<Dialect["answer"]>;
}

/** Makes the writer of a dialect, OpenAI's by default. It counts how often each batch was shown. */
export function createWriter(dialect: Dialect = {}): Writer {
  const seen = new Map<string, number>();
  return {
    batch(batch, call) {
      const key = `${batch.status} ${batch.id}`;
      const looks = seen.get(key) ?? 0;
      seen.set(key, looks + 1);
      return dialect.batch === undefined ? batch : dialect.batch(batch, { call, looks });
    },
    file: dialect.file ?? ((file) => file),
    answer: dialect.answer ?? ((answer) => answer),
  };
}
