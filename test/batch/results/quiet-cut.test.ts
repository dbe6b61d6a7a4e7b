import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { collectResults } from "../../../src/index.ts";
import { batchOf } from "../../action/batch.ts";
import { clientFor } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";
import { rawServer } from "../../support/raw-server.ts";

const line = (n: number) =>
  `${JSON.stringify({ id: `x${n}`, custom_id: `r${n}`, response: { status_code: 200, body: { choices: [] } }, error: null })}\n`;

test("a result file that a gateway ends early, between two lines, is fetched again", async () => {
  await using folder = await openFolder();
  let asked = 0;
  await using server = await rawServer((_request, response) => {
    asked += 1;
    // No content-length: streamed line by line, as FastAPI's servers do.
    response.writeHead(200, { "content-type": "application/jsonl" });
    for (let n = 1; n <= (asked === 1 ? 2 : 4); n += 1) response.write(line(n));
    response.end();
  });
  const { client } = clientFor(server.url);
  const batch = batchOf({
    status: "completed",
    output_file_id: "file-out",
    request_counts: { total: 4, completed: 4, failed: 0 },
  });
  const results = await collectResults(client, [batch], { outputFile: folder.at("out.jsonl") });
  expect(readFileSync(folder.at("out.jsonl"), "utf8").trim().split("\n")).toHaveLength(4);
  expect(results.counts).toEqual({ total: 4, completed: 4, failed: 0 });
});
