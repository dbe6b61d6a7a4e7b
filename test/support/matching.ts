import { expect } from "vitest";

/** Vitest's asymmetric matchers without their `any`. */
export function textLike(pattern: RegExp | string): unknown {
  return typeof pattern === "string"
    ? expect.stringContaining(pattern)
    : expect.stringMatching(pattern);
}

export function aNumber(): unknown {
  return expect.any(Number);
}
