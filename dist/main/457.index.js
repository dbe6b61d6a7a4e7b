export const id = 457;
export const ids = [457];
export const modules = {

/***/ 5189:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ cancelledEnding),
/* harmony export */   z: () => (/* binding */ endingOf)
/* harmony export */ });
/* harmony import */ var _batch_status_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3276);

/**
 * How the batches of a step ended, for their commit status; none while one of them still runs.
 *
 * @param failure why the step fails, if it does
 */
function endingOf({ batches, standing, counts, results }, { failOn, outputFile }, failure) {
    if (!batches.every(isSettled))
        return [];
    const isBad = ({ status }) => status === "cancelling" || failOn.includes(status);
    const anyBad = standing.some(isBad);
    // Results that were not asked for, or could not all be had, are still to be collected.
    const collected = outputFile !== undefined && results?.problems.length === 0;
    return batches.map((batch) => ({
        batch,
        failed: standing.includes(batch) && (anyBad ? isBad(batch) : failure !== undefined),
        collected: collected && (0,_batch_status_js__WEBPACK_IMPORTED_MODULE_0__/* .isTerminal */ .Hd)(batch),
        counts: batches.length === 1 && (0,_batch_status_js__WEBPACK_IMPORTED_MODULE_0__/* .isTerminal */ .Hd)(batch) ? counts : batch.request_counts,
    }));
}
/** How batches stand after a cancel: one that had completed is none the worse for it. */
function cancelledEnding(batches) {
    return batches.filter(isSettled).map((batch) => ({
        batch,
        failed: batch.status !== "completed",
        collected: false,
        counts: (0,_batch_status_js__WEBPACK_IMPORTED_MODULE_0__/* .isTerminal */ .Hd)(batch) ? batch.request_counts : undefined,
    }));
}
/** Whether nothing more is to be expected of it. */
function isSettled(batch) {
    return (0,_batch_status_js__WEBPACK_IMPORTED_MODULE_0__/* .isTerminal */ .Hd)(batch) || batch.status === "cancelling";
}


/***/ }),

/***/ 6291:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ cancelAll),
/* harmony export */   cancel: () => (/* binding */ cancel)
/* harmony export */ });
/* harmony import */ var p_map__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(606);
/* harmony import */ var _api_retry_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4482);
/* harmony import */ var _batch_cancel_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(9168);
/* harmony import */ var _batch_status_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3276);
/* harmony import */ var _github_ending_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5189);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7352);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(2961);
/* harmony import */ var _choose_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(284);








/** `cancel`: cancels batches; one that has finished is left as it is. */
async function cancel(step, choice) {
    const { clock } = step.client;
    const { ids } = await (0,_choose_js__WEBPACK_IMPORTED_MODULE_0__/* .choose */ .Sw)(step, choice, isCancellable);
    if (ids.length === 0) {
        step.toolkit.notice("No batch that matches is still running, so none was cancelled.");
        return { report: (0,_choose_js__WEBPACK_IMPORTED_MODULE_0__/* .nothingToDo */ .KN)() };
    }
    // A workflow that is cancelled while it cancels a batch wants the batch cancelled all the more.
    const signal = (0,_api_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .afterGrace */ .tt)(step.signal, timeToFinish, clock);
    const { batches, failures } = await cancelAll(step, ids, { signal });
    step.reporter.ended((0,_github_ending_js__WEBPACK_IMPORTED_MODULE_2__/* .cancelledEnding */ .D)(batches));
    return {
        report: (0,_outputs_js__WEBPACK_IMPORTED_MODULE_3__/* .reportOf */ .E)(batches),
        failure: failures.length === 0 ? undefined : failures.join("\n"),
    };
}
/** Whether a cancel would do anything. */
function isCancellable(batch) {
    return !(0,_batch_status_js__WEBPACK_IMPORTED_MODULE_4__/* .isTerminal */ .Hd)(batch) && batch.status !== "cancelling";
}
/** Milliseconds of the 7.5 seconds that a signalled process has. */
const timeToFinish = 5_000;
/** A sweep may find hundreds; servers take only so many calls at once. */
const atOnce = 8;
/** Cancels every one of the batches, also after one could not be. */
async function cancelAll({ client, toolkit }, batchIds, call) {
    const cancelled = await (0,p_map__WEBPACK_IMPORTED_MODULE_5__/* ["default"] */ .Ay)(batchIds, async (id) => {
        try {
            const batch = await (0,_batch_cancel_js__WEBPACK_IMPORTED_MODULE_6__/* .cancelBatch */ .D)(client, id, call);
            toolkit.info((0,_progress_js__WEBPACK_IMPORTED_MODULE_7__/* .describeBatch */ .sn)(batch));
            return { batch };
        }
        catch (error) {
            call.signal?.throwIfAborted();
            return { failure: error instanceof Error ? error.message : String(error) };
        }
    }, { concurrency: atOnce });
    return {
        batches: cancelled.flatMap(({ batch }) => batch ?? []),
        failures: cancelled.flatMap(({ failure }) => failure ?? []),
    };
}


/***/ }),

/***/ 5521:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ fetchInput)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6760);
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(8937);
/* harmony import */ var _batch_input_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2639);






/** The requests of batches that another step created, from the server, to put their results in order. */
async function fetchInput({ client, toolkit, signal }, batches) {
    const folder = process.env["RUNNER_TEMP"] ?? (0,node_os__WEBPACK_IMPORTED_MODULE_2__.tmpdir)();
    const ids = [...new Set(batches.map(({ input_file_id }) => input_file_id))];
    const paths = [];
    const remove = async () => {
        for (const path of paths)
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(path, { force: true });
    };
    try {
        for (const id of ids) {
            const path = (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(folder, `batch-input-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}.jsonl`);
            await client.files.download(id, path, { signal });
            paths.push(path);
        }
        const scan = await (0,_batch_input_js__WEBPACK_IMPORTED_MODULE_4__/* .scanInput */ .m)(paths, { signal });
        if (!scan.problemCounts.has("duplicate_custom_id")) {
            const parts = new Map(batches.map((batch) => [batch.id, wholeFile(ids.indexOf(batch.input_file_id))]));
            return { scan, parts, [Symbol.asyncDispose]: remove };
        }
        await remove();
        toolkit.warning("The results are in the server's order, because the batches use the same custom_ids.");
    }
    catch (error) {
        await remove();
        if (!(error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_5__/* .APIError */ .LG))
            throw error;
        toolkit.warning(`The results are in the server's order, because the input is not to be had. ${error.message}`);
    }
    return { scan: undefined, parts: new Map(), [Symbol.asyncDispose]: () => Promise.resolve() };
}
function wholeFile(file) {
    const ranges = [{ file, start: 0, end: Number.MAX_SAFE_INTEGER }];
    return { index: file, requests: 0, bytes: 0, model: "", hash: "", ranges };
}


/***/ }),

