import { InputError, type Inputs, readInputs } from "../../src/action/inputs.ts";
import { inputReader } from "./toolkit.ts";

export type Given = Readonly<Record<string, string>>;

export function read(given: Given, env: Given = {}): Promise<Inputs> {
  return readInputs(inputReader(given), env);
}

/** Everything that is wrong with these inputs. */
export async function problemsOf(given: Given, env: Given = {}): Promise<readonly string[]> {
  try {
    await read(given, env);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}
