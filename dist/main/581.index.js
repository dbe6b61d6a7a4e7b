export const id = 581;
export const ids = [581];
export const modules = {

/***/ 2639:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  B: () => (/* binding */ describeProblem),
  m: () => (/* binding */ scanInput)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/batch/input/idindex.js
var idindex = __webpack_require__(7092);
// EXTERNAL MODULE: ./lib/batch/input/lines.js
var input_lines = __webpack_require__(1276);
// EXTERNAL MODULE: ./lib/batch/input/linetable.js
var linetable = __webpack_require__(5829);
// EXTERNAL MODULE: external "node:buffer"
var external_node_buffer_ = __webpack_require__(4573);
// EXTERNAL MODULE: ./lib/api/normalize.js
var normalize = __webpack_require__(3387);
;// CONCATENATED MODULE: ./lib/batch/input/requestline.js


/**
 * Reads one line of a request file and tells everything in it that would fail the batch.
 *
 * @param utf8 whether the bytes are known to be UTF-8; where not, they are looked at
 * @param report takes the code that the API would fail the batch with, where it has one, and words that hold nothing of the line but ids
 */
function readRequestLine(bytes, utf8, report) {
    if (!utf8 && !(0,external_node_buffer_.isUtf8)(bytes)) {
        report("invalid_json_line", "the line is not valid UTF-8");
        return undefined;
    }
    let request;
    try {
        request = JSON.parse(bytes.toString("utf8"));
    }
    catch {
        report("invalid_json_line", "the line is not valid JSON");
        return undefined;
    }
    if (!(0,normalize/* isFields */.Ce)(request)) {
        report("invalid_json_line", "the line is not a JSON object");
        return undefined;
    }
    const { custom_id: customId, method, url, body } = request;
    const missing = (name, expected) => {
        report("missing_required_parameter", `${name} is missing or not ${expected}`);
    };
    if (typeof customId !== "string" || customId === "")
        missing("custom_id", "a text");
    if (method !== "POST")
        report("invalid_method", "method must be POST");
    if (typeof url !== "string" || url === "")
        missing("url", "a text");
    if (!(0,normalize/* isFields */.Ce)(body))
        missing("body", "an object");
    else if (body["stream"] === true) {
        report("stream_not_supported", "stream: true has no use in a batch");
    }
    const fields = (0,normalize/* isFields */.Ce)(body) ? body : {};
    const { model, input } = fields;
    return {
        customId: typeof customId === "string" && customId !== "" ? customId : undefined,
        url: typeof url === "string" && url !== "" ? url : undefined,
        model: typeof model === "string" ? model : undefined,
        inputs: typeof url === "string" && url.endsWith("/embeddings") ? countInputs(input) : 1,
    };
}
/** Texts count each; an array of numbers is one text that is already made of tokens. */
function countInputs(input) {
    if (!Array.isArray(input))
        return 1;
    return typeof input[0] === "number" ? 1 : Math.max(1, input.length);
}

;// CONCATENATED MODULE: ./lib/batch/input.js





/** A problem in one line: `requests.jsonl:3: invalid_json_line: the line is not valid JSON`. */
function describeProblem({ file, line, code, message }) {
    return `${file}${line === undefined ? "" : `:${line}`}: ${code}: ${message}`;
}
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/**
 * Reads request files once and finds everything in them that would fail a batch hours later: lines
 * that are no JSON object or no UTF-8, missing or repeated `custom_id`s (also across files),
 * different `url`s, a method other than POST, a body that is no object, `stream: true`, no request
 * at all. Byte order marks and blank lines are no problem; they are left out of what is sent.
 *
 * Files of any size are read with little memory: of each request only its place and a hash of its id are kept.
 *
 * @param files one or more JSONL files, read as streams; they make one job in this order
 * @throws the system's error when one cannot be read
 * @returns problems are part of the result and not thrown; sizes are bytes
 * @example
 * ```ts
 * import { scanInput } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * const scan = await scanInput("requests.jsonl");
 * console.log(scan.requests, scan.endpoint, scan.problemCount); // 3 /v1/chat/completions 0
 *
 * await writeFile("broken.jsonl", "{not json}\n");
 * const { problems } = await scanInput(["requests.jsonl", "broken.jsonl"]);
 * console.log(problems[0]?.file, problems[0]?.line, problems[0]?.code); // broken.jsonl 1 invalid_json_line
 * ```
 */
async function scanInput(files, { maxProblems = 1_000, signal } = {}) {
    const paths = typeof files === "string" ? [files] : files;
    const problems = [];
    const problemCounts = new Map();
    const lines = new linetable/* LineTable */.l();
    const inputs = new Map();
    const ids = new idindex/* IdIndex */.w();
    const models = new Map();
    const hash = (0,external_node_crypto_.createHash)("sha256");
    const numbers = createNumbering();
    let bytes = 0;
    let endpoint;
    for (const [number, file] of paths.entries()) {
        const before = lines.size;
        const report = (line, code, message) => {
            problemCounts.set(code, (problemCounts.get(code) ?? 0) + 1);
            if (problems.length >= maxProblems)
                return;
            problems.push({ file, ...(line === undefined ? {} : { line }), code, message });
        };
        const onLine = (line) => {
            const sent = withoutMark(line);
            if ((0,input_lines/* isBlank */.z)(sent.bytes))
                return;
            hash.update(sent.bytes).update("\n");
            bytes += sent.bytes.length + 1;
            const tell = (code, message) => {
                report(line.number, code, message);
            };
            const request = readRequestLine(sent.bytes, line.utf8, tell);
            const model = modelNumber(models, request?.model ?? "");
            numbers.note(lines.size, line.number);
            lines.add(number, sent.start, sent.start + sent.bytes.length, model);
            if (request?.customId === undefined)
                ids.skip();
            else {
                const first = ids.add(request.customId);
                if (first !== undefined) {
                    ids.skip();
                    const other = paths[lines.place(first).file] ?? "";
                    const where = `${other === file ? "" : `${other}, `}line ${numbers.of(first)}`;
                    tell("duplicate_custom_id", `custom_id '${request.customId}' is already used in ${where}`);
                }
            }
            if (request === undefined)
                return;
            if (request.inputs > 1)
                inputs.set(lines.size - 1, request.inputs);
            if (request.url === undefined)
                return;
            endpoint ??= request.url;
            if (request.url !== endpoint) {
                tell("url_mismatch", `url '${request.url}' differs from '${endpoint}' of the lines before`);
            }
        };
        await (0,input_lines/* forEachLine */.F)(file, onLine, signal);
        if (lines.size === before)
            report(undefined, "empty_file", "the file holds no request");
    }
    return {
        files: paths,
        requests: lines.size,
        bytes,
        hash: hash.digest("hex"),
        endpoint,
        models: [...models.keys()],
        problems,
        problemCount: [...problemCounts.values()].reduce((sum, count) => sum + count, 0),
        problemCounts,
        lines,
        inputs,
        ids,
        lineNumber: numbers.of,
    };
}
/** Line numbers of requests, kept only where they do not just go up by one. */
function createNumbering() {
    const jumps = [];
    let expected = -1;
    return {
        note(request, line) {
            if (line !== expected)
                jumps.push({ request, line });
            expected = line + 1;
        },
        of: (request) => {
            const jump = jumps.findLast((candidate) => candidate.request <= request);
            return jump === undefined ? 0 : jump.line + request - jump.request;
        },
    };
}
function modelNumber(models, model) {
    const known = models.get(model);
    if (known !== undefined)
        return known;
    models.set(model, models.size);
    return models.size - 1;
}
function withoutMark(line) {
    if (line.start !== 0 || !line.bytes.subarray(0, 3).equals(byteOrderMark))
        return line;
    return { bytes: line.bytes.subarray(3), start: 3 };
}


/***/ }),

