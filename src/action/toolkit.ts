import type * as core from "@actions/core";

/** What the action uses of GitHub's toolkit; passed in, so that every rule can be tried without a runner. */
export type Toolkit = Pick<
  typeof core,
  | "getInput"
  | "setSecret"
  | "setOutput"
  | "saveState"
  | "getState"
  | "setFailed"
  | "info"
  | "notice"
  | "warning"
  | "error"
  | "debug"
  | "startGroup"
  | "endGroup"
> & { readonly summary: Pick<typeof core.summary, "addRaw" | "write"> };
