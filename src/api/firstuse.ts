import type { Transport, TransportSettings } from "./transport.ts";

/**
 * A transport that is loaded with the first call. The HTTP client is most of what a process loads,
 * and one that finds nothing to do, or something wrong, makes no call.
 */
export function transportOnFirstUse(settings: TransportSettings): Transport {
  let loaded: Transport | undefined;
  const load = async (): Promise<Transport> => {
    if (loaded === undefined) {
      const { createTransport } = await import("./transport.ts");
      // Two first calls at once have one transport, and with it one set of connections.
      loaded ??= createTransport(settings);
    }
    return loaded;
  };
  return {
    json: async (request) => (await load()).json(request),
    open: async (request) => (await load()).open(request),
    broken(request, answer, error) {
      if (loaded === undefined) throw new Error("No call was made, so none can have broken.");
      return loaded.broken(request, answer, error);
    },
  };
}
