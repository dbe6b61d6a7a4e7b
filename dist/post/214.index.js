export const id = 214;
export const ids = [214];
export const modules = {

/***/ 4214:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  cleanUp: () => (/* binding */ cleanUp)
});

// UNUSED EXPORTS: decideCleanup

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/batch/cancel.js


/**
 * Cancels a batch, whatever state it is in: one that has finished, or is being cancelled, is no
 * error but is looked at again and returned as it is.
 *
 * @throws {APIError} when the batch does not exist, or is still running and cannot be cancelled
 * @returns the batch, `cancelling` for up to ten minutes, or as it ended
 * @example
 * ```ts
 * import { BatchClient, cancelBatch, createBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: { fileId: (await client.files.create({ file: "requests.jsonl", purpose: "batch" })).id },
 *   endpoint: "/v1/chat/completions",
 * });
 * const { status } = await cancelBatch(client, batch.id);
 * console.log(["cancelling", "cancelled", "completed"].includes(status)); // true
 * ```
 */
async function cancelBatch(client, batchId, options = {}) {
    try {
        return await client.batches.cancel(batchId, options);
    }
    catch (error) {
        // Servers refuse the cancel of a finished batch with 409 (OpenAI, llama-stack) or 400.
        if (!(error instanceof errors/* APIError */.LG) || (error.status !== 409 && error.status !== 400))
            throw error;
        const batch = await client.batches.retrieve(batchId, options);
        if ((0,batch_status/* isTerminal */.Hd)(batch) || batch.status === "cancelling")
            return batch;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/api/page.js
/** Items of the API's largest page. */
const page_largestPage = 100;
/** Pages over `fetch`, which reads the page behind a cursor. Nothing is called before it is asked for. */
function paged(fetch, after) {
    const load = async (cursor, before) => {
        const { data, hasMore, lastId } = await fetch(cursor);
        // A server whose cursors go in a circle would be read for ever.
        const cursors = new Set(before).add(cursor);
        const more = hasMore && lastId !== undefined && !cursors.has(lastId);
        const page = {
            data,
            has_more: hasMore,
            last_id: lastId,
            hasNextPage: () => more,
            getNextPage: async () => (more ? load(lastId, cursors) : undefined),
            async *[Symbol.asyncIterator]() {
                for (let at = page; at !== undefined; at = await at.getNextPage()) {
                    yield* at.data;
                }
            },
        };
        return page;
    };
    let first;
    const start = () => (first ??= load(after, new Set()));
    return {
        then: (resolve, reject) => start().then(resolve, reject),
        catch: (reject) => start().catch(reject),
        finally: (settled) => start().finally(settled),
        async *[Symbol.asyncIterator]() {
            yield* await start();
        },
    };
}

// EXTERNAL MODULE: ./lib/batch/create/key.js
var key = __webpack_require__(750);
;// CONCATENATED MODULE: ./lib/batch/create/lookup.js



/** How far the server's clock may be behind ours, in milliseconds. */
const clockSkew = 10 * 60_000;
const thirtyDays = (/* unused pure expression or super */ null && (30 * 24 * 3_600_000));
/** Whether a batch was made by this very create, whatever has become of it. */
function isOwnCreation(batch, { creationId, inputFileId }) {
    const id = batch.metadata?.[key/* creationName */.ZV];
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
    return !isOver(batch) && batch.metadata?.[keyName] === key;
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
    let page = await client.batches.list({ limit: page_largestPage }, options);
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
        const key = batch.metadata?.[keyName];
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
    return error instanceof APIError && [404, 405, 501].includes(error.status ?? 0);
}
/** A day and an hour: a file that is deleted sooner may be gone before its batch has read it. */
const shortestLife = (/* unused pure expression or super */ null && (25 * 3_600));
/** An uploaded input file of this name and size that will live long enough; `undefined` if there is none. */
async function findInputFile(client, { name, size }, since, options) {
    const oldest = (since - clockSkew) / 1000;
    const usable = (file) => file.filename === name &&
        file.bytes === size &&
        file.status !== "error" &&
        (file.expires_at === undefined || file.expires_at - client.clock.now() / 1000 > shortestLife);
    const query = { purpose: "batch", order: "desc", limit: largestPage };
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

;// CONCATENATED MODULE: ./lib/api/auth.js
function keyBearer(apiKey) {
    if (typeof apiKey !== "function") {
        const keys = apiKey === undefined ? [] : [apiKey];
        return { token: () => Promise.resolve(apiKey), secrets: () => keys };
    }
    const keys = new Set();
    return {
        async token() {
            const key = await apiKey();
            keys.add(key);
            return key;
        },
        secrets: () => [...keys],
    };
}
/** Names of headers that carry a credential of their own: Azure's `api-key`, `x-portkey-api-key`, `x-litellm-api-key`, … */
const credentialHeader = /^(.+-)?(authorization|api-key)$/i;
/** Whether these headers authenticate a request without an API key. */
function hasCredential(headers) {
    return Object.keys(headers).some((name) => credentialHeader.test(name));
}
/** Whether one of these headers would stand in the place of the bearer token. */
function replacesBearer(headers) {
    return Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
}
/** What no header value may hold. */
const unsendable = /[^\t\x20-\x7e\x80-\xff]/;
/** Shorter texts are no secrets, and taking them out would garble messages. */
const shortestSecret = 8;
/** What of a header's value may be secret: all of it, and of `Bearer …` the token, which may show up alone. */
function secretsOf(headerValue) {
    return [headerValue, headerValue.split(/\s+/).at(-1) ?? headerValue];
}
/** A function that takes the given secrets out of a text. */
function redactor(secrets) {
    return (text) => secrets()
        .filter((secret) => secret.length >= shortestSecret)
        .reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
}

// EXTERNAL MODULE: ./lib/api/base-url.js
var base_url = __webpack_require__(7567);
// EXTERNAL MODULE: ./lib/api/normalize.js
var normalize = __webpack_require__(3387);
;// CONCATENATED MODULE: ./lib/api/wire.js

/** Some servers' ids hold a slash (`batches/…`) that they expect as it is; the rest is escaped once. */
function idPath(id) {
    const segments = id.split("/");
    // Such a segment would lead to another path than that of the id.
    if (segments.some((segment) => ["", ".", ".."].includes(segment))) {
        throw new errors/* APIError */.LG(`'${id}' is no id. Check where it comes from; an output of a step that did not run is empty.`, {
            code: "invalid_id",
            status: 400,
        });
    }
    return segments.map(encodeURIComponent).join("/");
}
/** The error for an answer that is whole JSON, but not of what was asked for. */
function unknownShape(call, expected) {
    return new errors/* UnreadableAnswerError */.mP(`${call} was answered with JSON that holds no ${expected.replace(/^an? /, "")} we can read. ` +
        "Check that the base URL is that of an OpenAI-compatible Batch API.", { code: "unreadable_answer", success: true });
}

;// CONCATENATED MODULE: ./lib/api/batches.js




/** Milliseconds; a cancelled workflow has 7.5 seconds, and the cancel comes after the answer. */
const answerGrace = 3_000;
/**
 * `client.batches`: the four calls of the Batch API.
 *
 * Made by `BatchClient`. What the calls resolve to is one shape for every compatible server.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * for await (const batch of client.batches.list({ limit: 100 })) {
 *   if (batch.status === "in_progress") await client.batches.cancel(batch.id);
 * }
 * ```
 */
class Batches {
    #wire;
    constructor(wire) {
        this.#wire = wire;
    }
    /**
     * Creates a batch (`POST /batches`). The API has no idempotency key, so this call is repeated
     * only where the server has certainly done nothing: it refused with a transient 4xx, or could not
     * be reached. When the signal aborts while it is on the wire, it gets three more seconds for its
     * answer. `createBatch` builds on it what a create that cannot pay twice needs.
     *
     * @throws {UnknownOutcomeError} when the batch may exist although no answer says so
     * @throws {APIError} when the server refused
     */
    async create(body, options = {}) {
        const call = "POST /batches";
        const wire = { busy: false };
        try {
            return await this.#wire.retried({ ...options, call, retry: "refusals", grace: answerGrace }, async (signal) => {
                wire.busy = false;
                try {
                    const request = { method: "POST", path: "/batches", json: body, signal };
                    const onSend = () => {
                        // A token may have been waited for since; what is not on the wire yet stays here.
                        options.signal?.throwIfAborted();
                        wire.busy = true;
                    };
                    return batchOf(call, await this.#wire.transport.json({ ...request, onSend }));
                }
                catch (error) {
                    if (error instanceof errors/* APIError */.LG)
                        wire.busy = error.outcomeUnknown;
                    throw error;
                }
            });
        }
        catch (error) {
            // A deadline may have come while a token was waited for, with nothing on the wire.
            const known = error instanceof errors/* APIError */.LG && !(error instanceof errors/* DeadlineError */.j3);
            const unknown = known ? error.outcomeUnknown : wire.busy;
            throw unknown ? new errors/* UnknownOutcomeError */.rk(body.input_file_id, error) : error;
        }
    }
    /**
     * Reads a batch once (`GET /batches/{id}`).
     *
     * @throws {APIError} 404 for an id that the project does not have
     */
    async retrieve(batchId, options = {}) {
        const path = batchPath(batchId);
        const call = `GET ${path}`;
        return this.#wire.retried({ ...options, call }, async (signal) => batchOf(call, await this.#wire.transport.json({ method: "GET", path, signal })));
    }
    /**
     * Lists the organization's batches, newest first in practice (`GET /batches`). Awaited it is one
     * page; `for await` goes through all of them.
     *
     * @param query `after` is a batch's id, `limit` the size of a page, 1 to 100 (the API's default is 20)
     * @throws {APIError} when a page cannot be had; a server without a list answers with 404
     */
    list(query = {}, options = {}) {
        const call = "GET /batches";
        return paged(async (after) => this.#wire.retried({ ...options, call }, async (signal) => {
            const answer = await this.#wire.transport.json({
                method: "GET",
                path: "/batches",
                query: { after, limit: query.limit },
                signal,
            });
            const page = (0,normalize/* normalizePage */.Bx)(answer);
            if (page === undefined)
                throw unknownShape(call, "a list of batches");
            const data = page.items.map((item) => batchOf(call, item));
            return { data, hasMore: page.hasMore, lastId: page.lastId ?? data.at(-1)?.id };
        }), query.after);
    }
    /**
     * Cancels a batch (`POST /batches/{id}/cancel`). It stays `cancelling` for up to ten minutes and
     * keeps the results it has by then. A finished batch is answered with a 409 error.
     *
     * @throws {APIError} 404 for an unknown id, 409 for a batch that has ended
     */
    async cancel(batchId, options = {}) {
        const path = `${batchPath(batchId)}/cancel`;
        const call = `POST ${path}`;
        return this.#wire.retried({ ...options, call, conflictIsFinal: true }, async (signal) => batchOf(call, await this.#wire.transport.json({ method: "POST", path, signal })));
    }
}
function batchPath(id) {
    return `/batches/${idPath(id)}`;
}
function batchOf(call, answer) {
    const batch = (0,normalize/* normalizeBatch */.oT)(answer);
    if (batch === undefined)
        throw unknownShape(call, "a batch");
    return batch;
}

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./lib/api/clock.js

/** The longest delay that a Node.js timer can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;
/**
 * The machine's clock.
 *
 * Milliseconds since the Unix epoch; longer sleeps than a timer of Node.js holds (24.8 days) work.
 *
 * @example
 * ```ts
 * import { BatchClient, type Clock, systemClock } from "openai-batch-action";
 *
 * // A clock on which pauses take no time, for a test of your own.
 * let now = systemClock.now();
 * const clock: Clock = {
 *   now: () => now,
 *   sleep: (ms) => Promise.resolve(void (now += ms)),
 *   timeout: () => new AbortController().signal,
 * };
 * const client = new BatchClient({ clock });
 * console.log(client.clock === clock); // true
 * ```
 */
const systemClock = {
    now: () => Date.now(),
    async sleep(ms, signal) {
        signal?.throwIfAborted();
        for (let left = ms; left > 0; left -= longestTimer) {
            try {
                await (0,promises_.setTimeout)(Math.min(left, longestTimer), undefined, { signal });
            }
            catch (error) {
                signal?.throwIfAborted();
                throw error;
            }
        }
    },
    timeout: (ms) => AbortSignal.timeout(Math.min(Math.max(0, Math.ceil(ms)), longestTimer)),
};

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:v8"
var external_node_v8_ = __webpack_require__(8877);
// EXTERNAL MODULE: external "node:vm"
var external_node_vm_ = __webpack_require__(714);
;// CONCATENATED MODULE: ./lib/api/garbage.js


/**
 * A function that frees what has become garbage lately, in less than a millisecond.
 *
 * Every 64 KiB that come from a socket are two buffers outside the heap, with next to nothing on it.
 * The engine counts the heap, so it lets a hundred megabytes of them pile up before it looks, and
 * each is new memory that the system has to clear. Looked at every few megabytes they use the same
 * memory again, which is faster too.
 */
function youngGarbageCollector() {
    (0,external_node_v8_.setFlagsFromString)("--expose-gc");
    // V8's own function, which the flag puts into a new context.
    const collect = (0,external_node_vm_.runInNewContext)("gc");
    (0,external_node_v8_.setFlagsFromString)("--no-expose-gc");
    return () => {
        collect({ type: "minor" });
    };
}

;// CONCATENATED MODULE: ./lib/api/download.js
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






/** So many bytes come before their buffers are looked at. */
const garbageBytes = 8 * 1024 * 1024;
/**
 * Downloads to a temporary name beside `path` and renames it once every byte is there. What came
 * before a connection broke is kept, and the rest asked for (`Range`); a server that does not know
 * ranges sends all again.
 */
