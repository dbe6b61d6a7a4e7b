export const id = 604;
export const ids = [604];
export const modules = {

/***/ 4359:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D3: () => (/* binding */ commitOf),
/* harmony export */   Vp: () => (/* binding */ runUrl),
/* harmony export */   h4: () => (/* binding */ githubContext)
/* harmony export */ });
/* unused harmony export readEvent */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var _api_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6192);
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
        fork: head !== undefined && head.repository !== repository,
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
    // `repo` is null when the fork has been deleted.
    const repository = fieldsOf(head, "repo")["full_name"];
    return { commit, repository: typeof repository === "string" ? repository : null };
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
    const inner = (0,_api_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(value) ? value[name] : undefined;
    return (0,_api_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(inner) ? inner : {};
}
function url(given, otherwise) {
    return (given || otherwise).replace(/\/+$/, "");
}


/***/ }),

/***/ 2032:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ heldBatchesOf),
/* harmony export */   Z: () => (/* binding */ settlementOf)
/* harmony export */ });
/* harmony import */ var _api_json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6192);
/* harmony import */ var _batch_rules_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2855);


/** What becomes of a claim when the job has ended; the rule is `decideSettlement`. */
function settlementOf({ written }, { ended, interrupted }, jobStatus) {
    return (0,_batch_rules_js__WEBPACK_IMPORTED_MODULE_0__/* .decideSettlement */ .w2)({
        written: written !== undefined,
        empty: written?.empty === true,
        cutShort: interrupted || !ended,
        jobStatus,
    });
}
/** Reads held batches back from the saved state. */
function heldBatchesOf(value) {
    return Array.isArray(value) ? value.flatMap(heldBatchOf) : [];
}
function heldBatchOf(value) {
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(value))
        return [];
    const { batchId, commit, claim, written } = value;
    if (typeof batchId !== "string" || typeof commit !== "string" || typeof claim !== "string") {
        return [];
    }
    return [{ batchId, commit, claim, written: writtenOf(written) }];
}
function writtenOf(value) {
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(value))
        return undefined;
    const { failed, counts, empty } = value;
    const { total, completed, failed: failures } = (0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(counts) ? counts : {};
    return {
        failed: failed === true,
        empty: empty === true,
        counts: typeof total === "number" && typeof completed === "number" && typeof failures === "number"
            ? { total, completed, failed: failures }
            : undefined,
    };
}


/***/ }),

/***/ 4745:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   P: () => (/* binding */ fieldsOf)
/* harmony export */ });
/* harmony import */ var parse_duration__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7595);
/* harmony import */ var _api_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6192);
/* harmony import */ var _nearest_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2800);



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
function fieldsOf(getInput, problem) {
    const text = (name) => getInput(name).trim() || undefined;
    const wrong = new Set();
    const tellOf = (name) => (words) => {
        wrong.add(name);
        problem(words);
    };
    /** Reads a value where one is given. */
    const read = (reader) => (name, ...rest) => {
        const value = text(name);
        return value === undefined ? undefined : reader(value, name, tellOf(name), ...rest);
    };
    return {
        text,
        oneOf: (name, values, otherwise) => oneOf(text(name), { name, values, otherwise, problem: tellOf(name) }),
        integer: (name, otherwise, bounds) => read(readInteger)(name, bounds) ?? otherwise,
        flag: (name, otherwise) => read(readFlag)(name) ?? otherwise,
        duration: read(readDuration),
        failureLimit: (name, otherwise) => read(readFailureLimit)(name) ?? otherwise,
        size: (name, otherwise) => read(readSize)(name) ?? otherwise,
        list: (name) => read(readList)(name) ?? [],
        pairs: (name, at) => read(readPairs)(name, { separator: "=", shape: "key=value", at }) ?? {},
        headers: (name) => read(readPairs)(name, { separator: ":", shape: "Name: value" }) ?? {},
        isWrong: (name) => wrong.has(name),
    };
}
function oneOf(value, { name, values, otherwise, problem, }) {
    if (value === undefined)
        return otherwise;
    const known = values.find((candidate) => candidate === value);
    if (known === undefined) {
        const choices = values.filter((choice) => choice !== "");
        problem(`\`${name}\` is \`${value}\` but must be one of: ${choices.join(", ")}.${(0,_nearest_js__WEBPACK_IMPORTED_MODULE_0__/* .didYouMean */ .a)(value, choices)}`);
    }
    return known ?? otherwise;
}
function readInteger(value, name, problem, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}) {
    const number = Number(value);
    if (/^[+-]?\d+$/.test(value) && number >= min && number <= max)
        return number;
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `between ${min} and ${max}`;
    problem(`\`${name}\` is \`${value}\` but must be a whole number, ${range}.`);
    return undefined;
}
function readFlag(value, name, problem) {
    const flag = value.toLowerCase();
    if (flag === "true" || flag === "false")
        return flag === "true";
    problem(`\`${name}\` is \`${value}\` but must be \`true\` or \`false\`.`);
    return undefined;
}
function readDuration(value, name, problem) {
    const spelled = value.toLowerCase().replaceAll(/\s+/g, "");
    const shaped = bareSeconds.test(spelled) || durationShape.test(spelled);
    const milliseconds = shaped ? ((0,parse_duration__WEBPACK_IMPORTED_MODULE_1__/* ["default"] */ .A)(spelled, "s") ?? 0) * 1000 : 0;
    if (Number.isFinite(milliseconds) && milliseconds > 0)
        return milliseconds;
    problem(`\`${name}\` is \`${value}\` but must be a duration above zero such as \`90s\`, \`15m\`, \`5h30m\` or \`2d\` (a bare number is seconds).`);
    return undefined;
}
function readFailureLimit(value, name, problem) {
    const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1];
    if (percent !== undefined && Number(percent) <= 100)
        return { percent: Number(percent) };
    if (/^\d+$/.test(value))
        return { count: Number(value) };
    problem(`\`${name}\` is \`${value}\` but must be a number of requests or a percentage up to 100%.`);
    return undefined;
}
function readSize(value, name, problem) {
    const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(value) ?? [];
    const bytes = Math.floor(Number(number) * (sizeUnits.get(unit.toLowerCase()) ?? Number.NaN));
    if (number !== "" && bytes > 0 && Number.isSafeInteger(bytes))
        return bytes;
    problem(`\`${name}\` is \`${value}\` but must be a size such as \`200MB\` (a bare number is bytes).`);
    return undefined;
}
function readList(value, name, problem) {
    const items = value.startsWith("[") ? jsonList(name, value, problem) : value.split(/[,\r\n]/);
    return items.map((item) => item.trim()).filter((item) => item !== "");
}
function readPairs(value, name, problem, { separator, shape, at: place = "first" }) {
    if (value.startsWith("{"))
        return jsonPairs(name, value, problem);
    const pairs = new Map();
    for (const line of value.split(/\r?\n/)) {
        if (line.trim() === "")
            continue;
        const at = place === "last" ? line.lastIndexOf(separator) : line.indexOf(separator);
        const key = line.slice(0, Math.max(0, at)).trim();
        if (key === "") {
            problem(`\`${name}\`: each line must be \`${shape}\`, or the whole a JSON object.`);
        }
        else if (pairs.has(key))
            problem(`\`${name}\`: \`${key}\` is given twice.`);
        else
            pairs.set(key, line.slice(at + 1).trim());
    }
    return Object.fromEntries(pairs);
}
function jsonPairs(name, value, problem) {
    const parsed = parseJson(value);
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(parsed)) {
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


/***/ }),

