import { describe, expect, it } from "vitest";
import { githubTokenProvider } from "../../src/action/oidc.ts";
import { identityExpired } from "../../src/api/auth-errors.ts";
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

async function openGitHub(
  oidc?: IdentityOptions["oidc"],
  { token = requestToken, timeout = 10_000 } = {},
) {
  const services = await identityServer(oidc === undefined ? {} : { oidc });
  const clock = virtualClock();
  const provider = githubTokenProvider(
    { url: services.env.ACTIONS_ID_TOKEN_REQUEST_URL, token, audience: "batch" },
    { clock, random: () => 0.5, timeout },
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
    await using github = await openGitHub((_request, _response, count) => count === 1, {
      timeout: 1_000,
    });
    expect(await github.provider.getToken()).toBe(subjectToken(github.services.asked().length));
    expect(github.services.asked().length).toBeGreaterThan(1);
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

  const refusedFrom =
    (first: number, status: number): IdentityOptions["oidc"] =>
    (_request, response, count) => {
      if (count < first) return false;
      reply(response, status, { message: "No." });
      return true;
    };

  it.each([401, 403])(
    "that was given before and is refused with %d now is past its time, which has a code",
    async (status) => {
      await using github = await openGitHub(refusedFrom(2, status));
      await github.provider.getToken();
      const error = await failureOf(github.provider.getToken());
      expect(error).toMatchObject({ code: identityExpired, status });
      expect(error.message).toMatch(/about six hours.*`on-timeout: dispatch`/);
      expect(error.message).not.toContain("permissions");
    },
  );

  it.each([
    [-1, true],
    [1, false],
  ])("is past its time too where the right says so (%i s from its end)", async (left, isOver) => {
    const exp = Date.UTC(2026, 0, 1) / 1000 + left;
    const claims = Buffer.from(JSON.stringify({ exp })).toString("base64url");
    await using github = await openGitHub(refusedFrom(1, 401), { token: `e30.${claims}.sign` });
    const { code } = await failureOf(github.provider.getToken());
    expect(code === identityExpired).toBe(isOver);
  });

  it.each([429, 500])("is not past its time for a service that fails (%d)", async (status) => {
    await using github = await openGitHub(refusedFrom(2, status));
    await github.provider.getToken();
    const { code } = await failureOf(github.provider.getToken());
    expect(code).not.toBe(identityExpired);
  });

  it("that nobody waits for is asked for once", async () => {
    await using github = await openGitHub(refusedFrom(1, 503));
    await failureOf(github.provider.getToken({ background: true }));
    expect(github.services.asked()).toHaveLength(1);
    expect(github.clock.pauses).toEqual([]);
  });

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
    const controller = new AbortController();
    const reason = new Error("cancelled");
    await using github = await openGitHub((_request, response) => {
      response.once("close", () => {
        closed.resolve(undefined);
      });
      controller.abort(reason);
      return true;
    });
    expect(await rejectionOf(github.provider.getToken({ signal: controller.signal }))).toBe(reason);
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
