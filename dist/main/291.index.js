export const id = 291;
export const ids = [291];
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

/***/ 284:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E5: () => (/* binding */ warnOfCut),
/* harmony export */   KN: () => (/* binding */ nothingToDo),
/* harmony export */   Sw: () => (/* binding */ choose)
/* harmony export */ });
/* harmony import */ var _batch_choose_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1151);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5821);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7352);



/** The batches that an operation works on: those that are named, or those that the filter picks. */
async function choose({ client, toolkit, signal }, choice, wanted) {
    if ("ids" in choice)
        return { ids: choice.ids, batches: [] };
    const chosen = await (0,_batch_choose_js__WEBPACK_IMPORTED_MODULE_0__/* .chooseBatches */ ._)(client, { ...choice.match, wanted, signal });
    warnOfCut(toolkit, chosen);
    const { batches } = chosen;
    toolkit.info(`${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(batches.length, "batch matches", "batches match")}.`);
    return { ids: batches.map(({ id }) => id), batches };
}
/** A list that is too long to be read to its end is no secret. */
function warnOfCut(toolkit, { cut }) {
    if (!cut)
        return;
    toolkit.warning("Only the newest 2,000 batches of the organization were looked at; older ones that match may have been missed.");
}
/** The report of an operation that found nothing to do: that is a success. */
function nothingToDo() {
    return { ...(0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .reportOf */ .E)([]), done: true, conclusion: "success" };
}


/***/ }),

/***/ 1151:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ chooseBatches)
/* harmony export */ });
/* harmony import */ var _list_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6066);
/* harmony import */ var _create_lookup_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(343);


/**
 * The batches that a filter picks, in a bounded number of calls: the API has no filter of its own, so
 * pages of the list are read back to `lookBack`, and no more of them than `maxPages`.
 *
 * @throws {APIError} when the list cannot be read
 * @example
 * ```ts
 * import { BatchClient, chooseBatches, isTerminal } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches } = await chooseBatches(client, {
 *   metadata: { team: "search" },
 *   wanted: (batch) => !isTerminal(batch),
 * });
 * console.log(batches.length); // 0
 * ```
 */
async function chooseBatches(client, options = {}) {
    const { wanted = () => true, lookBack = _create_lookup_js__WEBPACK_IMPORTED_MODULE_0__/* .thirtyDays */ .cQ, maxPages = 20 } = options;
    const { signal, deadline, maxRetries } = options;
    const since = client.clock.now() - lookBack;
    const chosen = new Map();
    let pages = 0;
    let cut = false;
    for await (const { data, more } of (0,_create_lookup_js__WEBPACK_IMPORTED_MODULE_0__/* .recentPages */ .ud)(client, since, { signal, deadline, maxRetries })) {
        for (const batch of data) {
            if ((0,_list_js__WEBPACK_IMPORTED_MODULE_1__/* .matches */ .c)(batch, options) && (0,_create_lookup_js__WEBPACK_IMPORTED_MODULE_0__/* .isSince */ .$l)(batch, since) && wanted(batch)) {
                chosen.set(batch.id, batch);
            }
        }
        pages += 1;
        cut = more && pages === maxPages;
        if (cut)
            break;
    }
    return { batches: [...chosen.values()], cut };
}


/***/ }),

/***/ 343:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $l: () => (/* binding */ isSince),
/* harmony export */   DF: () => (/* binding */ isSentAgain),
/* harmony export */   KX: () => (/* binding */ isOwnCreation),
/* harmony export */   P3: () => (/* binding */ isAdoptable),
/* harmony export */   QT: () => (/* binding */ findInputFile),
/* harmony export */   _m: () => (/* binding */ findAdoptable),
/* harmony export */   cC: () => (/* binding */ mayBeOf),
/* harmony export */   cQ: () => (/* binding */ thirtyDays),
/* harmony export */   sK: () => (/* binding */ findBatches),
/* harmony export */   ud: () => (/* binding */ recentPages)
/* harmony export */ });
/* unused harmony export findByKeys */
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8937);
/* harmony import */ var _api_page_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3113);
/* harmony import */ var _key_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(750);