/***/ 2691:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ readGitHub)
/* harmony export */ });
/** Under which `collect` remembers, unless told otherwise. */
const defaultContext = "openai-batch";
const longestContext = 255;
const followed = ["create", "run", "wait", "collect", "cancel"];
/** `undefined` where nothing calls GitHub. */
function readGitHub(fields, env, operation, problem) {
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


/***/ }),

/***/ 2800:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ didYouMean)
/* harmony export */ });
/* harmony import */ var leven__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7785);

/** The known word that a misspelt one most likely stands for; `undefined` when none is near. */
function nearest(word, known) {
    const plain = (text) => text.toLowerCase().replaceAll(/[\s_]/g, "-");
    const words = new Map(known.map((text) => [plain(text), text]));
    // One slip in three characters still looks like the word; a guess beyond that would mislead.
    const maxDistance = Math.max(1, Math.floor(word.length / 3));
    const found = (0,leven__WEBPACK_IMPORTED_MODULE_0__/* .closestMatch */ .h)(plain(word), [...words.keys()], { maxDistance });
    return found === undefined ? undefined : words.get(found);
}
/** ` Did you mean …?`, to follow a sentence; empty when no known word is near. */
function didYouMean(word, known) {
    const near = nearest(word, known);
    return near === undefined ? "" : ` Did you mean \`${near}\`?`;
}


/***/ }),

/***/ 5451:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   q: () => (/* binding */ operationNames)
/* harmony export */ });
/** What the input `operation` may be. */
const operationNames = [
    "create",
    "wait",
    "run",
    "cancel",
    "retrieve",
    "list",
    "collect",
    "check",
];


/***/ }),

/***/ 2287:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ readState)
/* harmony export */ });
/* unused harmony export createState */
/* harmony import */ var _api_json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6192);
/* harmony import */ var _github_held_batch_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2032);


/**
 * Each batch and each create is a value of its own, so that what is written grows with their number and
 * not with its square: the runner's file is only ever added to.
 */
