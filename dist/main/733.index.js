export const id = 733;
export const ids = [733,455];
export const modules = {

/***/ 5733:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dp: () => (/* binding */ createOptions),
/* harmony export */   Ld: () => (/* binding */ createTeller),
/* harmony export */   R6: () => (/* binding */ createFrom),
/* harmony export */   YD: () => (/* binding */ keysOf),
/* harmony export */   create: () => (/* binding */ create)
/* harmony export */ });
/* harmony import */ var _batch_flight_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2007);
/* harmony import */ var _batch_create_key_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(750);
/* harmony import */ var _batch_split_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1840);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5821);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7352);
/* harmony import */ var _request_file_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7682);






/** `create`: checks the requests, uploads them and creates the batches. */
async function create(step, inputs) {
    return { report: (0,_outputs_js__WEBPACK_IMPORTED_MODULE_0__/* .reportOf */ .E)(await createFrom(step, inputs)) };
}
/**
 * Creates the batches of the inputs, or adopts those that are there; each id is in the outputs and
 * the state before the next call.
 *
 * @param deadline milliseconds since the epoch
 */
async function createFrom(step, inputs, deadline) {
    const { loads, endpoint, requests } = await readLoads(step, inputs);
    const tell = createTeller(step);
    const load = await (0,_batch_flight_js__WEBPACK_IMPORTED_MODULE_1__/* .createLoader */ .E)(step.client, loads, {
        ...createOptions(step, inputs, endpoint),
        deadline,
        onBatch(created, index) {
            const sent = requests[index];
            if (sent !== undefined)
                step.notes.requests.set(created.batch.id, sent);
            tell(created);
        },
    });
    for (const index of loads.keys())
        await load(index);
    return step.state.known();
}
async function readLoads(step, inputs) {
    const keyOf = keysOf(step, inputs);
    if ("fileId" in inputs.input) {
        const { fileId } = inputs.input;
        // The reader of inputs has seen that the endpoint is there.
        const endpoint = inputs.endpoint ?? "";
        const key = keyOf(endpoint)({ part: { index: 0, hash: (0,_batch_create_key_js__WEBPACK_IMPORTED_MODULE_2__/* .hashText */ .qj)(fileId) }, count: 1, round: 0 });
        return { loads: [{ key, input: { fileId } }], endpoint, requests: [] };
    }
    const { files } = inputs.input;
    const { scan, endpoint } = await (0,_request_file_js__WEBPACK_IMPORTED_MODULE_3__/* .readRequestFiles */ .p)(files, inputs.endpoint, step.toolkit, step.signal);
    const parts = (0,_batch_split_js__WEBPACK_IMPORTED_MODULE_4__/* .splitInput */ .pU)(scan, inputs.limits);
    if (parts.length > 1)
        step.toolkit.info(`They make ${(0,_format_js__WEBPACK_IMPORTED_MODULE_5__/* .plural */ .LS)(parts.length, "batch", "batches")}.`);
    const key = keyOf(endpoint);
    const loads = parts.map((part) => ({
        key: key({ part, count: parts.length, round: 0 }),
        input: (0,_batch_split_js__WEBPACK_IMPORTED_MODULE_4__/* .partSource */ .v9)(scan, part),
    }));
    return { loads, endpoint, requests: parts.map((part) => part.requests) };
}
/** Tells of each batch as soon as it is created or adopted: to the state, the outputs and the log. */
function createTeller({ toolkit, state, notes, reporter, }) {
    let reused = false;
    return ({ batch, reused: adopted }) => {
        reused ||= adopted;
        if (adopted)
            notes.adopted.add(batch.id);
        state.created(batch);
        (0,_outputs_js__WEBPACK_IMPORTED_MODULE_0__/* .writeOutputs */ .K)(toolkit, (0,_outputs_js__WEBPACK_IMPORTED_MODULE_0__/* .reportOf */ .E)(state.known()));
        toolkit.setOutput("reused", reused);
        toolkit.info(adopted
            ? `Adopted ${batch.id}, which is ${batch.status}, instead of paying again.`
            : `Created ${batch.id}${batch.endpoint === "" ? "" : ` for ${batch.endpoint}`}.`);
        reporter.created(batch, adopted);
    };
}
/** How far back a first attempt may have created the same in an earlier step; the longest hosted job. */
const longestJob = 6 * 3_600_000;
/** What every create of a step has in common. */
function createOptions({ toolkit, github, state, signal }, inputs, endpoint) {
    const { completionWindow, metadata, inputExpiresAfter, outputExpiresAfter } = inputs;
    const mayBeThere = inputs.idempotencyKey !== undefined || github.runAttempt > 1;
    return {
        endpoint,
        completionWindow,
        inputExpiresAfter,
        outputExpiresAfter,
        metadata: { ...metadata, ...runMetadata(github) },
        creationPrefix: github.commit,
        reuseExisting: inputs.reuseExisting,
        reuseUpload: inputs.reuseExisting && mayBeThere,
        lookBack: mayBeThere ? undefined : longestJob,
        signal,
        onUploaded(file, found) {
            toolkit.setOutput("input-file-id", file.id);
            toolkit.info(found
                ? `The requests are already uploaded as ${file.id}.`
                : `Uploaded ${(0,_format_js__WEBPACK_IMPORTED_MODULE_5__/* .formatBytes */ .z3)(file.bytes)} as ${file.id}.`);
        },
        onCreating(creation) {
            state.creating(creation);
        },
        onRefused() {
            state.notCreated();
        },
        onUnknownOutcome(error) {
            toolkit.warning(`${error.message} Looking for it in the list of batches.`);
        },
        onNoList() {
            toolkit.warning("The server has no list of batches, so a batch that is already there cannot be found.");
        },
    };
}
/** The key of each batch: the user's own with a number where there are several, else of the run and the content. */
function keysOf({ client, github }, inputs) {
    const { idempotencyKey: own, completionWindow, metadata } = inputs;
    return (endpoint) => ({ part, count, round }) => {
        const again = round === 0 ? "" : `/retry${round}`;
        if (own !== undefined) {
            // What is sent again depends on what failed, so a round's key tells its content.
            if (round > 0)
                return `${own}${again}/${part.hash.slice(0, 16)}`;
            return `${own}${count === 1 ? "" : `/${part.index + 1}of${count}`}`;
        }
        const scope = `${github.repository ?? "local"}:${github.runId ?? "0"}${again}`;
        return (0,_batch_create_key_js__WEBPACK_IMPORTED_MODULE_2__/* .idempotencyKey */ .T5)(scope, {
            inputHash: part.hash,
            endpoint,
            completionWindow,
            metadata,
            inputExpiresAfter: inputs.inputExpiresAfter,
            outputExpiresAfter: inputs.outputExpiresAfter,
            account: [client.baseURL, client.organization, client.project],
        });
    };
}
function runMetadata({ repository, runId }) {
    return {
        ...(repository === undefined ? {} : { github_repository: repository }),
        ...(runId === undefined ? {} : { github_run_id: runId }),
    };
}


