import { compare, type Peer } from "./compare.ts";
import { nodeCommand, peer } from "./processes.ts";
import type { Setting } from "./setting.ts";
import { step } from "./step.ts";
import type { Row } from "./table.ts";

const maxRatio = 2;

/** Whole processes that do next to nothing: what is measured is how they start. */
export async function startUp({ baseURL, rounds }: Setting): Promise<readonly Row[]> {
  const bare = peer("bare-get");
  const ended = { ended: "true" };
  const open = { ...ended, unfinished: JSON.stringify(["batch_20MB"]) };
  const connection = { "base-url": baseURL };
  const peers: Peer[] = [
    {
      name: "bare `node:http` GET",
      command: () => nodeCommand(bare, [`${baseURL}/batches/batch_20MB`]),
    },
    {
      name: "`retrieve`",
      command: () =>
        step("main", { operation: "retrieve", "batch-id": "batch_20MB", ...connection }),
    },
    {
      name: "`post` with nothing to do",
      command: () => step("post", { operation: "run", ...connection }, ended),
    },
    {
      name: "`post` with a batch that has ended",
      command: () =>
        step(
          "post",
          { operation: "run", "cancel-on": "failure", "job-status": "failure", ...connection },
          open,
        ),
    },
  ];
  // These take a tenth of a second, so more of them cost little and quieten the ratio.
  const medians = await compare(peers, rounds * 3);
  const base = medians.get(peers[0]?.name ?? "")?.wall ?? Number.NaN;
  return peers.map(({ name }, index) => {
    const figures = medians.get(name);
    const ratio = (figures?.wall ?? Number.NaN) / base;
    if (index === 0) return { what: `· ${name}`, figures };
    return {
      what: name,
      figures,
      ratio,
      target: `≤ ${maxRatio.toFixed(2)} of the GET`,
      held: ratio <= maxRatio,
    };
  });
}