function createState(save) {
    const batches = new Map();
    const slots = createSlots(save);
    let handOver;
    const setHandOver = (value) => {
        handOver = value;
        slots.write("handOver", value ?? null);
    };
    return {
        creation(creation) {
            slots.put("creation", creation.creationId, creation);
        },
        settled({ creationId }) {
            slots.clear("creation", creationId);
        },
        batch(id, known) {
            const before = batches.get(id) ?? { id, open: true, cancelled: false, left: false };
            const now = { ...before, ...known };
            batches.set(id, now);
            slots.put("batch", id, now);
        },
        unknown(id) {
            batches.delete(id);
            slots.clear("batch", id);
        },
        handingOver(given) {
            setHandOver({ ...given, done: false });
        },
        handedOver() {
            if (handOver !== undefined)
                setHandOver({ ...handOver, done: true });
        },
        notHandedOver() {
            setHandOver(undefined);
        },
        held(batch) {
            slots.put("held", batch.batchId, batch);
        },
        released(batchId) {
            slots.clear("held", batchId);
        },
        cancelWanted() {
            slots.write("cancelWanted", true);
        },
        interrupted() {
            slots.write("interrupted", true);
        },
        ended() {
            slots.write("ended", true);
        },
        unfinished: () => [...batches.values()]
            .filter(({ id, open }) => open && handOver?.ids.includes(id) !== true)
            .map(({ id }) => id),
    };
}
/** Values by name; things of one kind are numbered in the order in which they come. */
function createSlots(save) {
    const written = new Map();
    const names = {
        batch: new Map(),
        creation: new Map(),
        held: new Map(),
    };
    const write = (name, value) => {
        const text = JSON.stringify(value);
        if (written.get(name) === text)
            return;
        written.set(name, text);
        save(name, text);
    };
    return {
        write,
        put(kind, id, value) {
            const name = names[kind].get(id) ?? `${kind}_${names[kind].size}`;
            names[kind].set(id, name);
            write(name, value);
        },
        /** Says of one thing that there is nothing to know of it. */
        clear(kind, id) {
            const name = names[kind].get(id);
            if (name !== undefined)
                write(name, {});
        },
    };
}
/** The post step's side; what was not written reads as not having happened. */
function readState(getState) {
    const read = (name) => {
        const text = getState(name);
        return text === "" ? undefined : JSON.parse(text);
    };
    const all = (kind, of) => {
        const values = [];
        for (let number = 0;; number += 1) {
            const value = read(`${kind}_${number}`);
            if (value === undefined)
                return values;
            const known = of(value);
            if (known !== undefined)
                values.push(known);
        }
    };
    return {
        creations: all("creation", creationOf),
        batches: all("batch", batchOf),
        handOver: handOverOf(read("handOver")),
        held: all("held", (value) => (0,_github_held_batch_js__WEBPACK_IMPORTED_MODULE_0__/* .heldBatchesOf */ .P)([value])[0]),
        cancelWanted: read("cancelWanted") === true,
        interrupted: read("interrupted") === true,
        ended: read("ended") === true,
    };
}
function batchOf(value) {
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(value) || typeof value["id"] !== "string")
        return undefined;
    const { id, open, cancelled, left } = value;
    return { id, open: open !== false, cancelled: cancelled === true, left: left === true };
}
function creationOf(value) {
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(value))
        return undefined;
    const { key, creationId, since, inputFileId, sent, keep } = value;
    if (typeof key !== "string" || typeof creationId !== "string" || typeof since !== "number") {
        return undefined;
    }
    return {
        key,
        creationId,
        since,
        ...(typeof inputFileId === "string" ? { inputFileId } : {}),
        ...(typeof sent === "number" ? { sent } : {}),
        ...(typeof keep === "string" ? { keep } : {}),
    };
}
function handOverOf(value) {
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(value) || typeof value["since"] !== "number")
        return undefined;
    const { ids, since, after, done } = value;
    return {
        ids: Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [],
        since,
        after: typeof after === "number" ? after : 0,
        done: done === true,
    };
}


/***/ }),

/***/ 1198:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ systemClock)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);

/** The longest delay that a Node.js timer can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;
/** The machine's clock; longer sleeps than a timer of Node.js holds (24.8 days) work. */
const systemClock = {
    now: () => Date.now(),
    async sleep(ms, signal) {
        signal?.throwIfAborted();
        for (let left = ms; left > 0; left -= longestTimer) {
            try {
                await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(Math.min(left, longestTimer), undefined, { signal });
            }
            catch (error) {
                signal?.throwIfAborted();
                throw error;
            }
        }
    },
    timeout: (ms) => AbortSignal.timeout(Math.min(Math.max(0, Math.ceil(ms)), longestTimer)),
};


/***/ }),

/***/ 8937:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LG: () => (/* binding */ APIError),
/* harmony export */   bD: () => (/* binding */ messageOf),
/* harmony export */   j3: () => (/* binding */ DeadlineError),
/* harmony export */   mP: () => (/* binding */ UnreadableAnswerError),
/* harmony export */   qA: () => (/* binding */ APIConnectionTimeoutError),
/* harmony export */   rk: () => (/* binding */ UnknownOutcomeError),
/* harmony export */   xX: () => (/* binding */ APIConnectionError)
/* harmony export */ });
/* unused harmony export sentence */
/**
 * A call to the API failed. The message says what was called, what came back and what to do;
 * neither it nor any property holds a key, a prompt or an answer. `requestID` and `headers` are those of
 * the official `openai` package.
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
 *   console.log(error.requestID?.startsWith("req_")); // true
 *   console.log(error.headers?.get("content-type")?.startsWith("application/json")); // true
 * }
 * ```
 */
