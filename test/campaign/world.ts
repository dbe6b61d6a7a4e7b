import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { WireRequest } from "../../src/api/transport.ts";
import { creationName } from "../../src/batch/create/key.ts";
import { isJsonObject } from "../../src/simulator/json.ts";
import type { Reply } from "../../src/simulator/reply.ts";
import type { BatchObject } from "../../src/simulator/types.ts";
import { checkNotSent, namesInCache } from "./cache.ts";
import { claimsAgainst, idsIn } from "./claims.ts";
import { type EventClock, eventClock } from "./event-clock.ts";
import { createRules, routeOf } from "./faults.ts";
import type { GitHubStore } from "./github.ts";
import { checkPaidOnce } from "./paid-once.ts";
import type { Process, ProcessPlan } from "./process.ts";
import type { DispatchFault, OthersAct, Schedule } from "./schedule.ts";
import { createServer, isForeign, type Server } from "./server.ts";

/** A create that made a batch, whether or not anybody heard of it. */
export interface Created {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly process: Process;
  readonly creationId: string;
  /** The `custom_id`s of its requests. */
  readonly requests: readonly string[];
}

/** The folder of all plays: in memory where there is such a place. */
export const playground = mkdtempSync(
  join(process.platform === "linux" ? "/dev/shm" : tmpdir(), "campaign-"),
);
let plays = 0;
/** So many batches have their ids written one by one. */
const fewBatches = 8;

/** One account on one clock, and the processes that work on it. */
export class World {
  readonly schedule: Schedule;
  readonly clock: EventClock = eventClock();
  readonly server: Server;
  readonly rules: ReturnType<typeof createRules>;
  readonly github: GitHubStore = { runs: [], statuses: [] };
  /** What must never be; empty at the end of a good schedule. */
  readonly violations = new Set<string>();
  readonly processes: Process[] = [];
  readonly created: Created[] = [];
  /** Batches whose cancel the server has processed, and when. */
  readonly cancelled = new Map<string, number>();
  /** Those of them that nobody of the schedule's processes has cancelled. */
  readonly cancelledByOthers = new Set<string>();
  /** Batches and files that somebody has removed, and when. */
  readonly removed = new Map<string, number>();
  /** When a process has first and last read the list. */
  readonly lists = new Map<Process, { readonly first: number; readonly last: number }>();
  readonly folder: string;
  #dispatchFaults: number;

  constructor(schedule: Schedule) {
    this.schedule = schedule;
    this.server = createServer(schedule.server, () => this.clock.now());
    this.rules = createRules(schedule.rules);
    this.#dispatchFaults = schedule.dispatchFault === "none" ? 0 : 1;
    plays += 1;
    this.folder = join(playground, String(plays));
    mkdirSync(this.folder);
    for (const act of schedule.others) {
      this.clock.at(this.clock.now() + act.at, () => {
        this.#interfere(act);
      });
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Batches of this repository, as they are, oldest first. */
  get batches(): readonly BatchObject[] {
    return this.server.core.batches.filter((batch) => !isForeign(batch));
  }

  batch(id: string): BatchObject | undefined {
    return this.server.core.batches.find((batch) => batch.id === id);
  }

  begin(plan: ProcessPlan): Process {
    const startedAt = this.clock.now();
    const process = {
      number: this.processes.length,
      plan,
      outputs: {},
      state: {},
      log: [],
      summary: "",
      failed: false,
      killed: false,
      signalledAt: undefined,
      cached: namesInCache(plan.inputs["cache-file"] ?? ""),
      shown: new Map<string, string>(),
      startedAt,
      endedAt: startedAt,
    };
    this.processes.push(process);
    return process;
  }

  /** A fault of a dispatch comes once. */
  nextDispatchFault(): DispatchFault {
    if (this.#dispatchFaults === 0) return "none";
    this.#dispatchFaults -= 1;
    return this.schedule.dispatchFault;
  }

  /** Everything that is said is held against what is. */
  hear(process: Process, text: string): void {
    for (const claim of claimsAgainst(this, process, text)) {
      this.violations.add(`process ${process.number} said what is not true (${claim}): ${text}`);
    }
  }

  /** Keeps what the server has done. */
  note(process: Process, { method, path }: WireRequest, { status, body }: Reply): void {
    const route = routeOf(method, path);
    if (status !== 200) return;
    if (route === "list") {
      const last = this.clock.now();
      this.lists.set(process, { first: this.lists.get(process)?.first ?? last, last });
    }
    if (route === "cancel") this.cancelled.set(path.split("/")[2] ?? "", this.clock.now());
    if (route !== "create") return;
    const batch: unknown = JSON.parse(body.text());
    if (!isJsonObject(batch) || typeof batch["id"] !== "string") return;
    const { id } = batch;
    this.created.push({
      id,
      at: this.clock.now(),
      process,
      // Some servers show no metadata.
      creationId: this.batch(id)?.metadata?.[creationName] ?? "",
      requests: this.#requestsOf(String(batch["input_file_id"])),
    });
    const newest = this.created.slice(-1).flatMap(checkNotSent);
    for (const violation of [...checkPaidOnce(this, id), ...newest]) this.violations.add(violation);
  }

  /** An id is written to outputs and state before anything is waited for. */
  checkWritten({ number, outputs, state }: Process, id: string): void {
    // With many batches the outputs are written now and then: the runner only ever adds to their file.
    const told = idsIn(outputs["batch-id"] ?? "");
    if (told.length < fewBatches && !told.includes(id)) {
      this.violations.add(`${id} was known and not in process ${number}'s outputs in time`);
    }
    if (!Object.values(state).some((value) => value.includes(id))) {
      this.violations.add(`${id} was known and not in process ${number}'s state in time`);
    }
  }

  #requestsOf(fileId: string): readonly string[] {
    const text = this.server.core.fileContent(fileId).text();
    return [...text.matchAll(/"custom_id":"(\w+)"/g)].map(([, id = ""]) => id);
  }

  #interfere({ act, batch: index }: OthersAct): void {
    const { core } = this.server;
    const batch = this.batches[index];
    if (batch === undefined) return;
    if (act === "cancel") {
      if (["completed", "failed", "expired", "cancelled"].includes(batch.status)) return;
      core.cancelBatch(batch.id);
      this.cancelled.set(batch.id, this.clock.now());
      this.cancelledByOthers.add(batch.id);
      return;
    }
    const ids = act === "remove batch" ? [batch.id] : [batch.output_file_id, batch.error_file_id];
    for (const id of ids) {
      // What is removed already cannot be removed again.
      if (id === null || this.removed.has(id)) continue;
      core.remove(id);
      const now = this.clock.now();
      this.removed.set(id, now).set(batch.id, now);
    }
  }
}