/***/ 7092:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   w: () => (/* binding */ IdIndex)
/* harmony export */ });
const emptySlot = 0;
const fullest = 0.6;
/**
 * Tells which text was the how-maniest, for millions of texts in a few bytes each: it keeps 64 bits
 * of a hash in place of the text. Two different texts share them once in 2^64 pairs; of ten million
 * texts that is one chance in 370,000 for the whole file.
 */
class IdIndex {
    #size = 0;
    #mask;
    #low;
    #high;
    /** The number of the text plus one; 0 for an empty slot. */
    #number;
    // The halves of the last hash: a pair returned for each of millions of texts would be garbage.
    #hashLow = 0;
    #hashHigh = 0;
    constructor(capacity = 1024) {
        let slots = 1024;
        while (slots * fullest < capacity)
            slots *= 2;
        this.#mask = slots - 1;
        this.#low = new Uint32Array(slots);
        this.#high = new Uint32Array(slots);
        this.#number = new Uint32Array(slots);
    }
    /** The number of texts. */
    get size() {
        return this.#size;
    }
    /** Adds a text under the next number, from 0; returns the number it already has, else `undefined`. */
    add(text) {
        this.#hash(text);
        const slot = this.#find(this.#hashLow, this.#hashHigh);
        const present = this.#number[slot] ?? emptySlot;
        if (present !== emptySlot)
            return present - 1;
        this.#size += 1;
        this.#low[slot] = this.#hashLow;
        this.#high[slot] = this.#hashHigh;
        this.#number[slot] = this.#size;
        if (this.#size > (this.#mask + 1) * fullest)
            this.#grow();
        return undefined;
    }
    /** Counts a line that has no text of its own, so that numbers stay those of the lines. */
    skip() {
        this.#size += 1;
    }
    /** The number under which a text was added. */
    numberOf(text) {
        this.#hash(text);
        const present = this.#number[this.#find(this.#hashLow, this.#hashHigh)] ?? emptySlot;
        return present === emptySlot ? undefined : present - 1;
    }
    #find(low, high) {
        let slot = (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
        while (this.#number[slot] !== emptySlot &&
            (this.#low[slot] !== low || this.#high[slot] !== high)) {
            slot = (slot + 1) & this.#mask;
        }
        return slot;
    }
    #grow() {
        const [low, high, number] = [this.#low, this.#high, this.#number];
        const slots = low.length * 2;
        this.#mask = slots - 1;
        this.#low = new Uint32Array(slots);
        this.#high = new Uint32Array(slots);
        this.#number = new Uint32Array(slots);
        for (const [at, present] of number.entries()) {
            if (present === emptySlot)
                continue;
            const slot = this.#find(low[at] ?? 0, high[at] ?? 0);
            this.#low[slot] = low[at] ?? 0;
            this.#high[slot] = high[at] ?? 0;
            this.#number[slot] = present;
        }
    }
    /** Two 32-bit lanes of multiply and rotate, mixed into each other at the end. */
    #hash(text) {
        let low = 0x243f6a88 ^ text.length;
        let high = 0x85a308d3;
        for (let at = 0; at < text.length; at += 1) {
            const unit = text.charCodeAt(at);
            low = Math.imul(low ^ unit, 0xcc9e2d51);
            low = (low << 13) | (low >>> 19);
            high = Math.imul(high ^ unit, 0x1b873593);
            high = (high << 17) | (high >>> 15);
        }
        low ^= low >>> 16;
        high ^= high >>> 15;
        low = Math.imul(low, 0x85ebca6b) ^ high;
        high = Math.imul(high, 0xc2b2ae35) ^ low;
        low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
        high = Math.imul(high ^ (high >>> 16), 0x85ebca6b);
        this.#hashLow = (low ^ (low >>> 16)) >>> 0;
        this.#hashHigh = (high ^ (high >>> 13)) >>> 0;
    }
}


/***/ }),