class APIError extends Error {
    name = "APIError";
    /** The API's error code, or the system's (`ECONNRESET`), or one of ours (`unreadable_answer`); `undefined` where none is known. */
    code;
    /** HTTP status, or the one that the body of a 2xx names; `undefined` where none is known. */
    status;
    /** The server's own word for the kind of error, for example `invalid_request_error`; `undefined` where it gave none. */
    type;
    /** The parameter that the server names; `undefined` where it named none. */
    param;
    /** The server's name for the call, for its support (`x-request-id`); `undefined` where none came. */
    requestID;
    /** Milliseconds that the server asks to wait before another try; `undefined` where it did not ask. */
    retryAfter;
    /** Whether another try may help, where more than status and code tells it, as `x-should-retry` does; else `undefined`. */
    shouldRetry;
    /** The answer's headers, without cookies, credentials and addresses; `undefined` where none are known. */
    headers;
    /** Whether a web page came in the place of an answer, so that it was not the API that spoke. */
    page;
    #outcomeUnknown;
    constructor(message, details = {}) {
        super(message, details.cause === undefined ? undefined : { cause: details.cause });
        this.code = details.code;
        this.status = details.status;
        this.type = details.type;
        this.param = details.param;
        this.requestID = details.requestID;
        this.retryAfter = details.retryAfter;
        this.shouldRetry = details.shouldRetry;
        this.headers = details.headers;
        this.page = details.page ?? false;
        this.#outcomeUnknown = details.outcomeUnknown;
    }
    /**
     * Whether the server may have done what was asked although the call failed. A refusal (4xx) has
     * done nothing; a 5xx, a cut connection or an unreadable answer leaves it open, and so do a 408, a
     * 499 (a proxy has hung up on the server), a 303 (what was done is shown elsewhere) and a 409 that
     * says that it is there already (a proxy may have sent the call twice).
     */
    get outcomeUnknown() {
        if (this.#outcomeUnknown !== undefined)
            return this.#outcomeUnknown;
        const { status } = this;
        return status === undefined || status >= 500 || openStatuses.has(status);
    }
}
const openStatuses = new Set([303, 408, 499]);
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
    /** Id of the input file that the batch was to be made of. */
    inputFileId;
    /** Whether the server did say that it created the batch, in words that name no id. */
    created;
    constructor(inputFileId, cause) {
        const known = cause instanceof APIError ? cause : undefined;
        super(`It is not known whether the batch of input file ${inputFileId} was created: ${sentence(messageOf(cause))} ` +
            "It may be running and billed. " +
            `List the batches, and use the one with input_file_id ${inputFileId} if it is there.`, {
            code: "unknown_outcome",
            status: known?.status,
            type: known?.type,
            param: known?.param,
            requestID: known?.requestID,
            headers: known?.headers,
            page: known?.page,
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
/** A text with its full stop, which what others say may lack. */
function sentence(text) {
    return /[.!?…]$/.test(text) ? text : `${text}.`;
}
/** What something that was thrown says. */
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}


/***/ }),

/***/ 4407:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ finalCodes),
/* harmony export */   h: () => (/* binding */ finalCodeIn)
/* harmony export */ });
/** Error codes of an account that has no money or no permission to spend more: no retry changes that. */
const finalCodes = new Set([
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
    "billing_not_active",
]);
/** What OpenAI says with `insufficient_quota`; gateways pass the sentence on and lose the code. */
const quotaSpent = /exceeded your current quota/i;
/** Such a code within a text, as a server without JSON errors names it. */
function finalCodeIn(text) {
    const folded = text.toLowerCase();
    const named = [...finalCodes].find((code) => folded.includes(code));
    return named ?? (quotaSpent.test(text) ? "insufficient_quota" : undefined);
}


/***/ }),

/***/ 6192:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ce: () => (/* binding */ isFields),
/* harmony export */   j8: () => (/* binding */ withTexts),
/* harmony export */   qF: () => (/* binding */ parseJson)
/* harmony export */ });
/** Whether a value is a JSON object. */
function isFields(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** The value of a text that is whole JSON; `undefined` for any other. Whole numbers that a double cannot hold stay texts. */
function parseJson(text) {
    // Servers that pad their buffers leave NULs behind; JSON itself holds none.
    if (text.includes("\0"))
        return parseJson(text.replaceAll("\0", ""));
    try {
        return { value: JSON.parse(text, /\d{16}/.test(text) ? exactly : undefined) };
    }
    catch (error) {
        if (error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}
/** An id of twenty digits must not be rounded. */
function exactly(_key, value, context) {
    const rounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
    return rounded ? (context?.source ?? value) : value;
}
/** The same value with each text and name in it put through `change`; ids stay as they are, since calls are made with them. */
function withTexts(value, change, key = "") {
    if (typeof value === "string")
        return /(^|_)id$|[a-z]I[dD]$/.test(key) ? value : change(value);
    if (Array.isArray(value))
        return value.map((item) => withTexts(item, change, key));
    if (!isFields(value))
        return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), withTexts(item, change, name)]));
}


/***/ }),

/***/ 1438:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  LH: () => (/* binding */ withRetries)
});

// UNUSED EXPORTS: afterGrace, isFinal, isTransient, pauseBefore

// EXTERNAL MODULE: ./node_modules/p-retry/index.js + 1 modules
var p_retry = __webpack_require__(4995);
// EXTERNAL MODULE: ./lib/api/final-codes.js
var final_codes = __webpack_require__(4407);
// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
;// CONCATENATED MODULE: ./lib/api/retry-errors.js