/***/ 1672:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  C: () => (/* binding */ handOver)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
;// CONCATENATED MODULE: ./lib/batch/wait/window.js
const units = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };
/** Of OpenAI, and of every window that is not a length of time. */
const defaultWindow = 24 * 3_600_000;
/**
 * When the server is to have ended a batch, in milliseconds since the epoch: what it says, else the
 * completion window from the batch's creation; `undefined` where it tells neither.
 */
function windowEnd({ expires_at: expires, created_at: created, completion_window: window, }) {
    if (expires !== undefined && expires > 0)
        return expires * 1000;
    if (created === 0)
        return undefined;
    const [, count = "", unit = ""] = /^(\d+)\s*([mhd])$/i.exec(window) ?? [];
    const length = Number(count) * (units[unit.toLowerCase()] ?? 0);
    return created * 1000 + (length > 0 ? length : defaultWindow);
}

// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/action/github/startedrun.js
/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const clockSkew = 60_000;
/**
 * The run that a dispatch since then has started; `undefined` when there is none.
 *
 * @param own the id of the run that asks: one that it has started has a greater one
 */
async function findStartedRun(api, target, { since, own }, { clock, ...call }) {
    for (const pause of looks) {
        await clock.sleep(pause, call.signal);
        const runs = await api.dispatchedRuns(target, since - clockSkew, call);
        const started = runs.find(({ id }) => id > Number(own ?? 0));
        if (started !== undefined)
            return started;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/action/operations/handover.js




/** Milliseconds behind the end of a batch's window in which a run may still wait on it. */
const windowGrace = 3_600_000;
/** Milliseconds that a look at batches may take that were never seen. */
const timeToLook = 30_000;
/** Milliseconds that all calls of a hand-over may take. */
const timeLimit = 120_000;
/** A dispatch that was lost, and of which no run is found, is sent again so often. */
const mostTries = 3;
/**
 * Starts the workflow again with these batches, so that another run waits on. From then on they are
 * that run's: neither the end of this job nor its clean-up cancels them.
 *
 * @returns why it could not be done, or `undefined` when it was
 * @throws the signal's reason when it aborts: what is being cancelled is not handed over
 */
async function handOver(step, { ids, batches }, target) {
    const { client, toolkit, state, signal, api } = step;
    signal.throwIfAborted();
    if (api === undefined || target === undefined)
        return notStarted("there is no `github-token`.");
    const unfinished = ids.filter((id) => !batches.some((one) => one.id === id && (0,batch_status/* isTerminal */.Hd)(one)));
    const seen = [...batches, ...(await lookOnce(step, unfinished, batches))];
    const late = tooLate(unfinished, seen, client.clock.now());
    if (late !== undefined)
        return notStarted(late);
    const since = client.clock.now();
    // Written first: after a kill the post step has to find out whether a run has started.
    state.handingOver({ ids: unfinished, since });
    const failure = await start(step, api, target, { ids, since });
    if (failure === undefined) {
        state.handedOver();
        toolkit.notice(`The time was up, so ${target.file} was started again on ${target.ref}, to wait on for ${unfinished.join(", ")}.`);
        return undefined;
    }
    if (!failure.unknown)
        state.notHandedOver();
    return failure.why;
}
/** A wait may have been too short, or the server too busy, for any look to have come through. */
async function lookOnce({ client, signal }, ids, batches) {
    const deadline = client.clock.now() + timeToLook;
    const found = [];
    for (const id of ids.filter((one) => !batches.some((batch) => batch.id === one))) {
        try {
            found.push(await client.batches.retrieve(id, { signal, deadline }));
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
        }
    }
    return found;
}
async function start({ client, github, signal, toolkit }, api, target, { ids, since }) {
    const { clock } = client;
    const call = { signal, deadline: since + timeLimit };
    for (let attempt = 1;; attempt += 1) {
        try {
            await api.dispatch(target, { "batch-id": ids.join(",") }, call);
            return undefined;
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
            if (!error.outcomeUnknown)
                return { why: notStarted(error.message), unknown: attempt > 1 };
            toolkit.warning(`${error.message} Looking whether the run was started all the same.`);
        }
        try {
            const run = await findStartedRun(api, target, { since, own: github.runId }, { ...call, clock });
            if (run !== undefined) {
                toolkit.info(`The run was started: ${run.url}.`);
                return undefined;
            }
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
            return { why: `${unclear} ${error.message}`, unknown: true };
        }
        if (attempt === mostTries)
            return { why: unclear, unknown: true };
    }
}
const unclear = "Whether the workflow was started again (`on-timeout: dispatch`) is not known; look among its runs before you start it by hand.";
function notStarted(why) {
    return `The workflow could not be started again (\`on-timeout: dispatch\`): ${why}`;
}
/** Why no further run may wait on these batches: each of their windows has an end, and so has the chain of runs. */
function tooLate(ids, batches, now) {
    const ends = ids.map((id) => {
        const batch = batches.find((one) => one.id === id);
        return batch === undefined ? undefined : windowEnd(batch);
    });
    const known = ends.filter((end) => end !== undefined);
    if (known.length === 0) {
        return `it is not known when the window of ${ids.join(", ")} ends, so runs might follow each other for ever.`;
    }
    return now > Math.max(...known) + windowGrace
        ? `the completion window of ${ids.join(", ")} is over, and the server has not ended it.`
        : undefined;
}


/***/ }),

/***/ 3457:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  H$: () => (/* binding */ cancelAtTimeout),
  v6: () => (/* binding */ ended),
  IW: () => (/* binding */ latest),
  g7: () => (/* binding */ tellResults),
  wait: () => (/* binding */ wait_wait),
  fm: () => (/* binding */ waitFor),
  wB: () => (/* binding */ watch),
  withResults: () => (/* binding */ withResults)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/results.js + 5 modules