async function download(wire, from, path, options) {
    await (0,external_node_fs_promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
    const partial = `${path}.${(0,external_node_crypto_.randomUUID)()}.partial`;
    const call = `GET ${from}`;
    let version;
    const fetchRest = async (have, signal) => {
        const request = {
            method: "GET",
            path: from,
            signal,
            ...(have > 0 ? { headers: { range: `bytes=${have}-`, ...ifSame(version) } } : {}),
        };
        const answer = await wire.transport.open(request).catch(async (error) => {
            // What we have is no beginning of what is there now: all of it, on the next attempt.
            if (!(error instanceof errors/* APIError */.LG) || error.status !== 416)
                throw error;
            await (0,external_node_fs_promises_.rm)(partial, { force: true });
            throw rangeRefused(call, have);
        });
        const goesOn = answer.status === 206;
        const range = rangeOf(answer);
        const tag = entityTag(answer);
        const changed = version !== undefined && tag !== undefined && tag !== version;
        if (goesOn && (range?.start !== have || changed)) {
            answer.body.destroy();
            await (0,external_node_fs_promises_.rm)(partial, { force: true });
            throw rangeRefused(call, have);
        }
        version = tag;
        const written = await writeBody(answer.body, partial, goesOn ? "a" : "w", (error) => wire.transport.broken(request, answer, error));
        const bytes = (goesOn ? have : 0) + written;
        return { answer, bytes, total: goesOn ? range?.total : undefined };
    };
    try {
        const bytes = await wire.retried({ ...options, call }, async (signal) => {
            for (;;) {
                const have = await sizeOf(partial);
                const { answer, bytes, total } = await fetchRest(have, signal);
                if (total === undefined || bytes >= total) {
                    const measured = total !== undefined || answer.headers["content-length"] !== undefined;
                    const problem = await options.check?.(partial, measured);
                    if (problem === undefined)
                        return bytes;
                    await (0,external_node_fs_promises_.rm)(partial, { force: true });
                    throw cutShort(call, problem, answer);
                }
                // A server may give less than it was asked for; as long as something comes it goes on.
                if (bytes <= have)
                    throw cutShort(call, `${bytes} of ${total} bytes came`, answer);
            }
        });
        await (0,external_node_fs_promises_.rename)(partial, path);
        return { path, bytes };
    }
    catch (error) {
        await (0,external_node_fs_promises_.rm)(partial, { force: true });
        throw error;
    }
}
async function sizeOf(path) {
    try {
        return (await (0,external_node_fs_promises_.stat)(path)).size;
    }
    catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT")
            return 0;
        throw error;
    }
}
/** A range of another version of the file would be glued to ours. */
function ifSame(version) {
    return version === undefined ? {} : { "if-range": version };
}
/** A weak tag may not be used with ranges (RFC 9110, 13.1.5). */
function entityTag({ headers }) {
    return headers.etag?.startsWith('"') === true ? headers.etag : undefined;
}
function rangeOf({ headers }) {
    const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
    if (found === null)
        return undefined;
    return { start: Number(found[1]), total: found[2] === "*" ? undefined : Number(found[2]) };
}
/** What we have is no beginning of what the server sends; the next attempt begins anew. */
function rangeRefused(call, have) {
    return new errors/* UnreadableAnswerError */.mP(`${call} cannot go on from byte ${have}.`, {
        code: "range_refused",
        success: false,
    });
}
function cutShort(call, why, { requestId }) {
    return new errors/* UnreadableAnswerError */.mP(`${call}: the file did not come whole: ${why}.`, {
        code: "cut_short",
        requestId,
        success: false,
    });
}
/**
 * Writes a body to disk as it comes; gives the number of bytes.
 *
 * @param broken makes the error for a body that ends too early; one of the disk is thrown as it is,
 *   since no other answer of the server mends it
 */
async function writeBody(body, path, flags, broken) {
    const collectGarbage = youngGarbageCollector();
    let bytes = 0;
    let looked = 0;
    let ofDisk = true;
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const file = __addDisposableResource(env_1, await (0,external_node_fs_promises_.open)(path, flags), true);
            ofDisk = false;
            // got compares what came with the length that the server named, and fails on a difference.
            // No encoding is set, so that its chunks are buffers.
            for await (const chunk of body) {
                ofDisk = true;
                for (let at = 0; at < chunk.length;)
                    at += (0,external_node_fs_.writeSync)(file.fd, chunk, at);
                ofDisk = false;
                bytes += chunk.length;
                if (bytes - looked < garbageBytes)
                    continue;
                looked = bytes;
                collectGarbage();
            }
            ofDisk = true;
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
    catch (error) {
        body.destroy();
        throw ofDisk ? error : broken(error);
    }
    return bytes;
}

;// CONCATENATED MODULE: ./lib/api/upload.js





const chunkBytes = 256 * 1024;
/**
 * A file on disk as an upload; nothing of it is held in memory.
 *
 * @param path the file
 * @param name what the server is told; the API takes batch input only under a `.jsonl` name, so it is added where it is missing
 * @throws the system's error (`ENOENT`, …) when the file cannot be read
 * @example
 * ```ts
 * import { BatchClient, fileSource } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const source = await fileSource("requests.jsonl", "nightly");
 * console.log(source.name); // nightly.jsonl
 * console.log((await client.files.create({ file: source, purpose: "batch" })).filename); // nightly.jsonl
 * ```
 */
async function fileSource(path, name = (0,external_node_path_.basename)(path)) {
    const { size } = await (0,external_node_fs_promises_.stat)(path);
    return {
        name: name.endsWith(".jsonl") ? name : `${name}.jsonl`,
        size,
        // The size was promised in the header, so bytes that another process appends stay out.
        stream: () => size === 0
            ? external_node_stream_.Readable.from([])
            : (0,external_node_fs_.createReadStream)(path, { end: size - 1, highWaterMark: chunkBytes }),
    };
}
/**
 * The body of `POST /files`: the text fields before the file, as the API wants them.
 *
 * Written here and not by a package: `form-data-encoder` copies every chunk in slices of 64 KiB and
 * takes the wrong bytes of one that is a view into a larger buffer, and a `Blob` of the platform
 * cannot be made of ranges that are read as they are sent.
 */
function uploadBody(source, purpose, expiresAfter) {
    const boundary = `form-${(0,external_node_crypto_.randomUUID)()}`;
    const fields = [["purpose", purpose]];
    if (expiresAfter !== undefined) {
        fields.push(["expires_after[anchor]", expiresAfter.anchor], ["expires_after[seconds]", String(expiresAfter.seconds)]);
    }
    const open = (name, more = "") => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
    const head = Buffer.from(fields.map(([name, value]) => `${open(name)}${value}\r\n`).join("") +
        open("file", `; filename="${quoted(source.name)}"\r\nContent-Type: application/jsonl`));
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const body = async function* () {
        yield head;
        yield* exactly(source);
        yield tail;
    };
    return {
        headers: {
            "content-type": `multipart/form-data; boundary=${boundary}`,
            "content-length": String(head.length + source.size + tail.length),
        },
        stream: body(),
    };
}
/** A file name as the HTML standard writes it into a form. */
function quoted(name) {
    return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
/** The source's bytes, which must be as many as its size says: the server was promised that many. */
async function* exactly(source) {
    let bytes = 0;
    for await (const chunk of source.stream(true)) {
        bytes += chunk.length;
        if (bytes > source.size)
            break;
        yield chunk;
    }
    if (bytes !== source.size) {
        throw new Error(`${source.name} changed while it was uploaded: it had ${source.size} bytes and now has ${bytes > source.size ? "more" : bytes}. Upload it when it is finished.`);
    }
}

;// CONCATENATED MODULE: ./lib/api/uploadable.js



/**
 * The source of whatever a caller gave as a file.
 *
 * @throws {APIError} `invalid_file` when it is nothing that can be uploaded, or no longer
 * @throws the system's error when the file of a path cannot be read
 */
async function sourceOf(file) {
    const given = file;
    if (typeof given === "string")
        return fileSource(given);
    if (isSource(given))
        return given;
    if (isResponse(given))
        return responseSource(given);
    if (isFileStream(given))
        return fileSource(pathOf(given));
    throw invalid("`file` is nothing that can be uploaded.", 'Pass a path, `fs.createReadStream(path)`, the answer of a `fetch`, or `new File([text], "requests.jsonl")`.');
}
/** The path of a stream over a whole file; the stream itself is closed. */
function pathOf(stream) {
    const { start = 0, end = Infinity, bytesRead = 0 } = stream;
    // Whether the file can be read is found out, and told, by reading it at its path.
    stream.once?.("error", () => undefined);
    stream.destroy?.();
    if (start !== 0 || end !== Infinity) {
        throw invalid("The stream reads only a part of its file.", "Write the part to a file of its own, and pass its path.");
    }
    if (bytesRead !== 0) {
        throw invalid("The stream has been read from already.", "Pass the path, or a stream that nothing else reads.");
    }
    return String(stream.path);
}
async function responseSource(response) {
    const path = URL.canParse(response.url) ? new URL(response.url).pathname : "";
    const name = (0,external_node_path_.basename)(path) || "upload";
    let blob;
    try {
        blob = await response.blob();
    }
    catch (error) {
        throw invalid("The bytes of the response could not be read.", "Fetch it again, and pass a response whose body nothing else has read.", error);
    }
    return new File([blob], name.endsWith(".jsonl") ? name : `${name}.jsonl`);
}
function isSource(value) {
    return (has(value, "name", "string") && has(value, "size", "number") && has(value, "stream", "function"));
}
function isResponse(value) {
    return has(value, "url", "string") && has(value, "blob", "function");
}
function isFileStream(value) {
    if (typeof value !== "object" || value === null)
        return false;
    if (!(Symbol.asyncIterator in value) || !("path" in value))
        return false;
    return typeof value.path === "string" || Buffer.isBuffer(value.path);
}
function has(value, property, type) {
    if (typeof value !== "object" || value === null)
        return false;
    return typeof Reflect.get(value, property) === type;
}
function invalid(what, advice, cause) {
    return new errors/* APIError */.LG(`${what} ${advice}`, { code: "invalid_file", cause });
}

;// CONCATENATED MODULE: ./lib/api/files.js








/**
 * `client.files`: the input and result files of batches.
 *
 * Made by `BatchClient`. Sizes are bytes, times Unix seconds.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const file = await client.files.create({
 *   file: "requests.jsonl",
 *   purpose: "batch",
 *   expires_after: { anchor: "created_at", seconds: 86_400 },
 * });
 * const { bytes } = await client.files.download(file.id, "copy.jsonl");
 * console.log(bytes === file.bytes); // true
 * console.log((await client.files.delete(file.id)).deleted); // true
 * ```
 */
class Files {
    #wire;
    constructor(wire) {
        this.#wire = wire;
    }
    /**
     * Uploads a file (`POST /files`), streamed from disk; every retry reads it again from the start.
     *
     * @throws {APIError} when the server refused, 413 for a file that is too large; `invalid_file` when `file` cannot be uploaded
     * @throws the system's error when the file cannot be read
     */
    async create(params, options = {}) {
        const call = "POST /files";
        const source = await sourceOf(params.file);
        let answerLost = false;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            const found = answerLost ? await options.findLost?.() : undefined;
            if (found !== undefined)
                return found;
            const upload = uploadBody(source, params.purpose, params.expires_after);
            const request = { method: "POST", path: "/files", upload, signal };
            try {
                return fileOf(call, await this.#wire.transport.json(request));
            }
            catch (error) {
                answerLost ||= error instanceof errors/* APIError */.LG && error.outcomeUnknown;
                throw error;
            }
        });
    }
    /** Reads what is known of a file (`GET /files/{id}`). */
    async retrieve(fileId, options = {}) {
        const path = filePath(fileId);
        const call = `GET ${path}`;
        return this.#wire.retried({ ...options, call }, async (signal) => fileOf(call, await this.#wire.transport.json({ method: "GET", path, signal })));
    }
    /** Lists files (`GET /files`). Awaited it is one page; `for await` goes through all of them. */
    list(query = {}, options = {}) {
        const call = "GET /files";
        const { limit, order, purpose } = query;
        return paged(async (after) => this.#wire.retried({ ...options, call }, async (signal) => {
            const answer = await this.#wire.transport.json({
                method: "GET",
                path: "/files",
                query: { after, limit, order, purpose },
                signal,
            });
            const page = (0,normalize/* normalizePage */.Bx)(answer);
            if (page === undefined)
                throw unknownShape(call, "a list of files");
            const data = page.items.map((item) => fileOf(call, item));
            return { data, hasMore: page.hasMore, lastId: page.lastId ?? data.at(-1)?.id };
        }), query.after);
    }
    /**
     * Opens a file's bytes (`GET /files/{id}/content`) as a web `Response`, as the official package
     * does: `await (await client.files.content(id)).text()`. The body is a stream; for a large file
     * that must come whole use `download`.
     */
    async content(fileId, options = {}) {
        const request = { method: "GET", path: `${filePath(fileId)}/content` };
        return this.#wire.retried({ ...options, call: `${request.method} ${request.path}` }, async (signal) => {
            const answer = await this.#wire.transport.open({ ...request, signal });
            const { transport } = this.#wire;
            const bytes = async function* () {
                try {
                    yield* answer.body;
                }
                catch (error) {
                    throw transport.broken(request, answer, error);
                }
            };
            const headers = Object.entries(answer.headers).flatMap(([name, value]) => typeof value === "string" ? [[name, value]] : []);
            // Node's web stream is the one that fetch uses; its two type declarations differ.
            const body = external_node_stream_.Readable.toWeb(external_node_stream_.Readable.from(bytes(), { objectMode: false }));
            const empty = answer.status === 204 || answer.status === 205;
            return new Response(empty ? null : body, {
                status: answer.status,
                headers,
            });
        });
    }
    /**
     * Brings a file's bytes to disk, whole or not at all: a cut answer is gone on with or fetched
     * again, and the file appears under `path` only once its last byte is there. Folders are made.
     *
     * @throws {APIError} when the file is not there, or does not come whole after all retries
     */
    async download(fileId, path, options = {}) {
        return download(this.#wire, `${filePath(fileId)}/content`, path, options);
    }
    /** Deletes a file (`DELETE /files/{id}`). */
    async delete(fileId, options = {}) {
        const path = filePath(fileId);
        const call = `DELETE ${path}`;
        let answerLost = false;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            let answer;
            try {
                answer = await this.#wire.transport.json({ method: "DELETE", path, signal });
            }
            catch (error) {
                if (!(error instanceof errors/* APIError */.LG))
                    throw error;
                // What an earlier attempt has deleted is not there any more.
                if (!answerLost || error.status !== 404) {
                    answerLost ||= error.outcomeUnknown;
                    throw error;
                }
                answer = {};
            }
            return {
                id: fileId,
                object: "file",
                deleted: (0,normalize/* isFields */.Ce)(answer) && answer["deleted"] !== false,
            };
        });
    }
}
function filePath(id) {
    return `/files/${idPath(id)}`;
}
function fileOf(call, answer) {
    const file = (0,normalize/* normalizeFile */.qv)(answer);
    if (file === undefined)
        throw unknownShape(call, "a file");
    return file;
}

;// CONCATENATED MODULE: ./lib/api/firstuse.js
/**
 * A transport that is loaded with the first call. The HTTP client is most of what a process loads,
 * and one that finds nothing to do, or something wrong, makes no call.
 */
