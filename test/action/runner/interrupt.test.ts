import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { InterruptError, listenForInterrupt } from "../../../src/action/runner/interrupt.ts";

describe("the runner's signal", () => {
  it.each(["SIGINT", "SIGTERM", "SIGBREAK"])(
    "%s aborts, with a reason that can be told",
    (name) => {
      const source = new EventEmitter();
      const signal = listenForInterrupt(source);
      expect(signal.aborted).toBe(false);
      source.emit(name);
      expect(signal.aborted).toBe(true);
      expect(signal.reason).toBeInstanceOf(InterruptError);
      expect(String(signal.reason)).toMatch(/cancelled.*time was up/);
    },
  );

  it("aborts once, however many follow", () => {
    const source = new EventEmitter();
    const signal = listenForInterrupt(source);
    let aborts = 0;
    signal.addEventListener("abort", () => (aborts += 1));
    for (const name of ["SIGINT", "SIGINT", "SIGTERM", "SIGBREAK"]) source.emit(name);
    expect(aborts).toBe(1);
  });

  it("is listened to for good, so that a later one does not end the process", () => {
    const source = new EventEmitter();
    listenForInterrupt(source);
    source.emit("SIGINT");
    for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"]) {
      expect(source.listenerCount(name)).toBe(1);
    }
  });
});
