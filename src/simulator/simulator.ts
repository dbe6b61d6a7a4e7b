import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ManualClock } from "./clock.ts";
import { controlRoute } from "./control.ts";
import { SimulatorCore } from "./core.ts";
import type { CoreOptions } from "./core-options.ts";
import { createWriter, type Dialect } from "./dialect.ts";
import { errorBody } from "./errors.ts";
import { createFaultRules, type FaultRule } from "./faults.ts";
import type { Call, OpenCall } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { Outcome } from "./outcome.ts";
import { createRandom } from "./random.ts";
import { errorReply, jsonReply, sendReply } from "./reply.ts";
import { serve, type ServeContext } from "./serve.ts";
import type { BatchObject, FileObject } from "./types.ts";

/** How the server behaves, besides the account behind it. */
export interface SimulatorOptions extends CoreOptions {
  /** The port on 127.0.0.1; a free one by default. */
  readonly port?: number | undefined;
  /** The only key that is accepted. Without it any key will do, but there has to be one. */
  readonly apiKey?: string | undefined;
  /** A clock to be moved by hand, in the place of `now`. The control endpoints can advance it. */
  readonly clock?: ManualClock | undefined;
  /** Faults in force from the start. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** In which form the server writes batches, files and answers; OpenAI's by default. */
  readonly dialect?: Dialect | undefined;
  /** Whether file content can be downloaded in ranges; true by default. */
  readonly ranges?: boolean | undefined;
  /**
   * Whether other processes may steer the simulator over HTTP; false by default. `POST /_simulator/…` takes JSON: `faults` (one
   * rule or many), `plan` (`{ outcome, scope }`), `advance` (`{ ms }`), `cancel` and `remove` (`{ id }`). `DELETE
   * /_simulator/faults` clears the rules; `calls`, `batches`, `files` and `ledger` can be read with `GET`.
   */
  readonly control?: boolean | undefined;
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** The base URL, `/v1` included: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** Every call that came in, oldest first, without those to the control endpoints. */
  readonly calls: readonly Call[];
  /** Every batch as it is now, oldest first. */
  readonly batches: readonly BatchObject[];
  /** Every file there is now, oldest first: uploads and results. */
  readonly files: readonly FileObject[];
  /** Lets calls go wrong. Returns a function that removes the rule. */
  readonly addFault: (rule: FaultRule) => () => void;
  /** Removes every rule. */
  readonly clearFaults: () => void;
  /** Plans the outcome of the next batch (several plans queue up), or of all batches to come. */
  readonly plan: (outcome: Outcome, scope?: "next" | "all") => void;
  /** What was paid for so far, and which batches still run. */
  readonly ledger: () => Ledger;
  /**
   * Cancels a batch as another user of the account would. Throws a `SimulatorApiError` when the API would refuse it.
   */
  readonly cancel: (batchId: string) => BatchObject;
  /**
   * Takes a batch or a file off the account, as another of its users may: it is answered with 404 from now on. A batch stops.
   * Throws a `SimulatorApiError` when there is none.
   */
  readonly remove: (id: string) => void;
  /** Stops listening and breaks what is still open. Resolves when the port is free. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a local server that speaks OpenAI's Files and Batch API. Nothing leaves the machine, and nothing outlives the
 * server. Rejects when the port is in use.
 *
 * @returns what steers and watches it; `await using` stops it at the end of the block
 * @throws the system's error (`EADDRINUSE`, …) when it cannot listen
 * @example
 * ```ts
 * import { startSimulator } from "openai-batch-action/simulator";
 * import { BatchClient, runBatch } from "openai-batch-action";
 *
 * await using simulator = await startSimulator({
 *   outcome: { kind: "mixed", failedShare: 0.5 },
 *   phases: { validating: 0, inProgress: 50, finalizing: 0 },
 * });
 * simulator.addFault({ method: "POST", path: "/files", fault: { kind: "status", status: 503 } });
 * const client = new BatchClient({ apiKey: "any", baseURL: simulator.url });
 * const { results } = await runBatch(client, {
 *   input: "requests.jsonl",
 *   errorFile: "errors.jsonl",
 *   pollInterval: 10,
 * });
 * console.log(results?.counts); // { total: 3, completed: 1, failed: 2 }
 * console.log(simulator.calls.some(({ status }) => status === 503)); // true
 * ```
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.clock?.now ?? options.now ?? Date.now;
  const core = new SimulatorCore({ ...options, now });
  const rules = createFaultRules(now);
  for (const rule of options.faults ?? []) rules.add(rule);
  const calls: OpenCall[] = [];
  const closing = new AbortController();
  const context: ServeContext = {
    core,
    rules,
    calls,
    now,
    apiKey: options.apiKey,
    signal: closing.signal,
    write: createWriter(options.dialect),
    ranges: options.ranges ?? true,
  };
  const server = createServer(listener(context, options));
  // Uploads may be slow, and clients may poll slowly on a connection they keep.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, options.port ?? 0);
  const close = async (): Promise<void> => {
    closing.abort();
    await stop(server);
  };

  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    calls,
    get batches() {
      return core.batches;
    },
    get files() {
      return core.files;
    },
    addFault: (rule) => rules.add(rule),
    clearFaults() {
      rules.clear();
    },
    plan(outcome, scope) {
      core.plan(outcome, scope);
    },
    ledger: () => core.ledger(),
    cancel: (batchId) => core.cancelBatch(batchId),
    remove(id) {
      core.remove(id);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What the HTTP server calls with every request. */
function listener(
  context: ServeContext,
  { seed, control, clock }: SimulatorOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const random = createRandom(~(seed ?? 1));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    response.setHeader("x-request-id", `req_${random.hex(32)}`);
    if (control === true && url.pathname.startsWith("/_simulator/")) {
      const call = { method: request.method ?? "GET", path: url.pathname, body: request };
      await sendReply(response, await controlRoute({ ...context, clock }, call).catch(errorReply));
    } else {
      await serve(context, request, response, url);
    }
  };
  return (request, response) => {
    answer(request, response)
      .catch(async (error: unknown) => {
        // Either the client has gone, or a user's function threw: the latter should be seen, not waited for.
        if (response.headersSent || request.destroyed) response.destroy();
        else await sendReply(response, jsonReply(errorBody(String(error)), 500));
      })
      .catch(() => response.destroy());
  };
}

/** Resolves with the port that the server listens on. Rejects when the wanted one is in use. */
async function listen(server: Server, wanted: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  // A server that listens on TCP has an address of this form.
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
