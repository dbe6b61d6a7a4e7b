import { existsSync, readFileSync } from "node:fs";

import { checkGenuine } from "./cache.ts";
import { answersLacking, idsIn, namesIn, unheld } from "./claims.ts";
import type { Process } from "./process.ts";
import type { Schedule } from "./schedule.ts";
import type { World } from "./world.ts";

const requests = 5;
const ended: readonly (string | undefined)[] = ["completed", "failed", "expired", "cancelled"];
/** What the error file says of requests that were not run. */
const unrunCodes = ["batch_expired", "batch_cancelled", "not_sent", "result_missing"];

/** What is wrong with how a main step has ended: its outputs, its files and its exit. */
export function checkEnd(world: World, main: Process): readonly string[] {
  if (main.killed) return [];
  const checks = [
    endsDone,
    isSent,
    isNoneDropped,
    isAnswered,
    isCounted,
    isTrueOfRequests,
    isTrueOfReuse,
    isSummed,
    checkGenuine,
  ];
  return checks.flatMap((check) => check(world, main));
}

/** What is done has been sent: no request of a run's input is without a batch. */
function isSent(world: World, main: Process): readonly string[] {
  const { inputs } = main.plan;
  const creates =
    (inputs["operation"] === "run" || inputs["operation"] === "create") &&
    (inputs["batch-id"] ?? "") === "";
  const unsent = unheld(world, main);
  if (!creates || main.outputs["done"] !== "true" || unsent === 0) return [];
  return [`done is true and no batch holds ${unsent} requests`];
}

/** How often a part is made at the most that the server has no room for. */
const maxTurnedAway = 6;

/** Of several parts none is dropped that the server has turned away for want of room: it goes again. */
function isNoneDropped(world: World, main: Process): readonly string[] {
  const { schedule, created } = world;
  const { plan, outputs, log } = main;
  const isOver = outputs["done"] !== "true" || log.some((line) => line.includes("The time was up"));
  // The only part of a round is given up at once, and a round or a cache may leave only one.
  const isOnly = schedule.maxRequests >= requests || schedule.retryFailed > 0;
  const isRun = plan.inputs["operation"] === "run" && (plan.inputs["cache-file"] ?? "") === "";
  if (!isRun || isOnly || isOver) return [];
  const own = created.filter(({ process }) => process === main);
  return own.flatMap(({ id, at, requests: held }) => {
    const errors = world.batch(id)?.errors?.data ?? [];
    if (!errors.some(({ code }) => code === "token_limit_exceeded")) return [];
    const tries = own.filter((one) => held.some((request) => one.requests.includes(request)));
    const isLast = !tries.some((one) => one.at > at);
    return isLast && tries.length < maxTurnedAway
      ? [`${id} was turned away and not made again`]
      : [];
  });
}

/** A step that ends well is done, unless it was allowed not to be. */
function endsDone({ schedule, server, github, removed }: World, main: Process): readonly string[] {
  const { outputs, failed, plan } = main;
  const { operation = "" } = plan.inputs;
  const violations: string[] = [];
  const ids = idsIn(outputs["batch-id"] ?? "");
  const alive = ids.filter((id) => {
    const batch = server.core.batches.find((one) => one.id === id);
    return batch !== undefined && !ended.includes(batch.status);
  });
  if (outputs["done"] === "true" && alive.length > 0 && operation !== "list") {
    violations.push(`done is true and ${alive.join(", ")} still runs`);
  }
  if (outputs["batch-count"] !== undefined && Number(outputs["batch-count"]) < ids.length) {
    if (operation !== "collect" && removed.size === 0) violations.push("batch-count is too small");
  }
  if (failed || outputs["done"] === "true" || !["run", "wait"].includes(operation)) {
    return violations;
  }
  const onTimeout = plan.inputs["on-timeout"] ?? "fail";
  const goesOn = github.runs.some(({ batchIds }) => alive.every((id) => batchIds.includes(id)));
  const left = onTimeout === "continue" || (onTimeout === "dispatch" && goesOn);
  if (!left) violations.push(`the step ended well and was not done (${schedule.onTimeout})`);
  return violations;
}

/** No answer that exists is missing from the files of a step that ends well. */
function isAnswered(world: World, main: Process): readonly string[] {
  const { outputs, failed, plan } = main;
  if (failed || outputs["done"] !== "true" || (plan.inputs["output-file"] ?? "") === "") return [];
  const lacking = idsIn(outputs["batch-id"] ?? "").flatMap((id) =>
    world.removed.has(id) ? [] : answersLacking(world, main, id),
  );
  return lacking.length === 0
    ? []
    : [`the step ended well without the answers ${lacking.join(", ")}`];
}

