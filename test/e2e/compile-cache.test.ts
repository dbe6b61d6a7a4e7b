import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openJob } from "./job.ts";

it("leaves compiled code in the job's own folder, for the next step", async () => {
  await using job = await openJob();
  const id = await job.submit();
  const temp = join(job.workspace, "temp");
  const inputs = { operation: "retrieve", "batch-id": id };
  const first = await job.run(inputs, { env: { RUNNER_TEMP: temp } });
  const second = await job.run(inputs, { env: { RUNNER_TEMP: temp } });
  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(readdirSync(temp)).toEqual(["openai-batch-action-code"]);
});

it("works where that folder cannot be written, and without one", async () => {
  await using job = await openJob();
  const id = await job.submit();
  const file = join(job.workspace, job.write("file", ""));
  for (const temp of [join(file, "temp"), ""]) {
    const result = await job.run(
      { operation: "retrieve", "batch-id": id },
      { env: { RUNNER_TEMP: temp } },
    );
    expect(result).toMatchObject({ exitCode: 0, outputs: { "batch-id": id } });
    expect(result.log.join("\n")).not.toContain("openai-batch-action-code");
  }
});
