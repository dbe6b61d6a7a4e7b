export const id = 338;
export const ids = [338];
export const modules = {

/***/ 6024:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ adviceForBatch),
/* harmony export */   v: () => (/* binding */ adviceForRequest)
/* harmony export */ });
/* harmony import */ var _api_advice_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1546);

const oneModel = "A batch takes one model; send the requests of each model as a batch of their own (a local `input-file` is split so).";
/** What to do about a batch that failed as a whole: codes of its `errors`, and of our own scan. */
const ofBatches = new Map(Object.entries({
    invalid_json_line: "Make the line one whole JSON object in UTF-8, without a line break in it, and run again.",
    duplicate_custom_id: "Give every request of the job a custom_id of its own.",
    url_mismatch: "Give every line the same url, the batch's endpoint; send requests for another endpoint as a job of their own.",
    invalid_url: "Use an endpoint that batches take, for example /v1/chat/completions.",
    invalid_method: "Set the line's method to POST.",
    model_mismatch: oneModel,
    mismatched_model: oneModel,
    empty_file: "The file holds no request; look at the step that writes it.",
    too_many_tasks: "Split the file: a batch takes 50,000 requests (a local `input-file` is split by itself; see `max-requests-per-batch`).",
    token_limit_exceeded: "Too many tokens are enqueued for this model. Wait for other batches to finish, or send fewer at once (`max-active-batches`, `max-requests-per-batch`).",
    missing_required_parameter: "Add what the message names: every line needs custom_id, method, url and body, and the body what its endpoint asks for.",
    stream_not_supported: "Take `stream` out of the body; a batch answers in files.",
    batch_failed: "The server named no reason. Look at the batch on the server, and run again.",
}));
/** What to do about requests without an answer: the server's codes, and ours for what has none. */
const ofRequests = new Map(Object.entries({
    batch_expired: "It had not run when the completion window ended. Send it again (`retry-failed: 1`).",
    batch_cancelled: "It had not run when the batch was cancelled. Send it again if it is still wanted.",
    rate_limit_exceeded: "The server had no room for it at the time. Send it again (`retry-failed: 1`).",
    slow_down: "The server had no room for it at the time. Send it again (`retry-failed: 1`).",
    server_error: "The server had a problem with it. Send it again (`retry-failed: 1`).",
    server_is_overloaded: "The model had no capacity for it at the time. Send it again (`retry-failed: 1`).",
    context_length_exceeded: "The prompt and the answer it asks for are longer than the model takes. Shorten the prompt, ask for fewer tokens, or use a model that takes more.",
    invalid_request_error: "The endpoint refused the body; its answer in the error file says what is wrong with it.",
    invalid_value: "A value in the body is not taken; the answer in the error file names the parameter.",
    unsupported_value: "The model does not take this value; the answer in the error file names the parameter.",
    unsupported_parameter: "The model does not know a parameter of the body; the answer in the error file names it.",
    unknown_parameter: "The endpoint does not know a parameter of the body; the answer in the error file names it.",
    invalid_prompt: "The prompt was refused by the server's usage policy. Change it, or leave the request out.",
    content_filter: "The server's content filter refused it. Change the prompt, or leave the request out.",
    content_policy_violation: "The server's content policy refused it. Change the prompt, or leave the request out.",
    result_missing: "The server gave no result for it although the batch has ended. Send it again (`retry-failed: 1`).",
    result_unavailable: "Its result could not be downloaded. `operation: retrieve` tries again as long as the server keeps the file.",
    no_response: "The server gave no answer with its line. Send it again (`retry-failed: 1`).",
    status_0: "The server never ran it. Send it again (`retry-failed: 1`).",
    unreadable_line: "The server's result line is no whole JSON; look at it in the error file.",
    unexpected_line: "The server gave a result without a custom_id; look at it in the error file.",
    not_finished: "Its batch has not ended. Wait for it, then `operation: retrieve` brings it.",
    not_sent: "It was not sent; run the step again for it.",
}));
/** One line on what to do about an error of a batch, or about a line that would make it fail. */
function adviceForBatch(code) {
    const known = code === undefined ? undefined : ofBatches.get(code);
    return known ?? (0,_api_advice_js__WEBPACK_IMPORTED_MODULE_0__/* .adviceForCode */ .V)(code) ?? "Mend what the server names, and run again.";
}
/** One line on what to do about requests that failed with this code, for example `http_429`. */
function adviceForRequest(code) {
    const known = ofRequests.get(code) ?? ofBatches.get(code) ?? (0,_api_advice_js__WEBPACK_IMPORTED_MODULE_0__/* .adviceForCode */ .V)(code);
    return known ?? adviceForStatus(Number(/^http_(\d{3})$/.exec(code)?.[1] ?? code));
}
/** Some servers give the HTTP status for a code, and some give no code. */
function adviceForStatus(status) {
    if (status === 408 || status === 429 || (status >= 500 && status <= 599)) {
        return "The server could not do it at the time. Send it again (`retry-failed: 1`).";
    }
    if (status === 401 || status === 403) {
        return "The key's project may not do this; check its models and permissions.";
    }
    if (status === 404)
        return "Check the model's name and the request's url.";
    return "The answer in the error file says what is wrong with it.";
}


