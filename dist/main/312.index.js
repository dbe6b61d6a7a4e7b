export const id = 312;
export const ids = [312];
export const modules = {

/***/ 9703:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Kd: () => (/* binding */ holderOf),
/* harmony export */   L4: () => (/* binding */ stateOf),
/* harmony export */   R5: () => (/* binding */ ofContext),
/* harmony export */   YV: () => (/* binding */ entryUrl),
/* harmony export */   jc: () => (/* binding */ maxBatches),
/* harmony export */   om: () => (/* binding */ historyOf),
/* harmony export */   q5: () => (/* binding */ batchKey),
/* harmony export */   rM: () => (/* binding */ withEntry)
/* harmony export */ });
/* unused harmony exports phases, claimLife, readEntry */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

/**
 * What an entry says of its batches: `created`; `collecting`, a claim; `released`, the claim's end
 * without results; `ended`, while the results are still on the server; `collected`.
 */
const phases = ["created", "collecting", "released", "ended", "collected"];
/** Milliseconds for which a claim holds; whoever made it has died when it takes longer. */
const claimLife = 3_600_000;
/** So many batches one entry names: its URL stays short. */
const maxBatches = 10;
const longestId = 100;
/** A batch's id as the record has it: short, whatever the server's ids are. */
function batchKey(batchId) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)("sha256").update(batchId).digest("base64url").slice(0, 12);
}
/** The `target_url` of an entry: the run's page, and behind the `#` what the entry says. */
function entryUrl(page, entry) {
    const [only = ""] = entry.batchIds;
    const fragment = new URLSearchParams();
    if (entry.batchIds.length === 1 && encodeURIComponent(only).length <= longestId) {
        fragment.set("batch", only);
    }
    else
        fragment.set("batches", entry.batchIds.map(batchKey).join("."));
    fragment.set("phase", entry.phase);
    if (entry.failed)
        fragment.set("failed", "true");
    if (entry.claim !== undefined)
        fragment.set("claim", entry.claim);
    return `${page}#${fragment.toString()}`;
}
/** What an entry says; `undefined` of one that is not ours. */
function readEntry(targetUrl) {
    const start = targetUrl.indexOf("#");
    if (start === -1)
        return undefined;
    const fragment = new URLSearchParams(targetUrl.slice(start + 1));
    const phase = phases.find((known) => known === fragment.get("phase"));
    const id = fragment.get("batch");
    const keys = id === null ? (fragment.get("batches") ?? "").split(".").filter(Boolean) : [batchKey(id)];
    if (phase === undefined || keys.length === 0)
        return undefined;
    return {
        phase,
        keys,
        failed: fragment.get("failed") === "true",
        claim: fragment.get("claim") ?? undefined,
    };
}
/** Those of a commit's statuses that are of one context, oldest first. GitHub takes contexts in any case. */
function ofContext(statuses, context) {
    return statuses
        .filter((status) => status.context.toLowerCase() === context.toLowerCase())
        .sort((a, b) => a.id - b.id);
}
/** What statuses of one context, oldest first, say of each batch. */
function historyOf(statuses) {
    let history = new Map();
    for (const { targetUrl, createdAt } of statuses) {
        const entry = readEntry(targetUrl);
        if (entry !== undefined)
            history = withEntry(history, entry, createdAt);
    }
    return history;
}
const unseen = { ended: false, collected: false, failed: false, claims: [] };
/** The history with one more entry. */
function withEntry(history, entry, at) {
    const next = new Map(history);
    for (const key of entry.keys)
        next.set(key, recordWith(next.get(key) ?? unseen, entry, at));
    return next;
}
function recordWith(record, { phase, failed, claim }, at) {
    switch (phase) {
        // One that is adopted again stays what it was.
        case "created":
            return record;
        case "collecting":
            return claim === undefined
                ? record
                : { ...record, claims: [...record.claims, { claim, at }] };
        case "released":
            return { ...record, claims: record.claims.filter((other) => other.claim !== claim) };
        case "ended":
            return { ...record, ended: true, failed };
        case "collected":
            return { ended: true, collected: true, failed, claims: [] };
    }
}
/** Whose turn it is to collect: the oldest claim that still holds. */
function holderOf(record, now) {
    return record.claims.find(({ at }) => now - at < claimLife)?.claim;
}
/** One state for all batches of a commit and context: `pending` until all have ended. */
function stateOf(history) {
    const records = [...history.values()];
    if (records.some(({ ended }) => !ended))
        return "pending";
    return records.some(({ failed }) => failed) ? "failure" : "success";
}