/***/ 1276:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ forEachLine),
/* harmony export */   z: () => (/* binding */ isBlank)
/* harmony export */ });
/* harmony import */ var node_buffer__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4573);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1455);
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8500);




const blockBytes = 256 * 1024;
const lineFeed = 10;
/**
 * Calls back for each line of a file. It is read block by block into one buffer, which grows only for
 * a line that is longer than it is. A last line without a line feed is a line too.
 */
async function forEachLine(path, onLine, signal) {
    const handle = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.open)(path);
    try {
        let block = Buffer.allocUnsafe(blockBytes);
        let start = 0;
        let number = 0;
        let held = 0;
        for (;;) {
            // Signals and timers are heard between two blocks.
            await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_3__.setImmediate)();
            signal?.throwIfAborted();
            // The system reads ahead of us by itself; to ask another thread for what it has in memory
            // takes longer than to copy it.
            const bytesRead = (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.readSync)(handle.fd, block, held, block.length - held, null);
            if (bytesRead === 0)
                break;
            const length = held + bytesRead;
            const whole = block.subarray(0, length).lastIndexOf(lineFeed) + 1;
            const utf8 = (0,node_buffer__WEBPACK_IMPORTED_MODULE_0__.isUtf8)(block.subarray(0, whole));
            for (let from = 0; from < whole;) {
                const at = block.indexOf(lineFeed, from);
                const bytes = block.subarray(from, at);
                const end = start + at + 1 - from;
                number += 1;
                onLine({ bytes, utf8, start, end, number });
                start = end;
                from = at + 1;
            }
            held = length - whole;
            const next = held > block.length / 2 ? Buffer.allocUnsafe(block.length * 2) : block;
            block.copy(next, 0, whole, length);
            block = next;
        }
        if (held > 0) {
            const bytes = block.subarray(0, held);
            onLine({ bytes, utf8: false, start, end: start + held, number: number + 1 });
        }
    }
    finally {
        await handle.close();
    }
}
/** Whether a line holds nothing but white space. */
function isBlank(bytes) {
    return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}


