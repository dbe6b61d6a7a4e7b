import { resolve } from "node:path";

import type { AnnotationProperties } from "@actions/core";
import { readActionMetadata } from "../../scripts/action-metadata.ts";
import type { Toolkit } from "../../src/action/runner/toolkit.ts";

export const action = readActionMetadata(resolve(import.meta.dirname, "../../action.yml"));

type Inputs = Readonly<Record<string, string | undefined>>;

/** A toolkit that remembers what it was told. */
export interface RecordingToolkit {
  readonly toolkit: Toolkit;
  /** Names of the inputs that were asked for. */
  readonly asked: ReadonlySet<string>;
  /** As a later step sees them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  /** `level: message` of everything said, in order. */
  readonly said: readonly string[];
  /** Those of the annotations that stand at a line of a file. */
  readonly atLines: readonly {
    readonly level: string;
    readonly message: string;
    readonly title: string | undefined;
    readonly file: string;
    readonly line: number | undefined;
  }[];
  readonly failures: readonly string[];
  readonly summary: () => string;
}

/** Answers `getInput` as GitHub does: what is given, else the default of action.yml, of a job that has neither token nor status. */
export function inputReader(given: Inputs): (name: string) => string {
  return (name) => {
    const otherwise = action.inputs.get(name)?.default ?? "";
    return (given[name] ?? otherwise.replaceAll(/\$\{\{.*?\}\}/g, "")).trim();
  };
}

export function recordingToolkit(given: Inputs = {}): RecordingToolkit {
  const asked = new Set<string>();
  const outputs: Record<string, string> = {};
  const state: Record<string, string> = {};
  const secrets: string[] = [];
  const said: string[] = [];
  const failures: string[] = [];
  let written = "";
  let buffer = "";
  const getInput = inputReader(given);
  const atLines: RecordingToolkit["atLines"][number][] = [];
  const say =
    (level: string) =>
    (message: string | Error, { title, file, startLine: line }: AnnotationProperties = {}) => {
      said.push(`${level}: ${String(message)}`);
      if (file !== undefined) atLines.push({ level, message: String(message), title, file, line });
    };
  const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const summary = {
    addRaw(text: string, addEOL = false) {
      buffer += addEOL ? `${text}\n` : text;
      return summary;
    },
    write() {
      written += buffer;
      buffer = "";
      return Promise.resolve(summary);
    },
  };
  const toolkit: Toolkit = {
    getInput(name) {
      asked.add(name);
      return getInput(name);
    },
    setSecret: (secret) => secrets.push(secret),
    setOutput(name, value) {
      outputs[name] = textOf(value);
    },
    saveState(name, value) {
      state[name] = textOf(value);
    },
    getState: (name) => state[name] ?? "",
    setFailed(message) {
      failures.push(String(message));
    },
    info: say("info"),
    notice: say("notice"),
    warning: say("warning"),
    error: say("error"),
    debug: say("debug"),
    startGroup: say("group"),
    endGroup: () => undefined,
    summary,
  };
  return { toolkit, asked, outputs, secrets, said, atLines, failures, summary: () => written };
}
