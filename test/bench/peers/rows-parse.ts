import { createReadStream } from "node:fs";

import { parse } from "csv-parse";

/** The least that a script can do: parse the rows, and make each a request's text that goes nowhere. */
let bytes = 0;
const rows = createReadStream(process.argv[2] ?? "").pipe(parse({ columns: true }));
for await (const row of rows as AsyncIterable<Readonly<Record<string, string>>>) {
  const request = {
    custom_id: row["id"],
    method: "POST",
    url: "/v1/chat/completions",
    body: {
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: `Summarize: ${row["text"] ?? ""}` }],
    },
  };
  bytes += JSON.stringify(request).length;
}
console.log(bytes);