/***/ }),

/***/ 5829:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ LineTable)
/* harmony export */ });
const linesPerPage = 1 << 14;
/**
 * The places of millions of lines, in 12 to 20 bytes each. A line is known by its number, from 0, in
 * the order in which the lines were added. The table grows by pages, so that nothing is copied.
 */
class LineTable {
    #size = 0;
    #pages = [];
    get size() {
        return this.#size;
    }
    /**
     * Adds a line: its file, its first byte, the byte behind its last one, and a number to go with it.
     *
     * @param tag a small number of the caller's, for example of the model
     */
    add(file, start, end, tag = 0) {
        const line = this.#size;
        if (line === this.#pages.length * linesPerPage) {
            this.#pages.push({
                start: new Float64Array(linesPerPage),
                length: new Uint32Array(linesPerPage),
                file: undefined,
                tag: undefined,
            });
        }
        this.#size += 1;
        this.set(line, { file, start, end });
        if (tag !== 0)
            this.setTag(line, tag);
    }
    /** Puts another place in a line's stead. */
    set(line, { file, start, end }) {
        const page = this.#pageOf(line);
        if (page === undefined)
            return;
        const at = line % linesPerPage;
        page.start[at] = start;
        page.length[at] = end - start;
        if (file !== 0)
            page.file ??= new Uint32Array(linesPerPage);
        if (page.file !== undefined)
            page.file[at] = file;
    }
    /** Where a line is, by its number from 0. */
    place(line) {
        const page = this.#pageOf(line);
        const at = line % linesPerPage;
        const start = page?.start[at] ?? 0;
        return { file: page?.file?.[at] ?? 0, start, end: start + (page?.length[at] ?? 0) };
    }
    /** The number that goes with a line. */
    tag(line) {
        return this.#pageOf(line)?.tag?.[line % linesPerPage] ?? 0;
    }
    /** Changes the number that goes with a line. */
    setTag(line, tag) {
        const page = this.#pageOf(line);
        if (page === undefined)
            return;
        page.tag ??= new Uint32Array(linesPerPage);
        page.tag[line % linesPerPage] = tag;
    }
    #pageOf(line) {
        return this.#pages[Math.floor(line / linesPerPage)];
    }
}


/***/ }),

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
    const onUnknown = (error, id) => {
        unknown.set(id, error);
        if (unknown.size === ids.length)
            throw error;
        options.onUnknownId?.(error, id);
    };
    for (let last = false;;) {
        const pending = ids.filter((id) => !ended.has(id) && !held.has(id) && !unknown.has(id));
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
        const interval = (0,_wait_interval_js__WEBPACK_IMPORTED_MODULE_2__/* .nextInterval */ .J)(youngestRun(batches(), clock.now(), started), { pollInterval, maxPollInterval }, random);
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


/***/ })

};
