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
  const deadline = clock.now() + waiting.timeout;
  const batch = await createFrom(step, create, deadline);
  const timeout = Math.max(1, deadline - clock.now());
  return wait(step, [batch.id], { ...waiting, timeout }, results, [batch]);
}
