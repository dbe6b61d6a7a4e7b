/**
 * One call for all who want its result at the same time. Each waits as long as its own signal
 * lets it; the call itself is aborted when nobody waits any more.
 */
export function shared<T>(
  start: (signal: AbortSignal) => Promise<T>,
): (signal?: AbortSignal) => Promise<T> {
  let running: Running<T> | undefined;

  const begin = (): Running<T> => {
    const controller = new AbortController();
    const call: Running<T> = {
      controller,
      waiting: 0,
      result: start(controller.signal).finally(() => {
        if (running === call) running = undefined;
      }),
    };
    return call;
  };

  return async (signal) => {
    signal?.throwIfAborted();
    const call = (running ??= begin());
    call.waiting += 1;
    try {
      return await unlessAborted(call.result, signal);
    } finally {
      call.waiting -= 1;
      if (call.waiting === 0) {
        if (running === call) running = undefined;
        call.controller.abort();
      }
    }
  };
}

interface Running<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

async function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(signal.reason);
  };
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([result, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
