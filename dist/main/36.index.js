export const id = 36;
export const ids = [36];
export const modules = {

/***/ 3036:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  run: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./lib/batch/results.js + 4 modules
var results = __webpack_require__(7661);
// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/flight.js + 3 modules
var batch_flight = __webpack_require__(2007);
// EXTERNAL MODULE: ./lib/batch/create/lookup.js
var lookup = __webpack_require__(343);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
// EXTERNAL MODULE: ./lib/batch/input.js + 1 modules
var input = __webpack_require__(4275);
// EXTERNAL MODULE: ./lib/batch/split.js + 1 modules
var split = __webpack_require__(1840);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/batch/run.js








/**
 * The whole way: requests in, every request's answer out. Scans and splits the input, creates its
 * batches, follows them to their end, sends again what failed in transient, and writes one file of
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
    const allParts = new Map();
    const superseded = new Set();
    let reused = false;
    let unsent = 0;
    const flyRound = async (parts, round) => {
        const before = [...batches];
        const flight = await (0,batch_flight/* fly */._)(client, parts.map((part) => ({
            key: options.keyOf?.({ part, count: parts.length, round }),
            input: (0,split/* partSource */.v9)(scan, part),
        })), {
            ...options,
            endpoint,
            reusePartial: retryFailed > 0,
            timeout: deadline === undefined ? undefined : Math.max(0, deadline - clock.now()),
            onProgress: (seen) => options.onProgress?.([...before, ...seen]),
        });
        const known = flight.batches.filter((batch) => batch !== undefined);
        batches.push(...known);
        reused ||= flight.reused;
        unsent = parts.length - known.length;
        const byId = new Map(flight.batches.flatMap((batch, index) => {
            const part = parts[index];
            return batch === undefined || part === undefined ? [] : [[batch.id, part]];
        }));
        for (const [id, part] of byId)
            allParts.set(id, part);
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
        let flight = await flyRound((0,split/* splitInput */.pU)(scan, options.limits), 0);
        let rounds = retryFailed;
        for (let round = 1; flight.done; round += 1) {
            // A round of an earlier run that ended early is taken for its answers, and is none of this run's.
            if (flight.reused && flight.batches.some((batch) => batch && (0,lookup/* isSentAgain */.DF)(batch)))
                rounds += 1;
            if (retryFailed === 0 || round > rounds)
                break;
            const again = collection.retryable();
            if (again.length === 0)
                break;
            options.onRound?.(round, again.length);
            const before = batches.filter(lookup/* isSentAgain */.DF);
            try {
                flight = await flyRound((0,split/* splitInput */.pU)(scan, options.limits, again), round);
            }
            catch (error) {
                // The answers that there are were paid for.
                if (!(error instanceof errors/* APIError */.LG))
                    throw error;
                flight = { ...flight, failure: error };
                break;
            }
            if (flight.done)
                for (const { id } of before)
                    superseded.add(id);
        }
        const { done, failure } = flight;
        const results = collects && batches.some(batch_status/* isTerminal */.Hd) ? collection.write(options) : undefined;
        return { batches, parts: allParts, superseded, done, reused, results, unsent, failure };
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
    return new errors/* APIError */.LG(`The input has ${(0,format/* plural */.LS)(problemCount, "problem")}; nothing was sent.\n${shown.join("\n")}`, { code: "invalid_input" });
}

// EXTERNAL MODULE: ./lib/action/batch-errors.js + 1 modules
var batch_errors = __webpack_require__(3521);
// EXTERNAL MODULE: ./lib/action/outputs.js
var outputs = __webpack_require__(7352);
// EXTERNAL MODULE: ./lib/action/request-file.js
var request_file = __webpack_require__(7682);
// EXTERNAL MODULE: ./lib/action/operations/create.js
var operations_create = __webpack_require__(5733);
// EXTERNAL MODULE: ./lib/action/operations/hand-over.js + 2 modules
var hand_over = __webpack_require__(1313);
// EXTERNAL MODULE: ./lib/action/operations/results.js
var operations_results = __webpack_require__(3227);
// EXTERNAL MODULE: ./lib/action/operations/wait.js + 2 modules
var wait = __webpack_require__(3457);
;// CONCATENATED MODULE: ./lib/action/operations/run.js











