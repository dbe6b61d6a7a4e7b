import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

let count = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2] ?? "") })) {
  const request: unknown = JSON.parse(line);
  if (typeof request === "object") count += 1;
}
console.log(count);
