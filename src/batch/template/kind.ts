import { extname } from "node:path";

/** The names that files of templates end with. */
export const templateExtensions: readonly string[] = [".yml", ".yaml", ".json"];

/** Whether a path has the name of a template. */
export function isTemplateName(path: string): boolean {
  return templateExtensions.includes(extname(path).toLowerCase());
}
