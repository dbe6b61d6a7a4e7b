import { request as forward } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { generate } from "selfsigned";

/** A server with TLS under a few names, in front of plain ones on loopback. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
  /** What a client must trust, as `NODE_EXTRA_CA_CERTS` takes it. */
  readonly certificate: string;
}

/** @param origins the plain server behind each host name */
export async function tlsFront(origins: Readonly<Record<string, string>>): Promise<TlsFront> {
  const names = Object.keys(origins);
  const pair = await generate([{ name: "commonName", value: names[0] ?? "" }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: names.map((name) =>
          /^[\d.]+$/.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
        ),
      },
    ],
  });
  const server = createServer({ key: pair.private, cert: pair.cert }, (incoming, response) => {
    const { method, headers, url = "" } = incoming;
    const origin = origins[new URL(`https://${headers.host ?? ""}`).hostname] ?? "";
    const onward = forward(origin + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // A server that listens on TCP has an address of this form.
    port: (server.address() as AddressInfo).port,
    certificate: pair.cert,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
