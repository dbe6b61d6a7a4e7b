import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

const [from = "", to = ""] = process.argv.slice(2);
const started = performance.now();
const results = createWriteStream(to);
for await (const text of createInterface({ input: createReadStream(from) })) {
  // Lines of the file that the bench has made.
  const { line } = JSON.parse(text) as { readonly line: unknown };
  if (!results.write(`${JSON.stringify(line)}\n`)) await once(results, "drain");
}
results.end();
await once(results, "finish");
console.log(performance.now() - started);
