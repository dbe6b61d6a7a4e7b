import { execFileSync } from "node:child_process";
import { globSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { buildPackage, compile, nodeModules } from "../package/build.ts";
import { type Folder, openFolder } from "../support/folder.ts";
import { readDocumented, readPrograms, statedOutput } from "./examples.ts";

interface Ran {
  readonly name: string;
  readonly printed: readonly string[];
  readonly failure?: string;
}

const entries = ["index.ts", "simulator/index.ts", "webhook/index.ts"];
const documented = entries.flatMap((entry) => readDocumented(entry));
const pages = globSync("docs/guide/*.md", { cwd: resolve(import.meta.dirname, "../..") });
const guide = pages.map((page) => ({ name: basename(page, ".md"), examples: readPrograms(page) }));
const examples = [...documented, ...guide].flatMap(({ name, examples: codes }) =>
  codes.map((code, index) => ({ name: `${name}-${index + 1}`, code })),
);

describe("everything that can be called or constructed", () => {
  it.each(documented.filter(({ isCode }) => isCode))("has an example ($name)", (thing) => {
    expect(thing.examples.length).toBeGreaterThan(0);
  });

  it("is there to be looked at", () => {
    const names = documented.map(({ name }) => name);
    for (const name of ["runBatch", "startSimulator", "createWebhookHandler"]) {
      expect(names).toContain(name);
    }
    expect(guide.length).toBeGreaterThan(8);
    expect(guide.filter(({ examples: programs }) => programs.length !== 1)).toEqual([]);
  });
});

describe("the examples of the doc comments and of the guide", () => {
  let user: Folder;
  let ran: readonly Ran[];

  beforeAll(async () => {
    user = await openFolder();
    const library = user.at("node_modules/openai-batch-action");
    buildPackage(library);
    symlinkSync(nodeModules, join(library, "node_modules"));
    writeFileSync(user.at("package.json"), '{ "type": "module" }');
    for (const { name, code } of examples) writeFileSync(user.at(`${name}.ts`), code);
    const runner = resolve(import.meta.dirname, "run-example.ts");
    const names = examples.map(({ name }) => name);
    const output = execFileSync(process.execPath, [runner, user.path, ...names], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    ran = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Ran);
  }, 120_000);

  afterAll(() => user[Symbol.asyncDispose]());

  it.each(examples)("run and print what they say ($name)", ({ name, code }) => {
    const result = ran.find((candidate) => candidate.name === name);
    expect(result?.failure).toBeUndefined();
    const stated = statedOutput(code);
    if (stated.every((text) => text === undefined)) return;
    expect(result?.printed).toEqual(stated);
  });

  it("are typed under strict settings", () => {
    const options = {
      strict: true,
      noEmit: true,
      target: "es2024",
      lib: ["es2024", "esnext.disposable"],
      module: "nodenext",
      types: ["node"],
      typeRoots: [resolve(nodeModules, "@types")],
    };
    const config = { compilerOptions: options, include: ["*.ts"] };
    writeFileSync(user.at("tsconfig.json"), JSON.stringify(config));
    expect(compile(user.path)).toBe("");
  }, 120_000);
});