function transportOnFirstUse(settings) {
    let loaded;
    const load = async () => {
        if (loaded === undefined) {
            const { createTransport } = await Promise.all(/* import() */[__webpack_require__.e(6), __webpack_require__.e(123)]).then(__webpack_require__.bind(__webpack_require__, 7123));
            // Two first calls at once have one transport, and with it one set of connections.
            loaded ??= createTransport(settings);
        }
        return loaded;
    };
    return {
        json: async (request) => (await load()).json(request),
        open: async (request) => (await load()).open(request),
        broken(request, answer, error) {
            if (loaded === undefined)
                throw new Error("No call was made, so none can have broken.");
            return loaded.broken(request, answer, error);
        },
    };
}

// EXTERNAL MODULE: ./lib/api/retry.js
var retry = __webpack_require__(4482);
;// CONCATENATED MODULE: ./lib/api/auth-errors.js

/**
 * No access token was given for the workload's own one. The call that needed it was not made. What
 * passes has been tried again before, so nothing tries this again.
 *
 * `status` and `code` are those of the exchange: 400, 401 and 403 are final.
 *
 * @example
 * ```ts
 * import { BatchClient, OAuthError } from "openai-batch-action";
 *
 * const client = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => Promise.resolve("a token of the workload") },
 *     tokenURL: "http://127.0.0.1:1/oauth/token", // where nobody listens
 *   },
 *   maxRetries: 0,
 * });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof OAuthError); // true
 * ```
 */
class OAuthError extends errors/* APIError */.LG {
    name = "OAuthError";
    constructor(message, details = {}) {
        super(message, { ...details, shouldRetry: false });
    }
    get outcomeUnknown() {
        return false;
    }
}
/**
 * The workload's own token could not be had, so that there was nothing to exchange.
 *
 * What `getToken` itself throws goes through as it is.
 *
 * @example
 * ```ts
 * import { BatchClient, SubjectTokenProviderError } from "openai-batch-action";
 *
 * const client = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => Promise.resolve("") },
 *   },
 *   maxRetries: 0,
 * });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof SubjectTokenProviderError); // true
 * ```
 */
class SubjectTokenProviderError extends OAuthError {
    name = "SubjectTokenProviderError";
}

// EXTERNAL MODULE: ./lib/api/advice.js
var advice = __webpack_require__(1546);
;// CONCATENATED MODULE: ./lib/api/exchange.js








const subjectTokenTypes = {
    jwt: "urn:ietf:params:oauth:token-type:jwt",
    id: "urn:ietf:params:oauth:token-type:id_token",
};
/** Seconds. */
const defaultLifetime = 3_600;
const defaultRefreshBuffer = 1_200;
const refusals = new Set([400, 401, 403]);
/**
 * OpenAI's exchange of a workload's token for an access token (RFC 8693), as the reference of
 * workload identity federation has it.
 *
 * @throws {APIError} `invalid_token_url`
 */
function tokenExchange(identity, settings) {
    const { clientId, identityProviderId, serviceAccountId, provider } = identity;
    const { clock, timeout, onCall } = settings;
    const url = (0,base_url/* checkedTokenURL */.gb)(identity.tokenURL ?? base_url/* defaultTokenURL */.u4);
    const path = url.pathname;
    const secrets = new Set();
    const transport = transportOnFirstUse({
        baseURL: url.origin,
        timeout,
        clock,
        redact: redactor(() => [...secrets]),
        headers: () => Promise.resolve({ "user-agent": "openai-batch-action" }),
        advise,
        onCall,
    });
    const keep = (secret) => {
        if (secrets.has(secret))
            return;
        secrets.add(secret);
        settings.onSecret?.(secret);
    };
    const unreadable = (what) => new OAuthError(`The token exchange at ${url.href} was answered with ${what}. Check that this is the URL of OpenAI's token exchange.`, { code: "unreadable_answer" });
    const failed = (error) => {
        if (!(error instanceof errors/* APIError */.LG) || error instanceof OAuthError)
            return error;
        const { status, code, type, requestId } = error;
        return new OAuthError(`The token exchange at ${url.href} failed. ${error.message}`, {
            status,
            code,
            type,
            requestId,
            cause: error,
        });
    };
    const read = (answer, sentAt) => {
        const fields = (0,normalize/* isFields */.Ce)(answer) ? answer : {};
        const token = fields["access_token"];
        const seconds = Number(fields["expires_in"] ?? defaultLifetime);
        if (typeof token !== "string" || token.trim() === "" || !(seconds > 0)) {
            throw unreadable("no `access_token`, or one without a life that we can read");
        }
        keep(token);
        if (unsendable.test(token) || token.trim() !== token) {
            throw unreadable("a token that no header can hold");
        }
        const buffer = identity.refreshBufferSeconds ?? defaultRefreshBuffer;
        const expiresAt = sentAt + seconds * 1000;
        return { token, expiresAt, refreshAt: expiresAt - Math.min(buffer, seconds / 2) * 1000 };
    };
    const send = async (signal) => {
        const subjectToken = await provider.getToken({ signal });
        if (typeof subjectToken !== "string" || subjectToken.trim() === "")
            throw noSubjectToken();
        keep(subjectToken);
        // The token's life is counted from here, since it may have been made this early.
        const sentAt = clock.now();
        const json = {
            grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token: subjectToken,
            subject_token_type: subjectTokenTypes[provider.tokenType],
            identity_provider_id: identityProviderId,
            service_account_id: serviceAccountId,
            ...(clientId === undefined ? {} : { client_id: clientId }),
        };
        try {
            return read(await transport.json({ method: "POST", path, json, signal }), sentAt);
        }
        catch (error) {
            // Final, whatever the server's `x-should-retry` says.
            throw isRefusal(error) ? failed(error) : error;
        }
    };
    return {
        async exchange(signal, maxRetries) {
            try {
                return await (0,retry/* withRetries */.LH)(send, { call: `POST ${path}`, signal, maxRetries }, settings);
            }
            catch (error) {
                throw failed(error);
            }
        },
        secrets: () => [...secrets],
    };
}
function isRefusal(error) {
    return error instanceof errors/* APIError */.LG && refusals.has(error.status ?? 0);
}
function noSubjectToken() {
    return new SubjectTokenProviderError("The provider of the workload's own token gave none, so there is nothing to exchange. Check what its `getToken` returns.", { code: "no_subject_token" });
}
function advise(status, code) {
    if (refusals.has(status)) {
        return ("Check the ids of the identity provider and of the service account, that the provider's audience is the token's, " +
            "and that the account's mapping fits this workload (on GitHub its repository, branch or environment).");
    }
    if (status >= 300 && status < 500 && status !== 408 && status !== 429) {
        return `Check the URL of the token exchange; OpenAI's is ${base_url/* defaultTokenURL */.u4}.`;
    }
    return (0,advice/* adviceFor */.c)(status, code);
}

;// CONCATENATED MODULE: ./lib/api/shared.js
/**
 * One call for all who want its result at the same time. Each waits as long as its own signal
 * lets it; the call itself is aborted when nobody waits any more.
 */
function shared(start) {
    let running;
    const begin = () => {
        const controller = new AbortController();
        const call = {
            controller,
            waiting: 0,
            result: start(controller.signal).finally(() => {
                if (running === call)
                    running = undefined;
            }),
        };
        return call;
    };
    return async (signal) => {
        signal?.throwIfAborted();
        const call = (running ??= begin());
        call.waiting += 1;
        try {
            return await unlessAborted(call.result, signal);
        }
        finally {
            call.waiting -= 1;
            if (call.waiting === 0) {
                if (running === call)
                    running = undefined;
                call.controller.abort();
            }
        }
    };
}
async function unlessAborted(result, signal) {
    if (signal === undefined)
        return result;
    const aborted = Promise.withResolvers();
    const abort = () => {
        aborted.reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
        return await Promise.race([result, aborted.promise]);
    }
    finally {
        signal.removeEventListener("abort", abort);
    }
}

;// CONCATENATED MODULE: ./lib/api/workload.js




/** Milliseconds between renewals that fail while the token at hand is still good. */
const renewalPause = 30_000;
/**
 * Keeps the access token that a workload's own one was exchanged for until it is time for the
 * next. Clients may share one.
 *
 * From 20 minutes before its end, or its half life, a token is renewed beside the calls, which go
 * on with it meanwhile; a renewal that fails does no harm as long as it is good.
 *
 * A client that is given a `workloadIdentity` makes one; it is `client.workloadIdentity`.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 * import { readFile } from "node:fs/promises";
 *
 * const first = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => readFile("token.txt", "utf8") },
 *     tokenURL: process.env.OPENAI_TOKEN_URL, // defaults to OpenAI's own
 *   },
 * });
 * const second = new BatchClient({ workloadIdentity: first.workloadIdentity, project: "proj_1" });
 * for await (const batch of first.batches.list()) console.error(batch.id);
 * for await (const batch of second.batches.list()) console.error(batch.id); // the same token
 * ```
 */
