export const id = 218;
export const ids = [218];
export const modules = {

/***/ 343:
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
/* harmony import */ var _key_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(750);


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
        stream: (transient) => readRanges(scan.files, part.ranges, transient),
    };
}
function* numbersTo(count) {
    for (let number = 0; number < count; number += 1)
        yield number;
}


/***/ })

};
