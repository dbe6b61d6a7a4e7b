import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { answers, freePort, serve } from "./programs.ts";
import type { RunningServer, Server } from "./server.ts";

/** A mock server whose batches move on with each retrieve, and with nothing else. */
export const aimock: Server = {
  name: "aimock",
  // The dev dependency of package.json.
  version: "1.43.0",
  install: () => Promise.resolve(),
  start,
  impossible: {
    interrupt: "its batches are complete at the second look, and a step looks before it cancels",
  },
};

async function start(folder: string): Promise<RunningServer> {
  const port = await freePort();
  const entry = createRequire(import.meta.url).resolve("@copilotkit/aimock");
  mkdirSync(join(folder, "fixtures"));
  const fixture = { match: { userMessage: "hello" }, response: { content: "Hello." } };
  writeFileSync(join(folder, "fixtures/hello.json"), JSON.stringify({ fixtures: [fixture] }));
  const running = await serve(
    {
      file: process.execPath,
      args: [join(dirname(entry), "cli.js"), "--port", String(port), "--fixtures", "fixtures"],
      cwd: folder,
    },
    {
      ready: () => answers(`http://127.0.0.1:${port}/v1/models`),
      log: join(folder, "server.log"),
      timeout: 60_000,
    },
  );
  return {
    url: `http://127.0.0.1:${port}/v1`,
    key: "sk-aimock-0123456789",
    model: "tiny",
    expiring: { headers: "X-AIMock-Batch-Outcome: expired" },
    [Symbol.asyncDispose]: () => Promise.resolve(running[Symbol.asyncDispose]()),
  };
}
