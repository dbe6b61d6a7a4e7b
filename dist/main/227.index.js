export const id = 227;
export const ids = [227];
export const modules = {

/***/ 2248:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ fetchInput)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6760);
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(8937);
/* harmony import */ var _batch_input_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4275);






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

/***/ 3227:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ isWanted),
/* harmony export */   g: () => (/* binding */ tellResults),
/* harmony export */   withResults: () => (/* binding */ withResults)
/* harmony export */ });
/* harmony import */ var _batch_results_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7661);
/* harmony import */ var _batch_status_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3276);
/* harmony import */ var _fetch_input_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2248);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5821);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7352);
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





/** Whether the step asks for a file of results. */
function isWanted({ outputFile, errorFile }) {
    return outputFile !== undefined || errorFile !== undefined;
}
/** The report of these batches; what the finished ones have is downloaded if a file is asked for. */
async function withResults(step, batches, inputs) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { client, toolkit, signal } = step;
        const { outputFile, errorFile, order } = inputs;
        if (!isWanted(inputs) || batches.length === 0)
            return (0,_outputs_js__WEBPACK_IMPORTED_MODULE_0__/* .reportOf */ .E)(batches);
        const running = batches.filter((batch) => !(0,_batch_status_js__WEBPACK_IMPORTED_MODULE_1__/* .isTerminal */ .Hd)(batch)).length;
        if (running === batches.length) {
            toolkit.notice("No batch has ended yet, so no results were written.");
            return (0,_outputs_js__WEBPACK_IMPORTED_MODULE_0__/* .reportOf */ .E)(batches);
        }
        if (running > 0) {
            toolkit.notice(`${(0,_format_js__WEBPACK_IMPORTED_MODULE_2__/* .plural */ .LS)(running, "batch", "batches")} of ${batches.length} have not ended; only the results of the others were written.`);
        }
        const temporaryFolder = process.env["RUNNER_TEMP"];
        const input = __addDisposableResource(env_1, order === "input" ? await (0,_fetch_input_js__WEBPACK_IMPORTED_MODULE_3__/* .fetchInput */ .Z)(step, batches) : undefined, true);
        const results = await (0,_batch_results_js__WEBPACK_IMPORTED_MODULE_4__/* .collectResults */ .n1)(client, batches, {
            outputFile,
            errorFile,
            input: input?.scan,
            parts: input?.parts,
            temporaryFolder,
            signal,
        });
        tellResults(toolkit, results);
        return (0,_outputs_js__WEBPACK_IMPORTED_MODULE_0__/* .reportOf */ .E)(batches, results);
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
        toolkit.info(`Wrote ${(0,_format_js__WEBPACK_IMPORTED_MODULE_2__/* .plural */ .LS)(completed, "answer")} to ${results.outputFile}.`);
    }
    if (results.errorFile !== undefined) {
        toolkit.info(`Wrote ${(0,_format_js__WEBPACK_IMPORTED_MODULE_2__/* .plural */ .LS)(failed, "failed request")} to ${results.errorFile}.`);
    }
    if (results.unexpected > 0) {
        toolkit.warning(`The server gave ${(0,_format_js__WEBPACK_IMPORTED_MODULE_2__/* .plural */ .LS)(results.unexpected, "line")} for requests that the input does not have.`);
    }
    if (results.duplicates > 0) {
        toolkit.warning(`The server gave ${(0,_format_js__WEBPACK_IMPORTED_MODULE_2__/* .plural */ .LS)(results.duplicates, "line")} for requests that had one already; the first answer stands.`);
    }
}


/***/ }),

/***/ 4275:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  B: () => (/* binding */ describeProblem),
  m: () => (/* binding */ scanInput)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/batch/input/id-index.js