class WorkloadIdentityAuth {
    #settings;
    #tokens;
    #exchanged;
    #cached;
    #renewing = false;
    /** @throws {APIError} `invalid_token_url` */
    constructor(identity, settings) {
        this.#settings = settings;
        this.#tokens = tokenExchange(identity, settings);
        this.#exchanged = shared(async (signal) => this.#exchange(signal, settings.maxRetries));
    }
    /** What a client's requests get their token from. */
    get bearer() {
        return {
            token: (signal) => this.getToken({ signal }),
            secrets: () => this.#tokens.secrets(),
        };
    }
    /** The access token at hand, if it is still good. */
    get cachedToken() {
        const cached = this.#cached;
        return cached !== undefined && this.#settings.clock.now() < cached.expiresAt
            ? cached.token
            : undefined;
    }
    /**
     * A good access token: the one at hand, or one that is exchanged now, once for all who ask.
     *
     * @throws {OAuthError} when the exchange is refused (400, 401, 403), or fails more often than is tried
     * @throws {SubjectTokenProviderError} when the workload has no token of its own
     * @throws the signal's reason when it aborts
     */
    async getToken({ signal } = {}) {
        const token = this.cachedToken;
        if (token === undefined)
            return (await this.#exchanged(signal)).token;
        void this.#renewInTime(signal);
        return token;
    }
    /** Forgets the token at hand, or the given one should it still be at hand. */
    invalidateToken(token = this.#cached?.token) {
        if (this.#cached?.token === token)
            this.#cached = undefined;
    }
    /**
     * The attempt of a call that the server refuses with 401 although its token should be good is
     * made once more with a new one: the token may have been revoked. A refusal has done nothing, so
     * that holds for calls that cost money too.
     */
    renewingOnce(attempt) {
        let renewed = false;
        return async (signal) => {
            const held = this.cachedToken;
            try {
                return await attempt(signal);
            }
            catch (error) {
                if (renewed || held === undefined || !isRefusedToken(error))
                    throw error;
                renewed = true;
                this.invalidateToken(held);
                return attempt(signal);
            }
        };
    }
    async #renewInTime(signal) {
        const cached = this.#cached;
        const { clock } = this.#settings;
        if (cached === undefined || clock.now() < cached.refreshAt || this.#renewing)
            return;
        this.#renewing = true;
        try {
            await this.#exchange(signal, 0);
        }
        catch {
            // The token at hand is good for a while; a later call tries again, and tells once it is not.
            if (this.#cached === cached) {
                this.#cached = { ...cached, refreshAt: clock.now() + renewalPause };
            }
        }
        finally {
            this.#renewing = false;
        }
    }
    async #exchange(signal, maxRetries) {
        return (this.#cached = await this.#tokens.exchange(signal, maxRetries));
    }
}
function isRefusedToken(error) {
    return error instanceof errors/* APIError */.LG && error.status === 401 && !(error instanceof OAuthError);
}

;// CONCATENATED MODULE: ./lib/api/client.js









/**
 * A client of the Batch and Files API of OpenAI or of a server that speaks it.
 *
 * The key, the base URL and the headers are checked here; nothing is called before a method is. Every call is
 * sent again after 408, 409, 429, 5xx and network faults, as the server's `retry-after` and `x-should-retry`
 * say, up to the call's `deadline`; only the create of a batch is more careful.
 *
 * @throws {APIError} `missing_credential` when there is neither a key, a workload's identity nor a header that stands for one;
 * `conflicting_credentials`; `invalid_base_url`; `invalid_token_url`
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient({ timeout: 30_000, maxRetries: 8 }); // OPENAI_API_KEY, OPENAI_BASE_URL
 * const file = await client.files.create({ file: "requests.jsonl", purpose: "batch" });
 * const batch = await client.batches.create({
 *   input_file_id: file.id,
 *   endpoint: "/v1/chat/completions",
 *   completion_window: "24h",
 * });
 * console.log((await client.batches.retrieve(batch.id)).input_file_id === file.id); // true
 * ```
 */
class BatchClient {
    batches;
    files;
    /** Without a trailing slash. */
    baseURL;
    /** The clock that the client's pauses and deadlines go by. */
    clock;
    maxRetries;
    organization;
    project;
    /** The exchanged token, where there is one; another client may take it as its own. */
    workloadIdentity;
    constructor(options = {}) {
        const headers = { ...options.defaultHeaders };
        const apiKey = keyOf(options, headers);
        this.baseURL = (0,base_url/* checkedBaseURL */.wf)(options.baseURL ?? (process.env["OPENAI_BASE_URL"] || base_url/* defaultBaseURL */.Qd));
        this.clock = options.clock ?? systemClock;
        this.maxRetries = options.maxRetries ?? 5;
        this.organization = givenOr("OPENAI_ORG_ID", options.organization);
        this.project = givenOr("OPENAI_PROJECT_ID", options.project);
        const { clock, maxRetries, organization, project } = this;
        const { random = Math.random, timeout = 60_000 } = options;
        const { onRetry, onCall, onSecret } = options;
        const retrySettings = { clock, random, maxRetries, onRetry };
        const workload = workloadOf(options, { ...retrySettings, timeout, onCall, onSecret });
        this.workloadIdentity = workload;
        const bearer = workload?.bearer ?? keyBearer(apiKey);
        const redact = redactor(() => [
            ...bearer.secrets(),
            ...Object.values(headers).flatMap(secretsOf),
        ]);
        const createOwn = () => transportOnFirstUse({
            baseURL: this.baseURL,
            timeout,
            clock,
            redact,
            onCall,
            headers: async (signal) => {
                const token = await bearer.token(signal);
                return {
                    "user-agent": "openai-batch-action",
                    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
                    ...(organization === undefined ? {} : { "openai-organization": organization }),
                    ...(project === undefined ? {} : { "openai-project": project }),
                    ...lowerCased(headers),
                };
            },
        });
        const wire = {
            transport: options.transport ?? createOwn(),
            retried: (call, attempt) => (0,retry/* withRetries */.LH)(workload?.renewingOnce(attempt) ?? attempt, call, retrySettings),
        };
        this.batches = new Batches(wire);
        this.files = new Files(wire);
    }
}
/** What was given, else the variable, without the spaces that a pasted one may have; `undefined` for none. */
function givenOr(variable, given) {
    return (given === undefined ? process.env[variable]?.trim() : given) || undefined;
}
/** @throws {APIError} when there is no credential, or more than one */
function keyOf({ apiKey, workloadIdentity }, headers) {
    if (workloadIdentity !== undefined) {
        if (!apiKey && !replacesBearer(headers))
            return undefined;
        throw new errors/* APIError */.LG("`workloadIdentity` stands in the place of a key. Pass it alone, without `apiKey` and without an `Authorization` header.", { code: "conflicting_credentials" });
    }
    const key = apiKey || process.env["OPENAI_API_KEY"] || undefined;
    if (key === undefined && !hasCredential(headers)) {
        throw new errors/* APIError */.LG("There is no API key. Pass `apiKey` or `workloadIdentity`, set OPENAI_API_KEY, or give a credential header.", { code: "missing_credential" });
    }
    return key;
}
function workloadOf({ workloadIdentity }, settings) {
    return workloadIdentity === undefined || workloadIdentity instanceof WorkloadIdentityAuth
        ? workloadIdentity
        : new WorkloadIdentityAuth(workloadIdentity, settings);
}
/** Header names in one case, so that a caller's `Authorization` replaces ours. */
function lowerCased(headers) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
;// CONCATENATED MODULE: ./lib/action/oidc.js







/** The service answers within one or two seconds, or not at all. */
const attemptTimeout = 10_000;
const maxRetries = 3;
/**
 * GitHub's OIDC token of this job, asked for as the toolkit's `getIDToken` does it. That one waits
 * three minutes for a silent service, cannot be ended by a signal, and keeps the process alive
 * meanwhile; here an attempt has ten seconds, and a transient failure three more tries.
 *
 * @throws {SubjectTokenProviderError} (from `getToken`) when GitHub gives none
 */
function githubTokenProvider({ url, token, audience }, { clock, random = Math.random, timeout = attemptTimeout, onCall, onRetry }) {
    const { origin, pathname, searchParams } = new URL(url);
    const transport = transportOnFirstUse({
        baseURL: origin,
        timeout,
        clock,
        redact: redactor(() => [token]),
        headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
        advise: oidc_advise,
        onCall,
    });
    const query = { ...Object.fromEntries(searchParams), audience };
    const call = `GET ${pathname}`;
    const ask = async (signal) => {
        const answer = await transport.json({ method: "GET", path: pathname, query, signal });
        const value = (0,normalize/* isFields */.Ce)(answer) ? answer["value"] : undefined;
        if (typeof value === "string" && value !== "")
            return value;
        throw new SubjectTokenProviderError("GitHub answered the request for an OIDC token without one. Run again; if it stays so, look at githubstatus.com.", { code: "no_subject_token" });
    };
    return {
        tokenType: "jwt",
        async getToken({ signal } = {}) {
            try {
                return await (0,retry/* withRetries */.LH)(ask, { call, signal }, { clock, random, maxRetries, onRetry });
            }
            catch (error) {
                if (!(error instanceof errors/* APIError */.LG) || error instanceof SubjectTokenProviderError)
                    throw error;
                const { status, code } = error;
                throw new SubjectTokenProviderError(`GitHub gave no OIDC token. ${error.message}`, {
                    status,
                    code,
                    cause: error,
                });
            }
        },
    };
}
function oidc_advise(status, code) {
    return status >= 400 && status < 500 && status !== 408 && status !== 429
        ? "Check that the job has `permissions:` with `id-token: write`, and that `identity-audience` is one that GitHub takes. The right to ask ends about six hours after the job began."
        : (0,advice/* adviceFor */.c)(status, code);
}

;// CONCATENATED MODULE: ./lib/action/secrets.js


/** GitHub drops every job output that holds a masked text, so short ones must stay unmasked. */
const secrets_shortestSecret = 8;
/**
 * Masks every secret that the inputs may hold, before anything else is read or said. The values are
 * taken from the raw text, so that a mistake elsewhere in it cannot leave one unmasked.
 */
function maskSecrets(toolkit, env) {
    const secrets = new Set();
    const keys = [
        toolkit.getInput("api-key"),
        env["OPENAI_API_KEY"] ?? "",
        env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "",
        toolkit.getInput("github-token"),
    ];
    for (const key of keys)
        secrets.add(key.trim());
    for (const value of headerValues(toolkit.getInput("headers"))) {
        for (const secret of secretsOf(value))
            secrets.add(secret);
    }
    for (const secret of secrets)
        maskSecret(toolkit, secret);
}
/** Masks one secret that came to be known later, as a token that was exchanged. */
function maskSecret(toolkit, secret) {
    if (secret.length >= secrets_shortestSecret)
        toolkit.setSecret(secret);
}
function headerValues(text) {
    if (!text.trim().startsWith("{")) {
        return text.split(/\r?\n/).map((line) => line.slice(line.indexOf(":") + 1).trim());
    }
    // As they stand in the text, which may be broken JSON, and as they are read from it.
    const raw = [...text.matchAll(/:\s*"((?:[^"\\]|\\.)*)"/g)].map(([, value]) => value ?? "");
    return [...raw, ...parsedValues(text)];
}
function parsedValues(text) {
    try {
        const headers = JSON.parse(text);
        return (0,normalize/* isFields */.Ce)(headers) ? Object.values(headers).map(String) : [];
    }
    catch {
        return [];
    }
}

;// CONCATENATED MODULE: ./lib/action/client.js





/**
 * The client for the user's connection; retries are told in the log, every call with RUNNER_DEBUG.
 *
 * @param other an earlier client of the same connection, whose exchanged token this one goes on with
 */
function createClient(connection, toolkit, other, clock = systemClock) {
    const events = eventsFor(toolkit);
    return new BatchClient({
        ...events,
        apiKey: connection.apiKey,
        workloadIdentity: other?.workloadIdentity ?? identityOf(connection, { ...events, clock }),
        baseURL: connection.baseURL,
        organization: connection.organization,
        project: connection.project,
        defaultHeaders: connection.headers,
        timeout: connection.requestTimeout,
        maxRetries: connection.maxRetries,
        clock,
    });
}
function identityOf({ identity }, settings) {
    if (identity === undefined)
        return undefined;
    const { oidc, ...ids } = identity;
    return { ...ids, provider: githubTokenProvider(oidc, settings) };
}
function eventsFor(toolkit) {
    return {
        onSecret(secret) {
            maskSecret(toolkit, secret);
        },
        onCall({ method, path, status, requestId, ms, code }) {
            toolkit.debug([method, path, status ?? code ?? "no answer", `${Math.round(ms)} ms`, requestId ?? ""]
                .join(" ")
                .trim());
        },
        onRetry({ call, attempt, delay, error }) {
            const why = error.status ?? error.code ?? error.name;
            toolkit.info(`${call}: attempt ${attempt} failed (${why}); trying again in ${(0,format/* formatDuration */.a3)(delay)}.`);
        },
    };
}

// EXTERNAL MODULE: ./lib/action/github/status-reporter.js
var status_reporter = __webpack_require__(6332);
;// CONCATENATED MODULE: ./lib/action/github/access.js

/** What a step has of GitHub; what does the calls is loaded only where the inputs ask for it. */
async function accessGitHub(inputs, use) {
    if (inputs === undefined)
        return { api: undefined, reporter: status_reporter/* noReporter */.N };
    const { connectGitHub } = await __webpack_require__.e(/* import() */ 964).then(__webpack_require__.bind(__webpack_require__, 8964));
    return connectGitHub(inputs, use);
}

// EXTERNAL MODULE: ./lib/action/github/context.js
var github_context = __webpack_require__(4359);
;// CONCATENATED MODULE: ./lib/action/github/ending.js

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
        collected: collected && isTerminal(batch),
        counts: batches.length === 1 && isTerminal(batch) ? counts : batch.request_counts,
    }));
}
/** How batches stand after a cancel: one that had completed is none the worse for it. */
function cancelledEnding(batches) {
    return batches.filter(isSettled).map((batch) => ({
        batch,
        failed: batch.status !== "completed",
        collected: false,
        counts: (0,batch_status/* isTerminal */.Hd)(batch) ? batch.request_counts : undefined,
    }));
}
/** Whether nothing more is to be expected of it. */
function isSettled(batch) {
    return (0,batch_status/* isTerminal */.Hd)(batch) || batch.status === "cancelling";
}

;// CONCATENATED MODULE: ./lib/action/github/started-run.js
/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const started_run_clockSkew = 60_000;
/** Runs that were there before a dispatch are of others: of this one's siblings in a matrix too. */
async function newestRun(api, target, { since, own }, call) {
    const runs = await api.dispatchedRuns(target, since - started_run_clockSkew, call);
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
        const runs = await api.dispatchedRuns(target, since - started_run_clockSkew, call);
        const started = runs.find(({ id }) => id > after);
        if (started !== undefined)
            return started;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/action/github/target.js
/** The workflow that runs, as one that can be started again; else why it cannot be. */
function dispatchTarget(env) {
    const workflow = env["GITHUB_WORKFLOW_REF"] ?? "";
    const repository = env["GITHUB_REPOSITORY"] ?? "";
    const ref = env["GITHUB_REF"] ?? "";
    if (workflow === "" || repository === "" || ref === "") {
        return {
            problem: "it needs GitHub Actions: GITHUB_REPOSITORY, GITHUB_WORKFLOW_REF and GITHUB_REF tell which workflow to start again.",
        };
    }
    const [path = ""] = workflow.split("@");
    const file = path.split("/").at(-1) ?? "";
    if (!path.toLowerCase().startsWith(`${repository.toLowerCase()}/`) || file === "") {
        return { problem: `the workflow ${path} is not one of ${repository}, which has to start it.` };
    }
    const name = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref)?.[1];
    if (name === undefined) {
        return {
            problem: ref.startsWith("refs/pull/")
                ? "a run of a pull request cannot be started again by `workflow_dispatch`, which takes branches and tags only. Use `on-timeout: continue`, and `operation: collect` on a schedule."
                : `${ref} is no branch or tag, which \`workflow_dispatch\` needs.`,
        };
    }
    return { file, ref: name };
}

// EXTERNAL MODULE: ./node_modules/parse-duration/index.js + 1 modules
var parse_duration = __webpack_require__(7595);
// EXTERNAL MODULE: ./node_modules/leven/index.js
var leven = __webpack_require__(7785);
;// CONCATENATED MODULE: ./lib/action/inputs/nearest.js

/** The known word that a misspelt one most likely stands for; `undefined` when none is near. */
function nearest(word, known) {
    const plain = (text) => text.toLowerCase().replaceAll(/[\s_]/g, "-");
    const words = new Map(known.map((text) => [plain(text), text]));
    // One slip in three characters still looks like the word; a guess beyond that would mislead.
    const maxDistance = Math.max(1, Math.floor(word.length / 3));
    const found = (0,leven/* closestMatch */.h)(plain(word), [...words.keys()], { maxDistance });
    return found === undefined ? undefined : words.get(found);
}
/** ` Did you mean …?`, to go behind a sentence; nothing when no known word is near. */
function nearest_didYouMean(word, known) {
    const near = nearest(word, known);
    return near === undefined ? "" : ` Did you mean \`${near}\`?`;
}

;// CONCATENATED MODULE: ./lib/action/inputs/fields.js



