import { describe, expect, it } from "vitest";

import { APIConnectionError, APIError, DeadlineError } from "../../src/api/errors.ts";
import {
  afterGrace,
  isFinal,
  isTransient,
  type RetriedCall,
  type RetryEvent,
  withRetries,
} from "../../src/api/retry.ts";
import { rejectionOf } from "../support/account.ts";
import { virtualClock } from "../support/virtual-clock.ts";

const second = 1_000;
const call: RetriedCall = { call: "POST /batches" };
const busy = new APIError("Busy.", { status: 429 });
/** After a 5xx the call may have been done. */
const lost = new APIError("Lost.", { status: 503 });

/** Calls whose attempts fail with these errors in turn, and then succeed. */
function failing(errors: readonly unknown[]) {
  const clock = virtualClock();
  const signals: (AbortSignal | undefined)[] = [];
  const events: RetryEvent[] = [];
  const attempt = async (signal: AbortSignal | undefined) => {
    const error = errors[signals.length];
    signals.push(signal);
    await Promise.resolve();
    // Anything may be thrown.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (error !== undefined) throw error;
    return "done";
  };
  const onRetry = (event: RetryEvent) => events.push(event);
  const settings = { clock, random: () => 1, maxRetries: 5, onRetry };
  const run = async (fields: Partial<RetriedCall> = {}) =>
    withRetries(attempt, { ...call, ...fields }, settings);
  return { clock, signals, events, settings, attempt, run };
}

/** An attempt that stays on the wire until its signal aborts. */
async function onWire(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => {
      reject(new Error("The attempt was ended."));
    });
  });
}

describe("a certificate that is wrong, or a header that cannot be sent, is not tried again", () => {
  it.each([
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "ERR_INVALID_CHAR",
    "ERR_HTTP_INVALID_HEADER_VALUE",
    "insufficient_quota",
  ])("%s", (code) => {
    const error = new APIConnectionError("No connection.", { sent: false, code });
    expect(isFinal(error)).toBe(true);
    expect(isTransient(error)).toBe(false);
  });

  it.each(["ECONNRESET", "ETIMEDOUT", "NO_CERT_ERR", "ENOTFOUND", undefined])(
    "but %s is",
    (code) => {
      const error = new APIConnectionError("No connection.", { sent: false, code });
      expect(isFinal(error)).toBe(false);
      expect(isTransient(error)).toBe(true);
    },
  );

  it("which one attempt shows", async () => {
    const code = "CERT_HAS_EXPIRED";
    const expired = new APIConnectionError("The certificate has expired.", { sent: false, code });
    const { run, signals, clock } = failing([expired]);
    expect(await rejectionOf(run())).toBe(expired);
    expect([signals.length, clock.pauses.length]).toEqual([1, 0]);
  });
});

describe("a call that costs money each time it is done", () => {
  it("is not sent again where it may have been done", async () => {
    const { run, signals } = failing([lost]);
    expect(await rejectionOf(run({ retry: "refusals" }))).toBe(lost);
    expect(signals).toHaveLength(1);
  });

  it("is sent again after an answer that shows that nothing was done", async () => {
    const { run, signals } = failing([busy]);
    expect(await run({ retry: "refusals" })).toBe("done");
    expect(signals).toHaveLength(2);
  });

  it("is another than one that costs nothing, which is sent again either way", async () => {
    for (const retry of ["always", undefined] as const) {
      const { run, signals } = failing([lost]);
      expect(await run({ retry })).toBe("done");
      expect(signals).toHaveLength(2);
    }
  });
});

describe("a conflict", () => {
  const conflict = new APIError("Conflict.", { status: 409 });

  it("is final only for a call whose conflict does not go away", async () => {
    expect(await rejectionOf(failing([conflict]).run({ conflictIsFinal: true }))).toBe(conflict);
    expect(await failing([conflict]).run({ conflictIsFinal: false })).toBe("done");
    expect(await failing([busy]).run({ conflictIsFinal: true })).toBe("done");
  });
});

it("what is no error of the API is not tried again, whatever status it has", async () => {
  const other = Object.assign(new Error("Other."), { status: 503, page: false });
  expect(isTransient(other)).toBe(false);
  expect(await rejectionOf(failing([other]).run())).toBe(other);
});

it("a call whose caller wants no word of retries is tried again all the same", async () => {
  const { attempt, settings } = failing([busy]);
  expect(await withRetries(attempt, call, { ...settings, onRetry: undefined })).toBe("done");
});

