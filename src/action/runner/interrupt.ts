/** The runner's signals: SIGINT, 7.5 s later SIGTERM, 2.5 s later the end; on Windows SIGBREAK too. */
const signals = ["SIGINT", "SIGTERM", "SIGBREAK"] as const;

/** Why a step ends early: the workflow was cancelled, or the step ran into its `timeout-minutes`. */
export class InterruptError extends Error {
  override readonly name = "InterruptError";
}

/** What signals come from; `process` is one. */
interface SignalSource {
  on(event: (typeof signals)[number], listener: () => void): unknown;
}

/**
 * A signal that aborts when the runner asks the step to end. From here on none of the runner's
 * signals ends the process by itself, so whoever listens has to.
 */
export function listenForInterrupt(source: SignalSource): AbortSignal {
  const controller = new AbortController();
  for (const name of signals) {
    source.on(name, () => {
      controller.abort(
        new InterruptError("The workflow was cancelled, or the step's time was up."),
      );
    });
  }
  return controller.signal;
}
