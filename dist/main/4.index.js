export const id = 4;
export const ids = [4];
export const modules = {

/***/ 4004:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  connectGitHub: () => (/* binding */ connectGitHub)
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

// EXTERNAL MODULE: ./lib/action/github/context.js
var github_context = __webpack_require__(4359);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/batch/rules/collect.js
var collect = __webpack_require__(6474);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
// EXTERNAL MODULE: ./lib/action/github/record.js
var record = __webpack_require__(9703);
// EXTERNAL MODULE: ./lib/action/github/writer.js + 1 modules
var github_writer = __webpack_require__(6847);
;// CONCATENATED MODULE: ./lib/action/github/reporter.js







/** Milliseconds that one call, and the end of a step, may take. */
const timeLimit = 5_000;
/** Milliseconds between entries, so that batches made meanwhile share one: GitHub takes 80 a minute. */
const gathering = 2_000;
/** A commit status that follows the batches of a step. */
function openReporter(settings) {
    const { clock, onHeld } = settings;
    const claim = (0,external_node_crypto_.randomUUID)().slice(0, 13);
    const queue = newsQueue(settings);
    const homeOf = (batch) => (0,github_context/* commitOf */.D3)(batch) ?? settings.commit;
    const tellEnd = ({ batch, failed, written, counts }) => {
        const commit = homeOf(batch);
        if (commit === undefined)
            return;
        const held = written && onHeld !== undefined;
        if (held) {
            const results = {
                failed,
                counts: counts ?? batch.request_counts,
                empty: (0,collect/* hasNothingToLose */.mg)(batch),
            };
            onHeld({ batchId: batch.id, commit, claim, written: results });
        }
        const ended = { phase: "ended", adopted: false, claim: held ? claim : undefined };
        queue.add({ ...ended, commit, batch, failed, counts });
    };
    return {
        created(batch, adopted) {
            const commit = homeOf(batch);
            if (commit === undefined)
                return;
            const created = { phase: "created", failed: false, claim: undefined };
            queue.add({ ...created, commit, batch, adopted, counts: undefined });
        },
        ended(batches) {
            for (const batch of batches)
                tellEnd(batch);
        },
        cached(answers) {
            const { commit } = settings;
            if (commit !== undefined)
                queue.add({ phase: "cached", commit, answers });
        },
        settled: async () => queue.emptied(clock.now() + timeLimit),
    };
}
/** Writes news in the background, together with whatever comes meanwhile: many batches must not be as many calls. */
function newsQueue(settings) {
    const { statusName, clock, signal, toolkit } = settings;
    const writer = (0,github_writer/* statusWriter */.EB)({
        ...settings,
        ownCommit: settings.commit,
        onMoved: toolkit.warning,
    });
    let waiting = [];
    let working;
    let lastCall;
    let over = false;
    const ending = new AbortController();
    const hurry = AbortSignal.any([signal, ending.signal]);
    const gather = async () => {
        if (hurry.aborted)
            return;
        await clock.sleep(gathering, hurry).catch((error) => {
            if (!hurry.aborted)
                throw error;
        });
    };
    const work = async () => {
        while (waiting.length > 0 && !over) {
            const news = waiting;
            waiting = [];
            try {
                for (const [commit, some] of Map.groupBy(news, (one) => one.commit)) {
                    const deadline = lastCall ?? clock.now() + timeLimit;
                    await write(writer, commit, some, { signal, deadline, maxRetries: 2 });
                }
                await gather();
            }
            catch (error) {
                over = true;
                if (signal.aborted)
                    return;
                toolkit.warning(`The commit status \`${statusName}\` could not be set; the batch is not touched by that. ${(0,errors/* messageOf */.bD)(error)}`);
            }
        }
    };
    return {
        add(news) {
            if (over)
                return;
            waiting.push(news);
            working ??= work().finally(() => {
                working = undefined;
            });
        },
        /** Waits until everything is written, or the time is up. */
        async emptied(deadline) {
            lastCall = deadline;
            ending.abort();
            while (working !== undefined)
                await working;
        },
    };
}
async function write(writer, commit, news, call) {
    const created = news.filter((one) => one.phase === "created");
    const ended = news.filter((one) => one.phase === "ended");
    const known = created.some(({ adopted }) => adopted)
        ? (await writer.refreshed(commit, call)).history
        : new Map();
    // An adopted batch may have been collected long ago; only one that nobody has shown is shown.
    const batches = created
        .filter(({ batch, adopted }) => !adopted || !known.has((0,record/* batchKey */.q5)(batch.id)))
        .map(({ batch }) => batch);
    for (const some of (0,github_writer/* inEntries */._z)(batches)) {
        const text = some.length === 1 ? "waiting for its results" : "waiting for their results";
        await writer.append(commit, { phase: "created", batches: some, text }, "pending", call);
    }
    const cached = news
        .filter((one) => one.phase === "cached")
        .map(({ answers }) => draftOf(answers));
    const drafts = [...draftsOf(ended), ...cached];
    if (drafts.length > 0)
        await writer.appendAll(commit, drafts, call);
}
/** Without a batch there is still a check to pass. */
function draftOf(answers) {
    const text = `${(0,format/* plural */.LS)(answers, "answer")}, all from the cache`;
    return { phase: "ended", batches: [], text };
}
/** Entries for as many batches at once as ended alike. */
function draftsOf(ended) {
    const groups = Map.groupBy(ended, ({ failed, claim }) => `${failed} ${claim ?? ""}`);
    return [...groups.values()].flatMap(github_writer/* inEntries */._z).flatMap((group) => {
        const [first] = group;
        if (first === undefined)
            return [];
        const { phase, failed, claim } = first;
        return [
            { phase, failed, claim, batches: group.map(({ batch }) => batch), text: textOf(group) },
        ];
    });
}
function textOf(group) {
    const counts = group.flatMap((news) => news.counts ?? []);
    if (counts.length < group.length)
        return [...new Set(group.map(({ batch }) => batch.status))].join(", ");
    return (0,github_writer/* countsText */.WN)(counts);
}

// EXTERNAL MODULE: ./lib/action/github/status-reporter.js
var status_reporter = __webpack_require__(6332);
;// CONCATENATED MODULE: ./lib/action/github/connect.js




/** Makes no call: GitHub's client is loaded with the first one. */
function connectGitHub(inputs, use) {
    const { context, clock, signal, toolkit, onHeld } = use;
    const { token, commitStatus } = inputs;
    const { repository, apiUrl, fork, commit } = context;
    const runPage = (0,github_context/* runUrl */.Vp)(context);
    if (token === "" || repository === undefined || runPage === undefined) {
        toolkit.warning(`The commit status cannot be set: ${token === "" ? "`github-token` is empty" : "GITHUB_REPOSITORY and GITHUB_RUN_ID are not set"}.`);
        return { api: undefined, reporter: status_reporter/* noReporter */.N };
    }
    const api = openGitHub({ token, apiUrl, repository, fork, clock });
    const reporter = commitStatus === undefined
        ? status_reporter/* noReporter */.N
        : openReporter({
            api,
            statusName: commitStatus,
            runPage,
            commit,
            clock,
            signal,
            toolkit,
            onHeld,
        });
    return { api, reporter };
}


/***/ })

};