var batch_results = __webpack_require__(2834);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
// EXTERNAL MODULE: ./lib/batch/wait.js
var wait = __webpack_require__(2455);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
// EXTERNAL MODULE: ./lib/action/outputs.js
var outputs = __webpack_require__(7352);
// EXTERNAL MODULE: ./lib/batch/progress.js
var progress = __webpack_require__(2961);
;// CONCATENATED MODULE: ./lib/batch/progress/teller.js


const minute = 60_000;
/** Milliseconds without a line after which one is said all the same; the last one goes on. */
const heartbeats = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute);
/** So many batches get a line each; more are summed up. */
const fewBatches = 3;
const mostChanged = 5;
const mostDetails = 200;
const tenths = 10;
const nothing = { lines: [], details: [] };
/**
 * Decides when progress is worth a line: when a status changed, a first request failed or another
 * tenth was done, and else at growing distance. Many batches are one summed line and a few lines
 * of those that changed, however many there are.
 *
 * @param now milliseconds since the epoch; the elapsed time counts from this call
 */
function createProgressTeller(now) {
    const started = now();
    const said = new Map();
    let lastLine = started;
    let lastTotal = "";
    let beats = 0;
    return (batches) => {
        if (batches.length === 0)
            return nothing;
        const first = said.size === 0;
        const few = batches.length <= fewBatches;
        const changed = batches.filter((batch) => {
            const state = few ? stateOf(batch) : batch.status;
            if (said.get(batch.id) === state)
                return false;
            said.set(batch.id, state);
            return true;
        });
        const total = few ? "" : tenthOf(batches);
        const moved = total !== lastTotal;
        lastTotal = total;
        const time = now();
        const due = time - lastLine >= (heartbeats[Math.min(beats, heartbeats.length - 1)] ?? minute);
        if (changed.length === 0 && !moved && !due)
            return nothing;
        if (changed.length === 0 && !moved)
            beats += 1;
        lastLine = time;
        const line = (of) => (0,progress/* progressLine */.oz)(of, time, started);
        if (few) {
            const shown = changed.length > 0 ? changed : batches;
            return { lines: shown.map((batch) => line([batch])), details: [] };
        }
        if (first) {
            return { lines: [line(batches)], details: batches.slice(0, mostDetails).map(progress/* describeBatch */.sn) };
        }
        const more = changed.length - mostChanged;
        return {
            lines: [
                ...changed.slice(0, mostChanged).map(progress/* describeBatch */.sn),
                ...(more > 0 ? [`${(0,format/* plural */.LS)(more, "more batch", "more batches")} changed.`] : []),
                line(batches),
            ],
            details: [],
        };
    };
}
function stateOf(batch) {
    return `${batch.status} ${(batch.request_counts?.failed ?? 0) > 0} ${tenthOf([batch])}`;
}
function tenthOf(batches) {
    const total = batches.reduce((sum, { request_counts: counts }) => sum + (counts?.total ?? 0), 0);
    const done = batches.reduce((sum, { request_counts: counts }) => sum + (counts === undefined ? 0 : (0,progress/* shareDone */.GS)(counts) * counts.total), 0);
    return String(total === 0 ? 0 : Math.floor((done / total) * tenths));
}

;// CONCATENATED MODULE: ./lib/action/progress.js




/** Says how the batches are doing, when there is something to say, and warns once of a status nobody has told us of. */
function progressLog(toolkit, now) {
    const tell = createProgressTeller(now);
    const warned = new Set();
    return (batches) => {
        const { lines, details } = tell(batches);
        if (details.length > 0) {
            toolkit.startGroup((0,format/* plural */.LS)(batches.length, "batch", "batches"));
            for (const line of details)
                toolkit.info(line);
            if (details.length < batches.length)
                toolkit.info(`… and ${batches.length - details.length} more`);
            toolkit.endGroup();
        }
        for (const line of lines)
            toolkit.info(line);
        for (const { status } of batches) {
            if ((0,batch_status/* isKnownStatus */.ih)(status) || warned.has(status))
                continue;
            warned.add(status);
            toolkit.warning(`The server names a status that is not known: ${String(status)}. Waiting on.`);
        }
    };
}

// EXTERNAL MODULE: ./lib/action/operations/fetchinput.js
var fetchinput = __webpack_require__(5521);
// EXTERNAL MODULE: ./lib/action/verdict.js
var verdict = __webpack_require__(5791);
// EXTERNAL MODULE: ./lib/action/github/ending.js
var ending = __webpack_require__(5189);
// EXTERNAL MODULE: ./lib/action/operations/cancel.js
var cancel = __webpack_require__(6291);
// EXTERNAL MODULE: ./lib/action/operations/choose.js
var choose = __webpack_require__(284);
// EXTERNAL MODULE: ./lib/action/operations/handover.js + 2 modules
var handover = __webpack_require__(1672);
;// CONCATENATED MODULE: ./lib/action/operations/wait.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});













/**
 * `wait`: follows existing batches to their end, then collects their results if asked.
 *
 * @throws {APIError} `nothing_matches` when a filter is to choose them and picks none
 */
async function wait_wait(step, choice, inputs, results) {
    const { ids, batches } = await (0,choose/* choose */.Sw)(step, choice);
    if (ids.length === 0) {
        throw new errors/* APIError */.LG("No batch of the last 30 days matches `match-metadata` and `match-status`, so there is nothing to wait for.", { code: "nothing_matches" });
    }
    return waitFor(step, ids, inputs, results, batches);
}
/**
 * @param known what is known of the batches already, for the case that the server never answers
 */