/** `run`: `create`, then `wait`, in one step and under one timeout. */
async function run(step, create, running, waiting, results) {
    const { client, toolkit } = step;
    const deadline = client.clock.now() + waiting.timeout;
    const left = () => Math.max(1, deadline - client.clock.now());
    if ("fileId" in create.input) {
        const batches = await (0,operations_create/* createFrom */.R6)(step, create, deadline);
        const ids = batches.map(({ id }) => id);
        return (0,wait/* waitFor */.fm)(step, ids, { ...waiting, timeout: left() }, results, batches);
    }
    const { files } = create.input;
    const { scan, endpoint } = await (0,request_file/* readRequestFiles */.p)(files, create.endpoint, toolkit, step.signal);
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
            toolkit.info(`Round ${round}: ${(0,format/* plural */.LS)(requests, "request")} that failed for a transient reason ${requests === 1 ? "is" : "are"} sent again.`);
        },
    });
    (0,operations_results/* tellResults */.g)(toolkit, flown.results);
    const origins = (0,batch_errors/* traceErrors */.Xt)(flown.batches, scan, flown.parts);
    for (const [id, part] of flown.parts)
        step.notes.requests.set(id, part.requests);
    for (const [error, origin] of origins)
        step.notes.origins.set(error, origin);
    const tell = results.failOn.includes("failed") ? toolkit.error : toolkit.warning;
    (0,batch_errors/* annotateErrors */.Ei)(tell, flown.batches, origins);
    const failures = flown.failure === undefined ? [] : [flown.failure.message];
    if (create.idempotencyKey !== undefined && flown.reused && (flown.results?.unexpected ?? 0) > 0) {
        failures.push(`\`idempotency-key\` (${create.idempotencyKey}) names a batch that was made of other requests. Let the key change with them, for example by \`hashFiles\` of the request file.`);
    }
    let { batches, results: found } = flown;
    const timedOut = flown.batches.some((batch) => !(0,batch_status/* isTerminal */.Hd)(batch)) ||
        (!flown.done && flown.failure === undefined);
    if (timedOut && waiting.onTimeout === "cancel") {
        const cancelled = await (0,wait/* cancelAtTimeout */.H$)(step, results, batches);
        batches = (0,wait/* latest */.IW)(batches.map(({ id }) => id), batches, cancelled.batches);
        failures.push(...cancelled.failures);
        if ((0,operations_results/* isWanted */.Y)(results) && cancelled.batches.some(batch_status/* isTerminal */.Hd)) {
            found = await collectAgain(step, batches, { input: scan, parts: flown.parts }, results);
        }
    }
    const complete = !timedOut || (flown.unsent === 0 && batches.every(batch_status/* isTerminal */.Hd));
    const report = (0,outputs/* reportOf */.E)(batches, found, flown.superseded, complete);
    if (timedOut && waiting.onTimeout === "dispatch") {
        const why = flown.unsent > 0
            ? (0,hand_over/* notStarted */.D)("not all requests have been sent, and only this run has them.")
            : await (0,hand_over/* handOver */.C)(step, { ids: batches.map(({ id }) => id), batches }, waiting.dispatch);
        if (why === undefined)
            return { report };
        failures.push(why);
    }
    return (0,wait/* ended */.v6)(step, report, results, timedOut ? waiting : undefined, failures);
}
/** What the cancelled batches had was paid for; it joins what has been written of the others. */
async function collectAgain({ client, toolkit, signal }, batches, requests, { outputFile, errorFile, order }) {
    const temporaryFolder = process.env["RUNNER_TEMP"];
    const files = { outputFile, errorFile, order, temporaryFolder };
    const found = await (0,results/* collectResults */.n1)(client, batches, { ...requests, ...files, signal });
    (0,operations_results/* tellResults */.g)(toolkit, found);
    return found;
}


/***/ })

};
