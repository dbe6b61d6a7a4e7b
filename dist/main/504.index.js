export const id = 504;
export const ids = [504];
export const modules = {

/***/ 3504:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  connectGitHub: () => (/* binding */ connectGitHub)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/api/normalize.js
var normalize = __webpack_require__(3387);
// EXTERNAL MODULE: ./lib/api/retry.js
var retry = __webpack_require__(4482);
;// CONCATENATED MODULE: ./lib/action/github/octokit.js
const silent = () => undefined;
/** GitHub's own client. Loaded only where it is used: it takes longer to load than all the rest. */
async function loadOctokit(token, baseUrl) {
    const github = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
    return github.getOctokit(token, {
        baseUrl,
        // Its log goes past the action's own, which foreign text cannot break out of.
        log: { debug: silent, info: silent, warn: silent, error: silent },
    });
}

;// CONCATENATED MODULE: ./lib/action/github/refusal.js
/** Why GitHub refused a call, and what mends it. */
function refusalMessage({ purpose, permission, absent, check }, status, said, fork) {
    const what = `GitHub did not ${purpose}: ${status}${said === "" ? "" : ` (${said})`}.`;
    const grant = `Give the job \`permissions:\` with \`${permission}\`.`;
    switch (status) {
        case 401:
            return `${what} The token is wrong or has run out; \`github-token\` defaults to the job's own.`;
        case 403:
            return fork
                ? `${what} The token lacks \`${permission}\`, and a pull request from a fork never gets it; do this in a run that is not the fork's.`
                : `${what} The token lacks \`${permission}\`. ${grant}`;
        case 404:
            return `${what} ${absent}, or the token may not see it. ${grant}`;
        case 422:
            return `${what} ${check}`;
        default:
            return what;
    }
}

;// CONCATENATED MODULE: ./lib/action/github/api.js





/** Milliseconds without an answer after which a call is given up. */
const attemptTimeout = 15_000;
/** Milliseconds that a dispatch on the wire still gets for its answer after a signal. */
const answerGrace = 3_000;
const pageSize = 100;
/** A commit and context have at most 1,000 statuses, and a commit has other contexts too. */
const maxPages = 30;
/** GitHub's API for one repository. The client is loaded with the first call. */
function openGitHub(settings) {
    const { clock, token, apiUrl } = settings;
    const [owner = "", repo = ""] = settings.repository.split("/");
    const place = { owner, repo };
    let loaded;
    const send = async (call, options, request) => (0,retry/* withRetries */.LH)(async (signal) => {
        loaded ??= loadOctokit(token, apiUrl);
        const octokit = await loaded;
        const silence = clock.timeout(attemptTimeout);
        const ending = AbortSignal.any([silence, ...(signal === undefined ? [] : [signal])]);
        try {
            return await request(octokit, { signal: ending });
        }
        catch (error) {
            signal?.throwIfAborted();
            throw failureOf(call, error, settings.fork, clock);
        }
    }, { ...options, call: `GitHub: ${call.purpose}` }, { clock, random: Math.random, maxRetries: settings.maxRetries ?? 4 });
    return {
        async statuses(commit, options) {
            const call = statusCall(`read the commit statuses of ${api_short(commit)}`);
            const found = [];
            for (let page = 1; page <= maxPages; page += 1) {
                const { data } = await send(call, options, async ({ rest }, request) => rest.repos.listCommitStatusesForRef({
                    ...place,
                    ref: commit,
                    per_page: pageSize,
                    page,
                    request,
                }));
                found.push(...data.map(statusOf));
                if (data.length < pageSize)
                    break;
            }
            return found;
        },
        async createStatus(commit, { state, context, targetUrl, description }, options) {
            const call = statusCall(`set the commit status of ${api_short(commit)}`);
            const { data } = await send(call, options, async ({ rest }, request) => rest.repos.createCommitStatus({
                ...place,
                sha: commit,
                state,
                context,
                target_url: targetUrl,
                description,
                request,
            }));
            return statusOf(data);
        },
        async dispatch({ file, ref }, inputs, options) {
            const call = dispatchCall(`start ${file} on ${ref}`, "actions: write", file);
            await send(call, { ...options, retry: "refusals", grace: answerGrace }, async ({ rest }, request) => {
                // The client may have been loaded since; what is not on the wire yet stays here.
                options.signal?.throwIfAborted();
                return rest.actions.createWorkflowDispatch({
                    ...place,
                    workflow_id: file,
                    ref,
                    inputs,
                    request,
                });
            });
        },
        async dispatchedRuns({ file, ref }, since, options) {
            const call = dispatchCall(`list the runs of ${file}`, "actions: read", file);
            const { data } = await send(call, options, async ({ rest }, request) => rest.actions.listWorkflowRuns({
                ...place,
                workflow_id: file,
                event: "workflow_dispatch",
                branch: ref,
                created: `>=${new Date(since).toISOString().slice(0, 19)}Z`,
                per_page: pageSize,
                request,
            }));
            return data.workflow_runs.map(({ id, html_url }) => ({ id, url: html_url }));
        },
    };
}
/** A status as the record reads it. */
function statusOf(status) {
    return {
        id: status.id,
        state: status.state,
        context: status.context,
        targetUrl: status.target_url ?? "",
        createdAt: Date.parse(status.created_at),
    };
}
function api_short(commit) {
    return commit.slice(0, 7);
}
function statusCall(purpose) {
    return {
        purpose,
        permission: "statuses: write",
        absent: "There is no such commit in this repository",
        check: "Check `commit-status`: a commit takes 1,000 statuses of one name.",
    };
}
function dispatchCall(purpose, permission, file) {
    return {
        purpose,
        permission,
        absent: `The default branch has no workflow ${file}`,
        check: "The workflow needs the trigger `workflow_dispatch` with an input `batch-id`, on its branch and on the default branch.",
    };
}
const longestMessage = 300;
/** Octokit's errors hold the request with its token, so only what they say goes on. */
function failureOf(call, error, fork, clock) {
    if (!(error instanceof Error))
        return error;
    const response = "response" in error && (0,normalize/* isFields */.Ce)(error.response) ? error.response : undefined;
    const status = response?.["status"];
    if (typeof status !== "number") {
        const code = codeOf(error) ?? "no answer";
        const sent = !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code);
        return new errors/* APIConnectionError */.xX(`GitHub could not be asked to ${call.purpose} (${code}). Check the network.`, { code, sent });
    }
    const body = response?.["data"];
    const text = (0,normalize/* isFields */.Ce)(body) && typeof body["message"] === "string" ? body["message"] : "";
    const said = text.replace(/\s+/g, " ").slice(0, longestMessage);
    const headers = (0,normalize/* isFields */.Ce)(response?.["headers"]) ? response["headers"] : {};
    const pause = pauseOf(headers, clock);
    // GitHub's limits of calls are a 403 too.
    const limited = status === 403 && pause !== undefined;
    return new errors/* APIError */.LG(limited
        ? `GitHub did not ${call.purpose}: its limit of calls is reached (${said}).`
        : refusalMessage(call, status, said, fork), { status, retryAfter: pause, shouldRetry: limited ? true : undefined });
}
/** Milliseconds until GitHub takes calls again, where it says so. */
function pauseOf(headers, clock) {
    const after = Number(headers["retry-after"] ?? Number.NaN);
    if (Number.isFinite(after))
        return after * 1000;
    if (String(headers["x-ratelimit-remaining"]) !== "0")
        return undefined;
    const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
    return Number.isFinite(reset) ? Math.max(0, reset * 1000 - clock.now()) : undefined;
}
/** The system's code of a failed connection, which stands some causes down. */
function codeOf(error) {
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
        if ("code" in cause && typeof cause.code === "string")
            return cause.code;
        if (cause.name === "TimeoutError")
            return "ETIMEDOUT";
    }
    return undefined;
}

