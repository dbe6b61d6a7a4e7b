import { inspect } from "node:util";

import OpenAI from "openai";
import { describe, expect, expectTypeOf, test, vi } from "vitest";

import type { WorkloadIdentityAuth } from "../../src/api/workload.ts";
import {
  BatchClient,
  type BatchClientOptions,
  OAuthError,
  SubjectTokenProviderError,
  UnknownOutcomeError,
  type WorkloadIdentity,
} from "../../src/index.ts";
import { clientFor, failureOf, KEY, paramsFor, rejectionOf } from "../support/account.ts";
import {
  accessToken,
  type IdentityOptions,
  identityServer,
  subjectToken,
} from "../support/identity.ts";
import { batchJson, rawServer, reply } from "../support/raw-server.ts";
import { asSoonAs, until } from "../support/until.ts";

interface Settings extends IdentityOptions {
  readonly identity?: Partial<WorkloadIdentity>;
  readonly client?: BatchClientOptions;
  /** Status of the API's answer to a call with this token; defaults to 200. */
  readonly api?: (token: string, count: number) => number;
}

/** A client without a key, the services that it gets its token from, and an API that tells with which one it was called. */
async function openKeyless(settings: Settings = {}) {
  const services = await identityServer(settings);
  let asked = 0;
  const api = await rawServer((request, response, { count }) => {
    const status = settings.api?.(String(request.headers.authorization).slice(7), count) ?? 200;
    reply(response, status, status === 200 ? batchJson("batch_1") : { error: { message: "no" } });
  });
  const secrets: string[] = [];
  const identity: WorkloadIdentity = {
    identityProviderId: "idp_1",
    serviceAccountId: "sa_1",
    tokenURL: services.tokenURL,
    provider: {
      tokenType: "jwt",
      getToken: () => Promise.resolve(subjectToken((asked += 1))),
    },
    ...settings.identity,
  };
  const made = clientFor(api.url, {
    apiKey: undefined,
    workloadIdentity: identity,
    onSecret: (secret) => secrets.push(secret),
    ...settings.client,
  });
  return {
    ...made,
    services,
    secrets,
    identity,
    api,
    /** The tokens that the API was called with, in order. */
    tokens: () => api.requests.map(({ headers }) => headers.authorization?.slice(7)),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await services[Symbol.asyncDispose]();
    },
  };
}

const minutes = 60_000;

