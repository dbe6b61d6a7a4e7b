import { type Application, type Context, Converter } from "typedoc";

/** Shows of `@throws {APIError} when …` the class as well, which the Markdown plugin leaves out. */
export function load(app: Application): void {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
    for (const reflection of Object.values(project.reflections)) {
      for (const tag of reflection.comment?.blockTags ?? []) {
        const name = /^\{(\w+)\}$/.exec(tag.typeAnnotation ?? "")?.[1];
        if (tag.tag !== "@throws" || name === undefined) continue;
        tag.content.unshift({ kind: "code", text: `\`${name}\`` }, { kind: "text", text: " " });
      }
    }
  });
}
