import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";

import { expect, test } from "vitest";

import { identityServer } from "../support/identity.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";

const source = (path: string) => JSON.stringify(pathToFileURL(path).href);

/** A program that makes two calls, the second one past the half life of its token, and is done. */
function program(values: Readonly<Record<"url" | "token" | "tokenURL" | "baseURL", string>>) {
  return `
    const { BatchClient, systemClock } = await import(${source("src/index.ts")});
    const { githubTokenProvider } = await import(${source("src/action/oidc.ts")});
    const { url, token, tokenURL, baseURL } = ${JSON.stringify(values)};
    let later = 0;
    const clock = { ...systemClock, now: () => Date.now() + later };
    const provider = githubTokenProvider({ url, token, audience: "batch" }, { clock, timeout: 600_000 });
    const ids = { identityProviderId: "idp_1", serviceAccountId: "sa_1" };
    const client = new BatchClient({
      baseURL,
      clock,
      workloadIdentity: { ...ids, tokenURL, provider },
    });
    await client.batches.retrieve("batch_1");
    later = 45 * 60_000;
    await client.batches.retrieve("batch_1");
    console.log("done");`;
}

test.each(["GitHub", "the token exchange"])(
  "a process that has done its work ends, although %s is silent about the renewal of its token",
  async (silent) => {
    const silence = (of: string) => (_request: unknown, _response: unknown, count: number) =>
      silent === of && count > 1;
    await using services = await identityServer({
      oidc: silence("GitHub"),
      exchange: silence("the token exchange"),
    });
    // The second call is answered once the renewal is under way.
    const renewing = () =>
      silent === "GitHub" ? services.asked().length > 1 : services.exchanges().length > 1;
    await using api = await rawServer((_request, response, { count }) => {
      const answer = () => {
        if (count > 1 && !renewing()) setTimeout(answer, 5);
        else reply(response, 200, batchJson("batch_1"));
      };
      answer();
    });
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } =
      services.env;
    const script = program({ url, token, tokenURL: services.tokenURL, baseURL: api.url });
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    // Nothing is ever answered or cut: only a process that waits for nothing comes to its end.
    expect(await once(child, "close")).toEqual([0, null]);
    expect(text).toBe("done\n");
  },
);
