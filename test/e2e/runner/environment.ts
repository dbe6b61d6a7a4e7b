import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GithubContext, Variables } from "./types.ts";

export const DEFAULT_CONTEXT: GithubContext = {
  token: "ghs_0123456789abcdefghijklmnopqrstuvwxyz",
  actor: "octocat",
  apiUrl: "https://api.github.com",
  eventName: "workflow_dispatch",
  graphqlUrl: "https://api.github.com/graphql",
  job: "batch",
  ref: "refs/heads/main",
  refName: "main",
  refType: "branch",
  repository: "octocat/hello-world",
  repositoryOwner: "octocat",
  repositoryId: "1296269",
  runAttempt: "1",
  runId: "1234567890",
  runNumber: "42",
  serverUrl: "https://github.com",
  sha: "ffac537e6cbbf934b08745a378932722df287a53",
  triggeringActor: "octocat",
  workflow: "Batch",
  workflowRef: "octocat/hello-world/.github/workflows/batch.yml@refs/heads/main",
};

export function runnerVariables(
  context: GithubContext,
  folder: string,
  workspace: string,
): Variables {
  const temp = join(folder, "temp");
  const event = join(folder, "event.json");
  mkdirSync(temp, { recursive: true });
  writeFileSync(event, "{}");
  const shared = Object.entries(context).filter(([name]) => name !== "token");
  return {
    ...inherited("PATH", "HOME", "SystemRoot"),
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_ACTION: "batch",
    GITHUB_EVENT_PATH: event,
    GITHUB_WORKSPACE: workspace,
    ...Object.fromEntries(
      shared.map(([name, value]) => [`GITHUB_${snakeCase(name).toUpperCase()}`, value]),
    ),
    RUNNER_ARCH: "X64",
    RUNNER_ENVIRONMENT: "github-hosted",
    RUNNER_NAME: "runner",
    RUNNER_OS: "Linux",
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(folder, "tools"),
  };
}

function inherited(...names: readonly string[]): Variables {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export function prefixed(prefix: string, values: Variables): Variables {
  return Object.fromEntries(Object.entries(values).map(([k, v]) => [`${prefix}${k}`, v]));
}

export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
