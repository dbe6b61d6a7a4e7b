export const id = 109;
export const ids = [109];
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
