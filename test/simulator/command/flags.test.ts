import { describe, expect, it } from "vitest";
import { readDuration } from "../../../src/simulator/command/duration.ts";
import { readFault } from "../../../src/simulator/command/fault-flag.ts";
import { HELP, readFlags } from "../../../src/simulator/command/flags.ts";

describe("the arguments of the simulator's command", () => {
  it("make a server of five seconds a batch when there are none", () => {
    expect(readFlags([])).toEqual({
      kind: "start",
      options: {
        port: 8321,
        phases: { validating: 500, inProgress: 4000, finalizing: 500, cancelling: 500 },
        outcome: { kind: "completed" },
        faults: [],
        seed: 1,
        apiKey: undefined,
        control: false,
      },
    });
  });

  it("set the outcome, the speed, the key, the seed and the port", () => {
    const args = "--port 0 --outcome mixed:0.1 --duration 1h --api-key sk-1 --seed 7 --control";
    expect(readFlags(args.split(" "))).toMatchObject({
      kind: "start",
      options: {
        port: 0,
        outcome: { kind: "mixed", failedShare: 0.1 },
        phases: { inProgress: 2_880_000, cancelling: 1000 },
        apiKey: "sk-1",
        seed: 7,
        control: true,
      },
    });
  });

  it("tell every mistake at once", () => {
    const args = [
      "--port",
      "70000",
      "--outcome",
      "perfect",
      "--duration",
      "soon",
      "--fault",
      "POST",
    ];
    const command = readFlags([...args, "--seed", "-"]);
    expect(command.kind).toBe("mistaken");
    const said = command.kind === "mistaken" ? command.problems.join("\n") : "";
    for (const flag of [
      "--port 70000",
      "--outcome perfect",
      "--duration soon",
      '--fault "POST"',
      "--seed -",
    ]) {
      expect(said).toContain(flag);
    }
  });

  it("name a flag that does not exist", () => {
    const command = readFlags(["--outcomes", "mixed"]);
    expect(command).toMatchObject({
      kind: "mistaken",
      problems: [expect.stringContaining("--outcomes")],
    });
  });

  it("ask for a help text, which names every flag", () => {
    expect(readFlags(["-h", "--port", "x"])).toEqual({ kind: "help" });
    for (const flag of [
      "port",
      "outcome",
      "duration",
      "fault",
      "api-key",
      "seed",
      "control",
      "help",
    ]) {
      expect(HELP).toContain(`--${flag}`);
    }
    for (const line of HELP.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });
});

describe("a fault", () => {
  it.each([
    [
      "POST /batches 503",
      { method: "POST", path: "/batches", fault: { kind: "status", status: 503 }, times: 1 },
    ],
    [
      "GET /files/*/content cut-body x2",
      { method: "GET", path: "/files/*/content", fault: { kind: "cut-body" }, times: 2 },
    ],
    [
      "POST /files drop-after always",
      { method: "POST", path: "/files", fault: { kind: "drop-after" }, times: Infinity },
    ],
  ])("is read from %s", (text, rule) => {
    expect(readFault(text)).toEqual(rule);
  });

  it.each([
    "",
    "503",
    "POST /batches",
    "POST batches 503",
    "POST /batches 700",
    "POST /batches slow",
    "POST /batches 503 x0",
  ])("is not read from %j", (text) => {
    expect(readFault(text)).toBeUndefined();
  });
});

it.each([
  ["500ms", 500],
  ["1.5", 1500],
  ["30s", 30_000],
  ["5m", 300_000],
  ["24h", 86_400_000],
  ["0", 0],
  ["", undefined],
  ["5 m", undefined],
  ["2d", undefined],
])("a duration of %j is %j milliseconds", (text, milliseconds) => {
  expect(readDuration(text)).toBe(milliseconds);
});