/***/ }),

/***/ 401:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D4: () => (/* binding */ appendEntry),
/* harmony export */   Lu: () => (/* binding */ readHistory),
/* harmony export */   PI: () => (/* binding */ appendEntries),
/* harmony export */   WN: () => (/* binding */ countsText),
/* harmony export */   _z: () => (/* binding */ inEntries)
/* harmony export */ });
/* unused harmony export describeEntry */
/* harmony import */ var _batch_status_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3276);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5821);
/* harmony import */ var _record_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9703);



const longestDescription = 140;
/** `batch_abc: 120 answers, 2 failed`, within what GitHub takes. */
function describeEntry({ batches, text }) {
    const [only] = batches;
    const name = batches.length === 1 && only !== undefined ? only.id : `${batches.length} batches`;
    const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
    return `${shown}: ${text}`.slice(0, longestDescription);
}
/** `120 answers, 2 failed`, of all together. */
function countsText(counts) {
    const { completed, failed } = (0,_batch_status_js__WEBPACK_IMPORTED_MODULE_0__/* .sumCounts */ .W_)(counts);
    const answers = (0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(completed, "answer");
    return failed === 0 ? answers : `${answers}, ${(0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .formatCount */ .B4)(failed)} failed`;
}
async function appendEntry(api, { commit, context, page }, draft, state, call) {
    const { phase, failed = false, claim } = draft;
    const batchIds = draft.batches.map(({ id }) => id);
    const targetUrl = (0,_record_js__WEBPACK_IMPORTED_MODULE_2__/* .entryUrl */ .YV)(page, { phase, failed, claim, batchIds });
    const status = { state, context, targetUrl, description: describeEntry(draft) };
    return api.createStatus(commit, status, call);
}
async function readHistory(api, { commit, context }, call) {
    const statuses = (0,_record_js__WEBPACK_IMPORTED_MODULE_2__/* .ofContext */ .R5)(await api.statuses(commit, call), context);
    return { history: (0,_record_js__WEBPACK_IMPORTED_MODULE_2__/* .historyOf */ .om)(statuses), shown: statuses.at(-1)?.state };
}
/**
 * Appends entries so that the newest one, which is what GitHub shows, has the state of all batches
 * together. Who writes at the same time may not have seen ours, so the history is read once more.
 */
async function appendEntries(api, place, drafts, call) {
    let { history } = await readHistory(api, place, call);
    let last;
    for (const draft of drafts) {
        const { phase, failed = false, claim, batches } = draft;
        const keys = batches.map(({ id }) => (0,_record_js__WEBPACK_IMPORTED_MODULE_2__/* .batchKey */ .q5)(id));
        history = (0,_record_js__WEBPACK_IMPORTED_MODULE_2__/* .withEntry */ .rM)(history, { phase, failed, claim, keys }, 0);
        await appendEntry(api, place, draft, (0,_record_js__WEBPACK_IMPORTED_MODULE_2__/* .stateOf */ .L4)(history), call);
        last = draft;
    }
    if (last === undefined)
        return;
    const now = await readHistory(api, place, call);
    const state = (0,_record_js__WEBPACK_IMPORTED_MODULE_2__/* .stateOf */ .L4)(now.history);
    if (now.shown !== state)
        await appendEntry(api, place, last, state, call);
}
/** What is to be told, in parts that one entry each can name. */
function inEntries(batches) {
    const parts = [];
    for (let start = 0; start < batches.length; start += _record_js__WEBPACK_IMPORTED_MODULE_2__/* .maxBatches */ .jc) {
        parts.push(batches.slice(start, start + _record_js__WEBPACK_IMPORTED_MODULE_2__/* .maxBatches */ .jc));
    }
    return parts;
}


/***/ }),

/***/ 5312:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  collect: () => (/* binding */ collect_collect),
  ledgerAccess: () => (/* binding */ ledgerAccess)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/choose.js
var choose = __webpack_require__(1151);
// EXTERNAL MODULE: ./lib/batch/results.js + 4 modules
var results = __webpack_require__(7661);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/batch/collect.js




