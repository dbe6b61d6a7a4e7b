// Runs one example after another as a user would, each in a folder with a request file, against a
// simulator in the place of OpenAI's server. Prints one JSON line for each: what it printed, or why it failed.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";

import { startSimulator } from "../../src/simulator/index.ts";
import { rawServer, reply } from "../support/raw-server.ts";

const [folder = "", ...names] = process.argv.slice(2);
const requests = resolve(import.meta.dirname, "requests.jsonl");
const print = console.log;
await using tokens = await rawServer((_, response) => {
  reply(response, 200, { access_token: "sk-of-the-example", expires_in: 3_600 });
});

for (const name of names) {
  const home = join(folder, "home", name);
  mkdirSync(home, { recursive: true });
  copyFileSync(requests, join(home, "requests.jsonl"));
  writeFileSync(join(home, "token.txt"), "a-token-of-the-workload");
  await using simulator = await startSimulator({
    apiKey: "sk-of-the-example",
    phases: { validating: 0, inProgress: 0, finalizing: 0, cancelling: 0 },
  });
  process.env["OPENAI_BASE_URL"] = simulator.url;
  process.env["OPENAI_API_KEY"] = "sk-of-the-example";
  process.env["OPENAI_TOKEN_URL"] = `${tokens.origin}/oauth/token`;
  process.env["OPENAI_WEBHOOK_SECRET"] = "whsec_b2YgdGhlIGV4YW1wbGU=";
  process.env["DISPATCH_TOKEN"] = "token-of-the-example";
  process.chdir(home);
  const printed: string[] = [];
  console.log = (...values: readonly unknown[]) => {
    printed.push(format(...values));
  };
  console.error = () => undefined;
  let failure: string | undefined;
  try {
    await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  } catch (error) {
    failure = format(error);
  }
  print(JSON.stringify({ name, printed, failure }));
}
