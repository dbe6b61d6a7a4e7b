import parseDuration from "parse-duration";

import { isFields } from "../../api/json.ts";
import type { FailureLimit } from "../../batch/rules.ts";
import { didYouMean } from "./nearest.ts";
import type { Problem } from "./problem.ts";

/** Reads the value of one input; an input that is not given is `""`. */
export type GetInput = (name: string) => string;

/** Readers of typed values; whatever is wrong is told to `problem`, and reading goes on. */
export interface InputFields {
  /** The text, or `undefined` where it is not given. */
  text(name: string): string | undefined;
  oneOf<T extends string>(name: string, values: readonly T[], otherwise: T): T;
  integer(name: string, otherwise: number, bounds?: { min?: number; max?: number }): number;
  flag(name: string, otherwise: boolean): boolean;
  /** Milliseconds of `90s`, `15m`, `5h30m`, `2d` or a bare number of seconds; more than none. */
  duration(name: string): number | undefined;
  failureLimit(name: string, otherwise: FailureLimit): FailureLimit;
  /** Bytes of `200MB`, `1.5GiB` or a bare number; more than none. */
  size(name: string, otherwise: number): number;
  /** Texts separated by commas or new lines, or a JSON array. */
  list(name: string): readonly string[];
  /** `key=value` lines or a JSON object; the key ends at the first `=` of a line, or at the last. */
  pairs(name: string, at?: "first" | "last"): Readonly<Record<string, string>>;
  /** `Name: value` lines or a JSON object. */
  headers(name: string): Readonly<Record<string, string>>;
  /** Whether a problem with its value was reported, so that what was read says nothing more. */
  isWrong(name: string): boolean;
}

const durationShape = /^(\d+(\.\d+)?(d|h|m|s))+$/;
/** Decimal, as the API's limits are given, and binary with an i. */
const sizeUnits: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1e3],
  ["mb", 1e6],
  ["gb", 1e9],
  ["kib", 2 ** 10],
  ["mib", 2 ** 20],
  ["gib", 2 ** 30],
]);
const bareSeconds = /^\d+(\.\d+)?$/;

export function fieldsOf(getInput: GetInput, problem: Problem): InputFields {
  const text = (name: string) => getInput(name).trim() || undefined;
  const wrong = new Set<string>();
  const tellOf = (name: string) => (words: string) => {
    wrong.add(name);
    problem(words);
  };
  /** Reads a value where one is given. */
  const read =
    <T, R extends unknown[]>(
      reader: (value: string, name: string, problem: Problem, ...rest: R) => T | undefined,
    ) =>
    (name: string, ...rest: R): T | undefined => {
      const value = text(name);
      return value === undefined ? undefined : reader(value, name, tellOf(name), ...rest);
    };
  return {
    text,
    oneOf: (name, values, otherwise) =>
      oneOf(text(name), { name, values, otherwise, problem: tellOf(name) }),
    integer: (name, otherwise, bounds) => read(readInteger)(name, bounds) ?? otherwise,
    flag: (name, otherwise) => read(readFlag)(name) ?? otherwise,
    duration: read(readDuration),
    failureLimit: (name, otherwise) => read(readFailureLimit)(name) ?? otherwise,
    size: (name, otherwise) => read(readSize)(name) ?? otherwise,
    list: (name) => read(readList)(name) ?? [],
    pairs: (name, at) => read(readPairs)(name, { separator: "=", shape: "key=value", at }) ?? {},
    headers: (name) => read(readPairs)(name, { separator: ":", shape: "Name: value" }) ?? {},
    isWrong: (name) => wrong.has(name),
  };
}

function oneOf<T extends string>(
  value: string | undefined,
  {
    name,
    values,
    otherwise,
    problem,
  }: {
    readonly name: string;
    readonly values: readonly T[];
    readonly otherwise: T;
    readonly problem: Problem;
  },
): T {
  if (value === undefined) return otherwise;
  const known = values.find((candidate) => candidate === value);
  if (known === undefined) {
    const choices = values.filter((choice) => choice !== "");
    problem(
      `\`${name}\` is \`${value}\` but must be one of: ${choices.join(", ")}.${didYouMean(value, choices)}`,
    );
  }
  return known ?? otherwise;
}