/**
 * Collects the results of every finished batch that a filter picks and the ledger does not know.
 * Each is claimed, downloaded and written, and only then recorded: what dies on the way is collected
 * again another time, and twice at once does no harm. Batches that have no results files, because
 * they failed, are recorded all the same.
 *
 * @throws {APIError} when the list cannot be read
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, collectFinished, createBatch, fileSource, type Ledger, waitForBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: await fileSource("requests.jsonl"),
 *   endpoint: "/v1/chat/completions",
 * });
 * await waitForBatches(client, [batch.id], { pollInterval: 10 });
 *
 * const known = new Set<string>(); // keep it where the next run finds it
 * const ledger: Ledger = {
 *   isCollected: ({ id }) => Promise.resolve(known.has(id)),
 *   claim: () => Promise.resolve(true),
 *   record: ({ id }) => Promise.resolve(void known.add(id)),
 *   release: () => Promise.resolve(),
 * };
 * const filesOf = ({ id }: { id: string }) => ({ outputFile: `results/${id}.jsonl` });
 * const { collected } = await collectFinished(client, { ledger, filesOf });
 * console.log(collected.length, collected[0]?.results.counts.completed); // 1 3
 * console.log((await collectFinished(client, { ledger, filesOf })).collected.length); // 0
 * ```
 */
async function collectFinished(client, options) {
    const { ledger, signal, deadline, maxRetries } = options;
    const call = { signal, deadline, maxRetries };
    const collect = options.collect ??
        (async (batch, files) => (0,results/* collectResults */.n1)(client, [batch], { ...call, ...files }));
    const { batches, cut } = await (0,choose/* chooseBatches */._)(client, { ...options, wanted: batch_status/* isTerminal */.Hd });
    const collected = [];
    const failures = [];
    /** Gives the error where it could not be done; it is a failure of the whole too. */
    const tryOut = async (action, lost = "") => {
        try {
            return await action();
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
            failures.push([error.message, lost].filter(Boolean).join(" "));
            return error;
        }
    };
    for (const batch of batches.toReversed()) {
        const claim = await tryOut(() => claimOf(ledger, batch), `Nothing of ${batch.id} was downloaded; its results stay on the server.`);
        if (claim instanceof errors/* APIError */.LG) {
            // A place that takes no entry (any more) says nothing about that of the next batch.
            if (isOfThisBatch(claim))
                continue;
            break;
        }
        if (claim === "taken")
            options.onTaken?.(batch);
        if (claim !== "ours")
            continue;
        const outcome = await resultsOf(client, batch, () => collect(batch, options.filesOf(batch)), call);
        if ("results" in outcome) {
            collected.push({ batch, results: outcome.results });
            options.onCollected?.(batch, outcome.results);
        }
        if ("failure" in outcome)
            failures.push(outcome.failure);
        await tryOut(async () => {
            if ("again" in outcome)
                await ledger.release(batch);
            else
                await ledger.record(batch, "results" in outcome ? outcome.results : undefined);
        });
    }
    return { collected, failures, cut };
}
async function claimOf(ledger, batch) {
    if (await ledger.isCollected(batch))
        return "collected";
    return (await ledger.claim(batch)) ? "ours" : "taken";
}
async function resultsOf(client, batch, collect, call) {
    try {
        const results = await collect();
        const [problem] = results.problems;
        if (problem === undefined)
            return { results };
        const failure = `Some results of ${batch.id} could not be had; the others were written. ${results.problems.join(" ")}`;
        return (await areGone(client, batch, call))
            ? { results, failure }
            : { results, failure, again: true };
    }
    catch (error) {
        call.signal?.throwIfAborted();
        if (!(error instanceof Error))
            throw error;
        // Content that is not to be had at this moment was paid for: it is gone only with its file.
        const gone = error instanceof errors/* APIError */.LG && error.status === 404 && (await areGone(client, batch, call));
        return gone
            ? { failure: `The results of ${batch.id} are gone from the server. ${error.message}` }
            : {
                failure: `The results of ${batch.id} could not be had; the next collect tries again. ${error.message}`,
                again: true,
            };
    }
}
/** GitHub answers so for a commit that is not there, or has as many statuses as it takes. */
function isOfThisBatch({ status, code }) {
    return status === 404 || status === 422 || code === "claim_not_seen";
}
/** Whether a result file is no longer there, so that no other try brings it. */
async function areGone(client, batch, call) {
    for (const id of [batch.output_file_id, batch.error_file_id]) {
        if (id === undefined)
            continue;
        try {
            await client.files.retrieve(id, call);
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
            if (error.status === 404)
                return true;
        }
    }
    return false;
}

