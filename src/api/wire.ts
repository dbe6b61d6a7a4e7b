import { APIError, UnreadableAnswerError } from "./errors.ts";
import type { RetriedCall } from "./retry.ts";
import type { Transport } from "./transport.ts";

/** What the resources need of the client: the wire, and the one rule of trying again. */
export interface Wire {
  readonly transport: Transport;
  retried<T>(
    call: RetriedCall,
    attempt: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T>;
}

/** Whether the path of an id would lead to something else. */
export function leadsElsewhere(id: string): boolean {
  return id.split("/").some((segment) => ["", ".", ".."].includes(segment));
}

/** Some servers' ids hold a slash (`batches/…`) that they expect as it is; the rest is escaped once. */
export function idPath(id: string): string {
  if (leadsElsewhere(id)) {
    throw new APIError(
      `'${id}' is no id. Check where it comes from; an output of a step that did not run is empty.`,
      {
        code: "invalid_id",
        status: 400,
      },
    );
  }
  return id.split("/").map(encodeURIComponent).join("/");
}

/** The error for an answer that is whole JSON, but not of what was asked for. */
export function unknownShape(call: string, expected: string): UnreadableAnswerError {
  return new UnreadableAnswerError(
    `${call} was answered with JSON that holds no ${expected.replace(/^an? /, "")} we can read. ` +
      "Check that the base URL is that of an OpenAI-compatible Batch API.",
    { code: "unreadable_answer", success: true },
  );
}
