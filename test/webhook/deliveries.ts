import { createHmac } from "node:crypto";
import type { ServerResponse } from "node:http";

import {
  createWebhookHandler,
  type WebhookError,
  type WebhookOptions,
} from "../../src/webhook/index.ts";
import { type RawServer, rawServer, type SeenRequest } from "../support/raw-server.ts";
import { virtualClock, type VirtualClock } from "../support/virtual-clock.ts";

export const SECRET = `whsec_${Buffer.from("a secret of nobody, 32 bytes long").toString("base64")}`;
export const TOKEN = "github_pat_of_nobody";

/** What OpenAI sends, before it is signed. */
export interface Sent {
  readonly id: string;
  /** Unix seconds. */
  readonly timestamp: number | string;
  readonly body: string | Buffer;
}

/** Signed by the words of the specification, without the package that checks it. */
export function signatureOf({ id, timestamp, body }: Sent, secret = SECRET): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

export function deliver(
  sent: Sent,
  headers: Readonly<Record<string, string>> = {},
  method = "POST",
): Request {
  return new Request("https://hooks.example/openai", {
    method,
    headers: {
      "content-type": "application/json",
      "webhook-id": sent.id,
      "webhook-timestamp": String(sent.timestamp),
      "webhook-signature": signatureOf(sent),
      ...headers,
    },
    ...(method === "GET" ? {} : { body: sent.body }),
  });
}

export function eventBody(type = "batch.completed", data: unknown = { id: "batch_1" }): string {
  return JSON.stringify({ id: "evt_1", object: "event", type, created_at: 1_767_225_600, data });
}

/** A handler on a virtual clock, and the GitHub that it talks to. */
export interface Relay extends AsyncDisposable {
  readonly handle: (request: Request) => Promise<Response>;
  readonly github: RawServer;
  readonly clock: VirtualClock;
  readonly errors: readonly WebhookError[];
  /** A delivery of now. */
  readonly sent: (changes?: Partial<Sent>) => Sent;
}

/** `answer` is GitHub's; defaults to 204 as the real one. */
export async function openRelay(
  options: Partial<WebhookOptions> = {},
  answer: (response: ServerResponse, request: SeenRequest) => void = (response) => {
    response.writeHead(204).end();
  },
): Promise<Relay> {
  const clock = virtualClock();
  const errors: WebhookError[] = [];
  const github = await rawServer((request, response) => {
    answer(response, request);
  });
  const handle = createWebhookHandler({
    secret: SECRET,
    repository: "octo-org/evaluations",
    githubToken: TOKEN,
    githubApiUrl: github.origin,
    clock,
    onError: (error) => errors.push(error),
    ...options,
  });
  return {
    handle,
    github,
    clock,
    errors,
    sent: (changes) => ({
      id: "wh_1",
      timestamp: Math.floor(clock.now() / 1000),
      body: eventBody(),
      ...changes,
    }),
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}