/** A call, or the retry that it needs, does not fit before its deadline. */
function deadlineError(call, { inFlight, cause, delay = 0, }) {
    const asked = cause?.retryAfter === undefined ? "" : ` The server asks to wait ${durationOf(delay)}.`;
    const why = cause === undefined ? "" : `${asked} The last answer: ${cause.message}`;
    return new errors/* DeadlineError */.j3(`${call} could not be done before the deadline.${why}`, {
        status: cause?.status,
        requestID: cause?.requestID,
        headers: cause?.headers,
        page: cause?.page,
        cause,
        inFlight,
    });
}
/** Nobody set a deadline, and yet nobody expects that a call takes hours. */
function pauseTooLong(cause, delay) {
    return new errors/* APIError */.LG(`${cause.message} It asks to wait ${durationOf(delay)} before another try, which is longer than a call without a deadline waits. Run again then.`, {
        code: cause.code ?? "retry_after_too_long",
        status: cause.status,
        type: cause.type,
        param: cause.param,
        requestID: cause.requestID,
        headers: cause.headers,
        page: cause.page,
        retryAfter: delay,
        shouldRetry: false,
        outcomeUnknown: cause.outcomeUnknown,
        cause,
    });
}
function durationOf(ms) {
    const seconds = Math.ceil(ms / 1000);
    if (seconds < 120)
        return `${seconds} s`;
    const minutes = Math.round(seconds / 60);
    return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

;// CONCATENATED MODULE: ./lib/api/retry.js




const firstPause = 500;
const longestPause = 30_000;
const defaultMaxRetryAfter = 600_000;
/** A certificate that is wrong, or a header that cannot be sent, is so on the next attempt too. */
function isFinal({ code = "" }) {
    return (final_codes/* finalCodes */.F.has(code) ||
        /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_INVALID|ERR_HTTP_INVALID)/.test(code));
}
/**
 * The one place that decides whether a failed call is sent again.
 *
 * 408, 409, 429, 5xx but for 501 (the server has no such call), network faults and unreadable answers are
 * transient, and so is a 401 or 403 that is a gateway's web page and not the API's answer. `x-should-retry` wins over the status, and a used-up
 * quota (a 429 too) over both.
 */
function isTransient(error) {
    if (!(error instanceof errors/* APIError */.LG))
        return false;
    if (isFinal(error))
        return false;
    if (error.shouldRetry !== undefined)
        return error.shouldRetry;
    if (error instanceof errors/* APIConnectionError */.xX || error instanceof errors/* UnreadableAnswerError */.mP)
        return true;
    const { status = 0 } = error;
    if (error.page && (status === 401 || status === 403))
        return true;
    if (status === 501)
        return false;
    return status === 408 || status === 409 || status === 429 || status >= 500;
}
/**
 * Milliseconds to wait before the next attempt: what the server asks for, else a
 * random part of a bound that doubles with each attempt (full jitter).
 */
function pauseBefore(error, attempt, random) {
    if (error.retryAfter !== undefined)
        return error.retryAfter;
    return Math.round(random() * Math.min(longestPause, firstPause * 2 ** (attempt - 1)));
}
/**
 * Runs `attempt` until it succeeds, fails with a permanent error, has used up its tries, or would have to wait
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
    return (0,p_retry/* default */.Ay)(async () => attemptUntil(attempt, call, clock), {
        retries,
        minTimeout: 0,
        shouldRetry: async ({ error, attemptNumber }) => {
            if (!(error instanceof errors/* APIError */.LG) || !mayRepeat(error))
                return false;
            const delay = pauseBefore(error, attemptNumber, random);
            if (clock.now() + delay >= (deadline ?? Number.POSITIVE_INFINITY)) {
                throw deadlineError(call.call, { inFlight: error.outcomeUnknown, cause: error, delay });
            }
            if (delay > longestPauseOf(settings, deadline))
                throw pauseTooLong(error, delay);
            onRetry?.({ call: call.call, attempt: attemptNumber, delay, error });
            await clock.sleep(delay, signal);
            return true;
        },
    });
}
/** A deadline bounds every pause, so only a bound of the caller's own holds beside it. */
function longestPauseOf({ maxRetryAfter }, deadline) {
    if (maxRetryAfter !== undefined)
        return maxRetryAfter;
    return deadline === undefined ? defaultMaxRetryAfter : Number.POSITIVE_INFINITY;
}
async function attemptUntil(attempt, { call, signal, deadline, grace = 0 }, clock) {
    signal?.throwIfAborted();
    if (clock.now() >= (deadline ?? Number.POSITIVE_INFINITY)) {
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
function afterGrace(signal, grace, clock, until = new AbortController().signal) {
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
        signal.addEventListener("abort", follow, { signal: until });
    return controller.signal;
}


/***/ }),

/***/ 750:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ZV: () => (/* binding */ creationName),
/* harmony export */   xK: () => (/* binding */ prefixOfCreation)
/* harmony export */ });
/* unused harmony exports keyName, idempotencyKey, ownKeyOf, isOfOwnKey, halfKeyOf, wholeKeyOf, isHalfOf, roundOf, workOf, hashText, newCreationId, contentOfCreation, contentHash */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

/** The metadata that makes a batch findable again. */
const keyName = "idempotency_key";
/** Tells one create from another that has the same key. */
const creationName = "creation_id";
/**
 * A key that is the same for the same batch and differs with anything that decides it.
 *
 * @param scope within which equal work is the same work, for example a repository and a run
 * @returns `scope:hash`, short enough for a metadata value (512 characters) with a scope up to 450
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
/** The key of each batch that a key of the user's own stands for. */
function ownKeyOf(own, { index, hash, count, round, rest }) {
    const content = hash.slice(0, 16);
    // What is sent again depends on what failed, so a round's key tells its content.
    if (round > 0)
        return `${own}/retry${round}/${content}`;
    if (rest === true)
        return `${own}/rest/${content}`;
    // Another split into as many parts has other parts.
    return count === 1 ? own : `${own}/${index + 1}of${count}/${content}`;
}
/** Whether a key is one that `ownKeyOf` makes of a key of the user's own. */
function isOfOwnKey(key, own) {
    if (key?.startsWith(own) !== true)
        return false;
    const behind = key.slice(own.length);
    return /^(\/\d+of\d+\/[0-9a-f]+|\/rest\/[0-9a-f]+)?(\/retry\d+\/[0-9a-f]+)?(\/half[12]+)?$/.test(behind);
}
/** What stands behind the key of a part that was divided: which half, of which half, and so on. */
const halfPath = /\/half[12]+$/;
/**
 * The key of one half of a part. It says which requests these are to whoever knows what the whole key
 * stands for, so that a re-run finds what a run has made of a part that it had to divide.
 */
