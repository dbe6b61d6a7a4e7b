import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

import manifest from "../../package.json" with { type: "json" };
import { isReleaseTag, notesOf, releaseProblems } from "../../scripts/changelog.ts";

const changelog = `# Changelog

## Unreleased

- Not out.

## 1.10.0 (2026-08-02)

- New.

  More.

## 1.1.0

- Old.
`;

test("the notes of a release are its part of the changelog and no other's", () => {
  expect(notesOf(changelog, "1.10.0")).toBe("- New.\n\n  More.");
  expect(notesOf(changelog, "1.1.0")).toBe("- Old.");
  expect(notesOf(changelog, "1.1")).toBeUndefined();
  expect(notesOf("## 1.0.0\n\n## 0.9.0\n- x", "1.0.0")).toBeUndefined();
});

test("a release needs one version in the tag, package.json and the changelog", () => {
  expect(releaseProblems("v1.10.0", "1.10.0", changelog)).toEqual([]);
  expect(releaseProblems("v1.10.0", "1.9.0", changelog)).toHaveLength(1);
  expect(releaseProblems("v2.0.0", "1.10.0", changelog)).toHaveLength(2);
  expect(releaseProblems("v1", "1.10.0", changelog)).toHaveLength(1);
});

test.each(["v1", "1.2.3", "v1.2.3-rc.1", "v01.2.3", "v1.2.3\n"])(
  "%j is no tag of a release",
  (tag) => {
    expect(isReleaseTag(tag)).toBe(false);
  },
);

test("the version of the package has its notes in the changelog", () => {
  const own = readFileSync(resolve(import.meta.dirname, "../../CHANGELOG.md"), "utf8");
  expect(notesOf(own, manifest.version)).toContain("- ");
});
