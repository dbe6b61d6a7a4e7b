import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { demoSummary } from "./demo-summary.ts";
import { renderPage } from "./render-page.ts";

/**
 * Takes a picture of the job summary that a run with failures makes, as GitHub would show it:
 * `npm run screenshot`. Needs the built action and a Chromium; Mermaid, which is large, is fetched
 * for this alone.
 */
const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(root, "docs/images/summary.png") },
    markdown: { type: "string" },
    width: { type: "string", default: "1080" },
  },
});
const mermaidVersion = "12.3.0";
const largest = 300_000;

const chromium = findChromium();
if (chromium === undefined) {
  console.error(
    "There is no Chromium. Install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to it.",
  );
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), "screenshot-"));
  try {
    await take(chromium, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function take(browser: string, folder: string): Promise<void> {
  const markdown =
    values.markdown === undefined ? await demoSummary() : readFileSync(values.markdown, "utf8");
  const page = join(folder, "summary.html");
  writeFileSync(page, renderPage(markdown, mermaidIn(folder)));
  const width = Number(values.width);
  const dom = chrome(browser, folder, ["--dump-dom", `--window-size=${width},1000`], page);
  const height = Number(/data-height="(\d+)"/.exec(dom)?.[1]);
  const problem = /data-problem="([^"]*)"/.exec(dom)?.[1];
  if (problem !== undefined) throw new Error(`Mermaid could not draw the chart: ${problem}`);
  if (!(height > 0)) throw new Error("The page was not drawn.");
  mkdirSync(dirname(values.out), { recursive: true });
  const shot = [`--screenshot=${resolve(values.out)}`, `--window-size=${width},${height}`];
  chrome(browser, folder, [...shot, "--hide-scrollbars"], page);
  const { size } = statSync(values.out);
  if (size > largest) throw new Error(`${values.out} has ${size} bytes, more than ${largest}.`);
  console.log(`${values.out} is written (${size} bytes).`);
}

function chrome(browser: string, folder: string, options: readonly string[], page: string): string {
  const quiet = ["--no-first-run", "--disable-sync", "--disable-background-networking"];
  const fixed = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    ...quiet,
    "--virtual-time-budget=20000",
  ];
  const profile = `--user-data-dir=${mkdtempSync(join(folder, "profile-"))}`;
  const { status, stdout, stderr, error } = spawnSync(
    browser,
    [...fixed, profile, ...options, `file://${page}`],
    { encoding: "utf8", maxBuffer: 100_000_000, timeout: 120_000 },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${browser} ended with ${status}: ${stderr.slice(-500)}`);
  return stdout;
}

function findChromium(): string | undefined {
  const own = process.env["CHROMIUM_PATH"];
  if (own !== undefined && own !== "") return own;
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** The browser's build of Mermaid: 200 MB with all it brings, too much for every `npm ci`. */
function mermaidIn(folder: string): string {
  const options = ["--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status, error } = spawnSync("npm", ["install", ...options, `mermaid@${mermaidVersion}`], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error("npm could not fetch Mermaid.");
  return join(folder, "node_modules/mermaid/dist/mermaid.min.js");
}
