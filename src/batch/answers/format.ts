import { extname } from "node:path";

import type { Row } from "../rows/source-rows.ts";
import type { Answer } from "./answer.ts";

/** What files of answers can be, by the end of their name. */
export const answerExtensions = [".csv", ".jsonl"] as const;
type AnswerExtension = (typeof answerExtensions)[number];

export function answerExtensionOf(path: string): AnswerExtension | undefined {
  const extension = extname(path).toLowerCase();
  return answerExtensions.find((known) => known === extension);
}

/** An answer as it is kept until the file is written: nearly the row that it becomes. */
export interface KeptAnswer {
  /** The row up to the text of the answer, and from there on. */
  readonly before: string;
  readonly after: string;
  /** The keys of an answer in JSON, by their number. */
  readonly shape: number;
}

/** A kept answer as bytes; `text` is what was left out between the others, if anything was. */
export interface KeptBytes {
  readonly before: Uint8Array;
  readonly text: Uint8Array | undefined;
  readonly after: Uint8Array;
  readonly shape: number;
}

/** Takes bytes of a file, one after the other. */
export type Put = (bytes: Uint8Array | string) => void;

/** What a file of answers is made of. */
export interface Layout {
  /** Of the source rows; `undefined` where there are none. */
  readonly columns: readonly string[] | undefined;
  /** The shapes of the answers, each once, in the order of the rows. */
  readonly shapes: readonly number[];
}

/** Writes one row. */
export type PutRow = (kept: KeptBytes, source: Row | undefined) => void;

/** One of the formats. */
export interface AnswerFormat {
  /** Whether a text is written with the escapes of JSON. */
  readonly escapes: boolean;
  /** @param leavesText whether the text, which needs no other escapes than it has in its line, is left out */
  keep(answer: Answer, leavesText?: boolean): KeptAnswer;
  /** How many answers had keys in JSON for which there is no column. */
  leftOut(): number;
  /** Begins a file. */
  begin(put: Put, layout: Layout): PutRow;
}

/** The format of a file of answers, loaded when it is wanted. */
export async function openFormat(path: string): Promise<AnswerFormat> {
  if (answerExtensionOf(path) === ".csv") return (await import("./csv-format.ts")).csvFormat();
  return (await import("./jsonl-format.ts")).jsonlFormat();
}
