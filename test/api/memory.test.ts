import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";

import { openFolder } from "../support/folder.ts";

const chunk = Buffer.from(`{"a":"${"x".repeat(1_000)}"}\n`.repeat(256));
const chunks = 512;
const total = chunk.length * chunks;

/** Runs a script in a process of its own and gives the megabytes that its peak grew by. */
async function growthOf(script: string): Promise<number> {
  const index = pathToFileURL("src/index.ts").href;
  const source = `
    const { BatchClient } = await import(${JSON.stringify(index)});
    const clientAt = (baseURL) => new BatchClient({ apiKey: "sk-test", baseURL, maxRetries: 0 });
    const before = process.memoryUsage().rss;
    let peak = before;
    const timer = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 2);
    ${script}
    clearInterval(timer);
    console.log(Math.round((Math.max(peak, process.memoryUsage().rss) - before) / 1e6));
    process.exit(0);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await once(child, "close");
  expect(child.exitCode).toBe(0);
  return Number(output);
}

test("neither an upload nor a download of 134 MB is held in memory (azure-sdk-for-js#31148)", async () => {
  await using folder = await openFolder();
  const file = createWriteStream(folder.at("in.jsonl"));
  for (let count = 0; count < chunks; count += 1) {
    if (!file.write(chunk)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");

  let uploaded = 0;
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      request.on("data", (data: Buffer) => (uploaded += data.length));
      request.on("end", () => response.end('{"id":"file-1"}'));
      return;
    }
    response.writeHead(200, { "content-length": String(total) });
    const send = async (): Promise<void> => {
      for (let count = 0; count < chunks; count += 1) {
        if (!response.write(chunk)) await once(response, "drain");
      }
      response.end();
    };
    void send();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address of this form.
  const url = JSON.stringify(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  const [input, output] = [folder.at("in.jsonl"), folder.at("out.jsonl")].map((path) =>
    JSON.stringify(path),
  );
  try {
    const up = await growthOf(
      `await clientAt(${url}).files.create({ file: ${input}, purpose: "batch" });`,
    );
    expect(uploaded).toBeGreaterThan(total);
    const down = await growthOf(`await clientAt(${url}).files.download("file-1", ${output});`);
    expect((await stat(folder.at("out.jsonl"))).size).toBe(total);
    expect({ up: up < 100, down: down < 100 }, `${up} and ${down} MB`).toEqual({
      up: true,
      down: true,
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
