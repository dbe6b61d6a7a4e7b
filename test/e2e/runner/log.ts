import { EventEmitter, once } from "node:events";
import { parseCommand, type WorkflowCommand } from "./commands.ts";
import type { Annotation, Variables } from "./types.ts";

/** The log of a job as GitHub shows it: commands obeyed, secrets masked. */
export class JobLog {
  readonly annotations: Annotation[] = [];
  readonly lines: string[] = [];
  raw = "";
  readonly #masks = new Set<string>();
  readonly #debug: boolean;
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #changed = new EventEmitter();
  #ended = false;
  #resumeToken: string | undefined;

  constructor(secret: string, debug: boolean, onLine?: (line: string) => void) {
    this.#debug = debug;
    this.#onLine = onLine;
    this.#mask(secret);
  }

  read(line: string): void {
    const command = parseCommand(line, this.#resumeToken);
    if (this.#resumeToken !== undefined) {
      if (command?.name === this.#resumeToken.toLowerCase()) this.#resumeToken = undefined;
      else this.#show(line);
    } else if (command === undefined || !this.#obey(command)) {
      this.#show(line);
    }
  }

  annotate(annotation: Annotation): void {
    const message = this.#masked(annotation.message);
    this.annotations.push({ ...annotation, message });
    const label = { error: "Error", warning: "Warning", notice: "Notice" }[annotation.kind];
    this.#show(`${label}: ${message}`);
  }

  end(): void {
    this.#ended = true;
    this.#changed.emit("change");
  }

  async waitFor(pattern: RegExp): Promise<string> {
    for (let index = 0; ; index += 1) {
      while (index === this.lines.length && !this.#ended) await once(this.#changed, "change");
      const line = this.lines[index];
      if (line === undefined) {
        throw new Error(`No line matches ${String(pattern)} in:\n${this.lines.join("\n")}`);
      }
      if (line.search(pattern) !== -1) return line;
    }
  }

  #obey({ name, properties, data }: WorkflowCommand): boolean {
    switch (name) {
      case "error":
      case "warning":
      case "notice":
        this.annotate({ kind: name, message: data, ...place(properties) });
        return true;
      case "add-mask":
        this.#mask(data);
        return true;
      case "debug":
        if (this.#debug) this.#show(`##[debug]${data}`);
        return true;
      case "group":
        this.#show(`▼ ${data}`);
        return true;
      case "endgroup":
        return true;
      case "stop-commands":
        this.#resumeToken = data;
        return true;
      default:
        return false;
    }
  }

  #mask(value: string): void {
    for (const secret of [value, ...value.split(/\r?\n/)]) {
      if (secret.trim() !== "") this.#masks.add(secret);
    }
  }

  #masked(text: string): string {
    const longestFirst = [...this.#masks].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
  }

  #show(text: string): void {
    for (const line of this.#masked(text).split(/\r?\n/)) {
      this.lines.push(line);
      this.#onLine?.(line);
    }
    this.#changed.emit("change");
  }
}

function place(properties: Variables): Pick<Annotation, "title" | "file" | "line"> {
  const { title, file, line } = properties;
  return {
    ...(title !== undefined && { title }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line: Number(line) }),
  };
}
