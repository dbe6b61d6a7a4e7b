import { compare, type Peer } from "./compare.ts";
import { dataPath } from "./data.ts";
import { nodeCommand, peer } from "./processes.ts";
import type { Setting } from "./setting.ts";
import { step } from "./step.ts";
import type { Row } from "./table.ts";

const maxRatio = 2.5;

/** What it takes to know the price beside what it takes to read the requests. */
export async function checks({ rounds }: Setting): Promise<readonly Row[]> {
  const path = dataPath("input", "208MB");
  const scan = peer("scan");
  const alone: Peer = { name: "scan alone, 208MB", command: () => nodeCommand(scan, [path]) };
  const whole: Peer = {
    name: "`check`, 208MB",
    command: () => step("main", { operation: "check", "input-file": path }),
  };
  const medians = await compare([alone, whole], rounds);
  const wallOf = ({ name }: Peer) => medians.get(name)?.wall ?? Number.NaN;
  const ratio = wallOf(whole) / wallOf(alone);
  return [
    {
      what: whole.name,
      figures: medians.get(whole.name),
      ratio,
      target: `≤ ${maxRatio.toFixed(2)} of the scan`,
      held: ratio <= maxRatio,
    },
    { what: `· ${alone.name}`, figures: medians.get(alone.name) },
  ];
}
