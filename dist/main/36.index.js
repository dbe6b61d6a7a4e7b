export const id = 36;
export const ids = [36,791];
export const modules = {

/***/ 3036:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  run: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/flight.js + 4 modules
var batch_flight = __webpack_require__(3596);
// EXTERNAL MODULE: ./lib/batch/input.js + 1 modules
var input = __webpack_require__(8291);
// EXTERNAL MODULE: ./lib/batch/results.js + 5 modules
var results = __webpack_require__(8000);
// EXTERNAL MODULE: ./lib/batch/split.js + 1 modules
var split = __webpack_require__(7692);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/batch/run.js






/**
 * The whole way: requests in, every request's answer out. Scans and splits the input, creates its
 * batches, follows them to their end, sends again what failed in passing, and writes one file of
 * answers and one of everything else, in the input's order.
 *
 * @throws {APIError} `invalid_input` when the input has problems; nothing is sent then
 * @throws the signal's reason when it aborts; nothing is cancelled then
 * @returns also when a create failed after others had been paid for: `failure` says why, and `results` holds what there is
 * @example
 * ```ts
 * import { BatchClient, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, results } = await runBatch(client, {
 *   input: "requests.jsonl",
 *   outputFile: "answers.jsonl",
 *   errorFile: "errors.jsonl",
 *   retryFailed: 1,
 *   timeout: 26 * 3_600_000,
 *   pollInterval: 10,
 *   onProgress: (seen) => console.error(seen.map(({ status }) => status).join(", ")),
 * });
 * console.log(batches.length, results?.counts.completed); // 1 3
 * ```
 */
async function runBatch(client, options) {
    const { clock } = client;
    const { signal, retryFailed = 0 } = options;
    (0,results/* checkTargets */.VJ)(options);
    const scan = isScan(options.input) ? options.input : await (0,input/* scanInput */.m)(options.input, { signal });
    if (scan.problemCount > 0)
        throw invalidInput(scan);
    const endpoint = options.endpoint ?? scan.endpoint ?? "";
    const deadline = options.timeout === undefined ? undefined : clock.now() + options.timeout;
    const collection = (0,results/* openCollection */.ls)(client, {
        input: scan,
        signal,
        temporaryFolder: options.temporaryFolder,
    });
    const wanted = options.outputFile !== undefined || options.errorFile !== undefined;
    const collects = wanted || retryFailed > 0;
    const batches = [];
    const superseded = new Set();
    let reused = false;
    const flyRound = async (parts, round) => {
        const before = [...batches];
        const flight = await (0,batch_flight/* fly */._)(client, parts.map((part) => ({
            key: options.keyOf?.({ part, count: parts.length, round }),
            input: (0,split/* partSource */.v9)(scan, part),
        })), {
            ...options,
            endpoint,
            // What it lacks goes into the next round; of the last round there is none.
            reusePartial: round < retryFailed,
            timeout: deadline === undefined ? undefined : Math.max(0, deadline - clock.now()),
            onProgress: (seen) => options.onProgress?.([...before, ...seen]),
        });
        const known = flight.batches.filter((batch) => batch !== undefined);
        batches.push(...known);
        reused ||= flight.reused;
        const byId = new Map(flight.batches.flatMap((batch, index) => {
            const part = parts[index];
            return batch === undefined || part === undefined ? [] : [[batch.id, part]];
        }));
        if (collects)
            await collection.add(known, byId);
        for (const [index, part] of parts.entries()) {
            if (flight.batches[index] === undefined) {
                collection.unsent(part, flight.failure?.message ?? "The time was up before it was sent.");
            }
        }
        return flight;
    };
    try {
        let { done, failure } = await flyRound((0,split/* splitInput */.pU)(scan, options.limits), 0);
        for (let round = 1; round <= retryFailed && done; round += 1) {
            const again = collection.retryable();
            if (again.length === 0)
                break;
            options.onRound?.(round, again.length);
            const before = batches.filter(({ status }) => status === "expired" || status === "cancelled");
            try {
                const parts = (0,split/* splitInput */.pU)(scan, options.limits, again);
                ({ done, failure } = await flyRound(parts, round));
            }
            catch (error) {
                // The answers that there are were paid for.
                if (!(error instanceof errors/* APIError */.LG))
                    throw error;
                failure = error;
                break;
            }
            if (done)
                for (const { id } of before)
                    superseded.add(id);
        }
        const results = collects && batches.some(batch_status/* isTerminal */.Hd) ? collection.write(options) : undefined;
        return { batches, superseded, done, reused, results, failure };
    }
    finally {
        await collection.close();
    }
}
function isScan(input) {
    return typeof input === "object" && "lines" in input;
}
function invalidInput({ problems, problemCount }) {
    const shown = problems.slice(0, 10).map(input/* describeProblem */.B);
    return new errors/* APIError */.LG(`The input has ${problemCount} problems; nothing was sent.\n${shown.join("\n")}`, { code: "invalid_input" });
}

// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
// EXTERNAL MODULE: ./lib/action/outputs.js
var outputs = __webpack_require__(7352);
// EXTERNAL MODULE: ./lib/action/requestfile.js
var requestfile = __webpack_require__(2705);
// EXTERNAL MODULE: ./lib/action/verdict.js
var verdict = __webpack_require__(5791);
// EXTERNAL MODULE: ./lib/action/operations/create.js
var operations_create = __webpack_require__(5733);
// EXTERNAL MODULE: ./lib/action/operations/wait.js + 3 modules
var wait = __webpack_require__(3709);
;// CONCATENATED MODULE: ./lib/action/operations/run.js








/** `run`: `create`, then `wait`, in one step and under one timeout. */
async function run(step, create, running, waiting, results) {
    const { client, toolkit } = step;
    const deadline = client.clock.now() + waiting.timeout;
    const left = () => Math.max(1, deadline - client.clock.now());
    if ("fileId" in create.input) {
        const batches = await (0,operations_create/* createFrom */.R6)(step, create, deadline);
        const ids = batches.map(({ id }) => id);
        return (0,wait.wait)(step, ids, { ...waiting, timeout: left() }, results, batches);
    }
    const { files } = create.input;
    const { scan, endpoint } = await (0,requestfile/* readRequestFiles */.p)(files, create.endpoint, toolkit, step.signal);
    const flown = await runBatch(client, {
        ...(0,operations_create/* createOptions */.Dp)(step, create, endpoint),
        ...(0,wait/* watch */.wB)(step),
        input: scan,
        endpoint,
        limits: create.limits,
        maxActive: running.maxActive,
        retryFailed: running.retryFailed,
        keyOf: (0,operations_create/* keysOf */.YD)(step, create)(endpoint),
        timeout: left(),
        pollInterval: waiting.pollInterval,
        maxPollInterval: waiting.maxPollInterval,
        outputFile: results.outputFile,
        errorFile: results.errorFile,
        order: results.order,
        temporaryFolder: process.env["RUNNER_TEMP"],
        onBatch: (0,operations_create/* createTeller */.Ld)(step),
        onHeldBack(load, pause) {
            toolkit.info(`The server has no room for batch ${load + 1} now; trying again when another has finished, or in ${(0,format/* formatDuration */.a3)(pause)}.`);
        },
        onRound(round, requests) {
            toolkit.info(`Round ${round}: ${(0,format/* plural */.LS)(requests, "request")} that failed in passing ${requests === 1 ? "is" : "are"} sent again.`);
        },
    });
    (0,wait/* tellResults */.g7)(toolkit, flown.results);
    const failures = flown.failure === undefined ? [] : [flown.failure.message];
    let { batches } = flown;
    const timedOut = flown.batches.some((batch) => !(0,batch_status/* isTerminal */.Hd)(batch)) ||
        (!flown.done && flown.failure === undefined);
    if (timedOut && waiting.onTimeout === "cancel") {
        const cancelled = await (0,wait/* cancelAtTimeout */.H$)(step, batches);
        batches = (0,wait/* latest */.IW)(batches.map(({ id }) => id), batches, cancelled.batches);
        failures.push(...cancelled.failures);
    }
    const report = (0,outputs/* reportOf */.E)(batches, flown.results, flown.superseded, !timedOut);
    const failure = (0,verdict/* verdict */.W)(report, results, timedOut ? waiting : undefined);
    return { report, failure: [failure, ...failures].filter(Boolean).join("\n") || undefined };
}


/***/ }),