/** How far the server's clock may be behind ours, in milliseconds. */
const clockSkew = 10 * 60_000;
const thirtyDays = 30 * 24 * 3_600_000;
/** Whether a batch was made by this very create, whatever has become of it. */
function isOwnCreation(batch, { creationId, inputFileId }) {
    const id = batch.metadata?.[_key_js__WEBPACK_IMPORTED_MODULE_0__/* .creationName */ .ZV];
    if (id !== undefined)
        return id === creationId;
    return inputFileId !== undefined && mayBeOf(batch, inputFileId);
}
/** Whether nothing but its input file tells whose a batch is: the server keeps no metadata. */
function mayBeOf({ metadata, input_file_id }, inputFileId) {
    return Object.keys(metadata ?? {}).length === 0 && input_file_id === inputFileId;
}
/** Whether a batch stands for the same work and is worth having: it runs, or has completed. */
function isAdoptable(batch, { key }) {
    return !isOver(batch) && batch.metadata?.[_key_js__WEBPACK_IMPORTED_MODULE_0__/* .keyName */ .xT] === key;
}
function isOver({ status }) {
    return ["failed", "expired", "cancelled", "cancelling"].includes(status);
}
/**
 * Pages of 100 batches, until one is older than `since` (milliseconds since the epoch) throughout:
 * the API has no filter. That the newest come first is practice, not promise, so a single old batch
 * ends nothing.
 */
async function* recentPages(client, since, options) {
    const oldest = (since - clockSkew) / 1000;
    let page = await client.batches.list({ limit: _api_page_js__WEBPACK_IMPORTED_MODULE_1__/* .largestPage */ .O }, options);
    for (;;) {
        const more = page.has_more && !isPast(page.data, oldest);
        yield { data: page.data, more };
        const next = more ? await page.getNextPage() : undefined;
        if (next === undefined)
            return;
        page = next;
    }
}
/**
 * The batches that `wanted` picks, newest first, among those created since `since` (milliseconds
 * since the epoch). Pages are read until there are `enough`.
 */
async function findBatches(client, wanted, since, options, enough = (found) => found.length > 0) {
    const found = [];
    for await (const { data } of recentPages(client, since, options)) {
        found.push(...data.filter(wanted));
        if (enough(found))
            break;
    }
    return found;
}
/** The newest live or completed batch of each of these keys, in one reading of the list. */
async function findByKeys(client, keys, since, { partial = false, ...options }) {
    const wanted = new Set(keys);
    const found = new Map();
    const partly = new Map();
    const pick = (batch) => {
        const key = batch.metadata?.[_key_js__WEBPACK_IMPORTED_MODULE_0__/* .keyName */ .xT];
        if (key === undefined || !wanted.has(key) || found.has(key))
            return false;
        if (!isSince(batch, since))
            return false;
        if (isOver(batch)) {
            if (partial && isSentAgain(batch) && !partly.has(key))
                partly.set(key, batch);
            return false;
        }
        found.set(key, batch);
        return true;
    };
    await findBatches(client, pick, since, options, () => found.size === wanted.size);
    return new Map([...partly, ...found]);
}
/**
 * Whether a run sends what this batch lacks in its next round. Also one without any answer has to be
 * found again: only from it the run knows the key of the round that has paid for them since.
 */
