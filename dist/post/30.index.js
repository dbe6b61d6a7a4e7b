export const id = 30;
export const ids = [30];
export const modules = {

/***/ 4649:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  connectGitHub: () => (/* binding */ connectGitHub)
});

// EXTERNAL MODULE: ./lib/action/github/api.js + 4 modules
var github_api = __webpack_require__(1753);
// EXTERNAL MODULE: ./lib/action/github/context.js
var github_context = __webpack_require__(4359);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/rules/collect.js + 1 modules
var collect = __webpack_require__(2855);
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
    const api = (0,github_api/* openGitHub */.o)({ token, apiUrl, repository, fork, clock });
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