function halfKeyOf(key, half) {
    return halfPath.test(key) ? `${key}${half}` : `${key}/half${half}`;
}
/** The key of the part that a key is a half of, or a half of a half; the key itself where it is of none. */
function wholeKeyOf(key) {
    return key.replace(halfPath, "");
}
/** Whether a key is of a half of what another one stands for, or of a half of such a half. */
function isHalfOf(key, whole) {
    if (key === undefined)
        return false;
    const path = halfPath.test(whole) ? "" : "/half";
    return key.startsWith(whole + path) && /^[12]+$/.test(key.slice(whole.length + path.length));
}
/** Which retry round a key is of, and of whose work; `undefined` for the whole input. */
function roundOf(key) {
    const [, work, round] = /^(.*)\/retry(\d+)[/:]/s.exec(key ?? "") ?? [];
    return work === undefined ? undefined : { work, round: Number(round) };
}
/** What a key says beside the requests and the round: it is the same for all batches of one work. */
function workOf(key) {
    return roundOf(key)?.work ?? wholeKeyOf(key).replace(/[:/][0-9a-f]{16,64}$/, "");
}
/** SHA-256 in hexadecimal. */
function hashText(text) {
    return createHash("sha256").update(text).digest("hex");
}
/**
 * A value that no other create has.
 *
 * @param prefix what the create belongs to, for example a commit; `prefixOfCreation` reads it back
 * @param content what its key stands for; `contentOfCreation` reads it back
 */
function newCreationId(prefix, content) {
    return `${prefix === undefined ? "" : `${prefix}/`}${randomUUID()}.${content}`;
}
/** What the key of a batch stands for; `undefined` where its create did not say. */
function contentOfCreation({ metadata }) {
    return /\.([0-9a-f]{16})$/.exec(metadata?.[creationName] ?? "")?.[1];
}
/** A short hash of what a key stands for: the requests, the endpoint, and whose they are. */
function contentHash(...parts) {
    return hashText(JSON.stringify(parts.map((part) => part ?? null))).slice(0, 16);
}
/**
 * The prefix that a batch's create was given; `undefined` where there is none.
 *
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
/* harmony export */   a3: () => (/* binding */ formatDuration),
/* harmony export */   f6: () => (/* binding */ withoutStop),
/* harmony export */   z3: () => (/* binding */ formatBytes)
/* harmony export */ });
/* unused harmony exports listNames, shorten, formatDollars, plainDollars */
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
/** `a`, `a and b`, `a, b and c`, and of many a few: `a, b and 4 more`. */
function listNames(names, most) {
    const more = names.length - most;
    const shown = more > 0 ? [...names.slice(0, most), `${formatCount(more)} more`] : names;
    return [shown.slice(0, -1).join(", "), ...shown.slice(-1)].filter(Boolean).join(" and ");
}
/** A foreign text in one line of at most so many characters. */
function shorten(text, most) {
    const start = text.slice(0, most * 4);
    const line = start.replace(/\s+/g, " ").trim();
    return line.length > most || start.length < text.length ? `${line.slice(0, most - 1)}…` : line;
}
/** What stands behind a colon, or before more words: a sentence without its full stop. */
function withoutStop(sentence) {
    return sentence.replace(/\.$/, "");
}
/** Dollars for people: `$12.35`, `$0.0421`, `$0`; what is below a cent keeps two digits that say something. */
function formatDollars(dollars) {
    if (dollars === 0)
        return "$0";
    if (dollars >= 1) {
        const [whole = "", cents = ""] = dollars.toFixed(2).split(".");
        return `$${formatCount(Number(whole))}.${cents}`;
    }
    if (dollars >= 0.1)
        return `$${dollars.toFixed(2)}`;
    const digits = Math.min(10, 1 - Math.floor(Math.log10(dollars)));
    return `$${dollars.toFixed(digits)}`;
}
/** Dollars for programs: a decimal number without an exponent, and without the noise of binary fractions. */
function plainDollars(dollars) {
    return dollars.toFixed(10).replace(/\.?0+$/, "");
}


/***/ }),

/***/ 2855:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  w2: () => (/* binding */ decideSettlement),
  mg: () => (/* binding */ hasNothingToLose)
});

// UNUSED EXPORTS: decideFailedCollect

;// CONCATENATED MODULE: ./lib/batch/rules/create.js

