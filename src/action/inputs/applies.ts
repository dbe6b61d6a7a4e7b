import type { GetInput } from "./fields.ts";
import { type OperationName, operationNames } from "./operation.ts";
import type { Warn } from "./problem.ts";

/** Which operations an input does something for. */
interface Applies {
  readonly operations: readonly OperationName[];
  /** As action.yml has it: the runner passes it where nothing is given. An expression is never compared. */
  readonly default: string;
}

const creating: readonly OperationName[] = ["create", "run"];
const sending: readonly OperationName[] = ["create", "run", "check"];
const waiting: readonly OperationName[] = ["wait", "run"];
const reading: readonly OperationName[] = [...sending, "wait", "retrieve", "collect"];
const collecting: readonly OperationName[] = ["wait", "run", "retrieve", "collect"];

function of(operations: readonly OperationName[], byDefault = ""): Applies {
  return { operations, default: byDefault };
}

/** Every input of action.yml. */
export const applies: ReadonlyMap<string, Applies> = new Map(
  Object.entries({
    operation: of(operationNames),
    "api-key": of(operationNames),
    "identity-provider-id": of(operationNames),
    "service-account-id": of(operationNames),
    "identity-audience": of(operationNames),
    "identity-token-url": of(operationNames, "https://auth.openai.com/oauth/token"),
    "base-url": of(operationNames),
    organization: of(operationNames),
    project: of(operationNames),
    headers: of(operationNames),
    "request-timeout": of(operationNames, "60s"),
    "max-retries": of(operationNames, "5"),
    "input-file": of(reading),
    template: of(reading),
    "input-file-id": of(creating),
    endpoint: of(sending),
    "completion-window": of(creating, "24h"),
    metadata: of(creating),
    "input-expires-after": of(creating),
    "output-expires-after": of(creating),
    "idempotency-key": of(creating),
    "reuse-existing": of(creating, "true"),
    "max-requests-per-batch": of(sending, "50000"),
    "max-bytes-per-batch": of(sending, "200MB"),
    "max-active-batches": of(["run"], "0"),
    prices: of(["check", "create", "run", "wait", "retrieve", "collect"]),
    "max-cost": of(["check", "create", "run"]),
    "cache-file": of(["run"]),
    "batch-id": of(["wait", "cancel", "retrieve", "run"]),
    "match-metadata": of(["wait", "cancel", "retrieve", "list", "collect"]),
    "match-status": of(["wait", "cancel", "retrieve", "list", "collect"]),
    limit: of(["list"], "20"),
    after: of(["list"]),
    timeout: of(waiting, "5h30m"),
    "on-timeout": of(waiting, "fail"),
    "poll-interval": of(waiting, "5s"),
    "max-poll-interval": of(waiting, "60s"),
    "cancel-on": of(["create", "wait", "run"], "cancelled"),
    "output-file": of(collecting),
    "error-file": of(collecting),
    "answers-file": of(collecting),
    "reject-answers": of(collecting, "never"),
    "output-order": of(collecting),
    "retry-failed": of(["run"], "0"),
    "fail-on": of(collecting, "failed, expired, cancelled"),
    "max-request-failures": of(collecting, "100%"),
    "commit-status": of(["create", "run", "wait", "collect", "cancel"]),
    summary: of(operationNames, "true"),
    "github-token": of(operationNames, "${{ github.token }}"),
    "job-status": of(operationNames, "${{ job.status }}"),
  }),
);

/** Warns of each input that was set and that the operation does nothing with. */
export function warnOfIdleInputs(operation: OperationName, getInput: GetInput, warn: Warn): void {
  for (const [name, { operations, default: byDefault }] of applies) {
    if (operations.includes(operation)) continue;
    const given = getInput(name).trim();
    if (given === "" || given === byDefault) continue;
    warn(`\`${name}\` does nothing with \`operation: ${operation}\`; ${usersOf(operations)}.`);
  }
}

/** "only `run` uses it", or "`wait`, `run` and `retrieve` use it". */
function usersOf(operations: readonly OperationName[]): string {
  const named = operations.map((name) => `\`${name}\``);
  const last = named.pop() ?? "";
  return named.length === 0 ? `only ${last} uses it` : `${named.join(", ")} and ${last} use it`;
}
