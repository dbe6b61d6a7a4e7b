export const id = 247;
export const ids = [247];
export const modules = {

/***/ 1753:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  o: () => (/* binding */ openGitHub)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/api/json.js
var json = __webpack_require__(6192);
// EXTERNAL MODULE: ./lib/api/retry.js + 1 modules
var retry = __webpack_require__(1438);
;// CONCATENATED MODULE: ./lib/api/github-limit.js
/** Milliseconds that GitHub wants a client to wait at least where it names no time of its own. */
const shortestPause = 60_000;
/**
 * Milliseconds until GitHub takes calls again; `undefined` for an answer that is not about a limit.
 *
 * GitHub answers both of its limits with 403 or 429, and often names the secondary one (too many
 * calls in a short time, once called abuse detection) in its message only. Its documentation asks
 * for a minute then, and for more each time it happens again.
 *
 * @param earlier how often the same call was answered so before
 */
function limitPause({ status, said, headers }, now, earlier = 0) {
    if (status !== 403 && status !== 429)
        return undefined;
    const named = askedPause(headers);
    if (named !== undefined)
        return named;
    const isRefusal = status === 403 && /not accessible/i.test(said);
    const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
    if (String(headers["x-ratelimit-remaining"]) === "0" && Number.isFinite(reset) && !isRefusal) {
        return Math.max(0, reset * 1000 - now);
    }
    const isLimit = status === 429 || /rate limit|\babuse\b/i.test(said);
    return isLimit ? shortestPause * 2 ** earlier : undefined;
}
/** What `retry-after` asks for, in milliseconds. */
function askedPause(headers) {
    const seconds = Number(headers["retry-after"] ?? Number.NaN);
    return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

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
/** What a 422 means for the commit that a status was for. */
function refusalCode(status, said) {
    if (status !== 422)
        return undefined;
    if (/no commit found/i.test(said))
        return "commit_gone";
    return /maximum number of statuses/i.test(said) ? "commit_full" : undefined;
}
/** Why GitHub refused a call, and how to fix it. */
function refusalMessage({ purpose, permission, absent, check }, { status, said, fork }) {
    const what = `GitHub did not ${purpose}: ${status}${said === "" ? "" : ` (${said})`}.`;
    const grant = `Give the job \`permissions:\` with \`${permission}\`.`;
    switch (status) {
        case 401:
            return `${what} The token is wrong or has expired; \`github-token\` defaults to the job's own.`;
        case 403:
            return fork
                ? `${what} The token lacks \`${permission}\`, and a pull request from a fork never gets it, except by \`pull_request_target\` with \`permissions:\`; do this in a run that is not the fork's.`
                : `${what} The token lacks \`${permission}\`. ${grant}`;
        case 404:
            return `${what} ${absent}, or the token may not see it. ${grant}`;
        case 422:
            return `${what} ${adviceOn(refusalCode(status, said)) ?? check}`;
        default:
            return what;
    }
}
function adviceOn(code) {
    switch (code) {
        case "commit_gone":
            return "The commit is no longer in this repository, as after a force push.";
        case "commit_full":
            return "A commit takes 1,000 statuses of one name; choose another name in `commit-status`.";
        case undefined:
            return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/action/github/call.js






/** Milliseconds without an answer after which a call is given up. */
const attemptTimeout = 15_000;
/** Calls GitHub. Its client is loaded with the first call. */
function gitHubCaller(settings) {
    const { clock, token, apiUrl } = settings;
    let loaded;
    return async (call, options, request) => {
        let limited = 0;
        return (0,retry/* withRetries */.LH)(async (signal) => {
            loaded ??= loadOctokit(token, apiUrl);
            const octokit = await loaded;
            const silence = clock.timeout(attemptTimeout);
            const ending = AbortSignal.any([silence, ...(signal === undefined ? [] : [signal])]);
            try {
                return await request(octokit, { signal: ending });
            }
            catch (error) {
                signal?.throwIfAborted();
                const failure = failureOf(call, error, settings, limited);
                if (failure instanceof errors/* APIError */.LG && failure.code === limitCode)
                    limited += 1;
                throw failure;
            }
        }, { ...options, call: `GitHub: ${call.purpose}` }, { clock, random: Math.random, maxRetries: settings.maxRetries ?? 4 });
    };
}
const limitCode = "github_limit";
const longestMessage = 300;
/** Octokit's errors hold the request with its token, so only what they say goes on. */
function failureOf(call, error, { fork, clock }, limited) {
    if (!(error instanceof Error))
        return error;
    const response = "response" in error && (0,json/* isFields */.Ce)(error.response) ? error.response : undefined;
    const status = response?.["status"];
    if (typeof status !== "number") {
        const code = codeOf(error) ?? "no answer";
        const sent = !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(code);
        return new errors/* APIConnectionError */.xX(`GitHub could not be asked to ${call.purpose} (${code}). Check the network.`, { code, sent });
    }
    const said = wordsOf(response?.["data"]);
    const headers = (0,json/* isFields */.Ce)(response?.["headers"]) ? response["headers"] : {};
    const pause = limitPause({ status, said, headers }, clock.now(), limited);
    if (pause !== undefined) {
        return new errors/* APIError */.LG(`GitHub did not ${call.purpose}: its limit of calls is reached (${[status, said].filter(Boolean).join(": ")}).`, { status, code: limitCode, retryAfter: pause, shouldRetry: true });
    }
    return new errors/* APIError */.LG(refusalMessage(call, { status, said, fork }), {
        status,
        code: refusalCode(status, said),
        retryAfter: askedPause(headers),
    });
}
/** GitHub's message, with those of the single errors that `Validation Failed` stands for. */
function wordsOf(body) {
    if (!(0,json/* isFields */.Ce)(body))
        return "";
    const details = Array.isArray(body["errors"]) ? body["errors"] : [];
    const words = [body, ...details].map((part) => (0,json/* isFields */.Ce)(part) && typeof part["message"] === "string" ? part["message"] : "");
    return words.filter(Boolean).join(": ").replace(/\s+/g, " ").slice(0, longestMessage);
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

;// CONCATENATED MODULE: ./lib/action/github/api.js



/** Milliseconds that a dispatch on the wire still gets for its answer after a signal. */
const answerGrace = 3_000;
const pageSize = 100;
/** A commit has at most 1,000 statuses of one name, and it has other names too. */
const maxPages = 30;
/** GitHub's API for one repository. The client is loaded with the first call. */
function openGitHub(settings) {
    const [owner = "", repo = ""] = settings.repository.split("/");
    const repository = { send: gitHubCaller(settings), place: { owner, repo } };
    return {
        statuses: (commit, options) => statuses(repository, commit, options),
        createStatus: async (commit, status, options) => createStatus(repository, commit, status, options),
        dispatch: async (target, inputs, options) => dispatch(repository, target, inputs, options),
        dispatchedRuns: async (target, since, options) => dispatchedRuns(repository, target, since, options),
    };
}
async function* statuses({ send, place }, commit, options) {
    const call = statusCall(`read the commit statuses of ${api_short(commit)}`);
    for (let page = 1; page <= maxPages; page += 1) {
        const { status, data } = await send(call, options, async ({ rest }, request) => rest.repos.listCommitStatusesForRef({
            ...place,
            ref: commit,
            per_page: pageSize,
            page,
            request,
        }));
        if (!isList(data))
            throw odd(call, status);
        yield data.map(statusOf);
        if (data.length < pageSize)
            return;
    }
}
async function createStatus({ send, place }, commit, { state, name, targetUrl, description }, options) {
    const call = statusCall(`set the commit status of ${api_short(commit)}`);
    const { data } = await send(call, options, async ({ rest }, request) => rest.repos.createCommitStatus({
        ...place,
        sha: commit,
        state,
        context: name,
        target_url: targetUrl,
        description,
        request,
    }));
    return statusOf(data);
}
async function dispatch({ send, place }, { file, ref }, inputs, options) {
    const call = dispatchCall(`start ${file} on ${ref}`, "actions: write", file);
    const start = async (details) => send(call, { ...options, retry: "refusals", grace: answerGrace }, async ({ request: ask }, request) => {
        // The client may have been loaded since; what is not on the wire yet stays here.
        options.signal?.throwIfAborted();
        return ask("POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches", {
            ...place,
            workflow_id: file,
            ref,
            inputs,
            ...details,
            request,
        });
    });
    try {
        return startedRun(call, await start({ return_run_details: true }));
    }
    catch (error) {
        // An older GitHub Enterprise Server refuses the field; a refusal has started nothing.
        const isUnknownField = error instanceof errors/* APIError */.LG &&
            (error.status === 400 || error.status === 422) &&
            error.message.includes("return_run_details");
        if (!isUnknownField)
            throw error;
        return startedRun(call, await start({}));
    }
}
/**
 * The run that GitHub's answer names: none with a 204, which knows no `return_run_details`.
 *
 * @throws {APIError} for any other answer, as a proxy's page: it does not tell whether a run was started
 */
function startedRun(call, { status, data }) {
    if (status === 204)
        return undefined;
    const id = (0,json/* isFields */.Ce)(data) ? data["workflow_run_id"] : undefined;
    if (!(0,json/* isFields */.Ce)(data) || typeof id !== "number")
        throw odd(call, status);
    const url = data["html_url"];
    return { id, url: typeof url === "string" ? url : "" };
}
/** The types promise a list; a proxy's page is none. */
function isList(value) {
    return Array.isArray(value);
}
/** The error of a success that is none of GitHub's. */
function odd({ purpose }, status) {
    return new errors/* APIError */.LG(`GitHub was asked to ${purpose}, and the answer (${status}) is not one of GitHub's. Check that no proxy answers in its place.`, { code: "unreadable_answer", status, outcomeUnknown: true });
}
async function dispatchedRuns({ send, place }, { file, ref }, since, options) {
    const call = dispatchCall(`list the runs of ${file}`, "actions: read", file);
    const { status, data } = await send(call, options, async ({ rest }, request) => rest.actions.listWorkflowRuns({
        ...place,
        workflow_id: file,
        event: "workflow_dispatch",
        branch: ref,
        created: `>=${new Date(since).toISOString().slice(0, 19)}Z`,
        per_page: pageSize,
        request,
    }));
    if (!isList(data?.workflow_runs))
        throw odd(call, status);
    // The types promise a title; servers that stand in for GitHub may leave it out.
    return data.workflow_runs.map((run) => ({
        id: run.id,
        url: run.html_url,
        title: run.display_title ?? "",
    }));
}
/** A status as the record reads it. */
function statusOf(status) {
    return {
        id: status.id,
        state: status.state,
        name: status.context,
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


/***/ }),

/***/ 9703:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dw: () => (/* binding */ ofName),
/* harmony export */   L4: () => (/* binding */ stateOf),
/* harmony export */   YV: () => (/* binding */ entryUrl),
/* harmony export */   jc: () => (/* binding */ maxBatches),
/* harmony export */   om: () => (/* binding */ historyOf),
/* harmony export */   q5: () => (/* binding */ batchKey),
/* harmony export */   rM: () => (/* binding */ withEntry)
/* harmony export */ });
/* unused harmony exports claimLife, readStatusEntry, holderOf */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

/**
 * What an entry says of its batches: `created`; `collecting`, a claim; `released`, the claim's end
 * without a record; `ended`, with a claim where the same step has written the results; `collected`.
 */
const phases = ["created", "collecting", "released", "ended", "collected"];
/**
 * Milliseconds for which a claim holds. It is answered by a record or a release at the end of the
 * job, so it has to outlive any job of GitHub's own runners, which have six hours. When a job is lost
 * with its runner, another one takes its batches over after this time.
 */
const claimLife = (/* unused pure expression or super */ null && (6 * 3_600_000));
/** So many batches one entry names: its URL stays short. */
const maxBatches = 10;
const longestId = 100;
/** A batch's id as the record has it: short, whatever the server's ids are. */
function batchKey(batchId) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)("sha256").update(batchId).digest("base64url").slice(0, 12);
}
/** The `target_url` of an entry: the run's page, and behind the `#` what the entry says. */
function entryUrl(runPage, entry) {
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
    return `${runPage}#${fragment.toString()}`;
}
/** What an entry says; `undefined` of one that is not ours. */
function readStatusEntry(targetUrl) {
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
/** Those of a commit's statuses that have this name, oldest first. GitHub ignores the case of names. */
function ofName(statuses, name) {
    return [...statuses]
        .filter((status) => status.name.toLowerCase() === name.toLowerCase())
        .sort((a, b) => a.id - b.id);
}
/** What statuses of one name, oldest first, say of each batch. */
function historyOf(statuses) {
    let history = new Map();
    for (const { targetUrl, createdAt } of statuses) {
        const entry = readStatusEntry(targetUrl);
        if (entry !== undefined)
            history = withEntry(history, entry, createdAt);
    }
    return history;
}
const unseen = {
    ended: false,
    collected: false,
    failed: false,
    reported: false,
    claims: [],
};
/** The history with one more entry. */
function withEntry(history, entry, at) {
    const next = new Map(history);
    for (const key of entry.keys)
        next.set(key, recordWith(next.get(key) ?? unseen, entry, at));
    return next;
}
function recordWith(record, { phase, failed, claim }, at) {
    const claims = claim === undefined ? record.claims : [...record.claims, { claim, at }];
    switch (phase) {
        // One that is adopted again stays what it was.
        case "created":
            return record;
        case "collecting":
            return { ...record, claims };
        case "released":
            return {
                ...record,
                reported: record.reported || failed,
                claims: record.claims.filter((other) => other.claim !== claim),
            };
        case "ended":
            return { ...record, ended: true, failed, claims: record.collected ? [] : claims };
        case "collected":
            return { ...record, ended: true, collected: true, failed, claims: [] };
    }
}
/** Whose turn it is to collect: the oldest claim that still holds. */
function holderOf(record, now) {
    return record.claims.find(({ at }) => now - at < claimLife)?.claim;
}
/** One state for all batches of a commit and name: `pending` until all have ended. */
function stateOf(history) {
    const records = [...history.values()];
    if (records.some(({ ended }) => !ended))
        return "pending";
    return records.some(({ failed }) => failed) ? "failure" : "success";
}


/***/ }),

