import { join } from "node:path";

import { isFields } from "../../api/json.ts";
import { checkRequest, type RequestLine } from "../input/request-line.ts";
import {
  addRequest,
  finishScan,
  newScanning,
  report,
  type Scanning,
  type Tell,
} from "../input/scanning.ts";
import { openSpoolFolder, Spool, type SpoolFolder, spoolName } from "../input/spool.ts";
import { stampOf } from "../input/stamp.ts";
import type { InputScan, ScanOptions } from "../input.ts";
import type { Plan } from "../template/plan.ts";
import { loadPlan, type RenderedRow, renderRows, sourcesOf } from "./render-rows.ts";
import type { RenderedRequests } from "./rendered.ts";
import { RowStore } from "./row-store.ts";

/**
 * Renders rows to a temporary file of requests and scans these as they are written. Problems are told at
 * the rows, which is where the user can do something about them.
 */
export async function scanRendered(
  { rows, template }: RenderedRequests,
  options: ScanOptions,
): Promise<InputScan> {
  const sources = sourcesOf(rows);
  const scan = newScanning(sources, options.maxProblems);
  const folder = await openSpoolFolder(options.temporaryFolder);
  const writing = openWriting(scan, folder, options);
  try {
    const loaded = await loadPlan(template, {
      endpoint: options.endpoint,
      ...options.templateOptions,
    });
    if ("problems" in loaded) for (const problem of loaded.problems) report(scan, problem);
    const plan = "plan" in loaded ? loaded.plan : undefined;
    for await (const found of renderRows(rows, plan, options.signal)) {
      for (const one of found) {
        if ("code" in one) {
          const { source, line, code, message } = one;
          report(scan, { file: sources[source], line, code, message });
        } else if (plan !== undefined) take(writing, plan, one);
      }
    }
    await writing.spool.close();
    const stamps = [await stampOf(writing.spool.path)];
    return finishScan(scan, {
      files: [writing.spool.path],
      stamps,
      template: typeof template === "string" ? template : undefined,
      rows: await writing.store?.finish(),
      [Symbol.asyncDispose]: async () => close(writing, folder),
    });
  } catch (error) {
    await close(writing, folder);
    throw error;
  }
}

/** What the requests of a scan are written to. */
interface RequestWriting {
  readonly scan: Scanning;
  readonly spool: Spool;
  /** `undefined` where nobody asks for the rows. */
  readonly store: RowStore | undefined;
  readonly endpoint: string | undefined;
}

function openWriting(scan: Scanning, folder: SpoolFolder, options: ScanOptions): RequestWriting {
  const { keepRows = true, endpoint } = options;
  const path = join(folder.path, spoolName(scan.sources[0]));
  return {
    scan,
    spool: new Spool(path, (bytes) => {
      scan.hash.update(bytes);
    }),
    store: keepRows ? new RowStore(join(folder.path, "rows")) : undefined,
    endpoint,
  };
}

async function close({ spool, store }: RequestWriting, folder: SpoolFolder): Promise<void> {
  spool.discard();
  store?.close();
  await folder[Symbol.asyncDispose]();
}

function take(writing: RequestWriting, plan: Plan, rendered: RenderedRow): void {
  const { scan, spool, endpoint } = writing;
  const { source, line, customId, text } = rendered;
  const tell: Tell = (code, message) => {
    report(scan, { file: scan.sources[source], line, code, message });
  };
  const { start, end } = spool.write(text);
  keepRow(writing, rendered);
  const request =
    plan.fixed === undefined
      ? checked(text, endpoint, tell)
      : // A copy by name: to spread it takes a fifth of the whole scan.
        {
          customId,
          url: plan.fixed.url,
          model: plan.fixed.model,
          inputs: plan.fixed.inputs,
          asksJson: plan.fixed.asksJson,
          outputLimit: plan.fixed.outputLimit,
        };
  addRequest(scan, { source, line, file: 0, start, end }, request, tell);
}

/** A request of which the rows decide more than texts in its body. */
function checked(text: string, endpoint: string | undefined, tell: Tell): RequestLine | undefined {
  const request: unknown = JSON.parse(text);
  return isFields(request) ? checkRequest(request, endpoint, tell) : undefined;
}

function keepRow({ store }: RequestWriting, { cells, row, columns = [] }: RenderedRow): void {
  if (row !== undefined) store?.addRow(row);
  if (cells !== undefined) store?.addCells(columns, cells);
}
