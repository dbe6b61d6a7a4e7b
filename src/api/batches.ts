import { APIError, DeadlineError, UnknownOutcomeError, UnreadableAnswerError } from "./errors.ts";
import { normalizeBatch } from "./normalize.ts";
import { pageOf } from "./page-data.ts";
import { paged, type PagePromise } from "./page.ts";
import { unstated } from "./status-words.ts";
import type { Batch, BatchCreateParams, CallOptions, ListParams } from "./types.ts";
import { idPath, unknownShape, type Wire } from "./wire.ts";

/** Milliseconds; a cancelled workflow has 7.5 seconds, and the cancel comes after the answer. */
const answerGrace = 3_000;

/**
 * `client.batches`: the four calls of the Batch API.
 *
 * Made by `BatchClient`. What the calls resolve to is one shape for every compatible server.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * for await (const batch of client.batches.list({ limit: 100 })) {
 *   if (batch.status === "in_progress") await client.batches.cancel(batch.id);
 * }
 * ```
 */
export class Batches {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /**
   * Creates a batch (`POST /batches`). The API has no idempotency key, so this call is repeated
   * only where the server has certainly done nothing: it refused with a transient 4xx, or could not
   * be reached. When the signal aborts while it is on the wire, it gets three more seconds for its
   * answer. `createBatch` builds on it what a create that cannot pay twice needs.
   *
   * @throws {UnknownOutcomeError} when the batch may exist although no answer says so
   * @throws {APIError} when the server refused
   */
  async create(body: BatchCreateParams, options: CallOptions = {}): Promise<Batch> {
    const call = "POST /batches";
    const wire = { busy: false };
    try {
      return await this.#wire.retried(
        { ...options, call, retry: "refusals", grace: answerGrace },
        async (signal) => {
          wire.busy = false;
          try {
            const request = { method: "POST", path: "/batches", json: body, signal } as const;
            const onSend = () => {
              // A token may have been waited for since; what is not on the wire yet stays here.
              options.signal?.throwIfAborted();
              wire.busy = true;
            };
            return batchOf(call, await this.#wire.transport.json({ ...request, onSend }));
          } catch (error) {
            if (error instanceof APIError) wire.busy = error.outcomeUnknown;
            throw error;
          }
        },
      );
    } catch (error) {
      // A deadline may have come while a token was waited for, with nothing on the wire.
      const known = error instanceof APIError && !(error instanceof DeadlineError);
      const unknown = known ? error.outcomeUnknown : wire.busy;
      throw unknown ? new UnknownOutcomeError(body.input_file_id, error) : error;
    }
  }

  /**
   * Reads a batch once (`GET /batches/{id}`).
   *
   * @throws {APIError} 404 for an id that the project does not have
   * @throws {UnreadableAnswerError} when no batch came, or another one: a cache in between mixes them up
   */
  async retrieve(batchId: string, options: CallOptions = {}): Promise<Batch> {
    const path = batchPath(batchId);
    const call = `GET ${path}`;
    return this.#wire.retried({ ...options, call }, async (signal) => {
      const answer = await this.#wire.transport.json({ method: "GET", path, signal });
      const batch = batchOf(call, answer);
      if (batch.id !== batchId) throw otherBatch(call, batch.id);
      return batch;
    });
  }

  /**
   * Lists the organization's batches, newest first in practice (`GET /batches`). Awaited it is one
   * page; `for await` goes through all of them, and throws at the end of a list that is incomplete.
   *
   * @param query `after` is a batch's id, `limit` the size of a page, 1 to 100 (the API's default is 20)
   * @throws {APIError} when a page could not be read; a server without a list answers with 404; `list_incomplete`
   */
  list(query: ListParams = {}, options: CallOptions = {}): PagePromise<Batch> {
    const call = "GET /batches";
    const { after, limit } = query;
    const fetch = async (cursor: string | undefined) =>
      this.#wire.retried({ ...options, call }, async (signal) =>
        pageOf(
          { call, expected: "a list of batches", read: normalizeBatch },
          await this.#wire.transport.json({
            method: "GET",
            path: "/batches",
            query: { after: cursor, limit },
            signal,
          }),
        ),
      );
    return paged({ call, after, fetch });
  }

  /**
   * Cancels a batch (`POST /batches/{id}/cancel`). It stays `cancelling` for up to ten minutes and
   * keeps the results it has by then. A finished batch is answered with a 409 error. Where a server
   * takes the cancel without showing the batch, the batch is read.
   *
   * @throws {APIError} 404 for an unknown id, 409 for a batch that has ended
   */
  async cancel(batchId: string, options: CallOptions = {}): Promise<Batch> {
    const path = `${batchPath(batchId)}/cancel`;
    const call = `POST ${path}`;
    const shown = await this.#wire.retried(
      { ...options, call, conflictIsFinal: true },
      async (signal) => {
        try {
          const answer = await this.#wire.transport.json({ method: "POST", path, signal });
          const batch = normalizeBatch(answer);
          // Another batch than the one that was meant says nothing of it.
          return batch?.status === unstated || batch?.id !== batchId ? undefined : batch;
        } catch (error) {
          // A 2xx that holds no batch: the cancel was taken, and another one would say no more.
          if (error instanceof UnreadableAnswerError) return undefined;
          throw error;
        }
      },
    );
    return shown ?? this.retrieve(batchId, options);
  }
}

function batchPath(id: string): string {
  return `/batches/${idPath(id)}`;
}

function batchOf(call: string, answer: unknown): Batch {
  const batch = normalizeBatch(answer);
  if (batch === undefined) throw unknownShape(call, "a batch");
  return batch;
}

function otherBatch(call: string, id: string): UnreadableAnswerError {
  return new UnreadableAnswerError(
    `${call} was answered with another batch, ${id}. A cache or proxy in between may mix answers up.`,
    { code: "other_batch", success: true },
  );
}
