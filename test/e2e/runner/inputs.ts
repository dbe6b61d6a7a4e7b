import type { ActionMetadata } from "../../../scripts/action-metadata.ts";
import { snakeCase } from "./environment.ts";
import type { JobLog } from "./log.ts";
import type { GithubContext, Variables } from "./types.ts";

export function inputVariables(
  action: ActionMetadata,
  given: Readonly<Record<string, string>>,
  context: GithubContext,
): Variables {
  const values = new Map<string, string>();
  for (const [name, input] of action.inputs) values.set(name.toLowerCase(), input.default ?? "");
  for (const [name, value] of Object.entries(given)) values.set(name.toLowerCase(), value);
  return Object.fromEntries(
    [...values].map(([name, value]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      evaluate(value, context),
    ]),
  );
}

export function warnOfUnknownInputs(
  action: ActionMetadata,
  given: Readonly<Record<string, string>>,
  log: JobLog,
): void {
  const known = [...action.inputs.keys()];
  const lowerCase = new Set(known.map((name) => name.toLowerCase()));
  const unknown = Object.keys(given).filter((name) => !lowerCase.has(name.toLowerCase()));
  if (unknown.length === 0) return;
  const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(", ");
  log.annotate({
    kind: "warning",
    message: `Unexpected input(s) ${quoted(unknown)}, valid inputs are [${quoted(known)}]`,
  });
}

function evaluate(template: string, { jobStatus, ...github }: GithubContext): string {
  const known = new Map(Object.entries(github).map(([k, v]) => [`github.${snakeCase(k)}`, v]));
  if (jobStatus !== undefined) known.set("job.status", jobStatus);
  return template.replaceAll(/\$\{\{(.*?)\}\}/gs, (expression, inner: string) => {
    const value = known.get(inner.trim());
    if (value === undefined) throw new Error(`The runner cannot evaluate ${expression}.`);
    return value;
  });
}
