import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync } from "node:fs";
import { access, appendFile, constants } from "node:fs/promises";
import { EOL } from "node:os";

import type { Toolkit } from "./toolkit.ts";

/** What the commands are read from and written to; `process` is one. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * The runner's workflow commands, to the byte as `@actions/core` writes them. That package loads a
 * whole HTTP client before it says its first word, for the one function in it that calls a server,
 * and this takes longer than all else that a step does before its first call.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function runnerCommands(host: Host): Toolkit {
  const { env, stdout } = host;

  const say = (command: string, properties: Properties, message: unknown) => {
    stdout.write(`::${command}${propertyList(properties)}::${escapeData(message)}${EOL}`);
  };
  const annotate =
    (level: "notice" | "warning" | "error"): Toolkit["error"] =>
    (message, properties = {}) => {
      say(level, annotationProperties(properties), textOf(message));
    };
  const error = annotate("error");

  const keep = (file: "OUTPUT" | "STATE", command: string, name: string, value: unknown) => {
    const path = env[`GITHUB_${file}`] ?? "";
    if (path !== "") {
      appendTo(path, keyValue(name, value));
      return;
    }
    // Runners before the command files: the server of an enterprise may still be one.
    if (file === "OUTPUT") stdout.write(EOL);
    say(command, { name }, value);
  };

  return {
    getInput(name, { required = false, trimWhitespace = true } = {}) {
      const value = env[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] ?? "";
      if (required && value === "") throw new Error(`Input required and not supplied: ${name}`);
      return trimWhitespace ? value.trim() : value;
    },
    setSecret(secret) {
      say("add-mask", {}, secret);
    },
    setOutput(name, value) {
      keep("OUTPUT", "set-output", name, value);
    },
    saveState(name, value) {
      keep("STATE", "save-state", name, value);
    },
    getState: (name) => env[`STATE_${name}`] ?? "",
    setFailed(message) {
      host.exitCode = 1;
      error(message);
    },
    info(message) {
      stdout.write(message + EOL);
    },
    notice: annotate("notice"),
    warning: annotate("warning"),
    error,
    debug(message) {
      say("debug", {}, message);
    },
    startGroup(name) {
      say("group", {}, name);
    },
    endGroup() {
      say("endgroup", {}, "");
    },
    summary: createSummary(env),
  };
}

type Properties = Readonly<Record<string, string | number | undefined>>;

function createSummary(env: Host["env"]): Toolkit["summary"] {
  let buffer = "";
  const summary: Toolkit["summary"] = {
    addRaw(text, addEOL = false) {
      buffer += addEOL ? text + EOL : text;
      return summary;
    },
    async write() {
      const path = env["GITHUB_STEP_SUMMARY"] ?? "";
      if (path === "") {
        throw new Error("The runner has named no file for the job summary (GITHUB_STEP_SUMMARY).");
      }
      try {
        await access(path, constants.R_OK | constants.W_OK);
      } catch (error) {
        throw new Error(`The file for the job summary cannot be written: ${path}`, {
          cause: error,
        });
      }
      await appendFile(path, buffer);
      buffer = "";
      return summary;
    },
  };
  return summary;
}

/** At once and not later: after a kill there is no later. */
function appendTo(path: string, text: string): void {
  // A file that the runner did not make is one that it does not read.
  if (!existsSync(path)) throw new Error(`The runner's file ${path} is not there.`);
  appendFileSync(path, text + EOL);
}

/** A value that holds the delimiter could go on with commands of its own, so nobody may guess it. */
function keyValue(name: string, value: unknown): string {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}${EOL}${valueText(value)}${EOL}${delimiter}`;
}

function annotationProperties(
  properties: NonNullable<Parameters<Toolkit["error"]>[1]>,
): Properties {
  if (Object.keys(properties).length === 0) return {};
  const { title, file, startLine, endLine, startColumn, endColumn } = properties;
  return { title, file, line: startLine, endLine, col: startColumn, endColumn };
}

function propertyList(properties: Properties): string {
  const listed = Object.entries(properties)
    .filter(([, value]) => Boolean(value))
    .map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return Object.keys(properties).length === 0 ? "" : ` ${listed.join(",")}`;
}

function textOf(message: string | Error): string {
  return message instanceof Error ? message.toString() : message;
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function escapeData(value: unknown): string {
  return valueText(value).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(value: unknown): string {
  return escapeData(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