describe("a token", () => {
  test("is exchanged for the workload's own, as OpenAI's reference has it", async () => {
    await using keyless = await openKeyless();
    await keyless.client.batches.retrieve("batch_1");
    expect(keyless.services.server.requests).toMatchObject([
      { method: "POST", url: "/oauth/token", headers: { "content-type": "application/json" } },
    ]);
    expect(keyless.services.server.requests[0]?.headers).not.toHaveProperty("authorization");
    expect(keyless.services.exchanges()).toEqual([
      {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: subjectToken(1),
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        identity_provider_id: "idp_1",
        service_account_id: "sa_1",
      },
    ]);
    expect(keyless.tokens()).toEqual([accessToken(1)]);
  });

  test("of an identity provider, for a client of its own, says so", async () => {
    await using keyless = await openKeyless({
      identity: {
        clientId: "client_1",
        provider: { tokenType: "id", getToken: () => Promise.resolve("an-id-token") },
      },
    });
    await keyless.client.batches.retrieve("batch_1");
    expect(keyless.services.exchanges()).toMatchObject([
      {
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
        client_id: "client_1",
      },
    ]);
  });

  test("serves calls until 20 minutes before its end, then is renewed beside them with a fresh one of the workload's", async () => {
    await using keyless = await openKeyless({ expiresIn: 3_600 });
    const { client, clock, services } = keyless;
    const call = () => client.batches.retrieve("batch_1");
    await call();
    clock.advance(40 * minutes - 1_000);
    await call();
    expect(services.exchanges()).toHaveLength(1);
    clock.advance(1_000);
    await call();
    await until(() => client.workloadIdentity?.cachedToken === accessToken(2));
    await call();
    expect(keyless.tokens()).toEqual([1, 1, 1, 2].map(accessToken));
    expect(services.exchanges().map((body) => body["subject_token"])).toEqual(
      [1, 2].map(subjectToken),
    );
  });

  test.each([
    ["half life when that is shorter", { expiresIn: 600 }, 300_000],
    ["an hour's life by default, 20 minutes early", {}, 40 * minutes],
    [
      "the caller's own time early",
      { expiresIn: 3_600, identity: { refreshBufferSeconds: 60 } },
      59 * minutes,
    ],
  ])("is renewed at %s", async (_, settings, at) => {
    await using keyless = await openKeyless(settings);
    const { client, clock, services } = keyless;
    await client.batches.retrieve("batch_1");
    clock.advance(at - 1);
    await client.batches.retrieve("batch_1");
    expect(services.exchanges()).toHaveLength(1);
    clock.advance(1);
    await client.batches.retrieve("batch_1");
    await until(() => services.exchanges().length === 2);
  });

  test("that has ended is not sent any more", async () => {
    await using keyless = await openKeyless({ expiresIn: 600 });
    await keyless.client.batches.retrieve("batch_1");
    keyless.clock.advance(10 * minutes);
    await keyless.client.batches.retrieve("batch_1");
    expect(keyless.tokens()).toEqual([1, 2].map(accessToken));
  });

  test("that cannot be renewed yet serves as long as it is good, and the renewal is not hurried", async () => {
    let answered = 0;
    await using keyless = await openKeyless({
      expiresIn: 600,
      client: {
        onCall({ path }) {
          if (path === "/oauth/token") answered += 1;
        },
      },
      exchange(_request, response, count) {
        if (count !== 2) return false;
        reply(response, 403, { error: "access_denied" });
        return true;
      },
    });
    const { client, clock, services } = keyless;
    const call = () => client.batches.retrieve("batch_1");
    await call();
    clock.advance(5 * minutes);
    for (const exchanges of [2, 2, 3]) {
      await call();
      await until(() => answered === exchanges);
      // What follows from the answer needs no more than this turn.
      await new Promise(setImmediate);
      expect(services.exchanges()).toHaveLength(exchanges);
      clock.advance(16_000);
    }
    expect(keyless.tokens()).toEqual([1, 1, 1, 1].map(accessToken));
  });

  test("is exchanged once for all calls that wait for it", async () => {
    await using keyless = await openKeyless();
    const calls = Array.from({ length: 5 });
    await Promise.all(calls.map(() => keyless.client.batches.retrieve("batch_1")));
    expect(keyless.services.exchanges()).toHaveLength(1);
    expect(keyless.tokens()).toEqual(calls.map(() => accessToken(1)));
  });

  test("may be shared by two clients", async () => {
    await using keyless = await openKeyless();
    const { client } = keyless;
    await client.batches.retrieve("batch_1");
    const other = clientFor(keyless.api.url, {
      apiKey: undefined,
      workloadIdentity: client.workloadIdentity,
      timeout: 2_000,
    });
    await other.client.batches.retrieve("batch_1");
    expect(keyless.services.exchanges()).toHaveLength(1);
  });

  test("of a string of seconds, as some gateways tell them, is understood", async () => {
    await using keyless = await openKeyless({
      exchange(_request, response) {
        reply(response, 200, { access_token: "a-token-of-text", expires_in: "600" });
        return true;
      },
    });
    await keyless.client.batches.retrieve("batch_1");
    keyless.clock.advance(10 * minutes - 1);
    expect(keyless.client.workloadIdentity?.cachedToken).toBe("a-token-of-text");
    keyless.clock.advance(1);
    expect(keyless.client.workloadIdentity?.cachedToken).toBeUndefined();
  });
});