/***/ 5791:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ verdict)
/* harmony export */ });
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5821);

/**
 * Why the step fails, or `undefined` when it does not.
 *
 * @param timedOut the wait's inputs when its timeout came
 */
function verdict(report, results, timedOut) {
    const bad = report.standing.filter(({ status }) => results.failOn.includes(status));
    if (bad.length > 0) {
        const named = bad.map((batch) => `${batch.id} is ${batch.status}${reasonOf(batch)}`);
        return `${named.join("; ")}. What the batch has was collected; see \`fail-on\` to accept this status.`;
    }
    if (timedOut !== undefined && timedOut.onTimeout !== "continue") {
        const after = `The wait ended after ${(0,_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(timedOut.timeout)} (\`timeout\`) before the batch did.`;
        return timedOut.onTimeout === "cancel"
            ? `${after} The batch was cancelled, as \`on-timeout\` asks; \`operation: retrieve\` brings what it has once it is \`cancelled\`.`
            : `${after} The batch keeps running: wait for its \`batch-id\` in a later job, or cancel it.`;
    }
    const problems = report.results?.problems ?? [];
    if (problems.length > 0) {
        return `Some results could not be had; the others were written. ${problems.join(" ")}`;
    }
    const { failed, total } = report.counts;
    const limit = results.maxRequestFailures;
    const allowed = "count" in limit ? limit.count : (limit.percent / 100) * total;
    if (report.done && failed > allowed) {
        const named = "count" in limit ? String(limit.count) : `${limit.percent}%`;
        return `${failed} of ${total} requests failed, more than \`max-request-failures\` (${named}) allows.`;
    }
    return undefined;
}
function reasonOf({ errors }) {
    const [first] = errors?.data ?? [];
    if (first === undefined)
        return "";
    const line = first.line === undefined || first.line === null ? "" : `line ${first.line}: `;
    return ` (${line}${[first.code, first.message].filter(Boolean).join(": ")})`;
}


/***/ })

};
