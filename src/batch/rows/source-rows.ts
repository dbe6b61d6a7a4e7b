/** One row of the user's data: its columns by name. Values of a CSV file are texts. */
export type Row = Readonly<Record<string, unknown>>;

/** The rows that an input was rendered from. */
export interface SourceRows {
  /** All columns of all files, in the order in which they first appear. */
  readonly columns: readonly string[];
  /**
   * The row behind a request, by the request's number in the scan; read from disk. Read in ascending
   * order it costs a sequential read.
   */
  readonly rowOf: (request: number) => Row;
}
