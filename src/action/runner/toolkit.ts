import { stripVTControlCharacters } from "node:util";

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
 * GitHub's own toolkit. The names are taken out of the import in one go, so that the bundler sees
 * which they are and leaves out the HTTP client that the package's other functions need.
 */
export async function loadToolkit(): Promise<Toolkit> {
  const {
    getInput,
    setSecret,
    setOutput,
    saveState,
    getState,
    setFailed,
    info,
    notice,
    warning,
    error,
    debug,
    startGroup,
    endGroup,
    summary,
  } = await import("@actions/core");
  return {
    getInput,
    setSecret,
    setOutput,
    saveState,
    getState,
    setFailed,
    info,
    notice,
    warning,
    error,
    debug,
    startGroup,
    endGroup,
    summary,
  };
}

/**
 * The toolkit with a log that foreign text cannot break out of: the runner obeys `::command::` at
 * the start of a line and `##[command]` anywhere in one, wherever the text came from, and a
 * terminal or a log viewer obeys escape sequences.
 */
export function withSafeLog(toolkit: Toolkit): Toolkit {
  return {
    ...toolkit,
    setFailed(message) {
      toolkit.setFailed(plain(message));
    },
    info(message) {
      toolkit.info(oneLine(message));
    },
    notice(message, properties) {
      toolkit.notice(plain(message), properties);
    },
    warning(message, properties) {
      toolkit.warning(plain(message), properties);
    },
    error(message, properties) {
      toolkit.error(plain(message), properties);
    },
    debug(message) {
      toolkit.debug(plain(message));
    },
    startGroup(name) {
      toolkit.startGroup(oneLine(name));
    },
  };
}

/** Line breaks and tabs stay: commands escape them. */
const controlCharacters = /(?![\t\r\n])\p{Cc}/gu;

function plain(message: string | Error): string {
  return stripVTControlCharacters(String(message)).replaceAll(controlCharacters, "");
}

/** What is written as it is, and so must not look like a command. */
function oneLine(text: string): string {
  // First of all, because what is left without an escape sequence may be a command.
  return plain(text.replaceAll("\u0085", "\n"))
    .replace(/[\r\n\u2028\u2029]+/g, " ")
    .replaceAll("##[", "## [")
    .replace(/^\s*::/, ": :");
}