/** Counts are those of the files, and every request of a run is accounted for once. */
function isCounted({ server }: World, main: Process): readonly string[] {
  const { outputs, plan } = main;
  const violations: string[] = [];
  const answers = namesIn(outputs["output-file"] ?? "");
  if ((outputs["output-file"] ?? "") !== "" && outputs["done"] === "true") {
    const paths = (outputs["output-file"] ?? "").split("\n");
    const lines = paths.flatMap((path) => namesIn(path)).length;
    if (Number(outputs["request-completed"]) !== lines) {
      violations.push(
        `request-completed is ${outputs["request-completed"] ?? ""}, the file has ${lines}`,
      );
    }
    if (paths.some((path) => !existsSync(path))) violations.push("output-file names no file");
  }
  const ids = plan.inputs["batch-id"] ?? "";
  if (plan.inputs["operation"] !== "run" || ids !== "" || (outputs["output-file"] ?? "") === "") {
    return violations;
  }
  const accounted = [...answers, ...namesIn(outputs["error-file"] ?? "")].filter((id) => id !== "");
  const doubled = [...server.fates.values()].some((fates) =>
    [...fates.values()].includes("doubled"),
  );
  if (new Set(accounted).size !== requests || (accounted.length !== requests && !doubled)) {
    violations.push(`of ${requests} requests the files account for ${accounted.sort().join(" ")}`);
  }
  return violations;
}

/** What the error file says of a request is so. */
function isTrueOfRequests({ server }: World, { outputs, plan }: Process): readonly string[] {
  // Without the input each batch is reported by itself.
  if (plan.inputs["operation"] !== "run" || (plan.inputs["batch-id"] ?? "") !== "") return [];
  const ids = idsIn(outputs["batch-id"] ?? "");
  return (outputs["error-file"] ?? "").split("\n").flatMap((path) => {
    if (!existsSync(path)) return [];
    return readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line) => {
        const [, code = ""] = /"code":\s*"(\w+)"/.exec(line) ?? [];
        const [, name = ""] = /"custom_id":\s*"(\w+)"/.exec(line) ?? [];
        const isAnswer = ids.some((id) => server.fates.get(id)?.get(name) === "ok");
        return [
          ...(unrunCodes.includes(code) && isAnswer
            ? [`the error file says ${code} of ${name}, which is answered`]
            : []),
          ...(/[^.]\.\.(?!\.)/.test(line) ? [`a sentence ends twice: ${line}`] : []),
        ];
      });
  });
}

/** `reused` is whether any of the batches was another process's. */
function isTrueOfReuse(world: World, main: Process): readonly string[] {
  const { reused, "batch-id": ids = "" } = main.outputs;
  if (reused === undefined) return [];
  const others = idsIn(ids).filter((id) =>
    world.created.some((one) => one.id === id && one.process !== main),
  );
  return (reused === "true") === others.length > 0
    ? []
    : [`reused is ${reused} (${others.join()})`];
}

/** The summary says what the outputs say. */
function isSummed(_world: World, { outputs, summary }: Process): readonly string[] {
  const said = (pattern: RegExp) => pattern.exec(summary)?.[1];
  const pairs = [
    ["request-total", said(/(\d+) requests? ·/)],
    ["request-completed", said(/(\d+) answered/)],
    ["request-unsent", said(/\*\*(\d+) not sent\*\*/)],
    ["conclusion", said(/OpenAI batch(?:es)?: (\w+)$/m)],
  ] as const;
  return pairs.flatMap(([name, value]) =>
    value === undefined || outputs[name] === undefined || outputs[name] === value
      ? []
      : [`the summary says ${value} and ${name} is ${outputs[name]}`],
  );
}

/** Whether a schedule's server is OpenAI's on a good day. */
export function isPlain({ server, rules, others }: Schedule): boolean {
  const { listLag, fates, outcomes, ...habits } = server;
  const good = {
    resultLag: 0,
    processing: 0,
    order: "newest",
    stale: false,
    after: "honoured",
    pageSize: 100,
    brokenEntries: 0,
    doubledEntries: false,
    noList: false,
    words: "openai",
    counts: "shown",
    fileSizes: true,
    lengths: true,
    cancelEnded: "refused",
  };
  const odd = ["left-out", "unreadable", "nameless", "doubled"];
  return (
    rules.length === 0 &&
    server.metadata === undefined &&
    others.length === 0 &&
    listLag <= 10_000 &&
    !fates.some((fate) => odd.includes(fate)) &&
    !outcomes.some((outcome) => outcome === "full" || outcome === "invalid") &&
    Object.entries(good).every(([name, value]) =>
      Object.entries(habits).some(([key, is]) => key === name && is === value),
    )
  );
}