describe("an exchange", () => {
  test.each([400, 401, 403])(
    "that is refused with %d is final and says what to check",
    async (status) => {
      await using keyless = await openKeyless({
        exchange(_request, response) {
          const body = { error: "invalid_grant", error_description: "Audience does not match" };
          reply(response, status, body, { "x-should-retry": "true", "x-request-id": "req_1" });
          return true;
        },
      });
      const error = await failureOf(keyless.client.batches.create(paramsFor("file-1")));
      expect(error).toBeInstanceOf(OAuthError);
      expect(error).toMatchObject({ status, code: "invalid_grant", requestID: "req_1" });
      expect(error.message).toMatch(
        /token exchange at http:.*\/oauth\/token failed.*Audience does not match.*ids of the identity provider.*audience.*repository/,
      );
      expect(error.message).not.toContain("API key");
      expect(keyless.services.exchanges()).toHaveLength(1);
      expect(keyless.api.requests).toEqual([]);
    },
  );

  test.each([408, 429, 500, 503])(
    "that fails with %d is sent again, with a fresh token of the workload's",
    async (status) => {
      await using keyless = await openKeyless({
        exchange(_request, response, count) {
          if (count > 2) return false;
          reply(response, status, {}, { "retry-after": "7" });
          return true;
        },
      });
      await keyless.client.batches.retrieve("batch_1");
      expect(keyless.clock.pauses).toEqual([7_000, 7_000]);
      expect(keyless.retries).toMatchObject([
        { call: "POST /oauth/token", attempt: 1 },
        { call: "POST /oauth/token", attempt: 2 },
      ]);
      expect(keyless.services.exchanges().map((body) => body["subject_token"])).toEqual(
        [1, 2, 3].map(subjectToken),
      );
    },
  );

  test("whose connection breaks is sent again", async () => {
    await using keyless = await openKeyless({
      exchange(_request, response, count) {
        if (count > 1) return false;
        response.destroy();
        return true;
      },
    });
    await keyless.client.batches.retrieve("batch_1");
    expect(keyless.tokens()).toEqual([accessToken(2)]);
  });

  test("that keeps failing is not multiplied by the call's own retries, and leaves no doubt about a create", async () => {
    await using keyless = await openKeyless({
      client: { maxRetries: 2 },
      exchange(_request, response) {
        reply(response, 503, {});
        return true;
      },
    });
    const error = await failureOf(keyless.client.batches.create(paramsFor("file-1")));
    expect(error).toBeInstanceOf(OAuthError);
    expect(error.outcomeUnknown).toBe(false);
    expect(keyless.services.exchanges()).toHaveLength(3);
  });

  test.each([301, 302, 307, 308])(
    "is not redirected by a %d, which would carry a token along",
    async (status) => {
      await using elsewhere = await rawServer((_request, response) => {
        reply(response, 200, { access_token: "stolen-0123456789" });
      });
      await using keyless = await openKeyless({
        exchange(_request, response) {
          response.writeHead(status, { location: `${elsewhere.origin}/oauth/token` }).end();
          return true;
        },
      });
      const error = await failureOf(keyless.client.batches.retrieve("batch_1"));
      expect(error.message).toContain("Check the URL of the token exchange");
      expect(elsewhere.requests).toEqual([]);
    },
  );

  test.each([
    ["no token", { expires_in: 60 }],
    ["an empty token", { access_token: " " }],
    ["a token that no header can hold", { access_token: "two\nlines-of-text" }],
    ["a life that is none", { access_token: "a-token-0123456789", expires_in: 0 }],
    ["a list", []],
  ])("that is answered with %s ends the call with nothing sent", async (_, body) => {
    await using keyless = await openKeyless({
      exchange(_request, response) {
        reply(response, 200, body);
        return true;
      },
    });
    const error = await failureOf(keyless.client.batches.retrieve("batch_1"));
    expect(error).toMatchObject({ name: "OAuthError", code: "unreadable_answer" });
    expect(keyless.api.requests).toEqual([]);
  });

  test("ends at the call's deadline, and a create that never went out is not in doubt", async () => {
    await using keyless = await openKeyless({ exchange: () => true });
    const deadline = keyless.clock.now() + 3_000;
    asSoonAs(
      () => keyless.services.exchanges().length === 1,
      () => {
        keyless.clock.advance(3_000);
      },
    );
    const create = keyless.client.batches.create(paramsFor("file-1"), { deadline });
    const error = await rejectionOf(create);
    expect(error).toMatchObject({ name: "DeadlineError" });
    expect(error).not.toBeInstanceOf(UnknownOutcomeError);
  });

  test("goes on for the others when one of its callers aborts, and is given up with the last one", async () => {
    const gone = Promise.withResolvers<undefined>();
    await using keyless = await openKeyless({
      exchange(_request, response) {
        response.once("close", () => {
          gone.resolve(undefined);
        });
        return true;
      },
    });
    const [first, second] = [new AbortController(), new AbortController()];
    const endOf = async (id: string, { signal }: AbortController) =>
      rejectionOf(keyless.client.batches.retrieve(id, { signal }));
    const end = new Error("second");
    const later = async () => {
      setImmediate(() => {
        second.abort(end);
      });
      return endOf("batch_2", second);
    };
    asSoonAs(
      () => keyless.services.exchanges().length === 1,
      () => {
        first.abort(new Error("first"));
      },
    );
    const firstAndLater = async () => [await endOf("batch_1", first), await later()];
    expect(await Promise.all([firstAndLater(), endOf("batch_1", second)])).toEqual([
      [new Error("first"), end],
      end,
    ]);
    await gone.promise;
    expect(keyless.services.exchanges()).toHaveLength(1);
  });

  test("that ends after a signal lets no create out", async () => {
    const release = Promise.withResolvers<undefined>();
    await using keyless = await openKeyless({
      exchange(_request, response, count) {
        void release.promise.then(() => {
          reply(response, 200, { access_token: accessToken(count) });
        });
        return true;
      },
    });
    const controller = new AbortController();
    const { signal } = controller;
    const cancelled = new Error("cancelled");
    asSoonAs(
      () => keyless.services.exchanges().length === 1,
      () => {
        controller.abort(cancelled);
        release.resolve(undefined);
      },
    );
    const create = keyless.client.batches.create(paramsFor("file-1"), { signal });
    expect(await rejectionOf(create)).toBe(cancelled);
    expect(keyless.api.requests).toEqual([]);
  });
});