/***/ }),

/***/ 7682:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ RequestFileError),
/* harmony export */   p: () => (/* binding */ readRequestFiles)
/* harmony export */ });
/* harmony import */ var _batch_input_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4275);
/* harmony import */ var _batch_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3521);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5821);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7137);




/** The request files have problems; nothing was uploaded. */
class RequestFileError extends _inputs_js__WEBPACK_IMPORTED_MODULE_0__/* .InputError */ .d {
    scan;
    constructor(scan, problems) {
        super(problems);
        this.scan = scan;
    }
}
const maxListed = 20;
/**
 * Reads the request files, tells every problem in them and ends the step before anything is
 * uploaded.
 *
 * @throws {RequestFileError} when there is one
 */
async function readRequestFiles(files, endpoint, toolkit, signal) {
    const scan = await (0,_batch_input_js__WEBPACK_IMPORTED_MODULE_1__/* .scanInput */ .m)(files, { signal });
    for (const { file, line, code, message } of scan.problems.slice(0, _batch_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .maxAnnotations */ .Z6)) {
        toolkit.error(`${code}: ${message}`, {
            title: "Request file",
            file,
            ...(line === undefined ? {} : { startLine: line }),
        });
    }
    const named = files.length === 1 ? (files[0] ?? "") : (0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(files.length, "file");
    const problems = scan.problemCount > 0 ? [listProblems(scan)] : [];
    if (endpoint !== undefined &&
        scan.endpoint !== undefined &&
        !sameEndpoint(endpoint, scan.endpoint)) {
        problems.push(`\`endpoint\` is \`${endpoint}\` but the lines of ${named} have the url \`${scan.endpoint}\`.`);
    }
    if (problems.length > 0)
        throw new RequestFileError(scan, problems);
    const chosen = endpoint ?? scan.endpoint ?? "";
    const models = scan.models.map((model) => model || "no model named").join(", ");
    toolkit.info(`${named}: ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(scan.requests, "request")}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .formatBytes */ .z3)(scan.bytes)}, ${models}, ${chosen}.`);
    if (scan.models.length > 1) {
        toolkit.warning(`The requests name ${scan.models.length} models (${models}). A batch takes one, so each model gets batches of its own.`);
    }
    return { scan, endpoint: chosen };
}
function listProblems({ problems, problemCount }) {
    const shown = problems.slice(0, maxListed).map(_batch_input_js__WEBPACK_IMPORTED_MODULE_1__/* .describeProblem */ .B);
    const more = problemCount - shown.length;
    return (`${(0,_format_js__WEBPACK_IMPORTED_MODULE_3__/* .plural */ .LS)(problemCount, "problem")} in the request file; nothing was uploaded.\n${shown.join("\n")}` +
        (more > 0 ? `\n… and ${more} more` : ""));
}
/** Azure's lines may lack the `/v1` that the endpoint has, or the other way round. */
function sameEndpoint(a, b) {
    const bare = (endpoint) => endpoint.replace(/^\/v1(?=\/)/, "");
    return bare(a) === bare(b);
}


/***/ }),

