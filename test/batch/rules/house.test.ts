import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import ts from "typescript";
import { expect, test } from "vitest";

const src = resolve(import.meta.dirname, "../../../src");

/** The sources of the job and of the action by their path; the simulator and the wire stand for the server. */
const sources = new Map(
  globSync("{batch,action}/**/*.ts", { cwd: src })
    .sort()
    .map((path) => {
      const text = readFileSync(join(src, path), "utf8");
      return [path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)] as const;
    }),
);
const isRule = (path: string) => path.startsWith("batch/rules");

function nodesOf(root: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  root.forEachChild((child) => {
    children.push(child, ...nodesOf(child));
  });
  return children;
}

/** Of each source what a search finds in it; a source in which it finds nothing is missing. */
function findings(
  search: (node: ts.Node) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const found = [...sources].map(
    ([path, source]) => [path, nodesOf(source).flatMap((node) => search(node) ?? [])] as const,
  );
  return new Map(found.filter(([, all]) => all.length > 0));
}

const ends = ["completed", "failed", "expired", "cancelled", "cancelling"];
const isEnd = (node: ts.Node) => ts.isStringLiteral(node) && ends.includes(node.text);

/** A comparison with one of the statuses by which a batch is judged. */
function judgement(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node)) {
    const [first] = node.arguments;
    const callee = node.expression.getText();
    const isPart =
      first !== undefined &&
      ts.isStringLiteral(first) &&
      ends.some((end) => end.startsWith(first.text));
    return isPart && /status\.(startsWith|includes)$/i.test(callee) ? node.getText() : undefined;
  }
  if (ts.isBinaryExpression(node)) {
    const { left, right, operatorToken } = node;
    const compares = ["===", "!=="].includes(operatorToken.getText());
    const judges = compares && isEnd(right) && /status$/i.test(left.getText());
    return judges ? node.getText() : undefined;
  }
  if (!ts.isCaseClause(node) || !isEnd(node.expression)) return undefined;
  const { expression } = node.parent.parent;
  return /status$/i.test(expression.getText()) ? node.expression.getText() : undefined;
}

/** Who looks at how a batch stands beside the rules, and what for; none of it makes or ends a batch. */
const onlookers: Readonly<Record<string, string>> = {
  "action/github/ending.ts": "what a commit status says of it",
  "action/summary/batch-table.ts": "which rows stand first, and what they say",
  "action/summary/failures.ts": "whose advice its requests get",
  "action/summary/next-steps.ts": "what the reader is advised to do",
  "action/summary/timeline.ts": "the colour of a bar",
  "action/verdict.ts": "what the step says of it",
  "batch/run/cancel-at-timeout.ts": "whose results are waited for after a cancel",
};

test("what a batch is worth is judged by the rules, and elsewhere only to be shown", () => {
  const judges = findings(judgement);
  expect([...judges.keys()].filter((path) => !isRule(path))).toEqual(Object.keys(onlookers));
});

test("a decision is taken by the rules, and elsewhere only where no batch is at stake", () => {
  const decisions = findings((node) => {
    if (!ts.isPropertyAssignment(node) || node.name.getText() !== "decision") return undefined;
    const texts = [node.initializer, ...nodesOf(node.initializer)].filter(ts.isStringLiteral);
    return texts.map(({ text }) => text).join() || undefined;
  });
  expect(Object.fromEntries([...decisions].filter(([path]) => !isRule(path)))).toEqual({
    // Whether a workflow was started: it goes on with batches that are there.
    "action/github/started-run.ts": ["done", "give-up", "dispatch-again,give-up"],
    // Without a bound there is nothing to hold the estimate against.
    "batch/cost/budget.ts": ["send"],
  });
});

test("batches are made in one place and cancelled in one place", () => {
  const called = (name: string) => [
    ...findings((node) =>
      ts.isCallExpression(node) && node.expression.getText().endsWith(`batches.${name}`)
        ? name
        : undefined,
    ).keys(),
  ];
  expect(called("create")).toEqual(["batch/create/send.ts"]);
  expect(called("cancel")).toEqual(["batch/cancel.ts"]);
});

/** Names that a source uses; that it imports one is no use of it. */
function namesUsed(source: ts.SourceFile): readonly string[] {
  return nodesOf(source).flatMap((node) =>
    ts.isIdentifier(node) && !ts.isImportSpecifier(node.parent) ? node.text : [],
  );
}

test("every rule decides something: a module that is none of the rules asks it", () => {
  const rules = findings((node) =>
    ts.isFunctionDeclaration(node) &&
    (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0
      ? node.name?.text
      : undefined,
  );
  const names = [...rules].flatMap(([path, exported]) => (isRule(path) ? exported : []));
  const asked = new Set(
    [...sources].flatMap(([path, source]) => (isRule(path) ? [] : namesUsed(source))),
  );
  for (const rule of ["decideBeforeCreate", "decideCancel", "decideRetryRound"]) {
    expect(names).toContain(rule);
  }
  // That one is for the library's users; the action asks for the whole job.
  expect(names.filter((rule) => !asked.has(rule))).toEqual(["conclude"]);
});
