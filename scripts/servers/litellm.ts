import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { startSimulator } from "../../src/simulator/index.ts";
import { pythonEnvironment } from "./cache.ts";
import { answers, freePort, serve } from "./programs.ts";
import type { RunningServer, Server } from "./server.ts";

const VERSION = "1.106.12";
const KEY = "sk-litellm-master-1234";
const install = () =>
  pythonEnvironment(`litellm-${VERSION}`, [`litellm[proxy]==${VERSION}`, "prisma==0.15.0"]);

/** The LiteLLM proxy, without a database, in front of the simulator. */
export const litellm: Server = {
  name: "litellm",
  version: VERSION,
  install: async () => {
    await install();
  },
  start,
  impossible: {},
};

async function start(folder: string): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  const bin = await install();
  const simulator = resources.use(
    await startSimulator({
      phases: { validating: 100, inProgress: 2_000, finalizing: 100, cancelling: 200 },
    }),
  );
  const port = await freePort();
  writeFileSync(join(folder, "config.yaml"), JSON.stringify(configuration(simulator.url)));
  resources.use(
    await serve(
      {
        file: join(bin, "litellm"),
        args: ["--config", "config.yaml", "--host", "127.0.0.1", "--port", String(port)],
        cwd: folder,
        env: { LITELLM_LOCAL_MODEL_COST_MAP: "True", PATH: `${bin}:${process.env["PATH"] ?? ""}` },
      },
      {
        ready: () => answers(`http://127.0.0.1:${port}/health/liveliness`),
        log: join(folder, "server.log"),
        timeout: 300_000,
      },
    ),
  );
  const owned = resources.move();
  return {
    url: `http://127.0.0.1:${port}/v1`,
    key: KEY,
    model: "tiny",
    expiring: { metadata: "simulator_outcome=expired" },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** JSON is YAML too. */
function configuration(backend: string): object {
  const account = { api_base: backend, api_key: "sk-backend" };
  return {
    model_list: [
      {
        model_name: "tiny",
        litellm_params: { model: "openai/tiny", ...account },
        model_info: { mode: "batch" },
      },
    ],
    files_settings: [{ custom_llm_provider: "openai", ...account }],
    general_settings: { master_key: KEY },
    litellm_settings: { drop_params: true, telemetry: false },
  };
}