/***/ 6847:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  WN: () => (/* binding */ countsText),
  _z: () => (/* binding */ inEntries),
  EB: () => (/* binding */ statusWriter)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
// EXTERNAL MODULE: ./lib/action/github/record.js
var record = __webpack_require__(9703);
;// CONCATENATED MODULE: ./lib/action/github/status-log.js

/**
 * A commit has up to 1,000 statuses of each name, and a token 1,000 calls an hour: the first read goes
 * to the end, each later one is mostly a single page.
 */
function statusLog(api, commit, name) {
    const statuses = new Map();
    let seenTo;
    const knownStatuses = () => {
        const mine = (0,record/* ofName */.Dw)(statuses.values(), name);
        return { history: (0,record/* historyOf */.om)(mine), shown: mine.at(-1)?.state };
    };
    const refreshed = async (call) => {
        const end = seenTo ?? 0;
        let newest = end;
        for await (const page of api.statuses(commit, call)) {
            for (const status of page) {
                statuses.set(status.id, status);
                newest = Math.max(newest, status.id);
            }
            if (page.some(({ id }) => id <= end))
                break;
        }
        // Only now: a read that broke off has not seen what is older.
        seenTo = newest;
        return knownStatuses();
    };
    return {
        refreshed,
        known: async (call) => (seenTo === undefined ? refreshed(call) : knownStatuses()),
    };
}