var id_index = __webpack_require__(8335);
// EXTERNAL MODULE: ./lib/batch/input/lines.js
var input_lines = __webpack_require__(1276);
// EXTERNAL MODULE: ./lib/batch/input/line-table.js
var line_table = __webpack_require__(6328);
// EXTERNAL MODULE: external "node:buffer"
var external_node_buffer_ = __webpack_require__(4573);
// EXTERNAL MODULE: ./lib/api/normalize.js
var normalize = __webpack_require__(3387);
;// CONCATENATED MODULE: ./lib/batch/input/request-line.js


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

// EXTERNAL MODULE: ./lib/batch/input/stamp.js
var stamp = __webpack_require__(6912);
;// CONCATENATED MODULE: ./lib/batch/input.js






/** A problem in one line: `requests.jsonl:3: invalid_json_line: the line is not valid JSON`. */
function describeProblem({ file, line, code, message }) {
    return `${file}${line === undefined ? "" : `:${line}`}: ${code}: ${message}`;
}
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
    const lines = new line_table/* LineTable */.l();
    const inputs = new Map();
    const ids = new id_index/* IdIndex */.w();
    const stamps = [];
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
            const sent = (0,input_lines/* withoutMark */.E_)(line);
            if ((0,input_lines/* isBlank */.z3)(sent.bytes))
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
        stamps.push(await (0,stamp/* stampOf */.Z)(file));
        await (0,input_lines/* forEachLine */.FF)(file, onLine, signal);
        if (lines.size === before)
            report(undefined, "empty_file", "the file holds no request");
    }
    return {
        files: paths,
        stamps,
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


/***/ }),

/***/ 8335:
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

/***/ 6328:
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

/***/ 1276:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E_: () => (/* binding */ withoutMark),
/* harmony export */   FF: () => (/* binding */ forEachLine),
/* harmony export */   z3: () => (/* binding */ isBlank)
/* harmony export */ });
/* harmony import */ var node_buffer__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4573);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1455);
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8500);




const blockBytes = 256 * 1024;
const lineFeed = 10;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
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
/** A line without the byte order mark that the first of a file may begin with. */
function withoutMark(line) {
    const { length } = byteOrderMark;
    if (line.start !== 0 || !line.bytes.subarray(0, length).equals(byteOrderMark))
        return line;
    return { bytes: line.bytes.subarray(length), start: length };
}


/***/ }),

/***/ 7661:
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
// EXTERNAL MODULE: ./lib/batch/input/lines.js
var input_lines = __webpack_require__(1276);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./lib/batch/results/line-writer.js



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
// EXTERNAL MODULE: ./lib/batch/input/id-index.js
var id_index = __webpack_require__(8335);
;// CONCATENATED MODULE: ./lib/batch/results/line-reader.js

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

// EXTERNAL MODULE: ./lib/batch/input/line-table.js
var line_table = __webpack_require__(6328);
// EXTERNAL MODULE: ./lib/batch/results/line.js
var results_line = __webpack_require__(8995);
;// CONCATENATED MODULE: ./lib/batch/results/book.js






