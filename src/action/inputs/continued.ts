import { readEvent } from "../github/context.ts";
import type { Environment } from "../../api/environment.ts";
import { isFields } from "../../api/json.ts";
import type { InputFields } from "./fields.ts";

/**
 * The batches that a `run` goes on with: those of `batch-id`, or of the run that started this one by
 * `on-timeout: dispatch`, whose workflow may not pass the input on.
 */
export function readContinuedIds(fields: InputFields, env: Environment): readonly string[] {
  const given = fields.list("batch-id");
  if (given.length > 0) return [...new Set(given)];
  if (fields.text("on-timeout") !== "dispatch") return [];
  if (env["GITHUB_EVENT_NAME"] !== "workflow_dispatch") return [];
  const event = readEvent(env["GITHUB_EVENT_PATH"]);
  const inputs = isFields(event) ? event["inputs"] : undefined;
  const ids = isFields(inputs) ? inputs["batch-id"] : undefined;
  if (typeof ids !== "string") return [];
  return [...new Set(ids.split(/[,\s]+/).filter((id) => id !== ""))];
}