describe("the workload's own token", () => {
  test("that its provider cannot give ends the call as the provider says, with nothing sent", async () => {
    const none = new TypeError("no token today");
    await using keyless = await openKeyless({
      identity: { provider: { tokenType: "jwt", getToken: () => Promise.reject(none) } },
    });
    expect(await rejectionOf(keyless.client.batches.retrieve("batch_1"))).toBe(none);
    expect(keyless.services.server.requests).toEqual([]);
  });

  test("that is empty is none", async () => {
    await using keyless = await openKeyless({
      identity: { provider: { tokenType: "jwt", getToken: () => Promise.resolve(" ") } },
    });
    const error = await rejectionOf(keyless.client.batches.retrieve("batch_1"));
    expect(error).toBeInstanceOf(SubjectTokenProviderError);
    expect(keyless.services.server.requests).toEqual([]);
  });
});

describe("a token that the API refuses (401)", () => {
  const revoked = (token: string) => (token === accessToken(1) ? 401 : 200);

  test.each(["retrieve", "create", "upload"] as const)(
    "though it should be good is renewed once, and the %s made once more",
    async (call) => {
      let refuse = false;
      await using keyless = await openKeyless({
        api: (token) => (refuse ? revoked(token) : 200),
      });
      const { client } = keyless;
      await client.batches.retrieve("batch_1");
      refuse = true;
      if (call === "retrieve") await client.batches.retrieve("batch_1");
      else if (call === "create") await client.batches.create(paramsFor("file-1"));
      else await client.files.create({ file: new File(["{}\n"], "a.jsonl"), purpose: "batch" });
      expect(keyless.tokens()).toEqual([1, 1, 2].map(accessToken));
      const bodies = keyless.api.requests.slice(1).map(({ body }) => body.length);
      expect(bodies[1]).toBe(bodies[0]);
      expect(keyless.clock.pauses).toEqual([]);
    },
  );

  test("and again is final after one renewal", async () => {
    let refuse = false;
    await using keyless = await openKeyless({ api: () => (refuse ? 401 : 200) });
    await keyless.client.batches.retrieve("batch_1");
    refuse = true;
    const error = await failureOf(keyless.client.batches.create(paramsFor("file-1")));
    expect(error).toMatchObject({ name: "APIError", status: 401 });
    expect(keyless.services.exchanges()).toHaveLength(2);
    expect(keyless.tokens()).toEqual([1, 1, 2].map(accessToken));
  });

  test("is not renewed a second time by a later attempt of the same call", async () => {
    await using keyless = await openKeyless({
      api: (_token, count) => [200, 401, 503, 401, 200][count - 1] ?? 200,
    });
    await keyless.client.batches.retrieve("batch_1");
    const error = await failureOf(keyless.client.batches.retrieve("batch_1"));
    expect(error.status).toBe(401);
    expect(keyless.services.exchanges()).toHaveLength(2);
  });

  test("right after its exchange is final at once", async () => {
    await using keyless = await openKeyless({ api: () => 401 });
    await failureOf(keyless.client.batches.retrieve("batch_1"));
    expect(keyless.services.exchanges()).toHaveLength(1);
    expect(keyless.api.requests).toHaveLength(1);
  });

  test("by several calls at once is renewed once", async () => {
    let refuse = false;
    await using keyless = await openKeyless({ api: (token) => (refuse ? revoked(token) : 200) });
    await keyless.client.batches.retrieve("batch_1");
    refuse = true;
    const calls = Array.from({ length: 3 });
    await Promise.all(calls.map(() => keyless.client.batches.retrieve("batch_1")));
    expect(keyless.services.exchanges()).toHaveLength(2);
  });

  test("is not tried again with a key", async () => {
    await using api = await rawServer((_request, response) => {
      reply(response, 401, { error: { message: "no" } });
    });
    await failureOf(clientFor(api.url).client.batches.retrieve("batch_1"));
    expect(api.requests).toHaveLength(1);
  });
});

