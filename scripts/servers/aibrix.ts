import { join } from "node:path";

import { pythonEnvironment } from "./cache.ts";
import { answers, finish, freePort, listens, serve } from "./programs.ts";
import type { RunningServer, Server } from "./server.ts";

const VERSION = "0.8.0";
const environment = () => pythonEnvironment(`aibrix-${VERSION}`, [`aibrix==${VERSION}`]);

/** The metadata service of AIBrix, whose dry run answers each request by itself. It keeps its batches in Redis. */
export const aibrix: Server = {
  name: "aibrix",
  version: VERSION,
  install: async () => {
    await environment();
    try {
      await finish({ file: "redis-server", args: ["--version"], cwd: "/" }, 30_000);
    } catch (cause) {
      throw new Error('It needs Redis: "apt-get install redis-server", or the like.', { cause });
    }
  },
  start,
  impossible: { expiry: "its dry run takes seconds and its shortest window is a minute" },
};

async function start(folder: string): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  const bin = await environment();
  const redis = resources.use(await startRedis(folder));
  const port = await freePort();
  resources.use(
    await serve(
      {
        file: join(bin, "aibrix_metadata"),
        args: ["--dry-run", "--host", "127.0.0.1", "--port", String(port)],
        cwd: folder,
        env: { REDIS_HOST: "127.0.0.1", REDIS_PORT: String(redis.port) },
      },
      {
        ready: () => answers(`http://127.0.0.1:${port}/healthz`),
        log: join(folder, "server.log"),
        timeout: 120_000,
      },
    ),
  );
  const owned = resources.move();
  return {
    url: `http://127.0.0.1:${port}/v1`,
    key: "sk-aibrix-0123456789",
    model: "tiny",
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startRedis(folder: string): Promise<AsyncDisposable & { readonly port: number }> {
  const port = await freePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const redis = await serve(
    { file: "redis-server", args: options, cwd: folder },
    { ready: () => listens(port), log: join(folder, "redis.log"), timeout: 30_000 },
  );
  return { port, [Symbol.asyncDispose]: () => Promise.resolve(redis[Symbol.asyncDispose]()) };
}