async function waitFor(step, batchIds, inputs, results, known = []) {
    const { client, toolkit, state, signal } = step;
    state.following(batchIds);
    toolkit.setOutput("batch-id", batchIds.join(","));
    const waited = await (0,wait/* waitForBatches */.l6)(client, batchIds, {
        ...watch(step, batchIds.length),
        timeout: inputs.timeout,
        pollInterval: inputs.pollInterval,
        maxPollInterval: inputs.maxPollInterval,
        signal,
        known,
    });
    const seen = latest(batchIds, known, waited.batches);
    const failures = [...waited.unknown.values()].map(({ message }) => message);
    const existing = batchIds.filter((id) => !waited.unknown.has(id));
    if (waited.done) {
        return ended(step, await withResults(step, seen, results), results, undefined, failures);
    }
    if (inputs.onTimeout === "dispatch") {
        const why = await (0,handover/* handOver */.C)(step, { ids: existing, batches: seen }, inputs.dispatch);
        const report = await withResults(step, seen, results);
        // How the batches end is for the run that goes on to judge.
        if (why === undefined && failures.length === 0)
            return { report };
        if (why === undefined)
            return ended(step, report, results, undefined, failures);
        return ended(step, report, results, inputs, [...failures, why]);
    }
    if (inputs.onTimeout !== "cancel") {
        return ended(step, await withResults(step, seen, results), results, inputs, failures);
    }
    const unseen = existing.filter((id) => !seen.some((batch) => batch.id === id));
    const cancelled = await cancelAtTimeout(step, seen, unseen);
    const report = await withResults(step, latest(batchIds, seen, cancelled.batches), results);
    return ended(step, report, results, inputs, [...failures, ...cancelled.failures]);
}
/** The outcome of a report, with all that speaks against it; the commit status says the same. */
function ended({ reporter, notes }, report, results, timedOut, failures = []) {
    const all = [(0,verdict/* verdict */.W)(report, results, timedOut, notes.origins), ...failures];
    const failure = all.filter(Boolean).join("\n") || undefined;
    reporter.ended((0,ending/* endingOf */.z)(report, results, failure));
    return { report, failure };
}
/**
 * What a wait tells as it goes: state and outputs whenever a status changed, the log, and looks that
 * failed.
 *
 * @param expected how many batches have to be seen before the outputs are written
 */
function watch(step, expected = 0) {
    const { client, toolkit, state } = step;
    const log = progressLog(toolkit, () => client.clock.now());
    let statuses = "";
    let unknown = 0;
    return {
        onProgress(batches) {
            state.batches(batches);
            log(batches);
            const now = batches.map((batch) => batch.status).join(",");
            if (now === statuses || batches.length + unknown < expected)
                return;
            statuses = now;
            (0,outputs/* writeOutputs */.K)(toolkit, (0,outputs/* reportOf */.E)(batches));
        },
        onPollError(error, id) {
            toolkit.warning(`A look at ${id} failed; waiting on. ${error.message}`);
        },
        onUnknownId(error, id) {
            unknown += 1;
            state.unknown(id);
            toolkit.warning(`Waiting for the other batches. ${error.message}`);
        },
    };
}
/** Cancels what has not ended when the timeout has come; what cannot be cancelled is left to the post step. */
async function cancelAtTimeout(step, batches, unseen = []) {
    const { client, state, signal } = step;
    const unfinished = [
        ...batches.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch)).map(({ id }) => id),
        ...unseen,
    ];
    state.cancelWanted();
    const deadline = client.clock.now() + timeToCancel;
    const cancelled = await (0,cancel/* cancelAll */._)(step, unfinished, { signal, deadline });
    state.batches(cancelled.batches);
    state.cancelled(cancelled.batches.map(({ id }) => id));
    return cancelled;
}
/** Milliseconds that the cancel at the timeout may take; what it cannot do, the post step tries again. */
const timeToCancel = 120_000;
/** The newest of what is known of each batch, in the order of the ids. */
function latest(ids, ...known) {
    const batches = new Map(known.flat().map((batch) => [batch.id, batch]));
    return ids.flatMap((id) => batches.get(id) ?? []);
}
/** The report of these batches; what the finished ones have is downloaded if a file is asked for. */
async function withResults(step, batches, { outputFile, errorFile, order }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { client, toolkit, signal } = step;
        const wanted = outputFile !== undefined || errorFile !== undefined;
        if (!wanted || batches.length === 0)
            return (0,outputs/* reportOf */.E)(batches);
        const running = batches.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch)).length;
        if (running === batches.length) {
            toolkit.notice("No batch has ended yet, so no results were written.");
            return (0,outputs/* reportOf */.E)(batches);
        }
        if (running > 0) {
            toolkit.notice(`${(0,format/* plural */.LS)(running, "batch", "batches")} of ${batches.length} have not ended; only the results of the others were written.`);
        }
        const temporaryFolder = process.env["RUNNER_TEMP"];
        const input = __addDisposableResource(env_1, order === "input" ? await (0,fetchinput/* fetchInput */.Z)(step, batches) : undefined, true);
        const results = await (0,batch_results/* collectResults */.n1)(client, batches, {
            outputFile,
            errorFile,
            input: input?.scan,
            parts: input?.parts,
            temporaryFolder,
            signal,
        });
        tellResults(toolkit, results);
        return (0,outputs/* reportOf */.E)(batches, results);
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** Says where results were written, and what about them needs a look. */
function tellResults(toolkit, results) {
    if (results === undefined)
        return;
    const { completed, failed } = results.counts;
    if (results.outputFile !== undefined) {
        toolkit.info(`Wrote ${(0,format/* plural */.LS)(completed, "answer")} to ${results.outputFile}.`);
    }
    if (results.errorFile !== undefined) {
        toolkit.info(`Wrote ${(0,format/* plural */.LS)(failed, "failed request")} to ${results.errorFile}.`);
    }
    if (results.unexpected > 0) {
        toolkit.warning(`The server gave ${(0,format/* plural */.LS)(results.unexpected, "line")} for requests that the input does not have.`);
    }
    if (results.duplicates > 0) {
        toolkit.warning(`The server gave ${(0,format/* plural */.LS)(results.duplicates, "line")} for requests that had one already; the first answer stands.`);
    }
}


/***/ }),

/***/ 2834:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  VJ: () => (/* binding */ checkTargets),
  n1: () => (/* binding */ collectResults),
  ls: () => (/* binding */ openCollection)
});

// UNUSED EXPORTS: retryableRequests

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./lib/batch/results/linewriter.js



const bufferBytes = 1024 * 1024;
const lineFeed = 10;
/**
 * Writes lines to a temporary name beside the target; the target appears, whole, on `commit`.
 * Nothing is left behind after `discard`.
 */
