import { describe, expect, it } from "vitest";
import { manualClock, type SimulatorOptions } from "../../src/simulator/index.ts";
import {
  accessToken,
  type IdentityOptions,
  type IdentityServer,
  identityServer,
} from "../support/identity.ts";
import { reply } from "../support/raw-server.ts";
import { asSoonAs, until } from "../support/until.ts";
import { errorsOf, type Job, openJob, said } from "./job.ts";
import { chats, jsonl } from "./requests.ts";
import type { MainResult, PostResult, Step } from "./runner.ts";

interface KeylessJob extends AsyncDisposable {
  readonly job: Job;
  readonly services: IdentityServer;
  readonly start: (
    inputs: Readonly<Record<string, string | undefined>>,
    env?: Readonly<Record<string, string>>,
  ) => Step;
}

/** A job that has no key anywhere, with the right to ask for GitHub's token. */
async function openKeyless(
  options: { simulator?: SimulatorOptions; identity?: IdentityOptions } = {},
): Promise<KeylessJob> {
  const services = await identityServer(options.identity);
  const job = await openJob(options.simulator);
  return {
    job,
    services,
    start: (inputs, env) =>
      job.start(
        {
          "api-key": undefined,
          "identity-provider-id": "idp_1",
          "service-account-id": "sa_1",
          "identity-token-url": services.tokenURL,
          ...inputs,
        },
        { env: { RUNNER_DEBUG: "1", ...services.env, ...env } },
      ),
    async [Symbol.asyncDispose]() {
      await job[Symbol.asyncDispose]();
      await services[Symbol.asyncDispose]();
    },
  };
}

/** Each secret was masked, and is nowhere else. */
function expectNoToken(services: IdentityServer, result: MainResult | PostResult): void {
  const secrets = services.secrets();
  expect(secrets.length).toBeGreaterThan(1);
  for (const secret of secrets) {
    expect(result.raw).toContain(`::add-mask::${secret}\n`);
    expect(said(result)).not.toContain(secret);
  }
}

const endless = { phases: { inProgress: Infinity, cancelling: Infinity } };

