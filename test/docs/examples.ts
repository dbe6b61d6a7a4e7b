import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "../..");

/** Something that users can import, and what its doc comment shows of it. */
export interface Documented {
  readonly name: string;
  /** Whether it can be called or constructed, so that its use is worth showing. */
  readonly isCode: boolean;
  readonly examples: readonly string[];
}

/** Reads the doc comments of everything that an entry of the library exports. */
export function readDocumented(entry: string): readonly Documented[] {
  const path = resolve(root, "src", entry);
  const config = ts.readConfigFile(resolve(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${path} is no module.`);
  return checker.getExportsOfModule(module).map((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const typeOnly = exported.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration) === true;
    const code = ts.SymbolFlags.Function | ts.SymbolFlags.Class;
    return {
      name: exported.name,
      isCode: !typeOnly && (symbol.flags & code) !== 0,
      examples: symbol
        .getJsDocTags(checker)
        .filter(({ name }) => name === "example")
        .map(({ text }) => codeOf(exported.name, ts.displayPartsToString(text))),
    };
  });
}

/** The programs in a page of Markdown: each of its blocks of TypeScript, in a list or not. */
export function readPrograms(page: string): readonly string[] {
  const blocks = readFileSync(resolve(root, page), "utf8").matchAll(/^( *)```ts\n(.*?)\n\1```$/gms);
  return [...blocks].map(([, indent = "", code = ""]) =>
    `${code}\n`.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
}

function codeOf(name: string, example: string): string {
  const code = /^```ts\n(.*)\n```$/s.exec(example.trim())?.[1];
  if (code === undefined) throw new Error(`The example of ${name} is no block of TypeScript.`);
  return `${code}\n`;
}

/** What an example says that it prints: the comment behind each `console.log`, where there is one. */
export function statedOutput(code: string): readonly (string | undefined)[] {
  return code
    .split("\n")
    .filter((line) => line.includes("console.log("))
    .map((line) => /; \/\/ (.+)$/.exec(line)?.[1]);
}
