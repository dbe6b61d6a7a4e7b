/**
 * Settles as the work does, or rejects when the signal aborts before it. Work that throws at once
 * rejects too.
 */
export async function inTime<T>(work: () => T | Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const end = new Promise<never>((_, reject) => {
    stop = () => {
      reject(new Error("The time was up."));
    };
    signal.addEventListener("abort", stop);
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([work(), end]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
