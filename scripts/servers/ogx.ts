import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { startBackend } from "./backend.ts";
import { pythonEnvironment } from "./cache.ts";
import { answers, freePort, serve } from "./programs.ts";
import type { RunningServer, Server } from "./server.ts";

const VERSION = "1.5.0";
const install = () => pythonEnvironment(`ogx-${VERSION}`, [`ogx==${VERSION}`]);

/** Formerly llama-stack: batches on SQLite, run one request after the other on an inference server. */
export const ogx: Server = {
  name: "ogx",
  version: VERSION,
  install: async () => {
    await install();
  },
  start,
  impossible: { expiry: "it takes no window but 24h" },
};

async function start(folder: string): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  const bin = await install();
  const backend = resources.use(await startBackend());
  const port = await freePort();
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(configuration(port, backend.url)));
  resources.use(
    await serve(
      {
        file: join(bin, "ogx"),
        args: ["run", "config.yaml", "--insecure"],
        cwd: folder,
        env: { OTEL_SDK_DISABLED: "true" },
      },
      {
        ready: () => answers(`http://127.0.0.1:${port}/v1/health`),
        log: join(folder, "server.log"),
        timeout: 180_000,
      },
    ),
  );
  const owned = resources.move();
  return {
    url: `http://127.0.0.1:${port}/v1`,
    key: "sk-ogx-0123456789",
    model: "tiny/tiny",
    runs: backend.runs,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** JSON is YAML too. */
function configuration(port: number, backend: string): object {
  const table = (name: string) => ({ table_name: name, backend: "sql_default" });
  const model = { metadata: {}, provider_id: "tiny", provider_model_id: "tiny" };
  return {
    version: 2,
    distro_name: "batches",
    apis: ["batches", "files", "inference"],
    providers: {
      inference: [
        {
          provider_id: "tiny",
          provider_type: "remote::openai",
          config: { api_key: "fake", base_url: backend },
        },
      ],
      files: [
        {
          provider_id: "builtin-files",
          provider_type: "inline::localfs",
          config: { storage_dir: "./files", metadata_store: table("files_metadata") },
        },
      ],
      batches: [
        {
          provider_id: "reference",
          provider_type: "inline::reference",
          config: {
            sqlstore: table("batches"),
            max_concurrent_batches: 4,
            max_concurrent_requests_per_batch: 2,
          },
        },
      ],
    },
    storage: {
      backends: {
        kv_default: { type: "kv_sqlite", db_path: "./kvstore.db" },
        sql_default: { type: "sql_sqlite", db_path: "./sql_store.db" },
      },
      stores: {
        metadata: { namespace: "registry", backend: "kv_default" },
        inference: {
          ...table("inference_store"),
          max_write_queue_size: 10_000,
          num_writers: 4,
          enabled: false,
        },
        conversations: table("openai_conversations"),
        prompts: table("prompts"),
        connectors: table("connectors"),
      },
    },
    registered_resources: {
      models: [
        { ...model, model_id: "tiny", model_type: "llm" },
        {
          ...model,
          model_id: "tiny-embedding",
          provider_model_id: "tiny-embedding",
          model_type: "embedding",
          metadata: { embedding_dimension: 3 },
        },
      ],
    },
    server: { port, host: "127.0.0.1" },
  };
}
