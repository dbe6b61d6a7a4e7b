import type { LookupFunction } from "node:net";

import { type PrepareRequestFunction, Server } from "proxy-chain";

/** A proxy as companies run them; it finds every host name on this machine. */
export interface RealProxy extends AsyncDisposable {
  readonly url: string;
  /** `host:port` of each tunnel that was asked for. */
  readonly tunnels: () => readonly string[];
  /** Everything that could be read of a request on its way. */
  readonly seen: () => string;
}

const toThisMachine: LookupFunction = (_host, options, done) => {
  if (options.all === true) done(null, [{ address: "127.0.0.1", family: 4 }]);
  else done(null, "127.0.0.1", 4);
};

/** @param password with which a client must say who it is, as the user `runner` */
export async function realProxy(password?: string): Promise<RealProxy> {
  const tunnels: string[] = [];
  const seen: string[] = [];
  const prepareRequestFunction: PrepareRequestFunction = (asked) => {
    const { method = "", url = "", headers } = asked.request;
    seen.push(`${method} ${url} ${JSON.stringify(headers)}`);
    if (!asked.isHttp) tunnels.push(`${asked.hostname}:${asked.port}`);
    return {
      requestAuthentication: password !== undefined && asked.password !== password,
      // The same shape as `dns.lookup`, of which a proxy uses only this one form.
      dnsLookup: toThisMachine as never,
    };
  };
  const server = new Server({ port: 0, host: "127.0.0.1", prepareRequestFunction });
  await server.listen();
  const user = password === undefined ? "" : `runner:${password}@`;
  return {
    url: `http://${user}127.0.0.1:${server.port}`,
    tunnels: () => tunnels,
    seen: () => seen.join("\n"),
    async [Symbol.asyncDispose]() {
      await server.close(true);
    },
  };
}
