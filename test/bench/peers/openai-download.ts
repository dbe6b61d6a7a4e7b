import { writeFile } from "node:fs/promises";

import OpenAI from "openai";

const [baseURL, id = "", path = ""] = process.argv.slice(2);
const client = new OpenAI({ apiKey: "sk-bench", baseURL, maxRetries: 0 });
const content = await client.files.content(id);
await writeFile(path, await content.text());