const durationShape = /^(\d+(\.\d+)?(d|h|m|s))+$/;
/** Decimal, as the API's limits are given, and binary with an i. */
const sizeUnits = new Map([
    ["", 1],
    ["b", 1],
    ["kb", 1e3],
    ["mb", 1e6],
    ["gb", 1e9],
    ["kib", 2 ** 10],
    ["mib", 2 ** 20],
    ["gib", 2 ** 30],
]);
const bareSeconds = /^\d+(\.\d+)?$/;
function fields_fieldsOf(getInput, problem) {
    const text = (name) => getInput(name).trim() || undefined;
    const pairsBy = (name, separator, shape) => {
        const value = text(name);
        if (value === undefined)
            return {};
        if (value.startsWith("{"))
            return jsonPairs(name, value, problem);
        const pairs = new Map();
        for (const line of value.split(/\r?\n/)) {
            if (line.trim() === "")
                continue;
            const at = line.indexOf(separator);
            const key = line.slice(0, Math.max(0, at)).trim();
            if (key === "") {
                problem(`\`${name}\`: each line must be \`${shape}\`, or the whole a JSON object.`);
            }
            else if (pairs.has(key)) {
                problem(`\`${name}\`: \`${key}\` is given twice.`);
            }
            else {
                pairs.set(key, line.slice(at + 1).trim());
            }
        }
        return Object.fromEntries(pairs);
    };
    return {
        text,
        oneOf(name, values, otherwise) {
            const value = text(name);
            if (value === undefined)
                return otherwise;
            const known = values.find((candidate) => candidate === value);
            if (known === undefined) {
                const choices = values.filter((choice) => choice !== "");
                problem(`\`${name}\` is \`${value}\` but must be one of: ${choices.join(", ")}.${nearest_didYouMean(value, choices)}`);
            }
            return known ?? otherwise;
        },
        integer(name, otherwise, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}) {
            const value = text(name);
            if (value === undefined)
                return otherwise;
            const number = Number(value);
            if (/^[+-]?\d+$/.test(value) && number >= min && number <= max)
                return number;
            const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `between ${min} and ${max}`;
            problem(`\`${name}\` is \`${value}\` but must be a whole number, ${range}.`);
            return otherwise;
        },
        flag(name, otherwise) {
            const value = text(name)?.toLowerCase();
            if (value === undefined)
                return otherwise;
            if (value === "true" || value === "false")
                return value === "true";
            problem(`\`${name}\` is \`${value}\` but must be \`true\` or \`false\`.`);
            return otherwise;
        },
        duration(name) {
            const value = text(name);
            if (value === undefined)
                return undefined;
            const spelled = value.toLowerCase().replaceAll(/\s+/g, "");
            const shaped = bareSeconds.test(spelled) || durationShape.test(spelled);
            const milliseconds = shaped ? ((0,parse_duration/* default */.A)(spelled, "s") ?? 0) * 1000 : 0;
            if (Number.isFinite(milliseconds) && milliseconds > 0)
                return milliseconds;
            problem(`\`${name}\` is \`${value}\` but must be a duration above zero such as \`90s\`, \`15m\`, \`5h30m\` or \`2d\` (a bare number is seconds).`);
            return undefined;
        },
        failureLimit(name, otherwise) {
            const value = text(name);
            if (value === undefined)
                return otherwise;
            const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1];
            if (percent !== undefined && Number(percent) <= 100)
                return { percent: Number(percent) };
            if (/^\d+$/.test(value))
                return { count: Number(value) };
            problem(`\`${name}\` is \`${value}\` but must be a number of requests or a percentage up to 100%.`);
            return otherwise;
        },
        size(name, otherwise) {
            const value = text(name);
            if (value === undefined)
                return otherwise;
            const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(value) ?? [];
            const bytes = Math.floor(Number(number) * (sizeUnits.get(unit.toLowerCase()) ?? Number.NaN));
            if (number !== "" && bytes > 0 && Number.isSafeInteger(bytes))
                return bytes;
            problem(`\`${name}\` is \`${value}\` but must be a size such as \`200MB\` (a bare number is bytes).`);
            return otherwise;
        },
        list(name) {
            const value = text(name) ?? "";
            const items = value.startsWith("[") ? jsonList(name, value, problem) : value.split(/[,\r\n]/);
            return items.map((item) => item.trim()).filter((item) => item !== "");
        },
        pairs: (name) => pairsBy(name, "=", "key=value"),
        headers: (name) => pairsBy(name, ":", "Name: value"),
    };
}
function jsonPairs(name, value, problem) {
    const parsed = parseJson(value);
    if (!(0,normalize/* isFields */.Ce)(parsed)) {
        problem(`\`${name}\` begins with { but is no JSON object.`);
        return {};
    }
    const pairs = new Map();
    for (const [key, item] of Object.entries(parsed)) {
        if (typeof item === "string")
            pairs.set(key, item);
        else if (typeof item === "number" || typeof item === "boolean")
            pairs.set(key, String(item));
        else
            problem(`\`${name}\`: the value of \`${key}\` must be a text.`);
    }
    return Object.fromEntries(pairs);
}
function jsonList(name, value, problem) {
    const parsed = parseJson(value);
    if (Array.isArray(parsed)) {
        const texts = parsed.filter((item) => typeof item === "string");
        if (texts.length === parsed.length)
            return texts;
    }
    problem(`\`${name}\` begins with [ but is no JSON array of texts.`);
    return [];
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/action/inputs/identity.js


/** What OpenAI's guide sets for the identity provider, and the official package asks for where it has a default. */
const defaultAudience = "https://api.openai.com/v1";
/** The inputs of an identity; `undefined` where none is given. */
function readIdentity(fields, env, problem) {
    const identityProviderId = fields.text("identity-provider-id");
    const serviceAccountId = fields.text("service-account-id");
    const audience = fields.text("identity-audience");
    const tokenURL = fields.text("identity-token-url") ?? base_url/* defaultTokenURL */.u4;
    if (identityProviderId === undefined && serviceAccountId === undefined) {
        if (audience !== undefined) {
            problem("`identity-audience` needs `identity-provider-id` and `service-account-id` too.");
        }
        return undefined;
    }
    if (identityProviderId === undefined || serviceAccountId === undefined) {
        const [given, missing] = identityProviderId === undefined
            ? ["service-account-id", "identity-provider-id"]
            : ["identity-provider-id", "service-account-id"];
        problem(`\`${given}\` is given without \`${missing}\`; a workflow without a key needs both.`);
    }
    try {
        (0,base_url/* checkedTokenURL */.gb)(tokenURL);
    }
    catch (error) {
        problem(`\`identity-token-url\`: ${(0,errors/* messageOf */.bD)(error)}`);
    }
    const url = env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
    const token = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
    if (!URL.canParse(url) || token === "") {
        problem("The job may not ask for GitHub's OIDC token. Give it `permissions:` with `id-token: write`, beside the others that it needs (`contents: read` for actions/checkout). Workflows of pull requests from forks cannot have it.");
    }
    return {
        identityProviderId: identityProviderId ?? "",
        serviceAccountId: serviceAccountId ?? "",
        tokenURL,
        oidc: { url, token, audience: audience ?? defaultAudience },
    };
}

;// CONCATENATED MODULE: ./lib/action/inputs/connection.js




function connection_readConnection(fields, env, problem) {
    const headers = fields.headers("headers");
    const identity = readIdentity(fields, env, problem);
    const apiKey = readKey(fields, env, identity, headers, problem);
    for (const [name, value] of Object.entries(headers)) {
        if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || unsendable.test(value)) {
            problem(`\`headers\`: \`${name}\` cannot be sent; check its name and value.`);
        }
    }
    const scope = {
        "api-key": apiKey,
        organization: fields.text("organization") ?? (env["OPENAI_ORG_ID"]?.trim() || undefined),
        project: fields.text("project") ?? (env["OPENAI_PROJECT_ID"]?.trim() || undefined),
    };
    for (const [name, value] of Object.entries(scope)) {
        if (value !== undefined && unsendable.test(value)) {
            problem(`\`${name}\` cannot be sent: it holds a line break or a character that no header may have. Set it again, in one line.`);
        }
    }
    let baseURL = fields.text("base-url") ?? (env["OPENAI_BASE_URL"]?.trim() || base_url/* defaultBaseURL */.Qd);
    try {
        baseURL = (0,base_url/* checkedBaseURL */.wf)(baseURL);
    }
    catch (error) {
        problem(`\`base-url\`: ${(0,errors/* messageOf */.bD)(error)}`);
    }
    return {
        apiKey,
        identity,
        baseURL,
        organization: scope.organization,
        project: scope.project,
        headers,
        requestTimeout: fields.duration("request-timeout") ?? 60_000,
        maxRetries: fields.integer("max-retries", 5, { max: 1000 }),
    };
}
/** The key, where none of the other ways is taken; a key of the environment is no second way, only an unused one. */
function readKey(fields, env, identity, headers, problem) {
    const given = fields.text("api-key");
    if (identity !== undefined) {
        if (given !== undefined) {
            problem("`api-key` and `identity-provider-id` are two ways to say who you are. Leave one of them out.");
        }
        if (replacesBearer(headers)) {
            problem("`headers`: `Authorization` would replace the token of `identity-provider-id`. Leave one of them out.");
        }
        return undefined;
    }
    const apiKey = given ?? (env["OPENAI_API_KEY"]?.trim() || undefined);
    if (apiKey === undefined && !hasCredential(headers)) {
        problem("There is no API key. Set `api-key` (a secret: `${{ secrets.OPENAI_API_KEY }}`; secrets are empty in workflows of forks) or the variable OPENAI_API_KEY. Or go without a key: set `identity-provider-id` and `service-account-id`, and give the job `permissions:` with `id-token: write`.");
    }
    return apiKey;
}

;// CONCATENATED MODULE: ./lib/action/inputs/github.js
/** Under which `collect` remembers, unless told otherwise. */
const defaultContext = "openai-batch";
const longestContext = 255;
const followed = ["create", "run", "wait", "collect", "cancel"];
/** `undefined` where nothing calls GitHub. */
function github_readGitHub(fields, env, operation, problem) {
    const token = fields.text("github-token") ?? "";
    const named = fields.text("commit-status");
    if (operation === undefined)
        return undefined;
    const collects = operation === "collect";
    const commitStatus = followed.includes(operation)
        ? (named ?? (collects ? defaultContext : undefined))
        : undefined;
    const dispatches = (operation === "wait" || operation === "run") && fields.text("on-timeout") === "dispatch";
    if (commitStatus !== undefined && commitStatus.length > longestContext) {
        problem(`\`commit-status\` has ${commitStatus.length} characters but may have 255.`);
    }
    if ((collects || dispatches) && token === "") {
        problem(`\`github-token\` is empty, but ${collects ? "`operation: collect`" : "`on-timeout: dispatch`"} needs it; the job's own is taken unless it is given.`);
    }
    if (collects && !(env["GITHUB_REPOSITORY"] && env["GITHUB_RUN_ID"] && env["GITHUB_SHA"])) {
        problem("`operation: collect` needs GitHub Actions: GITHUB_REPOSITORY, GITHUB_RUN_ID and GITHUB_SHA tell whose batches are collected.");
    }
    return commitStatus === undefined && !dispatches ? undefined : { token, commitStatus };
}

;// CONCATENATED MODULE: ./lib/action/inputs/operation.js
/** What the input `operation` may be. */
const operation_operationNames = [
    "create",
    "wait",
    "run",
    "cancel",
    "retrieve",
    "list",
    "collect",
];

;// CONCATENATED MODULE: ./lib/action/inputs/problem.js
/** All that is wrong with the inputs, in one message. */
class problem_InputError extends Error {
    name = "InputError";
    problems;
    constructor(problems) {
        super(problems.length === 1
            ? (problems[0] ?? "")
            : `${problems.length} inputs are wrong:\n${problems.map((text) => `- ${text}`).join("\n")}`);
        this.problems = problems;
    }
}

;// CONCATENATED MODULE: ./lib/action/inputs.js












/**
 * The only reader of inputs: text in, one checked value out.
 *
 * @throws {InputError} with every problem at once, before any call is made
 */
async function readInputs(getInput, env) {
    const problems = [];
    const warnings = [];
    const problem = (text) => problems.push(text);
    const fields = fieldsOf(getInput, problem);
    const connection = readConnection(fields, env, problem);
    const summary = fields.flag("summary", true);
    const cancelOn = readCancelOn(fields, problem);
    const operation = await readOperation(fields, env, connection, problem, (text) => warnings.push(text));
    const github = readGitHub(fields, env, operation?.operation, problem);
    if (operation === undefined || problems.length > 0)
        throw new InputError(problems);
    return { ...operation, connection, summary, cancelOn, github, warnings };
}
/** @throws {InputError} when the connection's inputs are wrong */
function readCleanupInputs(getInput, env) {
    const problems = [];
    const problem = (text) => problems.push(text);
    const fields = fields_fieldsOf(getInput, problem);
    const operation = operation_operationNames.find((known) => known === fields.text("operation"));
    const inputs = {
        connection: connection_readConnection(fields, env, problem),
        cancelOn: readCancelOn(fields, problem),
        jobStatus: fields.text("job-status") ?? "",
        // Main has told what is wrong with it, and the clean-up does without.
        github: github_readGitHub(fields, env, operation, () => undefined),
    };
    if (problems.length > 0)
        throw new problem_InputError(problems);
    return inputs;
}
const cancelOnValues = ["cancelled", "failure", "never"];
function readCancelOn(fields, problem) {
    const listed = fields.list("cancel-on").map((value) => value.toLowerCase());
    if (listed.length === 0)
        return ["cancelled"];
    const known = cancelOnValues.filter((value) => listed.includes(value));
    for (const value of listed) {
        if (!known.some((name) => name === value)) {
            problem(`\`cancel-on\`: \`${value}\` is none of: ${cancelOnValues.join(", ")}.${nearest_didYouMean(value, cancelOnValues)}`);
        }
    }
    if (known.includes("never") && known.length > 1)
        problem("`cancel-on`: `never` stands alone.");
    return known;
}
async function readOperation(fields, env, connection, problem, warn) {
    const name = fields.text("operation");
    const operation = operationNames.find((known) => known === name);
    switch (operation) {
        case undefined:
            problem(name === undefined
                ? `\`operation\` is missing; it is one of: ${operationNames.join(", ")}.`
                : `\`operation\` is \`${name}\` but must be one of: ${operationNames.join(", ")}.${didYouMean(name, operationNames)}`);
            return undefined;
        case "create":
            return { operation, create: await readCreate(fields, connection, problem) };
        case "run": {
            const create = await readCreate(fields, connection, problem);
            const files = "files" in create.input ? create.input.files : [];
            return {
                operation,
                create,
                run: readRun(fields, problem),
                wait: readWait(fields, env, problem),
                results: readResults(fields, problem, files),
            };
        }
        case "wait":
            return {
                operation,
                choice: readBatchChoice(fields, operation, problem, warn),
                wait: readWait(fields, env, problem),
                results: readResults(fields, problem),
            };
        case "retrieve":
            return {
                operation,
                choice: readBatchChoice(fields, operation, problem, warn),
                results: readResults(fields, problem),
            };
        case "cancel":
            return { operation, choice: readBatchChoice(fields, operation, problem, warn) };
        case "list":
            return {
                operation,
                list: {
                    limit: fields.integer("limit", 20),
                    after: fields.text("after"),
                    ...readFilter(fields, warn),
                },
            };
        case "collect":
            return {
                operation,
                collect: readCollect(fields, problem, warn),
                results: readResults(fields, problem),
            };
    }
}

;// CONCATENATED MODULE: ./lib/action/state.js