/***/ 2007:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  E: () => (/* binding */ createLoader),
  _: () => (/* binding */ fly)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/create/key.js
var create_key = __webpack_require__(750);
// EXTERNAL MODULE: ./lib/batch/create/lookup.js
var lookup = __webpack_require__(343);
;// CONCATENATED MODULE: ./lib/batch/create/upload.js

/**
 * Makes the requests an input file on the server. A file of the same name and size is taken
 * instead, where the name tells the content (`partSource`); so is one whose upload got
 * no answer, before it is sent again.
 */
async function ensureUploaded(client, source, options) {
    const { signal, deadline, maxRetries, expiresAfter, reuseSince, onUploaded } = options;
    const call = { signal, deadline, maxRetries };
    if (reuseSince !== undefined) {
        const earlier = await (0,lookup/* findInputFile */.QT)(client, source, reuseSince, call);
        if (earlier !== undefined) {
            onUploaded?.(earlier, true);
            return { id: earlier.id, own: false };
        }
    }
    const started = client.clock.now();
    const file = await client.files.create({
        file: source,
        purpose: "batch",
        expires_after: expiresAfter === undefined ? undefined : { anchor: "created_at", seconds: expiresAfter },
    }, { ...call, findLost: async () => (0,lookup/* findInputFile */.QT)(client, source, started, call) });
    onUploaded?.(file, false);
    return { id: file.id, own: true };
}

;// CONCATENATED MODULE: ./lib/batch/create.js




/** Milliseconds between looks at a list that may lag behind the create. */
const looks = [0, 1_000, 2_000, 4_000, 8_000, 15_000];
/** Milliseconds between tries while a file that was just uploaded is not found (curator#116). */
const fileLag = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/**
 * Creates one batch of the requests and pays for it once.
 *
 * The API has no idempotency key (qwen-code#11874, litellm-docs#1408), so the key is put into the
 * batch's metadata. Before the create, a live or completed batch with the key is adopted. After an
 * answer that was lost, cut or unreadable, the list of batches is read back, several times as it may
 * lag, and only when the batch is not there is the create sent again.
 *
 * @throws {UnknownOutcomeError} when the batch may exist and could not be found
 * @throws {APIError} when the server refused
 * @throws the signal's reason when it aborts; a create on the wire is given three seconds for its answer
 * @example
 * ```ts
 * import { BatchClient, createBatch, fileSource } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const options = {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 *   metadata: { project: "evaluation" },
 *   idempotencyKey: "evaluation-2026-08-01",
 * };
 * const first = await createBatch(client, options);
 * const second = await createBatch(client, options); // pays nothing
 * console.log(second.reused, second.batch.id === first.batch.id); // true true
 * ```
 */
