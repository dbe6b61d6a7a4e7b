import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { atOnce, openScene } from "./scene.ts";

it("collects what a gateway says once is not there, and no more than once", async () => {
  await using scene = await openScene(atOnce);
  const id = await scene.submit();
  // The file is there, as GET /files/{id} says; only its content cannot be read at this moment.
  scene.job.simulator.addFault({
    path: "/files/*/content",
    times: 1,
    fault: { kind: "status", status: 404, body: { error: { message: "No such File object." } } },
  });
  const collect = () =>
    scene.act({ operation: "collect", "output-file": scene.path("results/answers.jsonl") });
  const first = await collect();
  expect(first.failures).toEqual([]);
  expect(first.outputs["batch-id"]).toBe(id);
  expect((await collect()).outputs["batch-id"]).toBeUndefined();
  expect(existsSync(scene.path(`results/answers-${id}.jsonl`))).toBe(true);
});
