import type { Variables } from "./types.ts";

export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Variables;
  readonly data: string;
}

const NAMES: ReadonlySet<string> = new Set([
  "add-mask",
  "debug",
  "endgroup",
  "error",
  "group",
  "notice",
  "stop-commands",
  "warning",
]);

/** A line that starts with `::name …::`, or holds the older `##[name …]` anywhere, is a command to GitHub. */
export function parseCommand(line: string, resumeToken?: string): WorkflowCommand | undefined {
  const known = (name: string | undefined) =>
    name !== undefined && (NAMES.has(name.toLowerCase()) || name === resumeToken);
  const [, name, properties = "", data = ""] =
    /^\s*::([^\s:]*)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
  if (name !== undefined && known(name)) return command(name, properties, ",", data);
  const [, older, olderProperties = "", olderData = ""] =
    /^.*?##\[([^\s\]]*)(?: ([^\]]*))?\](.*)$/s.exec(line) ?? [];
  if (older !== undefined && known(older)) return command(older, olderProperties, ";", olderData);
  return undefined;
}

function command(
  name: string,
  properties: string,
  separator: string,
  data: string,
): WorkflowCommand {
  const values: Record<string, string> = {};
  for (const property of properties.split(separator)) {
    const [, key, value] = /^\s*([^=]+)=(.+)$/s.exec(property) ?? [];
    if (key !== undefined && value !== undefined) {
      values[key] = decode(value, /%(?:25|0D|0A|3A|2C|3B|5D)/g);
    }
  }
  return {
    name: name.toLowerCase(),
    properties: values,
    data: decode(data, /%(?:25|0D|0A)/g),
  };
}

const ESCAPES: Variables = {
  "%25": "%",
  "%0D": "\r",
  "%0A": "\n",
  "%3A": ":",
  "%2C": ",",
  "%3B": ";",
  "%5D": "]",
};

function decode(text: string, escapes: RegExp): string {
  return text.replaceAll(escapes, (escape) => ESCAPES[escape] ?? escape);
}
