import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readFlags } from "../../src/simulator/command/flags.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/dry-run.md"), "utf8");
const typed = [...page.matchAll(/`(--(?:outcome|duration|fault) [^`]+)`/g)].map(
  ([, flags = ""]) => flags,
);

describe("docs/dry-run.md", () => {
  it("shows every kind of flag", () => {
    for (const flag of ["--outcome ", "--duration ", "--fault "]) {
      expect(typed.some((flags) => flags.startsWith(flag))).toBe(true);
    }
  });

  it.each(typed)("shows what the simulator takes: %s", (flags) => {
    const [, name = "", value = ""] = /^(--\w+) "?([^"]+)"?$/.exec(flags) ?? [];
    expect(readFlags([name, value])).toMatchObject({ kind: "start" });
  });
});
