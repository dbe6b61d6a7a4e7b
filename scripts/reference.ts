import type { ActionMetadata } from "./action-metadata.ts";
import { type Group, inputGroups, outputGroups } from "./reference-groups.ts";

/** The part of docs/reference.md about inputs: a heading for each, which links can name, and no table, which a phone would cut. */
export function inputsReference({ inputs }: ActionMetadata): string {
  return grouped(inputGroups, inputs, ({ description, required, default: value }) => {
    if (required) return `Required. ${description}`;
    return value === undefined || value === ""
      ? description
      : `${description} Default: ${code(value)}.`;
  });
}

/** The part of docs/reference.md about outputs. */
export function outputsReference({ outputs }: ActionMetadata): string {
  return grouped(outputGroups, outputs, (description) => description);
}

/** @throws an `Error` that names what stands under no heading: it would be missing from the page */
function grouped<Entry>(
  groups: readonly Group[],
  entries: ReadonlyMap<string, Entry>,
  describe: (entry: Entry) => string,
): string {
  const known = new Set(groups.flatMap(({ names }) => names));
  const homeless = [...entries.keys()].filter((name) => !known.has(name));
  if (homeless.length > 0) {
    throw new Error(`scripts/reference-groups.ts has no heading for ${homeless.join(", ")}.`);
  }
  return groups
    .flatMap(({ title, names }) => [
      `### ${title}`,
      ...names.flatMap((name) => {
        const entry = entries.get(name);
        return entry === undefined ? [] : [`#### ${code(name)}`, describe(entry).trim()];
      }),
    ])
    .join("\n\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
