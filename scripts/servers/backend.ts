import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** The model server that a batch server without models of its own sends its requests to. */
export interface Backend extends AsyncDisposable {
  /** The base URL, `/v1` included. */
  readonly url: string;
  /** How often each request was run, by its prompt: what would have been paid. */
  readonly runs: ReadonlyMap<string, number>;
}

/** A prompt with this word in it takes `SLOW_ANSWER` milliseconds, so that there is time to interrupt its batch. */
export const SLOW = "slowly";
const SLOW_ANSWER = 3_000;

export async function startBackend(): Promise<Backend> {
  const runs = new Map<string, number>();
  const server = createServer((request, response) => {
    answer(request, response, runs).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    runs,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  runs: Map<string, number>,
): Promise<void> {
  const body = await text(request);
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (path.endsWith("/models")) {
    send(response, { object: "list", data: [{ id: "tiny", object: "model", owned_by: "us" }] });
    return;
  }
  const { prompt, count } = whatIsAsked(body);
  runs.set(prompt, (runs.get(prompt) ?? 0) + 1);
  if (prompt.includes(SLOW)) await sleep(SLOW_ANSWER);
  send(response, path.endsWith("/embeddings") ? embeddings(count) : completion(prompt));
}

function whatIsAsked(body: string): { readonly prompt: string; readonly count: number } {
  // The batch servers send on what the scenarios wrote: a chat, or the input of an embedding.
  const asked = JSON.parse(body) as {
    readonly input?: string | readonly string[];
    readonly messages?: readonly { readonly content: unknown }[];
  };
  const { input, messages } = asked;
  const content = messages?.[0]?.content ?? input;
  const prompt = typeof content === "string" ? content : JSON.stringify(content);
  return { prompt, count: typeof input === "object" ? input.length : 1 };
}

function completion(prompt: string): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: "tiny",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: `You said: ${prompt}` },
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
  };
}

function embeddings(count: number): object {
  return {
    object: "list",
    model: "tiny",
    data: Array.from({ length: count }, (_, index) => ({
      object: "embedding",
      index,
      embedding: [0.25, 0.5, 0.75],
    })),
    usage: { prompt_tokens: 3, total_tokens: 3 },
  };
}

function send(response: ServerResponse, body: object): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}