// EXTERNAL MODULE: ./lib/action/operations/fetch-input.js
var fetch_input = __webpack_require__(2248);
// EXTERNAL MODULE: ./lib/action/github/context.js
var github_context = __webpack_require__(4359);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/action/github/record.js
var github_record = __webpack_require__(9703);
// EXTERNAL MODULE: ./lib/action/github/writer.js
var writer = __webpack_require__(401);
;// CONCATENATED MODULE: ./lib/action/github/ledger.js





/** Milliseconds that one call may take with all its retries. */
const timeLimit = 120_000;
/** Milliseconds between reads of a history that lags behind our own entry. */
const lags = [0, 1_000, 2_000, 4_000];
/** The statuses of each batch's commit as the memory of what has been collected. */
function gitHubLedger(settings) {
    const { api, context, page, clock, signal } = settings;
    // GitHub may ask to wait for an hour, which no runner should be held for.
    const call = () => ({ signal, deadline: clock.now() + timeLimit });
    const histories = new Map();
    const claims = new Map();
    const placeOf = (batch) => ({
        commit: (0,github_context/* commitOf */.D3)(batch) ?? settings.commit,
        context,
        page,
    });
    const release = async (batch, text) => {
        const draft = {
            phase: "released",
            batches: [batch],
            claim: claims.get(batch.id),
            text,
        };
        await (0,writer/* appendEntries */.PI)(api, placeOf(batch), [draft], call());
    };
    return {
        async isCollected(batch) {
            const place = placeOf(batch);
            // The batches of a commit are asked for one after the other; a claim reads the newest again.
            const history = histories.get(place.commit) ?? (await (0,writer/* readHistory */.Lu)(api, place, call())).history;
            histories.set(place.commit, history);
            return history.get((0,github_record/* batchKey */.q5)(batch.id))?.collected === true;
        },
        async claim(batch) {
            const place = placeOf(batch);
            const claim = (0,external_node_crypto_.randomUUID)().slice(0, 13);
            claims.set(batch.id, claim);
            const draft = {
                phase: "collecting",
                batches: [batch],
                claim,
                text: "being collected",
            };
            const own = await (0,writer/* appendEntry */.D4)(api, place, draft, "pending", call());
            for (const lag of lags) {
                await clock.sleep(lag, signal);
                const { history } = await (0,writer/* readHistory */.Lu)(api, place, call());
                const record = history.get((0,github_record/* batchKey */.q5)(batch.id));
                if (record?.collected === true) {
                    await release(batch, "collected by another run");
                    return false;
                }
                if (record?.claims.some((other) => other.claim === claim) !== true)
                    continue;
                if ((0,github_record/* holderOf */.Kd)(record, own.createdAt) === claim)
                    return true;
                await release(batch, "being collected by another run");
                return false;
            }
            throw new errors/* APIError */.LG(`GitHub does not show the claim on ${batch.id} that was just made; nothing was downloaded. Try again later.`, { code: "claim_not_seen" });
        },
        async record(batch, results) {
            const failed = results === undefined || settings.isFailure(batch, results);
            const text = results === undefined ? "results are gone" : (0,writer/* countsText */.WN)([results.counts]);
            const draft = { phase: "collected", batches: [batch], failed, text };
            await (0,writer/* appendEntries */.PI)(api, placeOf(batch), [draft], call());
        },
        async release(batch) {
            await release(batch, "not collected yet");
        },
    };
}

// EXTERNAL MODULE: ./lib/action/inputs/collect.js
var collect = __webpack_require__(664);
// EXTERNAL MODULE: ./lib/batch/results/line.js
var line = __webpack_require__(8995);
;// CONCATENATED MODULE: ./lib/action/operations/merged-results.js


/** The results of several batches as those of one, for the report; paths stand one a line. */
function mergeResults(all) {
    const sum = (of) => all.reduce((total, results) => total + of(results), 0);
    const paths = (of) => all.flatMap((results) => of(results) ?? []).join("\n") || undefined;
    return {
        counts: (0,batch_status/* sumCounts */.W_)(all.map(({ counts }) => counts)),
        failures: mergeFailures(all.flatMap(({ failures }) => failures)),
        usage: (0,line/* sumUsage */.R)(all.flatMap(({ usage }) => usage ?? [])),
        unexpected: sum(({ unexpected }) => unexpected),
        duplicates: sum(({ duplicates }) => duplicates),
        problems: all.flatMap(({ problems }) => problems),
        outputFile: paths(({ outputFile }) => outputFile),
        errorFile: paths(({ errorFile }) => errorFile),
    };
}
function mergeFailures(failures) {
    const groups = Map.groupBy(failures, ({ code }) => code);
    return [...groups]
        .map(([code, group]) => ({
        code,
        count: group.reduce((total, { count }) => total + count, 0),
        examples: group.flatMap(({ examples }) => examples).slice(0, 5),
    }))
        .sort((a, b) => b.count - a.count);
}

