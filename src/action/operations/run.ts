import type { CreateInputs, ResultInputs, WaitInputs } from "../inputs.ts";
import type { Outcome, Step } from "../step.ts";
import { createFrom } from "./create.ts";
import { wait } from "./wait.ts";

/** `run`: `create`, then `wait`, in one step and under one timeout. */
export async function run(
  step: Step,
  create: CreateInputs,
  waiting: WaitInputs,
  results: ResultInputs,
): Promise<Outcome> {
  const { clock } = step.client;
  const started = clock.now();
  const batch = await createFrom(step, create);
  const timeout = Math.max(1, waiting.timeout - (clock.now() - started));
  return wait(step, [batch.id], { ...waiting, timeout }, results, [batch]);
}