function createState(save) {
    const batches = new Map();
    const cancelled = new Set();
    let handOver;
    const written = new Map();
    const write = (name, value) => {
        const text = JSON.stringify(value);
        if (written.get(name) === text)
            return;
        written.set(name, text);
        save(name, text);
    };
    const unfinished = () => [...batches].filter(([, batch]) => batch === undefined || !isTerminal(batch)).map(([id]) => id);
    const see = (seen) => {
        for (const batch of seen)
            batches.set(batch.id, batch);
        write("unfinished", unfinished());
    };
    return {
        creating(creation) {
            write("creation", creation);
        },
        notCreated() {
            write("creation", null);
        },
        following(ids) {
            for (const id of ids)
                batches.set(id, batches.get(id));
            write("unfinished", unfinished());
        },
        unknown(id) {
            batches.delete(id);
            write("unfinished", unfinished());
        },
        created(batch) {
            see([batch]);
            // Only once the id is written is the create no longer needed to find it.
            if (written.has("creation"))
                write("creation", null);
        },
        batches: see,
        cancelled(ids) {
            for (const id of ids)
                cancelled.add(id);
            write("cancelled", [...cancelled]);
        },
        handingOver(given) {
            handOver = { ...given, done: false };
            write("handOver", handOver);
        },
        handedOver() {
            if (handOver === undefined)
                return;
            handOver = { ...handOver, done: true };
            write("handOver", handOver);
        },
        notHandedOver() {
            handOver = undefined;
            write("handOver", null);
        },
        cancelWanted() {
            write("cancelWanted", true);
        },
        interrupted() {
            write("interrupted", true);
        },
        ended() {
            write("ended", true);
        },
        unfinished: () => unfinished().filter((id) => handOver?.ids.includes(id) !== true),
        known: () => [...batches.values()].filter((batch) => batch !== undefined),
    };
}
/** The post step's side; what was not written reads as not having happened. */
function readState(getState) {
    const read = (name) => {
        const text = getState(name);
        return text === "" ? undefined : JSON.parse(text);
    };
    return {
        creation: creationOf(read("creation")),
        unfinished: textsOf(read("unfinished")),
        cancelled: textsOf(read("cancelled")),
        handOver: handOverOf(read("handOver")),
        cancelWanted: read("cancelWanted") === true,
        interrupted: read("interrupted") === true,
        ended: read("ended") === true,
    };
}
function textsOf(value) {
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
function creationOf(value) {
    if (!(0,normalize/* isFields */.Ce)(value))
        return undefined;
    const { key, creationId, since, inputFileId } = value;
    if (typeof key !== "string" || typeof creationId !== "string" || typeof since !== "number") {
        return undefined;
    }
    const file = typeof inputFileId === "string" ? { inputFileId } : {};
    return { key, creationId, since, ...file };
}
function handOverOf(value) {
    if (!(0,normalize/* isFields */.Ce)(value) || typeof value["since"] !== "number")
        return undefined;
    const { ids, since, after, done } = value;
    return {
        ids: textsOf(ids),
        since,
        after: typeof after === "number" ? after : 0,
        done: done === true,
    };
}

;// CONCATENATED MODULE: ./lib/action/cleanup.js














/** Milliseconds for all that the post step does; it shares its time with every other clean-up. */
const timeLimit = 20_000;
const requestTimeout = 5_000;
const timeToLook = 2_000;
/** Milliseconds between looks for a batch whose create was cut off; the list may lag. */
const cleanup_looks = [0, 1_000, 2_000, 3_000, 5_000];
/** The rule: a step that was cut short, or a job that ended in a way that `cancel-on` names. */
function decideCleanup(state, jobStatus, cancelOn) {
    if (state.cancelWanted) {
        return { cancel: true, why: "the step's timeout came and `on-timeout` is `cancel`" };
    }
    if (cancelOn.includes("never")) {
        return { cancel: false, why: "`cancel-on` is `never`" };
    }
    if (state.interrupted || !state.ended) {
        return { cancel: true, why: "the step was cut short" };
    }
    const status = cancelOn.find((name) => name === jobStatus);
    return status === undefined
        ? { cancel: false, why: `the job's status is ${jobStatus || "not known"}` }
        : { cancel: true, why: `the job's status is ${jobStatus}` };
}
/**
 * The post step: the net below main. It cancels what main was answerable for and could not cancel,
 * and says why where it does nothing. It warns and never fails, because a post step that throws
 * fails the job.
 */
async function cleanUp(toolkit, env, connect = createClient, gitHub = accessGitHub) {
    try {
        maskSecrets(toolkit, env);
        const state = readState(toolkit.getState);
        const handedOver = state.handOver?.done === true ? state.handOver.ids : [];
        const open = state.unfinished.filter((id) => !state.cancelled.includes(id) && !handedOver.includes(id));
        // After a signal main has no time to tell the commit status of what it cancelled.
        const untold = state.interrupted ? state.cancelled : [];
        if (open.length === 0 && state.creation === undefined) {
            toolkit.info(nothingToClean(state, handedOver));
            if (untold.length === 0 || toolkit.getInput("commit-status") === "")
                return;
        }
        const inputs = readCleanupInputs(toolkit.getInput, env);
        const client = connect({ ...inputs.connection, requestTimeout }, toolkit);
        const context = (0,github_context/* githubContext */.h4)(env);
        const { signal } = new AbortController();
        const use = { context, clock: client.clock, signal, toolkit };
        const { api, reporter } = await gitHub(inputs.github, use);
        const cancelled = await cancelOpen({ client, toolkit }, state, open, inputs, {
            own: context.runId,
            target: dispatchTarget(env),
            api,
        });
        if (reporter === status_reporter/* noReporter */.N)
            return;
        const deadline = client.clock.now() + timeToLook;
        const seen = await Promise.all(untold.map(async (id) => client.batches.retrieve(id, { deadline }).catch(leaveAPIError)));
        reporter.ended(cancelledEnding([...cancelled, ...seen.filter((batch) => batch !== undefined)]));
        await reporter.settled();
    }
    catch (error) {
        toolkit.warning(`The clean-up could not be done: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}
function nothingToClean({ cancelled }, handedOver) {
    if (handedOver.length > 0) {
        return `Nothing to clean up: another run of the workflow waits for ${handedOver.join(", ")}.`;
    }
    return cancelled.length > 0
        ? `Nothing to clean up: ${cancelled.join(", ")} was cancelled by the step itself.`
        : "Nothing to clean up: the step left no unfinished batch.";
}
/** Cancels what is open, or says why it is left, and gives what it has cancelled. */
async function cancelOpen({ client, toolkit }, state, open, { cancelOn, jobStatus }, workflow) {
    let deadline = client.clock.now() + timeLimit;
    const decision = decideCleanup(state, jobStatus, cancelOn);
    const lost = state.creation === undefined ? [] : await findLost(client, state.creation, deadline, toolkit);
    let ids = [...new Set([...open, ...lost])];
    if (ids.length === 0)
        return [];
    if (decision.cancel && state.handOver?.done === false) {
        const taken = await takenOver({ client, toolkit }, state.handOver, workflow);
        ids = ids.filter((id) => !taken.includes(id));
        // However long GitHub took to answer, what is left has to be cancelled.
        deadline = client.clock.now() + timeLimit;
    }
    if (!decision.cancel) {
        // A batch that main never learned the id of is nobody's unless it is told of here.
        const tell = lost.length > 0 ? toolkit.warning : toolkit.info;
        tell(`Left running, because ${decision.why}: ${ids.join(", ")}.`);
        return [];
    }
    const cancelled = await Promise.all(ids.map(async (id) => cancelOne(client, id, deadline, decision, toolkit)));
    return cancelled.filter((batch) => batch !== undefined);
}
/**
 * The batches of a hand-over that was cut off, if the run that goes on with them did start. Where
 * that cannot be found out they count as ours: a run whose batch is cancelled says so, and a batch
 * that nobody waits for would not.
 */
async function takenOver({ client, toolkit }, handOver, { api, target, own }) {
    if (api === undefined || "problem" in target)
        return [];
    const { clock } = client;
    try {
        const call = { clock, deadline: clock.now() + timeLimit };
        const run = await findStartedRun(api, target, { since: handOver.since, after: Math.max(handOver.after, Number(own ?? 0)) }, call);
        if (run === undefined)
            return [];
        toolkit.info(`Left to ${run.url}, which was started for them: ${handOver.ids.join(", ")}.`);
        return handOver.ids;
    }
    catch (error) {
        toolkit.warning(`Whether a run was started to go on with ${handOver.ids.join(", ")} could not be found out. ${(0,errors/* messageOf */.bD)(error)}`);
        return [];
    }
}
async function cancelOne(client, id, deadline, { why }, toolkit) {
    try {
        const soon = client.clock.now() + timeToLook;
        const now = await client.batches.retrieve(id, { deadline: soon }).catch(leaveAPIError);
        if (now !== undefined && (0,batch_status/* isTerminal */.Hd)(now)) {
            toolkit.info(`${id} had already ended: ${now.status}.`);
            return undefined;
        }
        const batch = await cancelBatch(client, id, { deadline });
        toolkit.info(`Cancelled ${id}, because ${why}: it is ${batch.status}.`);
        return batch;
    }
    catch (error) {
        toolkit.warning(`${id} could not be cancelled and may be running and billed. Cancel it with \`operation: cancel\`. ${(0,errors/* messageOf */.bD)(error)}`);
        return undefined;
    }
}
/** A look that fails keeps nobody from cancelling. */
function leaveAPIError(error) {
    if (!(error instanceof errors/* APIError */.LG))
        throw error;
}
async function findLost(client, creation, deadline, toolkit) {
    const { creationId, key, since } = creation;
    try {
        for (const pause of cleanup_looks) {
            await client.clock.sleep(pause);
            const found = await findBatches(client, (batch) => isOwnCreation(batch, creation), since, {
                deadline,
            });
            if (found.length > 0)
                return found.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch)).map(({ id }) => id);
        }
        toolkit.info(`A create was cut off, and no batch of it is there (creation_id ${creationId}).`);
    }
    catch (error) {
        toolkit.warning(`A create was cut off, and whether a batch of it runs could not be found out. Look for one with the metadata idempotency_key ${key}. ${(0,errors/* messageOf */.bD)(error)}`);
    }
    return [];
}


/***/ }),

/***/ 4359:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D3: () => (/* binding */ commitOf),
/* harmony export */   Vp: () => (/* binding */ runUrl),
/* harmony export */   h4: () => (/* binding */ githubContext)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var _api_normalize_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3387);
/* harmony import */ var _batch_create_key_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(750);



function githubContext(env) {
    const attempt = Number(env["GITHUB_RUN_ATTEMPT"] ?? 1);
    const repository = env["GITHUB_REPOSITORY"] || undefined;
    const head = pullRequestHead(env);
    return {
        repository,
        runId: env["GITHUB_RUN_ID"] || undefined,
        runAttempt: Number.isInteger(attempt) && attempt > 0 ? attempt : 1,
        commit: head?.commit ?? (env["GITHUB_SHA"] || undefined),
        fork: env["GITHUB_EVENT_NAME"] === "pull_request" &&
            head?.repository !== undefined &&
            head.repository !== repository,
        apiUrl: url(env["GITHUB_API_URL"], "https://api.github.com"),
        serverUrl: url(env["GITHUB_SERVER_URL"], "https://github.com"),
    };
}
/** The page of the run; `undefined` outside of a workflow. */
function runUrl({ serverUrl, repository, runId }) {
    if (repository === undefined || runId === undefined)
        return undefined;
    return `${serverUrl}/${repository}/actions/runs/${runId}`;
}
const commitShape = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
/** The commit that a batch was created for, where this action created it. */
function commitOf(batch) {
    const prefix = (0,_batch_create_key_js__WEBPACK_IMPORTED_MODULE_1__/* .prefixOfCreation */ .xK)(batch);
    return prefix !== undefined && commitShape.test(prefix) ? prefix : undefined;
}
function pullRequestHead(env) {
    if (env["GITHUB_EVENT_NAME"]?.startsWith("pull_request") !== true)
        return undefined;
    const event = readEvent(env["GITHUB_EVENT_PATH"]);
    const head = fieldsOf(fieldsOf(event, "pull_request"), "head");
    const commit = head["sha"];
    if (typeof commit !== "string" || !commitShape.test(commit))
        return undefined;
    const repository = fieldsOf(head, "repo")["full_name"];
    return { commit, repository: typeof repository === "string" ? repository : undefined };
}
/** A run whose event cannot be read goes by its variables. */
function readEvent(path) {
    if (path === undefined || path === "")
        return undefined;
    try {
        return JSON.parse((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path, "utf8"));
    }
    catch {
        return undefined;
    }
}
function fieldsOf(value, name) {
    const inner = (0,_api_normalize_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(value) ? value[name] : undefined;
    return (0,_api_normalize_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(inner) ? inner : {};
}
function url(given, otherwise) {
    return (given || otherwise).replace(/\/+$/, "");
}


/***/ }),

/***/ 6332:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ noReporter)
/* harmony export */ });
const noReporter = {
    created: () => undefined,
    ended: () => undefined,
    settled: () => Promise.resolve(),
};


/***/ }),

/***/ 1546:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ adviceFor)
/* harmony export */ });
/* unused harmony export adviceForCode */
/** What to do about an error code with which the API refuses a call. */
const byCode = new Map(Object.entries({
    insufficient_quota: "The account has no credit or has reached its budget; no retry mends that. Add credit or raise the limit in the billing settings, then run again.",
    credit_balance_exhausted: "The organization has no prepaid credit left; no retry mends that. Add credit in the billing settings, then run again.",
    organization_spend_limit_exceeded: "The organization's monthly spend limit is reached; no retry mends that. Raise it, or wait for the new month.",
    project_spend_limit_exceeded: "The project's monthly spend limit is reached; no retry mends that. Raise it, use another project, or wait for the new month.",
    organization_usage_limit_exceeded: "The organization has reached the usage that OpenAI allows it a month; no retry mends that. Ask for a higher limit.",
    billing_hard_limit_reached: "The project's budget is used up; no retry mends that. Raise it in the billing settings, then run again.",
    billing_not_active: "Set up billing for the account, then run again.",
    invalid_api_key: "Check that the key is whole, not revoked, and belongs to this server and project.",
    model_not_found: "Check the model's name, and that the project may use it and that it can be used in batches.",
    token_limit_exceeded: "Too many tokens are enqueued for this model. Wait for other batches to finish, or send fewer requests in one batch.",
    missing_required_parameter: "Give what the message names, and run again.",
    rate_limit_exceeded: "The server asks for fewer calls; run again later.",
    slow_down: "Calls came too fast for the server; run again later.",
    server_is_overloaded: "The server has no capacity left at the moment; run again later.",
}));
const byStatus = {
    400: "The server did not accept the request as it is; mend what it names and run again.",
    401: "Check the API key, and that it belongs to this server, organization and project.",
    403: "The key may not do this; give it the permission for files and batches, or use another project.",
    404: "Check the id and the base URL; an id is only known in the project that made it.",
    405: "Check the base URL; it usually ends in /v1.",
    409: "Look at its state. If something else changed it at the same time, run again; if it is a batch that has ended, there is nothing to cancel.",
    413: "The file is larger than the server takes; split it.",
    429: "The server asks for fewer calls; run again later.",
};
/**
 * What to do about an error code of a refused call, where it is one that we know.
 * @see https://platform.openai.com/docs/guides/error-codes
 */
function adviceForCode(code) {
    return code === undefined ? undefined : byCode.get(code);
}
/** What to do about an answer with this status and error code. */
function adviceFor(status, code) {
    const known = adviceForCode(code);
    if (known !== undefined)
        return known;
    if (status >= 300 && status < 400) {
        return "Set the base URL to the address that the server redirects to.";
    }
    if (status >= 500)
        return "The server has a problem; run again later.";
    return byStatus[status] ?? "Mend what the server names and run again.";
}


/***/ }),

/***/ 7567:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Qd: () => (/* binding */ defaultBaseURL),
/* harmony export */   U9: () => (/* binding */ isLoopback),
/* harmony export */   gb: () => (/* binding */ checkedTokenURL),
/* harmony export */   u4: () => (/* binding */ defaultTokenURL),
/* harmony export */   wf: () => (/* binding */ checkedBaseURL)
/* harmony export */ });
/* unused harmony export isOpenAI */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8937);

