import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Marked } from "marked";

/**
 * A page with Markdown as GitHub shows it: GitHub's flavour, its style sheet, its coloured boxes,
 * and Mermaid drawn by Mermaid. The body says in `data-height` how high it is, and in
 * `data-problem` what could not be drawn.
 *
 * @param mermaid path of the browser's build of Mermaid
 */
export function renderPage(markdown: string, mermaid: string): string {
  const css = createRequire(import.meta.url).resolve(
    "github-markdown-css/github-markdown-light.css",
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Summary</title>
<style>
${readFileSync(css, "utf8")}
body { margin: 0; padding: 28px 32px; }
</style>
<body class="markdown-body">
${renderMarkdown(markdown)}
<script src="file://${mermaid}"></script>
<script>
mermaid.initialize({ startOnLoad: false, theme: "default" });
mermaid.run({ querySelector: ".mermaid" })
  .catch((error) => { document.body.dataset.problem = String(error.message ?? error); })
  .finally(() => { document.body.dataset.height = String(Math.ceil(document.documentElement.scrollHeight)); });
</script>
`;
}

/** Markdown of GitHub's flavour as HTML; what is raw HTML in it stays, as on GitHub. */
export function renderMarkdown(markdown: string): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      code({ text, lang }) {
        return lang === "mermaid" ? `<div class="mermaid">${escapeHtml(text)}</div>` : false;
      },
      blockquote({ tokens }) {
        const inner = this.parser.parse(tokens);
        const kind = /^<p>\[!(CAUTION|WARNING|NOTE)\]\s*/.exec(inner);
        if (kind === null) return false;
        const [start, name = ""] = kind;
        const word = name.toLowerCase();
        const title = `<p class="markdown-alert-title">${word[0]?.toUpperCase() ?? ""}${word.slice(1)}</p>`;
        return `<div class="markdown-alert markdown-alert-${word}">${title}<p>${inner.slice(start.length)}</div>`;
      },
    },
  });
  return marked.parse(markdown, { async: false });
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