// EXTERNAL MODULE: ./lib/action/outputs.js
var outputs = __webpack_require__(7352);
// EXTERNAL MODULE: ./lib/action/verdict.js
var verdict = __webpack_require__(5791);
// EXTERNAL MODULE: ./lib/action/operations/choose.js
var operations_choose = __webpack_require__(284);
// EXTERNAL MODULE: ./lib/action/operations/results.js
var operations_results = __webpack_require__(3227);
;// CONCATENATED MODULE: ./lib/action/operations/collect.js
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











/** `collect`: writes the results of this repository's finished batches that nobody has collected yet. */
async function collect_collect(step, inputs, results, access) {
    const { client, toolkit, github, signal } = step;
    const done = [];
    const judge = (batch, found) => (0,verdict/* verdict */.W)((0,outputs/* reportOf */.E)([batch], found), results);
    const ledger = gitHubLedger({
        api: access.api,
        context: access.commitStatus,
        // The reader of inputs has seen that these are there.
        page: (0,github_context/* runUrl */.Vp)(github) ?? "",
        commit: github.commit ?? "",
        clock: client.clock,
        signal,
        isFailure: (batch, found) => judge(batch, found) !== undefined,
    });
    const { collected, failures, cut } = await collectFinished(client, {
        statuses: inputs.filter.statuses,
        metadata: { ...inputs.filter.metadata, github_repository: github.repository ?? "" },
        ledger,
        signal,
        filesOf: (batch) => ({
            outputFile: (0,collect/* pathFor */.p)(inputs.outputFile, batch),
            errorFile: inputs.errorFile === undefined ? undefined : (0,collect/* pathFor */.p)(inputs.errorFile, batch),
        }),
        collect: async (batch, files) => collectOne(step, batch, { ...files, order: results.order }),
        onCollected(batch, found) {
            done.push({ batch, results: found });
            (0,outputs/* writeOutputs */.K)(toolkit, reportOfAll(done));
            (0,operations_results/* tellResults */.g)(toolkit, found);
        },
        onTaken(batch) {
            toolkit.notice(`${batch.id} is being collected by another run, so it was left to that one.`);
        },
    });
    (0,operations_choose/* warnOfCut */.E5)(toolkit, { cut });
    if (collected.length === 0 && failures.length === 0) {
        toolkit.notice("No finished batch of this repository is left to collect.");
        return { report: (0,operations_choose/* nothingToDo */.KN)() };
    }
    const verdicts = collected.flatMap(({ batch, results: found }) => {
        // What could not be had has been told already.
        const why = found.problems.length === 0 ? judge(batch, found) : undefined;
        return why === undefined ? [] : [collected.length === 1 ? why : `${batch.id}: ${why}`];
    });
    return {
        report: collected.length === 0 ? (0,operations_choose/* nothingToDo */.KN)() : reportOfAll(collected),
        failure: [...verdicts, ...failures].join("\n") || undefined,
    };
}
/** What `collect` needs of GitHub; the reader of inputs has seen that it is there. */
function ledgerAccess(step, github) {
    const { api } = step;
    if (api === undefined || github?.commitStatus === undefined) {
        throw new TypeError("`collect` was started without access to GitHub.");
    }
    return { api, commitStatus: github.commitStatus };
}
async function collectOne(step, batch, files) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { client, signal } = step;
        const input = __addDisposableResource(env_1, files.order === "input" ? await (0,fetch_input/* fetchInput */.Z)(step, [batch]) : undefined, true);
        return await (0,results/* collectResults */.n1)(client, [batch], {
            ...files,
            input: input?.scan,
            parts: input?.parts,
            temporaryFolder: process.env["RUNNER_TEMP"],
            signal,
        });
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
function reportOfAll(collected) {
    return (0,outputs/* reportOf */.E)(collected.map(({ batch }) => batch), mergeResults(collected.map(({ results }) => results)));
}


/***/ })

};
