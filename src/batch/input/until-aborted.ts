/**
 * Values as they come. An abort ends the wait for the next one at once: what it comes from, a database or
 * a network, may never answer. Values that are there already need no such care.
 *
 * @throws the signal's reason when it aborts
 */
export function untilAborted<T>(
  values: Iterable<T> | AsyncIterable<T>,
  signal: AbortSignal | undefined,
): Iterable<T> | AsyncIterable<T> {
  return signal !== undefined && typeof values === "object" && Symbol.asyncIterator in values
    ? abortable(values, signal)
    : values;
}

async function* abortable<T>(
  values: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = values[Symbol.asyncIterator]();
  let state: "waiting" | "given" | "ended" = "waiting";
  const next = async () => {
    // Also what fails has ended.
    const result = await iterator.next().catch((error: unknown) => {
      state = "ended";
      throw error;
    });
    if (result.done !== true) return { value: result.value };
    state = "ended";
    return undefined;
  };
  try {
    for (;;) {
      state = "waiting";
      const one = await orAborted(next, signal);
      if (one === undefined) return;
      state = "given";
      yield one.value;
    }
  } finally {
    await close(iterator, state);
  }
}

/** Lets go of what the values come from, as a loop that ends early does. */
async function close(
  iterator: AsyncIterator<unknown>,
  state: "waiting" | "given" | "ended",
): Promise<void> {
  if (state === "given") await iterator.return?.();
  // Behind a value that may never come nobody waits, and hears of nothing more: the abort was the answer.
  if (state === "waiting") iterator.return?.().catch(() => undefined);
}

/** Each wait has a listener of its own: a promise of the abort would gather one for every value. */
async function orAborted<T>(wait: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => {
    // The caller's own reason, whatever it is.
    reject(signal.reason as Error);
  };
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([wait(), promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
