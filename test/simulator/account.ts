import OpenAI, { APIError, toFile } from "openai";
import {
  manualClock,
  type ManualClock,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../src/simulator/index.ts";

/** A simulator with a clock that stands still and the official client pointed at it. */
export interface Account extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly clock: ManualClock;
  readonly client: OpenAI;
  /** Uploads lines (JSON for anything but text) and returns the file's id. */
  readonly upload: (lines: readonly unknown[]) => Promise<string>;
  /** Uploads lines and makes a batch of them. */
  readonly submit: (
    lines: readonly unknown[],
    metadata?: Record<string, string>,
  ) => Promise<OpenAI.Batches.Batch>;
  /** A file's lines, parsed. */
  readonly lines: (fileId: string | null | undefined) => Promise<readonly ResultLine[]>;
}

/** A line of an output or error file. */
export interface ResultLine {
  readonly id: string;
  readonly custom_id: string;
  readonly response: {
    readonly status_code: number;
    readonly request_id: string;
    readonly body: { readonly [field: string]: unknown; readonly error?: { code: string } };
  } | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export const ENDPOINT = "/v1/chat/completions";

export async function openAccount(options: SimulatorOptions = {}): Promise<Account> {
  const clock = manualClock();
  const simulator = await startSimulator({ clock, ...options });
  const client = new OpenAI({ apiKey: "sk-test", baseURL: simulator.url, maxRetries: 0 });

  const upload = async (lines: readonly unknown[]): Promise<string> => {
    const text = lines
      .map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`)
      .join("");
    const file = await toFile(Buffer.from(text), "requests.jsonl");
    return (await client.files.create({ purpose: "batch", file })).id;
  };

  return {
    simulator,
    clock,
    client,
    upload,
    async submit(lines, metadata) {
      return client.batches.create({
        input_file_id: await upload(lines),
        endpoint: ENDPOINT,
        completion_window: "24h",
        ...(metadata !== undefined && { metadata }),
      });
    },
    async lines(fileId) {
      const response = await client.files.content(fileId ?? "none");
      const text = await response.text();
      // The simulator writes lines of this form; the tests look at what is in them.
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as ResultLine);
    },
    [Symbol.asyncDispose]: simulator.close,
  };
}

export function chat(customId: string, content = `Tell me about ${customId}`): object {
  return {
    custom_id: customId,
    method: "POST",
    url: ENDPOINT,
    body: { model: "gpt-5-nano", messages: [{ role: "user", content }] },
  };
}

export function chats(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => chat(`r${index + 1}`));
}

/** What the official client throws for a call. Fails when it throws nothing. */
export async function failureOf(call: PromiseLike<unknown>): Promise<APIError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error("The call was expected to fail.");
}

/** Resolves as soon as something holds, looked at whenever the event loop comes round. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