;// CONCATENATED MODULE: ./lib/action/github/writer.js





function statusWriter(settings) {
    const { api, statusName, runPage } = settings;
    const logs = new Map();
    const moved = new Set();
    const placeOf = (commit) => (moved.has(commit) ? (settings.ownCommit ?? commit) : commit);
    const logOf = (commit) => {
        const log = logs.get(commit) ?? statusLog(api, commit, statusName);
        logs.set(commit, log);
        return log;
    };
    /** Does it at a commit, or at the run's own where that commit takes no status of this name. */
    const at = async (commit, action) => {
        const place = placeOf(commit);
        try {
            return await action(place);
        }
        catch (error) {
            const { ownCommit } = settings;
            const refusal = error instanceof errors/* APIError */.LG ? refusalOf(error) : undefined;
            if (refusal === undefined || ownCommit === undefined || place === ownCommit)
                throw error;
            moved.add(commit);
            settings.onMoved(movedMessage(refusal, { commit, ownCommit, statusName }));
            return action(ownCommit);
        }
    };
    const refreshed = async (commit, call) => at(commit, async (place) => logOf(place).refreshed(call));
    const append = async (commit, draft, state, call) => {
        const { phase, failed = false, claim } = draft;
        const batchIds = draft.batches.map(({ id }) => id);
        const targetUrl = (0,record/* entryUrl */.YV)(runPage, { phase, failed, claim, batchIds });
        const status = { state, name: statusName, targetUrl, description: describeEntry(draft) };
        return at(commit, async (place) => api.createStatus(place, status, call));
    };
    return {
        placeOf,
        refreshed,
        append,
        known: async (commit, call) => at(commit, async (place) => logOf(place).known(call)),
        async appendAll(commit, drafts, call) {
            let { history } = await refreshed(commit, call);
            let last;
            for (const draft of drafts) {
                const { phase, failed = false, claim, batches } = draft;
                const keys = batches.map(({ id }) => (0,record/* batchKey */.q5)(id));
                history = (0,record/* withEntry */.rM)(history, { phase, failed, claim, keys }, 0);
                await append(commit, draft, (0,record/* stateOf */.L4)(history), call);
                last = draft;
            }
            if (last === undefined)
                return;
            const now = await refreshed(commit, call);
            const state = (0,record/* stateOf */.L4)(now.history);
            if (now.shown !== state)
                await append(commit, last, state, call);
        },
    };
}
function refusalOf({ code }) {
    return code === "commit_gone" || code === "commit_full" ? code : undefined;
}
function movedMessage(refusal, { commit, ownCommit, statusName, }) {
    const [short, own] = [commit.slice(0, 7), ownCommit.slice(0, 7)];
    const [why, advice] = refusal === "commit_gone"
        ? [
            `Commit ${short} is no longer in the repository (as after a force push)`,
            "`match-metadata` can leave such batches out.",
        ]
        : [
            `Commit ${short} has 1,000 statuses named \`${statusName}\` and takes no more`,
            "Choose another name in `commit-status` for new batches.",
        ];
    return `${why}, so the record of its batches is kept at ${own}, the commit of this run. A \`collect\` that runs on another commit does not see it and collects them again. ${advice}`;
}
const longestDescription = 140;
/** `batch_abc: 120 answers, 2 failed`, within what GitHub takes; the text alone where there is no batch. */
function describeEntry({ batches, text }) {
    const [only] = batches;
    if (only === undefined)
        return text.slice(0, longestDescription);
    const name = batches.length === 1 ? only.id : `${batches.length} batches`;
    const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
    return `${shown}: ${text}`.slice(0, longestDescription);
}
/** `120 answers, 2 failed`, of all together. */
function countsText(counts) {
    const { completed, failed } = (0,batch_status/* sumCounts */.W_)(counts);
    const answers = (0,format/* plural */.LS)(completed, "answer");
    return failed === 0 ? answers : `${answers}, ${(0,format/* formatCount */.B4)(failed)} failed`;
}
/** Batches in parts that one entry each can name. */
function inEntries(batches) {
    const parts = [];
    for (let start = 0; start < batches.length; start += record/* maxBatches */.jc) {
        parts.push(batches.slice(start, start + record/* maxBatches */.jc));
    }
    return parts;
}


/***/ })

};
