import { APIError } from "../../src/api/errors.ts";
import type { RetryEvent } from "../../src/api/retry.ts";
import type { BatchCreateParams } from "../../src/api/types.ts";
import {
  BatchClient,
  type Batch,
  type BatchClientOptions,
  type UploadSource,
} from "../../src/index.ts";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../src/simulator/index.ts";
import { virtualClock, type VirtualClock } from "./virtual-clock.ts";

export const KEY = "sk-a-secret-key-of-nobody";
export const ENDPOINT = "/v1/chat/completions";

/** A client on a virtual clock, and what it tells of its retries. */
export interface TestClient {
  readonly client: BatchClient;
  readonly clock: VirtualClock;
  readonly retries: readonly RetryEvent[];
}

export function clientFor(baseURL: string, options: BatchClientOptions = {}): TestClient {
  const clock = virtualClock();
  const retries: RetryEvent[] = [];
  const client = new BatchClient({
    apiKey: KEY,
    baseURL,
    clock,
    // Longer than a test may take: a slow machine is no silent server.
    timeout: 60_000,
    onRetry: (event) => retries.push(event),
    ...options,
  });
  return { client, clock, retries };
}

/** A simulated account whose time is the client's. */
export interface Account extends TestClient, AsyncDisposable {
  readonly simulator: Simulator;
  /** Uploads some requests and returns the file's id. */
  readonly upload: (requests?: number) => Promise<string>;
  /** Uploads some requests and makes a batch of them. */
  readonly submit: (requests?: number, metadata?: Record<string, string>) => Promise<Batch>;
}

export async function openAccount(
  options: SimulatorOptions & { readonly client?: BatchClientOptions } = {},
): Promise<Account> {
  const clock = virtualClock();
  const simulator = await startSimulator({ now: () => clock.now(), ...options });
  const made = clientFor(simulator.url, { clock, ...options.client });
  const upload = async (requests = 2) =>
    (await made.client.files.create({ file: textSource(requestLines(requests)), purpose: "batch" }))
      .id;
  return {
    ...made,
    clock,
    simulator,
    upload,
    async submit(requests = 2, metadata) {
      return made.client.batches.create({
        ...paramsFor(await upload(requests)),
        ...(metadata === undefined ? {} : { metadata }),
      });
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

export function paramsFor(input_file_id: string): BatchCreateParams {
  return { input_file_id, endpoint: ENDPOINT, completion_window: "24h" };
}

export function requestLine(customId: string): string {
  const body = { model: "gpt-5-nano", messages: [{ role: "user", content: `Hello ${customId}` }] };
  return JSON.stringify({ custom_id: customId, method: "POST", url: ENDPOINT, body });
}

export function requestLines(count: number): string {
  return Array.from({ length: count }, (_, index) => `${requestLine(`r${index + 1}`)}\n`).join("");
}

export function textSource(text: string, name = "requests.jsonl"): UploadSource {
  return bytesSource(Buffer.from(text), name);
}

export function bytesSource(bytes: Buffer, name = "requests.jsonl"): UploadSource {
  return {
    name,
    size: bytes.length,
    async *stream() {
      yield await Promise.resolve(bytes);
    },
  };
}

/** What a call is rejected with. Fails when it is not. */
export async function rejectionOf(call: PromiseLike<unknown>): Promise<unknown> {
  const done = await call.then(
    () => ({ rejected: false, error: undefined }),
    (error: unknown) => ({ rejected: true, error }),
  );
  if (!done.rejected) throw new Error("The call was expected to fail.");
  return done.error;
}

/** The API error that a call is rejected with. Fails for any other ending. */
export async function failureOf(call: PromiseLike<unknown>): Promise<APIError> {
  const error = await rejectionOf(call);
  if (error instanceof APIError) return error;
  throw error;
}
