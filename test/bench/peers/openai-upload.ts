import { createReadStream } from "node:fs";

import OpenAI from "openai";

const [baseURL, path = ""] = process.argv.slice(2);
const client = new OpenAI({ apiKey: "sk-bench", baseURL, maxRetries: 0 });
await client.files.create({ file: createReadStream(path), purpose: "batch" });
