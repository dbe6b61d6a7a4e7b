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
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(8937);
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
            return { failure: (0,_api_errors_js__WEBPACK_IMPORTED_MODULE_8__/* .messageOf */ .bD)(error) };
        }
    }, { concurrency: atOnce });
    return {
        batches: cancelled.flatMap(({ batch }) => batch ?? []),
        failures: cancelled.flatMap(({ failure }) => failure ?? []),
    };
}


/***/ }),

/***/ 1313:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  C: () => (/* binding */ handOver),
  D: () => (/* binding */ notStarted)
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
;// CONCATENATED MODULE: ./lib/action/github/started-run.js
/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const clockSkew = 60_000;
/** Runs that were there before a dispatch are of others: of this one's siblings in a matrix too. */
async function newestRun(api, target, { since, own }, call) {
    const runs = await api.dispatchedRuns(target, since - clockSkew, call);
    return Math.max(Number(own ?? 0), ...runs.map(({ id }) => id));
}
/**
 * The run that a dispatch since then has started; `undefined` when there is none.
 *
 * @param after the greatest id of a run that was there before: one that was started since has a greater one
 */
async function findStartedRun(api, target, { since, after }, { clock, ...call }) {
    for (const pause of looks) {
        await clock.sleep(pause, call.signal);
        const runs = await api.dispatchedRuns(target, since - clockSkew, call);
        const started = runs.find(({ id }) => id > after);
        if (started !== undefined)
            return started;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/action/operations/hand-over.js




/** Milliseconds behind the end of a batch's window in which a run may still wait on it. */
const windowGrace = 3_600_000;
/** Milliseconds that a look at batches may take that were never seen. */
const timeToLook = 30_000;
/** Milliseconds that all calls of a hand-over may take. */
const timeLimit = 120_000;
/** A dispatch that was lost, and of which no run is found, is sent again so often. */
const maxTries = 3;
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
    const after = await lookBefore(step, api, target, since);
    // Written first: after a kill the post step has to find out whether a run has started.
    state.handingOver({ ids: unfinished, since, after });
    const failure = await start(step, api, target, { ids, since, after });
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
/** The runs that are there are looked at first: a later look has to tell ours from another job's. */
async function lookBefore({ client, github, signal }, api, target, since) {
    try {
        const call = { signal, deadline: client.clock.now() + timeToLook };
        return await newestRun(api, target, { since, own: github.runId }, call);
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return Number(github.runId ?? 0);
    }
}
async function start({ client, signal, toolkit }, api, target, { ids, since, after, }) {
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
            const run = await findStartedRun(api, target, { since, after }, { ...call, clock });
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
        if (attempt === maxTries)
            return { why: unclear, unknown: true };
    }
}
const unclear = "Whether the workflow was started again (`on-timeout: dispatch`) is not known; look among its runs before you start it by hand.";
/** Says why the workflow was not started again. */
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
  wait: () => (/* binding */ wait_wait),
  fm: () => (/* binding */ waitFor),
  wB: () => (/* binding */ watch)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
// EXTERNAL MODULE: ./lib/batch/wait.js
var wait = __webpack_require__(2455);
// EXTERNAL MODULE: ./lib/action/outputs.js
var outputs = __webpack_require__(7352);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
// EXTERNAL MODULE: ./lib/batch/progress.js
var progress = __webpack_require__(2961);
;// CONCATENATED MODULE: ./lib/batch/progress/teller.js


const minute = 60_000;
/** Milliseconds without a line after which one is said all the same; the last one goes on. */
const heartbeats = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute);
/** So many batches get a line each; more are summed up. */
const fewBatches = 3;
const maxChanged = 5;
const maxDetails = 200;
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
            return { lines: [line(batches)], details: batches.slice(0, maxDetails).map(progress/* describeBatch */.sn) };
        }
        const more = changed.length - maxChanged;
        return {
            lines: [
                ...changed.slice(0, maxChanged).map(progress/* describeBatch */.sn),
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

// EXTERNAL MODULE: ./lib/action/verdict.js
var verdict = __webpack_require__(5791);
// EXTERNAL MODULE: ./lib/action/github/ending.js
var ending = __webpack_require__(5189);
// EXTERNAL MODULE: ./lib/action/operations/cancel.js
var cancel = __webpack_require__(6291);
// EXTERNAL MODULE: ./lib/action/operations/choose.js
var choose = __webpack_require__(284);
// EXTERNAL MODULE: ./lib/action/operations/hand-over.js + 2 modules
var hand_over = __webpack_require__(1313);
// EXTERNAL MODULE: ./lib/action/operations/results.js
var operations_results = __webpack_require__(3227);
;// CONCATENATED MODULE: ./lib/action/operations/wait.js











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
        return ended(step, await (0,operations_results.withResults)(step, seen, results), results, undefined, failures);
    }
    if (inputs.onTimeout === "dispatch") {
        const why = await (0,hand_over/* handOver */.C)(step, { ids: existing, batches: seen }, inputs.dispatch);
        const report = await (0,operations_results.withResults)(step, seen, results);
        // How the batches end is for the run that goes on to judge.
        if (why === undefined && failures.length === 0)
            return { report };
        if (why === undefined)
            return ended(step, report, results, undefined, failures);
        return ended(step, report, results, inputs, [...failures, why]);
    }
    if (inputs.onTimeout !== "cancel") {
        return ended(step, await (0,operations_results.withResults)(step, seen, results), results, inputs, failures);
    }
    const unseen = existing.filter((id) => !seen.some((batch) => batch.id === id));
    const cancelled = await cancelAtTimeout(step, results, seen, unseen);
    const report = await (0,operations_results.withResults)(step, latest(batchIds, seen, cancelled.batches), results);
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
async function cancelAtTimeout(step, results, batches, unseen = []) {
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
    if (!(0,operations_results/* isWanted */.Y)(results))
        return cancelled;
    return { ...cancelled, batches: await settled(step, cancelled.batches) };
}
/** What a cancelled batch has was paid for, and is there once it has ended: within ten minutes, often within seconds. */
async function settled({ client, state, signal }, batches) {
    const ids = batches.filter(({ status }) => status === "cancelling").map(({ id }) => id);
    if (ids.length === 0)
        return batches;
    const waited = await (0,wait/* waitForBatches */.l6)(client, ids, {
        timeout: timeToSettle,
        pollInterval: 1_000,
        maxPollInterval: 5_000,
        signal,
        known: batches,
    });
    state.batches(waited.batches);
    return latest(batches.map(({ id }) => id), batches, waited.batches);
}
/** Milliseconds that a step waits beyond its timeout for the results of what it has cancelled. */
const timeToSettle = 120_000;
/** Milliseconds that the cancel at the timeout may take; what it cannot do, the post step tries again. */
const timeToCancel = 120_000;
/** The newest of what is known of each batch, in the order of the ids. */
function latest(ids, ...known) {
    const batches = new Map(known.flat().map((batch) => [batch.id, batch]));
    return ids.flatMap((id) => batches.get(id) ?? []);
}


/***/ })

};
