import { describe, expect, it } from "vitest";

import { withSafeLog } from "../../../src/action/runner/toolkit.ts";
import { recordingToolkit } from "../toolkit.ts";

const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => `GET /batches/batch_${n} was answered with 404.`);

describe("a message that GitHub would cut", () => {
  it("is cut at a line, says so, and stands in the log as a whole", () => {
    const { toolkit, said, failures } = recordingToolkit();
    const all = lines(300);
    withSafeLog(toolkit).setFailed(all.join("\n"));
    const [shown = ""] = failures;
    expect(shown.length).toBeLessThanOrEqual(4_096);
    const told = shown.split("\n");
    expect(told.pop()).toBe("… (the log has the rest)");
    expect(told).toEqual(all.slice(0, told.length));
    expect(said.filter((text) => all.includes(text.replace("info: ", "")))).toHaveLength(300);
  });

  it("is cut anywhere when it is one line", () => {
    for (const kind of ["warning", "notice", "error"] as const) {
      const { toolkit, said } = recordingToolkit();
      withSafeLog(toolkit)[kind]("x".repeat(100_000));
      expect(said.find((text) => text.startsWith(`${kind}: `))?.length).toBeLessThanOrEqual(4_096);
    }
  });

  it("is left alone when it is short", () => {
    const { toolkit, said, failures } = recordingToolkit();
    withSafeLog(toolkit).setFailed("It failed.\nTwice.");
    expect([said, failures]).toEqual([[], ["It failed.\nTwice."]]);
  });
});
