import { isFields } from "./json.ts";
import type { CallOptions } from "./types.ts";
import { idPath, unknownShape, type Wire } from "./wire.ts";

/** A model as the API describes it. */
export interface Model {
  id: string;
  object: "model";
  /** Unix seconds. */
  created?: number;
  owned_by?: string;
  /** The day on which it will be shut down, where one is announced: `2026-10-23`. */
  shutdown_date?: string;
}

/**
 * `client.models`: whether a model is there.
 *
 * Made by `BatchClient`.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { id, shutdown_date } = await client.models.retrieve("gpt-6-luna");
 * console.log(id, shutdown_date); // gpt-6-luna undefined
 * ```
 */
export class Models {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /**
   * Reads what is known of a model (`GET /models/{model}`).
   *
   * @throws {APIError} 404 when the server knows no such model, or this key may not use it
   */
  async retrieve(model: string, options: CallOptions = {}): Promise<Model> {
    const path = `/models/${idPath(model)}`;
    const call = `GET ${path}`;
    return this.#wire.retried({ ...options, call }, async (signal) => {
      const answer = await this.#wire.transport.json({ method: "GET", path, signal });
      const found = modelOf(answer);
      if (found === undefined) throw unknownShape(call, "a model");
      return found;
    });
  }
}

function modelOf(answer: unknown): Model | undefined {
  if (!isFields(answer) || typeof answer["id"] !== "string") return undefined;
  const { id, created, owned_by: owner, shutdown_date: shutdown } = answer;
  return {
    id,
    object: "model",
    ...(typeof created === "number" ? { created } : {}),
    ...(typeof owner === "string" ? { owned_by: owner } : {}),
    ...(typeof shutdown === "string" && shutdown !== "" ? { shutdown_date: shutdown } : {}),
  };
}