function readInteger(
  value: string,
  name: string,
  problem: Problem,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number | undefined {
  const number = Number(value);
  if (/^[+-]?\d+$/.test(value) && number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `between ${min} and ${max}`;
  problem(`\`${name}\` is \`${value}\` but must be a whole number, ${range}.`);
  return undefined;
}

function readFlag(value: string, name: string, problem: Problem): boolean | undefined {
  const flag = value.toLowerCase();
  if (flag === "true" || flag === "false") return flag === "true";
  problem(`\`${name}\` is \`${value}\` but must be \`true\` or \`false\`.`);
  return undefined;
}

function readDuration(value: string, name: string, problem: Problem): number | undefined {
  const spelled = value.toLowerCase().replaceAll(/\s+/g, "");
  const shaped = bareSeconds.test(spelled) || durationShape.test(spelled);
  const milliseconds = shaped ? (parseDuration(spelled, "s") ?? 0) * 1000 : 0;
  if (Number.isFinite(milliseconds) && milliseconds > 0) return milliseconds;
  problem(
    `\`${name}\` is \`${value}\` but must be a duration above zero such as \`90s\`, \`15m\`, \`5h30m\` or \`2d\` (a bare number is seconds).`,
  );
  return undefined;
}

function readFailureLimit(value: string, name: string, problem: Problem): FailureLimit | undefined {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
  if (/^\d+$/.test(value)) return { count: Number(value) };
  problem(
    `\`${name}\` is \`${value}\` but must be a number of requests or a percentage up to 100%.`,
  );
  return undefined;
}

function readSize(value: string, name: string, problem: Problem): number | undefined {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(value) ?? [];
  const bytes = Math.floor(Number(number) * (sizeUnits.get(unit.toLowerCase()) ?? Number.NaN));
  if (number !== "" && bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  problem(
    `\`${name}\` is \`${value}\` but must be a size such as \`200MB\` (a bare number is bytes).`,
  );
  return undefined;
}

function readList(value: string, name: string, problem: Problem): readonly string[] {
  const items = value.startsWith("[") ? jsonList(name, value, problem) : value.split(/[,\r\n]/);
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

interface PairShape {
  readonly separator: string;
  readonly shape: string;
  /** Which separator of a line ends the key. */
  readonly at?: "first" | "last" | undefined;
}

function readPairs(
  value: string,
  name: string,
  problem: Problem,
  { separator, shape, at: place = "first" }: PairShape,
): Readonly<Record<string, string>> {
  if (value.startsWith("{")) return jsonPairs(name, value, problem);
  const pairs = new Map<string, string>();
  for (const line of value.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const at = place === "last" ? line.lastIndexOf(separator) : line.indexOf(separator);
    const key = line.slice(0, Math.max(0, at)).trim();
    if (key === "") {
      problem(`\`${name}\`: each line must be \`${shape}\`, or the whole a JSON object.`);
    } else if (pairs.has(key)) problem(`\`${name}\`: \`${key}\` is given twice.`);
    else pairs.set(key, line.slice(at + 1).trim());
  }
  return Object.fromEntries(pairs);
}

function jsonPairs(name: string, value: string, problem: (text: string) => void) {
  const parsed = parseJson(value);
  if (!isFields(parsed)) {
    problem(`\`${name}\` begins with { but is no JSON object.`);
    return {};
  }
  const pairs = new Map<string, string>();
  for (const [key, item] of Object.entries(parsed)) {
    if (typeof item === "string") pairs.set(key, item);
    else if (typeof item === "number" || typeof item === "boolean") pairs.set(key, String(item));
    else problem(`\`${name}\`: the value of \`${key}\` must be a text.`);
  }
  return Object.fromEntries(pairs);
}

function jsonList(name: string, value: string, problem: (text: string) => void): string[] {
  const parsed = parseJson(value);
  if (Array.isArray(parsed)) {
    const texts = parsed.filter((item) => typeof item === "string");
    if (texts.length === parsed.length) return texts;
  }
  problem(`\`${name}\` begins with [ but is no JSON array of texts.`);
  return [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
