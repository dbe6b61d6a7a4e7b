export const id = 455;
export const ids = [455];
export const modules = {

/***/ 2455:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cl: () => (/* binding */ youngestRun),
/* harmony export */   l6: () => (/* binding */ waitForBatches),
/* harmony export */   wq: () => (/* binding */ lastLook)
/* harmony export */ });
/* harmony import */ var _wait_interval_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5615);
/* harmony import */ var _wait_look_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7529);
/* harmony import */ var _status_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3276);



/**
 * Follows batches until each is `completed`, `failed`, `expired` or `cancelled`, or until the
 * timeout. The first look comes at once. Errors that pass (408, 409, 429, 5xx, network faults)
 * never end the wait, and up to three batches are asked for one by one, more with pages of the list.
 *
 * @param client whose clock the wait goes by
 * @param batchIds at least one
 * @throws {APIError} when none of the ids exists, or a credential is refused
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, createBatch, fileSource, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * const { batches, done } = await waitForBatches(client, [batch.id], {
 *   timeout: 5 * 3_600_000,
 *   pollInterval: 10,
 *   signal: AbortSignal.timeout(60_000),
 * });
 * console.log(done, batches[0]?.status); // true completed
 * ```
 */
async function waitForBatches(client, batchIds, options = {}) {
    const { clock } = client;
    const { signal, random = Math.random, pollInterval = 5_000, maxPollInterval = 60_000 } = options;
    const started = clock.now();
    const deadline = options.timeout === undefined ? undefined : started + options.timeout;
    const ids = [...new Set(batchIds)];
    const seen = new Map((options.known ?? []).map((batch) => [batch.id, batch]));
    const ended = new Set();
    const batches = () => ids.flatMap((id) => seen.get(id) ?? []);
    const held = new Set();
    const unknown = new Map();
    const misses = new Map();
    const isGivenUp = (id) => (misses.get(id) ?? 0) >= maxMisses;
    const onUnknown = (error, id) => {
        const before = misses.get(id) ?? 0;
        // A batch that was made a moment ago may not be found yet; an id that is none stays so.
        misses.set(id, error.status === 404 ? before + 1 : maxMisses);
        unknown.set(id, error);
        if (unknown.size === ids.length)
            throw error;
        if (before === 0)
            options.onUnknownId?.(error, id);
    };
    for (let last = false;;) {
        const pending = ids.filter((id) => !ended.has(id) && !held.has(id) && !isGivenUp(id));
        const looked = await (0,_wait_look_js__WEBPACK_IMPORTED_MODULE_0__/* .lookAt */ .t)(client, pending, {
            signal,
            deadline,
            seen: new Set(seen.keys()),
            onError: options.onPollError,
            onUnknown,
        });
        for (const id of looked.held)
            held.add(id);
        for (const [id, batch] of looked.found) {
            seen.set(id, batch);
            unknown.delete(id);
            if ((0,_status_js__WEBPACK_IMPORTED_MODULE_1__/* .isTerminal */ .Hd)(batch))
                ended.add(id);
        }
        options.onProgress?.(batches());
        if (ids.every((id) => ended.has(id) || isGivenUp(id))) {
            return { batches: batches(), done: true, unknown };
        }
        const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - clock.now();
        const nobody = ids.every((id) => ended.has(id) || held.has(id) || isGivenUp(id));
        if (last || left <= 0 || nobody) {
            await clock.sleep(Math.max(0, left), signal);
            return { batches: batches(), done: false, unknown };
        }
        const interval = (0,_wait_interval_js__WEBPACK_IMPORTED_MODULE_2__/* .nextInterval */ .J)(youngestRun(batches(), clock.now(), started), { pollInterval, maxPollInterval }, random);
        last = interval >= left;
        // What ends in the last seconds is worth a last look, in time for its answer.
        await clock.sleep(last ? Math.max(0, left - lastLook) : interval, signal);
    }
}
/** Looks in a row that find no such batch, before an id among several is given up. */
const maxMisses = 3;
/** Milliseconds before the deadline at which what ends in the last seconds is looked at once more. */
const lastLook = 1_000;
/** Milliseconds that the youngest unfinished batch has run; a server that names no time counts from the wait's start. */
function youngestRun(batches, now, started) {
    const created = batches
        .filter((batch) => !(0,_status_js__WEBPACK_IMPORTED_MODULE_1__/* .isTerminal */ .Hd)(batch))
        .map((batch) => (batch.created_at === 0 ? started : batch.created_at * 1000));
    const youngest = created.reduce((latest, time) => Math.max(latest, time), 0);
    return Math.max(now - started, created.length === 0 ? 0 : now - youngest);
}


