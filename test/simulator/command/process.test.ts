import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { BatchClient, runBatch } from "../../../src/index.ts";
import { openFolder } from "../../support/folder.ts";

const program = resolve(import.meta.dirname, "../../../src/simulator/command/main.ts");
const requests = resolve(import.meta.dirname, "../../docs/requests.jsonl");

type Child = ChildProcessByStdio<null, Readable, Readable>;

function start(...args: readonly string[]): Child {
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

/** Everything that a process that ends by itself says. */
async function outcome(child: Child) {
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { out, err, code: child.exitCode };
}

it("serves any client until it is interrupted, and says then what was paid for", async () => {
  await using folder = await openFolder();
  const child = start("--port", "0", "--duration", "0", "--fault", "POST /files 503");
  let said = "";
  child.stdout.setEncoding("utf8");
  const ready = new Promise<void>((listening) => {
    child.stdout.on("data", (chunk: string) => {
      said += chunk;
      if (said.includes("OPENAI_API_KEY=")) listening();
    });
  });
  const closed = once(child, "close");
  await Promise.race([ready, closed]);
  const baseURL = /OPENAI_BASE_URL=(\S+)/.exec(said)?.[1] ?? "";
  const client = new BatchClient({ apiKey: "any", baseURL });
  const { results } = await runBatch(client, {
    input: requests,
    outputFile: folder.at("answers.jsonl"),
    pollInterval: 10,
  });
  expect(results?.counts).toEqual({ total: 3, completed: 3, failed: 0 });
  child.kill("SIGINT");
  await closed;
  expect(child.exitCode).toBe(0);
  expect(said).toContain("Batches: 1, of which still running: 0.");
  expect(said).toContain("Requests: 3, of which answered: 3, paid for twice: 0.");
});

it("ends with its help text", async () => {
  const { out, err, code } = await outcome(start("--help"));
  expect(out).toMatch(/^Usage: /);
  expect([err, code]).toEqual(["", 0]);
});

it("ends with 2 for arguments that are wrong", async () => {
  const { err, code } = await outcome(start("--outcome", "perfect"));
  expect(code).toBe(2);
  expect(err).toContain("mixed:<share>");
  expect(err).toContain("--help");
});

it("ends with 1 where another program listens", async () => {
  const other = createServer();
  await once(other.listen(0, "127.0.0.1"), "listening");
  // A server that listens on TCP has an address of this form.
  const { port } = other.address() as AddressInfo;
  const { err, code } = await outcome(start("--port", String(port)));
  await once(other.close(), "close");
  expect(code).toBe(1);
  expect(err).toContain(`Cannot listen on port ${port}`);
});
