import { APIError } from "../api/errors.ts";
import { InputError } from "./inputs.ts";
import { InterruptError } from "./runner/interrupt.ts";

/** Whether the message of an error says all that there is to say to a user. */
export function isExplained(error: Error): boolean {
  return (
    error instanceof APIError || error instanceof InputError || error instanceof InterruptError
  );
}

/** Why a step failed, for people. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isExplained(error)
    ? error.message
    : `${error.message} (${error.name}; rerun with debug logging to see where).`;
}