// EXTERNAL MODULE: ./lib/action/github/context.js
var github_context = __webpack_require__(4359);
// EXTERNAL MODULE: ./lib/action/github/record.js
var record = __webpack_require__(9703);
// EXTERNAL MODULE: ./lib/action/github/writer.js
var writer = __webpack_require__(401);
;// CONCATENATED MODULE: ./lib/action/github/reporter.js




/** Milliseconds that one call, and the end of a step, may take. */
const timeLimit = 5_000;
/** Milliseconds between entries, so that batches made meanwhile are told together: GitHub takes 80 a minute. */
const gathering = 2_000;
/** Drafts for as many batches at once as ended alike. */
function draftsOf(told) {
    const groups = Map.groupBy(told, ({ phase, failed }) => `${phase} ${failed}`);
    return [...groups.values()].flatMap(writer/* inEntries */._z).flatMap((group) => {
        const [first] = group;
        if (first === undefined)
            return [];
        const { phase, failed } = first;
        return [{ phase, failed, batches: group.map(({ batch }) => batch), text: textOf(group) }];
    });
}
function textOf(group) {
    const counts = group.flatMap((told) => told.counts ?? []);
    if (counts.length < group.length)
        return [...new Set(group.map(({ batch }) => batch.status))].join(", ");
    return (0,writer/* countsText */.WN)(counts);
}
function openReporter(settings) {
    const { api, context, page, clock, signal, toolkit } = settings;
    let queue = [];
    let working;
    let lastCall;
    let over = false;
    const ending = new AbortController();
    const hurry = AbortSignal.any([signal, ending.signal]);
    const ignoreHurry = (error) => {
        if (!hurry.aborted)
            throw error;
    };
    const place = (commit) => ({ commit, context, page });
    const call = () => ({
        signal,
        deadline: lastCall ?? clock.now() + timeLimit,
        maxRetries: 2,
    });
    const write = async (drafts, commit) => {
        const created = drafts.filter(({ phase }) => phase === "created");
        const ended = drafts.filter(({ phase }) => phase !== "created");
        const known = created.some(({ adopted }) => adopted)
            ? (await (0,writer/* readHistory */.Lu)(api, place(commit), call())).history
            : new Map();
        // An adopted batch may have been collected long ago; it is told of where nobody has.
        const batches = created
            .filter(({ batch, adopted }) => !adopted || !known.has((0,record/* batchKey */.q5)(batch.id)))
            .map(({ batch }) => batch);
        for (const some of (0,writer/* inEntries */._z)(batches)) {
            const text = some.length === 1 ? "waiting for its results" : "waiting for their results";
            const draft = { phase: "created", batches: some, text };
            await (0,writer/* appendEntry */.D4)(api, place(commit), draft, "pending", call());
        }
        if (ended.length > 0)
            await (0,writer/* appendEntries */.PI)(api, place(commit), draftsOf(ended), call());
    };
    const work = async () => {
        while (queue.length > 0 && !over) {
            // Whatever was told meanwhile goes together: many batches must not be as many calls.
            const told = queue;
            queue = [];
            try {
                for (const commit of new Set(told.map((draft) => draft.commit))) {
                    await write(told.filter((draft) => draft.commit === commit), commit);
                }
                if (!hurry.aborted)
                    await clock.sleep(gathering, hurry).catch(ignoreHurry);
            }
            catch (error) {
                over = true;
                if (signal.aborted)
                    return;
                toolkit.warning(`The commit status \`${context}\` could not be set; the batch is not touched by that. ${(0,errors/* messageOf */.bD)(error)}`);
            }
        }
    };
    const tell = (told) => {
        const commit = (0,github_context/* commitOf */.D3)(told.batch) ?? settings.commit;
        if (commit === undefined || over)
            return;
        queue.push({ ...told, commit });
    };
    const start = () => {
        working ??= work().finally(() => {
            working = undefined;
        });
    };
    return {
        created(batch, adopted) {
            tell({ batch, adopted, phase: "created", failed: false, counts: undefined });
            start();
        },
        ended(batches) {
            for (const { batch, failed, collected, counts } of batches) {
                tell({ batch, adopted: false, phase: collected ? "collected" : "ended", failed, counts });
            }
            start();
        },
        async settled() {
            lastCall = clock.now() + timeLimit;
            ending.abort();
            while (working !== undefined)
                await working;
        },
    };
}

// EXTERNAL MODULE: ./lib/action/github/status-reporter.js
var status_reporter = __webpack_require__(6332);
;// CONCATENATED MODULE: ./lib/action/github/connect.js




/** Makes no call: GitHub's client is loaded with the first one. */
function connectGitHub(inputs, use) {
    const { context, clock, signal, toolkit } = use;
    const { token, commitStatus } = inputs;
    const { repository, apiUrl, fork, commit } = context;
    const page = (0,github_context/* runUrl */.Vp)(context);
    if (token === "" || repository === undefined || page === undefined) {
        toolkit.warning(`The commit status cannot be set: ${token === "" ? "`github-token` is empty" : "GITHUB_REPOSITORY and GITHUB_RUN_ID are not set"}.`);
        return { api: undefined, reporter: status_reporter/* noReporter */.N };
    }
    const api = openGitHub({ token, apiUrl, repository, fork, clock });
    const reporter = commitStatus === undefined
        ? status_reporter/* noReporter */.N
        : openReporter({ api, context: commitStatus, page, commit, clock, signal, toolkit });
    return { api, reporter };
}


/***/ }),

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


/***/ })

};