/***/ }),

/***/ 3521:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Ei: () => (/* binding */ annotateErrors),
  Uc: () => (/* binding */ describeError),
  Z6: () => (/* binding */ maxAnnotations),
  Xt: () => (/* binding */ traceErrors)
});

// EXTERNAL MODULE: ./lib/batch/split.js + 1 modules
var split = __webpack_require__(1840);
;// CONCATENATED MODULE: ./lib/batch/input/origin.js

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
;// CONCATENATED MODULE: ./lib/action/batch-errors.js



/** GitHub shows ten annotations of a kind per step, and the step's failure is one of them. */
const maxAnnotations = 9;
/** Errors that are traced to their lines; what the summary shows of them is fewer. */
const maxTraced = 100;
const longestMessage = 500;
/** Traces errors of batches, as far as they name a line, back to the lines of the request files. */
function traceErrors(batches, scan, parts) {
    const origins = new Map();
    let left = maxTraced;
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

/***/ 5791:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ verdict)
/* harmony export */ });
/* harmony import */ var _advice_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6024);
/* harmony import */ var _batch_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3521);
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
    // Hundredths, and a tolerance far below one request: fractions of a percent are not exact in binary.
    const over = "count" in limit ? failed > limit.count : failed * 100 > limit.percent * total + 1e-6;
    if (report.done && over) {
        const named = "count" in limit ? (0,_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatCount */ .B4)(limit.count) : `${limit.percent}%`;
        return `${(0,_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatCount */ .B4)(failed)} of ${(0,_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatCount */ .B4)(total)} requests failed, more than \`max-request-failures\` (${named}) allows.`;
    }
    return undefined;
}
/** The message is an annotation, of which GitHub shows 4,096 characters. */
const maxNamed = 5;
const maxAdvice = 3;
function nameBad(bad, origins) {
    const named = bad
        .slice(0, maxNamed)
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
    return ` (${where}${(0,_batch_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .describeError */ .Uc)(first)})`;
}
/** What to do about the first error of each batch, each advice once. */
function adviceOn(bad) {
    const firsts = bad.flatMap(({ errors }) => errors?.data?.[0] ?? []);
    return [...new Set(firsts.map(({ code }) => (0,_advice_js__WEBPACK_IMPORTED_MODULE_2__/* .adviceForBatch */ .c)(code)))].slice(0, maxAdvice);
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

/***/ 6912:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ checkStamps),
/* harmony export */   Z: () => (/* binding */ stampOf)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8937);


async function stampOf(path) {
    const { ino, size, mtimeNs, ctimeNs } = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.stat)(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(":");
}
/**
 * Places in a file that has been written since stand for other requests, which nobody has checked.
 *
 * @throws {APIError} `input_changed`
 */
async function checkStamps(paths, stamps, files) {
    for (const file of files) {
        const path = paths[file] ?? "";
        if ((await stampOf(path)) === stamps[file])
            continue;
        throw new _api_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .APIError */ .LG(`${path} has changed since it was read; nothing more of it was sent. Let it be until the batch has ended.`, { code: "input_changed" });
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


/***/ }),

/***/ 1840:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  v9: () => (/* binding */ partSource),
  uD: () => (/* binding */ requestsOf),
  pU: () => (/* binding */ splitInput)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/batch/create/key.js
var key = __webpack_require__(750);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
;// CONCATENATED MODULE: ./lib/batch/input/ranges.js


const chunkBytes = 256 * 1024;
const lineFeed = 10;
/**
 * The bytes of ranges in chunks of up to 256 KiB, however short the ranges, with a line feed behind each.
 *
 * @param transient whether a chunk need only be good until the next one is asked for, so that all
 *   of them can have the same memory
 */
async function* readRanges(paths, ranges, transient = false) {
    let chunk = Buffer.allocUnsafe(chunkBytes);
    let held = 0;
    let handle;
    let file = -1;
    try {
        for (const range of ranges) {
            if (handle === undefined || range.file !== file) {
                await handle?.close();
                handle = undefined;
                handle = await (0,promises_.open)(paths[range.file] ?? "");
                file = range.file;
            }
            for (let at = range.start; at < range.end;) {
                // One byte is left for the line feed.
                if (held >= chunkBytes - 1) {
                    yield chunk.subarray(0, held);
                    if (!transient)
                        chunk = Buffer.allocUnsafe(chunkBytes);
                    held = 0;
                }
                const room = Math.min(chunkBytes - 1 - held, range.end - at);
                // What is read has been scanned and is most often in memory still: to ask another thread
                // for it takes longer than to copy it.
                const read = (0,external_node_fs_.readSync)(handle.fd, chunk, held, room, at);
                // A file that has become shorter gives less than was promised, which the upload finds out.
                if (read === 0)
                    return;
                at += read;
                held += read;
            }
            chunk[held] = lineFeed;
            held += 1;
        }
        if (held > 0)
            yield chunk.subarray(0, held);
    }
    finally {
        await handle?.close();
    }
}