const defaultBaseURL = "https://api.openai.com/v1";
const defaultTokenURL = "https://auth.openai.com/oauth/token";
/** Whether a base URL is that of OpenAI's own server, whose limits and pages are known. */
function isOpenAI(baseURL) {
    return URL.canParse(baseURL) && new URL(baseURL).origin === new URL(defaultBaseURL).origin;
}
/** Checks a base URL: `https`, or `http` to this machine only, so that no key crosses a network in the clear. */
function checkedBaseURL(text) {
    const url = checkedURL(text, {
        name: "base URL",
        example: defaultBaseURL,
        secret: "key",
        code: "invalid_base_url",
    });
    return url.href.replace(/\/+$/, "");
}
/** Checks the URL of a token exchange by the same rule. */
function checkedTokenURL(text) {
    return checkedURL(text, {
        name: "URL of the token exchange",
        example: defaultTokenURL,
        secret: "token",
        code: "invalid_token_url",
    });
}
function checkedURL(text, { name, example, secret, code }) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const bad = (why) => new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG(`The ${name} ${why}. It looks like ${example}.`, { code });
    // What cannot be read as a URL may hold a password anywhere.
    if (url === undefined)
        throw bad("is no URL");
    if (url.username !== "" || url.password !== "") {
        throw bad("holds a user name or password; use an API key or headers instead");
    }
    if (url.search !== "" || url.hash !== "")
        throw bad("must have no query and no fragment");
    if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) {
        return url;
    }
    throw bad(url.protocol === "http:"
        ? `'${text}' would send the ${secret} in the clear: plain http is for a loopback host only`
        : `'${text}' must begin with https://`);
}
function isLoopback(hostname) {
    return (hostname === "localhost" ||
        hostname.endsWith(".localhost") ||
        hostname === "[::1]" ||
        /^127\.\d+\.\d+\.\d+$/.test(hostname));
}


/***/ }),

/***/ 8937:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LG: () => (/* binding */ APIError),
/* harmony export */   bD: () => (/* binding */ messageOf),
/* harmony export */   j3: () => (/* binding */ DeadlineError),
/* harmony export */   mP: () => (/* binding */ UnreadableAnswerError),
/* harmony export */   n: () => (/* binding */ answerError),
/* harmony export */   qA: () => (/* binding */ APIConnectionTimeoutError),
/* harmony export */   rk: () => (/* binding */ UnknownOutcomeError),
/* harmony export */   xX: () => (/* binding */ APIConnectionError)
/* harmony export */ });
/**
 * A call to the API failed. The message says what was called, what came back and what to do;
 * neither it nor any property holds a key, a header, a prompt or an answer.
 *
 * @example
 * ```ts
 * import { APIError, BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * try {
 *   await client.batches.retrieve("batch_unknown");
 * } catch (error) {
 *   if (!(error instanceof APIError)) throw error;
 *   console.log(error.status); // 404
 *   console.log(error.requestId?.startsWith("req_")); // true
 * }
 * ```
 */
class APIError extends Error {
    name = "APIError";
    code;
    status;
    type;
    param;
    requestId;
    retryAfter;
    shouldRetry;
    constructor(message, details = {}) {
        super(message, details.cause === undefined ? undefined : { cause: details.cause });
        this.code = details.code;
        this.status = details.status;
        this.type = details.type;
        this.param = details.param;
        this.requestId = details.requestId;
        this.retryAfter = details.retryAfter;
        this.shouldRetry = details.shouldRetry;
    }
    /**
     * Whether the server may have done what was asked although the call failed. A refusal (4xx) has
     * done nothing; a 5xx, a cut connection or an unreadable answer leaves it open.
     */
    get outcomeUnknown() {
        return this.status === undefined || this.status >= 500 || this.status === 408;
    }
}
/**
 * No answer came: the connection could not be made, or was lost.
 *
 * `code` is the system's: `ECONNREFUSED`, `ECONNRESET`, `ENOTFOUND`. `outcomeUnknown` tells whether the request had been sent.
 *
 * @example
 * ```ts
 * import { APIConnectionError, BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient({ baseURL: "http://127.0.0.1:1/v1", maxRetries: 0 });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof APIConnectionError && error.code); // ECONNREFUSED
 * ```
 */
class APIConnectionError extends APIError {
    name = "APIConnectionError";
    #sent;
    constructor(message, details) {
        super(message, details);
        this.#sent = details.sent;
    }
    get outcomeUnknown() {
        return this.#sent;
    }
}
/**
 * No byte came for as long as the request timeout allows.
 *
 * @example
 * ```ts
 * import { APIConnectionTimeoutError, BatchClient } from "openai-batch-action";
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * await using simulator = await startSimulator({ faults: [{ fault: { kind: "hang" } }] });
 * const client = new BatchClient({ baseURL: simulator.url, timeout: 50, maxRetries: 0 });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof APIConnectionTimeoutError); // true
 * ```
 */
class APIConnectionTimeoutError extends APIConnectionError {
    name = "APIConnectionTimeoutError";
}
/**
 * An answer came but is not what the API speaks: HTML, a cut body, nothing.
 *
 * @example
 * ```ts
 * import { BatchClient, UnreadableAnswerError } from "openai-batch-action";
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * await using simulator = await startSimulator({ faults: [{ fault: { kind: "html", status: 200 } }] });
 * const client = new BatchClient({ baseURL: simulator.url, maxRetries: 0 });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof UnreadableAnswerError && error.code); // unreadable_answer
 * ```
 */
class UnreadableAnswerError extends APIError {
    name = "UnreadableAnswerError";
    /** Whether it was whole JSON under a 2xx status, only in a shape that we do not know. */
    success;
    constructor(message, details) {
        super(message, details);
        this.success = details.success;
    }
    get outcomeUnknown() {
        return true;
    }
}
/**
 * A batch may or may not have been created, and may already be billed: the API has no idempotency
 * key, so sending the same again could pay twice. `inputFileId` is the input file of the batch.
 *
 * Thrown by `client.batches.create`; `createBatch` solves most of them by looking at the list of batches.
 *
 * @example
 * ```ts
 * import { BatchClient, UnknownOutcomeError } from "openai-batch-action";
 * import { startSimulator } from "openai-batch-action/simulator";
 *
 * const lost = { method: "POST", path: "/batches", fault: { kind: "drop-after" } } as const;
 * await using simulator = await startSimulator({ faults: [lost] });
 * const client = new BatchClient({ baseURL: simulator.url });
 * const file = await client.files.create({ file: "requests.jsonl", purpose: "batch" });
 * const params = { endpoint: "/v1/chat/completions", completion_window: "24h" };
 * try {
 *   await client.batches.create({ ...params, input_file_id: file.id });
 * } catch (error) {
 *   if (!(error instanceof UnknownOutcomeError)) throw error;
 *   console.log(error.inputFileId === file.id); // true
 *   console.log(simulator.batches.length); // 1
 * }
 * ```
 */
class UnknownOutcomeError extends APIError {
    name = "UnknownOutcomeError";
    inputFileId;
    /** Whether the server did say that it created the batch, in words that name no id. */
    created;
    constructor(inputFileId, cause) {
        const known = cause instanceof APIError ? cause : undefined;
        super(`It is not known whether the batch of input file ${inputFileId} was created: ${messageOf(cause)} ` +
            "It may be running and billed. " +
            `List the batches, and use the one with input_file_id ${inputFileId} if it is there.`, {
            code: "unknown_outcome",
            status: known?.status,
            type: known?.type,
            param: known?.param,
            requestId: known?.requestId,
            cause,
        });
        this.inputFileId = inputFileId;
        this.created = known instanceof UnreadableAnswerError && known.success;
    }
    get outcomeUnknown() {
        return true;
    }
}
/**
 * The caller's deadline came before the call, or a retry that it needs, could end.
 *
 * `code` is `deadline_exceeded`; `cause` is the failure that could not be tried again.
 *
 * @example
 * ```ts
 * import { BatchClient, DeadlineError } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const deadline = Date.now() - 1;
 * const error = await client.batches.retrieve("batch_1", { deadline }).catch((error: unknown) => error);
 * console.log(error instanceof DeadlineError && error.code); // deadline_exceeded
 * ```
 */
class DeadlineError extends APIError {
    name = "DeadlineError";
    #inFlight;
    constructor(message, details) {
        super(message, { ...details, code: "deadline_exceeded" });
        this.#inFlight = details.inFlight;
    }
    get outcomeUnknown() {
        return this.#inFlight;
    }
}
/** What something that was thrown says. */
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}
/** The error for an answer with a status that is no success, from its parsed or raw body. */
function answerError(call, status, body, { redact, advise, }, details) {
    const fields = redacted(errorFields(body), redact);
    const code = fields.code ?? undefined;
    const what = [status, code ?? fields.type].filter((part) => part !== undefined).join(" ");
    const request = details.requestId === undefined ? "" : ` (request id ${details.requestId})`;
    const said = fields.message === undefined ? "" : `: ${sentence(fields.message)}`;
    const text = `${call} was answered with ${what}${request}${said === "" ? "." : said} ${advise(status, code)}`;
    return new APIError(text, { ...details, status, code, type: fields.type, param: fields.param });
}
function redacted(fields, redact) {
    return Object.fromEntries(Object.entries(fields).map(([name, text]) => [
        name,
        text === undefined ? undefined : redact(text),
    ]));
}
/** Reads `{error: {…}}`, `{error: "…"}`, OAuth's `{error, error_description}`, and FastAPI's `{detail: …}`; HTML and other text tell nothing. */
function errorFields(body) {
    if (typeof body !== "object" || body === null)
        return {};
    const error = "error" in body ? body.error : body;
    if (typeof error === "string") {
        const description = text(body, "error_description");
        return description === undefined ? { message: error } : { message: description, code: error };
    }
    if (typeof error !== "object" || error === null)
        return {};
    return {
        message: text(error, "message") ?? text(error, "detail") ?? text(body, "message"),
        code: text(error, "code"),
        type: text(error, "type"),
        param: text(error, "param"),
    };
}
function text(record, key) {
    const value = Reflect.get(record, key);
    if (typeof value === "string" && value !== "")
        return value;
    if (typeof value === "number")
        return String(value);
    if (Array.isArray(value)) {
        // FastAPI's list of problems; what it echoes of the request stays out.
        const problems = value.flatMap((item) => typeof item === "object" && item !== null ? [text(item, "msg") ?? ""] : []);
        return problems.filter((problem) => problem !== "").join("; ") || undefined;
    }
    return undefined;
}
const longestMessage = 1000;
function sentence(message) {
    const line = message.replace(/\s+/g, " ").trim().slice(0, longestMessage);
    return /[.!?]$/.test(line) ? line : `${line}.`;
}


/***/ }),

/***/ 3387:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bx: () => (/* binding */ normalizePage),
/* harmony export */   Ce: () => (/* binding */ isFields),
/* harmony export */   oT: () => (/* binding */ normalizeBatch),
/* harmony export */   qv: () => (/* binding */ normalizeFile)
/* harmony export */ });
/** Whether a value is a JSON object. */
function isFields(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
const times = [
    "in_progress_at",
    "expires_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
];
const aliases = new Map(Object.entries({
    canceling: "cancelling",
    canceled: "cancelled",
    progress: "in_progress",
}));
/**
 * Any compatible server's batch becomes one `Batch`: wrappers (`{job}`) are opened, capitals and
 * other spellings of a status folded, ISO times turned into Unix seconds, and `null` and `""`
 * left out. Fields and statuses that we do not know are kept as they are.
 *
 * Returns `undefined` for an answer that holds no batch, which is one without an id.
 */
function normalizeBatch(answer) {
    const fields = unwrap(answer);
    if (fields === undefined)
        return undefined;
    const { id, status, created_at, metadata, errors, request_counts, usage, ...rest } = withoutEmpty(fields);
    if (typeof id !== "string")
        return undefined;
    const batch = {
        endpoint: "",
        input_file_id: "",
        completion_window: "",
        ...rest,
        id,
        object: "batch",
        status: normalizeStatus(status),
        created_at: seconds(created_at) ?? 0,
    };
    for (const time of times) {
        const at = seconds(rest[time]);
        if (at === undefined)
            Reflect.deleteProperty(batch, time);
        else
            batch[time] = at;
    }
    if (isFields(metadata))
        batch["metadata"] = textsOf(metadata);
    const problems = normalizeErrors(errors);
    if (problems !== undefined)
        batch["errors"] = problems;
    const counts = normalizeCounts(request_counts);
    if (counts !== undefined)
        batch["request_counts"] = counts;
    const tokens = normalizeUsage(usage);
    if (tokens !== undefined)
        batch["usage"] = tokens;
    // Every required field is set above; what else the server sent goes through untyped.
    return batch;
}
/** A list page in any of the shapes seen: `{data}`, `{value}` (older Azure), a bare array (Together). */
function normalizePage(answer) {
    if (Array.isArray(answer))
        return { items: answer, hasMore: false };
    if (!isFields(answer))
        return undefined;
    const items = "data" in answer ? answer["data"] : answer["value"];
    if (items === null)
        return { items: [], hasMore: false };
    if (!Array.isArray(items))
        return undefined;
    const lastId = answer["last_id"];
    return {
        items,
        hasMore: answer["has_more"] === true,
        ...(typeof lastId === "string" && lastId !== "" ? { lastId } : {}),
    };
}
/** A file as any compatible server describes it; `undefined` for an answer without an id. */
function normalizeFile(answer) {
    if (!isFields(answer))
        return undefined;
    const file = withoutEmpty(answer);
    if (typeof file["id"] !== "string")
        return undefined;
    const expires = seconds(file["expires_at"]);
    delete file["expires_at"];
    const normalized = {
        bytes: 0,
        filename: "",
        purpose: "batch",
        ...file,
        object: "file",
        created_at: seconds(file["created_at"]) ?? 0,
        ...(expires === undefined ? {} : { expires_at: expires }),
    };
    // As above: the required fields are set, the rest passes through.
    return normalized;
}
function unwrap(answer) {
    if (!isFields(answer))
        return undefined;
    const inner = answer["job"] ?? answer["batch"];
    return typeof answer["id"] !== "string" && isFields(inner) ? inner : answer;
}
function withoutEmpty(fields) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ""));
}
function normalizeStatus(status) {
    const folded = typeof status === "string" ? status.toLowerCase().replaceAll("-", "_") : "validating";
    // A status that we do not know passes through: it is reported, and taken for not final.
    return aliases.get(folded) ?? folded;
}
function seconds(time) {
    if (typeof time === "number")
        return time;
    if (typeof time !== "string")
        return undefined;
    const parsed = /^\d+(\.\d+)?$/.test(time) ? Number(time) : Date.parse(time) / 1000;
    return Number.isNaN(parsed) ? undefined : Math.floor(parsed);
}
function textsOf(metadata) {
    return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
    ]));
}
function normalizeErrors(errors) {
    const list = isFields(errors) ? errors["data"] : errors;
    if (!Array.isArray(list))
        return undefined;
    const data = list.filter(isFields).map((error) => {
        const { code, message, param, line } = withoutEmpty(error);
        return {
            ...(typeof code === "string" ? { code } : {}),
            ...(typeof message === "string" ? { message } : {}),
            ...(typeof param === "string" ? { param } : {}),
            ...(typeof line === "number" ? { line } : {}),
        };
    });
    return data.length === 0 ? undefined : { object: "list", data };
}
function normalizeCounts(counts) {
    if (!isFields(counts))
        return undefined;
    return {
        total: count(counts["total"]),
        completed: count(counts["completed"]),
        failed: count(counts["failed"]),
    };
}
function normalizeUsage(usage) {
    if (!isFields(usage) || Object.keys(usage).length === 0)
        return undefined;
    const inputs = usage["input_tokens_details"];
    const outputs = usage["output_tokens_details"];
    return {
        input_tokens: count(usage["input_tokens"]),
        input_tokens_details: { cached_tokens: isFields(inputs) ? count(inputs["cached_tokens"]) : 0 },
        output_tokens: count(usage["output_tokens"]),
        output_tokens_details: {
            reasoning_tokens: isFields(outputs) ? count(outputs["reasoning_tokens"]) : 0,
        },
        total_tokens: count(usage["total_tokens"]),
    };
}
function count(value) {
    return typeof value === "number" && Number.isFinite(value) ? value : 0;
}


