import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";

import { stringify } from "csv-stringify";
import OpenAI from "openai";

/** What a user writes with the official package: download, parse each line, write a row of it. */
const [baseURL, id = "", path = ""] = process.argv.slice(2);

interface Line {
  readonly custom_id: string;
  readonly response: {
    readonly body: {
      readonly model: string;
      readonly choices: readonly {
        readonly finish_reason: string;
        readonly message: { readonly content: string };
      }[];
      readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
    };
  };
}

const client = new OpenAI({ apiKey: "sk-bench", baseURL, maxRetries: 0 });
const content = await client.files.content(id);
const columns = ["custom_id", "answer", "finish_reason", "model", "input_tokens", "output_tokens"];
const rows = stringify({ header: true, columns });
const done = finished(rows.pipe(createWriteStream(path)));
const lines = createInterface({ input: Readable.fromWeb(content.body as never) });
for await (const text of lines) {
  const { custom_id, response } = JSON.parse(text) as Line;
  const { model, choices, usage } = response.body;
  const [choice] = choices;
  const row = [
    ...[custom_id, choice?.message.content, choice?.finish_reason, model],
    ...[usage.prompt_tokens, usage.completion_tokens],
  ];
  if (!rows.write(row)) await new Promise((resolve) => rows.once("drain", resolve));
}
rows.end();
await done;
