import { APIError } from "../api/errors.ts";
import { checkModels } from "../batch/models.ts";
import { plural } from "./format.ts";
import type { Step } from "./operation.ts";

/**
 * Asks OpenAI for the models of the requests, and warns of those that may not be usable.
 *
 * @throws {APIError} `model_not_found` when the server does not know one; `missing_credential` is no reason to ask
 */
export async function tellModels(
  { client, toolkit, signal }: Pick<Step, "client" | "toolkit" | "signal">,
  models: readonly string[],
): Promise<void> {
  const { missing, warnings } = await checkModels(client, models, { signal });
  for (const { model, why } of warnings) toolkit.warning(`Model ${model}: ${why}`);
  if (missing.length === 0) return;
  throw new APIError(
    `The server does not know ${missing.length === 1 ? `the model ${missing[0] ?? ""}` : `${plural(missing.length, "model")} (${missing.join(", ")})`}, or this key may not use it; nothing was uploaded. Check the name in the requests or their template, and that the project may use the model.`,
    { code: "model_not_found", status: 404 },
  );
}
