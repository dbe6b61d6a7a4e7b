import { describe, expect, it } from "vitest";
import { readCleanupInputs } from "../../../src/action/inputs.ts";
import { openJob } from "../../e2e/job.ts";
import { identityServer } from "../../support/identity.ts";
import { textLike } from "../../support/matching.ts";
import { act } from "../act.ts";
import { type Given, problemsOf, read } from "../problems.ts";
import { inputReader } from "../toolkit.ts";

const ids: Given = { "identity-provider-id": "idp_1", "service-account-id": "sa_1" };
const allowed: Given = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://tokens.ghe.example/idtoken?api-version=2.0",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token-0123456789",
};

const readWith = (given: Given, env: Given = allowed) => read({ operation: "list", ...given }, env);
const problemsWith = (given: Given, env: Given = allowed) =>
  problemsOf({ operation: "list", ...given }, env);

describe("an identity", () => {
  it("stands in the place of a key, and its exchange and audience default to OpenAI's", async () => {
    const { connection } = await readWith(ids);
    expect(connection).toMatchObject({
      apiKey: undefined,
      identity: {
        identityProviderId: "idp_1",
        serviceAccountId: "sa_1",
        tokenURL: "https://auth.openai.com/oauth/token",
        oidc: {
          url: allowed["ACTIONS_ID_TOKEN_REQUEST_URL"],
          token: allowed["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
          audience: "https://api.openai.com/v1",
        },
      },
    });
  });

  it("takes an audience and an exchange of the user's", async () => {
    const { connection } = await readWith({
      ...ids,
      "identity-audience": "batch",
      "identity-token-url": "http://127.0.0.1:1/token",
    });
    expect(connection.identity).toMatchObject({
      tokenURL: "http://127.0.0.1:1/token",
      oidc: { audience: "batch" },
    });
  });

  it("leaves a key of the environment unused", async () => {
    const { connection } = await readWith(ids, { ...allowed, OPENAI_API_KEY: "sk-env" });
    expect(connection.apiKey).toBeUndefined();
    expect(connection.identity).toBeDefined();
  });

  it("may go with the key header of a gateway", async () => {
    expect(await problemsWith({ ...ids, headers: "X-API-Key: gateway" })).toEqual([]);
  });

  it.each<[string, Given, RegExp]>([
    ["a key too", { ...ids, "api-key": "sk-1" }, /`api-key` and `identity-provider-id` are two/],
    ["an authorization header", { ...ids, headers: "authorization: Bearer x" }, /`Authorization`/],
    ["no account", { "identity-provider-id": "idp_1" }, /without `service-account-id`/],
    ["no provider", { "service-account-id": "sa_1" }, /without `identity-provider-id`/],
    [
      "an exchange in the clear",
      { ...ids, "identity-token-url": "http://auth.example/t" },
      /`identity-token-url`.*in the clear/,
    ],
    ["an exchange that is no URL", { ...ids, "identity-token-url": "x" }, /`identity-token-url`/],
    [
      "an audience alone",
      { "api-key": "sk-1", "identity-audience": "x" },
      /`identity-audience` needs/,
    ],
  ])("with %s is a problem", async (_, given, told) => {
    expect(await problemsWith(given)).toEqual([expect.stringMatching(told)]);
  });

  it("without the permission is a problem that names it, and forks", async () => {
    for (const missing of Object.keys(allowed)) {
      const problems = await problemsWith(ids, { ...allowed, [missing]: "" });
      expect(problems).toEqual([expect.stringMatching(/`id-token: write`.*forks cannot/)]);
    }
  });

  const waits: Given = { operation: "wait", "batch-id": "batch_1" };
  const rightUntil = (end: number): Given => {
    const claims = Buffer.from(JSON.stringify({ exp: end / 1000 })).toString("base64url");
    return { ...allowed, ACTIONS_ID_TOKEN_REQUEST_TOKEN: `e30.${claims}.sign` };
  };

  it.each<[string, Given, Given, readonly unknown[]]>([
    ["is not said of the usual timeout", {}, allowed, []],
    ["is not said of a key", { "api-key": "sk-1", timeout: "8h" }, allowed, []],
    [
      "is said",
      { ...ids, timeout: "8h" },
      allowed,
      [textLike(/`timeout` is 8 h.*about six hours.*the wait fails.*`on-timeout: dispatch`/)],
    ],
    [
      "is said with what follows",
      { ...ids, timeout: "8h", "on-timeout": "dispatch" },
      {
        ...allowed,
        GITHUB_REPOSITORY: "octocat/hello-world",
        GITHUB_WORKFLOW_REF: "octocat/hello-world/.github/workflows/batch.yml@refs/heads/main",
        GITHUB_REF: "refs/heads/main",
      },
      [textLike(/`timeout` is 8 h.*handed over to another run/)],
    ],
    [
      "is said as the right itself says it",
      { ...ids, timeout: "3h" },
      rightUntil(Date.now() + 2 * 3_600_000 + 30_000),
      [textLike(/for 2 h .*more only/)],
    ],
    [
      "is not said where the right is long enough",
      { ...ids, timeout: "8h" },
      rightUntil(Date.now() + 9 * 3_600_000),
      [],
    ],
  ])("that ends before the wait %s", async (_, given, env, told) => {
    const key = "api-key" in given ? {} : ids;
    const { warnings } = await readWith(
      { ...waits, ...key, "github-token": "ghs_1", ...given },
      env,
    );
    expect(warnings).toEqual(told);
  });

  it("is named beside the key where there is neither", async () => {
    const [problem, ...more] = await problemsWith({});
    expect(problem).toMatch(/`api-key`.*OPENAI_API_KEY.*`identity-provider-id`.*id-token: write/s);
    expect(more).toEqual([]);
  });

  it("is read by the post step too", () => {
    const readFor = (env: Given) => readCleanupInputs(inputReader(ids), env);
    expect(readFor(allowed).connection.identity).toMatchObject({ serviceAccountId: "sa_1" });
    expect(() => readFor({})).toThrow(/id-token: write/);
  });
});

describe("a step with an identity", () => {
  it("tells of the missing permission with all that is wrong, before any call", async () => {
    await using job = await openJob();
    await using services = await identityServer();
    const { failures } = await act(job, {
      ...ids,
      operation: "retrieve",
      "api-key": undefined,
      "max-retries": "x",
      "identity-token-url": services.tokenURL,
    });
    expect(failures).toEqual([
      expect.stringMatching(
        /3 inputs are wrong:\n.*id-token: write.*\n.*`max-retries`.*\n.*`batch-id`/,
      ),
    ]);
    expect(job.simulator.calls).toEqual([]);
    expect(services.server.requests).toEqual([]);
  });

  it("masks each token before anything else is said of it, and asks GitHub for the audience", async () => {
    await using job = await openJob();
    await using services = await identityServer();
    const { failures, secrets } = await act(
      job,
      {
        ...ids,
        operation: "list",
        "api-key": undefined,
        "identity-audience": "https://batch.example/a b",
        "identity-token-url": services.tokenURL,
      },
      services.env,
    );
    expect(failures).toEqual([]);
    expect(secrets).toEqual(services.secrets());
    const [asked] = services.asked();
    const { pathname, searchParams } = new URL(asked?.url ?? "", services.server.origin);
    expect(pathname).toBe("/idtoken//job/1");
    expect(Object.fromEntries(searchParams)).toEqual({
      "api-version": "2.0",
      audience: "https://batch.example/a b",
    });
    expect(services.exchanges()).toMatchObject([
      { identity_provider_id: "idp_1", service_account_id: "sa_1" },
    ]);
  });
});