describe("no token", () => {
  test("is in an error, although each server repeats what it was sent", async () => {
    const texts: string[] = [];
    const everything = (error: unknown) => {
      for (let at = error; at instanceof Error; at = at.cause) {
        texts.push(inspect(at, { depth: Infinity, showHidden: true }), String(at.stack));
      }
    };
    await using refused = await openKeyless({
      exchange(request, response) {
        reply(response, 401, { error: request.body, error_description: request.body });
        return true;
      },
    });
    everything(await rejectionOf(refused.client.batches.retrieve("batch_1")));
    await using echoing = await rawServer((request, response) => {
      const message = `Wrong token: ${String(request.headers.authorization)}`;
      reply(response, 400, { error: { message, code: message } });
    });
    await using keyless = await openKeyless({ client: { baseURL: echoing.url } });
    everything(await rejectionOf(keyless.client.batches.retrieve("batch_1")));
    expect(texts.join("\n")).toContain("Wrong token: Bearer ***");
    expect(texts.join("\n")).not.toMatch(/-of-nobody/);
  });

  test("is shown by the client, and each is reported the moment it is known", async () => {
    await using keyless = await openKeyless({ expiresIn: 60 });
    await keyless.client.batches.retrieve("batch_1");
    keyless.clock.advance(60_000);
    await keyless.client.batches.retrieve("batch_1");
    expect(keyless.secrets).toEqual([
      subjectToken(1),
      accessToken(1),
      subjectToken(2),
      accessToken(2),
    ]);
    for (const part of [keyless.client, keyless.client.workloadIdentity]) {
      const shown = inspect(part, { depth: Infinity, showHidden: true }) + JSON.stringify(part);
      expect(shown).not.toMatch(/-of-nobody/);
    }
  });
});

describe("a client with an identity", () => {
  const identity: WorkloadIdentity = {
    identityProviderId: "idp_1",
    serviceAccountId: "sa_1",
    provider: { tokenType: "jwt", getToken: () => Promise.resolve("jwt") },
  };

  test("takes no key and no authorization header beside it", () => {
    for (const options of [{ apiKey: KEY }, { defaultHeaders: { Authorization: "Bearer x" } }]) {
      expect(() => new BatchClient({ workloadIdentity: identity, ...options })).toThrow(
        /in the place of a key/,
      );
    }
  });

  test("does not use the key of the environment", async () => {
    vi.stubEnv("OPENAI_API_KEY", KEY);
    try {
      await using keyless = await openKeyless();
      await keyless.client.batches.retrieve("batch_1");
      expect(keyless.tokens()).toEqual([accessToken(1)]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each([
    "http://auth.example/oauth/token",
    "ftp://auth.example",
    "nonsense",
    "https://u:p@a/",
  ])("exchanges nothing at %s", (tokenURL) => {
    const make = () => new BatchClient({ workloadIdentity: { ...identity, tokenURL } });
    expect(make).toThrow(/URL of the token exchange/);
    expect(make).not.toThrow(/u:p/);
  });

  test("is written as one of the official package, which does the same", async () => {
    type Theirs = NonNullable<ConstructorParameters<typeof OpenAI>[0]>["workloadIdentity"];
    expectTypeOf<WorkloadIdentity>().toExtend<Theirs>();
    type SubjectToken = Extract<NonNullable<Theirs>, { provider: object }>;
    expectTypeOf<SubjectToken>().toExtend<WorkloadIdentity>();
    expectTypeOf<WorkloadIdentityAuth>().toExtend<{ getToken(): Promise<string> }>();

    await using services = await identityServer();
    await using api = await rawServer((_request, response) => {
      reply(response, 200, { object: "list", data: [], has_more: false });
    });
    const asked: string[] = [];
    const theirs = new OpenAI({
      apiKey: null,
      baseURL: api.url,
      workloadIdentity: identity,
      fetch: (url, init) => {
        if (url !== "https://auth.openai.com/oauth/token") return fetch(url, init);
        asked.push(url);
        return fetch(services.tokenURL, init);
      },
    });
    const ours = new BatchClient({
      baseURL: api.url,
      workloadIdentity: { ...identity, tokenURL: services.tokenURL },
    });
    await theirs.batches.list();
    await ours.batches.list();
    const [first, second] = services.exchanges();
    expect(second).toEqual(first);
    expect(asked).toHaveLength(1);
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(
      [1, 2].map((count) => `Bearer ${accessToken(count)}`),
    );
  });
});
