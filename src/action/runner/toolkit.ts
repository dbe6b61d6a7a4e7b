import type * as core from "@actions/core";

/** What the action uses of GitHub's toolkit; passed in, so that every rule can be tried without a runner. */
export type Toolkit = Pick<
  typeof core,
  | "getInput"
  | "setSecret"
  | "setOutput"
  | "saveState"
  | "getState"
  | "setFailed"
  | "info"
  | "notice"
  | "warning"
  | "error"
  | "debug"
  | "startGroup"
  | "endGroup"
> & { readonly summary: SummaryWriter };

interface SummaryWriter {
  addRaw(text: string, addEOL?: boolean): SummaryWriter;
  write(): Promise<unknown>;
}

/**
 * The toolkit with a log that foreign text cannot break out of: the runner obeys `::command::` at
 * the start of a line and `##[command]` anywhere in one, wherever the text came from.
 */
export function withSafeLog(toolkit: Toolkit): Toolkit {
  return {
    ...toolkit,
    info(message) {
      toolkit.info(oneLine(message));
    },
    startGroup(name) {
      toolkit.startGroup(oneLine(name));
    },
  };
}

function oneLine(text: string): string {
  return text
    .replace(/[\r\n\u0085\u2028\u2029]+/g, " ")
    .replaceAll("##[", "## [")
    .replace(/^\s*::/, ": :");
}
