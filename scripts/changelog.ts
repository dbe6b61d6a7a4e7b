/** Whether a text is a tag of a release: `v1.2.3`. */
export function isReleaseTag(tag: string): boolean {
  return /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(tag);
}

/** The part of a changelog under `## 1.2.3` or `## 1.2.3 (2026-08-01)`; `undefined` when there is none. */
export function notesOf(changelog: string, version: string): string | undefined {
  const lines = changelog.split("\n");
  const heading = (line: string) => /^## \[?v?([^\s\]]+)/.exec(line)?.[1];
  const start = lines.findIndex((line) => heading(line) === version);
  if (start === -1) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => heading(line) !== undefined);
  const part = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  return part.join("\n").trim() || undefined;
}

/** What stands against releasing this tag. */
export function releaseProblems(
  tag: string,
  packageVersion: string,
  changelog: string,
): readonly string[] {
  if (!isReleaseTag(tag)) return [`${tag} is no tag of a release; one looks like v1.2.3.`];
  const version = tag.slice(1);
  return [
    ...(packageVersion === version ? [] : [`package.json has ${packageVersion}, the tag ${tag}.`]),
    ...(notesOf(changelog, version) === undefined
      ? [`CHANGELOG.md has nothing under "## ${version}".`]
      : []),
  ];
}
