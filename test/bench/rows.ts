import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { compare } from "./compare.ts";
import { ensureRows, rowsPath } from "./data.ts";
import { newFolder, nodeCommand, peer } from "./processes.ts";
import type { Setting } from "./setting.ts";
import type { Row } from "./table.ts";

const timeTarget = 1.5;
const memoryTarget = 200;

const template = `url: /v1/chat/completions
body:
  model: gpt-4o-mini
  messages:
    - role: user
      content: "Summarize: {{text}}"
`;

/** A million rows to requests that could be sent, beside what parsing and `JSON.stringify` take alone. */
export async function rowsToRequests({ rounds }: Setting): Promise<readonly Row[]> {
  ensureRows();
  const prompt = join(newFolder(), "template.yml");
  writeFileSync(prompt, template);
  const [scan, parse] = [peer("rows-scan"), peer("rows-parse")];
  const ours = {
    name: "rows to scanned requests, 1,000,000 rows of 200 MB",
    command: () => nodeCommand(scan, [rowsPath, prompt]),
  };
  const least = {
    name: "`csv-parse` and `JSON.stringify` alone",
    command: () => nodeCommand(parse, [rowsPath]),
  };
  const medians = await compare([ours, least], rounds);
  const [own, other] = [medians.get(ours.name), medians.get(least.name)];
  const ratio = own === undefined || other === undefined ? Number.NaN : own.wall / other.wall;
  return [
    {
      what: ours.name,
      figures: own,
      ratio,
      target: `≤ ${timeTarget} of the next line, < ${memoryTarget} MiB`,
      held: ratio <= timeTarget && (own?.memory ?? Number.NaN) < memoryTarget,
    },
    { what: `· ${least.name}`, figures: other },
  ];
}