/***/ }),

/***/ 5615:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J: () => (/* binding */ nextInterval)
/* harmony export */ });
/** A batch that took an hour is seen to end within 72 seconds; the 60 s bound makes that 60. */
const shareOfElapsed = 0.02;
const jitter = 0.05;
/**
 * Milliseconds until the next look at a batch that has run for `elapsed` milliseconds: two percent
 * of that, within the bounds, and up to a twentieth less so that many jobs do not ask in step.
 */
function nextInterval(elapsed, bounds, random) {
    const { pollInterval, maxPollInterval } = bounds;
    const grown = Math.min(Math.max(elapsed * shareOfElapsed, pollInterval), maxPollInterval);
    return Math.round(Math.max(grown * (1 - jitter * random()), Math.min(pollInterval, grown)));
}


/***/ }),

/***/ 7529:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ lookAt)
/* harmony export */ });
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8937);
/* harmony import */ var _api_page_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3113);
/* harmony import */ var _api_retry_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4482);



/** So many batches are retrieved one by one; more are looked for on pages of the list. */
const fewest = 3;
/**
 * Looks at batches once, with few calls: up to three are retrieved, more are read off pages of the
 * list as long as they stand in the recent ones, and only what is not there is retrieved.
 *
 * @throws {APIError} for a credential that is refused, or an id that never existed
 */
async function lookAt(client, ids, options) {
    const { signal, deadline, seen, onError } = options;
    const call = { signal, deadline };
    const found = ids.length > fewest ? await onPages(client, ids, call) : new Map();
    const held = new Set();
    for (const id of ids) {
        if (found.has(id))
            continue;
        try {
            found.set(id, await client.batches.retrieve(id, call));
        }
        catch (error) {
            if (error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeadlineError */ .j3) {
                held.add(id);
                continue;
            }
            if (survives(error, seen.has(id)))
                onError?.(error, id);
            else if (options.onUnknown !== undefined && isUnknownId(error))
                options.onUnknown(error, id);
            else
                throw error;
        }
    }
    return { found, held };
}
async function onPages(client, ids, call) {
    const wanted = new Set(ids);
    const found = new Map();
    // As many pages as they would fill, and one for those of others among them.
    let left = Math.ceil(ids.length / _api_page_js__WEBPACK_IMPORTED_MODULE_1__/* .largestPage */ .O) + 1;
    try {
        let page = await client.batches.list({ limit: _api_page_js__WEBPACK_IMPORTED_MODULE_1__/* .largestPage */ .O }, call);
        for (;;) {
            for (const batch of page.data)
                if (wanted.has(batch.id))
                    found.set(batch.id, batch);
            left -= 1;
            if (found.size === wanted.size || left === 0)
                return found;
            const next = await page.getNextPage();
            if (next === undefined)
                return found;
            page = next;
        }
    }
    catch (error) {
        // A server without a list, or a list that fails today: each batch can still be retrieved.
        if (!(error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG))
            throw error;
        return found;
    }
}
/** A batch that was there before is taken to be there still, whatever a gateway says in between. */
function survives(error, seenBefore) {
    if ((0,_api_retry_js__WEBPACK_IMPORTED_MODULE_2__/* .isTransient */ .dg)(error))
        return true;
    if (!seenBefore || !(error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG) || (0,_api_retry_js__WEBPACK_IMPORTED_MODULE_2__/* .isFinal */ .dR)(error))
        return false;
    return error.status !== 401 && error.status !== 403;
}
/** What is wrong with one id says nothing about the others; a refused credential does. */
function isUnknownId(error) {
    return error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG && [400, 404, 410, 422].includes(error.status ?? 0);
}


/***/ })

};