function isSentAgain({ status, errors }) {
    if (status === "failed") {
        return errors?.data?.[0]?.code === "token_limit_exceeded";
    }
    return status === "expired" || status === "cancelled";
}
/** As `findByKeys`, for a server that may have no list of batches, which is told to `onNoList`. */
async function findAdoptable(client, keys, since, options, onNoList) {
    try {
        return await findByKeys(client, keys, since, options);
    }
    catch (error) {
        if (!isMissingCall(error))
            throw error;
        onNoList?.();
        return new Map();
    }
}
/** Whether a batch may have been created since then; a server that tells no time leaves it open. */
function isSince({ created_at }, since) {
    return created_at === 0 || created_at * 1000 >= since - clockSkew;
}
/** Whether a page and all behind it are older; a list that begins with the oldest has its newest at the end. */
function isPast(page, oldest) {
    const [first] = page;
    const last = page.at(-1);
    const newestFirst = first === undefined || last === undefined || first.created_at >= last.created_at;
    return newestFirst && page.every(({ created_at }) => created_at > 0 && created_at < oldest);
}
/** Some compatible servers have no such list. */
function isMissingCall(error) {
    return error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .APIError */ .LG && [404, 405, 501].includes(error.status ?? 0);
}
/** A day and an hour: a file that is deleted sooner may be gone before its batch has read it. */
const shortestLife = 25 * 3_600;
/** An uploaded input file of this name and size that will live long enough; `undefined` if there is none. */
async function findInputFile(client, { name, size }, since, options) {
    const oldest = (since - clockSkew) / 1000;
    const usable = (file) => file.filename === name &&
        file.bytes === size &&
        file.status !== "error" &&
        (file.expires_at === undefined || file.expires_at - client.clock.now() / 1000 > shortestLife);
    const query = { purpose: "batch", order: "desc", limit: _api_page_js__WEBPACK_IMPORTED_MODULE_1__/* .largestPage */ .O };
    let page;
    try {
        page = await client.files.list(query, options);
    }
    catch (error) {
        if (isMissingCall(error))
            return undefined;
        throw error;
    }
    for (;;) {
        const file = page.data.find(usable);
        if (file !== undefined)
            return file;
        if (isPast(page.data, oldest))
            return undefined;
        const next = await page.getNextPage();
        if (next === undefined)
            return undefined;
        page = next;
    }
}


/***/ }),

/***/ 6066:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ listBatches),
/* harmony export */   c: () => (/* binding */ matches)
/* harmony export */ });
/* harmony import */ var _api_page_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3113);

/** Whether a batch is one that the filter asks for; the API itself has no filter. */
function matches(batch, { metadata = {}, statuses = [] }) {
    if (statuses.length > 0 && !statuses.includes(batch.status))
        return false;
    return Object.entries(metadata).every(([key, value]) => batch.metadata?.[key] === value);
}
/**
 * Reads the organization's batches, page after page, until `limit` of them match.
 *
 * The API has no filter, so with one whole pages of 100 are read.
 *
 * @throws {APIError} when a page cannot be had
 * @example
 * ```ts
 * import { BatchClient, listBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, hasMore } = await listBatches(client, {
 *   metadata: { project: "evaluation" },
 *   statuses: ["validating", "in_progress"],
 *   limit: 10,
 * });
 * console.log(batches.length, hasMore); // 0 false
 * ```
 */
async function listBatches(client, options = {}) {
    const { limit = Number.POSITIVE_INFINITY, signal, deadline, maxRetries } = options;
    const filtered = (options.statuses ?? []).length > 0 || Object.keys(options.metadata ?? {}).length > 0;
    const batches = [];
    let lastId;
    let page = await client.batches.list({ after: options.after, limit: filtered ? _api_page_js__WEBPACK_IMPORTED_MODULE_0__/* .largestPage */ .O : Math.min(_api_page_js__WEBPACK_IMPORTED_MODULE_0__/* .largestPage */ .O, limit) }, { signal, deadline, maxRetries });
    for (;;) {
        for (const [index, batch] of page.data.entries()) {
            lastId = batch.id;
            if (!matches(batch, options))
                continue;
            batches.push(batch);
            if (batches.length >= limit) {
                return { batches, hasMore: page.has_more || index < page.data.length - 1, lastId };
            }
        }
        const next = await page.getNextPage();
        if (next === undefined)
            return { batches, hasMore: false, lastId };
        page = next;
    }
}


/***/ })

};
