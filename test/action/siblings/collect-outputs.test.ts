import { describe, expect, it } from "vitest";

import { atOnce, openScene } from "../github/scene.ts";

describe("the outputs of a collect", () => {
  it("tell no success where the results of a batch could not be read", async () => {
    await using scene = await openScene(atOnce);
    const ids = [await scene.submit(), await scene.submit()];
    const refused = { kind: "status", status: 500 } as const;
    scene.job.simulator.addFault({ path: "/files/*/content", times: Infinity, fault: refused });
    const { failures, outputs } = await scene.act({
      operation: "collect",
      "output-file": scene.path("results/answers.jsonl"),
      "max-retries": "0",
    });
    expect(failures).toHaveLength(1);
    for (const id of ids) expect(failures[0]).toContain(id);
    expect(outputs).toMatchObject({ done: "false", conclusion: "failure", "output-file": "" });
  });

  it("tell of a batch that failed its id once, and nothing of results that it does not have", async () => {
    await using scene = await openScene({ ...atOnce, outcome: "failed" });
    const ids = [await scene.submit(), await scene.submit()];
    const { failures, outputs } = await scene.act({
      operation: "collect",
      "output-file": scene.path("results/answers.jsonl"),
    });
    expect(outputs).toMatchObject({ done: "true", conclusion: "failure" });
    for (const id of ids) expect(failures[0]?.split(id)).toHaveLength(2);
    expect(failures[0]).not.toContain("was written");
  });
});
