#!/usr/bin/env node
import { once } from "node:events";
import process from "node:process";
import type { Ledger } from "../ledger.ts";
import { startSimulator } from "../simulator.ts";
import { type Command, HELP, readFlags } from "./flags.ts";

process.exitCode = await run(readFlags(process.argv.slice(2)));

/** Does what was typed. @returns the exit code: 0, 1 when it cannot listen, 2 for arguments that are wrong */
async function run(command: Command): Promise<number> {
  switch (command.kind) {
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "mistaken":
      process.stderr.write(`${command.problems.join("\n")}\n--help lists the options.\n`);
      return 2;
    case "start":
      return serve(command.options);
  }
}

async function serve(options: Parameters<typeof startSimulator>[0]): Promise<number> {
  // Asked for before anything else, so that a signal which comes early is not missed.
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const simulator = await startSimulator(options).catch((error: unknown) => {
    const port = options?.port ?? 0;
    process.stderr.write(
      `Cannot listen on port ${port}: ${String(error)}. Choose another one with --port.\n`,
    );
    return undefined;
  });
  if (simulator === undefined) return 1;
  process.stdout.write(
    [
      `A simulated Batch API listens on ${simulator.url}; Ctrl-C ends it.`,
      "Any client uses it with these variables:",
      `  OPENAI_BASE_URL=${simulator.url}`,
      // A word such as `any` would be masked as a secret wherever a log says "company".
      `  OPENAI_API_KEY=${options?.apiKey === undefined ? "sk-simulator" : "(the one of --api-key)"}`,
      "",
    ].join("\n"),
  );
  await ended;
  process.stdout.write(`${reckoning(simulator.ledger(), simulator.batches.length)}\n`);
  await simulator.close();
  return 0;
}

/** What a run against the simulator would have been charged for. */
function reckoning({ requests, paidTwice, running }: Ledger, batches: number): string {
  const answered = requests.filter(({ runs }) =>
    runs.some(({ outcome }) => outcome === "answered"),
  );
  return [
    `Batches: ${batches}, of which still running: ${running.length}.`,
    `Requests: ${requests.length}, of which answered: ${answered.length}, paid for twice: ${paidTwice.length}.`,
  ].join(" ");
}
