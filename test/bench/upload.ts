import { spawnSync } from "node:child_process";

import { compare, type Peer } from "./compare.ts";
import { bytesOf, dataPath, type Size } from "./data.ts";
import { nodeCommand, peer } from "./processes.ts";
import type { Setting } from "./setting.ts";
import { step } from "./step.ts";
import type { Row } from "./table.ts";

export const createMemoryTarget = 160;

/** The whole of `create`: scan, check, hash, upload, create. */
export function createAt({ baseURL }: Setting, size: Size): Peer {
  // The file is a little smaller than what one batch of OpenAI's may hold, and larger than our default.
  const limit = size === "208MB" ? { "max-bytes-per-batch": String(bytesOf(size)) } : {};
  return {
    name: `create, ${size}`,
    command: () =>
      step("main", {
        operation: "create",
        "base-url": baseURL,
        "input-file": dataPath("input", size),
        ...limit,
      }),
  };
}

export async function uploads(setting: Setting): Promise<readonly Row[]> {
  const { baseURL, rounds } = setting;
  const path = dataPath("input", "208MB");
  const script = (name: string) => {
    const file = peer(name);
    return () => nodeCommand(file, [baseURL, path]);
  };
  const form = ["-F", "purpose=batch", "-F", `file=@${path};type=application/jsonl`];
  const curl = { program: "curl", args: ["-sf", "-o", "-", ...form, `${baseURL}/files`] };
  const ours = createAt(setting, "208MB");
  const official = { name: "`openai` package, upload alone", command: script("openai-upload") };
  const pipe = { name: "bare Node pipe", command: script("pipe-upload") };
  const hasCurl = spawnSync("curl", ["--version"]).status === 0;
  const peers: Peer[] = [
    ours,
    official,
    pipe,
    ...(hasCurl ? [{ name: "`curl`", command: () => curl }] : []),
  ];
  const medians = await compare(peers, rounds);
  const own = medians.get(ours.name);
  const theirs = medians.get(official.name);
  const ratio = own === undefined || theirs === undefined ? Number.NaN : own.wall / theirs.wall;
  return peers.map(({ name }) => ({
    what: name === ours.name ? name : `· ${name}`,
    figures: medians.get(name),
    ...(name === ours.name && {
      ratio,
      target: `≤ 1.00 of \`openai\`, < ${createMemoryTarget} MiB`,
      held: ratio <= 1 && (own?.memory ?? Number.NaN) < createMemoryTarget,
    }),
  }));
}