async function createBatch(client, options) {
    const { signal, deadline, maxRetries } = options;
    const call = { signal, deadline, maxRetries };
    const creationId = (0,create_key/* newCreationId */.bX)(options.creationPrefix);
    const key = options.idempotencyKey ?? creationId;
    const since = client.clock.now();
    const reuse = options.reuseExisting !== false && options.idempotencyKey !== undefined;
    const lookBackTo = since - (options.lookBack ?? lookup/* thirtyDays */.cQ);
    if (reuse && options.lookUp !== false) {
        const adoptable = await (0,lookup/* findAdoptable */._m)(client, [key], lookBackTo, call, options.onNoList);
        const found = adoptable.get(key);
        if (found !== undefined)
            return { batch: found, reused: true };
    }
    const input = "fileId" in options.input
        ? { id: options.input.fileId, own: false }
        : await ensureUploaded(client, options.input, {
            ...call,
            expiresAfter: options.inputExpiresAfter,
            reuseSince: (options.reuseUpload ?? reuse) ? lookBackTo : undefined,
            onUploaded: options.onUploaded,
        });
    const identity = { key, creationId, inputFileId: input.own ? input.id : undefined };
    options.onCreating?.({ ...identity, since });
    return send(client, options, {
        fileId: input.id,
        justUploaded: input.own,
        since,
        reuse,
        identity,
    });
}
async function send(client, options, sending) {
    const { signal, deadline, maxRetries } = options;
    const call = { signal, deadline, maxRetries };
    const body = {
        input_file_id: sending.fileId,
        endpoint: options.endpoint,
        completion_window: options.completionWindow ?? "24h",
        metadata: {
            ...options.metadata,
            [create_key/* keyName */.xT]: sending.identity.key,
            [create_key/* creationName */.ZV]: sending.identity.creationId,
        },
        ...(options.outputExpiresAfter === undefined
            ? {}
            : { output_expires_after: expiry(options.outputExpiresAfter) }),
    };
    let missing = 0;
    let unknown = false;
    for (let attempt = 0;; attempt += 1) {
        try {
            return { batch: await client.batches.create(body, call), reused: false };
        }
        catch (error) {
            const pause = fileLag[missing];
            if (sending.justUploaded && pause !== undefined && isFileNotFound(error)) {
                missing += 1;
                await pauseFor(client, pause, call);
                continue;
            }
            if (!(error instanceof errors/* UnknownOutcomeError */.rk)) {
                if (error instanceof errors/* APIError */.LG && !unknown)
                    options.onRefused?.();
                throw error;
            }
            if (signal?.aborted === true)
                throw error;
            unknown = true;
            options.onUnknownOutcome?.(error);
            const found = await lookAgain(client, sending, call, error);
            if (found !== undefined)
                return { batch: found, reused: true };
            if (error.created || attempt >= (maxRetries ?? client.maxRetries))
                throw error;
        }
    }
}
/** Looks for the batch whose answer was lost; a list that cannot be read leaves the loss unsolved. */
async function lookAgain(client, { identity, since, reuse, fileId }, call, lost) {
    const strangers = new Set();
    const wanted = (batch) => {
        if ((0,lookup/* isOwnCreation */.KX)(batch, identity) || (reuse && (0,lookup/* isAdoptable */.P3)(batch, identity)))
            return true;
        if ((0,lookup/* mayBeOf */.cC)(batch, fileId) && (0,lookup/* isSince */.$l)(batch, since))
            strangers.add(batch.id);
        return false;
    };
    for (const pause of looks) {
        try {
            await pauseFor(client, pause, call);
            const [found] = await (0,lookup/* findBatches */.sK)(client, wanted, since, call);
            if (found !== undefined)
                return found;
        }
        catch (error) {
            if (error instanceof errors/* APIError */.LG)
                throw lost;
            throw error;
        }
    }
    // Of the same file, on a server that keeps no metadata: it may be ours, and another create could pay twice.
    if (strangers.size > 0)
        throw lost;
    return undefined;
}
/** Sleeps no longer than to the deadline; the call that follows says that it has come. */
async function pauseFor({ clock }, pause, call) {
    const left = (call.deadline ?? Number.POSITIVE_INFINITY) - clock.now();
    await clock.sleep(Math.max(0, Math.min(pause, left)), call.signal);
}
/** Servers word it differently: `No such File object`, `Input file … not found`, `does not exist`. */
function isFileNotFound(error) {
    return (error instanceof errors/* APIError */.LG &&
        (error.status === 404 || error.status === 400) &&
        /file/i.test(error.message) &&
        /not found|no such|does not exist|could not find/i.test(error.message));
}
function expiry(seconds) {
    return { anchor: "created_at", seconds };
}

