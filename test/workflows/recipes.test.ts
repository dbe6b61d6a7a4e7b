import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { BatchClient } from "../../src/index.ts";
import type { Respond } from "../../src/simulator/index.ts";
import { jsonl } from "../e2e/requests.ts";
import { accessToken, identityServer } from "../support/identity.ts";
import { paramsFor, requestLines, textSource } from "../support/account.ts";
import { fakeGitHub } from "../support/github.ts";
import { until } from "../support/until.ts";
import { cancels, count, creates, downloads, KEY, uploads } from "./calls.ts";
import { openRecipe, recipes, TOKEN } from "./recipe.ts";
import { git } from "./repository.ts";

const tried = new Set<string>();

function describeRecipes(names: readonly string[], tests: () => void): void {
  for (const name of names) tried.add(name);
  describe(names.join(" and "), tests);
}

/** A template that a recipe names, as docs/recipes has it. */
function template(name: string): string {
  return readFileSync(join(recipes, "templates", name), "utf8");
}

/** Answers chats by their ids. */
function answering(answers: Readonly<Record<string, string>>): Respond {
  return ({ custom_id: id }) => ({
    status_code: 200,
    body: { choices: [{ message: { role: "assistant", content: answers[id] ?? "" } }] },
  });
}

/** What GitHub's API says of workflow runs, by their ids. */
async function openRuns(
  statuses: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly url: string; readonly asked: number }> {
  let asked = 0;
  const server = createServer(({ url = "" }, response) => {
    asked += 1;
    const [, id = ""] = /^\/repos\/owner\/repository\/actions\/runs\/(\d+)$/.exec(url) ?? [];
    const status = statuses[id];
    response.statusCode = status === undefined ? 404 : 200;
    response.end(JSON.stringify({ status }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get asked() {
      return asked;
    },
    async [Symbol.asyncDispose]() {
      await once(server.close(), "close");
    },
  };
}

describeRecipes(["classify-table.yml"], () => {
  const rows = Array.from({ length: 500 }, (_, row) => `t${row},"Ticket ${row}, says ""hello"""`);
  const files = {
    "data/reviews.csv": `id,text\n${rows.join("\n")}\n`,
    "data/classify.prompt.yml": template("classify.prompt.yml"),
  };

  it("is what a new user needs in less than 40 lines, without a script", () => {
    const lines = readFileSync(join(recipes, "classify-table.yml"), "utf8").trim().split("\n");
    const written = lines.filter((line) => !line.startsWith("#"));
    expect(written.length).toBeLessThan(40);
    expect(written.join("\n")).not.toMatch(/run: \||node|python|jq/);
  });

  it("makes a table of 500 answers of a table of 500 rows", async () => {
    await using recipe = await openRecipe("classify-table.yml", files, { shuffle: true });
    const run = await recipe.run();
    expect(run.jobs).toEqual({ classify: ["success"], publish: ["success"] });
    const table = recipe.kept("artifacts/answers/answers.csv")?.trim().split("\r\n") ?? [];
    expect(table).toHaveLength(501);
    expect(table[1]).toMatch(/^t0,"Ticket 0, says ""hello""",t0,/);
    expect(table[500]).toMatch(/^t499,/);
    expect(run.outputs("classify", "batch")).toMatchObject({ "request-completed": "500" });
  });

  it.each([
    ["fails, with the answers kept, where more than 2 % of the requests do", 0.03, "failure"],
    ["goes on where fewer do, and says so to the job behind it", 0.01, "success"],
  ])("%s", async (_, failedShare, ended) => {
    const outcome = { kind: "mixed", failedShare } as const;
    await using recipe = await openRecipe("classify-table.yml", files, { outcome });
    const run = await recipe.run();
    expect(run.jobs).toEqual({ classify: [ended] });
    expect(run.outputs("classify", "batch")).toMatchObject({ conclusion: "partial" });
    const table = recipe.kept("artifacts/answers/answers.csv")?.trim().split("\r\n") ?? [];
    expect(table).toHaveLength(501);
  });
});

describeRecipes(["nightly-evaluation.yml"], () => {
  const cases = jsonl([
    { id: "france", question: "Capital of France?", expected: "Paris" },
    { id: "sum", question: "2 + 2?", expected: "4" },
  ]);
  const files = { "evals/cases.jsonl": cases, "evals/ask.prompt.yml": template("ask.prompt.yml") };

  it("asks, scores and keeps the answers", async () => {
    const respond = answering({ france: "paris ", sum: "4" });
    await using recipe = await openRecipe("nightly-evaluation.yml", files, { respond });
    const run = await recipe.run({ event: "schedule" });
    expect(run.exitCode).toBe(0);
    expect(run.printed("evaluate")).toContain("100.0 % of 2 answers are right.");
    expect(recipe.kept("artifacts/answers/answers.jsonl")?.split("\n")).toHaveLength(3);
    expect(count(recipe.simulator, creates)).toBe(1);
  });

  it("fails for a low score, with the answers kept", async () => {
    const respond = answering({ france: "Lyon", sum: "4" });
    await using recipe = await openRecipe("nightly-evaluation.yml", files, { respond });
    const run = await recipe.run();
    expect(run.jobs).toEqual({ evaluate: ["failure"] });
    expect(run.shown.join("\n")).toContain("50.0 % of 2 answers are right. Wrong: france");
    expect(recipe.kept("artifacts/answers/answers.jsonl")).toContain("Lyon");
  });
});

describeRecipes(["translate-docs.yml"], () => {
  const files = {
    "docs/en/index.md": "# Hello\n",
    "docs/en/deep/page.md": "# Page\n",
    "docs/translate.prompt.yml": template("translate.prompt.yml"),
  };
  const respond = answering({ "index.md": "# Hallo", "deep/page.md": "# Seite" });

  it("translates the pages that changed, and offers them in a pull request", async () => {
    await using recipe = await openRecipe("translate-docs.yml", files, { respond });
    const remote = `${recipe.repository}-remote`;
    execFileSync("git", ["init", "--quiet", "--bare", remote]);
    git(recipe.repository, "remote", "add", "origin", remote);
    const run = await recipe.run({ event: "push" });
    expect(run.exitCode).toBe(0);
    expect(git(remote, "show", "translations:docs/de/deep/page.md")).toMatch(
      /^# Seite\n\n<!-- source: [0-9a-f]{64} -->\n$/,
    );

    // The pull request is still open when another push changes one page.
    recipe.write({ "docs/en/index.md": "# Hello again\n" });
    const again = await recipe.run({ event: "push", env: { GITHUB_RUN_ID: "4712" } });
    expect(again.exitCode).toBe(0);
    expect(again.printed("translate")).toContain("1 of 2 pages changed.");
    expect(recipe.simulator.batches.map((batch) => batch.request_counts.total)).toEqual([2, 1]);
    expect(git(remote, "ls-tree", "-r", "--name-only", "translations", "docs/de").trim()).toBe(
      "docs/de/deep/page.md\ndocs/de/index.md",
    );
    expect(recipe.kept("gh")?.match(/pr create/g)).toHaveLength(1);
  });

  it("keeps no page whose translation is cut off", async () => {
    const cutOff: Respond = ({ custom_id: id }) => ({
      status_code: 200,
      body: {
        choices: [
          { message: { content: "# Hal" }, finish_reason: id === "index.md" ? "length" : "stop" },
        ],
      },
    });
    await using recipe = await openRecipe("translate-docs.yml", files, { respond: cutOff });
    const remote = `${recipe.repository}-remote`;
    execFileSync("git", ["init", "--quiet", "--bare", remote]);
    git(recipe.repository, "remote", "add", "origin", remote);
    const run = await recipe.run({ event: "push" });
    expect(run.exitCode).toBe(0);
    expect(git(remote, "ls-tree", "-r", "--name-only", "translations", "docs/de").trim()).toBe(
      "docs/de/deep/page.md",
    );
  });
});

describeRecipes(["embeddings-refresh.yml"], () => {
  it("pays for every section once", async () => {
    const files = {
      "docs/a.md": "# One\ntext\n## Two\nmore\n",
      "docs/b/c.md": "# Three\n",
      "docs/embed.yml": template("embed.yml"),
    };
    await using recipe = await openRecipe("embeddings-refresh.yml", files);
    const index = () => recipe.kept("cache/index.jsonl")?.trim().split("\n") ?? [];
    const first = await recipe.run({ event: "schedule" });
    expect(first.exitCode).toBe(0);
    expect(
      index().filter((line) => /"heading":"(One|Two|Three)".*"json":\[/.test(line)),
    ).toHaveLength(3);

    const unchanged = await recipe.run({ event: "schedule", env: { GITHUB_RUN_ID: "4712" } });
    expect(unchanged.exitCode).toBe(0);
    expect(index()).toHaveLength(3);
    expect(count(recipe.simulator, creates)).toBe(1);

    recipe.write({ "docs/a.md": "# One\ntext\n## Two\nother\n" });
    const changed = await recipe.run({ event: "schedule", env: { GITHUB_RUN_ID: "4713" } });
    expect(changed.exitCode).toBe(0);
    expect(recipe.simulator.batches.map((batch) => batch.request_counts.total)).toEqual([3, 1]);
    expect(index()).toHaveLength(3);
    expect(index().join("\n")).toContain("## Two\\nother");
  });
});

describeRecipes(["cached-answers.yml"], () => {
  const product = (id: string, facts: string) => ({ id, facts });
  const products = (...all: readonly object[]) => ({
    "catalog/products.jsonl": jsonl(all),
    "catalog/describe.prompt.yml": template("describe.prompt.yml"),
  });

  it("pays for what is new or has changed, and has all answers", async () => {
    const bicycle = product("p1", "A red bicycle");
    const files = products(bicycle, product("p2", "A lamp"));
    // Of each run an artifact of its own.
    const edit = (text: string) => text.replace("name: answers", "name: ${{ vars.ARTIFACT }}");
    await using recipe = await openRecipe("cached-answers.yml", files, { edit });
    const first = await recipe.run({ event: "schedule", vars: { ARTIFACT: "first" } });
    expect(first.exitCode).toBe(0);
    expect(recipe.kept("cache/answers.jsonl")?.trim().split("\n")).toHaveLength(2);

    recipe.write(products(product("p0", "A hat"), bicycle, product("p2", "A better lamp")));
    const later = { vars: { ARTIFACT: "later" }, env: { GITHUB_RUN_ID: "4712" } };
    const second = await recipe.run({ event: "schedule", ...later });
    expect(second.exitCode).toBe(0);
    expect(recipe.simulator.batches.map((batch) => batch.request_counts.total)).toEqual([2, 2]);
    const answers = recipe.kept("artifacts/later/answers.jsonl")?.trim().split("\n") ?? [];
    expect(answers.map((line) => /"custom_id": ?"(p\d)"/.exec(line)?.[1])).toEqual([
      "p0",
      "p1",
      "p2",
    ]);
  });

  it("keeps what was paid for when the step fails", async () => {
    const files = products(product("p1", "A red bicycle"), product("p2", "A lamp"));
    const outcome = { kind: "expired", completedShare: 0.5 } as const;
    const edit = (text: string) => text.replace("          retry-failed: 1\n", "");
    await using recipe = await openRecipe("cached-answers.yml", files, { outcome, edit });
    const run = await recipe.run();
    expect(run.jobs).toEqual({ describe: ["failure"] });
    expect(recipe.kept("cache/answers.jsonl")?.trim().split("\n")).toHaveLength(1);
  });
});

describeRecipes(["committed-answers.yml"], () => {
  const ticket = (id: string, text: string) => ({ id, text });
  const tickets = (...all: readonly object[]) => ({
    "tickets/tickets.jsonl": jsonl(all),
    "tickets/label.prompt.yml": template("label.prompt.yml"),
  });

  it("commits labels and answers, and asks for no ticket twice", async () => {
    const respond = answering({ t1: "billing", t2: "praise" });
    const twice = ticket("t1", "I was charged twice.");
    await using recipe = await openRecipe("committed-answers.yml", tickets(twice), { respond });
    const remote = `${recipe.repository}-remote`;
    execFileSync("git", ["init", "--quiet", "--bare", remote]);
    git(recipe.repository, "remote", "add", "origin", remote);
    git(recipe.repository, "push", "--quiet", "origin", "main");
    const run = await recipe.run({ event: "push" });
    expect(run.exitCode).toBe(0);
    expect(git(remote, "show", "main:tickets/labels.json")).toBe('{\n  "t1": "billing"\n}\n');

    git(recipe.repository, "pull", "--quiet", "origin", "main");
    recipe.write(tickets(twice, ticket("t2", "Thank you!")));
    git(recipe.repository, "add", "--all");
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    git(recipe.repository, ...author, "commit", "--quiet", "--message=One more");
    git(recipe.repository, "push", "--quiet", "origin", "main");
    const again = await recipe.run({ event: "push", env: { GITHUB_RUN_ID: "4712" } });
    expect(again.exitCode).toBe(0);
    expect(recipe.simulator.batches.map((batch) => batch.request_counts.total)).toEqual([1, 1]);
    expect(JSON.parse(git(remote, "show", "main:tickets/labels.json"))).toEqual({
      t1: "billing",
      t2: "praise",
    });
  });
});

describeRecipes(["matrix.yml"], () => {
  const files = {
    "prompts/questions.jsonl": jsonl([
      { id: "q1", question: "Hello?" },
      { id: "q2", question: "World?" },
    ]),
    "prompts/luna.yml": template("luna.yml"),
    "prompts/sol.yml": template("sol.yml"),
  };

  it("makes a batch a leg, and one table of all answers", async () => {
    await using recipe = await openRecipe("matrix.yml", files);
    const run = await recipe.run();
    expect(run.jobs).toEqual({ create: ["success", "success"], collect: ["success"] });
    expect(recipe.simulator.batches).toMatchObject([
      { status: "completed" },
      { status: "completed" },
    ]);
    const rows = recipe.kept("artifacts/answers/answers.csv")?.match(/(luna|sol)\/q[12]/g);
    expect(rows?.toSorted()).toEqual(["luna/q1", "luna/q2", "sol/q1", "sol/q2"]);
  });

  it("collects what there is and fails when a leg has made no batch", async () => {
    const broken = { ...files, "prompts/sol.yml": "url: [\n" };
    await using recipe = await openRecipe("matrix.yml", broken);
    const run = await recipe.run();
    expect(count(recipe.simulator, creates)).toBe(1);
    expect(run.jobs["collect"]).toEqual(["failure"]);
    expect(run.shown.join("\n")).toContain("Found 1 batches of 2; run this job again.");
    expect(recipe.kept("artifacts/answers/answers.csv")?.match(/luna\/q[12]/g)).toHaveLength(2);
  });
});

describeRecipes(["wait-timer.yml"], () => {
  it("hands the batch to a job that starts later (act knows no environments, and starts it at once)", async () => {
    const files = { "requests.jsonl": requestLines(3) };
    await using recipe = await openRecipe("wait-timer.yml", files);
    const run = await recipe.run();
    expect(run.jobs).toEqual({ create: ["success"], collect: ["success"] });
    expect(recipe.kept("artifacts/answers/answers.jsonl")?.trim().split("\n")).toHaveLength(3);
    expect(count(recipe.simulator, creates)).toBe(1);
  });
});

describeRecipes(["pull-request-check.yml"], () => {
  const files = {
    "prompts/classify.prompt.yml": template("classify.prompt.yml"),
    "evals/tickets.jsonl": jsonl([{ id: "t1", text: "I paid twice.", expected: "billing" }]),
  };
  const pull = (labels: readonly string[], repository: string) => ({
    pull_request: {
      number: 7,
      labels: labels.map((name) => ({ name })),
      head: { ref: "better-prompt", repo: { full_name: repository } },
      base: { ref: "main" },
    },
  });
  const own = { event: "pull_request", payload: pull(["evaluate"], "owner/repository") };

  it("pays once for the same requests, also in another run", async () => {
    const respond = answering({ t1: "Billing" });
    await using recipe = await openRecipe("pull-request-check.yml", files, { respond });
    const first = await recipe.run(own);
    const second = await recipe.run({ ...own, env: { GITHUB_RUN_ID: "4712" } });
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(count(recipe.simulator, creates)).toBe(1);
  });

  it("fails for a wrong answer", async () => {
    const respond = answering({ t1: "praise" });
    await using recipe = await openRecipe("pull-request-check.yml", files, { respond });
    const run = await recipe.run(own);
    expect(run.jobs).toEqual({ evaluate: ["failure"] });
    expect(run.shown.join("\n")).toContain("t1: expected billing");
  });

  it.each([
    ["without the label", pull(["bug"], "owner/repository")],
    ["from a fork", pull(["evaluate"], "somebody/repository")],
  ])("does nothing for a pull request %s", async (_, payload) => {
    await using recipe = await openRecipe("pull-request-check.yml", files);
    const run = await recipe.run({ ...own, payload });
    expect(run).toMatchObject({ exitCode: 0, jobs: {} });
    expect(recipe.simulator.calls).toEqual([]);
  });
});

describeRecipes(["other-server.yml"], () => {
  it("reaches the server that the variable names, with a key in its header", async () => {
    const request = {
      custom_id: "r1",
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "my-deployment", messages: [{ role: "user", content: "Hello" }] },
    };
    const options = { apiKey: "azure-key-of-nobody" };
    await using recipe = await openRecipe(
      "other-server.yml",
      { "requests.jsonl": jsonl([request]) },
      options,
    );
    const run = await recipe.run({
      vars: { BATCH_BASE_URL: recipe.simulator.url },
      secrets: { AZURE_OPENAI_API_KEY: options.apiKey },
      env: { OPENAI_BASE_URL: "" },
    });
    expect(run.exitCode).toBe(0);
    expect(recipe.kept("artifacts/answers/answers.jsonl")).toContain("r1");
    expect(count(recipe.simulator, uploads)).toBe(1);
  });
});

describeRecipes(["create-on-push.yml", "collect-on-schedule.yml"], () => {
  it("show the batch at its commit, and bring each result once", async () => {
    await using github = await fakeGitHub({ repository: "owner/repository", token: TOKEN });
    const env = { GITHUB_API_URL: github.url };
    const files = { "requests.jsonl": requestLines(3) };
    await using create = await openRecipe("create-on-push.yml", files);
    await using collect = await openRecipe("collect-on-schedule.yml");
    const created = await create.run({ event: "push", env });
    expect(created.exitCode).toBe(0);
    const commit = git(create.repository, "rev-parse", "HEAD").trim();
    const states = () => github.statusesOf(commit).map(({ state }) => state);
    expect(states()).toEqual(["pending"]);
    await until(() => create.simulator.batches.every(({ status }) => status === "completed"));

    const scheduled = (run: string) =>
      collect.run({
        event: "schedule",
        env: { ...env, GITHUB_RUN_ID: run, OPENAI_BASE_URL: create.simulator.url },
      });
    const first = await scheduled("4712");
    const [id = ""] = create.simulator.batches.map((batch) => batch.id);
    expect(first.outputs("collect", "batches")["batch-id"]).toBe(id);
    expect(collect.kept(`artifacts/results/${id}.jsonl`)?.trim().split("\n")).toHaveLength(3);
    expect(states().at(-1)).toBe("success");

    const second = await scheduled("4713");
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(second.outputs("collect", "batches")["batch-id"] ?? "").toBe("");
    expect(count(create.simulator, downloads)).toBe(1);
    expect(count(create.simulator, creates)).toBe(1);
  });
});

describeRecipes(["dispatch-again.yml"], () => {
  it("starts itself again with the batch's id, and that run brings the results", async () => {
    const workflow = "dispatch-again.yml";
    const repository = "owner/repository";
    await using github = await fakeGitHub({ repository, workflow, token: TOKEN });
    const env = { GITHUB_API_URL: github.url };
    const files = { "requests.jsonl": requestLines(3) };
    // An hour passes once the next run was asked for.
    await using recipe = await openRecipe(workflow, files, {
      now: () => Date.now() + (github.dispatches.length > 0 ? 3_600_000 : 0),
      phases: { inProgress: 1_800_000 },
      edit: (text) => text.replace("on-timeout:", "timeout: 1s\n          on-timeout:"),
    });
    const first = await recipe.run({ env });
    const id = recipe.simulator.batches[0]?.id;
    expect(first.exitCode).toBe(0);
    expect(first.outputs("batch", "batch")).toMatchObject({ done: "false", "batch-id": id });
    expect(github.dispatches).toMatchObject([{ ref: "main", inputs: { "batch-id": id } }]);
    await until(() => recipe.simulator.batches.every(({ status }) => status === "completed"));

    const inputs = github.dispatches[0]?.inputs;
    const second = await recipe.run({
      payload: { inputs },
      env: { ...env, GITHUB_RUN_ID: "4712" },
    });
    expect(second.exitCode).toBe(0);
    expect(second.outputs("batch", "batch")).toMatchObject({ done: "true", status: "completed" });
    expect(recipe.kept("artifacts/answers/answers.jsonl")?.trim().split("\n")).toHaveLength(3);
    expect([count(recipe.simulator, creates), count(recipe.simulator, cancels)]).toEqual([1, 0]);
    expect(github.dispatches).toHaveLength(1);
  });
});

describeRecipes(["keyless.yml"], () => {
  it("goes without a key, by GitHub's word for the workflow", async () => {
    await using identity = await identityServer();
    const files = { "requests.jsonl": requestLines(3) };
    // The address of OpenAI's token service is an input with a default, and no variable of the runner.
    const edit = (text: string) =>
      text.replace(/^( +)identity-provider-id:/m, `$1identity-token-url: ${identity.tokenURL}\n$&`);
    await using recipe = await openRecipe("keyless.yml", files, { apiKey: accessToken(1), edit });
    const run = await recipe.run({
      secrets: {},
      vars: { OPENAI_IDENTITY_PROVIDER_ID: "idp_1", OPENAI_SERVICE_ACCOUNT_ID: "sa_1" },
      env: identity.env,
    });
    expect(run.exitCode).toBe(0);
    expect(identity.exchanges()).toMatchObject([
      { identity_provider_id: "idp_1", service_account_id: "sa_1" },
    ]);
    expect(recipe.kept("artifacts/answers/answers.jsonl")?.trim().split("\n")).toHaveLength(3);
    expect(run.shown.join("\n")).not.toContain(accessToken(1));
  });
});

describeRecipes(["webhook.yml"], () => {
  it("brings the results of the batch that the webhook's handler names", async () => {
    await using recipe = await openRecipe("webhook.yml");
    const client = new BatchClient({ apiKey: KEY, baseURL: recipe.simulator.url });
    const file = textSource(requestLines(3));
    const { id: fileId } = await client.files.create({ purpose: "batch", file });
    const { id } = await client.batches.create(paramsFor(fileId));
    await until(() => recipe.simulator.batches.every(({ status }) => status === "completed"));
    const run = await recipe.run({
      event: "repository_dispatch",
      payload: { action: "openai-batch", client_payload: { batch_id: id } },
    });
    expect(run.exitCode).toBe(0);
    expect(run.outputs("collect", "batch")).toMatchObject({ "batch-id": id, done: "true" });
    expect(run.printed("collect").join("\n")).toMatch(/^3 .*answers\.jsonl$/m);
  });
});

describeRecipes(["cancel-on-failure.yml"], () => {
  const files = (script: string) => ({
    "requests.jsonl": requestLines(2),
    "test.sh": `#!/bin/sh\n${script}\n`,
  });
  const executable = (text: string) => text.replace("run: ./test.sh", "run: sh test.sh");

  it("publishes when everything went well, and cancels nothing", async () => {
    await using recipe = await openRecipe("cancel-on-failure.yml", files("true"), {
      edit: executable,
    });
    const run = await recipe.run({ event: "push" });
    expect(run.jobs).toMatchObject({ test: ["success"], wait: ["success"], publish: ["success"] });
    expect(run.jobs["cancel"] ?? ["skipped"]).toEqual(["skipped"]);
    expect(count(recipe.simulator, cancels)).toBe(0);
  });

  it("cancels the batch when another job fails", async () => {
    const options = { edit: executable, phases: { inProgress: Infinity } };
    await using recipe = await openRecipe("cancel-on-failure.yml", files("false"), options);
    const run = await recipe.run({ event: "push" });
    expect(run.jobs).toMatchObject({ create: ["success"], test: ["failure"], cancel: ["success"] });
    expect(count(recipe.simulator, cancels)).toBe(1);
    expect(recipe.simulator.batches[0]?.status).toMatch(/^cancel/);
  });
});

describeRecipes(["sweep.yml"], () => {
  it("cancels what the runs that ended left behind, and nothing else", async () => {
    await using github = await openRuns({ "100": "completed", "200": "in_progress" });
    await using recipe = await openRecipe("sweep.yml", {}, { phases: { inProgress: Infinity } });
    const client = new BatchClient({ apiKey: KEY, baseURL: recipe.simulator.url });
    const submit = async (metadata: Readonly<Record<string, string>>) => {
      const file = textSource(requestLines(1));
      const { id } = await client.files.create({ purpose: "batch", file });
      const all = { github_repository: "owner/repository", ...metadata };
      return (await client.batches.create({ ...paramsFor(id), metadata: all })).id;
    };
    const left = await submit({ github_run_id: "100", "outlives-run": "no" });
    const live = await submit({ github_run_id: "200", "outlives-run": "no" });
    const deleted = await submit({ github_run_id: "300", "outlives-run": "no" });
    const later = await submit({ github_run_id: "100" });
    const run = await recipe.run({ event: "schedule", env: { GITHUB_API_URL: github.url } });
    expect(run.exitCode).toBe(0);
    expect(count(recipe.simulator, cancels)).toBe(2);
    const statuses = Object.fromEntries(
      recipe.simulator.batches.map(({ id, status }) => [id, status]),
    );
    expect(statuses[left]).toMatch(/^cancel/);
    expect(statuses[deleted]).toMatch(/^cancel/);
    expect(statuses[live]).toMatch(/validating|in_progress/);
    expect(statuses[later]).toMatch(/validating|in_progress/);
  });

  it("cancels hundreds of batches, and asks about each run once", async () => {
    await using github = await openRuns({ "100": "completed", "200": "in_progress" });
    await using recipe = await openRecipe("sweep.yml", {}, { phases: { inProgress: Infinity } });
    const client = new BatchClient({ apiKey: KEY, baseURL: recipe.simulator.url });
    const file = textSource(requestLines(1));
    const { id } = await client.files.create({ purpose: "batch", file });
    for (let nth = 0; nth < 400; nth += 1) {
      const github_run_id = nth % 2 === 0 ? "100" : "200";
      const mine = { github_repository: "owner/repository", "outlives-run": "no" };
      await client.batches.create({ ...paramsFor(id), metadata: { ...mine, github_run_id } });
    }
    const run = await recipe.run({ event: "schedule", env: { GITHUB_API_URL: github.url } });
    expect(run.exitCode).toBe(0);
    expect(count(recipe.simulator, cancels)).toBe(200);
    expect(github.asked).toBe(2);
  });
});

it("no recipe is left untried", () => {
  const written = readdirSync(recipes).filter((name) => name.endsWith(".yml"));
  expect(written.sort()).toEqual([...tried].sort());
});
