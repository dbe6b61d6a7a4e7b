export const id = 36;
export const ids = [36];
export const modules = {

/***/ 3389:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Ei: () => (/* binding */ annotateErrors),
  Uc: () => (/* binding */ describeError),
  Xt: () => (/* binding */ traceErrors)
});

// UNUSED EXPORTS: maxAnnotations

// EXTERNAL MODULE: ./lib/batch/split.js + 1 modules
var split = __webpack_require__(7692);
;// CONCATENATED MODULE: ./lib/batch/origin.js

/**
 * Where the lines of an uploaded part come from. The server counts the lines that it was sent: of
 * one part of several, from several files, without byte order marks and blank lines.
 *
 * @param lines from 1, as the server counts
 * @returns by the server's line; a line that the part does not have is left out
 */
function originsOf(scan, part, lines) {
    const origins = new Map();
    const last = Math.max(0, ...lines);
    let sent = 0;
    for (const request of (0,split/* requestsOf */.uD)(scan, part)) {
        sent += 1;
        if (sent > last)
            break;
        if (!lines.has(sent))
            continue;
        const file = scan.files[scan.lines.place(request).file] ?? "";
        origins.set(sent, { file, line: scan.lineNumber(request) });
    }
    return origins;
}

// EXTERNAL MODULE: ./lib/action/advice.js
var advice = __webpack_require__(6024);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
;// CONCATENATED MODULE: ./lib/action/batcherrors.js



/** GitHub shows ten annotations of a kind per step, and the step's failure is one of them. */
const maxAnnotations = 9;
/** Errors that are traced to their lines; what the summary shows of them is fewer. */
const mostTraced = 100;
const longestMessage = 500;
/** Traces errors of batches, as far as they name a line, back to the lines of the request files. */
function traceErrors(batches, scan, parts) {
    const origins = new Map();
    let left = mostTraced;
    for (const { id, errors } of batches) {
        const part = parts.get(id);
        const found = (errors?.data ?? []).slice(0, left);
        if (part === undefined || found.length === 0)
            continue;
        left -= found.length;
        const of = originsOf(scan, part, new Set(found.flatMap(({ line }) => line ?? [])));
        for (const error of found) {
            const origin = of.get(error.line ?? 0);
            if (origin !== undefined)
                origins.set(error, origin);
        }
    }
    return origins;
}
/** Annotates the lines of the request files that made batches fail, as many as GitHub shows. */
function annotateErrors(tell, batches, origins) {
    const traced = batches.flatMap(({ id, errors }) => (errors?.data ?? []).flatMap((error) => {
        const origin = origins.get(error);
        return origin === undefined ? [] : [{ id, error, origin }];
    }));
    for (const { id, error, origin } of traced.slice(0, maxAnnotations)) {
        tell(`${sentence(describeError(error))} ${(0,advice/* adviceForBatch */.c)(error.code)}`, {
            title: `Batch ${(0,format/* shorten */.ml)(id, 100)} failed`,
            file: origin.file,
            startLine: origin.line,
        });
    }
}
/** Code and message of a batch's error, in one line. */
function describeError({ code, message }) {
    return (0,format/* shorten */.ml)([code, message].filter(Boolean).join(": "), longestMessage) || "error";
}
function sentence(text) {
    return /[.!?…]$/.test(text) ? text : `${text}.`;
}


/***/ }),

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
    const allParts = new Map();
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
        return { batches, parts: allParts, superseded, done, reused, results, failure };
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

// EXTERNAL MODULE: ./lib/action/batcherrors.js + 1 modules
var batcherrors = __webpack_require__(3389);
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
    const origins = (0,batcherrors/* traceErrors */.Xt)(flown.batches, scan, flown.parts);
    for (const [id, part] of flown.parts)
        step.notes.requests.set(id, part.requests);
    for (const [error, origin] of origins)
        step.notes.origins.set(error, origin);
    const tell = results.failOn.includes("failed") ? toolkit.error : toolkit.warning;
    (0,batcherrors/* annotateErrors */.Ei)(tell, flown.batches, origins);
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
    const failure = (0,verdict/* verdict */.W)(report, results, timedOut ? waiting : undefined, origins);
    return { report, failure: [failure, ...failures].filter(Boolean).join("\n") || undefined };
}


/***/ }),

/***/ 5791:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ verdict)
/* harmony export */ });
/* harmony import */ var _advice_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6024);
/* harmony import */ var _batcherrors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3389);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5821);



/**
 * Why the step fails, or `undefined` when it does not.
 *
 * @param timedOut the wait's inputs when its timeout came
 * @param origins where errors of batches come from, as far as that is known
 */
function verdict(report, results, timedOut, origins = new Map()) {
    const bad = report.standing.filter(({ status }) => results.failOn.includes(status));
    if (bad.length > 0) {
        return [
            `${nameBad(bad, origins)}.`,
            ...adviceOn(bad),
            "What the batch has was collected; see `fail-on` to accept this status.",
        ].join(" ");
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
/** The message is an annotation, of which GitHub shows 4,096 characters. */
const mostNamed = 5;
const mostAdvice = 3;
function nameBad(bad, origins) {
    const named = bad
        .slice(0, mostNamed)
        .map((batch) => `${(0,_format_js__WEBPACK_IMPORTED_MODULE_0__/* .shorten */ .ml)(batch.id, 100)} is ${batch.status}${reasonOf(batch, origins)}`);
    const more = bad.length - named.length;
    return [
        ...named,
        ...(more > 0 ? [`${(0,_format_js__WEBPACK_IMPORTED_MODULE_0__/* .plural */ .LS)(more, "more batch", "more batches")} likewise`] : []),
    ].join("; ");
}
function reasonOf({ errors }, origins) {
    const [first] = errors?.data ?? [];
    if (first === undefined)
        return "";
    const origin = origins.get(first);
    const line = first.line === undefined || first.line === null ? "" : `line ${first.line}: `;
    const where = origin === undefined ? line : `${origin.file}:${origin.line}: `;
    return ` (${where}${(0,_batcherrors_js__WEBPACK_IMPORTED_MODULE_1__/* .describeError */ .Uc)(first)})`;
}
/** What to do about the first error of each batch, each advice once. */
function adviceOn(bad) {
    const firsts = bad.flatMap(({ errors }) => errors?.data?.[0] ?? []);
    return [...new Set(firsts.map(({ code }) => (0,_advice_js__WEBPACK_IMPORTED_MODULE_2__/* .adviceForBatch */ .c)(code)))].slice(0, mostAdvice);
}


/***/ })

};
