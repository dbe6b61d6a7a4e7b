import { readFileSync } from "node:fs";

import { Bytes } from "../../../src/simulator/bytes.ts";
import { SimulatorCore } from "../../../src/simulator/core.ts";

/** One batch of the file through the simulator's core, on a clock of its own. */
let now = Date.UTC(2026, 0, 1);
const core = new SimulatorCore({ now: () => now });
const bytes = Bytes.from(readFileSync(process.argv[2] ?? ""));
const file = core.createFile({ filename: "requests.jsonl", purpose: "batch", bytes });
const { id } = core.createBatch({
  input_file_id: file.id,
  endpoint: "/v1/chat/completions",
  completion_window: "24h",
});
now += 3_600_000;
const { status } = core.retrieveBatch(id);
if (status !== "completed") throw new Error(`The batch is ${status}.`);