describe("the signal of an attempt", () => {
  it("is none where the caller gave neither a signal nor a deadline", async () => {
    const { run, signals } = failing([]);
    await run();
    expect(signals).toEqual([undefined]);
  });

  it("is the caller's own where there is no deadline", async () => {
    const { run, signals } = failing([]);
    const { signal } = new AbortController();
    await run({ signal });
    expect(signals[0]).toBe(signal);
  });

  it("aborts at the deadline, and no sooner, beside a signal too", async () => {
    for (const signal of [undefined, new AbortController().signal]) {
      const { clock, settings } = failing([]);
      const deadline = clock.now() + 10 * second;
      let given: AbortSignal | undefined;
      const attempt = async (one: AbortSignal | undefined) => {
        given = one;
        return onWire(one);
      };
      const timeGoesBy = async () => {
        await Promise.resolve();
        clock.advance(10 * second - 1);
        expect(given?.aborted).toBe(false);
        clock.advance(1);
      };
      const [error] = await Promise.all([
        rejectionOf(withRetries(attempt, { ...call, signal, deadline }, settings)),
        timeGoesBy(),
      ]);
      expect(error).toBeInstanceOf(DeadlineError);
      expect(error).toMatchObject({ outcomeUnknown: true });
    }
  });

  it("that the caller aborted is told as that, although the deadline has come since", async () => {
    const { clock, settings } = failing([]);
    const controller = new AbortController();
    const deadline = clock.now() + 10 * second;
    const reason = new Error("The attempt was ended.");
    const pending = rejectionOf(
      withRetries(
        async () => {
          controller.abort();
          clock.advance(10 * second);
          await Promise.resolve();
          throw reason;
        },
        { ...call, signal: controller.signal, deadline },
        settings,
      ),
    );
    expect(await pending).toBe(reason);
  });
});

describe("an answer that is on its way when the signal comes", () => {
  it("is waited for as long as its grace, and no longer", async () => {
    const { clock, settings } = failing([]);
    const controller = new AbortController();
    let given: AbortSignal | undefined;
    const attempt = async (signal: AbortSignal | undefined) => {
      given = signal;
      return onWire(signal);
    };
    const timeGoesBy = async () => {
      await Promise.resolve();
      controller.abort(new Error("stop"));
      expect(given?.aborted).toBe(false);
      clock.advance(3 * second - 1);
      expect(given?.aborted).toBe(false);
      clock.advance(1);
      expect(given?.aborted).toBe(true);
    };
    const { signal } = controller;
    await Promise.all([
      rejectionOf(withRetries(attempt, { ...call, signal, grace: 3 * second }, settings)),
      timeGoesBy(),
    ]);
  });

  it("leaves nothing waiting once it has come", async () => {
    const { clock, settings } = failing([]);
    const asked: number[] = [];
    const timing = {
      ...clock,
      now: () => clock.now(),
      timeout(ms: number) {
        asked.push(ms);
        return clock.timeout(ms);
      },
    };
    const controller = new AbortController();
    const graceful = { ...call, signal: controller.signal, grace: 3 * second };
    const done = async () => Promise.resolve("done");
    expect(await withRetries(done, graceful, { ...settings, clock: timing })).toBe("done");
    controller.abort();
    expect(asked).toEqual([]);
  });
});

describe("a signal that follows another one", () => {
  it("does so after the grace, with the reason of the other", () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const late = afterGrace(controller.signal, 5 * second, clock);
    clock.advance(60 * second);
    expect(late.aborted).toBe(false);
    controller.abort("stop");
    clock.advance(5 * second - 1);
    expect(late.aborted).toBe(false);
    clock.advance(1);
    expect([late.aborted, late.reason]).toEqual([true, "stop"]);
  });

  it("counts from now where the other has aborted already", () => {
    const clock = virtualClock();
    const late = afterGrace(AbortSignal.abort("stop"), 5 * second, clock);
    expect(late.aborted).toBe(false);
    clock.advance(5 * second);
    expect([late.aborted, late.reason]).toEqual([true, "stop"]);
  });

  it("does not follow an abort that comes too late to matter", () => {
    const clock = virtualClock();
    const [controller, settled] = [new AbortController(), new AbortController()];
    const late = afterGrace(controller.signal, 5 * second, clock, settled.signal);
    settled.abort();
    controller.abort();
    clock.advance(60 * second);
    expect(late.aborted).toBe(false);
  });
});
