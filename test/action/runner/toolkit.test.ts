import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { loadToolkit, withSafeLog, type Toolkit } from "../../../src/action/runner/toolkit.ts";
import { recordingToolkit } from "../toolkit.ts";

/** Everything that writes to the log. */
const writers: Readonly<Record<string, (toolkit: Toolkit, text: string) => void>> = {
  setFailed: (toolkit, text) => {
    toolkit.setFailed(text);
  },
  "setFailed with an error": (toolkit, text) => {
    toolkit.setFailed(new Error(text));
  },
  info: (toolkit, text) => {
    toolkit.info(text);
  },
  notice: (toolkit, text) => {
    toolkit.notice(text);
  },
  warning: (toolkit, text) => {
    toolkit.warning(text);
  },
  error: (toolkit, text) => {
    toolkit.error(text);
  },
  debug: (toolkit, text) => {
    toolkit.debug(text);
  },
  startGroup: (toolkit, text) => {
    toolkit.startGroup(text);
  },
};

function written(write: (toolkit: Toolkit) => void): string {
  const { toolkit, said, failures } = recordingToolkit();
  write(withSafeLog(toolkit));
  return [...said, ...failures].join("\n");
}

describe.each(Object.entries(writers))("the log through %s", (_, write) => {
  it.each([
    ["colours", "a \u001B[31mred\u001B[0m word", "a red word"],
    ["a hyperlink", "a \u001B]8;;https://evil.example\u0007red\u001B]8;;\u0007 word", "a red word"],
    ["an 8-bit sequence", "a \u009B31mred word", "a red word"],
    ["a backspace, a bell and a null", "a\b \u0007red\0 word", "a red word"],
    ["a sequence hidden in another", "a \u001B\u0007[31mred word", "a [31mred word"],
  ])("carries no %s", (_what, text, rest) => {
    const line = written((toolkit) => {
      write(toolkit, text);
    });
    expect(line).toMatch(/^(\w+: )?(Error: )?a /);
    expect(line.endsWith(rest)).toBe(true);
  });

  it("carries no control character, whatever the text is", () => {
    const unit = fc.constantFrom("\u001B", "[", "]", "8", ";", "m", "\u0007", "\u009B", "\\", "x");
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit: "binary" }), (sequence, any) => {
        const line = written((toolkit) => {
          write(toolkit, sequence + any);
        });
        expect(line).not.toMatch(/(?![\t\r\n])\p{Cc}/u);
      }),
    );
  });
});

describe("a line of the log", () => {
  it.each(["info", "startGroup"])("written by %s is one, and no command", (name) => {
    const unit = fc.constantFrom(":", "#", "[", "\n", "\r", "\u2028", "\u0085", "\u001B", "m", " ");
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const line = written((toolkit) => writers[name]?.(toolkit, text)).replace(/^\w+: /, "");
        expect(line).not.toMatch(/[\r\n\u0085\u2028\u2029]|##\[|^\s*::/);
      }),
    );
  });

  it("is not made a command by what is taken out of it", () => {
    expect(
      written((toolkit) => {
        toolkit.info("\u001B[0m:\u001B[0m:error::forged #\u0007#[error]forged");
      }),
    ).toBe("info: : :error::forged ## [error]forged");
  });

  it("keeps the lines of an annotation, which its command escapes", () => {
    expect(
      written((toolkit) => {
        toolkit.error("first\nsecond");
      }),
    ).toBe("error: first\nsecond");
  });
});

describe("GitHub's toolkit", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "toolkit-"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    process.exitCode = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps where an annotation belongs", async () => {
    let said = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
    const toolkit = withSafeLog(await loadToolkit());
    toolkit.error("\u001B[31mbroken", { file: "requests.jsonl", startLine: 3, title: "A" });
    toolkit.setFailed(new RangeError("too\u0007 many"));
    expect(said.split(/\r?\n/)).toEqual([
      "::error title=A,file=requests.jsonl,line=3::broken",
      "::error::RangeError: too many",
      "",
    ]);
    expect(process.exitCode).toBe(1);
  });

  it("writes outputs, state and the summary into the runner's files", async () => {
    const paths = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"].map((name) => {
      const path = join(folder, name);
      writeFileSync(path, "");
      vi.stubEnv(name, path);
      return path;
    });
    const toolkit = await loadToolkit();
    toolkit.setOutput("status", "completed");
    toolkit.saveState("ended", true);
    await toolkit.summary.addRaw("# Summary", true).write();
    const [output, state, summary] = paths.map((path) => readFileSync(path, "utf8"));
    expect(output).toMatch(/^status<<(ghadelimiter_\S+)\r?\ncompleted\r?\n\1\r?\n$/);
    expect(state).toMatch(/^ended<<(ghadelimiter_\S+)\r?\ntrue\r?\n\1\r?\n$/);
    expect(summary).toMatch(/^# Summary\r?\n$/);
  });
});