// EXTERNAL MODULE: ./lib/batch/input/stamp.js
var stamp = __webpack_require__(6912);
;// CONCATENATED MODULE: ./lib/batch/split.js




/**
 * Cuts scanned requests into parts that a batch may hold, at line boundaries, each of one model and
 * in the input's order. Nothing is copied: a part is ranges of the files.
 *
 * @param only the numbers of the requests to take, ascending; defaults to all
 * @see https://platform.openai.com/docs/guides/batch for the limits
 * @returns the parts, in the order of their first requests; a request that is larger than a limit is a part of its own
 * @example
 * ```ts
 * import { scanInput, splitInput } from "openai-batch-action";
 *
 * const scan = await scanInput("requests.jsonl");
 * const parts = splitInput(scan, { maxRequests: 2 });
 * console.log(parts.map(({ requests }) => requests)); // [ 2, 1 ]
 * ```
 */
function splitInput(scan, limits = {}, only) {
    const { maxRequests = 50_000, maxBytes = 200_000_000, maxInputs = 50_000 } = limits;
    const done = [];
    const open = new Map();
    for (const line of only ?? numbersTo(scan.lines.size)) {
        const { file, start, end } = scan.lines.place(line);
        const model = scan.lines.tag(line);
        const bytes = end - start + 1;
        const inputs = scan.inputs.get(line) ?? 1;
        let part = open.get(model);
        if (part === undefined ||
            part.requests + 1 > maxRequests ||
            part.bytes + bytes > maxBytes ||
            part.inputs + inputs > maxInputs) {
            part = { requests: 0, bytes: 0, inputs: 0, ranges: [] };
            open.set(model, part);
            done.push(Object.assign(part, { model }));
        }
        part.requests += 1;
        part.bytes += bytes;
        part.inputs += inputs;
        const last = part.ranges.at(-1);
        // Only a line feed stands between: the two are one stretch.
        if (last?.file === file && last.end + 1 === start)
            last.end = end;
        else
            part.ranges.push({ file, start, end });
    }
    return done.map(({ requests, bytes, model, ranges }, index) => ({
        index,
        requests,
        bytes,
        model: scan.models[model] ?? "",
        ranges,
        hash: done.length === 1 && only === undefined
            ? scan.hash
            : (0,key/* hashText */.qj)(scan.hash + JSON.stringify(ranges)),
    }));
}
/** The numbers of a part's requests in the scan, ascending. */
function* requestsOf(scan, part) {
    let at = 0;
    for (let line = 0; line < scan.lines.size; line += 1) {
        const { file, start, end } = scan.lines.place(line);
        let range = part.ranges[at];
        while (range !== undefined && (range.file < file || (range.file === file && range.end < end))) {
            at += 1;
            range = part.ranges[at];
        }
        if (range === undefined)
            return;
        if (range.file === file && range.start <= start)
            yield line;
    }
}
/**
 * A part as an upload, read from the files themselves. Its name tells the content
 * (`requests-<hash>.jsonl`), so that an earlier upload of the same can be found.
 *
 * @returns what `client.files.create` and `createBatch` take; its bytes are read anew for each attempt
 * @example
 * ```ts
 * import { BatchClient, partSource, scanInput, splitInput } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const scan = await scanInput("requests.jsonl");
 * for (const part of splitInput(scan, { maxRequests: 2 })) {
 *   const file = await client.files.create({ file: partSource(scan, part), purpose: "batch" });
 *   console.log(file.bytes === part.bytes);
 * }
 * ```
 */
function partSource(scan, part) {
    const first = scan.files[part.ranges[0]?.file ?? 0] ?? "requests";
    return {
        name: `${(0,external_node_path_.parse)(first).name}-${part.hash.slice(0, 16)}.jsonl`,
        size: part.bytes,
        stream: (transient) => unchanged(scan, part, transient),
    };
}
async function* unchanged(scan, part, transient) {
    const files = new Set(part.ranges.map(({ file }) => file));
    await (0,stamp/* checkStamps */.X)(scan.files, scan.stamps, files);
    yield* readRanges(scan.files, part.ranges, transient);
    // Before the last bytes of the upload go out, so that the server makes no file of it.
    await (0,stamp/* checkStamps */.X)(scan.files, scan.stamps, files);
}
function* numbersTo(count) {
    for (let number = 0; number < count; number += 1)
        yield number;
}


/***/ })

};