/** What a batch is worth, by its status. A status that nobody knows counts as running. */
function worthOf(batch) {
    switch (batch.status) {
        case "failed":
            // Also one without any answer has to be found again: only from it a run knows the key of the
            // round that has paid for its requests since.
            return isTurnedAway(batch) || !ranNothing(batch) ? "part" : "nothing";
        case "expired":
        case "cancelled":
            return "part";
        case "cancelling":
            return "open";
        default:
            return "whole";
    }
}
/** Whether a batch is worth taking: one that ended early is for those who take its answers too (`part`). */
function isWorthTaking(batch, part) {
    const worth = worthOf(batch);
    return worth !== "nothing" && (worth !== "part" || part);
}
/** Whether the server took a batch and found, when it came to it, that it had no room: too many tokens were enqueued. */
function isTurnedAway({ status, errors }) {
    return (status === "failed" &&
        errors?.data?.some(({ code }) => code === "token_limit_exceeded") === true);
}
/** Whether a batch has failed for something else than room, so that its input file is not used again. */
function isUnusable(batch) {
    return batch.status === "failed" && !isTurnedAway(batch);
}
/**
 * Whether a batch took no money along: it failed as a whole, before any of its requests ran. Some servers
 * also call a batch failed that broke off, and name the file of what was answered by then.
 */
function ranNothing({ status, output_file_id, }) {
    return status === "failed" && output_file_id === undefined;
}
/** The worthiest first. */
const worths = (/* unused pure expression or super */ null && (["whole", "open", "part", "nothing"]));
/**
 * Of several batches with one key the one to take: the worthiest, of those that have ended the one with
 * the most answers, and then the newest: of a create that was sent twice, most often the one whose answer
 * came. Lists come in any order, so the time of creation tells and not the place.
 *
 * @param part whether a batch that ended early is taken too
 */
function chooseAdoptable(batches, part) {
    for (const worth of worths) {
        if (worth === "nothing" || (worth === "part" && !part))
            return undefined;
        const [first, ...others] = batches.filter((batch) => worthOf(batch) === worth);
        if (first !== undefined) {
            return others.reduce((best, batch) => (isBetter(batch, best) ? batch : best), first);
        }
    }
    return undefined;
}
function isBetter(batch, best) {
    // Every answer that is not taken is paid for again; what still runs may have more of them yet.
    const haveEnded = isTerminal(batch) && isTerminal(best);
    const more = haveEnded ? answersOf(batch) - answersOf(best) : 0;
    return more > 0 || (more === 0 && batch.created_at > best.created_at);
}
/** How many answers a batch has at least: some servers count none. */
function answersOf({ request_counts: counts, output_file_id }) {
    return Math.max(counts?.completed ?? 0, output_file_id === undefined ? 0 : 1);
}
/**
 * What is done in place of a create, or before it.
 *
 * - `adopt`: the batch that is there is taken
 * - `halve`: an earlier attempt has sent the requests in halves, of which each is looked for by itself
 * - `wait`: it is being cancelled; how it ends decides
 * - `create`: nothing stands for the work
 * - `stop`: it may be there and could not be seen: failing costs less than paying twice
 */
function decideBeforeCreate(known) {
    const { found, filesGone, incomplete, noList, mayExist, overlapping, half } = known;
    // Whoever sent halves had given up what had ended early of the whole.
    const worth = found === undefined || filesGone ? "nothing" : worthOf(found);
    if (half !== undefined && (worth === "part" || worth === "nothing")) {
        return { decision: "halve", why: `${half.id} is ${half.status} and holds a half of them` };
    }
    if (found !== undefined && !filesGone) {
        const { decision, why } = decideAmongUnseen(found, incomplete);
        if (decision === "stop")
            return { decision, why };
        return worth === "open"
            ? { decision: "wait", why: `${found.id} is being cancelled` }
            : { decision: "adopt", why: `${found.id} is ${found.status}` };
    }
    if (noList) {
        return mayExist
            ? { decision: "stop", why: "the server has no list of batches" }
            : { decision: "create", why: "the server has no list of batches, and this is the first try" };
    }
    if (incomplete !== undefined)
        return { decision: "stop", why: incomplete };
    if (overlapping !== undefined) {
        return {
            decision: "stop",
            why: `an earlier attempt has sent requests of the same work again as ${overlapping.id}, which may hold some of these`,
        };
    }
    return found === undefined
        ? { decision: "create", why: "no batch with the key is there" }
        : { decision: "create", why: `the results of ${found.id} are gone from the server` };
}
/**
 * Whether a batch of the work is the one that counts. What one that ended early has left open may have been
 * sent again since, as a batch that stands where the list was not read.
 *
 * @param incomplete why the list was not read to its end
 */
function decideAmongUnseen({ id, ...batch }, incomplete) {
    if (incomplete === undefined)
        return { decision: "take", why: "no other is there" };
    return worthOf(batch) === "part"
        ? {
            decision: "stop",
            why: `${id} is ${batch.status}, and what it has left open may have been sent again since; ${incomplete}`,
        }
        : { decision: "take", why: `${id} is ${batch.status}` };
}
/** A create is sent this often at the most, whatever the number of retries: each lost one may be a batch. */
const maxSent = 2;
/** What follows a create whose answer was lost: never a third create, and none over something unseen. */
function decideAfterLostCreate(known) {
    const { lookUp, sent, said, stranger, mayRetry } = known;
    if (lookUp.state === "found")
        return { decision: "take", why: `${lookUp.found.id} is of it` };
    if (lookUp.state === "incomplete")
        return { decision: "give up", why: lookUp.why };
    if (said)
        return { decision: "give up", why: "the server says that it made the batch" };
    if (stranger) {
        return { decision: "give up", why: "a batch of the same file is there that may be of it" };
    }
    if (!mayRetry)
        return { decision: "give up", why: "no retry is wanted" };
    return sent < maxSent
        ? { decision: "create again", why: "the list of batches does not show it" }
        : { decision: "give up", why: `it was sent ${sent} times without a known outcome` };
}
/**
 * What a listed batch is to a create whose answer was lost: `own`, or one with the same key that is as good
 * (`take`), or a `stranger`, which may be of the create although nothing on it says so.
 */
