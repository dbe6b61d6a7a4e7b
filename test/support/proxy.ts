import { createServer, type IncomingHttpHeaders, request as forward } from "node:http";
import type { AddressInfo } from "node:net";

export interface Proxy extends AsyncDisposable {
  readonly origin: string;
  /** `host:port` of each tunnel asked for, and the headers that came with it. */
  readonly connects: readonly { readonly target: string; readonly headers: IncomingHttpHeaders }[];
  /** The URL of each plain request forwarded. */
  readonly forwarded: readonly string[];
}

/** A proxy that answers every CONNECT with the given head and forwards plain requests. */
export async function connectProxy(head: string): Promise<Proxy> {
  const connects: { target: string; headers: IncomingHttpHeaders }[] = [];
  const forwarded: string[] = [];
  const server = createServer((incoming, response) => {
    const url = incoming.url ?? "";
    forwarded.push(url);
    const { method, headers } = incoming;
    const onward = forward(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, socket) => {
    connects.push({ target: incoming.url ?? "", headers: incoming.headers });
    socket.on("error", () => undefined);
    socket.end(head);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    connects,
    forwarded,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}
