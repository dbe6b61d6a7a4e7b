import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";

import { expect, test } from "vitest";

import { BatchClient, runBatch } from "../../../src/index.ts";
import { startSimulator } from "../../../src/simulator/index.ts";
import { requestLines } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

/** A gateway that names no length, and ends the first result file early, between two lines. */
async function gatewayBefore(url: string) {
  let cut = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void (async () => {
        const body = request.method === "POST" ? Buffer.concat(chunks) : undefined;
        const { authorization = "", "content-type": type = "application/json" } = request.headers;
        const answer = await fetch(url.replace("/v1", "") + (request.url ?? ""), {
          method: request.method ?? "GET",
          headers: { authorization, "content-type": type },
          ...(body === undefined ? {} : { body }),
        });
        let text = await answer.text();
        if (!cut && request.url?.endsWith("/content") === true) {
          cut = true;
          text = text.split("\n").slice(0, 2).join("\n") + "\n";
        }
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.write(text);
        response.end();
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return { url: `http://127.0.0.1:${port}/v1`, close: () => server.close() };
}

test("answers that a gateway has cut off are not paid for again by a round", async () => {
  await using folder = await openFolder();
  const simulator = await startSimulator({
    phases: { validating: 0, inProgress: 0, finalizing: 0 },
  });
  const gateway = await gatewayBefore(simulator.url);
  await writeFile(folder.at("in.jsonl"), requestLines(6));
  const client = new BatchClient({ apiKey: "sk-a-secret-key-of-nobody", baseURL: gateway.url });
  const { results } = await runBatch(client, {
    input: folder.at("in.jsonl"),
    outputFile: folder.at("out.jsonl"),
    temporaryFolder: folder.path,
    retryFailed: 1,
    pollInterval: 10,
    maxPollInterval: 10,
  });
  const paid = simulator.batches.reduce((sum, one) => sum + one.request_counts.completed, 0);
  gateway.close();
  await simulator.close();
  expect(results?.counts.completed).toBe(6);
  expect(paid).toBe(6);
});