function decideListed({ batch, own, isNew, sameKey, sameFile, }) {
    if (own)
        return "own";
    // The mark of a create tells whose a batch is; of any other only its time tells that it may be new.
    if (!isNew)
        return "other";
    if (sameKey && worthOf(batch) === "whole")
        return "take";
    return sameFile ? "stranger" : "other";
}
/**
 * Which batches of one create are extra: all but the one that is kept. They were paid for by mistake and
 * nobody waits for them, so they are cancelled whatever else is decided.
 */
function extraBatches(own, keep) {
    return own.filter(({ id }) => id !== keep);
}
/**
 * Of several batches of one lost create the one to keep: the oldest, so that everybody keeps the same. One
 * that the server has turned away or refused is kept only where there is no other.
 */
function chooseOwn(own) {
    const running = own.filter((batch) => !ranNothing(batch));
    const [first, ...others] = running.length > 0 ? running : own;
    if (first === undefined)
        return undefined;
    return others.reduce((oldest, batch) => (batch.created_at < oldest.created_at ? batch : oldest), first);
}
/**
 * Whether a key of the user's own stands for these requests. The same key with other requests, another
 * endpoint or another repository is a mistake that is found before anything is paid. A batch that
 * failed took no money along, and one without a hash was not made by this package.
 */
function decideOwnKey(batch, theirs, ours) {
    if (ranNothing(batch) || theirs === undefined || theirs === ours) {
        return { decision: "same", why: `${batch.id} is of the same requests` };
    }
    return { decision: "other", why: `${batch.id} was made of other requests under the same key` };
}
/**
 * Whether a batch that holds the same requests as ours, in other company, keeps them from being created:
 * all that it has, or will have, is paid for. What ended early counts for those who would take its
 * answers (`part`), as it does where the split is the same.
 */
function decideOtherSplit(batch, part) {
    return isWorthTaking(batch, part)
        ? { decision: "stop", why: `${batch.id} holds the same requests in another split` }
        : { decision: "create", why: `${batch.id} has ended, and its answers are not wanted` };
}
/**
 * Whether a batch of a retry round stands in the way of requests of the same work that it may hold. Beside
 * the whole input one that ended early does not: what it has is given up with the rest.
 *
 * @param again whether the requests are of a retry round as well
 */
function decideOverlap(batch, again) {
    const { id, status } = batch;
    const worth = worthOf(batch);
    const counts = again ? !ranNothing(batch) : worth === "whole" || worth === "open";
    return counts
        ? { decision: "stop", why: `${id} is ${status} and may hold some of these requests` }
        : { decision: "create", why: `${id} is ${status}` };
}
/**
 * Whether a batch is created beside one of a server that keeps no metadata: that one may be of an earlier
 * attempt, and nothing but its input file tells. One that ended early counts for those who would take its
 * answers (`part`).
 */
function decideBesideStranger(stranger, { endpoint, part }, file) {
    const { id, status } = stranger;
    if (!isWorthTaking(stranger, part)) {
        return { decision: "create", why: `${id} has ended, and its answers are not wanted` };
    }
    if (file === "other")
        return { decision: "create", why: `${id} was made of other requests` };
    // Some servers do not tell the endpoint.
    if (stranger.endpoint !== "" && stranger.endpoint !== endpoint) {
        return { decision: "create", why: `${id} is for another endpoint` };
    }
    return {
        decision: "stop",
        why: `${id} is ${status} and was made of ${madeOf[file]}; the server shows no metadata, so it may be of an earlier attempt`,
    };
}
const madeOf = {
    same: "the same requests",
    some: "some of the same requests",
    unknown: "a file that the server does not show",
};

;// CONCATENATED MODULE: ./lib/batch/rules/collect.js

/**
 * Whether nothing of a batch can be lost: it was refused as a whole and names no result files. Of
 * any other status, files that are not named may only be late.
 */
function hasNothingToLose(batch) {
    return ranNothing(batch) && batch.error_file_id === undefined;
}
/** What becomes of a batch whose results could not be collected: what is gone for good is not tried again. */
function decideFailedCollect(code) {
    return code === "results_gone"
        ? { decision: "record", why: "its results are gone for good" }
        : { decision: "leave", why: "its results may be there yet" };
}
/**
 * Whether a claimed batch counts as collected. Written files are still on the runner, and are lost with
 * it unless a later step of the job takes them off; whether one did is known only once the job has
 * succeeded.
 */
function decideSettlement(batch) {
    const { written, empty, cutShort, jobStatus } = batch;
    if (!written)
        return { decision: "release", why: "its results were not written" };
    if (empty)
        return { decision: "record", why: "it has no results that could be lost" };
    if (cutShort)
        return { decision: "release", why: "the step was cut short" };
    return jobStatus === "success"
        ? { decision: "record", why: "the job has succeeded" }
        : { decision: "release", why: `the job's status is ${jobStatus || "not known"}` };
}


/***/ }),

/***/ 3276:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Hd: () => (/* binding */ isTerminal),
/* harmony export */   W_: () => (/* binding */ sumCounts)
/* harmony export */ });
/* unused harmony exports terminalStatuses, statusesByDistance, isKnownStatus, overallStatus, reportedCounts */
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


/***/ })

};
