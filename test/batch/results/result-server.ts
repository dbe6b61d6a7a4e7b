import type { ServerResponse } from "node:http";

import { type CollectedResults, runBatch } from "../../../src/index.ts";
import { writeFile } from "node:fs/promises";
import { clientFor, requestLines } from "../../support/account.ts";
import { openFolder, textOf } from "../../support/folder.ts";
import { batchJson, type RawServer, rawServer, reply } from "../../support/raw-server.ts";

export const answerLine = (id: string, fields: object = {}) =>
  JSON.stringify({
    id: `x-${id}`,
    custom_id: id,
    response: { status_code: 200, request_id: "q", body: { choices: [{ finish_reason: "stop" }] } },
    error: null,
    ...fields,
  });
export const failedLine = (id: string, status: number, code: string) =>
  answerLine(id, { response: { status_code: status, body: { error: { code, message: "no" } } } });
export const jsonl = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

/** One call for a file's content. */
export interface ContentCall {
  /** From 1, over all batches. */
  readonly count: number;
  readonly fileId: string;
  readonly whole: string;
  readonly response: ServerResponse;
}

export interface ResultServerOptions {
  /** What the files of a batch of these requests hold; all are answered by default. */
  readonly results?: (
    ids: readonly string[],
    batch: number,
  ) => { readonly output?: string; readonly error?: string };
  /** Fields of the batch at its nth look, from 1. */
  readonly show?: (look: number, batch: number) => object;
  /** Answers a call for content; the whole file with its length by default. */
  readonly content?: (call: ContentCall) => void;
  /** What `GET /files/{id}` says of the length; the truth by default. 404 for `undefined`. */
  readonly bytes?: (whole: string) => number | undefined;
}

/** A server of batches that end at once, and whose results misbehave. */
export async function resultServer(options: ResultServerOptions): Promise<RawServer> {
  const inputs = new Map<string, readonly string[]>();
  const files = new Map<string, string>();
  const batches: { readonly fields: Record<string, unknown>; looks: number }[] = [];
  let contents = 0;
  const create = (text: string) => {
    const { input_file_id: input } = JSON.parse(text) as { input_file_id: string };
    const number = batches.length;
    const ids = inputs.get(input) ?? [];
    const { output, error } = options.results?.(ids, number) ?? {
      output: jsonl(ids.map((id) => answerLine(id))),
    };
    if (output !== undefined) files.set(`out-${number}`, output);
    if (error !== undefined) files.set(`err-${number}`, error);
    const fields = batchJson(`batch_${number}`, {
      input_file_id: input,
      status: "completed",
      output_file_id: output === undefined ? null : `out-${number}`,
      error_file_id: error === undefined ? null : `err-${number}`,
    });
    batches.push({ fields, looks: 0 });
    return { ...fields, status: "validating", output_file_id: null, error_file_id: null };
  };
  return rawServer(({ method, url, body }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const [kind, id = "", content] = pathname.split("/").slice(2);
    const batch = batches[Number(/\d+$/.exec(id)?.[0])];
    const whole = files.get(id);
    if (method === "POST" && kind === "files") {
      const fileId = `file-${inputs.size}`;
      inputs.set(
        fileId,
        [...body.matchAll(/^\{"custom_id":"([^"]+)"/gm)].map(([, name = ""]) => name),
      );
      reply(response, 200, { id: fileId, object: "file", bytes: body.length, purpose: "batch" });
    } else if (method === "POST" && kind === "batches") reply(response, 200, create(body));
    else if (kind === "batches" && id === "") {
      reply(response, 200, { object: "list", data: [], has_more: false });
    } else if (kind === "batches" && batch !== undefined) {
      batch.looks += 1;
      const shown = options.show?.(batch.looks, batches.indexOf(batch)) ?? {};
      reply(response, 200, { ...batch.fields, ...shown });
    } else if (whole === undefined) reply(response, 404, { error: { message: "No such File" } });
    else if (content === undefined) {
      const bytes = options.bytes === undefined ? Buffer.byteLength(whole) : options.bytes(whole);
      if (bytes === undefined) reply(response, 404, { error: { message: "No such File" } });
      else reply(response, 200, { id, object: "file", bytes });
    } else {
      contents += 1;
      const call = { count: contents, fileId: id, whole, response };
      if (options.content === undefined) response.end(whole);
      else options.content(call);
    }
  });
}

/** Sends a body under no length, as proxies and FastAPI's servers do. */
export function stream(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "application/octet-stream" });
  response.end(text);
}

export interface Ran {
  /** How many batches were created, each of them paid for. */
  readonly paid: number;
  readonly results: CollectedResults | undefined;
  /** What the run failed with. */
  readonly error: unknown;
  readonly output: string;
  readonly errors: string;
  readonly pauses: readonly number[];
  readonly left: readonly string[];
}

export interface RunSettings {
  readonly requests?: number;
  /** Called with the path of the input, before the batch is first looked at. */
  readonly whileWaiting?: ((input: string) => void) | undefined;
}

/** Runs requests `r1`, `r2`, … with one retry round, and tells what was paid and written. */
export async function runAgainst(
  options: ResultServerOptions,
  { requests = 3, whileWaiting }: RunSettings = {},
): Promise<Ran> {
  await using folder = await openFolder();
  await using server = await resultServer({
    ...options,
    show: (look, batch) => {
      if (look === 1 && batch === 0) whileWaiting?.(folder.at("in.jsonl"));
      return options.show?.(look, batch) ?? {};
    },
  });
  const { client, clock } = clientFor(server.url);
  const input = folder.at("in.jsonl");
  await writeFile(input, requestLines(requests));
  let results: CollectedResults | undefined;
  let error: unknown;
  try {
    const ran = await runBatch(client, {
      input,
      outputFile: folder.at("out.jsonl"),
      errorFile: folder.at("err.jsonl"),
      temporaryFolder: folder.at("tmp"),
      retryFailed: 1,
    });
    results = ran.results;
    [error] = ran.failures;
  } catch (thrown) {
    error = thrown;
  }
  return {
    paid: server.requests.filter(({ method, url }) => method === "POST" && url === "/v1/batches")
      .length,
    results,
    error,
    output: await textOf(folder.at("out.jsonl")),
    errors: await textOf(folder.at("err.jsonl")),
    pauses: clock.pauses,
    left: await folder.list(),
  };
}

/** The `custom_id`s of lines. */
export function idsIn(text: string): readonly unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { custom_id: unknown }).custom_id);
}
