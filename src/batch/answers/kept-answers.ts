import type { PriceOf } from "../cost/price-of.ts";
import { LineTable } from "../input/line-table.ts";
import type { ResultLine } from "../results/line.ts";
import { answerIn } from "./answer.ts";
import type { AnswerFormat } from "./format.ts";
import { type AnswerProblem, isAnswerProblem } from "./problem.ts";
import { TextSpool } from "./spool.ts";
import { standingText } from "./standing-text.ts";

/** What answers are kept with. */
export interface Keeping {
  readonly format: AnswerFormat;
  /** Where they are kept until their file is written. */
  readonly folder: string;
  readonly priceOf: PriceOf | undefined;
}

/** A line beside what it says. */
interface KeptLine {
  /** As text. */
  readonly text: string;
  /** Where it begins in its file, and how many bytes it has. */
  readonly start: number;
  readonly length: number;
  readonly asksJson: boolean;
  readonly requested: string | undefined;
}

/**
 * The answers of the lines of one batch, on disk: a line is parsed once. A text that stands in its line as
 * it is needed is not kept but copied from there.
 */
export class KeptAnswers {
  readonly #keeping: Keeping;
  readonly #spool: TextSpool;
  /**
   * Of each answer where its text stands in the file of its line, tagged with the number of bytes that come
   * before it in what is kept; of no length for a text that is kept.
   */
  readonly texts = new LineTable();

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
    this.#spool = new TextSpool(keeping.folder);
  }

  get path(): string {
    return this.#spool.path;
  }

  /** Where each answer is, by the number of its line, with its shape. */
  get places(): LineTable {
    return this.#spool.places;
  }

  /** Keeps what the next line says, and tells what is wrong with its answer. */
  keep(
    line: ResultLine,
    { text, start, length, asksJson, requested }: KeptLine,
  ): AnswerProblem | undefined {
    const { format, priceOf } = this.#keeping;
    const answer = answerIn(line, { asksJson, requested, priceOf });
    const standing = standingText(answer.text, { line: text, length, escapes: format.escapes });
    const { before, after, shape } = format.keep(answer, standing !== undefined);
    const split = this.#spool.add(before, after, shape);
    const { start: from, end: to } = standing ?? { start: 0, end: 0 };
    this.texts.add(0, start + from, start + to, split);
    const { answered, problem = "" } = answer;
    return answered && isAnswerProblem(problem) ? problem : undefined;
  }

  /** Has everything on disk. */
  async flush(): Promise<void> {
    await this.#spool.flush();
  }

  remove(): void {
    this.#spool.remove();
  }
}
