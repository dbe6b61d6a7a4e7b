import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import ts from "typescript";

import { nodeModules } from "./build.ts";

/** What the WinterTC minimum gives a serverless host, of what a handler could want. */
const webGlobals = {
  AbortController,
  AbortSignal,
  DOMException,
  Headers,
  ReadableStream,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  clearTimeout,
  crypto,
  fetch,
  setTimeout,
};

/** Loads a compiled module into a host that has the Web's APIs and nothing of Node.js. */
export function loadInWebHost(entry: string): unknown {
  const context = createContext({ ...webGlobals });
  const loaded = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const source = `(function (module, exports, require) {${commonJs(file)}\n})`;
    // The text of the line above is a function of this form.
    const run = runInContext(source, context, { filename: file }) as (
      module: { exports: unknown },
      exports: unknown,
      require: (name: string) => unknown,
    ) => void;
    run(module, module.exports, (name) => {
      if (isBuiltin(name)) throw new Error(`${file} needs ${name}, which the host has not.`);
      return load(pathOf(name, file));
    });
    return module.exports;
  };
  return load(entry);
}

function pathOf(name: string, from: string): string {
  if (!name.startsWith(".")) return createRequire(`${nodeModules}/`).resolve(name);
  const path = resolve(dirname(from), name);
  return createRequire(from).resolve(path);
}

function commonJs(file: string): string {
  const text = readFileSync(file, "utf8");
  const { CommonJS } = ts.ModuleKind;
  const target = ts.ScriptTarget.ES2023;
  return ts.transpileModule(text, { compilerOptions: { module: CommonJS, target } }).outputText;
}
