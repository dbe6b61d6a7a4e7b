import { compare, type Peer } from "./compare.ts";
import { bytesOf, dataPath } from "./data.ts";
import { nodeCommand, peer } from "./processes.ts";
import type { Setting } from "./setting.ts";
import type { Row } from "./table.ts";

/** How fast single stages are; for information. */
export async function rates({ rounds }: Setting): Promise<readonly Row[]> {
  const script = (name: string, kind: "input" | "output"): Peer["command"] => {
    const file = peer(name);
    return () => nodeCommand(file, [dataPath(kind, "208MB")]);
  };
  const peers: Peer[] = [
    { name: "scan, 208MB", command: script("scan", "input") },
    { name: "`readline` and `JSON.parse`, 208MB", command: script("parse-lines", "input") },
    { name: "simulator: a batch of 208MB to its end", command: script("simulate", "input") },
  ];
  const medians = await compare(peers, Math.min(3, rounds));
  return peers.map(({ name }, index) => {
    const figures = medians.get(name);
    const rate = bytesOf("208MB") / 1_000 / (figures?.wall ?? Number.NaN);
    return { what: index === 1 ? `· ${name}` : name, figures, note: `${rate.toFixed(0)} MB/s` };
  });
}