// EXTERNAL MODULE: ./lib/batch/wait/interval.js
var wait_interval = __webpack_require__(5615);
// EXTERNAL MODULE: ./lib/batch/wait/look.js
var look = __webpack_require__(7529);
;// CONCATENATED MODULE: ./lib/batch/create/pace.js
/** OpenAI lets an organization create this many batches an hour. */
const maxAnHour = 2_000;
const hour = 3_600_000;
/** Keeps creates to 2,000 an hour: each waits until the one 2,000 before it is an hour old. */
function createPace(clock) {
    const times = [];
    return {
        async turn(signal) {
            const before = times[times.length - maxAnHour];
            if (before !== undefined) {
                await clock.sleep(Math.max(0, before + hour - clock.now()), signal);
            }
            times.push(clock.now());
            if (times.length > maxAnHour)
                times.splice(0, times.length - maxAnHour);
        },
    };
}

// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
// EXTERNAL MODULE: ./lib/batch/wait.js
var wait = __webpack_require__(2455);
;// CONCATENATED MODULE: ./lib/batch/flight.js








/** A load is tried again this long after it was turned away, then twice as long, up to the longest. */
const firstHold = 60_000;
const longestHold = 15 * 60_000;
/** How often a load is tried again when no other of the same job is in flight. */
const maxAlone = 5;
/** Makes creates of many loads cost one reading of the list, and keeps them to the hourly limit. */
async function createLoader(client, loads, options) {
    const { signal, deadline } = options;
    const pace = createPace(client.clock);
    const keys = loads.flatMap(({ key }) => key ?? []);
    let adoptable = new Map();
    const uploaded = new Map();
    if (options.reuseExisting !== false && keys.length > 0) {
        const since = client.clock.now() - (options.lookBack ?? lookup/* thirtyDays */.cQ);
        const call = { signal, deadline, partial: options.reusePartial };
        adoptable = new Map(await (0,lookup/* findAdoptable */._m)(client, keys, since, call, options.onNoList));
    }
    return async (index) => {
        const load = loads[index];
        if (load === undefined)
            throw new RangeError(`There is no load ${index}.`);
        const found = load.key === undefined ? undefined : adoptable.get(load.key);
        // A load that comes again does so because its batch has failed; it gets a new one of the same file.
        if (load.key !== undefined)
            adoptable.delete(load.key);
        if (found === undefined)
            await pace.turn(signal);
        const fileId = uploaded.get(index);
        const created = found === undefined
            ? await createBatch(client, {
                ...options,
                input: fileId === undefined ? load.input : { fileId },
                idempotencyKey: load.key,
                lookUp: false,
                onUploaded(file, reused) {
                    uploaded.set(index, file.id);
                    options.onUploaded?.(file, reused);
                },
            })
            : { batch: found, reused: true };
        options.onBatch?.(created, index);
        return created;
    };
}
/**
 * Creates the batches of all loads and follows them to their end, no more than `maxActive` at once.
 * A load that the server has no room for (`token_limit_exceeded`, at the create or minutes later in a
 * failed batch) waits until others have finished or a pause is over, and goes again; none is dropped.
 *
 * When a create fails for good no further one is made, and what is in flight is followed to its end.
 *
 * @returns with `done: false` when the timeout came first; what is in flight keeps running
 * @throws {APIError} when a create fails for good before there is any batch, or a credential is refused
 * @throws the signal's reason when it aborts; nothing is cancelled then
 * @example
 * ```ts
 * import { BatchClient, fly, partSource, scanInput, splitInput } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const scan = await scanInput("requests.jsonl");
 * const loads = splitInput(scan, { maxRequests: 1 }).map((part) => ({
 *   key: `nightly:${part.hash}`,
 *   input: partSource(scan, part),
 * }));
 * const { batches, done } = await fly(client, loads, {
 *   endpoint: "/v1/chat/completions",
 *   maxActive: 2,
 *   pollInterval: 10,
 *   maxPollInterval: 10,
 * });
 * console.log(batches.length, done); // 3 true
 * ```
 */