const missing = {
    code: "result_missing",
    transient: true,
    message: "The server gave no result for this request.",
};
const success = 0;
const examplesPerCode = 3;
const maxCodes = 10_000;
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
    #lines = new line_table/* LineTable */.l();
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
        this.#ids = scan?.ids ?? new id_index/* IdIndex */.w();
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
        await (0,input_lines/* forEachLine */.FF)(path, (whole) => {
            if ((0,input_lines/* isBlank */.z3)(whole.bytes))
                return;
            count += 1;
            const { bytes, start } = (0,input_lines/* withoutMark */.E_)(whole);
            const { customId, failure, usage } = (0,results_line/* readResultLine */.Q)(bytes);
            this.#addUsage(usage);
            const line = this.#lines.size;
            const tag = failure === undefined ? success : this.#tagOf(failure);
            this.#lines.add(file, start, whole.end, tag);
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
            if (this.#failureOf(request)?.transient === true)
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
        const code = this.#failures.length < maxCodes ? failure.code : "other";
        const key = `${failure.transient} ${code}`;
        const known = this.#tags.get(key);
        if (known !== undefined)
            return known;
        const tag = this.#failures.push({ code, transient: failure.transient });
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
    const addBatch = async (given, part) => {
        const batch = await withFile(client, given, { signal, deadline, maxRetries });
        if (lacksFile(batch)) {
            const error = unnamedFile(batch);
            lost.push(error);
            if (input !== undefined && part !== undefined) {
                book.absent((0,split/* requestsOf */.uD)(input, part), lostResults(error));
            }
        }
        // Some servers let the output of a running batch be read while it grows.
        const ids = (0,batch_status/* isTerminal */.Hd)(batch) ? [batch.output_file_id, batch.error_file_id] : [];
        const expected = [batch.request_counts?.completed, batch.request_counts?.failed];
        const mayRepeat = (maxRetries ?? client.maxRetries) > 0;
        let lines = 0;
        for (const [index, id] of ids.entries()) {
            if (id === undefined)
                continue;
            const path = (0,external_node_path_.join)(temporaryFolder, `batch-results-${(0,external_node_crypto_.randomUUID)()}.jsonl`);
            downloads.push(path);
            try {
                await client.files.download(id, path, {
                    signal,
                    deadline,
                    maxRetries,
                    check: checkOf(mayRepeat ? (expected[index] ?? 0) : 0),
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
            reported = (0,batch_status/* sumCounts */.W_)([reported, { total, completed, failed }]);
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
            book.absent((0,split/* requestsOf */.uD)(input, part), { code: "not_sent", transient: false, message: why });
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
            return {
                counts: (0,batch_status/* sumCounts */.W_)([book.counts(), reported]),
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
/** Milliseconds between looks for the file of a batch that has ended. */
const fileLag = [1_000, 2_000, 4_000, 8_000, 15_000];
/** Whether a batch counts answers, which were paid for, and names no file that holds them. */
function lacksFile({ status, request_counts: counts, output_file_id }) {
    const mayHave = status === "completed" || status === "expired" || status === "cancelled";
    return mayHave && (counts?.completed ?? 0) > 0 && output_file_id === undefined;
}
/** The status of a batch may be ahead of its files. */
async function withFile(client, given, call) {
    let batch = given;
    for (const pause of fileLag) {
        if (!lacksFile(batch))
            break;
        await client.clock.sleep(pause, call.signal);
        try {
            batch = await client.batches.retrieve(given.id, call);
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
        }
    }
    return batch;
}
function unnamedFile({ id, request_counts: counts }) {
    return new errors/* APIError */.LG(`Batch ${id} counts ${counts?.completed ?? 0} answers and names no file that holds them. Retrieve it later.`, { code: "result_unavailable" });
}
/**
 * A server that names no length may be cut between two lines: fewer than it has counted are fetched
 * once more. Only once, since some servers count what they give no line for.
 */
function checkOf(expected) {
    let asked = false;
    return async (path, measured) => {
        const problem = await resultFileProblem(path);
        if (problem !== undefined || measured || asked || expected === 0)
            return problem;
        let lines = 0;
        await (0,input_lines/* forEachLine */.FF)(path, ({ bytes }) => {
            if (!(0,input_lines/* isBlank */.z3)(bytes))
                lines += 1;
        });
        if (lines >= expected)
            return undefined;
        asked = true;
        return `it has ${lines} lines, and the batch counts ${expected}`;
    };
}
function lostResults({ message }) {
    return { code: "result_unavailable", transient: false, message };
}
function unfinishedBatch({ id, status }) {
    return {
        code: "not_finished",
        transient: false,
        message: `Batch ${id} was ${status} when its results were collected.`,
    };
}
function failedBatch({ id, errors }) {
    const [first] = errors?.data ?? [];
    return {
        code: first?.code ?? "batch_failed",
        transient: first?.code === "token_limit_exceeded",
        message: `Batch ${id} failed: ${first?.message ?? "the server gave no reason"}`,
    };
}


/***/ })

};
