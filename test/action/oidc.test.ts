import { describe, expect, it, vi } from "vitest";
import { githubTokenProvider } from "../../src/action/oidc.ts";
import { SubjectTokenProviderError } from "../../src/index.ts";
import { failureOf, rejectionOf } from "../support/account.ts";
import {
  type IdentityOptions,
  identityServer,
  requestToken,
  subjectToken,
} from "../support/identity.ts";
import { rawServer, reply } from "../support/raw-server.ts";
import { virtualClock } from "../support/virtual-clock.ts";

async function openGitHub(oidc?: IdentityOptions["oidc"]) {
  const services = await identityServer(oidc === undefined ? {} : { oidc });
  const clock = virtualClock();
  const provider = githubTokenProvider(
    {
      url: services.env.ACTIONS_ID_TOKEN_REQUEST_URL,
      token: services.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      audience: "batch",
    },
    { clock, random: () => 0.5, timeout: 100 },
  );
  return {
    services,
    clock,
    provider,
    [Symbol.asyncDispose]: () => services[Symbol.asyncDispose](),
  };
}

describe("GitHub's OIDC token", () => {
  it("is asked for with the job's own right, and a fresh one each time", async () => {
    await using github = await openGitHub();
    const tokens = [await github.provider.getToken(), await github.provider.getToken()];
    expect(tokens).toEqual([1, 2].map(subjectToken));
    expect(github.provider.tokenType).toBe("jwt");
    for (const { method, headers } of github.services.asked()) {
      expect(method).toBe("GET");
      expect(headers.authorization).toBe(`Bearer ${requestToken}`);
    }
  });

  it.each([429, 500, 502, 503])("is asked for again after a %d", async (status) => {
    await using github = await openGitHub((_request, response, count) => {
      if (count > 2) return false;
      reply(response, status, {});
      return true;
    });
    expect(await github.provider.getToken()).toBe(subjectToken(3));
    expect(github.clock.pauses).toEqual([250, 500]);
  });

  it("is asked for again where the service is silent, instead of for the toolkit's three minutes", async () => {
    await using github = await openGitHub((_request, _response, count) => count === 1);
    expect(await github.provider.getToken()).toBe(subjectToken(2));
  });

  it("is asked for three times more, then given up", async () => {
    await using github = await openGitHub((_request, response) => {
      response.destroy();
      return true;
    });
    const error = await failureOf(github.provider.getToken());
    expect(error).toBeInstanceOf(SubjectTokenProviderError);
    expect(error.message).toMatch(/^GitHub gave no OIDC token/);
    expect(github.services.asked()).toHaveLength(4);
  });

  it.each([400, 401, 403, 404])(
    "refused with %d is final, and the permission named",
    async (status) => {
      await using github = await openGitHub((request, response) => {
        reply(response, status, { message: `No: ${String(request.headers.authorization)}` });
        return true;
      });
      const error = await failureOf(github.provider.getToken());
      expect(error.message).toMatch(/`id-token: write`/);
      expect(error.message).not.toContain(requestToken);
      expect(github.services.asked()).toHaveLength(1);
    },
  );

  it.each([{}, { value: "" }, { value: 7 }, []])("answered with %j is none", async (body) => {
    await using github = await openGitHub((_request, response) => {
      reply(response, 200, body);
      return true;
    });
    const error = await failureOf(github.provider.getToken());
    expect(error.message).toContain("without one");
  });

  it("ends with a signal, and its connection with it", async () => {
    const closed = Promise.withResolvers<undefined>();
    await using github = await openGitHub((_request, response) => {
      response.once("close", () => {
        closed.resolve(undefined);
      });
      return true;
    });
    const controller = new AbortController();
    const ended = rejectionOf(github.provider.getToken({ signal: controller.signal }));
    await vi.waitFor(() => {
      expect(github.services.asked()).toHaveLength(1);
    });
    const reason = new Error("cancelled");
    controller.abort(reason);
    expect(await ended).toBe(reason);
    await closed.promise;
  });

  it("is asked for elsewhere without the right that is GitHub's", async () => {
    await using other = await rawServer((_request, response) => {
      reply(response, 200, { value: subjectToken(1) });
    });
    await using github = await openGitHub((_request, response) => {
      response.writeHead(302, { location: `${other.origin}/idtoken` }).end();
      return true;
    });
    await github.provider.getToken();
    expect(JSON.stringify(other.requests[0]?.headers)).not.toContain(requestToken);
  });
});
