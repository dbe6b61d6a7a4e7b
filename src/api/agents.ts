import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

import { HttpProxyAgent, HttpsProxyAgent } from "hpagent";

import { proxyFor } from "./proxy.ts";

/** Connections to one host, direct or through a proxy. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/**
 * The connections through which a URL is called; kept and shared by all calls that go the same way.
 *
 * Node's own `proxyEnv` is not used: some releases of Node 24 die of a proxy that refuses, its
 * `no_proxy` does not know domains, and other runtimes do not have it.
 *
 * @param timeout milliseconds; a proxy that says nothing holds a connection no longer
 */
export function agentsByURL(timeout: number): (url: URL) => Agents {
  const byProxy = new Map<string, Agents>();
  return (url) => {
    const proxy = proxyFor(url, process.env);
    const known = byProxy.get(proxy?.href ?? "");
    if (known !== undefined) return known;
    const agents = proxy === undefined ? direct() : through(proxy, timeout);
    byProxy.set(proxy?.href ?? "", agents);
    return agents;
  };
}

function direct(): Agents {
  return { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
}

function through(proxy: URL, timeout: number): Agents {
  const options = { keepAlive: true, proxy, timeout };
  return { http: new HttpProxyAgent(options), https: new HttpsProxyAgent(options) };
}