async function fly(client, loads, options) {
    const { clock } = client;
    const { signal, random = Math.random, pollInterval = 5_000, maxPollInterval = 60_000 } = options;
    const { maxActive: bound = 0 } = options;
    const maxActive = bound === 0 ? Number.POSITIVE_INFINITY : bound;
    const started = clock.now();
    const deadline = options.timeout === undefined ? undefined : started + options.timeout;
    const batches = loads.map(() => undefined);
    const active = new Map();
    let queue = [...loads.keys()];
    let reused = false;
    let failure;
    let hold = firstHold;
    let heldUntil = 0;
    let newest = started;
    const report = (done) => ({ batches, done, reused, failure });
    const alone = new Map();
    /** Room comes when others of ours finish; a load that is turned away though none is left may be too large for ever. */
    const mayFit = (load) => {
        if (active.size > 0)
            return true;
        const times = (alone.get(load) ?? 0) + 1;
        alone.set(load, times);
        return loads.length > 1 && times <= maxAlone;
    };
    const holdBack = (load) => {
        heldUntil = clock.now() + hold;
        options.onHeldBack?.(load, hold);
        hold = Math.min(longestHold, hold * 2);
        queue = [load, ...queue].sort((a, b) => a - b);
    };
    try {
        const create = await createLoader(client, loads, { ...options, deadline });
        for (let last = false;;) {
            while (queue.length > 0 && active.size < maxActive && clock.now() >= heldUntil) {
                const [load = 0] = queue.splice(0, 1);
                try {
                    const created = await create(load);
                    batches[load] = created.batch;
                    reused ||= created.reused;
                    newest = clock.now();
                    active.set(created.batch.id, load);
                }
                catch (error) {
                    if (!(error instanceof errors/* APIError */.LG) || error instanceof errors/* DeadlineError */.j3)
                        throw error;
                    if (error.code === "token_limit_exceeded" && mayFit(load))
                        holdBack(load);
                    else {
                        failure = error;
                        queue = [];
                        if (batches.every((batch) => batch === undefined))
                            throw error;
                    }
                }
            }
            if (active.size > 0) {
                const { found } = await (0,look/* lookAt */.t)(client, [...active.keys()], {
                    signal,
                    deadline,
                    seen: new Set(active.keys()),
                    onError: options.onPollError,
                });
                for (const [id, batch] of found) {
                    const load = active.get(id);
                    if (load === undefined)
                        continue;
                    batches[load] = batch;
                    if (!(0,batch_status/* isTerminal */.Hd)(batch))
                        continue;
                    active.delete(id);
                    if (isTurnedAway(batch) && mayFit(load))
                        holdBack(load);
                    else {
                        hold = firstHold;
                        heldUntil = 0;
                    }
                }
            }
            const known = batches.filter((batch) => batch !== undefined);
            options.onProgress?.(known);
            if (active.size === 0 && queue.length === 0)
                return report(failure === undefined);
            if (active.size < maxActive && queue.length > 0 && clock.now() >= heldUntil)
                continue;
            const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - clock.now();
            const interval = active.size === 0
                ? Math.max(0, heldUntil - clock.now())
                : (0,wait_interval/* nextInterval */.J)((0,wait/* youngestRun */.Cl)(known, clock.now(), newest), { pollInterval, maxPollInterval }, random);
            if (last || left <= 0) {
                await clock.sleep(Math.max(0, left), signal);
                return report(false);
            }
            last = interval >= left;
            await clock.sleep(last ? Math.max(0, left - wait/* lastLook */.wq) : interval, signal);
        }
    }
    catch (error) {
        // A create whose outcome the deadline leaves open is an UnknownOutcomeError; nothing else is at stake.
        if (error instanceof errors/* DeadlineError */.j3)
            return report(false);
        throw error;
    }
}
/** The server took the batch and found, when it came to it, that too many tokens were enqueued. */
function isTurnedAway({ status, errors }) {
    return (status === "failed" &&
        errors?.data?.some(({ code }) => code === "token_limit_exceeded") === true);
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
