import { describe, expect, it } from "vitest";
import { type IdentityServer, identityServer } from "../support/identity.ts";
import { realProxy } from "../support/real-proxy.ts";
import { type TlsFront, tlsFront } from "../support/tls.ts";
import { errorsOf, type Job, KEY, openJob, said } from "./job.ts";
import { chats, jsonl } from "./requests.ts";

const hosts = {
  api: "batch.example.test",
  exchange: "auth.example.test",
  github: "tokens.ghe.example.test",
  /** This machine, though no loopback address by name. */
  direct: "0.0.0.0",
};

/** A job whose servers speak TLS under names that only a proxy can find. */
async function openBehindProxy() {
  const services: IdentityServer = await identityServer();
  const job: Job = await openJob();
  const api = new URL(job.simulator.url).origin;
  const front: TlsFront = await tlsFront({
    [hosts.api]: api,
    [hosts.direct]: api,
    [hosts.exchange]: services.server.origin,
    [hosts.github]: services.server.origin,
  });
  const trusted = job.write("certificate.pem", front.certificate);
  return {
    job,
    services,
    port: front.port,
    env: {
      NODE_EXTRA_CA_CERTS: `${job.workspace}/${trusted}`,
      ACTIONS_ID_TOKEN_REQUEST_URL: `https://${hosts.github}:${front.port}/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: services.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    },
    inputs: {
      "base-url": `https://${hosts.api}:${front.port}/v1`,
      "identity-token-url": `https://${hosts.exchange}:${front.port}/oauth/token`,
    },
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await job[Symbol.asyncDispose]();
      await services[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent("behind a proxy that is the only way out", () => {
  it.each(["https_proxy", "HTTPS_PROXY"])(
    "(%s) a batch runs without a key: the API, the exchange and GitHub's service are reached through tunnels",
    async (name) => {
      await using behind = await openBehindProxy();
      await using proxy = await realProxy();
      const { job, port, services } = behind;
      const file = job.write("requests.jsonl", jsonl(chats(3)));
      const result = await job.run(
        {
          ...behind.inputs,
          operation: "run",
          "input-file": file,
          "output-file": "results.jsonl",
          "api-key": undefined,
          "identity-provider-id": "idp_1",
          "service-account-id": "sa_1",
        },
        { env: { ...behind.env, [name]: proxy.url } },
      );
      expect(errorsOf(result)).toEqual([]);
      expect(result).toMatchObject({ exitCode: 0, outputs: { conclusion: "success" } });
      expect(job.results("results.jsonl")).toHaveLength(3);
      const { api, exchange, github } = hosts;
      expect(new Set(proxy.tunnels())).toEqual(
        new Set([api, exchange, github].map((host) => `${host}:${port}`)),
      );
      for (const secret of services.secrets()) expect(proxy.seen()).not.toContain(secret);
    },
  );

  it("that wants a password, the password is given to the proxy and told to nobody else", async () => {
    await using behind = await openBehindProxy();
    await using proxy = await realProxy("proxy-password-0123456789");
    const { job, inputs, env } = behind;
    const result = await job.run(
      { ...inputs, operation: "list" },
      { env: { ...env, https_proxy: proxy.url, RUNNER_DEBUG: "1" } },
    );
    expect(errorsOf(result)).toEqual([]);
    expect(said(result)).not.toContain("proxy-password");
    expect(JSON.stringify(job.simulator.calls)).not.toContain("proxy-password");
    expect(proxy.seen()).not.toContain(KEY);

    const wrong = proxy.url.replace("proxy-password", "wrong-password");
    const refused = await job.run(
      { ...inputs, operation: "list", "max-retries": "0" },
      { env: { ...env, https_proxy: wrong } },
    );
    expect(errorsOf(refused)).toEqual([expect.stringMatching(/GET \/batches .*407.*proxy/)]);
    expect(said(refused)).not.toContain("wrong-password");
  });

  it.each(["no_proxy", "NO_PROXY"])("the hosts of %s are called without it", async (name) => {
    await using behind = await openBehindProxy();
    await using proxy = await realProxy();
    const { job, port } = behind;
    const inputs = { operation: "list", "base-url": `https://${hosts.direct}:${port}/v1` };
    const env = { ...behind.env, https_proxy: proxy.url };
    const around = await job.run(inputs, { env: { ...env, [name]: `a.example,${hosts.direct}` } });
    expect(errorsOf(around)).toEqual([]);
    expect(proxy.tunnels()).toEqual([]);
    const through = await job.run(inputs, { env: { ...env, [name]: "a.example" } });
    expect(errorsOf(through)).toEqual([]);
    expect(proxy.tunnels()).toEqual([`${hosts.direct}:${port}`]);
  });
});
