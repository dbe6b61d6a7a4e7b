export const id = 115;
export const ids = [115];
export const modules = {

/***/ 3991:
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

/***/ 817:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ lookAt)
/* harmony export */ });
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8937);
/* harmony import */ var _api_retry_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4482);


/** So many batches are retrieved one by one; more are looked for on pages of the list. */
const fewest = 3;
const pageSize = 100;
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
    let left = Math.ceil(ids.length / pageSize) + 1;
    try {
        let page = await client.batches.list({ limit: pageSize }, call);
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
    if ((0,_api_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .isPassing */ .WG)(error))
        return true;
    if (!seenBefore || !(error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG) || (0,_api_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .isFinal */ .dR)(error))
        return false;
    return error.status !== 401 && error.status !== 403;
}
/** What is wrong with one id says nothing about the others; a refused credential does. */
function isUnknownId(error) {
    return error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG && [400, 404, 410, 422].includes(error.status ?? 0);
}


/***/ }),

/***/ 7736:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $l: () => (/* binding */ isSince),
/* harmony export */   KX: () => (/* binding */ isOwnCreation),
/* harmony export */   P3: () => (/* binding */ isAdoptable),
/* harmony export */   QT: () => (/* binding */ findInputFile),
/* harmony export */   _m: () => (/* binding */ findAdoptable),
/* harmony export */   cC: () => (/* binding */ mayBeOf),
/* harmony export */   cQ: () => (/* binding */ thirtyDays),
/* harmony export */   sK: () => (/* binding */ findBatches),
/* harmony export */   ud: () => (/* binding */ recentPages)
/* harmony export */ });
/* unused harmony exports findByKeys, isMissingCall */
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8937);
/* harmony import */ var _key_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2731);


/** How far the server's clock may be behind ours, in milliseconds. */
const clockSkew = 10 * 60_000;
const pageSize = 100;
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
    let page = await client.batches.list({ limit: pageSize }, options);
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
            if (partial && hasAnswers(batch) && !partly.has(key))
                partly.set(key, batch);
            return false;
        }
        found.set(key, batch);
        return true;
    };
    await findBatches(client, pick, since, options, () => found.size === wanted.size);
    return new Map([...partly, ...found]);
}
/** Whether a batch that ended early has answers, which were paid for. */
function hasAnswers({ status, output_file_id }) {
    return (status === "expired" || status === "cancelled") && output_file_id !== undefined;
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
    return error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .APIError */ .LG && [404, 405, 501].includes(error.status ?? 0);
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
    const query = { purpose: "batch", order: "desc", limit: pageSize };
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

/***/ 7692:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  v9: () => (/* binding */ partSource),
  uD: () => (/* binding */ requestsOf),
  pU: () => (/* binding */ splitInput)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/batch/key.js
var key = __webpack_require__(2731);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
;// CONCATENATED MODULE: ./lib/batch/ranges.js

const chunkBytes = 256 * 1024;
const lineFeed = 10;
/** The bytes of ranges in chunks of up to 256 KiB, however short the ranges, with a line feed behind each. */
async function* readRanges(paths, ranges) {
    let out = Buffer.allocUnsafe(chunkBytes);
    let held = 0;
    let handle;
    let file = -1;
    let window = Buffer.alloc(0);
    let windowStart = 0;
    try {
        for (const range of ranges) {
            if (range.file !== file) {
                await handle?.close();
                handle = undefined;
                handle = await (0,promises_.open)(paths[range.file] ?? "");
                file = range.file;
                window = Buffer.alloc(0);
            }
            for (let at = range.start; at < range.end;) {
                if (at < windowStart || at >= windowStart + window.length) {
                    const { buffer, bytesRead } = (await handle?.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, at)) ?? { buffer: window, bytesRead: 0 };
                    // A file that has become shorter gives less than was promised, which the upload finds out.
                    if (bytesRead === 0)
                        return;
                    window = buffer.subarray(0, bytesRead);
                    windowStart = at;
                }
                const piece = window.subarray(at - windowStart, Math.min(range.end - windowStart, window.length));
                at += piece.length;
                const large = piece.length >= chunkBytes / 2;
                if (held > 0 && (large || held + piece.length >= chunkBytes)) {
                    yield out.subarray(0, held);
                    out = Buffer.allocUnsafe(chunkBytes);
                    held = 0;
                }
                if (large)
                    yield piece;
                else
                    held += piece.copy(out, held);
            }
            out[held] = lineFeed;
            held += 1;
        }
        if (held > 0)
            yield out.subarray(0, held);
    }
    finally {
        await handle?.close();
    }
}

;// CONCATENATED MODULE: ./lib/batch/split.js



/**
 * Cuts scanned requests into parts that a batch may hold, at line boundaries, each of one model and
 * in the input's order. Nothing is copied: a part is ranges of the files.
 *
 * @param only the numbers of the requests to take, ascending; all unless given
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
        stream: () => readRanges(scan.files, part.ranges),
    };
}
function* numbersTo(count) {
    for (let number = 0; number < count; number += 1)
        yield number;
}


/***/ }),

/***/ 2455:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Cl: () => (/* binding */ youngestRun),
/* harmony export */   l6: () => (/* binding */ waitForBatches),
/* harmony export */   wq: () => (/* binding */ lastLook)
/* harmony export */ });
/* harmony import */ var _interval_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3991);
/* harmony import */ var _look_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(817);
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
    const onUnknown = (error, id) => {
        unknown.set(id, error);
        if (unknown.size === ids.length)
            throw error;
        options.onUnknownId?.(error, id);
    };
    for (let last = false;;) {
        const pending = ids.filter((id) => !ended.has(id) && !held.has(id) && !unknown.has(id));
        const looked = await (0,_look_js__WEBPACK_IMPORTED_MODULE_0__/* .lookAt */ .t)(client, pending, {
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
            if ((0,_status_js__WEBPACK_IMPORTED_MODULE_1__/* .isTerminal */ .Hd)(batch))
                ended.add(id);
        }
        options.onProgress?.(batches());
        if (ended.size + unknown.size === ids.length) {
            return { batches: batches(), done: true, unknown };
        }
        const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - clock.now();
        const nobody = ended.size + held.size + unknown.size === ids.length;
        if (last || left <= 0 || nobody) {
            await clock.sleep(Math.max(0, left), signal);
            return { batches: batches(), done: false, unknown };
        }
        const interval = (0,_interval_js__WEBPACK_IMPORTED_MODULE_2__/* .nextInterval */ .J)(youngestRun(batches(), clock.now(), started), { pollInterval, maxPollInterval }, random);
        last = interval >= left;
        // What ends in the last seconds is worth a last look, in time for its answer.
        await clock.sleep(last ? Math.max(0, left - lastLook) : interval, signal);
    }
}
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


/***/ })

};