/***/ }),

/***/ 4482:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LH: () => (/* binding */ withRetries)
/* harmony export */ });
/* unused harmony exports isFinal, isTransient, pauseBefore, afterGrace */
/* harmony import */ var p_retry__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4995);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8937);


const firstPause = 500;
const longestPause = 30_000;
const finalCodes = new Set([
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
]);
/** A certificate that is wrong, or a header that cannot be sent, is so on the next attempt too. */
function isFinal({ code = "" }) {
    return (finalCodes.has(code) ||
        /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_INVALID|ERR_HTTP_INVALID)/.test(code));
}
/**
 * The one place that decides whether a failed call is sent again.
 *
 * 408, 409, 429, 5xx, network faults and unreadable answers pass; `x-should-retry` wins over the
 * status, and a used-up quota (a 429 too) over both.
 */
function isTransient(error) {
    if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG))
        return false;
    if (isFinal(error))
        return false;
    if (error.shouldRetry !== undefined)
        return error.shouldRetry;
    if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIConnectionError */ .xX || error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .UnreadableAnswerError */ .mP)
        return true;
    const { status } = error;
    if (status === undefined)
        return false;
    return status === 408 || status === 409 || status === 429 || status >= 500;
}
/**
 * Milliseconds to wait before the next attempt: what the server asks for, however long, else a
 * random part of a bound that doubles with each attempt (full jitter).
 */
function pauseBefore(error, attempt, random) {
    if (error.retryAfter !== undefined)
        return error.retryAfter;
    return Math.round(random() * Math.min(longestPause, firstPause * 2 ** (attempt - 1)));
}
/**
 * Runs `attempt` until it succeeds, fails for good, has used up its tries, or would have to wait
 * past the deadline. The attempt gets a signal that ends it when the caller's signal aborts or the
 * deadline comes.
 */
async function withRetries(attempt, call, settings) {
    const { clock, random, onRetry } = settings;
    const { signal, deadline } = call;
    const retries = call.maxRetries ?? settings.maxRetries;
    const mayRepeat = (error) => {
        if (!isTransient(error))
            return false;
        if (error.status === 409 && call.conflictIsFinal === true)
            return false;
        return call.retry !== "refusals" || !error.outcomeUnknown;
    };
    // The signal is kept from p-retry: it would throw away the answer of a call that was done.
    return (0,p_retry__WEBPACK_IMPORTED_MODULE_1__/* ["default"] */ .Ay)(async () => attemptUntil(attempt, call, clock), {
        retries,
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
            if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .APIError */ .LG) || !mayRepeat(error))
                return false;
            const delay = pauseBefore(error, attemptNumber, random);
            if (deadline !== undefined && clock.now() + delay >= deadline) {
                throw deadlineError(call.call, { inFlight: error.outcomeUnknown, cause: error });
            }
            onRetry?.({ call: call.call, attempt: attemptNumber, delay, error });
            await clock.sleep(delay, signal);
            return true;
        },
    });
}
async function attemptUntil(attempt, { call, signal, deadline, grace = 0 }, clock) {
    signal?.throwIfAborted();
    if (deadline !== undefined && clock.now() >= deadline) {
        throw deadlineError(call, { inFlight: false });
    }
    const settled = new AbortController();
    const byCaller = grace > 0 && signal !== undefined ? afterGrace(signal, grace, clock, settled.signal) : signal;
    const byDeadline = deadline === undefined ? undefined : clock.timeout(deadline - clock.now());
    const signals = [byCaller, byDeadline].filter((one) => one !== undefined);
    try {
        return await attempt(signals.length > 1 ? AbortSignal.any(signals) : signals[0]);
    }
    catch (error) {
        if (byDeadline?.aborted === true && signal?.aborted !== true) {
            throw deadlineError(call, { inFlight: true });
        }
        throw error;
    }
    finally {
        settled.abort();
    }
}
/** A signal that follows another one `grace` milliseconds later, as long as `until` has not aborted. */
function afterGrace(signal, grace, clock, until) {
    const controller = new AbortController();
    const abort = () => {
        controller.abort(signal.reason);
    };
    const follow = () => {
        clock.timeout(grace).addEventListener("abort", abort);
    };
    if (signal.aborted)
        follow();
    else
        signal.addEventListener("abort", follow, { once: true, ...(until && { signal: until }) });
    return controller.signal;
}
function deadlineError(call, { inFlight, cause }) {
    const why = cause === undefined ? "" : ` The last answer: ${cause.message}`;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeadlineError */ .j3(`${call} could not be done before the deadline.${why}`, {
        status: cause?.status,
        requestId: cause?.requestId,
        cause,
        inFlight,
    });
}


/***/ }),

/***/ 750:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ZV: () => (/* binding */ creationName),
/* harmony export */   xK: () => (/* binding */ prefixOfCreation)
/* harmony export */ });
/* unused harmony exports keyName, idempotencyKey, hashText, newCreationId */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

/** The metadata that makes a batch findable again. */
const keyName = "idempotency_key";
/** Tells one create from another that has the same key. */
const creationName = "creation_id";
/**
 * A key that is the same for the same batch and differs with anything that decides it.
 *
 * @param scope within which equal work is the same work, for example a repository and a run
 * @returns `scope:hash`, short enough for a metadata value (512 characters) with a scope up to 470
 * @example
 * ```ts
 * import { BatchClient, idempotencyKey, scanInput } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const scan = await scanInput("requests.jsonl");
 * const key = idempotencyKey("octo-org/evaluations:42", {
 *   inputHash: scan.hash,
 *   endpoint: "/v1/chat/completions",
 *   completionWindow: "24h",
 *   metadata: {},
 *   account: [client.baseURL, client.organization, client.project],
 * });
 * console.log(key.startsWith("octo-org/evaluations:42:")); // true
 * ```
 */
function idempotencyKey(scope, parts) {
    const decided = [
        parts.inputHash,
        parts.endpoint,
        parts.completionWindow,
        Object.entries(parts.metadata).sort(([a], [b]) => (a < b ? -1 : 1)),
        parts.inputExpiresAfter ?? null,
        parts.outputExpiresAfter ?? null,
        parts.account.map((part) => part ?? null),
    ];
    return `${scope}:${hashText(JSON.stringify(decided)).slice(0, 32)}`;
}
/** SHA-256 in hexadecimal. */
function hashText(text) {
    return createHash("sha256").update(text).digest("hex");
}
/**
 * A value that no other create has.
 *
 * @param prefix what the create belongs to, for example a commit; `prefixOfCreation` reads it back
 */
function newCreationId(prefix) {
    return prefix === undefined ? randomUUID() : `${prefix}/${randomUUID()}`;
}
/**
 * The prefix that a batch's create was given; `undefined` where there is none.
 *
 * @example
 * ```ts
 * import { prefixOfCreation } from "openai-batch-action";
 *
 * console.log(prefixOfCreation({ metadata: { creation_id: "4f2a9c/8d7e" } })); // 4f2a9c
 * console.log(prefixOfCreation({ metadata: { creation_id: "8d7e" } })); // undefined
 * ```
 */
function prefixOfCreation({ metadata }) {
    const id = metadata?.[creationName] ?? "";
    const end = id.lastIndexOf("/");
    return end > 0 ? id.slice(0, end) : undefined;
}


/***/ }),

/***/ 5821:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B4: () => (/* binding */ formatCount),
/* harmony export */   LS: () => (/* binding */ plural),
/* harmony export */   a3: () => (/* binding */ formatDuration)
/* harmony export */ });
/* unused harmony exports formatBytes, shorten */
const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
];
/** Milliseconds as the two largest units: `3 h 12 min`, `45 s`, `0.4 s`. */
function formatDuration(milliseconds) {
    const seconds = milliseconds / 1000;
    if (seconds < 10)
        return `${Number(seconds.toFixed(1))} s`;
    let left = Math.round(seconds);
    const parts = [];
    for (const [unit, size] of units) {
        const count = Math.floor(left / size);
        if (count > 0 && parts.length < 2)
            parts.push(`${count} ${unit}`);
        left %= size;
    }
    return parts.join(" ");
}
/** Bytes in decimal units, as the API's limits are given: `1.2 MB`. */
function formatBytes(bytes) {
    if (bytes < 1_000)
        return `${bytes} bytes`;
    if (bytes < 1_000_000)
        return `${Number((bytes / 1_000).toFixed(1))} kB`;
    if (bytes < 1_000_000_000)
        return `${Number((bytes / 1_000_000).toFixed(1))} MB`;
    return `${Number((bytes / 1_000_000_000).toFixed(2))} GB`;
}
/**
 * A whole number with commas between thousands: `12,345`. Not by `toLocaleString`: the first use of
 * `Intl` loads locale data for some 15 ms, a sixth of the time of a short step.
 */
function formatCount(count) {
    return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
/** `1 request`, `2 requests`. */
function plural(count, noun, nouns = `${noun}s`) {
    return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}
/** A foreign text in one line of at most so many characters. */
function shorten(text, most) {
    const start = text.slice(0, most * 4);
    const line = start.replace(/\s+/g, " ").trim();
    return line.length > most || start.length < text.length ? `${line.slice(0, most - 1)}…` : line;
}


/***/ }),

/***/ 3276:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hd: () => (/* binding */ isTerminal),
/* harmony export */   W_: () => (/* binding */ sumCounts)
/* harmony export */ });
/* unused harmony exports terminalStatuses, statusesByDistance, isKnownStatus, overallStatus, reportedCounts, conclude */
/** The statuses in which a batch has ended. */
const terminalStatuses = ["failed", "expired", "cancelled", "completed"];
/** From the status furthest from `completed` to `completed` itself. */
const statusesByDistance = (/* unused pure expression or super */ null && ([
    "failed",
    "expired",
    "cancelled",
    "cancelling",
    "validating",
    "in_progress",
    "finalizing",
    "completed",
]));
/**
 * Whether a batch has ended. The status alone tells: servers set timestamps of states not reached.
 *
 * @example
 * ```ts
 * import { type Batch, isTerminal } from "openai-batch-action";
 *
 * const batch: Batch = {
 *   id: "batch_1",
 *   object: "batch",
 *   endpoint: "/v1/chat/completions",
 *   input_file_id: "file-1",
 *   completion_window: "24h",
 *   created_at: 1_767_225_600,
 *   status: "cancelling",
 * };
 * console.log(isTerminal(batch)); // false
 * console.log(isTerminal({ ...batch, status: "cancelled" })); // true
 * ```
 */
function isTerminal(batch) {
    return terminalStatuses.includes(batch.status);
}
/** Whether the API's reference knows a status; others pass through and count as not ended. */
function isKnownStatus(status) {
    return statusesByDistance.some((known) => known === status);
}
/**
 * One status for several batches: the one furthest from `completed`. `undefined` for none.
 *
 * From there: `failed`, `expired`, `cancelled`, `cancelling`, `validating`, `in_progress`, `finalizing`, `completed`.
 *
 * @example
 * ```ts
 * import { BatchClient, overallStatus, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches } = await runBatch(client, {
 *   input: "requests.jsonl",
 *   limits: { maxRequests: 2 },
 *   pollInterval: 10,
 * });
 * console.log(batches.length, overallStatus(batches)); // 2 completed
 * ```
 */
function overallStatus(batches) {
    const unknown = batches.find(({ status }) => !isKnownStatus(status))?.status;
    const worst = statusesByDistance.find((status) => batches.some((batch) => batch.status === status));
    return worst === undefined || worst === "completed" ? (unknown ?? worst) : worst;
}
/** Counts of several batches, or of several files, added up. */
function sumCounts(all) {
    return all.reduce((sum, { total, completed, failed }) => ({
        total: sum.total + total,
        completed: sum.completed + completed,
        failed: sum.failed + failed,
    }), { total: 0, completed: 0, failed: 0 });
}
/** The API's own counts of several batches, added up. Prefer counts of result lines: these lag and err. */
function reportedCounts(batches) {
    return sumCounts(batches.flatMap(({ request_counts: counts }) => counts ?? []));
}
/**
 * One word for how the work ended: `pending` until every batch has, `partial` when some requests failed.
 *
 * @example
 * ```ts
 * import { BatchClient, conclude, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, results } = await runBatch(client, {
 *   input: "requests.jsonl",
 *   outputFile: "answers.jsonl",
 *   pollInterval: 10,
 * });
 * console.log(conclude(batches, results?.counts ?? { total: 0, completed: 0, failed: 0 })); // success
 * ```
 */
function conclude(batches, counts) {
    if (batches.length === 0 || !batches.every(isTerminal))
        return "pending";
    const status = overallStatus(batches);
    if (status === "failed")
        return "failure";
    if (status === "expired" || status === "cancelled")
        return status;
    if (counts.failed === 0)
        return "success";
    return counts.failed >= counts.total ? "failure" : "partial";
}


/***/ })

};
