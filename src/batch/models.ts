import pMap from "p-map";

import { isOpenAI } from "../api/base-url.ts";
import type { BatchClient } from "../api/client.ts";
import { APIError } from "../api/errors.ts";
import type { CallOptions } from "../api/types.ts";
import { decideModel, type ModelSight } from "./rules.ts";

/** What is to be said of the models that requests name. */
interface ModelsCheck {
  /** Models that the server does not know. */
  readonly missing: readonly string[];
  /** Models that may not be usable, now or soon, each with the reason. */
  readonly warnings: readonly { readonly model: string; readonly why: string }[];
}

/** Milliseconds that the looks may take: they help, and nothing depends on them. */
const timeLimit = 60_000;
const looksAtOnce = 4;

/**
 * Asks OpenAI whether the models that requests name are there, before anything is sent. Of other servers,
 * which often take any name, nothing is asked. A key that may not read models is no obstacle.
 *
 * @throws {APIError} when the server refuses the key
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, checkModels, scanInput } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { models } = await scanInput("requests.jsonl");
 * const { missing } = await checkModels(client, models);
 * console.log(missing); // []
 * ```
 */
export async function checkModels(
  client: BatchClient,
  models: readonly string[],
  { signal, maxRetries = 1 }: Pick<CallOptions, "signal" | "maxRetries"> = {},
): Promise<ModelsCheck> {
  const missing: string[] = [];
  const warnings: { model: string; why: string }[] = [];
  if (!isOpenAI(client.baseURL)) return { missing, warnings };
  const deadline = client.clock.now() + timeLimit;
  const named = models.filter((model) => model !== "");
  const sights = await pMap(
    named,
    async (model) => look(client, model, { signal, maxRetries, deadline }),
    { concurrency: looksAtOnce },
  );
  for (const [index, sight] of sights.entries()) {
    const model = named[index] ?? "";
    const { decision, why } = decideModel(sight, client.clock.now());
    if (decision === "stop" && "error" in sight) throw sight.error;
    if (decision === "refuse") missing.push(model);
    if (decision === "warn") warnings.push({ model, why });
  }
  return { missing, warnings };
}

async function look(client: BatchClient, model: string, options: CallOptions): Promise<ModelSight> {
  try {
    return { found: await client.models.retrieve(model, options) };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof APIError)) throw error;
    return { error };
  }
}
