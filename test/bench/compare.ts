import { type Command, measure, type Usage } from "./processes.ts";

/** A contender: makes the command of each run anew, and may clear up behind it. */
export interface Peer {
  readonly name: string;
  readonly command: () => Command;
  readonly after?: (() => void) | undefined;
  /** Milliseconds, where the process itself tells what counts; else the whole process. */
  readonly wall?: ((usage: Usage) => number) | undefined;
}

export interface Medians {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

/** Runs the peers in turn, A B A B, after one run of each that does not count; gives the medians by name. */
export async function compare(
  peers: readonly Peer[],
  rounds: number,
): Promise<ReadonlyMap<string, Medians>> {
  const runs = new Map<string, Medians[]>(peers.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, command, after, wall } of peers) {
      const usage = await measure(command());
      after?.();
      if (round > 0) runs.get(name)?.push({ ...usage, wall: wall?.(usage) ?? usage.wall });
    }
  }
  return new Map(
    [...runs].map(([name, taken]) => [
      name,
      {
        wall: median(taken.map((run) => run.wall)),
        cpu: median(taken.map((run) => run.cpu)),
        memory: Math.max(...taken.map((run) => run.memory)),
      },
    ]),
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
