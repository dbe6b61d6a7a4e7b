import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../src/simulator/index.ts";
import { openFolder } from "../support/folder.ts";
import { KEY } from "./calls.ts";
import { runWorkflow, type WorkflowOptions, type WorkflowRun } from "./engine.ts";
import { commitAll, copyFiles, root } from "./repository.ts";

/** GitHub's, of the job. */
export const TOKEN = "ghs_0123456789-of-nobody";
export const recipes = join(root, "docs/recipes");
const standIns = join(import.meta.dirname, "stand-ins");

/** A recipe in a repository of somebody who uses it, and a simulated account. */
export interface Recipe extends AsyncDisposable {
  readonly simulator: Simulator;
  /** The repository's folder. */
  readonly repository: string;
  /** Runs the recipe as it is written. */
  readonly run: (settings?: Partial<WorkflowOptions>) => Promise<WorkflowRun>;
  /** Changes files of the repository. */
  readonly write: (files: Files) => void;
  /** A file that a stand-in kept: `artifacts/…`, `cache/…` or `gh`; `undefined` if it is not there. */
  readonly kept: (name: string) => string | undefined;
}

type Files = Readonly<Record<string, string>>;

/**
 * @param name the file's name in `docs/recipes`
 * @param options `edit` changes what a test cannot wait for or cannot reach
 */
export async function openRecipe(
  name: string,
  files: Files = {},
  options: SimulatorOptions & { readonly edit?: (recipe: string) => string } = {},
): Promise<Recipe> {
  await using opened = new AsyncDisposableStack();
  const simulator = opened.use(await startSimulator(options));
  const folder = opened.use(await openFolder());
  const [repository, action, keep] = [
    folder.at("repository"),
    folder.at("action"),
    folder.at("keep"),
  ];
  for (const each of [repository, action, keep]) mkdirSync(each);
  copyFiles(root, action, ["action.yml", "dist"]);
  const write = (given: Files) => {
    for (const [path, content] of Object.entries(given)) {
      mkdirSync(dirname(join(repository, path)), { recursive: true });
      writeFileSync(join(repository, path), content);
    }
  };
  const workflow = join(".github/workflows", name);
  const written = readFileSync(join(recipes, name), "utf8");
  const text = options.edit === undefined ? written : options.edit(written);
  if (options.edit !== undefined && text === written) throw new Error(`${name} was not changed.`);
  write({ ...files, [workflow]: text });
  commitAll(repository);

  const owned = opened.move();
  return {
    simulator,
    repository,
    write,
    run: async (settings) =>
      runWorkflow({
        repository,
        workflow,
        secrets: { OPENAI_API_KEY: KEY, GITHUB_TOKEN: TOKEN },
        programs: join(standIns, "bin"),
        actions: {
          ...standInsFor(text),
          "OWNER/openai-batch-action@v1": action,
        },
        ...settings,
        env: {
          // The recipes name no server, so that the runner's variable decides.
          OPENAI_BASE_URL: simulator.url,
          GITHUB_RUN_ID: "4711",
          // act does not tell it.
          GITHUB_WORKFLOW_REF: `owner/repository/${workflow}@refs/heads/main`,
          KEEP: keep,
          ...settings?.env,
        },
      }),
    kept: (path) =>
      existsSync(join(keep, path)) ? readFileSync(join(keep, path), "utf8") : undefined,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Every action that a workflow uses, as `owner/name/folder@ref`. */
export function actionsOf(workflow: string): readonly string[] {
  const uses: string[] = [];
  parse(workflow, (key, value: unknown) => {
    if (key === "uses" && typeof value === "string") uses.push(value);
    return value;
  });
  return uses;
}

/** GitHub's own actions would be fetched from there; what they do for a recipe is done by a few lines here. */
export function standInsFor(workflow: string): Readonly<Record<string, string>> {
  const replaced = actionsOf(workflow).flatMap((uses) => {
    const [, name, ref] = /^(actions\/(?!checkout)[^/@]+)[^@]*@(.+)$/.exec(uses) ?? [];
    if (name === undefined || ref === undefined) return [];
    return [[`${name}@${ref}`, join(standIns, name.replace("actions/", ""))] as const];
  });
  return Object.fromEntries(replaced);
}