describe.concurrent("without a key", () => {
  it("a batch runs on an exchanged token, which is told to nobody", async () => {
    await using keyless = await openKeyless({ simulator: { apiKey: accessToken(1) } });
    const { job, services } = keyless;
    const file = job.write("requests.jsonl", jsonl(chats(3)));
    const result = await keyless.start(
      { operation: "run", "input-file": file, "output-file": "results.jsonl" },
      { OPENAI_API_KEY: "sk-unused-0123456789" },
    ).done;
    expect(errorsOf(result)).toEqual([]);
    expect(result).toMatchObject({ exitCode: 0, outputs: { conclusion: "success" } });
    expect(job.results("results.jsonl")).toHaveLength(3);
    expect(services.exchanges()).toHaveLength(1);
    expect(result.raw).toMatch(/::debug::POST \/oauth\/token 200/);
    expectNoToken(services, result);
  });

  it("a long wait renews its token with a fresh one of GitHub's each time", async () => {
    const clock = manualClock(Date.now());
    await using keyless = await openKeyless({ simulator: { clock }, identity: { expiresIn: 1 } });
    const { job, services } = keyless;
    const file = job.write("requests.jsonl", jsonl(chats(3)));
    // The batch ends once the token has been renewed three times.
    asSoonAs(
      () => services.exchanges().length > 3,
      () => {
        clock.advance(60_000);
      },
    );
    const result = await keyless.start({ operation: "run", "input-file": file }).done;
    expect(result).toMatchObject({ exitCode: 0, outputs: { status: "completed" } });
    const exchanges = services.exchanges();
    expect(new Set(exchanges.map((body) => body["subject_token"])).size).toBe(exchanges.length);
    expectNoToken(services, result);
  });

  it("a token that was revoked in a wait is renewed, and the wait goes on", async () => {
    const clock = manualClock(Date.now());
    const phases = { validating: 0 };
    await using keyless = await openKeyless({ simulator: { clock, phases } });
    const { job, services } = keyless;
    const file = job.write("requests.jsonl", jsonl(chats(2)));
    const step = keyless.start({ operation: "run", "input-file": file });
    await step.waitForLine(/: in_progress/);
    job.simulator.addFault({
      path: "/batches/*",
      fault: {
        kind: "status",
        status: 401,
        body: { error: { message: `Revoked: ${accessToken(1)}`, code: "invalid_api_key" } },
      },
    });
    await until(() => services.exchanges().length === 2);
    clock.advance(60_000);
    const result = await step.done;
    expect(result).toMatchObject({ exitCode: 0, outputs: { status: "completed" } });
    expect(services.exchanges()).toHaveLength(2);
    expectNoToken(services, result);
  });

  it("and without the permission, nothing is sent and the permission is named", async () => {
    await using keyless = await openKeyless();
    const { job, services } = keyless;
    const step = keyless.start(
      { operation: "list" },
      { ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" },
    );
    const result = await step.done;
    expect(result.exitCode).toBe(1);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/`permissions:` with `id-token: write`.*forks/),
    ]);
    expect(job.simulator.calls).toEqual([]);
    expect(services.server.requests).toEqual([]);
    expect((await step.post()).exitCode).toBe(0);
  });

  it("an exchange that is refused fails the step once and says what to check", async () => {
    await using keyless = await openKeyless({
      identity: {
        exchange({ body }, response) {
          reply(response, 403, { error: "access_denied", error_description: `No: ${body}` });
          return true;
        },
      },
    });
    const { job, services } = keyless;
    const file = job.write("requests.jsonl", jsonl(chats(1)));
    const result = await keyless.start({ operation: "create", "input-file": file }).done;
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/403 access_denied.*No: .*mapping fits this workload/),
    ]);
    expect(services.exchanges()).toHaveLength(1);
    expect(job.simulator.calls).toEqual([]);
    expectNoToken(services, result);
  });

  it("a cancelled step cancels its batch with the token that it has", async () => {
    await using keyless = await openKeyless({ simulator: endless });
    const { job, services } = keyless;
    const file = job.write("requests.jsonl", jsonl(chats(2)));
    const step = keyless.start({ operation: "run", "input-file": file });
    await step.waitForLine(/: in_progress/);
    const result = await step.cancel();
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
    expect(services.exchanges()).toHaveLength(1);
    expect(result.signalsSent).toEqual(["SIGINT"]);
    expectNoToken(services, result);
  });

  it("a step that is cancelled while GitHub is silent ends at once", async () => {
    await using keyless = await openKeyless({ identity: { oidc: () => true } });
    const step = keyless.start({ operation: "list" });
    await until(() => keyless.services.asked().length === 1);
    const result = await step.cancel();
    expect(result.signalsSent).toEqual(["SIGINT"]);
    expect(keyless.job.simulator.calls).toEqual([]);
  });

  it("post exchanges a token of its own and cancels what a killed main left", async () => {
    await using keyless = await openKeyless({ simulator: endless });
    const { job, services } = keyless;
    const file = job.write("requests.jsonl", jsonl(chats(2)));
    const step = keyless.start({ operation: "run", "input-file": file });
    await step.waitForLine(/: in_progress/);
    await step.kill();
    const post = await step.post("cancelled");
    expect(post).toMatchObject({ exitCode: 0, conclusion: "success" });
    expect(job.simulator.batches).toMatchObject([{ status: "cancelling" }]);
    expect(services.exchanges()).toHaveLength(2);
    const [, , , ...ofPost] = services.secrets();
    for (const secret of ofPost) expect(post.raw).toContain(`::add-mask::${secret}\n`);
    for (const secret of services.secrets()) expect(said(post)).not.toContain(secret);
  });

  it("post warns of the batch where it gets no token", async () => {
    let refused = false;
    await using keyless = await openKeyless({
      simulator: endless,
      identity: {
        oidc(_request, response) {
          if (refused) reply(response, 403, { message: "The job is over." });
          return refused;
        },
      },
    });
    const { job } = keyless;
    const file = job.write("requests.jsonl", jsonl(chats(2)));
    const step = keyless.start({ operation: "run", "input-file": file });
    await step.waitForLine(/: in_progress/);
    await step.kill();
    refused = true;
    const post = await step.post("cancelled");
    expect(post).toMatchObject({ exitCode: 0, conclusion: "success" });
    expect(said(post)).toMatch(
      /batch_\w+ could not be cancelled and may be running and billed.*GitHub gave no OIDC token.*The job is over/,
    );
  });
});
