import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { errorsOf, KEY, openJob } from "./job.ts";

/** A proxy that passes plain requests on and refuses tunnels; `seen` holds what came in. */
async function startProxy() {
  const seen: string[] = [];
  const server = createServer((incoming, answer) => {
    seen.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    const { method, headers, url = "" } = incoming;
    const outgoing = request(url, { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  server.on("connect", (incoming, socket) => {
    seen.push(`CONNECT ${incoming.url ?? ""} ${JSON.stringify(incoming.headers)}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("a proxy", () => {
  it.each(["http_proxy", "HTTP_PROXY"])(
    "named by %s never sees calls to this machine",
    async (name) => {
      await using job = await openJob();
      await using proxy = await startProxy();
      const id = await job.submit();
      const result = await job.run(
        { operation: "wait", "batch-id": id, "output-file": "results.jsonl" },
        { env: { [name]: proxy.url } },
      );
      expect(result).toMatchObject({ exitCode: 0, outputs: { status: "completed" } });
      expect(proxy.seen).toEqual([]);
    },
  );

  it("is passed by for the hosts of no_proxy", async () => {
    await using job = await openJob();
    await using proxy = await startProxy();
    const result = await job.run(
      { operation: "list" },
      { env: { http_proxy: proxy.url, no_proxy: "127.0.0.1" } },
    );
    expect(result.exitCode).toBe(0);
    expect(proxy.seen).toEqual([]);
  });

  it("is asked for a tunnel to a server with TLS, and sees no key", async () => {
    await using job = await openJob();
    await using proxy = await startProxy();
    const result = await job.run(
      { operation: "list", "base-url": "https://batch.invalid/v1", "max-retries": "0" },
      { env: { https_proxy: proxy.url } },
    );
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result)).toEqual([expect.stringMatching(/GET \/batches .*proxy/)]);
    expect(proxy.seen).toHaveLength(1);
    expect(proxy.seen[0]).toMatch(/^CONNECT batch\.invalid:443 /);
    expect(proxy.seen[0]).not.toContain(KEY);
  });
});

describe("a header of the user", () => {
  it.each([
    ["a line", `api-key: ${KEY}`],
    ["JSON", JSON.stringify({ "api-key": KEY })],
  ])("stands for the key, as Azure wants it, given as %s", async (_, headers) => {
    await using job = await openJob({ apiKey: KEY });
    const id = await job.submit();
    const result = await job.run({
      operation: "wait",
      "batch-id": id,
      "api-key": undefined,
      headers,
    });
    expect(result).toMatchObject({ exitCode: 0, outputs: { status: "completed" } });
  });

  it("goes with every call, organization and project too", async () => {
    await using job = await openJob();
    const before = job.simulator.calls.length;
    await job.run({
      operation: "list",
      headers: "X-Team: search\nX-Url: https://a.example:8080/x",
      organization: "org-1",
      project: "proj_1",
    });
    const calls = job.simulator.calls.slice(before);
    expect(calls).not.toEqual([]);
    for (const { headers } of calls) {
      expect(headers).toMatchObject({
        "x-team": "search",
        "x-url": "https://a.example:8080/x",
        "openai-organization": "org-1",
        "openai-project": "proj_1",
      });
    }
  });
});
