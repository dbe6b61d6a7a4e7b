import type { PriceOf } from "../cost/price-of.ts";
import type { LineTable } from "../input/line-table.ts";
import type { ResultLine } from "../results/line.ts";
import { answerIn } from "./answer.ts";
import type { AnswerFormat } from "./format.ts";
import { type AnswerProblem, isAnswerProblem } from "./problem.ts";
import { Spool } from "./spool.ts";

/** What answers are kept with. */
export interface Keeping {
  readonly format: AnswerFormat;
  /** Where they are kept until their file is written. */
  readonly folder: string;
  readonly priceOf: PriceOf | undefined;
}

/** The answers of the lines of one batch, on disk: a line is parsed once. */
export class KeptAnswers {
  readonly #keeping: Keeping;
  readonly #spool: Spool;

  constructor(keeping: Keeping) {
    this.#keeping = keeping;
    this.#spool = new Spool(keeping.folder);
  }

  get path(): string {
    return this.#spool.path;
  }

  /** Where each answer is, by the number of its line, with its shape. */
  get places(): LineTable {
    return this.#spool.places;
  }

  /** Keeps what the next line says, and tells what is wrong with its answer. */
  keep(line: ResultLine, asksJson: boolean): AnswerProblem | undefined {
    const { format, priceOf } = this.#keeping;
    const answer = answerIn(line, { asksJson, priceOf });
    const { text, shape } = format.keep(answer);
    this.#spool.add(text, shape);
    const { answered, problem = "" } = answer;
    return answered && isAnswerProblem(problem) ? problem : undefined;
  }

  /** Has everything on disk. */
  flush(): void {
    this.#spool.flush();
  }

  remove(): void {
    this.#spool.remove();
  }
}
