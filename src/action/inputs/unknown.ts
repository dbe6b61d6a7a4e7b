import { inputNames } from "./names.ts";
import { nearest } from "./nearest.ts";
import type { Toolkit } from "../runner/toolkit.ts";

const prefix = "INPUT_";

/** As the runner names an input's variable: hyphens stay, spaces become underscores. */
const variableOf = (name: string) => prefix + name.replaceAll(" ", "_").toUpperCase();

const known: ReadonlySet<string> = new Set(inputNames.map(variableOf));

/**
 * Warns, in one annotation, of inputs that action.yml does not have, each with the name that was
 * most likely meant. The runner warns too, but goes on as if the input had been left out; a
 * misspelt `fail-on` or `timeout` should not be found out a day later. Values are never told.
 */
export function warnOfUnknownInputs(
  toolkit: Pick<Toolkit, "warning">,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const unknown = Object.keys(env)
    .filter((name) => name.startsWith(prefix) && name !== prefix && !known.has(name))
    .map((name) => name.slice(prefix.length).toLowerCase())
    .sort();
  if (unknown.length === 0) return;
  const named = unknown.map((name) => {
    const near = nearest(name, inputNames);
    return near === undefined ? `\`${name}\`` : `\`${name}\` (did you mean \`${near}\`?)`;
  });
  toolkit.warning(
    `This action has no such input, so it has no effect: ${named.join(", ")}. README.md lists all inputs.`,
  );
}
