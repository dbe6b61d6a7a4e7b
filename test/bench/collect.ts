import { rmSync } from "node:fs";
import { join } from "node:path";

import { compare, type Peer } from "./compare.ts";
import { dataPath, type Size } from "./data.ts";
import { newFolder, nodeCommand, peer } from "./processes.ts";
import type { Setting } from "./setting.ts";
import { step } from "./step.ts";
import type { Row } from "./table.ts";

export const collectMemoryTarget = 200;

/** What `run` does after the end, in input order; the scan before it counts for memory, not for time. */
export function collectAt({ baseURL }: Setting, size: Size): Peer {
  const folder = newFolder();
  const script = peer("collect");
  const [output, errors] = [join(folder, "output.jsonl"), join(folder, "errors.jsonl")];
  return {
    name: `collect in input order, ${size}`,
    command: () =>
      nodeCommand(script, [baseURL, `batch_${size}`, dataPath("input", size), output, errors], {
        env: { RUNNER_TEMP: folder },
      }),
    wall: ({ stdout }) => Number(stdout),
    after: () => {
      rmSync(output);
      rmSync(errors, { force: true });
    },
  };
}

export async function collects(setting: Setting): Promise<readonly Row[]> {
  const { baseURL, rounds } = setting;
  const folder = newFolder();
  const target = join(folder, "answers.jsonl");
  const after = () => {
    rmSync(target);
  };
  const script = (name: string) => {
    const file = peer(name);
    return () => nodeCommand(file, [baseURL, "file-output-208MB", target]);
  };
  const ours = collectAt(setting, "208MB");
  const whole: Peer = { ...ours, name: "the same with start and scan", wall: undefined };
  const action: Peer = {
    name: "the bundle's `retrieve` with `output-file`, server's order",
    command: () =>
      step("main", {
        operation: "retrieve",
        "base-url": baseURL,
        "batch-id": "batch_208MB",
        "output-file": target,
        "output-order": "completion",
      }),
    after,
  };
  const official: Peer = {
    name: "`openai` package, download as text and write",
    command: script("openai-download"),
    after,
  };
  const pipe: Peer = { name: "bare Node pipe to disk", command: script("pipe-download"), after };
  const peers = [ours, whole, action, official, pipe];
  const medians = await compare(peers, rounds);
  const theirs = medians.get(official.name)?.wall ?? Number.NaN;
  const own = new Set([ours.name, whole.name, action.name]);
  return peers.map(({ name }) => {
    const figures = medians.get(name);
    const ratio = (figures?.wall ?? Number.NaN) / theirs;
    const held = ratio <= 1 && (figures?.memory ?? Number.NaN) < collectMemoryTarget;
    return {
      what: name === ours.name ? name : `· ${name}`,
      figures,
      ...(own.has(name) && { ratio }),
      ...((name === ours.name || name === action.name) && {
        target: `≤ 1.00 of \`openai\`, < ${collectMemoryTarget} MiB`,
        held,
      }),
    };
  });
}