class LineWriter {
    /** The absolute path that `commit` makes. */
    path;
    #partial;
    #handle;
    #buffer = Buffer.allocUnsafe(bufferBytes);
    #held = 0;
    #closed = false;
    /** @throws the system's error when the folder or file cannot be made */
    constructor(target) {
        this.path = (0,external_node_path_.resolve)(target);
        this.#partial = `${this.path}.${(0,external_node_crypto_.randomUUID)()}.partial`;
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(this.path), { recursive: true });
        this.#handle = (0,external_node_fs_.openSync)(this.#partial, "w");
    }
    /** Adds a line, or several whole ones; a line feed is put behind where there is none. */
    write(bytes) {
        const ended = bytes.at(-1) === lineFeed;
        if (this.#held + bytes.length + 1 > bufferBytes)
            this.#flush();
        if (bytes.length + 1 > bufferBytes) {
            writeAll(this.#handle, bytes);
            if (!ended)
                writeAll(this.#handle, Buffer.from([lineFeed]));
            return;
        }
        this.#buffer.set(bytes, this.#held);
        this.#held += bytes.length;
        if (!ended) {
            this.#buffer[this.#held] = lineFeed;
            this.#held += 1;
        }
    }
    commit() {
        this.#flush();
        // A name that is there after a power cut must not stand for bytes that are not.
        (0,external_node_fs_.fsyncSync)(this.#handle);
        (0,external_node_fs_.closeSync)(this.#handle);
        this.#closed = true;
        (0,external_node_fs_.renameSync)(this.#partial, this.path);
    }
    /** Also good after a commit, of which it leaves the file. */
    discard() {
        if (!this.#closed)
            (0,external_node_fs_.closeSync)(this.#handle);
        this.#closed = true;
        (0,external_node_fs_.rmSync)(this.#partial, { force: true });
    }
    #flush() {
        writeAll(this.#handle, this.#buffer.subarray(0, this.#held));
        this.#held = 0;
    }
}
function writeAll(handle, bytes) {
    for (let at = 0; at < bytes.length;)
        at += (0,external_node_fs_.writeSync)(handle, bytes, at);
}

;// CONCATENATED MODULE: ./lib/batch/results/file.js

/** The longest last line that is looked at; a longer one is taken to be whole. */
const longestTail = 32 * 1024 * 1024;
/**
 * Why a result file is none, or not whole, or nothing: it begins like JSON (a gateway's page does
 * not), and its last line ends with a line feed or is whole JSON.
 */
async function resultFileProblem(path) {
    const { size } = await (0,promises_.stat)(path);
    if (size === 0)
        return undefined;
    const file = await (0,promises_.open)(path, "r");
    try {
        const head = await file.read(Buffer.alloc(256), 0, 256, 0);
        const start = head.buffer.subarray(0, head.bytesRead).toString("utf8").trimStart();
        if (start.startsWith("<"))
            return "it is a web page";
        for (let length = 64 * 1024;; length *= 4) {
            const start = Math.max(0, size - length);
            const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
            const tail = buffer.subarray(0, bytesRead).toString("latin1");
            const text = tail.replace(/^\u00ef\u00bb\u00bf/, "").trimEnd();
            if (tail.endsWith("\n") || text === "")
                return undefined;
            const feed = text.lastIndexOf("\n");
            if (feed === -1 && start > 0 && length < longestTail)
                continue;
            if (feed === -1 && start > 0)
                return undefined;
            return isJson(text.slice(feed + 1)) ? undefined : "its last line is cut";
        }
    }
    finally {
        await file.close();
    }
}
function isJson(text) {
    try {
        JSON.parse(text);
        return true;
    }
    catch {
        return false;
    }
}

// EXTERNAL MODULE: ./lib/api/normalize.js
var normalize = __webpack_require__(3387);
// EXTERNAL MODULE: ./lib/batch/input/idindex.js
var idindex = __webpack_require__(7092);
// EXTERNAL MODULE: ./lib/batch/input/lines.js
var lines = __webpack_require__(1276);
;// CONCATENATED MODULE: ./lib/batch/results/linereader.js

/** Reads lines of several files by their places; files are opened once, at their first line. */
class LineReader {
    #paths;
    #handles = new Map();
    #buffer = Buffer.allocUnsafe(64 * 1024);
    constructor(paths) {
        this.#paths = paths;
    }
    /** The bytes at a place, good until the next call. */
    read({ file, start, end }) {
        const length = end - start;
        if (this.#buffer.length < length)
            this.#buffer = Buffer.allocUnsafe(length * 2);
        const handle = this.#handle(file);
        let have = 0;
        while (have < length) {
            const more = (0,external_node_fs_.readSync)(handle, this.#buffer, have, length - have, start + have);
            if (more === 0)
                break;
            have += more;
        }
        return this.#buffer.subarray(0, have);
    }
    close() {
        for (const handle of this.#handles.values())
            (0,external_node_fs_.closeSync)(handle);
        this.#handles.clear();
    }
    #handle(file) {
        const open = this.#handles.get(file);
        if (open !== undefined)
            return open;
        const handle = (0,external_node_fs_.openSync)(this.#paths[file] ?? "", "r");
        this.#handles.set(file, handle);
        return handle;
    }
}

// EXTERNAL MODULE: ./lib/batch/input/linetable.js
var linetable = __webpack_require__(5829);
;// CONCATENATED MODULE: ./lib/batch/results/line.js

const unreadable = {
    customId: undefined,
    failure: { code: "unreadable_line", passing: false },
    usage: undefined,
};
/**
 * Reads one result line. A request succeeded when its HTTP status is 2xx and no error stands
 * beside it, whichever file the line is in: servers put failures into the output file too, and
 * count a status of 0 as completed (ellmer#830).
 */
function readResultLine(bytes) {
    let line;
    try {
        line = JSON.parse(bytes.toString("utf8"));
    }
    catch {
        return unreadable;
    }
    if (!(0,normalize/* isFields */.Ce)(line))
        return unreadable;
    const { custom_id: id, response, error } = line;
    const body = (0,normalize/* isFields */.Ce)(response) ? bodyOf(response["body"]) : undefined;
    return {
        customId: typeof id === "string" ? id : undefined,
        failure: failureOf(response, error, body),
        usage: usageOf(body),
    };
}
/** Codes of requests that never ran; the next batch may have the time that this one lacked. */
const passingCodes = new Set(["batch_expired", "batch_cancelled"]);
function failureOf(response, error, body) {
    const status = (0,normalize/* isFields */.Ce)(response) ? response["status_code"] : undefined;
    const passing = isPassingStatus(status);
    if (typeof error === "string" && error !== "")
        return { code: "error", passing };
    if ((0,normalize/* isFields */.Ce)(error) && Object.keys(error).length > 0) {
        const code = codeOf(error) ?? "error";
        return { code, passing: passing || passingCodes.has(code) };
    }
    if (!(0,normalize/* isFields */.Ce)(response))
        return { code: "no_response", passing: true };
    if (typeof status !== "number" || status === 0)
        return { code: "status_0", passing: true };
    if (status >= 200 && status <= 299)
        return undefined;
    const inner = (0,normalize/* isFields */.Ce)(body) ? body["error"] : undefined;
    return { code: ((0,normalize/* isFields */.Ce)(inner) ? codeOf(inner) : undefined) ?? `http_${status}`, passing };
}
function isPassingStatus(status) {
    return typeof status === "number" && (status === 429 || status === 408 || status >= 500);
}
function codeOf(error) {
    const code = error["code"] ?? error["type"];
    if (typeof code === "number")
        return String(code);
    return typeof code === "string" && code !== "" ? code : undefined;
}
/** llama-stack sends the body as a JSON text inside the JSON. */
function bodyOf(body) {
    if (typeof body !== "string")
        return body;
    try {
        return JSON.parse(body);
    }
    catch {
        return undefined;
    }
}
function usageOf(body) {
    const usage = (0,normalize/* isFields */.Ce)(body) ? body["usage"] : undefined;
    if (!(0,normalize/* isFields */.Ce)(usage))
        return undefined;
    const input = tokens(usage["input_tokens"] ?? usage["prompt_tokens"]);
    const output = tokens(usage["output_tokens"] ?? usage["completion_tokens"]);
    return { input, output, total: tokens(usage["total_tokens"]) || input + output };
}
function tokens(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

;// CONCATENATED MODULE: ./lib/batch/results/book.js






const missing = {
    code: "result_missing",
    passing: true,
    message: "The server gave no result for this request.",
};
const success = 0;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const examplesPerCode = 3;
const mostCodes = 10_000;
/**
 * Accounts for every request: reads result files, remembers of each line where it is and what it
 * says, and sets the lines against the requests of the input, where that is at hand.
 *
 * A request that has several lines keeps its first success, else its last failure.
 */
class book_ResultBook {
    #scan;
    #ids;
    #paths = [];
    #lines = new linetable/* LineTable */.l();
    /** Of each request the number of its line plus one; 0 while it has none. */
    #lineOf;
    /** By tag, from 1. */
    #failures = [];
    #tags = new Map();
    #absences = new Map();
    #unexpected = [];
    #usage;
    #duplicates = 0;
    #extraMissing = 0;
    constructor(scan) {
        this.#scan = scan;
        this.#ids = scan?.ids ?? new idindex/* IdIndex */.w();
        this.#lineOf = new Uint32Array(scan?.requests ?? 1024);
    }
    /**
     * Reads a result file; it has to stay where it is until the lines have been written.
     *
     * @param batch tells requests of different batches apart where no input says which is which
     * @returns how many lines it has
     */
    async add(path, batch = "", signal) {
        const file = this.#paths.push(path) - 1;
        let count = 0;
        const inThisFile = this.#lines.size;
        await (0,lines/* forEachLine */.F)(path, ({ bytes, start, end }) => {
            if ((0,lines/* isBlank */.z)(bytes))
                return;
            count += 1;
            const marked = start === 0 && bytes.subarray(0, 3).equals(byteOrderMark);
            const from = marked ? byteOrderMark.length : 0;
            const { customId, failure, usage } = readResultLine(bytes.subarray(from));
            this.#addUsage(usage);
            const line = this.#lines.size;
            const tag = failure === undefined ? success : this.#tagOf(failure);
            this.#lines.add(file, start + from, end, tag);
            const request = customId === undefined ? undefined : this.#requestOf(customId, batch);
            if (request === undefined)
                this.#unexpected.push(line);
            else
                this.#settle(request, line, inThisFile);
        }, signal);
        return count;
    }
    /** Says why these requests have no line. */
    absent(requests, why) {
        for (const request of requests)
            this.#absences.set(request, why);
    }
    /** Requests of which the server has counted more than it has given lines, with no input to name them. */
    missingUnnamed(count) {
        this.#extraMissing += count;
    }
    /** The numbers of the requests that have no answer for a reason that passes, ascending. */
    *retryable() {
        for (let request = 0; request < this.#requests; request += 1) {
            if (this.#failureOf(request)?.passing === true)
                yield request;
        }
    }
    counts() {
        let completed = 0;
        for (let request = 0; request < this.#requests; request += 1) {
            if (this.#failureOf(request) === undefined)
                completed += 1;
        }
        // A line without a request is one more result, where no input says how many there are.
        const nameless = this.#scan === undefined ? this.#unexpected : [];
        completed += nameless.filter((line) => this.#lines.tag(line) === success).length;
        const total = this.#requests + nameless.length + this.#extraMissing;
        return { total, completed, failed: total - completed };
    }
    /** How many result lines have been read. */
    get lines() {
        return this.#lines.size;
    }
    get usage() {
        return this.#usage;
    }
    /** Lines for a request that already had one in the same file, or an answer. */
    get duplicates() {
        return this.#duplicates;
    }
    /** Lines for no request of the input, or without a `custom_id`. */
    get unexpected() {
        return this.#unexpected.length;
    }
    /** Failed requests by code, most frequent first. */
    failures() {
        const groups = new Map();
        const count = (code, request, more = 1) => {
            const group = groups.get(code) ?? { count: 0, requests: [] };
            groups.set(code, group);
            group.count += more;
            if (request !== undefined && group.requests.length < examplesPerCode) {
                group.requests.push(request);
            }
        };
        for (let request = 0; request < this.#requests; request += 1) {
            const failure = this.#failureOf(request);
            if (failure !== undefined)
                count(failure.code, request);
        }
        if (this.#scan === undefined) {
            for (const line of this.#unexpected) {
                if (this.#lines.tag(line) === success)
                    continue;
                count(this.#failures[this.#lines.tag(line) - 1]?.code ?? "unexpected_line");
            }
        }
        if (this.#extraMissing > 0)
            count(missing.code, undefined, this.#extraMissing);
        const readers = this.#readers();
        try {
            return [...groups]
                .map(([code, { count: number, requests }]) => ({
                code,
                count: number,
                examples: requests.map((request) => this.#customId(request, readers)),
            }))
                .sort((a, b) => b.count - a.count);
        }
        finally {
            readers.close();
        }
    }
    /**
     * Writes the answers to one file and all else to the other.
     *
     * @param order `input`: as the requests stand in the input, which must be at hand; `completion`: as the server gave them
     */
    write(output, errors, order) {
        const readers = this.#readers();
        try {
            const copy = (line) => {
                const target = this.#lines.tag(line) === success ? output : errors;
                target?.write(readers.results.read(this.#lines.place(line)));
            };
            if (order === "completion") {
                const kept = new Set(this.#unexpected);
                const current = this.#current();
                for (let line = 0; line < this.#lines.size; line += 1) {
                    if (current[line] === 1 && !kept.has(line))
                        copy(line);
                }
            }
            for (let request = 0; request < this.#requests; request += 1) {
                const line = this.#lineOf[request] ?? 0;
                if (line > 0) {
                    if (order === "input")
                        copy(line - 1);
                }
                else if (errors !== undefined) {
                    const why = this.#absences.get(request) ?? missing;
                    errors.write(absentLine(this.#customId(request, readers), why));
                }
            }
            for (const line of this.#unexpected) {
                (this.#scan === undefined && this.#lines.tag(line) === success ? output : errors)?.write(readers.results.read(this.#lines.place(line)));
            }
        }
        finally {
            readers.close();
        }
    }
    get #requests() {
        return this.#scan?.requests ?? this.#ids.size;
    }
    /** Which lines stand for their request, by number. */
    #current() {
        const current = new Uint8Array(this.#lines.size);
        for (let request = 0; request < this.#requests; request += 1) {
            const line = this.#lineOf[request] ?? 0;
            if (line > 0)
                current[line - 1] = 1;
        }
        return current;
    }
    #requestOf(customId, batch) {
        if (this.#scan !== undefined)
            return this.#ids.numberOf(customId);
        const known = this.#ids.add(`${batch}\n${customId}`);
        if (known !== undefined)
            return known;
        const request = this.#ids.size - 1;
        if (request >= this.#lineOf.length) {
            const grown = new Uint32Array(this.#lineOf.length * 2);
            grown.set(this.#lineOf);
            this.#lineOf = grown;
        }
        return request;
    }
    #settle(request, line, firstOfFile) {
        const before = (this.#lineOf[request] ?? 0) - 1;
        if (before >= 0) {
            const answered = this.#lines.tag(before) === success;
            if (before >= firstOfFile || answered)
                this.#duplicates += 1;
            if (answered)
                return;
        }
        this.#lineOf[request] = line + 1;
    }
    #failureOf(request) {
        const line = this.#lineOf[request] ?? 0;
        if (line === 0)
            return this.#absences.get(request) ?? missing;
        const tag = this.#lines.tag(line - 1);
        return tag === success ? undefined : this.#failures[tag - 1];
    }
    #tagOf(failure) {
        // A server whose every code is new must not run us out of tags.
        const code = this.#failures.length < mostCodes ? failure.code : "other";
        const key = `${failure.passing} ${code}`;
        const known = this.#tags.get(key);
        if (known !== undefined)
            return known;
        const tag = this.#failures.push({ code, passing: failure.passing });
        this.#tags.set(key, tag);
        return tag;
    }
    #addUsage(usage) {
        if (usage === undefined)
            return;
        const sum = this.#usage ?? { input: 0, output: 0, total: 0 };
        this.#usage = {
            input: sum.input + usage.input,
            output: sum.output + usage.output,
            total: sum.total + usage.total,
        };
    }
    #readers() {
        const results = new LineReader(this.#paths);
        const input = new LineReader(this.#scan?.files ?? []);
        return {
            results,
            input,
            close() {
                results.close();
                input.close();
            },
        };
    }
    #customId(request, readers) {
        const line = this.#lineOf[request] ?? 0;
        const bytes = line > 0
            ? readers.results.read(this.#lines.place(line - 1))
            : this.#scan && readers.input.read(this.#scan.lines.place(request));
        const parsed = bytes === undefined ? undefined : JSON.parse(bytes.toString("utf8"));
        const id = (0,normalize/* isFields */.Ce)(parsed) ? parsed["custom_id"] : undefined;
        return typeof id === "string" ? id : "";
    }
}
function absentLine(customId, { code, message }) {
    return Buffer.from(JSON.stringify({ id: null, custom_id: customId, response: null, error: { code, message } }));
}

// EXTERNAL MODULE: ./lib/batch/split.js + 1 modules
var split = __webpack_require__(1840);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/batch/results.js










/**
 * Downloads what finished batches have, sets it line by line against the requests, and writes the
 * answers to one file and all else to another, merged over all batches. Works for every terminal
 * status: what an expired, cancelled or failed batch has was paid for as well.
 *
 * A request without a line gets one of our own that says so.
 *
 * @throws {APIError} when nothing of what there is could be had
 * @throws {APIError} `same_file` when one file is named twice
 * @throws the system's error when a file cannot be written; it does not appear then
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, collectResults, createBatch, fileSource, scanInput, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * const { batches } = await waitForBatches(client, [batch.id], { pollInterval: 10 });
 * const { counts, failures } = await collectResults(client, batches, {
 *   input: await scanInput("requests.jsonl"), // in its order, and every request accounted for
 *   outputFile: "results/answers.jsonl",
 *   errorFile: "results/errors.jsonl",
 * });
 * console.log(counts, failures.length); // { total: 3, completed: 3, failed: 0 } 0
 * ```
 */
async function collectResults(client, batches, options = {}) {
    checkTargets(options);
    const collection = openCollection(client, options);
    try {
        await collection.add(batches, options.parts);
        return collection.write(options);
    }
    finally {
        await collection.close();
    }
}
/** @throws {APIError} `same_file` when one file is named twice */
function checkTargets({ outputFile, errorFile, }) {
    if (outputFile !== undefined &&
        errorFile !== undefined &&
        (0,external_node_path_.resolve)(outputFile) === (0,external_node_path_.resolve)(errorFile)) {
        throw new errors/* APIError */.LG(`The output file and the error file are both ${outputFile}; give them two names.`, {
            code: "same_file",
        });
    }
}
/**
 * A collection to which batches can be added in several rounds.
 *
 * Downloads lie in `temporaryFolder` until `close`.
 *
 * @example
 * ```ts
 * import { BatchClient, createBatch, fileSource, openCollection, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * const { batches } = await waitForBatches(client, [batch.id], { pollInterval: 10 });
 * const collection = openCollection(client, {});
 * try {
 *   await collection.add(batches);
 *   console.log(collection.write({ outputFile: "answers.jsonl" }).counts.completed); // 3
 * } finally {
 *   await collection.close();
 * }
 * ```
 */
function openCollection(client, options) {
    const { input, temporaryFolder = (0,external_node_os_.tmpdir)(), signal, deadline, maxRetries } = options;
    const book = new book_ResultBook(input);
    const downloads = [];
    const lost = [];
    let reported = { total: 0, completed: 0, failed: 0 };
    const addBatch = async (batch, part) => {
        // Some servers let the output of a running batch be read while it grows.
        const ids = (0,batch_status/* isTerminal */.Hd)(batch) ? [batch.output_file_id, batch.error_file_id] : [];
        let lines = 0;
        for (const id of ids) {
            if (id === undefined)
                continue;
            const path = (0,external_node_path_.join)(temporaryFolder, `batch-results-${(0,external_node_crypto_.randomUUID)()}.jsonl`);
            downloads.push(path);
            try {
                await client.files.download(id, path, {
                    signal,
                    deadline,
                    maxRetries,
                    check: resultFileProblem,
                });
            }
            catch (error) {
                if (!(error instanceof errors/* APIError */.LG))
                    throw error;
                // What is gone of one batch must not take along what others have.
                lost.push(error);
                if (input !== undefined && part !== undefined) {
                    book.absent((0,split/* requestsOf */.uD)(input, part), lostResults(error));
                }
                continue;
            }
            lines += await book.add(path, batch.id, signal);
        }
        if (input !== undefined) {
            if (part !== undefined && !(0,batch_status/* isTerminal */.Hd)(batch)) {
                book.absent((0,split/* requestsOf */.uD)(input, part), unfinishedBatch(batch));
            }
            else if (part !== undefined && batch.status === "failed") {
                book.absent((0,split/* requestsOf */.uD)(input, part), failedBatch(batch));
            }
            return;
        }
        const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
        if (ids.every((id) => id === undefined)) {
            reported = {
                total: reported.total + total,
                completed: reported.completed + completed,
                failed: reported.failed + failed,
            };
        }
        else if (total > lines)
            book.missingUnnamed(total - lines);
    };
    return {
        async add(batches, parts) {
            for (const batch of batches)
                await addBatch(batch, parts?.get(batch.id));
        },
        unsent(part, why) {
            if (input === undefined)
                return;
            book.absent((0,split/* requestsOf */.uD)(input, part), { code: "not_sent", passing: false, message: why });
        },
        retryable: () => [...book.retryable()],
        write({ outputFile, errorFile, order = input === undefined ? "completion" : "input" }) {
            const writers = [];
            const writer = (path) => {
                if (path === undefined)
                    return undefined;
                const opened = new LineWriter(path);
                writers.push(opened);
                return opened;
            };
            if (lost[0] !== undefined && book.lines === 0)
                throw lost[0];
            let output;
            let errors;
            try {
                output = writer(outputFile);
                errors = writer(errorFile);
                book.write(output, errors, order);
                output?.commit();
                errors?.commit();
            }
            catch (error) {
                for (const opened of writers)
                    opened.discard();
                throw error;
            }
            const counts = book.counts();
            return {
                counts: {
                    total: counts.total + reported.total,
                    completed: counts.completed + reported.completed,
                    failed: counts.failed + reported.failed,
                },
                failures: book.failures(),
                usage: book.usage,
                unexpected: input === undefined ? 0 : book.unexpected,
                duplicates: book.duplicates,
                problems: lost.map(({ message }) => message),
                outputFile: output?.path,
                errorFile: errors?.path,
            };
        },
        async close() {
            for (const path of downloads)
                await (0,promises_.rm)(path, { force: true });
        },
    };
}
/**
 * The numbers of the requests that may well succeed when they are sent again (429, 5xx, status 0,
 * expired, cancelled, no line at all), for `splitInput`.
 *
 * @param input the requests
 * @param files the output and error files of all their batches, on disk
 * @returns numbers from 0 in the order of the input
 * @throws the system's error when a file cannot be read
 * @example
 * ```ts
 * import { retryableRequests, scanInput, splitInput } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * await writeFile(
 *   "errors.jsonl",
 *   '{"custom_id":"r2","response":{"status_code":429,"body":{}},"error":null}\n' +
 *     '{"custom_id":"r3","response":{"status_code":400,"body":{}},"error":null}\n',
 * );
 * const scan = await scanInput("requests.jsonl");
 * const again = await retryableRequests(scan, ["errors.jsonl"]);
 * console.log(again); // [ 0, 1 ]
 * console.log(splitInput(scan, {}, again)[0]?.requests); // 2
 * ```
 */
async function retryableRequests(input, files) {
    const book = new ResultBook(input);
    for (const file of files)
        await book.add(file);
    return [...book.retryable()];
}
function lostResults({ message }) {
    return { code: "result_unavailable", passing: false, message };
}
function unfinishedBatch({ id, status }) {
    return {
        code: "not_finished",
        passing: false,
        message: `Batch ${id} was ${status} when its results were collected.`,
    };
}
function failedBatch({ id, errors }) {
    const [first] = errors?.data ?? [];
    return {
        code: first?.code ?? "batch_failed",
        passing: first?.code === "token_limit_exceeded",
        message: `Batch ${id} failed: ${first?.message ?? "the server gave no reason"}`,
    };
}


/***/ })

};
