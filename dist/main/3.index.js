export const id = 3;
export const ids = [3];
export const modules = {

/***/ 4359:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D3: () => (/* binding */ commitOf),
/* harmony export */   Vp: () => (/* binding */ runUrl),
/* harmony export */   h4: () => (/* binding */ githubContext),
/* harmony export */   j_: () => (/* binding */ readEvent)
/* harmony export */ });
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

/***/ 9703:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dw: () => (/* binding */ ofName),
/* harmony export */   Kd: () => (/* binding */ holderOf),
/* harmony export */   L4: () => (/* binding */ stateOf),
/* harmony export */   YV: () => (/* binding */ entryUrl),
/* harmony export */   jc: () => (/* binding */ maxBatches),
/* harmony export */   om: () => (/* binding */ historyOf),
/* harmony export */   q5: () => (/* binding */ batchKey),
/* harmony export */   rM: () => (/* binding */ withEntry)
/* harmony export */ });
/* unused harmony exports claimLife, readStatusEntry */
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
const claimLife = 6 * 3_600_000;
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

/***/ 6332:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ noReporter)
/* harmony export */ });
const noReporter = {
    created: () => undefined,
    ended: () => undefined,
    cached: () => undefined,
    settled: () => Promise.resolve(),
};


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


/***/ }),

/***/ 9003:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runStep: () => (/* binding */ runStep)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
;// CONCATENATED MODULE: ./lib/batch/cost/rates.js
/** The shortest input, in tokens, that any tier begins at: no model's price changes below. */
const shortestLongInput = 128_000;
const perMillion = 1e-6;
/** Dollars of one request. */
function costAt({ input, cachedInput, output }, usage) {
    const cached = Math.min(usage.cachedInput, usage.input);
    const price = (of) => priceFor(of, usage.input);
    return (perMillion *
        ((usage.input - cached) * price(input) +
            cached * price(cachedInput) +
            usage.output * price(output)));
}
/** Dollars of many requests together, as if none of them had a long input. */
function baseCost({ input, cachedInput, output }, usage) {
    return costAt({ input: flat(input), cachedInput: flat(cachedInput), output: flat(output) }, usage);
}
/** The tokens of an input beyond which a request costs more; `undefined` where the length makes no difference. */
function firstTier({ input, cachedInput, output }) {
    const starts = [input, cachedInput, output].flatMap(({ tiers }) => tiers.map(({ over }) => over));
    return starts.length === 0 ? undefined : Math.min(...starts);
}
/** Whether nothing of a model costs anything. */
function isFree(rates) {
    return [rates.input, rates.cachedInput, rates.output].every(({ base, tiers }) => base === 0 && tiers.every(({ price }) => price === 0));
}
/** A price that is the same for inputs of any length. */
function flatPrice(base) {
    return { base, tiers: [] };
}
/** The same rates times a factor. */
function scaleRates({ input, cachedInput, output }, factor) {
    const scale = ({ base, tiers }) => ({
        base: base * factor,
        tiers: tiers.map(({ over, price }) => ({ over, price: price * factor })),
    });
    return { input: scale(input), cachedInput: scale(cachedInput), output: scale(output) };
}
function flat({ base }) {
    return flatPrice(base);
}
function priceFor({ base, tiers }, input) {
    return tiers.findLast(({ over }) => input > over)?.price ?? base;
}

;// CONCATENATED MODULE: ./lib/batch/cost/listed.js

/** Where the list prices come from; a test holds it against the installed package. */
const listedSource = "@pydantic/genai-prices 0.1.8";
/** What a batch costs of the list price at OpenAI. */
const batchShare = 0.5;
/** Open weights are served by many, each at a price of its own, and not by OpenAI. */
const openWeights = "gpt-oss";
/**
 * Loads the price list, which is large and is not needed by most calls.
 *
 * @param now milliseconds since the epoch: prices change at known days
 */
async function loadListed(now) {
    const { calcPrice } = await __webpack_require__.e(/* import() */ 294).then(__webpack_require__.bind(__webpack_require__, 2294));
    const timestamp = new Date(now);
    return (model) => {
        if (model.startsWith(openWeights))
            return undefined;
        const found = calcPrice({ input_tokens: 0 }, model, { providerId: "openai", timestamp });
        return found === null ? undefined : ratesOf(found.model_price);
    };
}
function ratesOf(price) {
    // Moderation is free, and the list has no price for it.
    if (Object.keys(price).length === 0)
        return freeRates;
    const input = priceOf(price["input_mtok"]);
    if (input === undefined || Object.keys(price).some((name) => otherTokens.test(name))) {
        return undefined;
    }
    return {
        input,
        cachedInput: priceOf(price["cache_read_mtok"]) ?? input,
        output: priceOf(price["output_mtok"]) ?? flatPrice(0),
    };
}
/** Tokens of sound and images have prices of their own, and a usage does not say which of its tokens they are. */
const otherTokens = /audio|image|video/;
const freeRates = { input: flatPrice(0), cachedInput: flatPrice(0), output: flatPrice(0) };
function priceOf(price) {
    if (price === undefined)
        return undefined;
    if (typeof price === "number")
        return flatPrice(price);
    const tiers = price.tiers.map(({ start, price: higher }) => ({ over: start, price: higher }));
    return { base: price.base, tiers: tiers.sort((a, b) => a.over - b.over) };
}

;// CONCATENATED MODULE: ./lib/batch/cost/prices.js



/**
 * Reads the prices that were given, and loads the list of OpenAI's.
 *
 * @param now milliseconds since the epoch: prices change at known days
 * @throws {APIError} `invalid_prices` when a price is none
 */
async function loadPrices(given, now) {
    const own = new Map();
    for (const [model, text] of Object.entries(given ?? {})) {
        const rates = readRates(text);
        if (rates === undefined) {
            throw new errors/* APIError */.LG(`The price of ${model} is '${text}' but must be dollars per million tokens, \`input/output\` or \`input/cached/output\`, for example 0.075/0.3.`, { code: "invalid_prices" });
        }
        own.set(model, rates);
    }
    const listed = remembering(await loadListed(now));
    const givenFor = remembering((model) => own.get(model) ?? own.get(undated(model)));
    const listRatesOf = (model) => listed(model) ?? listed(undated(model));
    const ratesOf = remembering((model) => {
        const list = listRatesOf(model);
        return givenFor(model) ?? (list && scaleRates(list, batchShare));
    });
    const priceOf = (model, usage, requested = "") => {
        const rates = givenFor(requested) ?? ratesOf(model) ?? ratesOf(requested);
        if (rates === undefined)
            return undefined;
        if (usage === undefined)
            return isFree(rates) ? 0 : undefined;
        // Without the noise of binary fractions: 0.000005, not 0.0000049999999999999996.
        return Number(costAt(rates, usage).toPrecision(12));
    };
    return { ratesOf, givenFor, listRatesOf, priceOf, source: listedSource };
}
const price = /^(?:\d+\.?\d*|\.\d+)$/;
/** Rates of `input/output` or `input/cached/output`; `undefined` for any other text. */
function readRates(text) {
    const parts = text.split("/").map((part) => part.trim());
    if (parts.length < 2 || parts.length > 3 || !parts.every((part) => price.test(part))) {
        return undefined;
    }
    const [input = 0, ...rest] = parts.map(Number);
    const output = rest.at(-1) ?? 0;
    const cached = rest.length === 2 ? (rest[0] ?? input) : input;
    return {
        input: flatPrice(input),
        cachedInput: flatPrice(cached),
        output: flatPrice(output),
    };
}
/** The name of the model that a dated snapshot is of: `gpt-4o-mini-2024-07-18`, `gpt-4-0613`. */
function undated(model) {
    return model.replace(/-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$/, "");
}
/** What is found for a model is found once. */
function remembering(find) {
    const known = new Map();
    return (model) => {
        if (!known.has(model))
            known.set(model, find(model));
        return known.get(model);
    };
}

// EXTERNAL MODULE: ./lib/api/json.js
var api_json = __webpack_require__(6192);
;// CONCATENATED MODULE: ./lib/batch/results/usage.js

/** What is spent where nothing was sent. */
const noTokens = {
    input: 0,
    output: 0,
    total: 0,
    cachedInput: 0,
    reasoning: 0,
};
/** Tokens of several answers, or of several batches, added up; `undefined` where there are none. */
function sumUsage(all) {
    if (all.length === 0)
        return undefined;
    return all.reduce((sum, usage) => ({
        input: sum.input + usage.input,
        output: sum.output + usage.output,
        total: sum.total + usage.total,
        cachedInput: sum.cachedInput + usage.cachedInput,
        reasoning: sum.reasoning + usage.reasoning,
    }));
}
/** The tokens that the body of an answer tells, in the words of any endpoint; `undefined` where it counts none. */
function usageOf(body) {
    const usage = (0,api_json/* isFields */.Ce)(body) ? body["usage"] : undefined;
    if (!(0,api_json/* isFields */.Ce)(usage) || !counted.some((name) => isCount(usage[name])))
        return undefined;
    const input = tokens(usage["input_tokens"] ?? usage["prompt_tokens"]);
    const output = tokens(usage["output_tokens"] ?? usage["completion_tokens"]);
    const inputs = usage["input_tokens_details"] ?? usage["prompt_tokens_details"];
    const outputs = usage["output_tokens_details"] ?? usage["completion_tokens_details"];
    return {
        input,
        output,
        total: tokens(usage["total_tokens"]) || input + output,
        cachedInput: (0,api_json/* isFields */.Ce)(inputs) ? tokens(inputs["cached_tokens"]) : 0,
        reasoning: (0,api_json/* isFields */.Ce)(outputs) ? tokens(outputs["reasoning_tokens"]) : 0,
    };
}
const counted = [
    "input_tokens",
    "prompt_tokens",
    "output_tokens",
    "completion_tokens",
    "total_tokens",
];
/** Some servers write numbers as texts. */
function isCount(value) {
    if (typeof value === "number")
        return Number.isFinite(value) && value >= 0;
    return typeof value === "string" && /^\d{1,15}$/.test(value.trim());
}
function tokens(value) {
    return isCount(value) ? Number(value) : 0;
}

;// CONCATENATED MODULE: ./lib/batch/cost/token-sum.js


function openSum() {
    return { usage: noTokens, long: [], uncounted: 0 };
}
/** Whether an answer has to be kept apart, because its price may be another one. */
function isLong({ input }) {
    return input > shortestLongInput;
}
/** Adds one answer; `undefined` for one that does not tell its tokens. */
function addAnswer(sum, usage) {
    if (usage === undefined) {
        sum.uncounted += 1;
        return;
    }
    sum.usage = sumUsage([sum.usage, usage]) ?? usage;
    if (isLong(usage))
        sum.long.push({ usage, weight: 1 });
}
/** Dollars of all of them; `undefined` where it cannot be known. */
function costOfSum(rates, { usage, long, uncounted }) {
    if (isFree(rates))
        return 0;
    if (uncounted > 0)
        return undefined;
    const tier = firstTier(rates);
    if (long === undefined && tier !== undefined && usage.input > tier)
        return undefined;
    const more = (long ?? []).reduce((sum, { usage: one, weight }) => sum + weight * (costAt(rates, one) - baseCost(rates, one)), 0);
    return baseCost(rates, usage) + more;
}

;// CONCATENATED MODULE: ./lib/batch/cost/spending.js


/** Adds up what answers cost, each at the price of its model. */
function spendingOf(all, prices) {
    const unpriced = new Set();
    let cost = 0;
    let listCost = 0;
    for (const one of all) {
        const rates = ratesFor(one, prices);
        if (rates === undefined)
            unpriced.add(one.model || (one.requested ?? ""));
        cost = plus(cost, rates && costOfSum(rates, one));
        const list = prices.listRatesOf(one.model) ?? prices.listRatesOf(one.requested ?? "");
        listCost = plus(listCost, list && costOfSum(list, one));
    }
    return { cost, listCost, unpriced: [...unpriced], source: prices.source };
}
/** A price that was given for what was asked holds whatever name answers; else the answer's own name counts. */
function ratesFor({ model, requested = "" }, prices) {
    return prices.givenFor(requested) ?? prices.ratesOf(model) ?? prices.ratesOf(requested);
}
/** Whether neither the tokens nor the model of answers are known, so that no price makes a cost of them. */
function isUnknown({ uncounted, model, requested = "" }) {
    return uncounted > 0 && model === "" && requested === "";
}
/** What is paid where these models have answered nothing: nothing, at whatever price they have. */
function nothingFor(models) {
    return models.map((model) => ({
        model,
        requested: model,
        usage: noTokens,
        long: [],
        uncounted: 0,
    }));
}
function plus(sum, more) {
    return sum === undefined || more === undefined ? undefined : sum + more;
}
/** What a batch itself says of its tokens; nothing where it has answered nothing yet. */
function reportedSpending({ model, usage, request_counts: counts }, requested) {
    const named = { model: model ?? requested ?? "", requested, long: undefined };
    if (usage === undefined) {
        const answered = counts?.completed ?? 0;
        return answered === 0 ? [] : [{ ...named, usage: noTokens, uncounted: answered }];
    }
    const tokens = {
        input: usage.input_tokens,
        output: usage.output_tokens,
        total: usage.total_tokens,
        cachedInput: usage.input_tokens_details.cached_tokens,
        reasoning: usage.output_tokens_details.reasoning_tokens,
    };
    return [{ ...named, usage: tokens, uncounted: 0 }];
}

// EXTERNAL MODULE: ./lib/api/retry.js + 1 modules
var retry = __webpack_require__(1438);
// EXTERNAL MODULE: ./node_modules/p-map/index.js
var p_map = __webpack_require__(606);
;// CONCATENATED MODULE: ./lib/batch/look-at.js

/**
 * A batch as the server shows it now; `undefined` where it cannot be seen, so that what was known before stands.
 *
 * @throws the signal's reason when it aborts
 */
async function lookAt({ batches }, id, call) {
    try {
        return await batches.retrieve(id, call);
    }
    catch (error) {
        call.signal?.throwIfAborted();
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/api/page.js

/** Items of the API's largest page. */
const largestPage = 100;
/** Pages of a list. Nothing is called before it is asked for. */
function paged(settings) {
    let first;
    const start = () => (first ??= load(settings, settings.after, {
        cursors: new Set(),
        ids: new Set(),
        broken: 0,
        largest: 0,
    }));
    return {
        then: (resolve, reject) => start().then(resolve, reject),
        catch: (reject) => start().catch(reject),
        finally: (settled) => start().finally(settled),
        async *[Symbol.asyncIterator]() {
            yield* await start();
        },
    };
}
async function load(settings, cursor, before) {
    const fetched = await settings.fetch(cursor);
    const fresh = new Map(fetched.data.filter(({ id }) => !before.ids.has(id)).map((item) => [item.id, item]));
    const known = {
        cursors: new Set(before.cursors).add(cursor),
        ids: new Set([...before.ids, ...fresh.keys()]),
        broken: before.broken + fetched.broken,
        largest: Math.max(before.largest, sizeOf(fetched)),
    };
    const { lastId } = fetched;
    const hasMore = fetched.hasMore ?? lacksEntries(settings, fetched, known);
    const way = wayOn({ ...fetched, hasMore }, fresh.size, known);
    const incomplete = whyIncomplete(way.stuck, known.broken);
    const page = {
        data: [...fresh.values()],
        has_more: way.more || way.stuck !== undefined,
        last_id: lastId,
        incomplete,
        hasNextPage: () => way.more,
        getNextPage: async () => {
            if (way.more)
                return load(settings, lastId, known);
            if (incomplete !== undefined)
                throw listIncomplete(settings.call, incomplete);
            return undefined;
        },
        async *[Symbol.asyncIterator]() {
            for (let at = page; at !== undefined; at = await at.getNextPage()) {
                yield* at.data;
            }
        },
    };
    return page;
}
/** A page that does not say whether it is the last one may count more entries than all pages have brought. */
function lacksEntries({ after }, { total }, { ids, broken }) {
    if (after !== undefined || total === undefined)
        return undefined;
    return ids.size + broken < total ? true : undefined;
}
function wayOn(fetched, fresh, { cursors, largest }) {
    const { hasMore, lastId } = fetched;
    if (hasMore === false)
        return { more: false };
    const moves = lastId !== undefined && !cursors.has(lastId);
    if (hasMore === undefined) {
        // How much such a server gives at a time only its other pages tell; one that does not page at all repeats itself.
        return { more: sizeOf(fetched) >= largest && fresh > 0 && moves };
    }
    const says = "the server says that there is more,";
    if (lastId === undefined)
        return { more: false, stuck: `${says} but names nothing to go on from` };
    if (!moves)
        return { more: false, stuck: `${says} but its cursor leads back to ${lastId}` };
    if (fresh === 0)
        return { more: false, stuck: `${says} but a page brought no new entries` };
    return { more: true };
}
function sizeOf({ data, broken }) {
    return data.length + broken;
}
function whyIncomplete(stuck, broken) {
    const entries = broken === 1 ? "1 entry" : `${broken} entries`;
    const reasons = [
        ...(stuck === undefined ? [] : [stuck]),
        ...(broken === 0 ? [] : [`${entries} could not be read and were left out`]),
    ];
    return reasons.length === 0 ? undefined : reasons.join("; ");
}
function listIncomplete(call, why) {
    return new errors/* APIError */.LG(`${call} did not give the whole list: ${why}. What is not in it may be there all the same; look at the server's own pages.`, { code: "list_incomplete", outcomeUnknown: false });
}

// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
;// CONCATENATED MODULE: ./lib/batch/look-up.js



/** How far the server's clock may be behind ours, in milliseconds. */
const clockSkew = 10 * 60_000;
/** Milliseconds: results live no longer, and a key that holds a run's id names nothing older. */
const thirtyDays = 30 * 24 * 3_600_000;
/** Milliseconds between looks for what may be there already: lists, files and statuses lag. */
const lagPauses = [0, 1_000, 2_000, 4_000, 8_000, 15_000];
/** Milliseconds between tries of a list that a server may not have, or a gateway may hide for a moment. */
const missingPauses = [1_000, 2_000, 4_000];
/**
 * Reads the list of batches back to a time, page after page, and says where it could not see: a page
 * that was refused, a cursor that leads nowhere, more pages than were to be read. The API has no filter.
 *
 * @throws {APIError} when not even the first page can be read
 * @throws the signal's reason when it aborts
 */
async function readBatches(client, options) {
    const { since, anyAge = false } = options;
    const { enough = () => false, maxPages = Number.POSITIVE_INFINITY } = options;
    const found = new Map();
    const done = (incomplete) => ({
        items: [...found.values()],
        incomplete,
        noList: false,
    });
    const first = await firstPage(client, options);
    if (first === undefined) {
        return { items: [], incomplete: "the server has no list of batches", noList: true };
    }
    const isPast = pastBy((since - clockSkew) / 1000);
    let page = first;
    for (let pages = 1;; pages += 1) {
        for (const batch of page.data) {
            if (anyAge || isSince(batch, since))
                found.set(batch.id, batch);
        }
        const seen = [...found.values()];
        if (enough(seen))
            return done();
        if (isPast(page.data))
            return done(page.incomplete);
        if (pages === maxPages && page.hasNextPage()) {
            return done(`only the newest ${(0,format/* formatCount */.B4)(maxPages * largestPage)} batches were read`);
        }
        const next = await nextPage(page);
        if (next === undefined || typeof next === "string")
            return done(next);
        page = next;
    }
}
/** The first page; `undefined` where the server has no list, which one refusal does not prove. */
async function firstPage(client, { signal, deadline, maxRetries }) {
    for (const pause of [...missingPauses, undefined]) {
        try {
            return await client.batches.list({ limit: largestPage }, { signal, deadline, maxRetries });
        }
        catch (error) {
            if (!isMissingCall(error))
                throw error;
            if (pause === undefined)
                return undefined;
            await sleepWithin(client, pause, { signal, deadline });
        }
    }
    return undefined;
}
/** The page behind this one; `undefined` at the end, and why the next one could not be read where it is not the end. */
async function nextPage(page) {
    if (!page.hasNextPage())
        return page.incomplete;
    try {
        return await page.getNextPage();
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return `the list of batches could not be read to its end: ${(0,format/* withoutStop */.f6)(error.message)}`;
    }
}
/**
 * Looks for batches that may be there and may not be shown yet, for as long as lists lag.
 *
 * @returns `found` as soon as there are as many as were looked for, and at the end with what there is;
 *   `absent` only when the last look saw the whole list
 * @throws the signal's reason when it aborts
 */
async function lookForBatches(client, wanted, options) {
    const { since, pauses = lagPauses, count = 1, ...call } = options;
    let last = { state: "incomplete", why: "nobody looked" };
    for (const pause of pauses) {
        await sleepWithin(client, pause, call);
        last = await lookOnce(client, wanted, { ...call, since, count });
        if (last.state === "found" && last.found.length >= count)
            return last;
    }
    return last;
}
async function lookOnce(client, wanted, { count, ...options }) {
    try {
        const enough = (items) => items.filter(wanted).length >= count;
        // The server's clock may be hours behind ours; the mark of a create tells more than its time.
        const reading = await readBatches(client, { ...options, anyAge: true, enough });
        const { items, incomplete } = reading;
        const found = items.filter(wanted);
        if (found.length > 0)
            return { state: "found", found };
        return incomplete === undefined
            ? { state: "absent" }
            : { state: "incomplete", why: incomplete };
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        const why = error instanceof errors/* DeadlineError */.j3
            ? "the time was up before the list of batches was read"
            : `the list of batches could not be read: ${(0,format/* withoutStop */.f6)(error.message)}`;
        return { state: "incomplete", why };
    }
}
/** Sleeps no longer than to the deadline; the call that follows says that it has come. */
async function sleepWithin({ clock }, pause, { signal, deadline }) {
    const left = (deadline ?? Number.POSITIVE_INFINITY) - clock.now();
    await clock.sleep(Math.max(0, Math.min(pause, left)), signal);
}
/** Whether a batch may have been created since then; a server that tells no time leaves it open. */
function isSince({ created_at }, since) {
    return created_at === 0 || created_at * 1000 >= since - clockSkew;
}
/** So many steps back in time, and none forward, show that a list begins with its newest. */
const enoughSteps = 5;
/**
 * Tells, page by page, whether all that follows is older. That the newest come first is practice, not
 * promise: a list that begins with its oldest has the newest at the end, and a page of one old batch, or
 * of many of the same second, does not tell which of the two it is.
 *
 * @param oldest Unix seconds
 */
function pastBy(oldest) {
    let last = Number.POSITIVE_INFINITY;
    let steps = -1;
    let mixed = false;
    return (page) => {
        for (const { created_at: time } of page) {
            mixed ||= time > last || time <= 0;
            if (time < last)
                steps += 1;
            last = time;
        }
        const old = page.length > 0 && page.every(({ created_at }) => created_at < oldest);
        return old && !mixed && steps >= enoughSteps;
    };
}
/** Some compatible servers have no such list. */
function isMissingCall(error) {
    return error instanceof errors/* APIError */.LG && [404, 405, 501].includes(error.status ?? 0);
}

// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/batch/rules/cancel.js

/** Whether a cancel would do anything: some servers turn even a completed batch into a cancelled one. */
function decideCancel({ status }) {
    if ((0,batch_status/* isTerminal */.Hd)({ status }))
        return { decision: "leave", why: `it has ended: ${status}` };
    return status === "cancelling"
        ? { decision: "leave", why: "it is being cancelled already" }
        : { decision: "cancel", why: `it is ${status}` };
}
/** Whether a batch has run and its results are being put together: a refused cancel will soon have had nothing to do. */
function isAboutToEnd({ status }) {
    return status === "finalizing";
}
/** Whether a cancel that was answered with this batch has cancelled it: it may have ended before, or run on. */
function wasCancelled({ status }) {
    return status === "cancelling" || status === "cancelled";
}
/**
 * Whether the step itself cancels when the runner signals it. A signal does not tell a cancelled
 * workflow from a step that ran out of time, so a job that cancels only on failure leaves it to the
 * post step, which knows how the job ended.
 */
function decideCancelOnSignal(cancelOn) {
    if (cancelOn.includes("never"))
        return { decision: "leave", why: "`cancel-on` is `never`" };
    return cancelOn.includes("cancelled")
        ? { decision: "cancel", why: "the step was interrupted" }
        : {
            decision: "leave",
            why: "`cancel-on` is `failure`, and only the post step knows how the job ended",
        };
}
/**
 * Whether the post step cancels a batch that was found after a create had lost its answer.
 *
 * @param extra whether the step goes by another batch of the same create, so that nobody wants this one
 */
function decideCancelLost(end, extra) {
    return extra
        ? { decision: "cancel", why: "a create whose answer was lost made it beside another" }
        : decideCancelAfterJob(end, false);
}
/**
 * Whether the post step cancels a batch that has not ended.
 *
 * @param leftByTimeout whether the step's timeout left it running on purpose: the job's failure for that
 *   timeout is no reason to cancel it, a cancelled workflow is
 */
function decideCancelAfterJob({ cancelWanted, interrupted, jobStatus, cancelOn }, leftByTimeout) {
    if (cancelWanted && !leftByTimeout) {
        return {
            decision: "cancel",
            why: "the step was to cancel what had not ended",
        };
    }
    if (cancelOn.includes("never"))
        return { decision: "leave", why: "`cancel-on` is `never`" };
    if (jobStatus === "failure" && leftByTimeout && !interrupted) {
        return { decision: "leave", why: "the step's timeout was not to cancel it" };
    }
    const named = cancelOn.find((status) => status === jobStatus);
    if (named !== undefined)
        return { decision: "cancel", why: `the job's status is ${jobStatus}` };
    if (interrupted && cancelOn.includes("cancelled")) {
        return { decision: "cancel", why: "the step was interrupted" };
    }
    return { decision: "leave", why: `the job's status is ${jobStatus || "not known"}` };
}
/**
 * Whether a timeout with `on-timeout: cancel` cancels a batch. Only what this job created, or was asked
 * to wait for by its id: a batch that was adopted from another job may be somebody's who still waits.
 *
 * @param sameOwner whether an adopted batch was created with the metadata that this job gives its own
 */
function decideCancelAtTimeout({ batch, provenance }, sameOwner) {
    const useful = decideCancel(batch);
    if (useful.decision === "leave")
        return useful;
    return provenance === "adopted" && !sameOwner
        ? { decision: "leave", why: "it was adopted from another run, which may still wait for it" }
        : { decision: "cancel", why: "the time was up" };
}

;// CONCATENATED MODULE: ./lib/batch/cancel.js





/** Milliseconds that the look before a cancel may take; without it the cancel goes out all the same. */
const timeToLook = 5_000;
/** Milliseconds before each look at what a cancel has done: a server may show it late. */
const latePauses = [0, 500, 2_000];
/** A sweep may find hundreds; servers take only so many calls at once. */
const atOnce = 4;
/** Milliseconds between which the first cancels go out, so that many do not ask in step. */
const spread = 250;
/** Tries of one cancel: where there is a deadline, that alone ends them. */
const persistence = 1_000;
/**
 * Cancels a batch, whatever state it is in: one that has ended, or is being cancelled, is no error and
 * is returned as it is. It is looked at first, because some servers turn even a completed batch into a
 * cancelled one, and again after a cancel that failed.
 *
 * @throws {APIError} when the batch does not exist, or still runs and could not be cancelled;
 *   `not_cancelled` when the server took the cancel and the batch runs on
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
    const { onEvent, ...call } = options;
    const batch = await cancelled(client, batchId, call);
    onEvent?.({ type: "cancelled", batch });
    return batch;
}
async function cancelled(client, batchId, call) {
    const soon = Math.min(call.deadline ?? Number.POSITIVE_INFINITY, client.clock.now() + timeToLook);
    // A batch that cannot be seen is cancelled all the same.
    const before = await lookAt(client, batchId, { ...call, deadline: soon });
    if (before !== undefined && isOver(before))
        return before;
    let shown;
    try {
        shown = await client.batches.cancel(batchId, call);
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        // Servers refuse the cancel of a batch that has ended with 409 (OpenAI, llama-stack) or 400, and some
        // that of one which is about to end (aibrix).
        const after = await lookAfter(client, batchId, call, (batch) => batch !== undefined && isAboutToEnd(batch));
        if (after !== undefined && isOver(after))
            return after;
        throw error;
    }
    if (isOver(shown))
        return shown;
    const after = (await lookAfter(client, batchId, call, () => true)) ?? shown;
    if (isOver(after))
        return after;
    throw new errors/* APIError */.LG(`POST /batches/${batchId}/cancel was answered with success, but the batch is ${after.status}. Look at it again in a while; it may be running and billed.`, { code: "not_cancelled", outcomeUnknown: false });
}
/** Whether nothing is left to be cancelled. */
function isOver(batch) {
    return decideCancel(batch).decision === "leave";
}
/** The batch as it is after a cancel: looked at for some seconds, until it is over or nothing more is to be expected. */
async function lookAfter(client, batchId, call, mayChange) {
    let last;
    for (const pause of latePauses) {
        await sleepWithin(client, pause, call);
        last = (await lookAt(client, batchId, call)) ?? last;
        if ((last !== undefined && isOver(last)) || !mayChange(last))
            break;
    }
    return last;
}
/**
 * Cancels every one of several batches, a few at a time and at the server's pace, also after one could
 * not be; a deadline ends the tries.
 *
 * @throws the signal's reason when it aborts, and what `onEvent` throws, once every other cancel has gone out
 */
async function cancelBatches(client, batchIds, options) {
    const { why, onEvent, ...call } = options;
    const maxRetries = call.deadline === undefined ? call.maxRetries : persistence;
    const batches = [];
    const failures = new Map();
    if (batchIds.length > 0)
        onEvent?.({ type: "cancelling", ids: batchIds, why });
    const cancelOne = async (id, index) => {
        if (index > 0 && index < atOnce) {
            await client.clock.sleep(Math.random() * spread, call.signal);
        }
        const batch = await cancelled(client, id, { ...call, maxRetries }).catch((error) => {
            call.signal?.throwIfAborted();
            if (!(error instanceof Error))
                throw error;
            failures.set(id, error);
            onEvent?.({ type: "cancel-failed", batchId: id, error });
            return undefined;
        });
        if (batch === undefined)
            return;
        batches.push(batch);
        onEvent?.({ type: "cancelled", batch });
    };
    try {
        await (0,p_map/* default */.Ay)(batchIds, cancelOne, { concurrency: atOnce, stopOnError: false });
    }
    catch (error) {
        throw error instanceof AggregateError ? error.errors[0] : error;
    }
    return { batches, failures };
}

;// CONCATENATED MODULE: ./lib/batch/rules/ending.js

/** Whether a job is over: nothing is unsent, unknown or still running. A job without a batch is, where the cache had all. */
function decideDone({ batches, complete, cached }) {
    if (!complete)
        return { decision: "open", why: "not all of it is known to have been sent" };
    if (batches.length === 0 && cached === 0)
        return { decision: "open", why: "it has no batch" };
    return batches.every(batch_status/* isTerminal */.Hd)
        ? { decision: "done", why: "every batch has ended" }
        : { decision: "open", why: "not every batch has ended" };
}
/** Whether a step may say that it is done: what may be answered and could not be read is no more done than what still runs. */
function isAllDone(done, unread) {
    return done && unread === 0;
}
/** One word for how a job ended: `pending` as long as anything of it is unknown, unsent or running. */
function decideConclusion(known) {
    const { batches, standing, complete, counts } = known;
    if (!complete)
        return "pending";
    const allCached = batches.length === 0 && decideDone(known).decision === "done";
    return allCached ? "success" : conclude(standing, counts);
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
 * });
 * console.log(conclude(batches, results?.counts ?? { total: 0, completed: 0, failed: 0 })); // success
 * ```
 */
function conclude(batches, counts) {
    if (batches.length === 0 || !batches.every(batch_status/* isTerminal */.Hd))
        return "pending";
    const status = (0,batch_status/* overallStatus */.gX)(batches);
    if (status === "failed")
        return "failure";
    if (status === "expired" || status === "cancelled")
        return status;
    if (counts.failed === 0)
        return "success";
    return counts.failed >= counts.total ? "failure" : "partial";
}
/** What a conclusion becomes where results could not be read or written, whatever the batches say: it is no success. */
function withoutResults(conclusion) {
    return conclusion === "success" || conclusion === "partial" ? "failure" : conclusion;
}
/** Whether it is a success that no batch was found to do something with. */
function decideNothingToDo(incomplete) {
    return incomplete === undefined
        ? { decision: "success", why: "the list was read to its end" }
        : { decision: "unknown", why: incomplete };
}
/** Whether a step succeeds, and if not the gravest reason: the others follow from it, or are told beside it. */
function decideStepEnd({ bad, late, unreadable, done, counts: { failed, total }, limit, }) {
    if (bad > 0)
        return "ended badly";
    if (late)
        return "late";
    if (unreadable > 0)
        return "unreadable";
    // Hundredths, and a tolerance far below one request: fractions of a percent are not exact in binary.
    const over = "count" in limit ? failed > limit.count : failed * 100 > limit.percent * total + 1e-6;
    return done && over ? "too many failures" : "success";
}

;// CONCATENATED MODULE: ./lib/api/advice.js
/** What to do about an error code with which the API refuses a call. */
const byCode = new Map(Object.entries({
    insufficient_quota: "The account has no credit or has reached its budget; retrying does not help. Add credit or raise the limit in the billing settings, then run again.",
    credit_balance_exhausted: "The organization has no prepaid credit left; retrying does not help. Add credit in the billing settings, then run again.",
    organization_spend_limit_exceeded: "The organization's monthly spend limit is reached; retrying does not help. Raise it, or wait for the new month.",
    project_spend_limit_exceeded: "The project's monthly spend limit is reached; retrying does not help. Raise it, use another project, or wait for the new month.",
    organization_usage_limit_exceeded: "The organization has reached the usage that OpenAI allows it a month; retrying does not help. Ask for a higher limit.",
    billing_hard_limit_reached: "The project's budget is used up; retrying does not help. Raise it in the billing settings, then run again.",
    billing_not_active: "Set up billing for the account, then run again.",
    invalid_api_key: "Check that the key is whole, not revoked, and belongs to this server and project.",
    model_not_found: "Check the model's name, that it has not been shut down (https://developers.openai.com/api/docs/deprecations), and that the project may use it, also in batches.",
    incorrect_hostname: "The key's project keeps its data in a region, and is reached at that region's host only. Set the base URL to the host that the message names, such as https://us.api.openai.com/v1.",
    token_limit_exceeded: "Too many tokens are enqueued for this model. Wait for other batches to finish, or send fewer requests in one batch.",
    missing_required_parameter: "Give what the message names, and run again.",
    rate_limit_exceeded: "The server asks for fewer calls; run again later.",
    slow_down: "Calls came too fast for the server; run again later.",
    server_is_overloaded: "The server has no capacity left at the moment; run again later.",
}));
const byStatus = {
    400: "The server did not accept the request as it is; fix what it names and run again.",
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
/** What to do about an answer with this status, error code and message. */
const adviceFor = (status, code, said) => {
    const known = adviceForCode(code);
    if (known !== undefined)
        return known;
    // OpenAI gives no code with it: https://github.com/bespokelabsai/curator/issues/189
    if (said !== undefined && /\bfile storage quota\b/i.test(said)) {
        return "The organization's storage for files is full; retrying does not help. Delete files that are no longer needed, and let new ones expire.";
    }
    if (status >= 300 && status < 400) {
        return "Set the base URL to the address that the server redirects to.";
    }
    if (status === 501)
        return "The server does not offer this call; check the base URL.";
    if (status >= 500)
        return "The server has a problem; run again later.";
    if (status === 403 && said !== undefined) {
        return /\bmodels?\b/i.test(said)
            ? "Check the model's name, and that the project may use it and that it can be used in batches."
            : "If that is about the key, give it the permission for files and batches, or use another project.";
    }
    return byStatus[status] ?? "Fix what the server names and run again.";
};

;// CONCATENATED MODULE: ./lib/batch/answers/problem.js
/** What can be wrong with an answer that came, in the order in which it is looked for. */
const answerProblems = ["truncated", "refused", "filtered", "empty", "not-json"];
function isAnswerProblem(text) {
    return answerProblems.some((problem) => problem === text);
}

;// CONCATENATED MODULE: ./lib/action/advice.js


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
    rows_without_template: "Give `template` too, which makes a request of each row, or a file of requests.",
    invalid_template: "Fix the template where the message says.",
    missing_column: "Correct the name in the template, or add the column to the rows.",
    duplicate_column: "Give every column of the header a name of its own.",
    invalid_row: "Fix the row where the message says, and run again.",
    open_quote: "Close the quote, and double those that stand in a quoted cell.",
    no_rows: "The file holds no row; look at the step that writes it.",
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
    result_unknown: "The server may have an answer to it that it does not show. Look at the batch on the server before you send it again.",
    result_unavailable: "Its result could not be downloaded. `operation: retrieve` tries again as long as the server keeps the file.",
    no_body: "The server says that it answered and gives no answer. Look at the line in the error file; send the request again if the answer is wanted.",
    outcome_unknown: "A batch of it may be running that nobody has seen. Look for it on the server before you send it again.",
    no_response: "The server gave no answer with its line. Send it again (`retry-failed: 1`).",
    status_0: "The server never ran it. Send it again (`retry-failed: 1`).",
    unreadable_line: "The server's result line could not be read; look at it in the error file.",
    unexpected_line: "The server gave a result without a custom_id; look at it in the error file.",
    not_finished: "Its batch has not ended. Wait for it, then `operation: retrieve` brings it.",
    not_sent: "It was not sent; run the step again for it.",
}));
/** What to change about requests whose answers cannot be used. */
const ofAnswers = {
    truncated: "The answer reached its limit of tokens. Raise `max_completion_tokens` (chat completions) or `max_output_tokens` (responses) in the body; what the model spends on reasoning counts too, so a lower reasoning effort also helps. Or ask for less in one request.",
    refused: "The model refused; its words stand in the result line and under `message` in `answers-file`. Change the prompt, or leave the request out.",
    filtered: "The server's content filter stopped the answer. Change the prompt, or leave the request out.",
    empty: "The model ended without a text. Look at `finish_reason`, at what was spent on reasoning, and at the prompt.",
    "not-json": "JSON was asked for and the text is none. Ask with `json_schema` and `strict: true` instead of `json_object`, or only in the prompt.",
};
/** One line on what to change about requests whose answers have this problem. */
function adviceForAnswer(problem) {
    return ofAnswers[problem];
}
/** One line on what to do about an error of a batch, or about a line that would make it fail. */
function adviceForBatch(code) {
    const known = code === undefined ? undefined : ofBatches.get(code);
    return known ?? adviceForCode(code) ?? "Fix what the server names, and run again.";
}
/** One line on what to do about requests that failed with this code, for example `http_429`. */
function adviceForRequest(code) {
    if (isAnswerProblem(code))
        return adviceForAnswer(code);
    const known = ofRequests.get(code) ?? ofBatches.get(code) ?? adviceForCode(code);
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

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/batch/create/key.js
var create_key = __webpack_require__(750);
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
 */
function splitInput(scan, limits = {}, only) {
    const { maxRequests = 50_000, maxBytes = 200_000_000, maxInputs = 50_000 } = limits;
    const done = [];
    const open = new Map();
    for (const line of only ?? scan.lines.numbers()) {
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
        hash: requests === scan.requests ? scan.hash : (0,create_key/* hashText */.qj)(scan.hash + JSON.stringify(ranges)),
    }));
}
/**
 * Requests as one part, whatever the limits are: those of a batch that is there already.
 *
 * @param requests their numbers, ascending, of one model
 */
function wholePart(scan, requests) {
    const unlimited = Number.POSITIVE_INFINITY;
    const limits = { maxRequests: unlimited, maxBytes: unlimited, maxInputs: unlimited };
    const [part] = splitInput(scan, limits, requests);
    if (part === undefined)
        throw new RangeError("A part without requests is none.");
    return part;
}
/**
 * Divides a part in two with as many requests each, or one more in the first: the same part always in the
 * same way. `undefined` for a single request.
 */
function halve(scan, part) {
    if (part.requests < 2)
        return undefined;
    const requests = [...requestsOf(scan, part)];
    const middle = Math.ceil(requests.length / 2);
    return [wholePart(scan, requests.slice(0, middle)), wholePart(scan, requests.slice(middle))];
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

;// CONCATENATED MODULE: ./lib/batch/input/origin.js

/**
 * Where the lines of an uploaded part come from. The server counts the lines that it was sent: of
 * one part of several, from several files, without byte order marks and blank lines, or rendered from rows.
 *
 * @param lines from 1, as the server counts
 * @returns by the server's line; a line that the part does not have is left out, and so is a request from memory
 */
function originsOf(scan, part, lines) {
    const origins = new Map();
    const last = Math.max(0, ...lines);
    let sent = 0;
    for (const request of requestsOf(scan, part)) {
        sent += 1;
        if (sent > last)
            break;
        if (!lines.has(sent))
            continue;
        const file = scan.sourceFile(request);
        if (file !== undefined)
            origins.set(sent, { file, line: scan.lineNumber(request) });
    }
    return origins;
}

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
        tell(`${(0,errors/* sentence */.em)(describeError(error))} ${adviceForBatch(error.code)}`, {
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

;// CONCATENATED MODULE: ./lib/action/verdict.js





/** Why the step fails, or `undefined` when it does not. */
function verdict(report, results, { timedOut, origins = new Map() } = {}) {
    const bad = report.standing.filter(({ status }) => results.failOn.includes(status));
    const late = timedOut === undefined || timedOut.onTimeout === "continue" || isWhole(report, timedOut)
        ? undefined
        : lateness(report, timedOut);
    // What the timeout has cancelled did not end badly by itself.
    const byItself = bad.filter((batch) => late === undefined || !isCancelledBy(timedOut, batch));
    const problems = report.results?.problems ?? [];
    const end = decideStepEnd({
        bad: byItself.length,
        late: late !== undefined,
        unreadable: problems.length,
        done: report.done,
        counts: report.counts,
        limit: results.maxRequestFailures,
    });
    switch (end) {
        case "success":
            return undefined;
        case "ended badly":
            return [endedBadly(report, byItself, origins), late ?? ""].filter(Boolean).join(" ");
        case "late":
            return late;
        case "unreadable":
            return `Not every result could be read; what could was written. ${problems.join(" ")}`;
        case "too many failures":
            return tooManyFailures(report, results);
    }
}
function endedBadly(report, bad, origins) {
    return [`${nameBad(bad, origins)}.`, ...adviceOn(bad), whatIsThere(report, bad)].join(" ");
}
/** What became of the results of batches that ended badly. */
function whatIsThere({ results }, bad) {
    const written = results?.outputFile ?? results?.errorFile ?? results?.answersFile;
    // Those of other batches are none of theirs.
    const hasSome = bad.some(({ output_file_id: output, error_file_id: errors }) => output ?? errors);
    return written === undefined || isNothing(results?.lines) || !hasSome
        ? "See `fail-on` to accept this status."
        : `What could be read of ${bad.length === 1 ? "its" : "their"} results was written; see \`fail-on\` to accept this status.`;
}
function isNothing(lines) {
    return lines === undefined || lines.output + lines.error + lines.answers === 0;
}
/** Whether all has come to its own end after all, if only just: nothing is late then. */
function isWhole({ done, standing }, timedOut) {
    return done && !standing.some((batch) => isCancelledBy(timedOut, batch));
}
/** Whether it is cancelled, or about to be, and the timeout was why. */
function isCancelledBy(timedOut, { id, status }) {
    return status.startsWith("cancel") && timedOut?.cancelled.has(id) === true;
}
/** Ids that a message names; the outputs have them all. */
const maxIds = 5;
function lateness({ standing, unsent }, timedOut) {
    const { timeout } = timedOut;
    const running = standing.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch) && batch.status !== "cancelling");
    const cancelled = standing.filter((batch) => isCancelledBy(timedOut, batch));
    const cancelling = standing.filter((batch) => batch.status === "cancelling" && !isCancelledBy(timedOut, batch));
    const after = `The time was up after ${(0,format/* formatDuration */.a3)(timeout)} (\`timeout\`).`;
    const parts = [after];
    if (cancelled.length > 0) {
        parts.push(`${idsOf(cancelled)} ${cancelled.length === 1 ? "was" : "were"} cancelled, as \`on-timeout\` asks${cancelled.every(batch_status/* isTerminal */.Hd) ? "." : "; `operation: retrieve` brings what was answered once the status is `cancelled`."}`);
    }
    if (cancelling.length > 0) {
        parts.push(`${idsOf(cancelling)} ${cancelling.length === 1 ? "is" : "are"} being cancelled, which was not asked for by this step.`);
    }
    if (running.length > 0) {
        parts.push(`${idsOf(running)} ${running.length === 1 ? "was" : "were"} still running when last seen: wait for \`batch-id\` in a later job, or cancel it.`);
    }
    return [...parts, ...unsentWords(unsent)].join(" ");
}
/** What to say of requests that no batch holds; nothing where there are none. */
function unsentWords(unsent) {
    if (unsent === 0)
        return [];
    const [was, them] = unsent === 1 ? ["was", "it"] : ["were", "them"];
    return [
        `${(0,format/* plural */.LS)(unsent, "request")} of the input ${was} not sent; run the step again with the same input to send ${them}.`,
    ];
}
function idsOf(batches) {
    return batches.length > maxIds
        ? (0,format/* plural */.LS)(batches.length, "batch", "batches")
        : batches.map(({ id }) => (0,format/* shorten */.ml)(id, 100)).join(", ");
}
function tooManyFailures({ counts: { failed, total } }, { maxRequestFailures: limit }) {
    const named = "count" in limit ? (0,format/* formatCount */.B4)(limit.count) : `${limit.percent}%`;
    return `${(0,format/* formatCount */.B4)(failed)} of ${(0,format/* formatCount */.B4)(total)} requests failed, more than \`max-request-failures\` (${named}) allows.`;
}
/** The message is an annotation, of which GitHub shows 4,096 characters. */
const maxNamed = 5;
const maxAdvice = 3;
function nameBad(bad, origins) {
    const named = bad
        .slice(0, maxNamed)
        .map((batch) => `${(0,format/* shorten */.ml)(batch.id, 100)} is ${batch.status}${reasonOf(batch, origins)}`);
    const more = bad.length - named.length;
    return [
        ...named,
        ...(more > 0 ? [`${(0,format/* plural */.LS)(more, "more batch", "more batches")} likewise`] : []),
    ].join("; ");
}
function reasonOf({ errors }, origins) {
    const [first] = errors?.data ?? [];
    if (first === undefined)
        return "";
    const origin = origins.get(first);
    const line = first.line === undefined || first.line === null ? "" : `line ${first.line}: `;
    const where = origin === undefined ? line : `${origin.file}:${origin.line}: `;
    return ` (${where}${describeError(first)})`;
}
/** What to do about the first error of each batch, each advice once. */
function adviceOn(bad) {
    const firsts = bad.flatMap(({ errors }) => errors?.data?.[0] ?? []);
    return [...new Set(firsts.map(({ code }) => adviceForBatch(code)))].slice(0, maxAdvice);
}

;// CONCATENATED MODULE: ./lib/action/cancellation/main.js





/** Milliseconds of the 7.5 seconds that a signalled process has. */
const timeToFinish = 5_000;
/** Milliseconds that a sweep of hundreds may take, at the pace of a server that limits calls. */
const timeLimit = 30 * 60_000;
/**
 * The operation's moment: what was asked for is cancelled at the server's pace. A workflow that is
 * cancelled while it cancels batches wants them cancelled all the more.
 */
async function cancelOrDeadline({ client, signal, narrator }, ids) {
    return cancelBatches(client, ids, {
        signal: (0,retry/* afterGrace */.tt)(signal, timeToFinish, client.clock),
        deadline: client.clock.now() + timeLimit,
        onEvent: narrator.onEvent,
        why: "`operation` is `cancel`",
    });
}
/** Milliseconds. A signalled process has 7.5 seconds, of which a create on the wire may take three. */
const timeToCancel = 3_500;
/**
 * The signal's moment: what has not ended is cancelled as far as `cancel-on` and the time allow; the
 * post step does the rest.
 *
 * @param hurried a client whose calls give up soon
 */
async function cancelOnSignal({ state, narrator }, cancelOn, hurried, outcome) {
    const unfinished = state.unfinished();
    const unsent = unsentWords(narrator.report().unsent);
    if (unfinished.length === 0)
        return outcome;
    const { decision, why } = decideCancelOnSignal(cancelOn);
    if (decision === "leave") {
        const left = `The step was interrupted. Not cancelled, because ${why}: ${unfinished.join(", ")}.`;
        return { report: narrator.report(), failure: [left, ...unsent].join("\n") };
    }
    const client = hurried();
    const { failures } = await cancelBatches(client, unfinished, {
        deadline: client.clock.now() + timeToCancel,
        onEvent: narrator.onEvent,
        why,
    });
    const open = [...failures].map(([id, error]) => `${id} could not be cancelled yet; the post step tries again. ${(0,errors/* messageOf */.bD)(error)}`);
    return {
        report: narrator.report(),
        failure: ["The step was interrupted.", ...open, ...unsent].join("\n"),
    };
}
/** The newest of what is known of each batch, in the order of the ids. */
function latest(ids, ...known) {
    const batches = new Map(known.flat().map((batch) => [batch.id, batch]));
    return ids.flatMap((id) => batches.get(id) ?? []);
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
            // What a caller without types may give.
            const key = await apiKey();
            if (typeof key !== "string" || key === "")
                throw noKey();
            keys.add(key);
            return key;
        },
        secrets: () => [...keys],
    };
}
function noKey() {
    return new errors/* APIError */.LG("The function `apiKey` gave no key, so nothing was sent. Have it give one.", {
        code: "missing_credential",
        outcomeUnknown: false,
    });
}
/** Names of headers that carry a credential of their own: Azure's `api-key`, `x-portkey-api-key`, `x-litellm-api-key`, … */
const credentialHeader = /^(.+-)?(authorization|api-key)$/i;
/** Whether these headers authenticate a request without an API key. */
function hasCredential(headers) {
    return credentialsOf(headers).length > 0;
}
/** The values of these headers that are credentials. */
function credentialsOf(headers) {
    return Object.entries(headers)
        .filter(([name]) => credentialHeader.test(name))
        .map(([, value]) => value);
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
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./lib/api/foreign-text.js

/** Control characters, and those that reorder or hide text. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
const foreign_text_longestMessage = 1000;
/** A text of the server as one line that does nothing to a log, cut where it is long. */
function plainText(text, longest = foreign_text_longestMessage) {
    return (0,external_node_util_.stripVTControlCharacters)(text.slice(0, 10 * longest))
        .replace(/\s+/g, " ")
        .replace(invisible, "")
        .trim()
        .slice(0, longest);
}
function kindOf(body) {
    const start = body.slice(0, 1000).trimStart().toLowerCase();
    if (start === "")
        return "nothing";
    const isXml = /^<(?:\?xml|error|fault|exception)\b/.test(start);
    if (isXml && !start.includes("<html"))
        return "an XML document";
    return start.startsWith("<") ? "a web page (HTML)" : "text";
}
const longestTitle = 100;
/** The title of a web page, where it is short. */
function titleOf(page) {
    const [, title = ""] = /<title[^>]*>([^<]*)<\/title>/i.exec(page.slice(0, 10_000)) ?? [];
    const text = plainText(title);
    return text === "" || text.length > longestTitle ? undefined : text;
}
/** The code and message of an error of a storage service (S3, Azure), which speaks XML. */
function xmlError(document) {
    const field = (name) => new RegExp(`<((?:\\w+:)?(?:${name}))[^>]*>([^<]*)</\\1>`, "i").exec(document.slice(0, 10_000))?.[2] || undefined;
    return { code: field("code|faultcode"), message: field("message|faultstring|reason") };
}

;// CONCATENATED MODULE: ./lib/api/batch-errors.js


/** Fields in which servers say why a batch failed, beside `errors` and `error`. */
const reasons = ["failure_reason", "fail_reason", "error_message", "status_message"];
/**
 * The problems of a batch in OpenAI's shape: `errors` as a list, an object with `data`, one error or
 * a text, or an object that names a problem by line or field; `error`; and of a failed batch the
 * fields that say why.
 */
function batchErrors(batch, failed) {
    const places = ["errors", "error", ...(failed ? reasons : [])];
    for (const place of places) {
        const data = errorsIn(batch[place]);
        if (data.length > 0)
            return { object: "list", data: [...data] };
    }
    return undefined;
}
function errorsIn(value) {
    if (typeof value === "string") {
        const message = plainText(value);
        return message === "" ? [] : [{ message }];
    }
    if (Array.isArray(value))
        return value.flatMap(errorsIn);
    if (!(0,api_json/* isFields */.Ce)(value))
        return [];
    const list = value["data"] ?? value["errors"] ?? value["error"];
    if (Array.isArray(list) || (0,api_json/* isFields */.Ce)(list))
        return errorsIn(list);
    const error = errorOf(value);
    if (Object.keys(error).length > 0)
        return [error];
    // `{"line 3": "…"}`, `{"3": {message: …}}`
    return Object.entries(value).flatMap(([place, inner]) => errorsIn(inner).map((problem) => ({ param: place, ...problem })));
}
function errorOf(fields) {
    const code = textOf(fields["code"]) ?? textOf(fields["type"]);
    const message = textOf(fields["message"]) ?? textOf(fields["msg"]) ?? textOf(fields["detail"]);
    const param = textOf(fields["param"]);
    const line = lineOf(fields["line"] ?? fields["line_number"]);
    return {
        ...(code === undefined ? {} : { code }),
        ...(message === undefined ? {} : { message }),
        ...(param === undefined ? {} : { param }),
        ...(line === undefined ? {} : { line }),
    };
}
function textOf(value) {
    if (typeof value === "number")
        return String(value);
    return typeof value === "string" ? plainText(value) || undefined : undefined;
}
function lineOf(value) {
    const line = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof line === "number" && Number.isInteger(line) ? line : undefined;
}

;// CONCATENATED MODULE: ./lib/api/more-pages.js

/** Objects beside the entries in which servers speak of the other pages. */
const corners = ["pagination", "paging", "page_info", "pageInfo", "meta", "metadata", "links"];
const flags = /^has_?(?:more|next|next_?page)$/i;
const ways = /^(?:@odata\.)?next_?(?:page|page_?token|token|cursor|link|url|href)?$/i;
const totals = /^total(?:_?(?:count|items|entries))?$/i;
/**
 * Reads what a page says of more pages: OpenAI's `has_more` in any spelling, else the way to the next
 * page that other servers name (`next`, `next_page_token`, `nextLink`, …), and how many entries they count.
 */
function morePagesOf(page) {
    const places = [page, ...corners.map((name) => page[name]).filter(api_json/* isFields */.Ce)];
    const said = (names) => places
        .flatMap((place) => Object.entries(place))
        .filter(([name, value]) => names.test(name) && value !== null && value !== "")
        .map(([, value]) => value);
    const [flag] = said(flags);
    const way = said(ways).some((value) => isYes(value));
    const [total] = said(totals).map(Number).filter(Number.isSafeInteger);
    return { hasMore: flag === undefined ? way || undefined : isYes(flag), total };
}
/** What is no clear no is a yes: a list is not taken for whole because of a word that nobody knows. */
function isYes(value) {
    return !/^(?:false|no|none|null|0|)$/i.test(String(value).trim());
}

;// CONCATENATED MODULE: ./lib/api/status-words.js

const longestWord = 64;
/** The status of a batch whose server names none. */
const unstated = unlisted("unknown");
/** Words of other servers for the statuses of a batch. */
const words = {
    validating: [
        ...["accepted", "created", "initializing", "new", "pending", "preparing", "queued", "in_queue"],
        ...["queueing", "queuing", "scheduled", "scheduling", "submitted", "not_started", "waiting"],
    ],
    in_progress: ["active", "executing", "processing", "progress", "running", "started"],
    finalizing: ["finalising"],
    completed: [
        ...["complete", "done", "ended", "finished", "succeeded", "success", "successful"],
        ...["partial_success", "partially_completed", "partially_failed", "partially_succeeded"],
        ...["partial_failure", "partial_completion", "partially_complete", "partially_successful"],
    ],
    failed: [
        ...["crashed", "error", "errored", "fail", "failure", "invalid", "rejected"],
        ...["validation_error", "validation_failed", "failed_validation"],
    ],
    expired: ["timed_out", "timeout"],
    cancelling: [
        ...["aborting", "canceling", "cancel_pending", "cancel_requested", "cancellation_requested"],
        ...["pending_cancel", "pending_cancellation", "stopping", "terminating"],
    ],
    cancelled: [
        ...["aborted", "cancel", "canceled", "killed", "stopped", "terminated"],
        ...["cancelled_by_user", "canceled_by_user", "user_cancelled", "user_canceled"],
    ],
};
/** An end that has something to add: `CompletedWithErrors`, `finished_with_warnings`. */
const withRemarks = /^((?:complete|end|finish|succeed)e?d)with[a-z]+$/;
const statusOf = new Map(
// The keys of the table are its statuses.
Object.entries(words).flatMap(([status, others]) => [status, ...others].map((word) => [squeezed(word), status])));
/**
 * The status that a server's word stands for, whatever its capitals, hyphens, gaps and prefix
 * (`JOB_STATE_SUCCEEDED`, `PartiallyCompleted`). A word that nobody knows passes through, and no word
 * is `unknown`: both are reported, and taken for not final.
 */
function statusOfWord(word) {
    if (typeof word !== "string")
        return unstated;
    const plain = plainText(word, longestWord);
    const whole = squeezed(plain);
    const bare = whole.replace(/^(?:batch|job)?(?:state|status)|^(?:batch|job)/, "");
    const end = withRemarks.exec(bare)?.[1] ?? bare;
    const folded = plain.toLowerCase().replace(/[\s-]+/g, "_");
    return statusOf.get(whole) ?? statusOf.get(end) ?? (folded === "" ? unstated : unlisted(folded));
}
/** A word without what servers put between its parts. */
function squeezed(word) {
    return word.toLowerCase().replace(/[\s_-]+/g, "");
}
/** The type lists OpenAI's statuses only, so that it is the official package's; other servers have more. */
function unlisted(word) {
    return word;
}

;// CONCATENATED MODULE: ./lib/api/unwrap.js

const wrappers = ["job", "batch", "file", "data", "result"];
/** What stands under the wrappers of an answer (`{job}`, `{data}`, `{code, message, data}`); the answer itself where it has an id. */
function unwrap(answer) {
    if (!(0,api_json/* isFields */.Ce)(answer))
        return undefined;
    if (idOf(answer) !== undefined)
        return answer;
    for (const wrapper of wrappers) {
        const inner = answer[wrapper];
        if ((0,api_json/* isFields */.Ce)(inner) && idOf(inner) !== undefined)
            return inner;
    }
    return answer;
}
/** Whether an answer, or what it wraps, has an id. */
function hasId(answer) {
    const inner = unwrap(answer);
    return inner !== undefined && idOf(inner) !== undefined;
}
/** An id as a text: some servers number their batches. */
function idOf({ id }) {
    return idText(id);
}
/** An id, or `undefined` for what stands for none: `null`, `""`, and Python's and JavaScript's words for it. */
function idText(id) {
    if (typeof id === "number" && Number.isSafeInteger(id))
        return String(id);
    if (typeof id !== "string")
        return undefined;
    return /^(none|null|nil|undefined)?$/i.test(id.trim()) ? undefined : id;
}

;// CONCATENATED MODULE: ./lib/api/normalize.js





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
/** Ids that a batch has of other things; numbers become texts, and `"None"` is none. */
const ids = ["input_file_id", "output_file_id", "error_file_id"];
/**
 * Any compatible server's batch becomes one `Batch`: wrappers (`{job}`, `{data}`) are opened, other
 * servers' words for a status and other shapes of `errors` translated, ISO times turned into Unix
 * seconds, and `null`, `""` and ids that say `None` left out. Fields and statuses that we do not know
 * are kept as they are; a batch without a status has the status `unknown`.
 *
 * Returns `undefined` for an answer that holds no batch, which is one without an id.
 */
function normalizeBatch(answer) {
    const fields = unwrap(answer);
    const id = fields === undefined ? undefined : idOf(fields);
    if (fields === undefined || id === undefined)
        return undefined;
    const { created_at, metadata, errors, request_counts, usage, ...rest } = named(fields);
    const status = statusOfWord(rest["status"] ?? rest["state"]);
    const batch = {
        endpoint: "",
        input_file_id: "",
        completion_window: "",
        ...rest,
        ...replaced(rest, ids, idText),
        ...replaced(rest, times, seconds),
        id,
        object: "batch",
        status,
        created_at: seconds(created_at) ?? 0,
        metadata: (0,api_json/* isFields */.Ce)(metadata) ? textsOf(metadata) : undefined,
        errors: batchErrors({ ...rest, errors }, status === "failed"),
        request_counts: normalizeCounts(request_counts),
        usage: normalizeUsage(usage),
    };
    batch["input_file_id"] ??= "";
    // Every required field is set above; what else the server sent goes through untyped.
    return withoutEmpty(batch, [undefined]);
}
/** A list page in any of the shapes seen: `{data}`, `{data: {data}}`, `{value}` (older Azure), a bare array (Together). */
function normalizePage(answer) {
    if (Array.isArray(answer))
        return { items: answer, hasMore: undefined };
    if (!(0,api_json/* isFields */.Ce)(answer))
        return undefined;
    const wrapped = answer["data"] ?? answer["result"];
    if ((0,api_json/* isFields */.Ce)(wrapped)) {
        // What stands beside the wrapper may be the only word on more pages.
        return "data" in wrapped ? normalizePage({ ...answer, ...wrapped }) : undefined;
    }
    const items = "data" in answer ? answer["data"] : answer["value"];
    if (items !== null && !Array.isArray(items))
        return undefined;
    const lastId = idText(named(answer)["last_id"]);
    const { hasMore, total } = morePagesOf(answer);
    return {
        items: items ?? [],
        hasMore: hasMore ?? (items === null ? false : undefined),
        ...(total === undefined ? {} : { total }),
        ...(lastId === undefined ? {} : { lastId }),
    };
}
/** A file as any compatible server describes it; `undefined` for an answer without an id. */
function normalizeFile(answer) {
    const fields = unwrap(answer);
    const id = fields === undefined ? undefined : idOf(fields);
    if (fields === undefined || id === undefined)
        return undefined;
    const file = named(fields);
    const normalized = {
        filename: "",
        purpose: "batch",
        ...file,
        id,
        object: "file",
        bytes: count(file["bytes"]),
        created_at: seconds(file["created_at"]) ?? 0,
        expires_at: seconds(file["expires_at"]),
    };
    // As above: the required fields are set, the rest passes through.
    return withoutEmpty(normalized, [undefined]);
}
/** Fields that some servers write in camel case. */
const known = new Set([
    ...times,
    ...ids,
    "created_at",
    "completion_window",
    "request_counts",
    "last_id",
]);
/** Fields under OpenAI's names: `createdAt` is `created_at`; what is empty is left out. */
function named(fields) {
    const full = withoutEmpty(fields, [null, ""]);
    const renamed = Object.entries(full).map(([name, value]) => {
        const snake = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
        return [known.has(snake) && !(snake in full) ? snake : name, value];
    });
    return Object.fromEntries(renamed);
}
function withoutEmpty(fields, empty) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => !empty.includes(value)));
}
/** Those of the names that are there, each with what its value becomes. */
function replaced(fields, names, become) {
    return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, become(fields[name])]));
}
/** Unix seconds do not come so far for three thousand years; milliseconds came there in 1973. */
const noSeconds = 1e11;
function seconds(time) {
    if (typeof time === "number" && !Number.isFinite(time))
        return undefined;
    if (typeof time === "number")
        return time < noSeconds ? time : seconds(Math.floor(time / 1000));
    if (typeof time !== "string")
        return undefined;
    if (/^\d+(\.\d+)?$/.test(time))
        return seconds(Math.floor(Number(time)));
    const parsed = Date.parse(time) / 1000;
    return Number.isNaN(parsed) ? undefined : Math.floor(parsed);
}
/** A gateway that turns names into camel case does so in metadata too; the marks of a create must be found all the same. */
const ownNames = new Map([
    ["idempotencyKey", "idempotency_key"],
    ["creationId", "creation_id"],
    ["githubRepository", "github_repository"],
    ["githubRunId", "github_run_id"],
]);
function textsOf(metadata) {
    return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [
        ownNames.get(key) ?? key,
        typeof value === "string" ? value : JSON.stringify(value),
    ]));
}
function normalizeCounts(counts) {
    if (!(0,api_json/* isFields */.Ce)(counts))
        return undefined;
    return {
        total: count(counts["total"]),
        completed: count(counts["completed"]),
        failed: count(counts["failed"]),
    };
}
function normalizeUsage(usage) {
    if (!(0,api_json/* isFields */.Ce)(usage) || Object.keys(usage).length === 0)
        return undefined;
    const inputs = usage["input_tokens_details"];
    const outputs = usage["output_tokens_details"];
    return {
        input_tokens: count(usage["input_tokens"]),
        input_tokens_details: { cached_tokens: (0,api_json/* isFields */.Ce)(inputs) ? count(inputs["cached_tokens"]) : 0 },
        output_tokens: count(usage["output_tokens"]),
        output_tokens_details: {
            reasoning_tokens: (0,api_json/* isFields */.Ce)(outputs) ? count(outputs["reasoning_tokens"]) : 0,
        },
        total_tokens: count(usage["total_tokens"]),
    };
}
function count(value) {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : 0;
}

;// CONCATENATED MODULE: ./lib/api/wire.js

/** Whether the path of an id would lead to something else. */
function leadsElsewhere(id) {
    return id.split("/").some((segment) => ["", ".", ".."].includes(segment));
}
/** Some servers' ids hold a slash (`batches/…`) that they expect as it is; the rest is escaped once. */
function idPath(id) {
    if (leadsElsewhere(id)) {
        throw new errors/* APIError */.LG(`'${id}' is no id. Check where it comes from; an output of a step that did not run is empty.`, {
            code: "invalid_id",
            status: 400,
        });
    }
    return id.split("/").map(encodeURIComponent).join("/");
}
/** The error for an answer that is whole JSON, but not of what was asked for. */
function unknownShape(call, expected) {
    return new errors/* UnreadableAnswerError */.mP(`${call} was answered with JSON that holds no ${expected.replace(/^an? /, "")} we can read. ` +
        "Check that the base URL is that of an OpenAI-compatible Batch API.", { code: "unreadable_answer", success: true });
}

;// CONCATENATED MODULE: ./lib/api/page-data.js


/**
 * The page of a list that an answer holds. An entry that cannot be read is left out and counted.
 *
 * @throws {UnreadableAnswerError} for an answer that holds no list
 */
function pageOf({ call, expected, read }, answer) {
    const page = normalizePage(answer);
    if (page === undefined)
        throw unknownShape(call, expected);
    const data = page.items.map(read).filter((item) => item !== undefined);
    return {
        data,
        broken: page.items.length - data.length,
        hasMore: page.hasMore,
        total: page.total,
        lastId: page.lastId ?? data.at(-1)?.id,
    };
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
     * @throws {UnreadableAnswerError} when no batch came, or another one: a cache in between mixes them up
     */
    async retrieve(batchId, options = {}) {
        const path = batchPath(batchId);
        const call = `GET ${path}`;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            const answer = await this.#wire.transport.json({ method: "GET", path, signal });
            const batch = batchOf(call, answer);
            if (batch.id !== batchId)
                throw otherBatch(call, batch.id);
            return batch;
        });
    }
    /**
     * Lists the organization's batches, newest first in practice (`GET /batches`). Awaited it is one
     * page; `for await` goes through all of them, and throws at the end of a list that is incomplete.
     *
     * @param query `after` is a batch's id, `limit` the size of a page, 1 to 100 (the API's default is 20)
     * @throws {APIError} when a page could not be read; a server without a list answers with 404; `list_incomplete`
     */
    list(query = {}, options = {}) {
        const call = "GET /batches";
        const { after, limit } = query;
        const fetch = async (cursor) => this.#wire.retried({ ...options, call }, async (signal) => pageOf({ call, expected: "a list of batches", read: normalizeBatch }, await this.#wire.transport.json({
            method: "GET",
            path: "/batches",
            query: { after: cursor, limit },
            signal,
        })));
        return paged({ call, after, fetch });
    }
    /**
     * Cancels a batch (`POST /batches/{id}/cancel`). It stays `cancelling` for up to ten minutes and
     * keeps the results it has by then. A finished batch is answered with a 409 error. Where a server
     * takes the cancel without showing the batch, the batch is read.
     *
     * @throws {APIError} 404 for an unknown id, 409 for a batch that has ended
     */
    async cancel(batchId, options = {}) {
        const path = `${batchPath(batchId)}/cancel`;
        const call = `POST ${path}`;
        const shown = await this.#wire.retried({ ...options, call, conflictIsFinal: true }, async (signal) => {
            try {
                const answer = await this.#wire.transport.json({ method: "POST", path, signal });
                const batch = normalizeBatch(answer);
                // Another batch than the one that was meant says nothing of it.
                return batch?.status === unstated || batch?.id !== batchId ? undefined : batch;
            }
            catch (error) {
                // A 2xx that holds no batch: the cancel was taken, and another one would say no more.
                if (error instanceof errors/* UnreadableAnswerError */.mP)
                    return undefined;
                throw error;
            }
        });
        return shown ?? this.retrieve(batchId, options);
    }
}
function batchPath(id) {
    return `/batches/${idPath(id)}`;
}
function batchOf(call, answer) {
    const batch = normalizeBatch(answer);
    if (batch === undefined)
        throw unknownShape(call, "a batch");
    return batch;
}
function otherBatch(call, id) {
    return new errors/* UnreadableAnswerError */.mP(`${call} was answered with another batch, ${id}. A cache or proxy in between may mix answers up.`, { code: "other_batch", success: true });
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./lib/api/clock.js

/** The longest delay that a Node.js timer can hold; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;
/** The machine's clock; longer sleeps than a timer of Node.js holds (24.8 days) work. */
const systemClock = {
    now: () => Date.now(),
    async sleep(ms, signal) {
        signal?.throwIfAborted();
        for (let left = ms; left > 0; left -= longestTimer) {
            try {
                await (0,external_node_timers_promises_.setTimeout)(Math.min(left, longestTimer), undefined, { signal });
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
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
;// CONCATENATED MODULE: ./lib/api/content-encoding.js

// Not by name: older runtimes have no zstd, and would not load this module.


const decoders = new Map([
    ["gzip", external_node_zlib_.createGunzip],
    ["x-gzip", external_node_zlib_.createGunzip],
    ["deflate", external_node_zlib_.createInflate],
    ["br", external_node_zlib_.createBrotliDecompress],
    ["zstd", external_node_zlib_.createZstdDecompress],
]);
/** Names that stand for bytes as they are; S3 leaves its own in the headers of stored objects. */
const plain = new Set(["", "identity", "none", "aws-chunked"]);
/** The encodings of a body, in the order in which they were applied. */
function encodingsOf(headers) {
    return (headers["content-encoding"] ?? "")
        .split(",")
        .map((name) => name.trim().toLowerCase())
        .filter((name) => !plain.has(name));
}
/**
 * A body without its `content-encoding`, which storage behind an API sends although `identity` was
 * asked for. A body that is cut, on the wire or within its encoding, ends with an error.
 *
 * @throws {APIError} `unsupported_encoding`
 */
function decoded(body, headers, call) {
    const names = encodingsOf(headers).toReversed();
    const steps = names.map((name) => decoders.get(name)?.());
    const known = steps.filter((step) => step !== undefined);
    if (known.length < steps.length) {
        body.destroy();
        throw new errors/* APIError */.LG(`${call} was answered in an encoding that cannot be read (${names.join(", ")}). Ask the server's operator to send the file as it is.`, { code: "unsupported_encoding" });
    }
    // Each error destroys all, the last one too, from which its reader gets it.
    return known.reduce((from, step) => (0,external_node_stream_.pipeline)(from, step, () => undefined), body);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./lib/api/content-range.js
/** The header that asks for a range only of the version that we have the beginning of. */
function ifSame(version) {
    return version === undefined ? {} : { "if-range": version };
}
/** The name of a version; a weak tag may not be used with ranges (RFC 9110, 13.1.5). */
function strongTagOf({ etag }) {
    return etag?.startsWith('"') === true ? etag : undefined;
}
/** Where a part begins, and how long the whole is where the server knows it. */
function contentRangeOf(headers) {
    const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
    if (found === null)
        return undefined;
    return { start: Number(found[1]), total: found[2] === "*" ? undefined : Number(found[2]) };
}

;// CONCATENATED MODULE: ./lib/api/write-body.js
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


/**
 * Writes a body to disk as it comes; gives the number of bytes. A chunk is written before the next one
 * is read: what waits in memory is no more than the stream holds.
 */
async function writeBody(body, { path, append, broken }) {
    let bytes = 0;
    let ofDisk = true;
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const file = __addDisposableResource(env_1, await (0,promises_.open)(path, append ? "a" : "w"), true);
            ofDisk = false;
            // got compares what came with the length that the server named, and fails on a difference.
            // No encoding is set, so that its chunks are buffers.
            for await (const chunk of body) {
                ofDisk = true;
                for (let at = 0; at < chunk.length;)
                    at += (0,external_node_fs_.writeSync)(file.fd, chunk, at);
                ofDisk = false;
                bytes += chunk.length;
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

;// CONCATENATED MODULE: ./lib/api/download.js







/**
 * Downloads to a temporary name beside `path` and renames it once every byte is there. What came
 * before a connection broke is kept, and the rest asked for (`Range`); a server that does not know
 * ranges sends all again.
 */
async function download(wire, from, path, options) {
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
    // Of its own length: the target's name may be as long as a name can be.
    const temporary = (0,external_node_path_.join)((0,external_node_path_.dirname)(path), `.${(0,external_node_crypto_.randomUUID)()}.partial`);
    const partial = new PartialFile(wire, from, temporary);
    try {
        const { bytes, measured } = await wire.retried({ ...options, call: partial.call }, async (signal) => partial.complete(signal, options.check));
        await (0,promises_.rename)(partial.path, path);
        return { path, bytes, complete: measured ? "length" : undefined };
    }
    catch (error) {
        await partial.discard();
        throw error;
    }
}
/** The beginning of a file on its way. */
class PartialFile {
    path;
    call;
    #wire;
    #from;
    /** The version of the file that the bytes belong to, where the server names it. */
    #version;
    constructor(wire, from, path) {
        this.#wire = wire;
        this.#from = from;
        this.path = path;
        this.call = `GET ${from}`;
    }
    async discard() {
        await (0,promises_.rm)(this.path, { force: true });
    }
    /** Fetches what is missing. */
    async complete(signal, check) {
        for (;;) {
            const have = await download_sizeOf(this.path);
            const fetched = await this.#fetchFrom(have, signal);
            const { bytes, total, measured, answer } = fetched;
            if (total === undefined || bytes >= total) {
                const problem = await check?.(this.path, measured);
                if (problem === undefined)
                    return fetched;
                await this.discard();
                throw this.#cutShort(problem, answer);
            }
            // A server may give less than it was asked for; as long as something comes it goes on.
            if (bytes <= have)
                throw this.#cutShort(`${bytes} of ${total} bytes came`, answer);
        }
    }
    async #fetchFrom(have, signal) {
        const request = {
            method: "GET",
            path: this.#from,
            signal,
            ...(have > 0 ? { headers: { range: `bytes=${have}-`, ...ifSame(this.#version) } } : {}),
        };
        const answer = await this.#wire.transport.open(request).catch(async (error) => {
            // What we have is no beginning of what is there now: all of it, on the next attempt.
            if (!(error instanceof errors/* APIError */.LG) || error.status !== 416)
                throw error;
            throw await this.#startAnew(have);
        });
        const goesOn = answer.status === 206;
        const range = contentRangeOf(answer.headers);
        if (goesOn && !this.#continues(answer, have, range?.start)) {
            answer.body.destroy();
            throw await this.#startAnew(have);
        }
        this.#version = strongTagOf(answer.headers);
        const written = await this.#write(answer, goesOn, (error) => this.#wire.transport.broken(request, answer, error));
        const total = goesOn ? range?.total : undefined;
        const bytes = (goesOn ? have : 0) + written;
        const measured = goesOn ? total === bytes : answer.headers["content-length"] !== undefined;
        return { answer, bytes, total, measured };
    }
    /** Whether a part is the one that was asked for, of the same version and not encoded: a range counts encoded bytes. */
    #continues(answer, have, start) {
        const tag = strongTagOf(answer.headers);
        const changed = this.#version !== undefined && tag !== undefined && tag !== this.#version;
        return start === have && !changed && encodingsOf(answer.headers).length === 0;
    }
    async #write(answer, goesOn, broken) {
        try {
            return await writeBody(answer.body, { path: this.path, append: goesOn, broken });
        }
        catch (error) {
            // Decoded bytes say nothing of where the encoded ones would go on.
            if (encodingsOf(answer.headers).length > 0)
                await this.discard();
            throw error;
        }
    }
    /** What we have is no beginning of what the server sends; the next attempt begins anew. */
    async #startAnew(have) {
        await this.discard();
        return new errors/* UnreadableAnswerError */.mP(`${this.call} cannot go on from byte ${have}.`, {
            code: "range_refused",
            success: false,
        });
    }
    #cutShort(why, { requestID }) {
        return new errors/* UnreadableAnswerError */.mP(`${this.call}: the file did not come whole: ${why}.`, {
            code: "cut_short",
            requestID,
            success: false,
        });
    }
}
async function download_sizeOf(path) {
    try {
        return (await (0,promises_.stat)(path)).size;
    }
    catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT")
            return 0;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/api/upload.js





const upload_chunkBytes = 256 * 1024;
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
    const { size } = await (0,promises_.stat)(path);
    return {
        name: name.endsWith(".jsonl") ? name : `${name}.jsonl`,
        size,
        // The size was promised in the header, so bytes that another process appends stay out.
        stream: () => size === 0
            ? external_node_stream_.Readable.from([])
            : (0,external_node_fs_.createReadStream)(path, { end: size - 1, highWaterMark: upload_chunkBytes }),
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
    /**
     * Lists files (`GET /files`). Awaited it is one page; `for await` goes through all of them, and
     * throws at the end of a list that is incomplete.
     */
    list(query = {}, options = {}) {
        const call = "GET /files";
        const { after, limit, order, purpose } = query;
        const fetch = async (cursor) => this.#wire.retried({ ...options, call }, async (signal) => pageOf({ call, expected: "a list of files", read: normalizeFile }, await this.#wire.transport.json({
            method: "GET",
            path: "/files",
            query: { after: cursor, limit, order, purpose },
            signal,
        })));
        return paged({ call, after, fetch });
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
            const encoded = encodingsOf(answer.headers).length > 0;
            const headers = Object.entries(answer.headers).flatMap(([name, value]) => typeof value !== "string" || (encoded && ofEncoded.has(name))
                ? []
                : [[name, value]]);
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
                // A 2xx without JSON, as 204, says that it is done; a web page says nothing.
                if (error instanceof errors/* UnreadableAnswerError */.mP && !error.page)
                    return deleted(fileId, true);
                // What an earlier attempt has deleted is not there any more.
                if (!answerLost || error.status !== 404) {
                    answerLost ||= error.outcomeUnknown;
                    throw error;
                }
                answer = {};
            }
            return deleted(fileId, (0,api_json/* isFields */.Ce)(answer) && answer["deleted"] !== false);
        });
    }
}
/** Headers of the bytes on the wire, which those of a decoded body are not. */
const ofEncoded = new Set(["content-encoding", "content-length"]);
function deleted(id, done) {
    return { id, object: "file", deleted: done };
}
function filePath(id) {
    return `/files/${idPath(id)}`;
}
function fileOf(call, answer) {
    const file = normalizeFile(answer);
    if (file === undefined)
        throw unknownShape(call, "a file");
    return file;
}

;// CONCATENATED MODULE: ./lib/api/models.js


/**
 * `client.models`: whether a model is there.
 *
 * Made by `BatchClient`.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { id, shutdown_date } = await client.models.retrieve("gpt-6-luna");
 * console.log(id, shutdown_date); // gpt-6-luna undefined
 * ```
 */
class Models {
    #wire;
    constructor(wire) {
        this.#wire = wire;
    }
    /**
     * Reads what is known of a model (`GET /models/{model}`).
     *
     * @throws {APIError} 404 when the server knows no such model, or this key may not use it
     */
    async retrieve(model, options = {}) {
        const path = `/models/${idPath(model)}`;
        const call = `GET ${path}`;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            const answer = await this.#wire.transport.json({ method: "GET", path, signal });
            const found = modelOf(answer);
            if (found === undefined)
                throw unknownShape(call, "a model");
            return found;
        });
    }
}
function modelOf(answer) {
    if (!(0,api_json/* isFields */.Ce)(answer) || typeof answer["id"] !== "string")
        return undefined;
    const { id, created, owned_by: owner, shutdown_date: shutdown } = answer;
    return {
        id,
        object: "model",
        ...(typeof created === "number" ? { created } : {}),
        ...(typeof owner === "string" ? { owned_by: owner } : {}),
        ...(typeof shutdown === "string" && shutdown !== "" ? { shutdown_date: shutdown } : {}),
    };
}

// EXTERNAL MODULE: ./node_modules/got/dist/source/index.js + 40 modules
var source = __webpack_require__(1006);
// EXTERNAL MODULE: ./node_modules/got/dist/source/core/errors.js
var core_errors = __webpack_require__(3431);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: ./node_modules/hpagent/index.mjs
var hpagent = __webpack_require__(9611);
;// CONCATENATED MODULE: ./lib/api/proxy.js


const defaultPorts = { "http:": "80", "https:": "443" };
/**
 * The proxy through which a URL is called, by the variables `https_proxy`, `http_proxy` and
 * `no_proxy` in either case, as curl reads them. `undefined` for a direct call; a loopback server is
 * always called directly, since plain http through a proxy would show it the key.
 *
 * @throws {APIError} `invalid_proxy`; the message names the variable and never its value, which may hold a password
 */
function proxyFor(url, env) {
    if ((0,base_url/* isLoopback */.U9)(url.hostname))
        return undefined;
    const name = `${url.protocol.slice(0, -1)}_proxy`;
    const { value, variable } = variableOf(env, name);
    if (value === "" || isExcepted(url, variableOf(env, "no_proxy").value))
        return undefined;
    return proxyURL(value, variable);
}
function variableOf(env, name) {
    const variable = [name, name.toUpperCase()].find((one) => env[one]?.trim()) ?? name;
    return { variable, value: env[variable]?.trim() ?? "" };
}
/**
 * Whether `no_proxy` lists a host: `*` stands for all, a name for itself and every host below it
 * (`corp.test`, `.corp.test` and `*.corp.test` alike), each with a port or without.
 */
function isExcepted({ hostname, port, protocol }, list) {
    const host = bare(hostname);
    const actualPort = port || defaultPorts[protocol];
    return list.split(/[,\s]+/).some((entry) => {
        if (entry === "*")
            return true;
        const [, name = "", onPort] = /^(.+?)(?::(\d+))?$/.exec(bracketed(entry)) ?? [];
        const domain = bare(name.replace(/^\*?\./, ""));
        if (domain === "" || (onPort !== undefined && onPort !== actualPort))
            return false;
        return host === domain || host.endsWith(`.${domain}`);
    });
}
/** In an IPv6 address without brackets the last colon is not that of a port. */
function bracketed(entry) {
    return /^[\da-f]*:[\da-f:.]*:[\da-f:.]*$/i.test(entry) ? `[${entry}]` : entry;
}
function bare(hostname) {
    return hostname.toLowerCase().replace(/^\[|\]$|\.$/g, "");
}
/** A proxy without a scheme speaks plain http, as for curl. */
function proxyURL(value, variable) {
    const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const usable = url !== undefined &&
        (url.protocol === "http:" || url.protocol === "https:") &&
        // A raw `#`, `/` or `?` of a password ends the host too early.
        url.hash === "" &&
        url.search === "" &&
        !url.pathname.includes("@") &&
        isDecodable(url.username) &&
        isDecodable(url.password);
    if (usable)
        return url;
    throw new errors/* APIError */.LG(`The proxy that the environment variable ${variable} names cannot be used. ` +
        "Write it as http://user:password@host:port, with each special character of the password percent-encoded (`#` as %23).", { code: "invalid_proxy" });
}
function isDecodable(text) {
    try {
        decodeURIComponent(text);
        return true;
    }
    catch (error) {
        if (error instanceof URIError)
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/api/agents.js




/**
 * The connections through which a URL is called; kept and shared by all calls that go the same way.
 *
 * Node's own `proxyEnv` is not used: some releases of Node 24 die of a proxy that refuses, its
 * `no_proxy` does not know domains, and other runtimes do not have it.
 *
 * @param timeout milliseconds; a proxy that says nothing holds a connection no longer
 */
function agentsByURL(timeout) {
    const byProxy = new Map();
    return (url) => {
        const proxy = proxyFor(url, process.env);
        const known = byProxy.get(proxy?.href ?? "");
        if (known !== undefined)
            return known;
        const agents = proxy === undefined ? direct() : through(proxy, timeout);
        byProxy.set(proxy?.href ?? "", agents);
        return agents;
    };
}
function direct() {
    return { http: new external_node_http_.Agent({ keepAlive: true }), https: new external_node_https_.Agent({ keepAlive: true }) };
}
function through(proxy, timeout) {
    const options = { keepAlive: true, proxy, timeout };
    return { http: new hpagent/* HttpProxyAgent */.sH(options), https: new hpagent/* HttpsProxyAgent */.bW(options) };
}

;// CONCATENATED MODULE: ./lib/api/answer-headers.js

/** The server's name for a call; Azure has a header of its own. */
function requestIdOf(headers) {
    const id = headers["x-request-id"] ?? headers["apim-request-id"];
    return Array.isArray(id) ? id[0] : id;
}
const longestName = 200;
/** The server's name for a call as messages and logs have it; a gateway may put anything into it. */
function nameOfCall(headers, redact) {
    const id = requestIdOf(headers);
    return id === undefined ? undefined : plainText(redact(id), longestName) || undefined;
}
/** The server's own word on another try. */
function shouldRetryOf(headers) {
    const value = headers["x-should-retry"];
    return value === "true" ? true : value === "false" ? false : undefined;
}
/** Milliseconds; `retry-after` is a number of seconds or a date. */
function retryAfterOf(headers, clock) {
    const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN);
    if (milliseconds >= 0)
        return milliseconds;
    const after = headers["retry-after"];
    if (after === undefined)
        return undefined;
    const wait = /^[\d.]+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - clock.now();
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

// EXTERNAL MODULE: ./lib/api/final-codes.js
var final_codes = __webpack_require__(4407);
;// CONCATENATED MODULE: ./lib/api/raw-error.js

/** Fields that hold the error itself. */
const places = ["error", "errors", "fault"];
const messages = [
    ...["message", "detail", "msg", "Message", "error_message", "errorMessage", "error_msg"],
    ...["messages", "faultstring", "description", "reason", "title"],
];
const codes = ["code", "error_code", "errorCode", "Code", "__type"];
const statuses = ["status", "status_code", "statusCode", "code"];
/** JSON in a text in JSON: more of that is nobody's error. */
const deepest = 4;
/** Reads an error of any shape; of what it does not know it reads nothing, for a server may repeat a request. */
function rawError(value, depth = 0) {
    if (depth > deepest)
        return {};
    if (typeof value === "string")
        return ofText(value, depth);
    if (Array.isArray(value))
        return ofList(value, depth);
    if (!(0,api_json/* isFields */.Ce)(value))
        return {};
    const place = places.find((name) => isThere(value[name]));
    const own = ownWords(value, depth);
    if (place === undefined)
        return own;
    const inner = value[place];
    // OAuth: the code under `error`, the words beside it.
    const description = raw_error_text(value, "error_description", depth) ?? raw_error_text(value, "message", depth);
    if (typeof inner === "string" && description !== undefined) {
        return { message: description, code: inner, status: own.status };
    }
    const error = place === "errors" && (0,api_json/* isFields */.Ce)(inner) ? ofFields(inner, depth) : rawError(inner, depth + 1);
    const { message = own.message, code = own.code, status = own.status } = error;
    return { ...error, message, code, status };
}
function ownWords(value, depth) {
    const inner = (0,api_json/* isFields */.Ce)(value["innererror"]) ? rawError(value["innererror"], depth + 1) : {};
    const message = firstOf(messages, (name) => raw_error_text(value, name, depth));
    const type = raw_error_text(value, "type", depth);
    const told = message === undefined ? inner : ofText(message, depth);
    return {
        message: told.message,
        code: firstOf(codes, (name) => raw_error_text(value, name, depth)) ?? told.code,
        type: type === "about:blank" ? undefined : (type ?? told.type),
        param: raw_error_text(value, "param", depth) ?? told.param,
        status: firstOf(statuses, (name) => raw_error_statusOf(value[name])) ?? told.status,
    };
}
/** A text that is JSON says what that says, where it says anything. */
function ofText(value, depth) {
    const parsed = /^\s*[[{"]/.test(value) ? (0,api_json/* parseJson */.qF)(value) : undefined;
    const inner = parsed === undefined ? {} : rawError(parsed.value, depth + 1);
    return inner.message === undefined ? { message: value } : inner;
}
/** The words of all, and the code of the first. */
function ofList(value, depth) {
    const errors = value.map((item) => rawError(item, depth + 1));
    const words = errors.flatMap(({ message = "" }) => (message === "" ? [] : [message]));
    return { ...errors[0], message: words.join("; ") || undefined };
}
/** `{message, …}`, or the words on each field: `{input_file_id: ["is too old"]}`. */
function ofFields(value, depth) {
    const own = rawError(value, depth + 1);
    if (own.message !== undefined)
        return own;
    const words = Object.keys(value).flatMap((name) => {
        const said = raw_error_text(value, name, depth);
        return said === undefined ? [] : [`${name}: ${said}`];
    });
    return { ...own, message: words.join("; ") || undefined };
}
function raw_error_text(fields, key, depth) {
    const value = fields[key];
    if (typeof value === "string" && value.trim() !== "")
        return value;
    if (typeof value === "number")
        return String(value);
    // `{detail: {message: …}}`, and FastAPI's list of problems; what it echoes of the request stays out.
    const isList = Array.isArray(value) || (key === "detail" && (0,api_json/* isFields */.Ce)(value));
    return isList ? rawError(value, depth + 1).message : undefined;
}
function raw_error_statusOf(value) {
    const status = Number(value ?? Number.NaN);
    return status >= 400 && status <= 599 ? status : undefined;
}
function isThere(value) {
    if (Array.isArray(value))
        return value.length > 0;
    return (0,api_json/* isFields */.Ce)(value) || (typeof value === "string" && value.trim() !== "");
}
function firstOf(names, read) {
    for (const name of names) {
        const value = read(name);
        if (value !== undefined)
            return value;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/api/error-fields.js



const longestCode = 200;
/**
 * Reads `{error: {…}}`, `{error: "…"}`, OAuth's `{error, error_description}`, FastAPI's `{detail: …}`,
 * RFC 9457's `{title, detail}`, `{code, message}`, `{errors: […]}`, lists of these, and JSON within a text.
 */
function errorFields(body, redact) {
    const { message, code, type, param, status } = rawError(body);
    const clean = (value, longest) => value === undefined ? undefined : plainText(redact(value), longest) || undefined;
    return {
        message: clean(message),
        code: clean(code ?? (0,final_codes/* finalCodeIn */.h)(message ?? ""), longestCode),
        type: clean(type, longestCode),
        param: clean(param, longestCode),
        status,
    };
}
/** Reads the error of a body that is no JSON; of a web page nothing. */
function errorFieldsOfText(body, redact) {
    const kind = kindOf(body);
    if (kind === "an XML document")
        return errorFields(xmlError(body), redact);
    // JSON that was cut may repeat a request.
    return kind === "text" && !/^\s*[[{"]/.test(body) ? errorFields(body, redact) : {};
}
/** A web page as messages call it, with its title where that is short. */
function pageNamed(body, redact) {
    const title = titleOf(redact(body));
    return `a web page (HTML)${title === undefined ? "" : ` titled "${title}"`}`;
}

;// CONCATENATED MODULE: ./lib/api/error-in-success.js




/**
 * What the body of a success says of an error: `{error: …}`, `{object: "error"}`, `{success: false}`,
 * `{detail: …}`, `{code, message}` and the like. `undefined` for a body that is none, as one that
 * holds an id: a batch that failed carries its own errors.
 */
function errorInSuccess(value, redact) {
    if (!(0,api_json/* isFields */.Ce)(value) || hasId(value))
        return undefined;
    return isErrorBody(value) ? errorFields(value, redact) : undefined;
}
/** Whether the body of a success is an error, by any of the signs that servers give. */
function isErrorBody(body) {
    if (isFull(body["error"]) || body["error"] === true || body["object"] === "error")
        return true;
    const flags = [body["success"], body["status"], body["ok"]];
    if (flags.includes(false) || /^(?:error|fail)$/i.test(String(body["status"])))
        return true;
    if (flags.includes(true) || isFull(body["data"]) || Array.isArray(body["data"]))
        return false;
    if (isFull(body["detail"]) || isFull(body["errors"]))
        return true;
    // RFC 9457: {title, status, detail}.
    if (typeof body["status"] === "number" && body["status"] >= 400)
        return true;
    return isErrorCode(body["code"]) && (isFull(body["message"]) || isFull(body["msg"]));
}
function isFull(value) {
    if (typeof value === "string")
        return value.trim() !== "";
    return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
/** A code that is no sign of success: 0, 200, 20000, `ok` are. */
function isErrorCode(code) {
    if (typeof code !== "string" && typeof code !== "number")
        return false;
    return !/^(0*|20\d+|ok|success|succeeded)$/i.test(String(code).trim());
}
const limitWords = /rate.?limit|too.?many|slow.?down/i;
const transientWords = /time.?out|timed.?out|overload|unavailable|internal|server.?error|busy|again|temporar/i;
const permanentWords = /invalid|bad.?request|unauthori[sz]ed|authenti|permission|forbidden|denied|not.?found|unsupported|validation|too.?large|conflict/i;
/**
 * What an error without a status means for the call: whether another try may help, and whether the
 * server has clearly refused. Without any word for its kind it may have happened after the deed.
 */
function severityOf({ code = "", type = "", message = "" }) {
    const kind = `${code} ${type}`;
    if (final_codes/* finalCodes */.F.has(code))
        return { transient: false, refused: true };
    if (limitWords.test(`${kind} ${message}`))
        return { transient: true, refused: true };
    if (transientWords.test(kind))
        return { transient: true, refused: false };
    if (permanentWords.test(kind))
        return { transient: false, refused: true };
    if (transientWords.test(message))
        return { transient: true, refused: false };
    return { transient: kind.trim() === "", refused: false };
}

;// CONCATENATED MODULE: ./lib/api/safe-headers.js
/** Cookies and credentials, and addresses, whose query may be one. */
const secret = /cookie|authoriz|authenticat|api-key|secret|signature|-token$|^token$|^(content-)?location$|^link$|^refresh$/;
/** An answer's headers as an error carries them: without what may be secret. */
function safeHeaders(headers, redact) {
    const safe = new Headers();
    for (const [name, value] of Object.entries(headers)) {
        if (value === undefined || secret.test(name))
            continue;
        for (const one of [value].flat())
            safe.append(name, redact(one));
    }
    return safe;
}

;// CONCATENATED MODULE: ./lib/api/refusal.js








const same = (text) => text;
/** The error that an answer with another status than a success stands for. */
function refusal(answer, reading) {
    const { redact = same, advise = adviceFor } = reading;
    const { call, status, body } = answer;
    const parsed = (0,api_json/* parseJson */.qF)(body);
    const page = parsed === undefined && kindOf(body) === "a web page (HTML)";
    const fields = parsed === undefined ? errorFieldsOfText(body, redact) : errorFields(parsed.value, redact);
    const named = [status, fields.code ?? fields.type].filter((part) => part !== undefined).join(" ");
    const what = page ? `${named} and ${pageNamed(body, redact)}` : named;
    const advice = page && (status === 401 || status === 403)
        ? "That is no answer of the API but of a gateway or proxy in front of it; check the base URL and the network, and run again."
        : advise(status, fields.code, fields.message);
    const details = detailsOf(answer, reading);
    return new errors/* APIError */.LG(`${call} was answered with ${what}${identified(details)}${said(fields)} ${advice}`, {
        ...details,
        ...wordsOf(fields),
        status,
        page,
        ...(isDoneAlready(status, fields) ? { outcomeUnknown: true } : {}),
    });
}
/** A conflict with what is there already: a proxy that has sent the same call twice made the first one. */
function isDoneAlready(status, { code, type, message }) {
    const words = [code, type, message].join(" ");
    return status === 409 && /\balready\b|duplicat|\bexists\b|idempoten/i.test(words);
}
/**
 * The error that stands in the body of a success, if there is one. Its status is the one that the
 * body names, else that of the answer.
 */
function refusalInSuccess(answer, value, reading) {
    const { redact = same, advise = adviceFor } = reading;
    const fields = errorInSuccess(value, redact);
    if (fields === undefined)
        return undefined;
    const details = { ...detailsOf(answer, reading), ...wordsOf(fields) };
    const known = [fields.status?.toString(), fields.code ?? fields.type];
    const named = [...new Set(known)].filter((part) => part !== undefined).join(" ");
    const what = named === "" ? "" : ` (${named})`;
    const text = (advice) => `${answer.call} was answered with ${answer.status}, but its body is an error${what}${identified(details)}${said(fields)} ${advice}`;
    if (fields.status !== undefined) {
        return new errors/* APIError */.LG(text(advise(fields.status, fields.code, fields.message)), {
            ...details,
            status: fields.status,
        });
    }
    const { transient, refused } = severityOf(fields);
    return new errors/* APIError */.LG(text(advise(transient ? 500 : 400, fields.code, fields.message)), {
        ...details,
        status: answer.status,
        shouldRetry: details.shouldRetry ?? transient,
        outcomeUnknown: !refused,
    });
}
function identified({ requestID }) {
    return requestID === undefined ? "" : ` (request id ${requestID})`;
}
/** What every error of an answer carries of it. */
function detailsOf(answer, { clock, redact = same }) {
    const { headers } = answer;
    return {
        requestID: nameOfCall(headers, redact),
        headers: safeHeaders(headers, redact),
        retryAfter: retryAfterOf(headers, clock),
        shouldRetry: shouldRetryOf(headers),
    };
}
function wordsOf({ code, type, param }) {
    return { code, type, param };
}
function said({ message }) {
    if (message === undefined)
        return ".";
    return /[.!?]$/.test(message) ? `: ${message}` : `: ${message}.`;
}

;// CONCATENATED MODULE: ./lib/api/answer.js





/**
 * The JSON of a success.
 *
 * @throws {APIError} for a status that is none, and for an error in the body of a success
 * @throws {UnreadableAnswerError} for a success that is not JSON
 */
function readAnswer(answer, reading) {
    if (!isSuccess(answer.status))
        throw refusal(answer, reading);
    const parsed = (0,api_json/* parseJson */.qF)(answer.body);
    if (parsed === undefined)
        throw unreadable(answer, reading);
    const error = refusalInSuccess(answer, parsed.value, reading);
    if (error !== undefined)
        throw error;
    return reading.redactValue === undefined ? parsed.value : reading.redactValue(parsed.value);
}
function isSuccess(status) {
    return status >= 200 && status <= 299;
}
function unreadable(answer, reading) {
    const { call, status, body } = answer;
    const kind = kindOf(body);
    const page = kind === "a web page (HTML)";
    const what = page
        ? pageNamed(body, reading.redact ?? ((text) => text))
        : kind === "text"
            ? "text that is no whole JSON"
            : kind;
    const details = detailsOf(answer, reading);
    const named = details.requestID === undefined ? "no request id" : `request id ${details.requestID}`;
    return new errors/* UnreadableAnswerError */.mP(`${call} was answered with ${status} and ${what} (${named}). ` +
        "Check that the base URL is the API's own address (it usually ends in /v1) and that no proxy answers in its place.", { ...details, code: "unreadable_answer", status, success: false, page });
}

;// CONCATENATED MODULE: ./lib/api/connection-error.js



/** What hpagent says of a proxy that opens no tunnel. */
const proxyRefused = /^Bad response: (\d+)$/;
/** The error for a request without a whole answer; the signal's reason where it was aborted. */
function connectionError(error, { request, timeout, redact, requestID }) {
    request.signal?.throwIfAborted();
    // The file could not be read: no fault of the network, and no retry changes it.
    if (error instanceof core_errors/* UploadError */.oW && error.cause instanceof Error)
        return error.cause;
    const call = `${request.method} ${request.path}`;
    const code = codeOf(error);
    const details = { code, requestID, sent: wasSent(error) };
    if (error instanceof core_errors/* TimeoutError */.MU) {
        return new errors/* APIConnectionTimeoutError */.qA(`${call} had no answer for ${timeout / 1000} s. Check the network and the base URL, or raise the request timeout.`, details);
    }
    const message = plainText(redact((0,errors/* messageOf */.bD)(error))).replace(proxyRefused, "the proxy said $1");
    // got's own error holds the request with its headers, so only what it stands for goes on.
    const cause = error instanceof core_errors/* RequestError */.GI ? error.cause : error;
    return new errors/* APIConnectionError */.xX(`${call} got no whole answer${answered(error, requestID)}: ${message} (${code}). ${connection_error_adviceFor(code)}`, { ...details, cause });
}
function connection_error_adviceFor(code) {
    // It is told before anything is sent, and no network has a part in it.
    return code === "ERR_INVALID_CHAR"
        ? "Check the key and the headers for line breaks and for characters that no header can hold."
        : "Check the network, the proxy settings and the base URL.";
}
/** The system's code of an error. */
function codeOf(error) {
    return error instanceof Error && "code" in error && typeof error.code === "string"
        ? error.code
        : "unknown";
}
function answered(error, requestID) {
    const status = error instanceof core_errors/* RequestError */.GI ? error.response?.statusCode : undefined;
    const known = [
        ...(status === undefined ? [] : [`status ${status}`]),
        ...(requestID === undefined ? [] : [`request id ${requestID}`]),
    ];
    return known.length === 0 ? "" : ` (${known.join(", ")})`;
}
/** Whether the whole request went out, so that the server may have acted on it. */
function wasSent(error) {
    return error instanceof core_errors/* RequestError */.GI && error.timings?.upload !== undefined;
}

;// CONCATENATED MODULE: ./lib/api/got-options.js


/** What another origin may be sent. */
const keptOnRedirect = new Set([
    "accept",
    "accept-encoding",
    "user-agent",
    "range",
    "if-range",
]);
/** A request in the words of got. */
async function gotOptions(request, settings) {
    const { baseURL, timeout, agentsFor } = settings;
    const query = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined);
    return {
        method: request.method,
        searchParams: Object.fromEntries(query),
        headers: {
            accept: "application/json",
            ...(await settings.headers(request.signal)),
            ...request.headers,
            ...request.upload?.headers,
        },
        ...(request.json === undefined ? {} : { json: request.json }),
        ...(request.upload === undefined ? {} : { body: request.upload.stream }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
        agent: agentsFor(new URL(baseURL)),
        ...(request.background === true ? { request: requestInBackground } : {}),
        retry: { limit: 0 },
        throwHttpErrors: false,
        // A redirected POST could be done twice, or turn into a GET.
        followRedirect: request.method === "GET",
        timeout: {
            lookup: timeout,
            connect: timeout,
            secureConnect: timeout,
            socket: timeout,
            response: timeout,
        },
        hooks: {
            beforeRedirect: [
                (next, response) => {
                    redirect(next, response.url, agentsFor);
                },
            ],
        },
    };
}
/** Another origin gets no credential, and may be reached another way. */
function redirect(next, from, agentsFor) {
    const to = new URL(String(next.url));
    if (to.origin === new URL(from).origin)
        return;
    next.agent = agentsFor(to);
    for (const name of Object.keys(next.headers)) {
        if (!keptOnRedirect.has(name))
            Reflect.deleteProperty(next.headers, name);
    }
}
/** A request whose connection does not keep the process alive. */
const requestInBackground = (url, options, onResponse) => {
    const send = url.protocol === "https:" ? external_node_https_.request : external_node_http_.request;
    return send(url, options, onResponse).on("socket", (socket) => {
        socket.unref();
    });
};

;// CONCATENATED MODULE: ./lib/api/transport.js








/**
 * HTTP on got, one request at a time: no retries here, and no meaning.
 *
 * @throws {APIError} `invalid_proxy` for a proxy of the environment that cannot be used
 */
function createTransport(settings) {
    const { timeout, redact } = settings;
    const agentsFor = agentsByURL(timeout);
    // A proxy that cannot be used is an error before anything is done.
    agentsFor(new URL(settings.baseURL));
    const wired = { ...settings, agentsFor };
    return {
        json: async (request) => sendForJson(request, wired),
        open: async (request) => sendForStream(request, wired),
        broken: (request, answer, error) => connectionError(error, { request, timeout, redact, requestID: answer.requestID }),
    };
}
async function sendForJson(request, settings) {
    const options = await gotOptions(request, settings);
    request.onSend?.();
    const done = tracked(request, settings);
    try {
        const { statusCode, headers, body } = await (0,source/* default */.Ay)(settings.baseURL + request.path, {
            ...options,
            responseType: "text",
        });
        done({ status: statusCode, requestID: nameOfCall(headers, settings.redact) });
        const answer = { call: nameOf(request), status: statusCode, headers, body };
        return readAnswer(answer, readingOf(settings));
    }
    catch (error) {
        if (!(error instanceof core_errors/* RequestError */.GI))
            throw error;
        const { response } = error;
        const requestID = response === undefined ? undefined : nameOfCall(response.headers, settings.redact);
        done({ code: error.code, requestID });
        throw connectionError(error, { ...settings, request, requestID });
    }
}
async function sendForStream(request, settings) {
    const options = await gotOptions(request, settings);
    request.onSend?.();
    const done = tracked(request, settings);
    const stream = source/* default */.Ay.stream(settings.baseURL + request.path, {
        ...options,
        // The length that the server names is the length on the wire; it is what got checks.
        headers: { "accept-encoding": "identity", ...options.headers, accept: "*/*" },
        decompress: false,
    });
    const head = await new Promise((resolve, reject) => {
        stream.once("response", resolve);
        stream.once("error", reject);
    }).catch((error) => {
        done({ code: codeOf(error) });
        throw connectionError(error, { ...settings, request });
    });
    const { statusCode: status, headers } = head;
    const requestID = nameOfCall(headers, settings.redact);
    done({ status, requestID });
    const call = nameOf(request);
    const body = decoded(stream, headers, call);
    if (isSuccess(status))
        return { status, headers, requestID, body };
    const answer = { call, status, headers, body: await startOf(body) };
    throw refusal(answer, readingOf(settings));
}
function nameOf({ method, path }) {
    return `${method} ${path}`;
}
function readingOf({ clock, redact, redactValue, advise }) {
    return { clock, redact, redactValue, advise };
}
/** Tells of a request once its end is known. */
function tracked({ method, path }, { clock, onCall }) {
    const started = clock.now();
    return ({ status, requestID, code }) => {
        const ms = clock.now() - started;
        onCall?.({ method, path, status, requestID, ms, ...(code === undefined ? {} : { code }) });
    };
}
/** The body of an error, as far as it is worth reading. */
async function startOf(stream) {
    const chunks = [];
    let bytes = 0;
    try {
        for await (const chunk of stream) {
            if (!Buffer.isBuffer(chunk))
                continue;
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > 65_536)
                break;
        }
    }
    catch (error) {
        // A cut error answer still has its status, which says more than the cut.
        if (!(error instanceof Error) || !("code" in error))
            throw error;
    }
    return Buffer.concat(chunks).toString("utf8");
}

;// CONCATENATED MODULE: ./lib/api/auth-errors.js

/**
 * No access token was given for the workload's own one. The call that needed it was not made.
 * Transient errors have been retried before, so nothing retries this.
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
 * The workload has no token of its own, so there was nothing to exchange.
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
/** The code of an error that says that the workload may not ask for an identity any longer. */
const identityExpired = "identity_expired";

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
    const { clock, timeout, onCall } = settings;
    const url = (0,base_url/* checkedTokenURL */.gb)(identity.tokenURL ?? base_url/* defaultTokenURL */.u4);
    const path = url.pathname;
    const secrets = new Set();
    const transport = createTransport({
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
    const send = async (signal, background) => {
        const subjectToken = await identity.provider.getToken({ signal, background });
        if (typeof subjectToken !== "string" || subjectToken.trim() === "")
            throw noSubjectToken();
        keep(subjectToken);
        // The token's life is counted from here, since it may have been made this early.
        const sentAt = clock.now();
        const json = requestOf(identity, subjectToken);
        try {
            const call = { method: "POST", path, json, signal, background };
            const fields = tokenFields(url, await transport.json(call));
            keep(fields.token);
            return accessToken(url, fields, { sentAt, buffer: identity.refreshBufferSeconds });
        }
        catch (error) {
            // Final, whatever the server's `x-should-retry` says.
            throw isRefusal(error) ? failed(url, error) : error;
        }
    };
    const exchange = async (signal, background) => {
        const call = { call: `POST ${path}`, signal, ...(background ? { maxRetries: 0 } : {}) };
        try {
            return await (0,retry/* withRetries */.LH)(async (ending) => send(ending, background), call, settings);
        }
        catch (error) {
            throw failed(url, error);
        }
    };
    return {
        exchange: async (signal) => exchange(signal, false),
        exchangeInBackground: async (signal) => exchange(signal, true),
        secrets: () => [...secrets],
    };
}
function requestOf({ clientId, identityProviderId, serviceAccountId, provider }, subjectToken) {
    return {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: subjectToken,
        subject_token_type: subjectTokenTypes[provider.tokenType],
        identity_provider_id: identityProviderId,
        service_account_id: serviceAccountId,
        ...(clientId === undefined ? {} : { client_id: clientId }),
    };
}
function tokenFields(url, answer) {
    const fields = (0,api_json/* isFields */.Ce)(answer) ? answer : {};
    const token = fields["access_token"];
    const seconds = Number(fields["expires_in"] ?? defaultLifetime);
    if (typeof token !== "string" || token.trim() === "" || !(seconds > 0)) {
        throw exchange_unreadable(url, "no `access_token`, or one without a life that we can read");
    }
    return { token, seconds };
}
function accessToken(url, { token, seconds }, { sentAt, buffer = defaultRefreshBuffer, }) {
    if (unsendable.test(token) || token.trim() !== token) {
        throw exchange_unreadable(url, "a token that no header can hold");
    }
    const expiresAt = sentAt + seconds * 1000;
    return { token, expiresAt, refreshAt: expiresAt - Math.min(buffer, seconds / 2) * 1000 };
}
function exchange_unreadable(url, what) {
    return new OAuthError(`The token exchange at ${url.href} was answered with ${what}. Check that this is the URL of OpenAI's token exchange.`, { code: "unreadable_answer" });
}
function failed(url, error) {
    if (!(error instanceof errors/* APIError */.LG) || error instanceof OAuthError)
        return error;
    const { status, code, type, requestID } = error;
    return new OAuthError(`The token exchange at ${url.href} failed. ${error.message}`, {
        status,
        code,
        type,
        requestID,
        cause: error,
    });
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
    return adviceFor(status, code);
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
 * on with it meanwhile; a renewal that fails does no harm as long as it is good, and one that is
 * still under way does not keep the process alive.
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
        this.#exchanged = shared(async (signal) => this.#keep(await this.#tokens.exchange(signal)));
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
            this.#keep(await this.#tokens.exchangeInBackground(signal));
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
    #keep(token) {
        this.#cached = token;
        return token;
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
 * The proxy of the environment is used (`https_proxy`, `no_proxy`).
 *
 * @throws {APIError} `missing_credential` when there is neither a key, a workload's identity nor a header that stands for one;
 * `conflicting_credentials`; `invalid_base_url`; `invalid_token_url`; `invalid_proxy`
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
    /** The calls of `/batches`. */
    batches;
    /** The calls of `/files`. */
    files;
    /** The calls of `/models`. */
    models;
    /** Without a trailing slash. */
    baseURL;
    /** The clock that the client's pauses and deadlines go by. */
    clock;
    /** Tries after the first, for calls that do not say otherwise. */
    maxRetries;
    /** Organization that the calls count for; `undefined` where none was given. */
    organization;
    /** Project that the calls count for; `undefined` where none was given. */
    project;
    /** The exchanged token, where there is one; another client may take it as its own. */
    workloadIdentity;
    constructor(options = {}) {
        const headers = { ...options.defaultHeaders };
        const apiKey = keyOf(options, headers);
        this.baseURL = (0,base_url/* checkedBaseURL */.wf)(options.baseURL ?? client_valueOf("OPENAI_BASE_URL") ?? base_url/* defaultBaseURL */.Qd);
        this.clock = options.clock ?? systemClock;
        this.maxRetries = options.maxRetries ?? 5;
        this.organization = givenOr("OPENAI_ORG_ID", options.organization);
        this.project = givenOr("OPENAI_PROJECT_ID", options.project);
        const { clock, maxRetries, organization, project } = this;
        const { random = Math.random, timeout = 60_000 } = options;
        const { maxRetryAfter, onRetry, onCall, onSecret } = options;
        const retrySettings = { clock, random, maxRetries, maxRetryAfter, onRetry };
        const workload = workloadOf(options, { ...retrySettings, timeout, onCall, onSecret });
        this.workloadIdentity = workload;
        const bearer = workload?.bearer ?? keyBearer(apiKey);
        const createOwn = () => createTransport({
            baseURL: this.baseURL,
            timeout,
            clock,
            onCall,
            ...redactors(bearer, headers),
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
        this.models = new Models(wire);
    }
}
/**
 * What takes secrets out of the server's words, and out of the values of its successes. From those only
 * credentials: a common word in another header would be taken out of metadata and names too.
 */
function redactors(bearer, headers) {
    const redactCredentials = redactor(() => [
        ...bearer.secrets(),
        ...credentialsOf(headers).flatMap(secretsOf),
    ]);
    return {
        redact: redactor(() => [...bearer.secrets(), ...Object.values(headers).flatMap(secretsOf)]),
        redactValue: (value) => (0,api_json/* withTexts */.j8)(value, redactCredentials),
    };
}
/** A variable without the spaces and the line break that a pasted one may have; `undefined` for none. */
function client_valueOf(variable) {
    return process.env[variable]?.trim() || undefined;
}
/** What was given, else the variable; `undefined` for none. */
function givenOr(variable, given) {
    return (given === undefined ? client_valueOf(variable) : given) || undefined;
}
/** @throws {APIError} when there is no credential, or more than one */
function keyOf({ apiKey, workloadIdentity }, headers) {
    if (workloadIdentity !== undefined) {
        if (!apiKey && !replacesBearer(headers))
            return undefined;
        throw new errors/* APIError */.LG("`workloadIdentity` stands in the place of a key. Pass it alone, without `apiKey` and without an `Authorization` header.", { code: "conflicting_credentials" });
    }
    const key = apiKey || client_valueOf("OPENAI_API_KEY");
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
/** Milliseconds from a job's start to the end of its right to ask for an identity. */
const lifeOfRight = 6 * 3_600_000;
/**
 * Milliseconds since the epoch at which the right to ask for a token ends, as the right itself says
 * (it is a JSON Web Token); `undefined` where it does not.
 */
function endOfRight(token) {
    const [, payload = ""] = token.split(".");
    try {
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
        const end = (0,api_json/* isFields */.Ce)(claims) ? claims["exp"] : undefined;
        return typeof end === "number" ? end * 1000 : undefined;
    }
    catch {
        // Not a token of this form: nothing is known.
        return undefined;
    }
}
/** What is to be said of a wait that is longer than the workflow has an identity. */
function identityWarnings(identity, { timeout, onTimeout }, now = Date.now()) {
    if (identity === undefined)
        return [];
    const end = endOfRight(identity.oidc.token);
    const left = end === undefined ? lifeOfRight : Math.max(0, end - now);
    if (timeout <= left)
        return [];
    const then = onTimeout === "dispatch"
        ? "the batches are handed over to another run then"
        : "the wait fails soon after that, with its batches still running. Give `timeout` less, and go on in another run with `on-timeout: dispatch`";
    return [
        `\`timeout\` is ${(0,format/* formatDuration */.a3)(timeout)}, but this job may ask GitHub for its identity for ${end === undefined ? "about six hours from its start" : `${(0,format/* formatDuration */.a3)(left)} more`} only; ${then}.`,
    ];
}

;// CONCATENATED MODULE: ./lib/action/oidc.js









/** The service answers within one or two seconds, or not at all. */
const attemptTimeout = 10_000;
const maxRetries = 3;
/**
 * GitHub's OIDC token of this job, asked for as the toolkit's `getIDToken` does it. That one waits
 * three minutes for a silent service, cannot be ended by a signal, and keeps the process alive
 * meanwhile; here an attempt has ten seconds, and a transient failure three more tries.
 *
 * @throws {SubjectTokenProviderError} (from `getToken`) when GitHub gives none; with the code
 * `identity_expired` when the job may no longer ask
 */
function githubTokenProvider({ url, token, audience }, { clock, random = Math.random, timeout = attemptTimeout, onCall, onRetry }) {
    const { origin, pathname, searchParams } = new URL(url);
    const transport = createTransport({
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
    const ends = endOfRight(token);
    let given = false;
    // Nothing that was wrong from the start explains the refusal of what was granted before.
    const hasEnded = () => given || (ends !== undefined && clock.now() >= ends);
    const ask = async (signal, background) => {
        const request = { method: "GET", path: pathname, query, signal, background };
        const answer = await transport.json(request);
        const value = (0,api_json/* isFields */.Ce)(answer) ? answer["value"] : undefined;
        if (typeof value === "string" && value !== "") {
            given = true;
            return value;
        }
        throw new SubjectTokenProviderError("GitHub answered the request for an OIDC token without one. Run again; if it stays so, look at githubstatus.com.", { code: "no_subject_token" });
    };
    return {
        tokenType: "jwt",
        async getToken({ signal, background = false } = {}) {
            const retries = { clock, random, maxRetries: background ? 0 : maxRetries, onRetry };
            try {
                return await (0,retry/* withRetries */.LH)(async (end) => ask(end, background), { call, signal }, retries);
            }
            catch (error) {
                if (!(error instanceof errors/* APIError */.LG) || error instanceof SubjectTokenProviderError)
                    throw error;
                const { status, code } = error;
                if (oidc_isRefusal(status) && hasEnded())
                    throw expired(error);
                throw new SubjectTokenProviderError(`GitHub gave no OIDC token. ${error.message}`, {
                    status,
                    code,
                    cause: error,
                });
            }
        },
    };
}
function expired(cause) {
    return new SubjectTokenProviderError("The job may no longer ask GitHub for its identity: that right ends about six hours after the job's start. Give `timeout` less than that, and go on in another run with `on-timeout: dispatch`.", { status: cause.status, code: identityExpired, cause });
}
function oidc_isRefusal(status) {
    return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}
function oidc_advise(status, code) {
    return oidc_isRefusal(status)
        ? "Check that the job has `permissions:` with `id-token: write`, and that `identity-audience` is one that GitHub takes. The right to ask ends about six hours after the job began."
        : adviceFor(status, code);
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
    for (const [name, value] of headersOf(toolkit.getInput("headers"))) {
        if (!mayBeSecret(name, value))
            continue;
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
const secretNames = /auth|key|token|secret|cookie|passw|credential|signature/i;
const schemes = /^(bearer|basic|token|apikey)\s/i;
/** Characters of a value, and of a run of letters and digits in it, from which on it may be a key. */
const shortestKey = 16;
const shortestRun = 8;
/**
 * Whether the value of a header may be a secret: its header's name says so, or it looks like a key,
 * which is 16 or more characters with letters and digits mixed in one run. A word, a version, a media
 * type, an address or a name with a number behind it (`production`, `2024-10-21-preview`,
 * `https://gateway1.example.com/v1`) is none: masking it would garble the log, and GitHub drops every
 * job output that holds it.
 */
function mayBeSecret(name, value) {
    // Without a name the line is broken, and may be a key that was pasted in its place.
    if (name === "" || secretNames.test(name) || schemes.test(value))
        return true;
    return value.length >= shortestKey && value.split(/[^A-Za-z\d]+/).some(isMixed);
}
/** Whether letters and digits are mixed as no word mixes them. */
function isMixed(run) {
    const isNumbered = /^[A-Za-z]*\d{0,3}$/.test(run) || /^\d*$/.test(run);
    return run.length >= shortestRun && !isNumbered;
}
/** Names and values as they stand in the text, and as they are read from it. */
function headersOf(text) {
    if (!text.trim().startsWith("{")) {
        return text.split(/\r?\n/).map((line) => {
            const at = line.indexOf(":");
            return [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()];
        });
    }
    // The text may be broken JSON.
    const pairs = text.matchAll(/(?:"((?:[^"\\]|\\.)*)"\s*)?:\s*"((?:[^"\\]|\\.)*)"/g);
    const raw = [...pairs].map(([, name = "", value = ""]) => [name, value]);
    return [...raw, ...parsedHeaders(text)];
}
function parsedHeaders(text) {
    try {
        const headers = JSON.parse(text);
        if (!(0,api_json/* isFields */.Ce)(headers))
            return [];
        return Object.entries(headers).map(([name, value]) => [name, String(value)]);
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
        apiKey: connection.apiKey ?? (hasNoCredential(connection) ? client_noKey : undefined),
        workloadIdentity: other?.workloadIdentity ?? identityOf(connection, { ...events, clock }),
        baseURL: connection.baseURL,
        organization: connection.organization,
        project: connection.project,
        defaultHeaders: connection.headers,
        timeout: connection.requestTimeout,
        maxRetries: connection.maxRetries,
        maxRetryAfter: connection.maxRetryAfter,
        clock,
    });
}
/** Only an operation that calls nothing goes without any. */
function hasNoCredential({ apiKey, identity, headers }) {
    return apiKey === undefined && identity === undefined && !hasCredential(headers);
}
function client_noKey() {
    const error = new errors/* APIError */.LG("There is no API key, so nothing can be called.", {
        code: "missing_credential",
    });
    return Promise.reject(error);
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
        onCall({ method, path, status, requestID, ms, code }) {
            toolkit.debug([method, path, status ?? code ?? "no answer", `${Math.round(ms)} ms`, requestID ?? ""]
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
    const { connectGitHub } = await __webpack_require__.e(/* import() */ 4).then(__webpack_require__.bind(__webpack_require__, 4004));
    return connectGitHub(inputs, use);
}

// EXTERNAL MODULE: ./lib/action/github/context.js
var context = __webpack_require__(4359);
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
    "check",
];

;// CONCATENATED MODULE: ./lib/action/inputs/applies.js

const creating = ["create", "run"];
const sending = ["create", "run", "check"];
const waiting = ["wait", "run"];
const reading = [...sending, "wait", "retrieve", "collect"];
const collecting = ["wait", "run", "retrieve", "collect"];
function of(operations, byDefault = "") {
    return { operations, default: byDefault };
}
/** Every input of action.yml. */
const applies = new Map(Object.entries({
    operation: of(operation_operationNames),
    "api-key": of(operation_operationNames),
    "identity-provider-id": of(operation_operationNames),
    "service-account-id": of(operation_operationNames),
    "identity-audience": of(operation_operationNames),
    "identity-token-url": of(operation_operationNames, "https://auth.openai.com/oauth/token"),
    "base-url": of(operation_operationNames),
    organization: of(operation_operationNames),
    project: of(operation_operationNames),
    headers: of(operation_operationNames),
    "request-timeout": of(operation_operationNames, "60s"),
    "max-retries": of(operation_operationNames, "5"),
    "input-file": of(reading),
    template: of(reading),
    "input-file-id": of(creating),
    endpoint: of(sending),
    "completion-window": of(creating, "24h"),
    metadata: of(creating),
    "input-expires-after": of(creating),
    "output-expires-after": of(creating),
    "idempotency-key": of(creating),
    "reuse-existing": of(creating, "true"),
    "max-requests-per-batch": of(sending, "50000"),
    "max-bytes-per-batch": of(sending, "200MB"),
    "max-active-batches": of(["run"], "0"),
    prices: of(["check", "create", "run", "wait", "retrieve", "collect"]),
    "max-cost": of(["check", "create", "run"]),
    "cache-file": of(["run"]),
    "batch-id": of(["wait", "cancel", "retrieve", "run"]),
    "match-metadata": of(["wait", "cancel", "retrieve", "list", "collect"]),
    "match-status": of(["wait", "cancel", "retrieve", "list", "collect"]),
    limit: of(["list"], "20"),
    after: of(["list"]),
    timeout: of(waiting, "5h30m"),
    "on-timeout": of(waiting, "fail"),
    "poll-interval": of(waiting, "5s"),
    "max-poll-interval": of(waiting, "60s"),
    "cancel-on": of(["create", "wait", "run"], "cancelled"),
    "output-file": of(collecting),
    "error-file": of(collecting),
    "answers-file": of(collecting),
    "reject-answers": of(collecting, "never"),
    "output-order": of(collecting),
    "retry-failed": of(["run"], "0"),
    "fail-on": of(collecting, "failed, expired, cancelled"),
    "max-request-failures": of(collecting, "100%"),
    "commit-status": of(["create", "run", "wait", "collect", "cancel"]),
    summary: of(operation_operationNames, "true"),
    "github-token": of(operation_operationNames, "${{ github.token }}"),
    "job-status": of(operation_operationNames, "${{ job.status }}"),
}));
/** Warns of each input that was set and that the operation does nothing with. */
function warnOfIdleInputs(operation, getInput, warn) {
    for (const [name, { operations, default: byDefault }] of applies) {
        if (operations.includes(operation))
            continue;
        const given = getInput(name).trim();
        if (given === "" || given === byDefault)
            continue;
        warn(`\`${name}\` does nothing with \`operation: ${operation}\`; ${usersOf(operations)}.`);
    }
}
/** "only `run` uses it", or "`wait`, `run` and `retrieve` use it". */
function usersOf(operations) {
    const named = operations.map((name) => `\`${name}\``);
    const last = named.pop() ?? "";
    return named.length === 0 ? `only ${last} uses it` : `${named.join(", ")} and ${last} use it`;
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
/** ` Did you mean …?`, to follow a sentence; empty when no known word is near. */
function didYouMean(word, known) {
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
        problem(`\`${name}\` is \`${value}\` but must be one of: ${choices.join(", ")}.${didYouMean(value, choices)}`);
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
    const milliseconds = shaped ? ((0,parse_duration/* default */.A)(spelled, "s") ?? 0) * 1000 : 0;
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
    if (!(0,api_json/* isFields */.Ce)(parsed)) {
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

// EXTERNAL MODULE: ./lib/batch/results/disk-error.js
var disk_error = __webpack_require__(7963);
// EXTERNAL MODULE: ./lib/batch/rows/kind.js
var kind = __webpack_require__(5584);
// EXTERNAL MODULE: ./lib/batch/template/kind.js
var template_kind = __webpack_require__(8561);
;// CONCATENATED MODULE: ./lib/action/inputs/files.js





/**
 * What `input-file` names, and the template that makes requests of it; `undefined` where no file is given.
 * What is in them is looked at later, all of it together.
 */
async function readInputFiles(fields, problem) {
    const file = fields.text("input-file");
    const template = fields.text("template");
    if (template !== undefined)
        await checkTemplateFile(template, problem);
    if (file === undefined) {
        if (template !== undefined) {
            problem("`template` makes a request of each row of `input-file`; give the rows there. It changes nothing in requests that are uploaded already.");
        }
        return undefined;
    }
    const files = await findInputFiles(file, problem);
    for (const path of files) {
        if (template === undefined) {
            if (!(await (0,promises_.stat)(path)).isFile()) {
                problem(`\`input-file\`: ${path} is a pipe or a device; requests are read more than once, so write them to a file first.`);
            }
            else if ((0,kind/* tableWithoutTemplate */.rc)(path) !== undefined) {
                problem(`\`input-file\`: ${path} holds rows and no requests; give \`template\` too, which makes a request of each row.`);
            }
        }
        else if ((0,kind/* rowKindOf */.on)(path) === undefined) {
            problem(`\`input-file\`: ${path} ends with ${(0,external_node_path_.extname)(path) || "no extension"}; with \`template\` it holds rows and must end with one of: ${kind/* rowExtensions */.r5.join(", ")}.`);
        }
    }
    return { files, template };
}
async function checkTemplateFile(path, problem) {
    const kind = await files_kindOf(path);
    if (kind === undefined) {
        problem(`\`template\`: there is no file ${path} (looked in ${process.cwd()}).`);
    }
    else if (typeof kind === "object") {
        problem(`\`template\`: ${path} cannot be read: ${kind.error}.`);
    }
    else if (kind === "folder")
        problem(`\`template\`: ${path} is a folder; name a file.`);
    if (!(0,template_kind/* isTemplateName */.k)(path)) {
        problem(`\`template\`: ${path} ends with ${(0,external_node_path_.extname)(path) || "no extension"}; it must end with one of: ${template_kind/* templateExtensions */.F.join(", ")}.`);
    }
}
/**
 * The files that a path or glob names, or several of them, one a line; in the order of the lines,
 * those of one glob sorted. A path that exists is taken as it is, also where it holds characters
 * that a glob would read. A file that is named twice is taken once, whatever it is called: its requests
 * would be paid for twice.
 */
async function findInputFiles(text, problem) {
    const found = new Map();
    for (const line of text.split(/\r?\n/)) {
        const pattern = line.trim();
        if (pattern === "")
            continue;
        for (const path of await matching(pattern, problem)) {
            const { dev, ino } = await (0,promises_.stat)(path, { bigint: true });
            const file = `${dev}:${ino}`;
            if (!found.has(file))
                found.set(file, path);
        }
    }
    return [...found.values()];
}
async function matching(pattern, problem) {
    const unreadable = (path, { error }) => {
        problem(`\`input-file\`: ${path} cannot be read: ${error}.`);
    };
    const kind = await files_kindOf(pattern);
    if (kind === "file")
        return [pattern];
    if (typeof kind === "object") {
        unreadable(pattern, kind);
        return [];
    }
    if (kind === "folder") {
        problem(`\`input-file\`: ${pattern} is a folder; name a file or a glob such as ${pattern}/*.jsonl.`);
        return [];
    }
    const found = [];
    let matched = false;
    for await (const path of (0,promises_.glob)(pattern)) {
        const one = await files_kindOf(path);
        matched ||= one === "file" || typeof one === "object";
        if (one === "file")
            found.push(path);
        // Left out in silence, its requests would be missing and nobody would know.
        else if (typeof one === "object")
            unreadable(path, one);
    }
    if (!matched) {
        problem(`\`input-file\`: there is no file ${pattern} (looked in ${process.cwd()}).`);
    }
    return found.sort();
}
/** What a path leads to; `undefined` for nothing, and the system's error where that cannot be seen. */
async function files_kindOf(path) {
    try {
        return (await (0,promises_.stat)(path)).isDirectory() ? "folder" : "file";
    }
    catch (error) {
        // A path that is no file (a glob, or a file below a file) is looked for as a pattern.
        const codes = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL"];
        if (error instanceof Error && "code" in error && codes.includes(String(error.code))) {
            return undefined;
        }
        if ((0,disk_error/* isOfSystem */.bV)(error))
            return { error: error.message };
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/action/inputs/choice.js



function readFilter(fields, warn) {
    const statuses = fields.list("match-status").map((status) => status.toLowerCase());
    for (const status of statuses) {
        if (!(0,batch_status/* isKnownStatus */.ih)(status)) {
            warn(`\`match-status\`: \`${status}\` is no status of OpenAI's API, so maybe no batch has it.${didYouMean(status, batch_status/* statusesByDistance */.nf)}`);
        }
    }
    return { metadata: fields.pairs("match-metadata"), statuses };
}
function readBatchChoice(fields, operation, problem, warn) {
    const ids = [...new Set(fields.list("batch-id"))];
    const match = readFilter(fields, warn);
    const sizes = {
        "match-metadata": Object.keys(match.metadata).length,
        "match-status": match.statuses.length,
    };
    const matching = Object.entries(sizes).filter(([name]) => fields.text(name) !== undefined);
    if (ids.length > 0 && matching.length > 0) {
        problem(`\`batch-id\` and \`${matching.map(([name]) => name).join("` and `")}\` are both given; name the batches or choose them, not both.`);
    }
    if (ids.length === 0 && matching.length === 0 && !fields.isWrong("batch-id")) {
        problem("`batch-id` is missing. Give one or more ids, for example `${{ steps.create.outputs.batch-id }}`; it is empty when that step did not run. Or choose batches with `match-metadata` or `match-status`.");
    }
    // An empty filter matches every batch of the organization, which nobody means by it.
    for (const [name, size] of matching) {
        if (size === 0 && !fields.isWrong(name)) {
            problem(`\`${name}\` is given but names nothing, so it would choose every batch. Say what to look for, or leave it out.`);
        }
    }
    const byStatusAlone = sizes["match-metadata"] === 0 && !fields.isWrong("match-metadata");
    if (operation === "cancel" && sizes["match-status"] > 0 && byStatusAlone) {
        problem("`match-status` alone would cancel every running batch of the organization. Give `match-metadata` too, for example `github_repository=${{ github.repository }}`.");
    }
    if (fields.text("batch-id")?.startsWith("{") === true) {
        problem("`batch-id` is a JSON object; give ids, or a JSON array of them.");
        return { ids: [] };
    }
    checkIds(ids, problem);
    return matching.length === 0 ? { ids } : { match };
}
/** An id with white space in it is two, or a sentence; the client would refuse a path, but after other calls. */
function checkIds(ids, problem) {
    for (const id of ids) {
        if (/\s/.test(id))
            problem(`\`batch-id\`: \`${id}\` is no id: it holds white space.`);
        else if (leadsElsewhere(id)) {
            problem(`\`batch-id\`: \`${id}\` is no id: it is a path to something else.`);
        }
    }
}

;// CONCATENATED MODULE: ./lib/action/inputs/continued.js


/**
 * The batches that a `run` goes on with: those of `batch-id`, or of the run that started this one by
 * `on-timeout: dispatch`, whose workflow may not pass the input on.
 */
function readContinuedIds(fields, env) {
    const given = fields.list("batch-id");
    if (given.length > 0)
        return [...new Set(given)];
    if (fields.text("on-timeout") !== "dispatch")
        return [];
    if (env["GITHUB_EVENT_NAME"] !== "workflow_dispatch")
        return [];
    const event = (0,context/* readEvent */.j_)(env["GITHUB_EVENT_PATH"]);
    const inputs = (0,api_json/* isFields */.Ce)(event) ? event["inputs"] : undefined;
    const ids = (0,api_json/* isFields */.Ce)(inputs) ? inputs["batch-id"] : undefined;
    if (typeof ids !== "string")
        return [];
    return [...new Set(ids.split(/[,\s]+/).filter((id) => id !== ""))];
}

;// CONCATENATED MODULE: ./lib/action/inputs/place.js
/** Where the id of a batch goes in a path of `collect`. */
const pathPlace = "{batch-id}";
/** A path as it will be, with an id such as OpenAI gives, to find out whether it can be written. */
function exampleOf(path) {
    return path.replaceAll(pathPlace, `batch_${"0".repeat(32)}`);
}

;// CONCATENATED MODULE: ./lib/action/inputs/collect.js




function readCollect(fields, problem, warn) {
    const outputFile = fields.text("output-file");
    const errorFile = fields.text("error-file");
    const answersFile = fields.text("answers-file");
    if (outputFile === undefined && answersFile === undefined) {
        problem("`output-file` is missing: `collect` writes the results of each batch to a file of its own, for example `results/{batch-id}.jsonl`. Or give `answers-file`.");
    }
    const given = { "output-file": outputFile, "error-file": errorFile, "answers-file": answersFile };
    checkPlaced(given, problem);
    return {
        filter: readFilter(fields, warn),
        outputFile: withPlace(outputFile),
        errorFile: withPlace(errorFile),
        answersFile: withPlace(answersFile),
    };
}
/** Finds paths that become the same one only by the place for the id. */
function checkPlaced(given, problem) {
    const taken = new Map();
    for (const [name, path] of Object.entries(given)) {
        const placed = withPlace(path);
        if (path === undefined || placed === undefined)
            continue;
        const other = taken.get(placed);
        // Paths that were equal before are a problem of every operation.
        if (other !== undefined && other.path !== path) {
            problem(`\`${other.name}\` and \`${name}\` are the same file.`);
        }
        taken.set(placed, { name, path });
    }
}
/** Several batches need several files: where no place is named for the id, it goes before the extension. */
function withPlace(path) {
    if (path === undefined || path.includes(pathPlace))
        return path;
    const extension = (0,external_node_path_.extname)(path);
    return `${path.slice(0, path.length - extension.length)}-${pathPlace}${extension}`;
}
/** A path of `CollectInputs` for one batch. */
function pathFor(path, { id }) {
    return path?.replaceAll(pathPlace, () => fileNameOf(id));
}
const collect_longestName = 100;
/** An id as a part of a file name: ids may be long, or hold slashes. Two ids never give one name. */
function fileNameOf(id) {
    const safe = id.replace(/[^\w.-]+/g, "-").slice(0, collect_longestName);
    return safe === id && !/^\.*$/.test(id) ? id : `${safe}-${(0,create_key/* hashText */.qj)(id).slice(0, 8)}`;
}

;// CONCATENATED MODULE: ./lib/action/inputs/connection.js




function connection_readConnection(fields, env, problem, { keyless = false } = {}) {
    const headers = fields.headers("headers");
    const identity = readIdentity(fields, env, problem);
    const apiKey = readKey(fields, env, { identity, headers, keyless }, problem);
    checkHeaders(headers, problem);
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
/** A length that is not the body's makes the server wait for the rest of it, until the call times out. */
const framing = new Set(["content-length", "transfer-encoding"]);
function checkHeaders(headers, problem) {
    for (const [name, value] of Object.entries(headers)) {
        if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || unsendable.test(value)) {
            problem(`\`headers\`: \`${name}\` cannot be sent; check its name and value.`);
        }
        else if (framing.has(name.toLowerCase())) {
            problem(`\`headers\`: \`${name}\` differs from call to call and is set by itself. Leave it out.`);
        }
    }
}
/** The key, where none of the other ways is taken; a key of the environment is no second way, only an unused one. */
function readKey(fields, env, { identity, headers, keyless, }, problem) {
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
    if (apiKey === undefined && !keyless && !hasCredential(headers)) {
        problem("There is no API key. Set `api-key` (a secret: `${{ secrets.OPENAI_API_KEY }}`; secrets are empty in workflows of forks) or the variable OPENAI_API_KEY. Or go without a key: set `identity-provider-id` and `service-account-id`, and give the job `permissions:` with `id-token: write`.");
    }
    return apiKey;
}

;// CONCATENATED MODULE: ./lib/action/inputs/cost.js

function readCost(fields, problem) {
    return { prices: readPrices(fields, problem), maxCost: readMaxCost(fields, problem) };
}
function readPrices(fields, problem) {
    if (fields.text("prices") === undefined)
        return undefined;
    const prices = fields.pairs("prices", "last");
    for (const [model, text] of Object.entries(prices)) {
        if (readRates(text) === undefined) {
            problem(`\`prices\`: the price of \`${model}\` is \`${text}\` but must be dollars per million tokens, \`input/output\` or \`input/cached/output\`, for example \`0.075/0.3\`.`);
        }
    }
    return prices;
}
function readMaxCost(fields, problem) {
    const text = fields.text("max-cost");
    if (text === undefined)
        return undefined;
    if (/^\$?\d+(?:\.\d+)?$/.test(text))
        return Number(text.replace("$", ""));
    problem(`\`max-cost\` is \`${text}\` but must be an amount in dollars such as \`25\` or \`0.50\`.`);
    return undefined;
}

;// CONCATENATED MODULE: ./lib/action/inputs/create.js



async function readCreate(fields, connection, problem) {
    const file = fields.text("input-file");
    const fileId = fields.text("input-file-id");
    const endpoint = fields.text("endpoint");
    if (file !== undefined && fileId !== undefined) {
        problem("`input-file` and `input-file-id` are both given; give exactly one of them.");
    }
    else if (file === undefined && fileId === undefined) {
        problem("Neither `input-file` nor `input-file-id` is given; give exactly one of them.");
    }
    if (fileId !== undefined && endpoint === undefined) {
        problem("`endpoint` is required with `input-file-id`, for example `/v1/chat/completions`.");
    }
    checkEndpoint(endpoint, problem);
    const none = { files: [], template: undefined };
    const files = (await readInputFiles(fields, problem)) ?? none;
    return {
        input: fileId === undefined ? files : { fileId },
        endpoint,
        completionWindow: fields.text("completion-window") ?? "24h",
        metadata: readMetadata(fields, problem),
        inputExpiresAfter: readExpiry("input-expires-after", fields, connection, problem),
        outputExpiresAfter: readExpiry("output-expires-after", fields, connection, problem),
        idempotencyKey: create_readKey(fields, problem),
        reuseExisting: fields.flag("reuse-existing", true),
        limits: readLimits(fields),
    };
}
async function readCheck(fields, problem) {
    const file = fields.text("input-file");
    if (file === undefined)
        problem("`input-file` is missing: it names the requests to check.");
    const endpoint = fields.text("endpoint");
    checkEndpoint(endpoint, problem);
    const none = { files: [], template: undefined };
    const input = (await readInputFiles(fields, problem)) ?? none;
    return { input, endpoint, limits: readLimits(fields) };
}
function readLimits(fields) {
    return {
        maxRequests: fields.integer("max-requests-per-batch", 50_000, { min: 1 }),
        maxBytes: fields.size("max-bytes-per-batch", 200_000_000),
    };
}
function checkEndpoint(endpoint, problem) {
    if (endpoint !== undefined && !endpoint.startsWith("/")) {
        problem(`\`endpoint\` is \`${endpoint}\` but must begin with a slash.`);
    }
}
function readRun(fields, problem) {
    const retryFailed = fields.integer("retry-failed", 0, { max: 100 });
    if (retryFailed > 0 && fields.text("input-file") === undefined) {
        problem("`retry-failed` needs `input-file`: the requests to send again are taken from it.");
    }
    const cacheFile = fields.text("cache-file");
    if (cacheFile !== undefined && fields.text("input-file") === undefined) {
        problem("`cache-file` needs `input-file`: what was answered before is told by the requests.");
    }
    return { maxActive: fields.integer("max-active-batches", 0), retryFailed, cacheFile };
}
const longestValue = 512;
/** Behind it stands which batch of several it is of, of which retry round, and which half of a half. */
const longestKey = 465;
function create_readKey(fields, problem) {
    const key = fields.text("idempotency-key");
    if (key !== undefined && key.length > longestKey) {
        problem(`\`idempotency-key\` has ${key.length} characters but may have ${longestKey}: it is kept in the batch's metadata.`);
    }
    return key;
}
/** The pairs that the action adds, so that a batch can be found again. */
const ownMetadata = ["github_repository", "github_run_id", create_key/* keyName */.xT, create_key/* creationName */.ZV];
/** @see https://platform.openai.com/docs/api-reference/batch/create#batch_create-metadata */
function readMetadata(fields, problem) {
    const metadata = fields.pairs("metadata");
    const pairs = Object.entries(metadata);
    const own = ownMetadata.length;
    if (pairs.length > 16 - own) {
        problem(`\`metadata\` has ${pairs.length} pairs but may have at most ${16 - own}: a batch takes 16, and ${own} are the action's own.`);
    }
    for (const [key, value] of pairs) {
        if (ownMetadata.some((name) => name === key)) {
            problem(`\`metadata\`: \`${key}\` is set by the action itself.`);
        }
        // Characters, not the code units of `length`.
        const keyLength = Array.from(key).length;
        const valueLength = Array.from(value).length;
        if (keyLength > 64) {
            problem(`\`metadata\`: the key \`${key}\` has ${keyLength} characters but may have 64.`);
        }
        if (valueLength > longestValue) {
            problem(`\`metadata\`: the value of \`${key}\` has ${valueLength} characters but may have 512.`);
        }
    }
    return metadata;
}
/** Seconds that OpenAI lets a file live. */
const [shortestExpiry, longestExpiry] = [3_600, 30 * 24 * 3_600];
function readExpiry(name, fields, { baseURL }, problem) {
    const milliseconds = fields.duration(name);
    if (milliseconds === undefined)
        return undefined;
    const seconds = Math.round(milliseconds / 1000);
    // The bounds are OpenAI's own; other servers have others, and say so themselves.
    if ((0,base_url/* isOpenAI */.R1)(baseURL) && (seconds < shortestExpiry || seconds > longestExpiry)) {
        problem(`\`${name}\` must be between \`1h\` and \`30d\`.`);
    }
    return seconds;
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

;// CONCATENATED MODULE: ./lib/batch/answers/format.js

/** What files of answers can be, by the end of their name. */
const answerExtensions = [".csv", ".jsonl"];
function answerExtensionOf(path) {
    const extension = (0,external_node_path_.extname)(path).toLowerCase();
    return answerExtensions.find((known) => known === extension);
}
/** The format of a file of answers, loaded when it is wanted. */
async function openFormat(path) {
    if (answerExtensionOf(path) === ".csv")
        return (await __webpack_require__.e(/* import() */ 97).then(__webpack_require__.bind(__webpack_require__, 5097))).csvFormat();
    return (await __webpack_require__.e(/* import() */ 628).then(__webpack_require__.bind(__webpack_require__, 2628))).jsonlFormat();
}

// EXTERNAL MODULE: ./lib/batch/rows/file-rows.js
var file_rows = __webpack_require__(3628);
// EXTERNAL MODULE: ./lib/batch/rows/rendered.js
var rendered = __webpack_require__(5619);
;// CONCATENATED MODULE: ./lib/batch/results/place.js



/** Links that lead to one another without end. */
const maxLinks = 40;
/**
 * Follows the links of a path, those that lead to nothing yet too, so that what is written lands where
 * a reader of the path looks.
 *
 * @throws the system's error for a path that cannot be looked at: a name that is too long, links in a ring
 */
function placeOf(target) {
    const path = realPathOf((0,external_node_path_.resolve)(target), 0);
    const found = statsOf(path, external_node_fs_.statSync);
    return { path, kind: found === undefined ? "none" : place_kindOf(found) };
}
/**
 * What is at a path; `undefined` for nothing, also where a file stands in the place of a folder.
 *
 * @throws the system's error for a path that cannot be looked at
 */
function statsOf(path, look) {
    try {
        return look(path);
    }
    catch (error) {
        if ((0,disk_error/* isOfSystem */.bV)(error) && (error.code === "ENOENT" || error.code === "ENOTDIR"))
            return undefined;
        throw error;
    }
}
function realPathOf(path, links) {
    const entry = statsOf(path, external_node_fs_.lstatSync);
    if (entry === undefined) {
        const folder = (0,external_node_path_.dirname)(path);
        return folder === path ? path : (0,external_node_path_.join)(realPathOf(folder, links), (0,external_node_path_.basename)(path));
    }
    // Also asks about what a link leads to, which may be a pipe without a path.
    const end = statsOf(path, external_node_fs_.statSync);
    if (end !== undefined)
        return end.isFile() || end.isDirectory() ? (0,external_node_fs_.realpathSync)(path) : path;
    if (links >= maxLinks)
        return (0,external_node_fs_.realpathSync)(path);
    const folder = (0,external_node_fs_.realpathSync)((0,external_node_path_.dirname)(path));
    return realPathOf((0,external_node_path_.resolve)(folder, (0,external_node_fs_.readlinkSync)(path)), links + 1);
}
function place_kindOf(found) {
    if (found.isFile())
        return "file";
    if (found.isDirectory())
        return "folder";
    return found.isCharacterDevice() ? "device" : "other";
}

;// CONCATENATED MODULE: ./lib/batch/results/targets.js









/**
 * Finds out before anything is paid that the results will have a place: no two files are one, names and
 * folders can be written, and nothing that is there is destroyed by it.
 *
 * @throws {APIError} `same_file` when one file is named twice; `invalid_target` when one cannot be written
 */
function checkTargets(files) {
    const { outputFile, errorFile, answersFile, cacheFile, input, template } = files;
    const targets = {
        "output file": outputFile,
        "error file": errorFile,
        "answers file": answersFile,
        "cache file": cacheFile,
    };
    const inputs = [
        { name: "input file", paths: inputPaths(input) },
        { name: "template", paths: templatePaths(input, template) },
    ];
    const [problem] = [
        ...extensionProblems("answers file", answersFile),
        ...targetProblems(targets, ...inputs),
    ];
    if (problem === undefined)
        return;
    const { name, path, code } = problem;
    throw new errors/* APIError */.LG(code === "same_file"
        ? `The ${name} and the ${problem.other} are the same file: ${path}. Give each its own name.`
        : `The ${name} ${path} ${problem.why} Choose another path.`, { code });
}
/** What speaks against the name of a file of answers, by which it is known what it is to be. */
function extensionProblems(name, path) {
    if (path === undefined || answerExtensionOf(path) !== undefined)
        return [];
    const why = `has to end in ${answerExtensions.join(" or ")}, which decides its format.`;
    return [{ name, path, code: "invalid_target", why }];
}
/**
 * Everything that speaks against these paths.
 *
 * @param targets by the name that messages use
 * @param inputs what is read, and must neither be written over nor be each other
 */
function targetProblems(targets, ...inputs) {
    const problems = [];
    const taken = new Map();
    for (const { name, paths } of inputs) {
        for (const path of paths) {
            for (const at of placed(path)) {
                const other = taken.get(at);
                if (other !== undefined && other !== name) {
                    problems.push({ name, path, code: "same_file", other });
                }
                taken.set(at, name);
            }
        }
    }
    for (const [name, path] of Object.entries(targets)) {
        if (path === undefined)
            continue;
        try {
            const place = placeOf(path);
            const other = taken.get(place.path);
            if (other !== undefined && place.kind !== "device") {
                problems.push({ name, path, code: "same_file", other });
            }
            const why = /[/\\]$/.test(path)
                ? "names a folder."
                : (nestedIn(place, taken) ?? defectOf(place));
            if (why !== undefined)
                problems.push({ name, path, code: "invalid_target", why });
            taken.set(place.path, name);
        }
        catch (error) {
            if (!(0,disk_error/* isOfSystem */.bV)(error))
                throw error;
            const why = `cannot be written: ${(0,errors/* messageOf */.bD)(error)}.`;
            problems.push({ name, path, code: "invalid_target", why });
        }
    }
    return problems;
}
/** Whether a path leads to a device; that one cannot be looked at is what `targetProblems` finds. */
function isDevice(path) {
    try {
        return placeOf(path).kind === "device";
    }
    catch (error) {
        if ((0,disk_error/* isOfSystem */.bV)(error))
            return false;
        throw error;
    }
}
/** What is wrong with a path that leads through another one, which is to be a file. */
function nestedIn({ path }, taken) {
    for (const [other, name] of taken) {
        if (path.startsWith(other + external_node_path_.sep)) {
            return `cannot be written, because the ${name} ${other} is to be a file and no folder.`;
        }
        if (other.startsWith(path + external_node_path_.sep)) {
            return `is a folder, because the ${name} ${other} is to be in it.`;
        }
    }
    return undefined;
}
/** Where an input file is; nowhere for one that cannot be looked at, of which its reader tells. */
function placed(path) {
    try {
        return [placeOf(path).path];
    }
    catch {
        return [];
    }
}
function inputPaths(input) {
    if (input === undefined)
        return [];
    if (typeof input === "string")
        return [input];
    if ("sources" in input)
        return input.sources;
    if (input instanceof rendered/* RenderedRequests */.m) {
        return input.rows instanceof file_rows/* FileRows */.u ? input.rows.files : [];
    }
    return Array.isArray(input) ? input.filter((entry) => typeof entry === "string") : [];
}
function templatePaths(input, template) {
    const scanned = typeof input === "object" && "sources" in input ? input.template : undefined;
    return [template, scanned].filter((path) => typeof path === "string");
}
/** @throws the system's error for names and folders that cannot be written */
function defectOf({ path, kind }) {
    if (kind === "folder")
        return "is a folder.";
    if (kind === "other") {
        return "is a pipe, a socket or a block device, which results cannot be written to.";
    }
    if (kind === "device") {
        (0,external_node_fs_.accessSync)(path, external_node_fs_.constants.W_OK);
        return undefined;
    }
    let folder = (0,external_node_path_.dirname)(path);
    while (statsOf(folder, external_node_fs_.statSync) === undefined)
        folder = (0,external_node_path_.dirname)(folder);
    if (!(0,external_node_fs_.statSync)(folder).isDirectory()) {
        return `cannot be written, because ${folder} is a file and no folder.`;
    }
    // The system says of each name by itself whether it is too long.
    for (const name of (0,external_node_path_.relative)(folder, path).split(external_node_path_.sep)) {
        statsOf((0,external_node_path_.join)(folder, name), external_node_fs_.lstatSync);
    }
    (0,external_node_fs_.accessSync)(folder, external_node_fs_.constants.W_OK | external_node_fs_.constants.X_OK);
    tryToWrite(folder);
    return undefined;
}
/** Some folders look writable and take no file: those of the kernel, and where a rule of the system forbids it. */
function tryToWrite(folder) {
    const trial = (0,external_node_path_.join)(folder, `.${(0,external_node_crypto_.randomUUID)()}.partial`);
    (0,external_node_fs_.closeSync)((0,external_node_fs_.openSync)(trial, "wx"));
    (0,external_node_fs_.rmSync)(trial, { force: true });
}

;// CONCATENATED MODULE: ./lib/action/inputs/results.js





/**
 * @param inputFiles what `input-file` was found to name, and the template
 * @param cacheFile a file of the step that is none of its results
 */
function readResults(fields, problem, inputFiles, cacheFile) {
    const listed = fields.list("fail-on").map((status) => status.toLowerCase());
    const failOn = listed.length === 0 ? ["failed", "expired", "cancelled"] : listed;
    const never = failOn.includes("never");
    if (never && failOn.length > 1)
        problem("`fail-on`: `never` stands alone.");
    for (const status of failOn) {
        if (status !== "never" && !batch_status/* terminalStatuses */.fM.includes(status)) {
            problem(`\`fail-on\`: \`${status}\` is no final status; those are ${batch_status/* terminalStatuses */.fM.join(", ")}, or give \`never\`.${didYouMean(status, [...batch_status/* terminalStatuses */.fM, "never"])}`);
        }
    }
    const outputFile = fields.text("output-file");
    const errorFile = fields.text("error-file");
    const answersFile = fields.text("answers-file");
    const targets = {
        "output-file": outputFile,
        "error-file": errorFile,
        "answers-file": answersFile,
        "cache-file": cacheFile,
    };
    checkFiles(targets, inputFiles, problem);
    checkCache(cacheFile, problem);
    const order = fields.oneOf("output-order", ["input", "completion", ""], "");
    return {
        order: order === "" ? undefined : order,
        outputFile,
        errorFile,
        answersFile,
        rejectAnswers: readRejected(fields, problem),
        failOn: never ? [] : failOn,
        maxRequestFailures: fields.failureLimit("max-request-failures", { percent: 100 }),
        input: inputFiles,
    };
}
/** Results may go to a device; what is read again may not. */
function checkCache(path, problem) {
    if (path === undefined || !isDevice(path))
        return;
    problem(`\`cache-file\`: ${path} is a device and no file. Choose another path.`);
}
function readRejected(fields, problem) {
    const listed = fields.list("reject-answers").map((word) => word.toLowerCase());
    const never = listed.includes("never");
    if (never && listed.some((word) => word !== "never")) {
        problem("`reject-answers`: `never` stands alone.");
    }
    for (const word of listed) {
        if (word !== "never" && !isAnswerProblem(word)) {
            problem(`\`reject-answers\`: \`${word}\` is none of: ${answerProblems.join(", ")}; or give \`never\`.${didYouMean(word, [...answerProblems, "never"])}`);
        }
    }
    return never ? [] : answerProblems.filter((known) => listed.includes(known));
}
/** Finds out before anything is paid that the results will have a place. */
function checkFiles(targets, read, problem) {
    const places = {};
    for (const [name, path] of Object.entries(targets))
        places[name] = path && exampleOf(path);
    const inputs = { name: "input-file", paths: read?.files ?? [] };
    const template = { name: "template", paths: read?.template === undefined ? [] : [read.template] };
    for (const { name, why } of extensionProblems("answers-file", places["answers-file"])) {
        problem(`\`${name}\`: ${targets[name] ?? ""} ${why}`);
    }
    for (const one of targetProblems(places, inputs, template)) {
        const { name } = one;
        problem(one.code === "same_file"
            ? `\`${name}\` and \`${one.other}\` are the same file.`
            : `\`${name}\`: ${targets[name] ?? ""} ${one.why} Choose a path in a folder that this job may write to.`);
    }
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
    // `owner/repo/.github/workflows/file.yml@refs/heads/main`, where file and branch may hold an `@`.
    const end = workflow.indexOf("@refs/");
    const path = end === -1 ? workflow : workflow.slice(0, end);
    const file = path.split("/").at(-1) ?? "";
    if (!path.toLowerCase().startsWith(`${repository.toLowerCase()}/`) || file === "") {
        return { problem: `the workflow ${path} is not one of ${repository}, which has to start it.` };
    }
    const name = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref)?.[1];
    if (name === undefined)
        return { problem: notDispatchable(ref) };
    if (name.startsWith("gh-readonly-queue/") && ref.startsWith("refs/heads/")) {
        return {
            problem: `a run of a merge queue cannot be started again: its branch is deleted when the queue has merged or dropped it. ${instead}`,
        };
    }
    return { file, ref: name };
}
const instead = "Use `on-timeout: continue`, and `operation: collect` on a schedule.";
function notDispatchable(ref) {
    return ref.startsWith("refs/pull/")
        ? `a run of a pull request cannot be started again by \`workflow_dispatch\`, which takes branches and tags only. ${instead}`
        : `${ref} is no branch or tag, which \`workflow_dispatch\` needs.`;
}

;// CONCATENATED MODULE: ./lib/action/inputs/wait.js

const onTimeouts = ["fail", "continue", "cancel", "dispatch"];
const defaultTimeout = 5.5 * 3_600_000;
const defaultMaxPollInterval = 60_000;
function readWait(fields, env, problem) {
    const pollInterval = fields.duration("poll-interval") ?? 5_000;
    const maxPollInterval = fields.duration("max-poll-interval") ?? defaultMaxPollInterval;
    // Whoever raises only the lower bound above the upper one's default means both.
    if (maxPollInterval < pollInterval && maxPollInterval !== defaultMaxPollInterval) {
        problem("`max-poll-interval` is shorter than `poll-interval`.");
    }
    const onTimeout = fields.oneOf("on-timeout", onTimeouts, "fail");
    return {
        timeout: fields.duration("timeout") ?? defaultTimeout,
        onTimeout,
        dispatch: onTimeout === "dispatch" ? readTarget(env, problem) : undefined,
        pollInterval,
        maxPollInterval: Math.max(pollInterval, maxPollInterval),
    };
}
function readTarget(env, problem) {
    const target = dispatchTarget(env);
    if (!("problem" in target))
        return target;
    problem(`\`on-timeout: dispatch\`: ${target.problem}`);
    return undefined;
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
    const fields = fields_fieldsOf(getInput, problem);
    const keyless = fields.text("operation") === "check";
    const connection = connection_readConnection(fields, env, problem, { keyless });
    const cost = readCost(fields, problem);
    const summary = fields.flag("summary", true);
    const cancelOn = readCancelOn(fields, problem);
    const warn = (text) => warnings.push(text);
    const operation = await readOperation({ fields, env, connection, problem, warn });
    if (operation !== undefined && "wait" in operation) {
        warnings.push(...identityWarnings(connection.identity, operation.wait));
    }
    const github = github_readGitHub(fields, env, operation?.operation, problem);
    checkMaxCost(cost, operation, problem);
    if (operation === undefined || problems.length > 0)
        throw new problem_InputError(problems);
    warnOfIdleInputs(operation.operation, getInput, warn);
    return { ...priced(operation, cost), connection, cost, summary, cancelOn, github, warnings };
}
/** Where answers are collected it matters what they cost. */
function priced(operation, { prices }) {
    if (!("results" in operation))
        return operation;
    return { ...operation, results: { ...operation.results, prices } };
}
/** What a file costs that is on the server already can only be said of its requests, which are not here. */
function checkMaxCost({ maxCost }, operation, problem) {
    if (maxCost === undefined || operation === undefined || !("create" in operation))
        return;
    if ("fileId" in operation.create.input) {
        problem("`max-cost` needs `input-file`: what an uploaded file would cost cannot be estimated.");
    }
}
/** @throws {InputError} when the connection's inputs are wrong */
function readCleanupInputs(getInput, env) {
    const problems = [];
    const problem = (text) => problems.push(text);
    const fields = fieldsOf(getInput, problem);
    const operation = operationNames.find((known) => known === fields.text("operation"));
    const inputs = {
        connection: readConnection(fields, env, problem),
        cancelOn: readCancelOn(fields, problem),
        jobStatus: fields.text("job-status") ?? "",
        // Main has told what is wrong with it, and the clean-up does without.
        github: readGitHub(fields, env, operation, () => undefined),
    };
    if (problems.length > 0)
        throw new InputError(problems);
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
            problem(`\`cancel-on\`: \`${value}\` is none of: ${cancelOnValues.join(", ")}.${didYouMean(value, cancelOnValues)}`);
        }
    }
    if (known.includes("never") && known.length > 1)
        problem("`cancel-on`: `never` stands alone.");
    return known;
}
async function readOperation(reading) {
    const { fields, connection, problem, warn } = reading;
    const name = fields.text("operation");
    const operation = operation_operationNames.find((known) => known === name);
    switch (operation) {
        case undefined:
            problem(name === undefined
                ? `\`operation\` is missing; it is one of: ${operation_operationNames.join(", ")}.`
                : `\`operation\` is \`${name}\` but must be one of: ${operation_operationNames.join(", ")}.${didYouMean(name, operation_operationNames)}`);
            return undefined;
        case "create":
            return { operation, create: await readCreate(fields, connection, problem) };
        case "run":
            return readRunOperation(reading);
        case "wait":
            return {
                operation,
                choice: readBatchChoice(fields, operation, problem, warn),
                ...readWaitAndResults(reading, await readInputFiles(fields, problem)),
            };
        case "retrieve":
            return {
                operation,
                choice: readBatchChoice(fields, operation, problem, warn),
                results: readResults(fields, problem, await readInputFiles(fields, problem)),
            };
        case "cancel":
            return { operation, choice: readBatchChoice(fields, operation, problem, warn) };
        case "list":
            return { operation, list: inputs_readList(fields, warn) };
        case "check":
            return { operation, check: await readCheck(fields, problem) };
        case "collect":
            return {
                operation,
                collect: readCollect(fields, problem, warn),
                results: readResults(fields, problem, await readInputFiles(fields, problem)),
            };
    }
}
function inputs_readList(fields, warn) {
    return {
        limit: fields.integer("limit", 20),
        after: fields.text("after"),
        ...readFilter(fields, warn),
    };
}
/** With `batch-id`, `run` creates nothing and waits for those: one workflow serves the first run and those that follow. */
async function readRunOperation(reading) {
    const { fields, env, connection, problem, warn } = reading;
    const operation = "run";
    const ids = readContinuedIds(fields, env);
    if (ids.length > 0) {
        checkIds(ids, problem);
        if (fields.integer("retry-failed", 0, { max: 100 }) > 0) {
            warn("`retry-failed` does nothing here: with `batch-id` this run only waits, and sends no request.");
        }
        if (fields.text("cache-file") !== undefined) {
            warn("`cache-file` does nothing here: with `batch-id` this run only waits, and neither takes answers from it nor adds any.");
        }
        return { operation, ids, ...readWaitAndResults(reading, await filesIfThere(fields)) };
    }
    const create = await readCreate(fields, connection, problem);
    const files = "files" in create.input ? create.input : undefined;
    const running = readRun(fields, problem);
    const waiting = readWaitAndResults(reading, files, running.cacheFile);
    if (waiting.wait.onTimeout === "dispatch")
        checkHandOver(running, problem, warn);
    return { operation, create, run: running, ...waiting };
}
/** What the run that goes on after a timeout cannot do. */
function checkHandOver({ retryFailed, cacheFile }, problem, warn) {
    if (retryFailed > 0) {
        problem("`on-timeout: dispatch` does not go with `retry-failed`: the run that goes on has no requests to send again.");
    }
    if (cacheFile !== undefined) {
        warn("`on-timeout: dispatch` with `cache-file`: when the time is up, the run that goes on has the answers of its batches only and adds none to the cache, so that a later run pays for those again. A longer `timeout` makes that less likely.");
    }
}
/** What made the batches may have been there in the run that created them only; this one can do without. */
async function filesIfThere(fields) {
    const problems = [];
    const files = await readInputFiles(fields, (text) => problems.push(text));
    return problems.length === 0 ? files : undefined;
}
function readWaitAndResults({ fields, env, problem }, files, cacheFile) {
    return {
        wait: readWait(fields, env, problem),
        results: readResults(fields, problem, files, cacheFile),
    };
}

// EXTERNAL MODULE: ./lib/action/runner/interrupt.js
var interrupt = __webpack_require__(9146);
;// CONCATENATED MODULE: ./lib/action/explain.js



/** Whether the message of an error says all that there is to say to a user. */
function isExplained(error) {
    return (error instanceof errors/* APIError */.LG || error instanceof problem_InputError || error instanceof interrupt/* InterruptError */.y);
}
/** Why a step failed, for people. */
function explain(error) {
    if (!(error instanceof Error))
        return String(error);
    return isExplained(error)
        ? error.message
        : `${error.message} (${error.name}; rerun with debug logging to see where).`;
}

;// CONCATENATED MODULE: ./lib/batch/rules/cost.js

/** Whether an input may be sent: only what is known to cost no more than it may, which has to be known too. */
function decideSend({ maxCost, cost, atLeast, unpriced, }) {
    if (Number.isNaN(maxCost)) {
        return { decision: "refuse: too expensive", why: "what may be spent is not a number" };
    }
    if (cost === undefined) {
        return {
            decision: "refuse: price unknown",
            why: `${unpricedWords(unpriced)}, so neither is what the requests cost`,
        };
    }
    const told = `${atLeast ? "at least " : ""}${(0,format/* formatDollars */.nT)(cost)}`;
    return cost > maxCost
        ? {
            decision: "refuse: too expensive",
            why: `the requests cost ${told} by estimate, more than ${(0,format/* formatDollars */.nT)(maxCost)}`,
        }
        : { decision: "send", why: `the requests cost ${told} by estimate` };
}
const maxNames = 5;
/**
 * Models by their names, a few of them.
 *
 * @param nameless what `""` stands for
 */
function namesOf(models, nameless = "requests without a model") {
    const named = models.map((model) => model || nameless);
    return (0,format/* listNames */.Zv)(named, maxNames);
}
/** `the price of tiny is not known` */
function unpricedWords(models) {
    const [prices, are] = models.length === 1 ? ["price", "is"] : ["prices", "are"];
    return `the ${prices} of ${namesOf(models)} ${are} not known`;
}
/** Whether requests are sent again: only where all that was paid and the round together stay below the bound. */
function decideRoundCost({ maxCost, paid, estimate, }) {
    if (paid === undefined) {
        return { decision: "end", why: "it is not known what the answers so far have cost" };
    }
    if (estimate === undefined) {
        return { decision: "end", why: "it is not known what they would cost" };
    }
    return paid + estimate > maxCost
        ? {
            decision: "end",
            why: `${(0,format/* formatDollars */.nT)(paid)} has been paid, and another ${(0,format/* formatDollars */.nT)(estimate)} by estimate would be more than ${(0,format/* formatDollars */.nT)(maxCost)}`,
        }
        : { decision: "send", why: "it stays below what may be spent" };
}

;// CONCATENATED MODULE: ./lib/action/estimate.js


/** Sets the outputs of an estimate and says in the log what it is worth. */
function tellEstimate(toolkit, estimate) {
    toolkit.setOutput("estimated-input-tokens", estimate.inputTokens);
    toolkit.setOutput("estimated-cost", estimate.cost === undefined ? "" : (0,format/* plainDollars */.ci)(estimate.cost));
    toolkit.info(`Estimated: ${[tokenWords(estimate), costWords(estimate)].join(", ")}.`);
    for (const words of limitsOf(estimate))
        toolkit.info(words);
}
/** `1,234,567 input tokens (±0.4 %, from 400 of 50,000 requests)` */
function tokenWords({ inputTokens, inputError, read, requests }) {
    const tokens = (0,format/* plural */.LS)(inputTokens, "input token");
    if (read === requests)
        return tokens;
    const share = inputTokens === 0 ? 0 : (inputError / inputTokens) * 100;
    return `${tokens} (±${share.toFixed(1)} %, from ${(0,format/* formatCount */.B4)(read)} of ${(0,format/* plural */.LS)(requests, "request")})`;
}
/** `at least $1.23`, or why that is not known. */
function costWords({ cost, atLeast, unpriced }) {
    if (cost === undefined)
        return unpricedWords(unpriced);
    return `${atLeast ? "at least " : ""}${(0,format/* formatDollars */.nT)(cost)}`;
}
/** What the estimate does not hold. */
function limitsOf({ models, read, requests }) {
    const unlimited = models.reduce((sum, one) => sum + one.unlimited, 0);
    const uncounted = models.reduce((sum, one) => sum + one.uncounted, 0);
    const words = [];
    if (unlimited > 0) {
        words.push(`${(0,format/* plural */.LS)(unlimited, "request")} ${unlimited === 1 ? "sets" : "set"} no limit to the answer (such as \`max_completion_tokens\`), so only ${unlimited === 1 ? "its" : "their"} input is in the estimate.`);
    }
    if (uncounted > 0) {
        words.push(`Images, audio and files in a body are not text and are not counted: ${(0,format/* plural */.LS)(uncounted, "part")} of the requests that were read.`);
    }
    else if (read < requests) {
        words.push("Images, audio and files in a body are not text and are not counted.");
    }
    return words;
}

;// CONCATENATED MODULE: ./lib/batch/progress.js


/** One line about a batch: its id, status and counts. */
function describeBatch(batch) {
    const requests = describeCounts(batch.request_counts);
    return `${batch.id}: ${batch.status}${requests === "" ? "" : `, ${requests}`}`;
}
/**
 * Where one or several batches are, in one line: status, bar, counts, what failed, the time since
 * `started` and, where counts and times allow one, an estimate of what is left.
 *
 * @param now milliseconds since the epoch
 * @param started milliseconds since the epoch; what the elapsed time counts from
 * @param width characters that there is room for; where they are few, id and bar are left out
 */
function progressLine(batches, now, started, width = Number.POSITIVE_INFINITY) {
    const counts = (0,batch_status/* reportedCounts */.Ae)(batches);
    const requests = describeCounts(counts);
    const left = timeLeft(batches, now);
    const elapsed = `after ${(0,format/* formatDuration */.a3)(Math.max(0, now - started))}`;
    const times = left === undefined ? elapsed : `${elapsed}, about ${(0,format/* formatDuration */.a3)(rough(left))} left`;
    const lineOf = (head, share) => `${head}${requests === "" ? "" : ` ${share}, ${requests}`} (${times})`;
    const full = lineOf(headOf(batches), `${bar(counts)} ${percent(counts)}`);
    if (full.length <= width)
        return full;
    return cut(lineOf(statusesOf(batches), percent(counts)), width);
}
/**
 * Milliseconds until every request is done, if the running batches go on as they did so far;
 * `undefined` where counts or times say nothing: nothing done yet, a batch not begun, or all done.
 *
 * @param now milliseconds since the epoch
 */
function timeLeft(batches, now) {
    let longest;
    for (const batch of batches) {
        if ((0,batch_status/* isTerminal */.Hd)(batch))
            continue;
        const left = timeLeftOf(batch, now);
        // What is not known of one batch is not known of all.
        if (left === undefined)
            return undefined;
        longest = Math.max(longest ?? 0, left);
    }
    return longest;
}
function timeLeftOf(batch, now) {
    const { status, in_progress_at: since, request_counts: counts } = batch;
    if (status !== "in_progress" || since === undefined || counts === undefined)
        return undefined;
    const done = doneOf(counts);
    const elapsed = now - since * 1000;
    if (done === 0 || done >= counts.total || elapsed < shortestBasis)
        return undefined;
    return (elapsed / done) * (counts.total - done);
}
/** Milliseconds; a rate of the first seconds says nothing of hours. */
const shortestBasis = 10_000;
const barLength = 20;
/** Requests that have ended, one way or the other. */
function doneOf({ completed, failed }) {
    return completed + failed;
}
/** From 0 to 1; some servers count more than there are. */
function shareDone(counts) {
    return counts.total === 0 ? 0 : Math.min(1, doneOf(counts) / counts.total);
}
function bar(counts) {
    const filled = Math.floor(shareDone(counts) * barLength);
    return "█".repeat(filled) + "░".repeat(barLength - filled);
}
function percent(counts) {
    return `${Math.floor(shareDone(counts) * 100)}%`;
}
/** An estimate that names seconds of an hour would claim to know more than it does. */
function rough(milliseconds) {
    const step = milliseconds < 60_000 ? 5_000 : milliseconds < 3_600_000 ? 60_000 : 300_000;
    return Math.max(1, Math.round(milliseconds / step)) * step;
}
function cut(line, width) {
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
function describeCounts(counts) {
    if (counts === undefined || counts.total === 0)
        return "";
    const failed = counts.failed === 0 ? "" : `, ${(0,format/* formatCount */.B4)(counts.failed)} failed`;
    const done = (0,format/* formatCount */.B4)(doneOf(counts));
    return `${done} of ${(0,format/* formatCount */.B4)(counts.total)} requests done${failed}`;
}
function headOf(batches) {
    const [only] = batches;
    return batches.length === 1 && only !== undefined
        ? `${only.id}: ${only.status}`
        : `${(0,format/* formatCount */.B4)(batches.length)} batches: ${statusesOf(batches)}`;
}
/** `3 in_progress, 1 completed`: those furthest from completed first; of a single batch only the status. */
function statusesOf(batches) {
    const counts = new Map();
    for (const { status } of batches)
        counts.set(status, (counts.get(status) ?? 0) + 1);
    const known = batch_status/* statusesByDistance */.nf.filter((status) => counts.has(status));
    const others = [...counts.keys()].filter((status) => !known.includes(status));
    return [...known, ...others]
        .map((status) => batches.length === 1 ? status : `${(0,format/* formatCount */.B4)(counts.get(status) ?? 0)} ${status}`)
        .join(", ");
}

;// CONCATENATED MODULE: ./lib/action/narrate/log.js



const log_maxNamed = 10;
/** What the log says of each event. Progress has lines of its own, and the end of the step tells the rest. */
const told = {
    uploaded: ({ file, reused }) => [
        "info",
        reused
            ? `The requests are already uploaded as ${file.id}.`
            : `Uploaded ${(0,format/* formatBytes */.z3)(file.bytes)} as ${file.id}.`,
    ],
    "cache-read": ({ requests, answered, rejected }) => [
        "info",
        `${(0,format/* formatCount */.B4)(answered)} of ${(0,format/* plural */.LS)(requests, "request")} ${requests === 1 ? "is" : isOrAre(answered)} answered by the cache${rejected === 0 ? "" : `; ${(0,format/* plural */.LS)(rejected, "answer")} in it ${isOrAre(rejected)} rejected by this step`}.`,
    ],
    "cache-written": ({ batchId, answers }) => [
        "info",
        `Added ${(0,format/* plural */.LS)(answers, "answer")} of ${batchId} to the cache.`,
    ],
    "cache-failed": ({ batchId, error }) => [
        "warning",
        `The answers of ${batchId} could not be added to the cache: ${(0,format/* withoutStop */.f6)(error.message)}. They are in the results; a later run may pay for them again.`,
    ],
    "outcome-unknown": ({ error }) => [
        "warning",
        `No answer says whether the batch of ${error.inputFileId} was created (${causeOf(error)}). Looking for it in the list of batches.`,
    ],
    created: ({ known: { batch }, found }) => [
        "info",
        found ? `Found ${log_named(batch)}, whose create had lost its answer.` : `Created ${log_named(batch)}.`,
    ],
    "not-adopted": ({ batch, why }) => [
        "warning",
        `${batch.id} stands for the same requests but is not used, because ${why}. A new batch is created.`,
    ],
    "extra-found": ({ batch }) => [
        "warning",
        `A create whose answer was lost had made ${batch.id} as well; cancelling it.`,
    ],
    "look-up-incomplete": ({ why }) => [
        "warning",
        `Whether the batch is there already could not be looked up: ${why}.`,
    ],
    "held-back": ({ part, pause }) => [
        "info",
        `The server has no room for batch ${part + 1} now; trying again when another has ended, or in ${(0,format/* formatDuration */.a3)(pause)}.`,
    ],
    "put-off": ({ part, error }) => [
        "warning",
        `Batch ${part + 1} cannot be sent before the time is up. ${error.message}`,
    ],
    "no-room": ({ part, why }) => [
        "info",
        `Batch ${part + 1} waits until another has ended: ${why}.`,
    ],
    halved: ({ part, halves: [first, second], why }) => [
        "info",
        `Batch ${part + 1} is divided in two, batches ${first + 1} and ${second + 1}: ${why}.`,
    ],
    "unknown-id": ({ batchId, error }) => [
        "warning",
        `The server knows no batch ${batchId}; it is not followed any longer. ${error.message}`,
    ],
    gone: ({ batchId, error }) => [
        "warning",
        `${batchId} is gone from the server; it is not followed any longer. ${error.message}`,
    ],
    "retry-round": ({ round, requests }) => [
        "info",
        `Retry round ${round}: ${(0,format/* plural */.LS)(requests, "request")} that failed for a transient reason ${isOrAre(requests)} sent again.`,
    ],
    "no-retry-round": ({ requests, why }) => [
        "notice",
        `${(0,format/* plural */.LS)(requests, "request")} could be sent again and ${isOrAre(requests)} not: ${why}.`,
    ],
    "over-budget": ({ requests, why }) => [
        "warning",
        `${(0,format/* plural */.LS)(requests, "request")} that failed for a transient reason ${isOrAre(requests)} not sent again (\`max-cost\`): ${why}.`,
    ],
    "left-running": ({ batchId, why }) => ["notice", `${batchId} is not cancelled: ${why}.`],
    cancelling: ({ ids, why }) => [
        "info",
        `Cancelling ${ids.length > log_maxNamed ? (0,format/* plural */.LS)(ids.length, "batch", "batches") : ids.join(", ")}, because ${why}.`,
    ],
    cancelled: ({ batch }) => ["info", describeBatch(batch)],
    "results-late": ({ batchId, why, pause }) => [
        "info",
        `The results of ${batchId} cannot be read yet (${why}); trying again in ${(0,format/* formatDuration */.a3)(pause)}.`,
    ],
    downloaded: ({ batchId, fileId, lines }) => [
        "debug",
        `Read ${(0,format/* plural */.LS)(lines, "line")} of ${fileId} (${batchId}).`,
    ],
};
/** Looks that fail are warned of so often; then they are only logged. */
const maxWarnings = 3;
/** Says in the log what happens. */
function logEvent({ toolkit, github, }) {
    let failedLooks = 0;
    return (event) => {
        const line = lineOf(event);
        if (line !== undefined)
            toolkit[line[0]](line[1]);
    };
    function lineOf(event) {
        if (event.type === "adopted")
            return adoption(event.known.batch, github);
        if (event.type === "poll-failed") {
            failedLooks += 1;
            const level = failedLooks <= maxWarnings ? "warning" : "info";
            return [level, `A look at ${event.batchId} failed; still waiting. ${event.error.message}`];
        }
        if (event.type === "timed-out")
            return event.unsent === 0 ? undefined : unsentLine(event.unsent);
        // The key says which events the function takes, which a look-up cannot show.
        const tell = told[event.type];
        return tell?.(event);
    }
}
function unsentLine(unsent) {
    const [was, it] = unsent === 1 ? ["was", "it"] : ["were", "them"];
    return [
        "warning",
        `${(0,format/* plural */.LS)(unsent, "request")} of the input ${was} not sent before the time was up, so no batch holds ${it}. Run the step again with the same input to send ${it}.`,
    ];
}
/** A second step of the same attempt that sends the same requests may have wanted a batch of its own. */
function adoption(batch, { runAttempt, runId }) {
    const adopted = `Adopted ${batch.id}, which is ${batch.status}, instead of paying again.`;
    const sameRun = runId !== undefined && batch.metadata?.["github_run_id"] === runId;
    if (!sameRun || runAttempt > 1)
        return ["info", adopted];
    return [
        "warning",
        `${adopted} An earlier step of this run created it from the same requests. To get answers of its own, give this step an \`idempotency-key\` of its own, or \`reuse-existing: false\`.`,
    ];
}
function log_named({ id, endpoint }) {
    return `${id}${endpoint === "" ? "" : ` for ${endpoint}`}`;
}
function isOrAre(count) {
    return count === 1 ? "is" : "are";
}
/** What kept a create from its answer: the error itself says only that it is unknown. */
function causeOf({ status, cause }) {
    if (status !== undefined)
        return `status ${status}`;
    if (cause instanceof errors/* DeadlineError */.j3)
        return "the time was up";
    return cause instanceof errors/* APIError */.LG ? (cause.code ?? "no answer") : "no answer";
}

;// CONCATENATED MODULE: ./lib/batch/results/absence.js
const absence_messages = {
    batch_expired: "The batch expired before this request was run.",
    batch_cancelled: "The batch was cancelled before this request was run.",
};
/** What stands in the place of a failure's code for requests that have not come to an end, or are not known to. */
const openCodes = {
    running: "not_finished",
    unsent: "not_sent",
    unseen: "outcome_unknown",
};
/** What is said of the requests of a batch that has ended whose results do not name them. */
function absenceBy(batch, state) {
    switch (state.state) {
        case "never-ran":
            return {
                state,
                code: state.code,
                message: absence_messages[state.code] ?? failedBatch(batch),
            };
        case "unknown":
            return { state, code: state.code, message: state.message };
        default:
            return {
                state,
                code: "result_missing",
                message: "The server gave no result for this request.",
            };
    }
}
function unfinished({ id, status }) {
    const message = `Batch ${id} was ${status} when its results were collected.`;
    return { state: { state: "pending", message }, code: openCodes.running, message };
}
function notSent(message) {
    return { state: { state: "unsent", message }, code: openCodes.unsent, message };
}
/** A batch of it may run that nobody has seen. */
function unseen(message) {
    const code = openCodes.unseen;
    return { state: { state: "unknown", code, message }, code, message };
}
function failedBatch({ id, errors }) {
    return `Batch ${id} failed: ${errors?.data?.[0]?.message ?? "the server gave no reason"}`;
}

;// CONCATENATED MODULE: ./lib/action/counts.js



/** What the API counts, and what it was never asked. */
function countsByServer(batches, cached) {
    return (0,batch_status/* sumCounts */.W_)([(0,batch_status/* reportedCounts */.Ae)(batches), { total: cached, completed: cached, failed: 0 }]);
}
/**
 * What the lines count of requests that have come to an end, and the API of those that still run: the lines
 * know of answers that are rejected and of requests that never ran. Requests that no batch is known to hold
 * are left out.
 */
function countsSoFar(batches, { counts, failures }) {
    const [running, away] = [
        countOf(failures, [openCodes.running]),
        countOf(failures, [openCodes.unsent, openCodes.unseen]),
    ];
    const ended = {
        total: counts.total - away,
        completed: counts.completed,
        failed: counts.failed - away - running,
    };
    if (running === 0)
        return ended;
    const { completed, failed } = (0,batch_status/* reportedCounts */.Ae)(batches.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch)));
    return (0,batch_status/* sumCounts */.W_)([ended, { total: 0, completed, failed }]);
}
/** `2 failed requests`; `2 lines` where some of them are of requests that have not failed, or of none. */
function errorLines({ lines, failures, unexpected }) {
    const others = unexpected + countOf(failures, Object.values(openCodes));
    return (0,format/* plural */.LS)(lines.error, others > 0 ? "line" : "failed request");
}
function countOf(failures, codes) {
    return failures
        .filter(({ code }) => codes.includes(code))
        .reduce((sum, { count }) => sum + count, 0);
}

;// CONCATENATED MODULE: ./lib/action/outputs.js





function reportOf(seen, reported = {}) {
    const { results, superseded = new Set(), unsent = 0, cached = 0 } = reported;
    const latest = new Map(results?.batches.map((batch) => [batch.id, batch]));
    const batches = seen.map((batch) => latest.get(batch.id) ?? batch);
    const ids = reported.ids ?? batches.map(({ id }) => id);
    const complete = (reported.complete ?? true) && ids.length <= batches.length;
    const counts = countsOf(batches, { results, complete, cached });
    const standing = batches.filter(({ id }) => !superseded.has(id));
    const known = { batches, standing, complete, counts, cached };
    return {
        batches,
        ids,
        standing,
        done: decideDone(known).decision === "done",
        conclusion: decideConclusion(known),
        counts,
        usage: results?.usage ?? reportedUsage(batches),
        spent: reported.spent ?? spentFor(batches, reported),
        results,
        unsent,
        cached,
    };
}
function countsOf(batches, { results, complete, cached, }) {
    if (results === undefined)
        return countsByServer(batches, cached);
    return complete && batches.every(batch_status/* isTerminal */.Hd) ? results.counts : countsSoFar(batches, results);
}
/** As the lines tell it; of batches whose lines nobody has asked for, as they do themselves. */
function spentFor(batches, reported) {
    const { results, parts } = reported;
    if (results !== undefined && results.usageByModel.length > 0)
        return results.usageByModel;
    const requested = (id) => parts?.get(id)?.model;
    const told = batches.flatMap((batch) => reportedSpending(batch, requested(batch.id)));
    if (told.length > 0 || !isUnanswered(batches, reported))
        return told;
    const models = batches.map(({ id, model }) => model ?? requested(id) ?? "");
    return models.includes("") ? [] : nothingFor(models);
}
/** Whether it is known that none of the requests that were sent has an answer. */
function isUnanswered(batches, { results, cached = 0 }) {
    if (results === undefined || batches.length === 0 || !batches.every(batch_status/* isTerminal */.Hd))
        return false;
    const { counts, unknown, problems } = results;
    return counts.completed === cached && unknown === 0 && problems.length === 0;
}
/**
 * The counts of a step's only batch, which are the step's own; `undefined` where there are several, where
 * the cache has answered some of the step's requests, and before anything has been told.
 */
function countsOfOnly({ batches, counts, cached }) {
    return batches.length === 1 && cached === 0 && counts.total > 0 ? counts : undefined;
}
/**
 * The report of a step that an error has ended before the results were read or written: whatever the
 * batches say, it did not succeed.
 */
function failedReport(report) {
    return { ...report, conclusion: withoutResults(report.conclusion) };
}
/** So many things have their outputs written with each new one; then only as their number grows by half. */
const few = 8;
const growth = 1.5;
/**
 * Whether outputs that name so many things are to be written again. The runner's file is only ever added
 * to, so that what is written with each new one would grow with the square of their number.
 */
function isDue(count, written) {
    return count > written && (written < few || count >= written * growth);
}
/** Writes every output that names something about batches, at the end of a step. */
function writeOutputs(toolkit, report) {
    const { batches, usage, results } = report;
    writeIds(toolkit, report);
    writeStatus(toolkit, report);
    set(toolkit, {
        "input-tokens": usage?.input ?? "",
        "output-tokens": usage?.output ?? "",
        "total-tokens": usage?.total ?? "",
        "cached-input-tokens": usage?.cachedInput ?? "",
        "reasoning-tokens": usage?.reasoning ?? "",
        "output-file": results?.outputFile ?? "",
        "error-file": results?.errorFile ?? "",
        "answers-file": results?.answersFile ?? "",
        batches: JSON.stringify(batches),
    });
}
/** Ids of batches and files; one that was told once is never taken back: a later step may need it. */
function writeIds(toolkit, { batches, ids: batchIds }) {
    if (batchIds.length === 0)
        return;
    toolkit.setOutput("batch-id", batchIds.join(","));
    if (batches.length === 0)
        return;
    const ids = (key) => batches
        .map((batch) => batch[key])
        .filter(Boolean)
        .join(",");
    set(toolkit, {
        "input-file-id": ids("input_file_id"),
        "output-file-id": ids("output_file_id"),
        "error-file-id": ids("error_file_id"),
    });
}
/** How the batches stand, in a few short values. */
function writeStatus(toolkit, report) {
    const { ids, counts } = report;
    // Of no batch at all: the cache had every answer.
    const otherwise = report.done && report.cached > 0 ? "completed" : "";
    set(toolkit, {
        "batch-count": ids.length,
        status: (0,batch_status/* overallStatus */.gX)(report.standing) ?? otherwise,
        done: isAllDone(report.done, report.results?.unknown ?? 0),
        conclusion: report.conclusion,
        "request-total": counts.total,
        "request-completed": counts.completed,
        "request-failed": counts.failed,
        "request-unusable": unusableIn(report.results) ?? "",
        "request-cached": report.cached,
        "request-unsent": report.unsent,
    });
}
/** How many answers have a problem, rejected or not; `undefined` as long as the result lines were not read. */
function unusableIn(results) {
    return results?.unusable.reduce((sum, { count }) => sum + count, 0);
}
function set(toolkit, values) {
    for (const [name, value] of Object.entries(values))
        toolkit.setOutput(name, value);
}
function reportedUsage(batches) {
    const known = batches.flatMap(({ usage }) => usage ?? []);
    return sumUsage(known.map((usage) => ({
        input: usage.input_tokens,
        output: usage.output_tokens,
        total: usage.total_tokens,
        cachedInput: usage.input_tokens_details.cached_tokens,
        reasoning: usage.output_tokens_details.reasoning_tokens,
    })));
}

;// CONCATENATED MODULE: ./lib/batch/progress/teller.js


const minute = 60_000;
/** Milliseconds without a line after which one is said all the same; the last one goes on. */
const heartbeats = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute);
/** So many batches get a line each; more are summed up. */
const fewBatches = 3;
const maxChanged = 5;
const maxDetails = 200;
const tenths = 10;
const nothing = { lines: [], details: [] };
/**
 * Decides when progress is worth a line: when a status changed, a first request failed or another
 * tenth was done, and else at growing distance. Many batches are one summed line and a few lines
 * of those that changed, however many there are.
 *
 * @param now milliseconds since the epoch; the elapsed time counts from this call
 */
function createProgressTeller(now) {
    const started = now();
    const said = new Map();
    let lastLine = started;
    let lastTotal = "";
    let beats = 0;
    return (batches) => {
        if (batches.length === 0)
            return nothing;
        const first = said.size === 0;
        const few = batches.length <= fewBatches;
        const changed = batches.filter((batch) => {
            const state = few ? stateOf(batch) : batch.status;
            if (said.get(batch.id) === state)
                return false;
            said.set(batch.id, state);
            return true;
        });
        const total = few ? "" : tenthOf(batches);
        const moved = total !== lastTotal;
        lastTotal = total;
        const time = now();
        const due = time - lastLine >= (heartbeats[Math.min(beats, heartbeats.length - 1)] ?? minute);
        if (changed.length === 0 && !moved && !due)
            return nothing;
        if (changed.length === 0 && !moved)
            beats += 1;
        lastLine = time;
        const line = (of) => progressLine(of, time, started);
        if (few) {
            const shown = changed.length > 0 ? changed : batches;
            return { lines: shown.map((batch) => line([batch])), details: [] };
        }
        if (first) {
            return { lines: [line(batches)], details: batches.slice(0, maxDetails).map(describeBatch) };
        }
        const more = changed.length - maxChanged;
        return {
            lines: [
                ...changed.slice(0, maxChanged).map(describeBatch),
                ...(more > 0 ? [`${(0,format/* plural */.LS)(more, "more batch", "more batches")} changed.`] : []),
                line(batches),
            ],
            details: [],
        };
    };
}
function stateOf(batch) {
    return `${batch.status} ${(batch.request_counts?.failed ?? 0) > 0} ${tenthOf([batch])}`;
}
function tenthOf(batches) {
    const total = batches.reduce((sum, { request_counts: counts }) => sum + (counts?.total ?? 0), 0);
    const done = batches.reduce((sum, { request_counts: counts }) => sum + (counts === undefined ? 0 : shareDone(counts) * counts.total), 0);
    return String(total === 0 ? 0 : Math.floor((done / total) * tenths));
}

;// CONCATENATED MODULE: ./lib/action/progress.js





/** Says how the batches are doing, when there is something to say, and warns once of a status nobody has told us of. */
function progressLog(toolkit, now) {
    const tell = createProgressTeller(now);
    const warned = new Set();
    return (batches) => {
        const { lines, details } = tell(batches);
        if (details.length > 0) {
            toolkit.startGroup((0,format/* plural */.LS)(batches.length, "batch", "batches"));
            for (const line of details)
                toolkit.info(line);
            if (details.length < batches.length)
                toolkit.info(`… and ${batches.length - details.length} more`);
            toolkit.endGroup();
        }
        for (const line of lines)
            toolkit.info(line);
        for (const { status } of batches) {
            if ((0,batch_status/* isKnownStatus */.ih)(status) || warned.has(status))
                continue;
            warned.add(status);
            toolkit.warning(status === unstated
                ? "The server names no status of a batch. Still waiting."
                : `The server names a status that is not known: ${String(status)}. Still waiting.`);
        }
    };
}

;// CONCATENATED MODULE: ./lib/action/narrate.js






/** The one place where it is told what happens to the batches of a step. */
function createNarrator(settings) {
    const { toolkit, state } = settings;
    const story = {
        ...settings,
        ids: new Set(),
        allNamed: false,
        batches: new Map(),
        adopted: new Set(),
        requests: new Map(),
        rounds: new Map(),
        round: 0,
        planned: [],
        cached: 0,
        sent: new Set(),
        standing: new Map(),
        showProgress: progressLog(toolkit, settings.now),
        estimate: undefined,
        idsWritten: 0,
        status: undefined,
    };
    const log = logEvent(settings);
    return {
        onEvent(event) {
            remember(story, event);
            log(event);
        },
        follow(named) {
            story.allNamed = true;
            for (const id of named) {
                story.ids.add(id);
                state.batch(id, {});
            }
            writeIds(toolkit, reportFrom(story));
        },
        known: () => knownOf(story),
        report: () => reportFrom(story),
        facts: () => story,
        flush() {
            writeOutputs(toolkit, failedReport(reportFrom(story)));
        },
    };
}
function knownOf({ ids, batches }) {
    return [...ids].flatMap((id) => batches.get(id) ?? []);
}
function reportFrom(story) {
    const { ids, allNamed, cached } = story;
    const unsent = unsentOf(story);
    const complete = allNamed && unsent === 0;
    return reportOf(knownOf(story), { ids: [...ids], complete, unsent, cached });
}
/** How many requests of the input no batch holds. */
function unsentOf({ planned, sent }) {
    return planned.reduce((sum, count = 0, part) => sum + (sent.has(part) ? 0 : count), 0);
}
/** A later round begins when all of the input has been sent. */
function plan(story, parts, round) {
    story.planned = round === 0 ? parts : [];
    story.round = round;
    story.standing.clear();
}
/** The requests of a part that is divided are those of its halves. */
function divide(story, { part, halves, requests, batch }) {
    if (batch !== undefined)
        replace(story, batch.id);
    if (story.round > 0)
        return;
    const planned = [...story.planned];
    planned[part] = 0;
    for (const [at, half] of halves.entries())
        planned[half] = requests[at];
    story.planned = planned;
}
/** A batch that was turned away is made again: the new one stands for its part. */
function stand(story, part, { id }) {
    const before = story.standing.get(part);
    if (before !== undefined && before !== id)
        replace(story, before);
    story.standing.set(part, id);
}
/** A batch that took nothing along and that others stand for is of no use to a later step. */
function replace(story, id) {
    const { ids, batches, adopted, state, toolkit } = story;
    ids.delete(id);
    batches.delete(id);
    story.idsWritten = batches.size;
    if (adopted.delete(id))
        toolkit.setOutput("reused", adopted.size > 0);
    state.batch(id, { open: false });
    toolkit.setOutput("batch-id", [...ids].join(","));
}
/** What an event means for outputs, state and commit status. */
function remember(story, event) {
    const { state, toolkit } = story;
    switch (event.type) {
        case "estimated":
            story.estimate = event.estimate;
            tellEstimate(toolkit, event.estimate);
            return;
        case "uploaded":
            toolkit.setOutput("input-file-id", event.file.id);
            return;
        case "cache-read":
            story.cached = event.answered;
            return;
        case "planned":
            plan(story, event.parts, event.round);
            return;
        case "halved":
            divide(story, event);
            return;
        case "creating":
        case "outcome-unknown":
            story.sent.add(event.part);
            state.creation(event.creation);
            return;
        case "refused":
            story.sent.delete(event.part);
            state.settled(event.creation);
            return;
        case "settled":
            state.settled(event.creation);
            return;
        case "created":
        case "adopted":
            story.sent.add(event.part);
            take(story, event, event.type === "created" ? event.creation : event.beside);
            return;
        case "polled":
            poll(story, event.batches);
            return;
        case "unknown-id":
            story.ids.delete(event.batchId);
            state.unknown(event.batchId);
            writeIds(toolkit, reportFrom(story));
            return;
        case "gone":
            state.unknown(event.batchId);
            return;
        case "timed-out":
            if (event.cancels)
                state.cancelWanted();
            else
                for (const id of event.unfinished)
                    state.batch(id, { left: true });
            return;
        case "left-running":
            state.batch(event.batchId, { left: true });
            return;
        case "cancelled":
            noteCancelled(story, event.batch);
            return;
        default:
    }
}
function noteCancelled({ ids, batches, state }, batch) {
    // An extra one of a create that was sent twice is none of the job's.
    if (ids.has(batch.id))
        batches.set(batch.id, batch);
    state.batch(batch.id, { open: !(0,batch_status/* isTerminal */.Hd)(batch), cancelled: wasCancelled(batch) });
}
function see({ ids, batches, state }, batch) {
    ids.add(batch.id);
    batches.set(batch.id, batch);
    state.batch(batch.id, { open: !(0,batch_status/* isTerminal */.Hd)(batch) });
}
function take(story, { part, known }, creation) {
    const { state, toolkit, reporter, adopted, requests } = story;
    const { batch, provenance } = known;
    stand(story, part, batch);
    see(story, batch);
    // Only once the id is saved is the create no longer needed to find it.
    if (creation !== undefined)
        state.creation(creation);
    if (known.requests !== undefined)
        requests.set(batch.id, known.requests);
    if (provenance === "adopted")
        adopted.add(batch.id);
    story.rounds.set(batch.id, story.round);
    tellIds(story, false);
    toolkit.setOutput("reused", adopted.size > 0);
    reporter.created(batch, provenance === "adopted");
}
function tellIds(story, all) {
    const { batches, idsWritten, toolkit } = story;
    if (batches.size === idsWritten || !(all || isDue(batches.size, idsWritten)))
        return;
    story.idsWritten = batches.size;
    writeIds(toolkit, reportFrom(story));
}
function poll(story, seen) {
    for (const batch of seen)
        see(story, batch);
    tellIds(story, true);
    story.showProgress(seen);
    const unsent = unsentOf(story);
    const status = `${(0,batch_status/* overallStatus */.gX)(seen) ?? ""} ${unsent === 0 ? "" : "unsent"}`;
    if (status === story.status)
        return;
    story.status = status;
    const { ids, cached } = story;
    writeStatus(story.toolkit, reportOf(seen, { ids: [...ids], complete: false, unsent, cached }));
}

;// CONCATENATED MODULE: ./lib/action/github/ending.js


/**
 * How the batches of a step ended, for their commit status; none while one of them still runs.
 *
 * @param failure why the step fails, if it does
 */
function endingOf(report, { failOn, outputFile }, failure) {
    const { batches, standing, results } = report;
    if (!batches.every(isSettled))
        return [];
    const isBad = ({ status }) => status === "cancelling" || failOn.includes(status);
    const anyBad = standing.some(isBad);
    // Results that were not asked for, or could not all be downloaded, are still to be collected.
    const written = outputFile !== undefined && results?.problems.length === 0;
    return batches.map((batch) => ({
        batch,
        failed: standing.includes(batch) && (anyBad ? isBad(batch) : failure !== undefined),
        written: written && (0,batch_status/* isTerminal */.Hd)(batch),
        counts: ((0,batch_status/* isTerminal */.Hd)(batch) ? countsOfOnly(report) : undefined) ?? batch.request_counts,
    }));
}
/** How batches stand after a cancel: one that had completed is none the worse for it. */
function cancelledEnding(batches) {
    return batches.filter(isSettled).map((batch) => ({
        batch,
        failed: batch.status !== "completed",
        written: false,
        counts: (0,batch_status/* isTerminal */.Hd)(batch) ? batch.request_counts : undefined,
    }));
}
/** Whether nothing more is to be expected of it. */
function isSettled(batch) {
    return (0,batch_status/* isTerminal */.Hd)(batch) || batch.status === "cancelling";
}

// EXTERNAL MODULE: ./lib/batch/rules/create.js
var create = __webpack_require__(3990);
;// CONCATENATED MODULE: ./lib/batch/hidden-metadata.js


/** So many of the newest batches are looked at one by one. */
const maxLooks = 50;
/**
 * Looks at batches one by one where the list shows no metadata of any: some servers leave it out of
 * lists, and some keep none.
 *
 * @param items all that the list showed
 * @param among those of them that matter
 */
async function tellApart(client, items, call, among = items) {
    if (items.some(hasMetadata) || among.length === 0) {
        return { items, strangers: new Map(), incomplete: undefined };
    }
    const newest = among.toSorted((a, b) => b.created_at - a.created_at).slice(0, maxLooks);
    const looked = new Map();
    for (const { id } of newest) {
        const batch = await lookAt(client, id, call);
        if (batch !== undefined)
            looked.set(id, batch);
    }
    const told = items.map((batch) => looked.get(batch.id) ?? batch);
    const keepsNone = !told.some(hasMetadata);
    // The worthiest last, so that of one input file it stands.
    const strangers = keepsNone
        ? create/* worths */.gX.toReversed().flatMap((worth) => told.filter(isOfWorth(worth)))
        : [];
    const unseen = newest.find(({ id }) => !looked.has(id));
    return {
        items: told,
        strangers: new Map(strangers.map((one) => [one.input_file_id, one])),
        incomplete: unseen === undefined ? notLookedAt(among, keepsNone) : notShown(unseen),
    };
}
function isOfWorth(worth) {
    return (batch) => (0,create/* worthOf */.g4)(batch) === worth && !(0,create/* ranNothing */.VT)(batch);
}
function notLookedAt({ length }, keepsNone) {
    return keepsNone || length <= maxLooks
        ? undefined
        : `the list shows no metadata, and only the newest ${maxLooks} batches were looked at`;
}
/** It may be the one that is looked for, and that no other has metadata may be for the same reason. */
function notShown({ id }) {
    return `the list shows no metadata, and ${id} could not be looked at`;
}
function hasMetadata({ metadata }) {
    return Object.keys(metadata ?? {}).length > 0;
}

;// CONCATENATED MODULE: ./lib/batch/list.js


/** Whether a batch is one that the filter asks for; the API itself has no filter. */
function matches(batch, { metadata = {}, statuses = [] }) {
    if (statuses.length > 0 && !statuses.includes(batch.status))
        return false;
    return Object.entries(metadata).every(([key, value]) => batch.metadata?.[key] === value);
}
/**
 * Reads the organization's batches, page after page, until `limit` of them match.
 *
 * The API has no filter, so with one whole pages of 100 are read.
 *
 * @throws {APIError} when a page could not be read
 * @example
 * ```ts
 * import { BatchClient, listBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, hasMore } = await listBatches(client, {
 *   metadata: { project: "evaluation" },
 *   statuses: ["validating", "in_progress"],
 *   limit: 10,
 * });
 * console.log(batches.length, hasMore); // 0 false
 * ```
 */
async function listBatches(client, options = {}) {
    const { limit: wanted = 0, signal, deadline, maxRetries } = options;
    const limit = wanted > 0 ? wanted : Number.POSITIVE_INFINITY;
    const filtered = (options.statuses ?? []).length > 0 || Object.keys(options.metadata ?? {}).length > 0;
    const batches = [];
    let page = await client.batches.list({ after: options.after, limit: filtered ? largestPage : Math.min(largestPage, limit) }, { signal, deadline, maxRetries });
    for (;;) {
        for (const [index, batch] of page.data.entries()) {
            if (!matches(batch, options))
                continue;
            batches.push(batch);
            if (batches.length < limit)
                continue;
            const rest = index < page.data.length - 1;
            const lastId = rest ? batch.id : cursorOf(page);
            return { batches, hasMore: page.has_more || rest, lastId, incomplete: undefined };
        }
        const lastId = cursorOf(page);
        const next = await nextPage(page);
        if (next === undefined || typeof next === "string") {
            return { batches, hasMore: next !== undefined, lastId, incomplete: next };
        }
        page = next;
    }
}
function cursorOf({ last_id, data }) {
    return last_id ?? data.at(-1)?.id;
}

;// CONCATENATED MODULE: ./lib/batch/choose.js




/**
 * The batches that a filter picks, in a bounded number of calls: the API has no filter of its own, so
 * pages of the list are read back to `lookBack`, and no more of them than `maxPages`.
 *
 * @throws {APIError} when the list cannot be read
 * @example
 * ```ts
 * import { BatchClient, chooseBatches, isTerminal } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches } = await chooseBatches(client, {
 *   metadata: { team: "search" },
 *   wanted: (batch) => !isTerminal(batch),
 * });
 * console.log(batches.length); // 0
 * ```
 */
async function chooseBatches(client, options = {}) {
    const { wanted = () => true, lookBack = thirtyDays, maxPages = 20 } = options;
    const { signal, deadline, maxRetries } = options;
    const since = client.clock.now() - lookBack;
    const reading = await readBatches(client, { since, maxPages, signal, deadline, maxRetries });
    if (reading.noList) {
        throw new errors/* APIError */.LG("The server has no list of batches to choose from. Give their ids.", {
            code: "no_list",
        });
    }
    const { metadata = {}, statuses } = options;
    const mayMatch = (batch) => matches(batch, { statuses }) && wanted(batch);
    const among = Object.keys(metadata).length === 0 ? [] : reading.items.filter(mayMatch);
    const told = await tellApart(client, reading.items, { signal, deadline, maxRetries }, among);
    return {
        batches: told.items.filter((batch) => matches(batch, options) && wanted(batch)),
        incomplete: reading.incomplete ?? told.incomplete,
    };
}

;// CONCATENATED MODULE: ./lib/action/operations/choose.js




/** Milliseconds that reading the list may take. */
const choose_timeLimit = 30 * 60_000;
/** The batches that an operation works on: those that are named, or those that the filter picks. */
async function choose({ client, toolkit, signal }, choice, wanted) {
    if ("ids" in choice)
        return { ids: choice.ids, batches: [], incomplete: undefined };
    const deadline = client.clock.now() + choose_timeLimit;
    const chosen = await chooseBatches(client, { ...choice.match, wanted, signal, deadline });
    const incomplete = warnOfMissed(toolkit, chosen);
    const { batches } = chosen;
    toolkit.info(`${(0,format/* plural */.LS)(batches.length, "batch matches", "batches match")}.`);
    return { ids: batches.map(({ id }) => id), batches, incomplete };
}
/** A list that was not read to its end is no secret. */
function warnOfMissed(toolkit, { incomplete }) {
    if (incomplete === undefined)
        return undefined;
    const missed = `Batches that match may have been missed: ${incomplete}.`;
    toolkit.warning(missed);
    return missed;
}
/** The report of an operation that found nothing to do: a success, where nothing can have been missed. */
function nothingToDo(incomplete) {
    const report = reportOf([]);
    const { decision } = decideNothingToDo(incomplete);
    return decision === "success" ? { ...report, done: true, conclusion: decision } : report;
}

;// CONCATENATED MODULE: ./lib/action/operations/cancel.js







/** `cancel`: cancels batches; one that has ended is left as it is. */
async function cancel(step, choice) {
    const { ids, incomplete } = await choose(step, choice, (batch) => decideCancel(batch).decision === "cancel");
    if (ids.length === 0) {
        step.toolkit.notice("No batch that matches is still running, as far as the list shows, so none was cancelled.");
        return { report: nothingToDo(incomplete), failure: incomplete };
    }
    return cancelAll(step, ids, incomplete);
}
async function cancelAll(step, ids, incomplete) {
    const { state, reporter, signal, narrator } = step;
    // What this step does not come to is left to the post step.
    for (const id of ids)
        state.batch(id, {});
    state.cancelWanted();
    const answered = [];
    const onEvent = (event) => {
        if (event.type === "cancelled")
            answered.push(event.batch);
        narrator.onEvent(event);
    };
    try {
        const { batches, failures } = await cancelOrDeadline({ ...step, narrator: { ...narrator, onEvent } }, ids);
        for (const id of failures.keys())
            state.unknown(id);
        reporter.ended(cancelledEnding(batches));
        const all = [...[...failures.values()].map(errors/* messageOf */.bD), incomplete ?? ""].filter(Boolean);
        // One that could not be cancelled may be running.
        const isUnknown = (error) => error instanceof errors/* APIError */.LG && error.status === 404;
        const told = ids.filter((id) => !isUnknown(failures.get(id)));
        const report = reportOf(latest(ids, batches), { ids: told });
        return { report, failure: all.join("\n") || undefined };
    }
    catch (error) {
        if (!signal.aborted)
            throw error;
        const left = ids.filter((id) => !answered.some((batch) => batch.id === id));
        const failure = `${explain(error)} Not cancelled yet: ${left.join(", ")}. The post step goes on with them.`;
        return { report: reportOf(latest(ids, answered), { ids }), failure };
    }
}

;// CONCATENATED MODULE: ./lib/batch/cost/counter.js
/** Special tokens in a text are what their letters are: no request can say one. */
const counter_plain = { disallowedSpecial: new Set() };
/**
 * A run of one kind of characters that is longer than any word. The tokenizer takes a run for one word,
 * and needs the square of its length.
 */
const longRun = /[\p{L}\p{M}]{1000}|\s{1000}|[^\s\p{L}\p{M}\p{N}]{1000}/gu;
const counter_longestWord = 1_000;
/**
 * Loads the tokenizer of OpenAI's models since GPT-4o (o200k), which is several megabytes and is loaded
 * here alone. Other models' counts differ from its by a few percent.
 */
async function loadCounter() {
    const { countTokens } = await __webpack_require__.e(/* import() */ 359).then(__webpack_require__.bind(__webpack_require__, 5359));
    return (text) => {
        if (text.length <= counter_longestWord)
            return countTokens(text, counter_plain);
        let tokens = 0;
        let from = 0;
        for (const { index, 0: run } of text.matchAll(longRun)) {
            tokens += countTokens(text.slice(from, index + run.length), counter_plain);
            from = index + run.length;
        }
        return tokens + countTokens(text.slice(from), counter_plain);
    };
}

// EXTERNAL MODULE: ./lib/batch/input/output-limits.js
var output_limits = __webpack_require__(5595);
;// CONCATENATED MODULE: ./lib/batch/cost/request-text.js

/**
 * What the server puts around each message: its start, its role, the end of the role, its end. The
 * answer's own start has three.
 *
 * @see https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb
 */
const aroundMessage = 4;
const aroundAnswer = 3;
/** Takes the texts out of the body of a request. */
function requestText(endpoint, body) {
    const sink = { texts: [], tokens: 0, uncounted: 0 };
    if ((0,api_json/* isFields */.Ce)(body))
        (readers.find(([end]) => endpoint.endsWith(end))?.[1] ?? readAny)(body, sink);
    return sink;
}
const readers = [
    ["/chat/completions", readChat],
    ["/responses", readResponse],
    ["/embeddings", readInput],
    ["/moderations", readInput],
    ["/completions", readInput],
];
function readChat(body, sink) {
    sink.tokens += aroundAnswer;
    for (const message of listOf(body["messages"])) {
        sink.tokens += aroundMessage;
        if (!(0,api_json/* isFields */.Ce)(message))
            continue;
        readContent(message["content"], sink);
        addText(message["name"], sink);
        addText(message["refusal"], sink);
        addJson(message["tool_calls"], sink);
        addJson(message["function_call"], sink);
        if (message["audio"] !== undefined && message["audio"] !== null)
            sink.uncounted += 1;
    }
    addJson(body["tools"], sink);
    addJson(body["functions"], sink);
    const format = body["response_format"];
    if ((0,api_json/* isFields */.Ce)(format))
        addJson(format["json_schema"], sink);
}
function readResponse(body, sink) {
    sink.tokens += aroundAnswer;
    if (typeof body["instructions"] === "string") {
        sink.tokens += aroundMessage;
        addText(body["instructions"], sink);
    }
    const input = body["input"];
    for (const item of typeof input === "string" ? [{ content: input }] : listOf(input)) {
        sink.tokens += aroundMessage;
        if (!(0,api_json/* isFields */.Ce)(item))
            continue;
        readContent(item["content"] ?? item["output"] ?? item["summary"], sink);
        addText(item["name"], sink);
        addText(item["arguments"], sink);
    }
    addJson(body["tools"], sink);
    const text = body["text"];
    const format = (0,api_json/* isFields */.Ce)(text) ? text["format"] : undefined;
    if ((0,api_json/* isFields */.Ce)(format))
        addJson(format["schema"], sink);
    // What the server keeps goes into the input too, and nobody here knows how much it is.
    const kept = ["previous_response_id", "conversation", "prompt"];
    sink.uncounted += kept.filter((name) => body[name] !== undefined && body[name] !== null).length;
}
/** Of embeddings, moderations and plain completions: texts, or tokens in their place. */
function readInput(body, sink) {
    for (const name of ["input", "prompt", "suffix"]) {
        const value = body[name];
        if (isTokens(value))
            sink.tokens += value.length;
        else if (typeof value === "string")
            sink.texts.push(value);
        else
            for (const item of listOf(value))
                readItem(item, sink);
    }
}
function readItem(item, sink) {
    if (isTokens(item))
        sink.tokens += item.length;
    else if (typeof item === "string")
        sink.texts.push(item);
    else
        readContent([item], sink);
}
/** A text, or parts of which some are no text. */
function readContent(content, sink) {
    if (typeof content === "string")
        sink.texts.push(content);
    for (const part of listOf(content)) {
        if (typeof part === "string")
            sink.texts.push(part);
        else if (!(0,api_json/* isFields */.Ce)(part))
            continue;
        else if (typeof part["text"] === "string")
            sink.texts.push(part["text"]);
        else if (typeof part["refusal"] === "string")
            sink.texts.push(part["refusal"]);
        else
            sink.uncounted += 1;
    }
}
/** Every text of a body whose endpoint we do not know, but for the model's name. */
function readAny(body, sink) {
    for (const [name, value] of Object.entries(body)) {
        if (name !== "model")
            addDeep(value, sink);
    }
}
function addDeep(value, sink) {
    if (typeof value === "string")
        sink.texts.push(value);
    else if (Array.isArray(value))
        for (const item of value)
            addDeep(item, sink);
    else if ((0,api_json/* isFields */.Ce)(value))
        for (const item of Object.values(value))
            addDeep(item, sink);
}
function addText(value, sink) {
    if (typeof value === "string")
        sink.texts.push(value);
}
function addJson(value, sink) {
    if ((0,api_json/* isFields */.Ce)(value) || (Array.isArray(value) && value.length > 0)) {
        sink.texts.push(JSON.stringify(value));
    }
}
function isTokens(value) {
    return (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number"));
}
function listOf(value) {
    return Array.isArray(value) ? value : [];
}

;// CONCATENATED MODULE: ./lib/batch/cost/request-reader.js









/** Of a longer text in a sample only a stretch of it is counted, in UTF-16 units. */
const longestText = 20_000;
const stretch = 10_000;
/** Signals and timers are heard after so many requests. */
const perTurn = 50;
/**
 * Opens the files of an input, and loads the tokenizer.
 *
 * @throws {APIError} `input_changed` when a file was written since it was scanned
 */
async function openReader(scan, options) {
    const { random, signal } = options;
    await (0,stamp/* checkStamps */.X)(scan.files, scan.stamps, scan.files.keys());
    const count = await loadCounter();
    const handles = new Map();
    let reads = 0;
    return {
        async read(request, inPart) {
            reads += 1;
            if (reads % perTurn === 0)
                await (0,external_node_timers_promises_.setImmediate)();
            signal?.throwIfAborted();
            const { file, start, end } = scan.lines.place(request);
            const handle = handles.get(file) ?? (await (0,promises_.open)(scan.files[file] ?? ""));
            handles.set(file, handle);
            const bytes = Buffer.allocUnsafe(end - start);
            const length = (0,external_node_fs_.readSync)(handle.fd, bytes, 0, bytes.length, start);
            const body = bodyOf(bytes.subarray(0, length), scan.files[file] ?? "");
            return countRequest(body, options.endpoint, inPart ? inStretches(count, random) : count);
        },
        async [Symbol.asyncDispose]() {
            for (const handle of handles.values())
                await handle.close();
        },
    };
}
function bodyOf(bytes, path) {
    let line;
    try {
        line = JSON.parse(bytes.toString("utf8"));
    }
    catch {
        // The scan has read it; only another content can be no JSON now.
        throw new errors/* APIError */.LG(`${path} has changed since it was read.`, { code: "input_changed" });
    }
    return (0,api_json/* isFields */.Ce)(line) ? line : {};
}
function countRequest(line, endpoint, count) {
    const { url, body } = line;
    const at = typeof url === "string" ? url : endpoint;
    const { texts, tokens, uncounted } = requestText(at, body);
    return {
        input: texts.reduce((sum, text) => sum + count(text), tokens),
        outputLimit: (0,api_json/* isFields */.Ce)(body) ? (0,output_limits/* outputLimitOf */.UG)(at, body) : undefined,
        uncounted,
    };
}
function inStretches(count, random) {
    return (text) => {
        if (text.length <= longestText)
            return count(text);
        const from = Math.floor(random() * (text.length - stretch));
        return (count(text.slice(from, from + stretch)) * text.length) / stretch;
    };
}

;// CONCATENATED MODULE: ./lib/batch/cost/sample.js
/** Numbers from 0 to 1 that are the same for the same seed; mulberry32. */
function seededRandom(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
/** A mean of drawn values, and how far the mean of all may be from it in 95 of 100 cases. */
function meanOf(values) {
    const count = values.length;
    if (count === 0)
        return { mean: 0, error: 0 };
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    if (count === 1)
        return { mean, error: mean };
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, error: 1.96 * Math.sqrt(squares / (count - 1) / count) };
}
/** Places in so many bytes, drawn at random, ascending: a line is drawn the oftener the longer it is. */
function drawPlaces(bytes, count, random) {
    return Float64Array.from({ length: count }, () => random() * bytes).sort();
}

;// CONCATENATED MODULE: ./lib/batch/cost/strata.js



function strataOf(scan, only) {
    const strata = new Map();
    for (const line of only) {
        const tag = scan.lines.tag(line);
        const stratum = strata.get(tag) ?? newStratum(scan.models[tag] ?? "");
        strata.set(tag, stratum);
        stratum.requests += 1;
        stratum.bytes += bytesOf(scan, line);
    }
    return strata;
}
/** Reads every request of the models of which all are to be read. */
async function readWhole({ scan, only, strata }, reader) {
    if (![...strata.values()].some(({ whole }) => whole))
        return;
    for (const line of only()) {
        const stratum = strata.get(scan.lines.tag(line));
        if (stratum?.whole !== true)
            continue;
        const counted = await reader.read(line, false);
        stratum.input += counted.input;
        if (counted.outputLimit === undefined)
            stratum.unlimited += 1;
        else
            stratum.output += counted.outputLimit;
        note(stratum, counted, 1);
    }
}
/** Draws requests of the other models and reads them; `draws` are shared by the models' bytes. */
async function readSample({ scan, only, strata, random }, reader, draws) {
    const sampled = [...strata.values()].filter(({ whole }) => !whole);
    const bytes = sampled.reduce((sum, stratum) => sum + stratum.bytes, 0);
    const open = new Map(sampled.map((stratum) => {
        const count = drawsFor(stratum, draws, bytes);
        return [stratum, { places: drawPlaces(stratum.bytes, count, random), next: 0, passed: 0 }];
    }));
    for (const line of only()) {
        const stratum = strata.get(scan.lines.tag(line));
        const state = stratum && open.get(stratum);
        if (stratum === undefined || state === undefined)
            continue;
        const length = bytesOf(scan, line);
        state.passed += length;
        const before = state.next;
        while ((state.places[state.next] ?? Number.POSITIVE_INFINITY) < state.passed)
            state.next += 1;
        if (state.next === before)
            continue;
        const counted = await reader.read(line, true);
        for (let hit = before; hit < state.next; hit += 1)
            stratum.ratios.push(counted.input / length);
        note(stratum, counted, stratum.bytes / length / state.places.length);
    }
}
/** Of each model so many are drawn that its own share can be told. */
const fewestDraws = 30;
function drawsFor({ bytes }, draws, all) {
    return Math.max(fewestDraws, Math.round((draws * bytes) / all));
}
/** The tokens of a model's input, and how far they may be off. */
function inputOf(stratum) {
    if (stratum.whole)
        return { input: stratum.input, error: 0 };
    const { mean, error } = meanOf(stratum.ratios);
    return { input: mean * stratum.bytes, error: error * stratum.bytes };
}
function note(stratum, counted, weight) {
    stratum.read += 1;
    stratum.uncounted += counted.uncounted;
    const { input, outputLimit: output = 0 } = counted;
    const usage = { ...noTokens, input, output, total: input + output };
    if (isLong(usage))
        stratum.long.push({ usage, weight });
}
function bytesOf(scan, line) {
    const { start, end } = scan.lines.place(line);
    return end - start;
}
function newStratum(model) {
    return {
        model,
        requests: 0,
        bytes: 0,
        whole: false,
        input: 0,
        output: 0,
        unlimited: 0,
        ratios: [],
        long: [],
        read: 0,
        uncounted: 0,
    };
}

;// CONCATENATED MODULE: ./lib/batch/cost/tokens.js
var tokens_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var tokens_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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



/** Inputs of up to so many bytes are counted to the last token. */
const exactBytes = 4_000_000;
/** How many requests of a larger one are drawn: first, and at most where they differ much. */
const firstDraws = 400;
const maxDraws = 2_000;
/** The share of the tokens that the error is to stay below. */
const wantedError = 0.01;
/**
 * Counts the tokens of the requests' texts: of an input of up to 4 MB those of every request, of a larger
 * one those of requests that are drawn at random (the same ones for the same input), and says how far
 * off the sum may be. The output is what the requests' own limits allow.
 *
 * @throws {APIError} `input_changed` when a file was written since it was scanned
 * @throws the signal's reason when it aborts
 */
async function estimateTokens(scan, { endpoint = scan.endpoint ?? "", only, signal } = {}) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const random = seededRandom(Number.parseInt(scan.hash.slice(0, 8), 16));
        const numbers = () => only ?? scan.lines.numbers();
        const strata = strataOf(scan, numbers());
        // The tokenizer takes a while to load.
        if (strata.size === 0)
            return { models: [], requests: 0, read: 0, input: 0, error: 0 };
        const sampling = { scan, only: numbers, strata, random };
        const reader = tokens_addDisposableResource(env_1, await openReader(scan, { endpoint, random, signal }), true);
        chooseWhole(sampling);
        await readWhole(sampling, reader);
        await readSample(sampling, reader, firstDraws);
        const more = missingDraws([...strata.values()]);
        if (more > 0)
            await readSample(sampling, reader, more);
        const models = [...strata].map(([tag, stratum]) => tokensOf(scan, tag, stratum));
        const sum = (of) => models.reduce((all, one) => all + of(one), 0);
        return {
            models,
            requests: sum(({ requests }) => requests),
            read: [...strata.values()].reduce((all, { read }) => all + read, 0),
            input: sum(({ input }) => input),
            error: Math.round(Math.hypot(...models.map(({ error }) => error))),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = tokens_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function chooseWhole({ strata }) {
    const all = [...strata.values()];
    const bytes = all.reduce((sum, stratum) => sum + stratum.bytes, 0);
    for (const stratum of all) {
        stratum.whole = bytes <= exactBytes || stratum.requests <= drawsFor(stratum, firstDraws, bytes);
    }
}
/** How many more draws bring the error below what is wanted. */
function missingDraws(strata) {
    const found = strata.map(inputOf);
    const error = Math.hypot(...found.map((one) => one.error));
    const wanted = wantedError * found.reduce((sum, { input }) => sum + input, 0);
    if (error <= wanted)
        return 0;
    return Math.min(maxDraws, Math.ceil(firstDraws * (error / wanted) ** 2)) - firstDraws;
}
function tokensOf(scan, tag, stratum) {
    const { model, requests, bytes, uncounted, long } = stratum;
    const { input, error } = inputOf(stratum);
    const output = stratum.whole ? stratum : outputBound(scan, tag, requests);
    return {
        model,
        requests,
        bytes,
        input: Math.round(input),
        error: Math.round(error),
        output: output.output,
        unlimited: output.unlimited,
        uncounted,
        long,
    };
}
/** What the limits of the model's requests allow: of all of them exactly, of some no more than this. */
function outputBound(scan, tag, requests) {
    const limits = scan.outputLimits.get(tag);
    if (limits === undefined)
        return { output: 0, unlimited: requests };
    return {
        output: Math.min(limits.sum, limits.largest * requests),
        unlimited: Math.min(limits.unlimited, requests),
    };
}

;// CONCATENATED MODULE: ./lib/batch/cost/estimate.js




/**
 * Says what requests would cost before anything is sent: input tokens plus output up to each request's
 * own limit. Nothing is called. Images, sounds and files are no text and are not counted.
 *
 * @throws {APIError} `invalid_prices`; `input_changed` when a file was written since it was scanned
 * @throws the signal's reason when it aborts
 * @returns dollars and tokens; a large input is estimated from a random sample, the same for the same input
 * @example
 * ```ts
 * import { estimateCost, scanInput } from "openai-batch-action";
 *
 * const scan = await scanInput("requests.jsonl");
 * const { cost, unpriced } = await estimateCost(scan, {
 *   prices: { "gpt-6-luna": "1/2" }, // dollars per million tokens: input/output
 * });
 * console.log(cost !== undefined && cost < 0.01, unpriced); // true []
 * ```
 */
async function estimateCost(scan, { prices, now = Date.now(), ...options } = {}) {
    return estimateWith(scan, await loadPrices(prices, now), options);
}
/** As `estimateCost`, with prices that were loaded before. */
async function estimateWith(scan, prices, options) {
    const tokens = await estimateTokens(scan, options);
    const models = tokens.models.map((one) => {
        const rates = prices.ratesOf(one.model);
        return { ...one, cost: rates && costOf(rates, one) };
    });
    return {
        models,
        requests: tokens.requests,
        read: tokens.read,
        inputTokens: tokens.input,
        inputError: tokens.error,
        cost: models.reduce((sum, { cost }) => (sum === undefined || cost === undefined ? undefined : sum + cost), 0),
        atLeast: models.some((one) => mayCostMore(one, prices.ratesOf(one.model))),
        unpriced: models.filter(({ cost }) => cost === undefined).map(({ model }) => model),
        source: prices.source,
    };
}
function costOf(rates, { input, output, long }) {
    const usage = { ...noTokens, input, output, total: input + output };
    return costOfSum(rates, { usage, long, uncounted: 0 });
}
function mayCostMore({ unlimited, uncounted }, rates) {
    return uncounted > 0 || (unlimited > 0 && (rates === undefined || rates.output.base > 0));
}

;// CONCATENATED MODULE: ./lib/batch/cost/budget.js





/**
 * Estimates what an input costs where somebody asks for it, and holds that against what may be spent.
 *
 * @param only the numbers of the requests that are to be sent; defaults to all
 * @throws {APIError} `max_cost_exceeded` or `price_unknown`; nothing has been sent then
 */
async function openBudget({ clock }, scan, { maxCost, prices: given, endpoint, signal, onEvent }, only) {
    if (maxCost === undefined && given === undefined)
        return undefined;
    const prices = await loadPrices(given, clock.now());
    const estimate = await estimateWith(scan, prices, { endpoint, only, signal });
    onEvent?.({ type: "estimated", estimate });
    if (maxCost !== undefined)
        checkCost(estimate, maxCost);
    return {
        async allows(requests, spent) {
            if (maxCost === undefined)
                return { decision: "send", why: "no bound is set" };
            const round = await estimateWith(scan, prices, { endpoint, only: requests, signal });
            const { cost: paid } = spendingOf(spent, prices);
            return decideRoundCost({ maxCost, paid, estimate: round.cost });
        },
    };
}
/** @throws {APIError} `max_cost_exceeded` or `price_unknown` */
function checkCost(estimate, maxCost) {
    const { decision, why } = decideSend({ ...estimate, maxCost });
    if (decision === "send")
        return;
    const unknown = decision === "refuse: price unknown";
    throw new errors/* APIError */.LG(`Nothing was sent: ${why} (\`max-cost\`). ${unknown ? givePrice : budget_adviceFor(maxCost)}`, { code: unknown ? "price_unknown" : "max_cost_exceeded" });
}
const givePrice = "Give it with `prices`, in dollars per million tokens: `model=input/output`.";
function budget_adviceFor(maxCost) {
    return Number.isNaN(maxCost)
        ? "Pass dollars, for example 2.5."
        : "Send fewer requests, set a limit for their answers, take a cheaper model, or raise `max-cost`.";
}

;// CONCATENATED MODULE: ./lib/batch/rules/models.js
const day = 86_400_000;
/** A batch may take a day, and nobody wants to hear of it on the last one. */
const near = 30 * day;
/**
 * Whether requests to a model may be sent.
 *
 * - `refuse`: the server knows no such model
 * - `warn`: it may not be usable, now or soon
 * - `stop`: the credential is refused, so that nothing can be called
 * - `send`: it is there, or this key may not ask
 *
 * @param now milliseconds since the epoch
 */
function decideModel(sight, now) {
    if ("found" in sight)
        return decideShutdown(sight.found, now);
    const { status, code, message } = sight.error;
    if (status === 404)
        return { decision: "refuse", why: "the server knows no such model" };
    if (code === "model_not_found" || code === "model_not_available") {
        return { decision: "warn", why: `it may not be usable: ${message}` };
    }
    if (status === 401 && !/\bscopes?\b|\bpermissions?\b/i.test(message)) {
        return { decision: "stop", why: "the server refuses the key" };
    }
    if (status === 401 || status === 403) {
        return { decision: "send", why: "this key may not read models" };
    }
    return { decision: "warn", why: `whether it is there could not be seen: ${message}` };
}
function decideShutdown({ shutdown_date: date }, now) {
    const at = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(at) || at - now > near)
        return { decision: "send", why: "it is there" };
    return at <= now
        ? { decision: "warn", why: `it was to be shut down on ${date ?? ""}; take another model` }
        : { decision: "warn", why: `it will be shut down on ${date ?? ""}; take another model soon` };
}

;// CONCATENATED MODULE: ./lib/batch/models.js




/** Milliseconds that the looks may take: they help, and nothing depends on them. */
const models_timeLimit = 60_000;
const looksAtOnce = 4;
/**
 * Asks OpenAI whether the models that requests name are there, before anything is sent. Of other servers,
 * which often take any name, nothing is asked. A key that may not read models is no obstacle.
 *
 * @throws {APIError} when the server refuses the key
 * @throws the signal's reason when it aborts
 * @example
 * ```ts
 * import { BatchClient, checkModels, scanInput } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { models } = await scanInput("requests.jsonl");
 * const { missing } = await checkModels(client, models);
 * console.log(missing); // []
 * ```
 */
async function checkModels(client, models, { signal, maxRetries = 1 } = {}) {
    const missing = [];
    const warnings = [];
    if (!(0,base_url/* isOpenAI */.R1)(client.baseURL))
        return { missing, warnings };
    const deadline = client.clock.now() + models_timeLimit;
    const named = models.filter((model) => model !== "");
    const sights = await (0,p_map/* default */.Ay)(named, async (model) => look(client, model, { signal, maxRetries, deadline }), { concurrency: looksAtOnce });
    for (const [index, sight] of sights.entries()) {
        const model = named[index] ?? "";
        const { decision, why } = decideModel(sight, client.clock.now());
        if (decision === "stop" && "error" in sight)
            throw sight.error;
        if (decision === "refuse")
            missing.push(model);
        if (decision === "warn")
            warnings.push({ model, why });
    }
    return { missing, warnings };
}
async function look(client, model, options) {
    try {
        return { found: await client.models.retrieve(model, options) };
    }
    catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return { error };
    }
}

;// CONCATENATED MODULE: ./lib/action/models.js



/**
 * Asks OpenAI for the models of the requests, and warns of those that may not be usable.
 *
 * @throws {APIError} `model_not_found` when the server does not know one; `missing_credential` is no reason to ask
 */
async function tellModels({ client, toolkit, signal }, models) {
    const { missing, warnings } = await checkModels(client, models, { signal });
    for (const { model, why } of warnings)
        toolkit.warning(`Model ${model}: ${why}`);
    if (missing.length === 0)
        return;
    throw new errors/* APIError */.LG(`The server does not know ${missing.length === 1 ? `the model ${missing[0] ?? ""}` : `${(0,format/* plural */.LS)(missing.length, "model")} (${missing.join(", ")})`}, or this key may not use it; nothing was uploaded. Check the name in the requests or their template, and that the project may use the model.`, { code: "model_not_found", status: 404 });
}

// EXTERNAL MODULE: ./lib/batch/input.js + 2 modules
var batch_input = __webpack_require__(7114);
;// CONCATENATED MODULE: ./lib/action/request-file.js




/** The request files have problems; nothing was uploaded. */
class RequestFileError extends problem_InputError {
    scan;
    constructor(scan, problems) {
        super(problems);
        this.scan = scan;
    }
}
const maxListed = 20;
/**
 * Reads the request files, or rows and their template, tells every problem in them and ends the step
 * before anything is uploaded.
 *
 * @param cached whether answers of earlier runs are looked for
 * @throws {RequestFileError} when there is one
 * @returns the scan, which is the caller's to dispose of
 */
async function readRequestFiles({ client, toolkit, signal }, { files, template }, endpoint, { cached = false } = {}) {
    const scan = await (0,batch_input/* scanInput */.mu)(files, {
        template,
        templateOptions: { endpoint, baseURL: client.baseURL },
        endpoint: (0,batch_input/* impliedEndpoint */.uz)(client, endpoint),
        contentsFor: cached ? client.baseURL : undefined,
        temporaryFolder: process.env["RUNNER_TEMP"],
        signal,
    });
    try {
        return { scan, endpoint: judge(toolkit, scan, endpoint) };
    }
    catch (error) {
        await scan[Symbol.asyncDispose]();
        throw error;
    }
}
/**
 * Reads what batches were made of that there are already, to put their results in order and to account for
 * every request.
 *
 * @param dispensable whether a problem in it is told as a warning: the batches are waited for without it
 * @throws {RequestFileError} when there is a problem in it
 * @returns the scan, which is the caller's to dispose of
 */
async function readLocalInput({ client, toolkit, signal }, { files, template }, dispensable) {
    const scan = await (0,batch_input/* scanInput */.mu)(files, {
        template,
        templateOptions: { endpoint: undefined, baseURL: client.baseURL },
        // The batches know their endpoint; lines need not.
        endpoint: (0,batch_input/* impliedEndpoint */.uz)(client, "/"),
        temporaryFolder: process.env["RUNNER_TEMP"],
        signal,
    });
    if (scan.problemCount === 0)
        return scan;
    await scan[Symbol.asyncDispose]();
    if (dispensable) {
        toolkit.warning(`\`input-file\` cannot be what the batches were made of, so it was left aside: ${listProblems(scan)}`);
        return undefined;
    }
    annotate(toolkit, scan);
    throw new RequestFileError(scan, [listProblems(scan)]);
}
function annotate(toolkit, { problems, template }) {
    for (const { file, line, code, message } of problems.slice(0, maxAnnotations)) {
        toolkit.error(`${code}: ${message}`, {
            title: template === undefined ? "Request file" : "Rows and template",
            ...(file === undefined ? {} : { file }),
            ...(line === undefined ? {} : { startLine: line }),
        });
    }
}
/** @returns the endpoint of the requests */
function judge(toolkit, scan, endpoint) {
    const { sources: files } = scan;
    annotate(toolkit, scan);
    const named = files.length === 1 ? (files[0] ?? "") : (0,format/* plural */.LS)(files.length, "file");
    const problems = scan.problemCount > 0 ? [listProblems(scan)] : [];
    if (endpoint !== undefined &&
        scan.endpoint !== undefined &&
        !sameEndpoint(endpoint, scan.endpoint)) {
        problems.push(`\`endpoint\` is \`${endpoint}\` but the ${scan.template === undefined ? "lines of" : "requests made of"} ${named} have the url \`${scan.endpoint}\`.`);
    }
    if (problems.length > 0)
        throw new RequestFileError(scan, problems);
    const chosen = endpoint ?? scan.endpoint ?? "";
    const models = scan.models.map((model) => model || "no model named").join(", ");
    toolkit.info(`${named}: ${(0,format/* plural */.LS)(scan.requests, "request")}, ${(0,format/* formatBytes */.z3)(scan.bytes)}, ${models}, ${chosen}.`);
    if (scan.models.length > 1) {
        toolkit.warning(`The requests name ${request_file_namesOf(scan.models)}. A batch takes one, so each model gets batches of its own.`);
    }
    return chosen;
}
function listProblems({ problems, problemCount, template }) {
    const shown = problems.slice(0, maxListed).map(batch_input/* describeProblem */.BJ);
    const more = problemCount - shown.length;
    return (`${(0,format/* plural */.LS)(problemCount, "problem")} in the ${template === undefined ? "request file" : "rows and their template"}; nothing was uploaded.\n${shown.join("\n")}` +
        (more > 0 ? `\n… and ${more} more` : ""));
}
/** Azure's lines may lack the `/v1` that the endpoint has, or the other way round. */
function sameEndpoint(a, b) {
    const bare = (endpoint) => endpoint.replace(/^\/v1(?=\/)/, "");
    return bare(a) === bare(b);
}
/** `2 models (a, b)`, and that some name none. */
function request_file_namesOf(models) {
    const named = models.filter((model) => model !== "");
    const none = named.length < models.length ? ", and some name none" : "";
    return `${(0,format/* plural */.LS)(named.length, "model")} (${named.join(", ")})${none}`;
}

;// CONCATENATED MODULE: ./lib/action/operations/check.js
var check_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var check_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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










/** `check`: reads the requests as `create` does, and says what they would make and cost. Nothing is sent. */
async function check(step, work) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { toolkit, client, signal } = step;
        const { input, endpoint: given, limits } = work.check;
        const read = await readRequestFiles(step, input, given);
        const { endpoint } = read;
        const scan = check_addDisposableResource(env_1, read.scan, true);
        const batches = splitInput(scan, limits).length;
        toolkit.setOutput("request-total", scan.requests);
        toolkit.setOutput("batch-count", batches);
        toolkit.info(`They would make ${(0,format/* plural */.LS)(batches, "batch", "batches")}.`);
        const { prices, maxCost } = work.cost;
        const now = client.clock.now();
        const estimate = await estimateCost(scan, { prices, endpoint, now, signal });
        tellEstimate(toolkit, estimate);
        const against = [
            await problemOf(async () => {
                if (!hasNoCredential(work.connection))
                    await tellModels(step, scan.models);
            }, signal),
            await problemOf(() => {
                if (maxCost !== undefined)
                    checkCost(estimate, maxCost);
            }, signal),
        ];
        return {
            report: nothingToDo(undefined),
            checked: { endpoint, batches, estimate },
            failure: against.filter((why) => why !== undefined).join("\n") || undefined,
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = check_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** What speaks against the input: all of it is told, not only the first. */
async function problemOf(look, signal) {
    try {
        await look();
        return undefined;
    }
    catch (error) {
        signal.throwIfAborted();
        return explain(error);
    }
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./lib/batch/input/line-table.js
var line_table = __webpack_require__(6328);
// EXTERNAL MODULE: ./lib/batch/answers/words.js
var answers_words = __webpack_require__(6793);
;// CONCATENATED MODULE: ./lib/batch/answers/choices.js


const toolEnds = new Set(["tool_calls", "function_call"]);
/**
 * The answer of chat completions and of completions: the first of several choices, as everybody reads
 * them, that did not fail by itself.
 */
function choiceContent(choices) {
    const whole = choices.filter(api_json/* isFields */.Ce);
    const choice = whole.find(({ finish_reason: end }) => end !== "error") ?? whole[0] ?? {};
    const message = (0,api_json/* isFields */.Ce)(choice["message"]) ? choice["message"] : {};
    const finishReason = (0,answers_words/* textIn */.r7)(choice["finish_reason"]);
    return {
        text: choices_textOf(choice, message),
        value: undefined,
        refusal: refusalOf(message),
        finishReason,
        cut: (0,answers_words/* cutBy */.gw)(finishReason),
        callsTools: toolEnds.has(finishReason ?? "") || hasCalls(message),
        due: true,
        saysJson: false,
    };
}
function choices_textOf(choice, message) {
    const { content, audio } = message;
    if (typeof content === "string")
        return content;
    const parts = Array.isArray(content) ? (0,answers_words/* joined */.oR)(content.map(partText)) : undefined;
    if (parts !== undefined)
        return parts;
    if ((0,api_json/* isFields */.Ce)(audio))
        return (0,answers_words/* textIn */.r7)(audio["transcript"]);
    return typeof choice["text"] === "string" ? choice["text"] : undefined;
}
/** Some servers give the content in parts, those of the model's thinking among them. */
function partText(part) {
    if (typeof part === "string")
        return part;
    if (!(0,api_json/* isFields */.Ce)(part))
        return undefined;
    const { type, text } = part;
    return (type === "text" || type === "output_text") && typeof text === "string" ? text : undefined;
}
function refusalOf({ refusal, content }) {
    const told = (0,answers_words/* textIn */.r7)(refusal);
    if (told !== undefined || !Array.isArray(content))
        return told;
    return (0,answers_words/* joined */.oR)(content.map((part) => ((0,api_json/* isFields */.Ce)(part) ? (0,answers_words/* textIn */.r7)(part["refusal"]) : undefined)));
}
function hasCalls({ tool_calls: calls, function_call: call }) {
    return (Array.isArray(calls) && calls.length > 0) || (0,api_json/* isFields */.Ce)(call);
}

;// CONCATENATED MODULE: ./lib/batch/answers/responses.js


/**
 * Calls that the caller is to answer. Tools that the server runs itself (a search of the web, an
 * interpreter) are followed by a text of the model's.
 */
const calls = new Set([
    "function_call",
    "custom_tool_call",
    "computer_call",
    "local_shell_call",
    "shell_call",
    "apply_patch_call",
    "mcp_approval_request",
]);
/** The answer of responses: the texts of all its messages; what the model thought stands beside them. */
function responseContent(body) {
    const output = Array.isArray(body["output"]) ? body["output"].filter(api_json/* isFields */.Ce) : [];
    const details = body["incomplete_details"];
    const reason = (0,api_json/* isFields */.Ce)(details) ? (0,answers_words/* textIn */.r7)(details["reason"]) : undefined;
    const format = (0,api_json/* isFields */.Ce)(body["text"]) ? body["text"]["format"] : undefined;
    const parts = output.flatMap(partsOf);
    return {
        text: (0,answers_words/* joined */.oR)(parts.map(responses_textOf)) ?? (0,answers_words/* textIn */.r7)(body["output_text"]),
        value: undefined,
        refusal: (0,answers_words/* joined */.oR)(parts.map(({ refusal }) => (0,answers_words/* textIn */.r7)(refusal))),
        finishReason: reason ?? (0,answers_words/* textIn */.r7)(body["status"]),
        cut: (0,answers_words/* cutBy */.gw)(reason),
        callsTools: output.some(({ type }) => calls.has(type)),
        // A picture is an answer without text.
        due: !output.some(({ type, result }) => type === "image_generation_call" && result !== null),
        saysJson: (0,answers_words/* isJsonFormat */.ob)(format),
    };
}
/** The parts of a message; none of anything else. */
function partsOf({ type, content }) {
    if (type !== "message")
        return [];
    if (typeof content === "string")
        return [{ type: "output_text", text: content }];
    return Array.isArray(content) ? content.filter(api_json/* isFields */.Ce) : [];
}
function responses_textOf({ type, text }) {
    return (type === "output_text" || type === "text") && typeof text === "string" ? text : undefined;
}

;// CONCATENATED MODULE: ./lib/batch/answers/values.js

/** The vector of an embedding; of several inputs an array of them, `undefined` of none. */
function embeddingsOf(data) {
    const vectors = data.filter(api_json/* isFields */.Ce).sort(byIndex).map(vectorOf);
    return vectors.length > 1 ? vectors : vectors[0];
}
/** The result of a moderation; of several inputs an array of them, `undefined` of none. */
function moderationsOf(results) {
    return results.length > 1 ? results : results[0];
}
function byIndex({ index: a }, { index: b }) {
    return typeof a === "number" && typeof b === "number" ? a - b : 0;
}
/** Numbers, also where the request asked for them in Base64, as 32 bits each. */
function vectorOf({ embedding }) {
    if (typeof embedding !== "string")
        return embedding;
    const bytes = Buffer.from(embedding, "base64");
    return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4));
}

;// CONCATENATED MODULE: ./lib/batch/answers/content.js




const content_nothing = {
    text: undefined,
    value: undefined,
    refusal: undefined,
    finishReason: undefined,
    cut: undefined,
    callsTools: false,
    due: false,
    saysJson: false,
};
/**
 * Takes the body of an answer apart, by its shape: chat completions, completions, responses, embeddings
 * and moderations. What no endpoint that is known here answers with is passed on as it came.
 */
function contentOf(body) {
    if (typeof body === "string")
        return { ...content_nothing, text: body };
    if (!(0,api_json/* isFields */.Ce)(body))
        return content_nothing;
    const { choices, output, results, data, text } = body;
    if (Array.isArray(choices))
        return choiceContent(choices);
    if (Array.isArray(output) || body["object"] === "response")
        return responseContent(body);
    if (Array.isArray(results))
        return { ...content_nothing, value: moderationsOf(results), due: true };
    if (Array.isArray(data) && data.every(isVector)) {
        return { ...content_nothing, value: embeddingsOf(data), due: true };
    }
    // A transcription, or what a server of its own has to say.
    if (typeof text === "string")
        return { ...content_nothing, text };
    return { ...content_nothing, value: body };
}
/** Also true of none: a list without vectors is an embedding that did not come. */
function isVector(item) {
    return (0,api_json/* isFields */.Ce)(item) && "embedding" in item;
}

;// CONCATENATED MODULE: ./lib/batch/answers/error-words.js

const longest = 2_000;
/** The words of an error of any shape: a text, an object, one inside another; `undefined` where it has none. */
function wordsOfError(error) {
    if (typeof error === "string")
        return error.trim() === "" ? undefined : error.slice(0, longest);
    if (Array.isArray(error))
        return error_words_firstOf(error);
    if (!(0,api_json/* isFields */.Ce)(error))
        return undefined;
    const { message, error: inner, detail, errors } = error;
    return error_words_firstOf([message, inner, detail, errors]);
}
function error_words_firstOf(values) {
    for (const value of values) {
        const words = wordsOfError(value);
        if (words !== undefined)
            return words;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/batch/answers/parsed-json.js
/** A number, or one of the words that JSON has. */
const scalar = /^\s*(?:-?\d[\d.eE+-]*|true|false|null)\s*$/;
const longestScalar = 400;
/** Reads a text that is JSON as a whole; `undefined` for any other. */
function parsedJson(text) {
    if (!mayBeJson(text))
        return undefined;
    try {
        const value = JSON.parse(text);
        return { value };
    }
    catch {
        return undefined;
    }
}
/** Most answers are prose, and to find that out by an error costs more than a look at how they begin. */
function mayBeJson(text) {
    const [first] = text.trimStart();
    if (first === "{" || first === "[" || first === '"')
        return true;
    return text.length <= longestScalar && scalar.test(text);
}

;// CONCATENATED MODULE: ./lib/batch/answers/judge.js

/**
 * What is wrong with an answer; the first that holds. One that calls tools has nothing to say yet, and
 * nothing is wrong with it.
 */
function judge_judge(content, { asksJson, readsJson }) {
    const { text, value } = content;
    const asked = (asksJson || content.saysJson) && text !== undefined;
    const json = value !== undefined
        ? { value }
        : text !== undefined && (asked || readsJson)
            ? parsedJson(text)
            : undefined;
    const found = judge_problemOf(content);
    if (found !== undefined)
        return { problem: found, json };
    const odd = asked && json === undefined && !content.callsTools && text.trim() !== "";
    return { problem: odd ? "not-json" : undefined, json };
}
function judge_problemOf({ text = "", value, refusal, cut, callsTools, due, }) {
    if (callsTools)
        return undefined;
    if (cut === "truncated")
        return "truncated";
    const isEmpty = text.trim() === "" && judge_isNothing(value);
    if (refusal !== undefined && isEmpty)
        return "refused";
    if (cut === "filtered")
        return "filtered";
    return due && isEmpty ? "empty" : undefined;
}
function judge_isNothing(value) {
    return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

;// CONCATENATED MODULE: ./lib/batch/answers/answer.js





/** What is wrong with the answer in a line; cheap, since nothing is copied. */
function problemIn(line, asksJson) {
    if (line.failure !== undefined)
        return undefined;
    return judge_judge(contentOf(line.body), { asksJson, readsJson: false }).problem;
}
/** The answer in a line, or why there is none; without its row. */
function answerIn(line, { asksJson, requested, priceOf }) {
    const { customId, failure, usage, body } = line;
    const model = (0,api_json/* isFields */.Ce)(body) ? (0,answers_words/* textIn */.r7)(body["model"]) : undefined;
    // What failed without telling its tokens is not known to have run.
    const mayCost = usage !== undefined || failure === undefined;
    const cost = mayCost ? priceOf?.(model ?? "", usage, requested) : undefined;
    const known = { customId, model, usage, cost, row: undefined };
    if (failure !== undefined) {
        const { code } = failure;
        return { ...answer_failed, ...known, problem: code, message: messageIn(line) };
    }
    const content = contentOf(body);
    const { problem, json } = judge_judge(content, { asksJson, readsJson: true });
    return {
        ...known,
        text: content.value === undefined ? content.text : JSON.stringify(content.value),
        json: json?.value,
        problem,
        answered: true,
        message: content.refusal,
        finishReason: content.finishReason,
    };
}
const answer_failed = {
    text: undefined,
    json: undefined,
    answered: false,
    finishReason: undefined,
    model: undefined,
    usage: undefined,
    cost: undefined,
    row: undefined,
};
/** What stands for a request without a line. */
function answerOfAbsent(customId, { code, message }) {
    return { ...answer_failed, customId, problem: code, message };
}
/** The words of what failed: of the line, of the answer's body, or of its choices. */
function messageIn({ failure, error, body }) {
    const words = wordsOfError(error);
    if (words !== undefined)
        return words;
    if ((0,api_json/* isFields */.Ce)(body)) {
        const own = wordsOfError(body["error"]) ?? wordsOfError(body);
        const choices = Array.isArray(body["choices"]) ? body["choices"] : [];
        return own ?? wordsOfError(choices.map((choice) => (0,api_json/* isFields */.Ce)(choice) && choice["error"]));
    }
    return failure?.state === "unknown" ? failure.message : wordsOfError(body);
}

// EXTERNAL MODULE: ./lib/batch/results/block-writer.js
var block_writer = __webpack_require__(4046);
;// CONCATENATED MODULE: ./lib/batch/answers/spool.js






/**
 * Texts kept on disk in the order in which they come, each with a small number. The file can be read by
 * nobody else, and is there until `remove`.
 */
class TextSpool {
    path;
    /** Where each text is, by its number, with its tag. */
    places = new line_table/* LineTable */.l();
    #folder;
    /** Made with the first text. */
    #blocks;
    #end = 0;
    constructor(folder) {
        this.#folder = folder;
        this.path = (0,external_node_path_.join)(folder, `batch-answers-${(0,external_node_crypto_.randomUUID)()}.part`);
    }
    /**
     * Keeps two texts as one.
     *
     * @returns the number of bytes of the first
     */
    add(first, second, tag) {
        const start = this.#end;
        const both = first + second;
        this.#blocks ??= this.#open();
        this.#end += this.#blocks.put(both);
        this.places.add(0, start, this.#end, tag);
        // As many bytes as units are ASCII, where both are counted alike.
        return this.#end - start === both.length ? first.length : Buffer.byteLength(first);
    }
    /** Has all texts on disk. */
    async flush() {
        await this.#blocks?.flush();
    }
    remove() {
        if (this.#blocks === undefined)
            return;
        this.#blocks.close();
        this.#blocks = undefined;
        (0,external_node_fs_.rmSync)(this.path, { force: true });
    }
    #open() {
        const failed = (cause) => (0,disk_error/* answersNotKept */.fH)(this.#folder, cause);
        try {
            const handle = (0,external_node_fs_.openSync)(this.path, "wx", 0o600);
            return new block_writer/* BlockWriter */.$({ handle, kind: "temporary", failed });
        }
        catch (error) {
            throw failed(error);
        }
    }
}

;// CONCATENATED MODULE: ./lib/batch/answers/standing-text.js
/** Long enough not to be found elsewhere, short enough to be found fast. */
const longestHead = 32;
/** Shorter texts are copied as fast as they are looked for. */
const shortest = 256;
/**
 * Where a text stands in its line byte for byte, as most prose in one paragraph does: it can be copied from
 * there later and need not be kept. `undefined` for one that stands there otherwise, or is short.
 */
function standingText(text, standing) {
    if (text === undefined || text.length < shortest)
        return undefined;
    const { line, length, escapes } = standing;
    const isPlain = !text.includes('"') && !text.includes("\\");
    const plain = isPlain ? spanOf(text, line, length) : undefined;
    return plain ?? (escapes ? spanOf(JSON.stringify(text).slice(1, -1), line, length) : undefined);
}
function spanOf(text, line, length) {
    const at = line.indexOf(`"${text.slice(0, longestHead)}`) + 1;
    // Five times as fast as `startsWith` with a text of some length.
    const stands = at > 0 && line.slice(at, at + text.length) === text;
    if (!stands || line[at + text.length] !== '"')
        return undefined;
    // As many bytes as units are ASCII, where both are counted alike.
    if (line.length === length)
        return { start: at, end: at + text.length };
    // Bytes that are no text are read as this mark, and cannot be copied as text.
    if (line.includes("\ufffd"))
        return undefined;
    const start = Buffer.byteLength(line.slice(0, at));
    return { start, end: start + Buffer.byteLength(text) };
}

;// CONCATENATED MODULE: ./lib/batch/answers/kept-answers.js





/**
 * The answers of the lines of one batch, on disk: a line is parsed once. A text that stands in its line as
 * it is needed is not kept but copied from there.
 */
class KeptAnswers {
    #keeping;
    #spool;
    /**
     * Of each answer where its text stands in the file of its line, tagged with the number of bytes that come
     * before it in what is kept; of no length for a text that is kept.
     */
    texts = new line_table/* LineTable */.l();
    constructor(keeping) {
        this.#keeping = keeping;
        this.#spool = new TextSpool(keeping.folder);
    }
    get path() {
        return this.#spool.path;
    }
    /** Where each answer is, by the number of its line, with its shape. */
    get places() {
        return this.#spool.places;
    }
    /** Keeps what the next line says, and tells what is wrong with its answer. */
    keep(line, { text, start, length, asksJson, requested }) {
        const { format, priceOf } = this.#keeping;
        const answer = answerIn(line, { asksJson, requested, priceOf });
        const standing = standingText(answer.text, { line: text, length, escapes: format.escapes });
        const { before, after, shape } = format.keep(answer, standing !== undefined);
        const split = this.#spool.add(before, after, shape);
        const { start: from, end: to } = standing ?? { start: 0, end: 0 };
        this.texts.add(0, start + from, start + to, split);
        const { answered, problem = "" } = answer;
        return answered && isAnswerProblem(problem) ? problem : undefined;
    }
    /** Has everything on disk. */
    async flush() {
        await this.#spool.flush();
    }
    remove() {
        this.#spool.remove();
    }
}

;// CONCATENATED MODULE: ./lib/batch/rules/results.js


/**
 * What an answer with a problem counts as: a failed request where the user rejects such answers. Either
 * way it was paid for, and another try would be paid for as well.
 */
function decideAnswer(problem, rejected) {
    return rejected.has(problem)
        ? { decision: "reject", why: `answers that are ${problem} are rejected` }
        : { decision: "accept", why: `answers that are ${problem} are not rejected` };
}
/**
 * Whether what is now said of a request, by a line or because a batch has none for it, takes the place of
 * what was known: a good answer is never given up, an answer that was paid for not for a failure, which
 * might be sent again, and what may be answered in one batch not for what another says of it.
 */
function decideStanding(before, now) {
    if (before.state === "answered")
        return { decision: "keep", why: "it is answered" };
    if (before.state === "rejected" && now.state !== "answered") {
        return { decision: "keep", why: "it has an answer, if a rejected one" };
    }
    const isPaid = now.state === "answered" || now.state === "rejected";
    if (before.state === "unknown" && !isPaid) {
        return { decision: "keep", why: `another batch may hold its answer: ${before.message}` };
    }
    if (before.state === "failed" && ["never-ran", "missing", "unsent"].includes(now.state)) {
        return { decision: "keep", why: "its failure tells more" };
    }
    return { decision: "replace", why: "the last word counts" };
}
/** Whether a request is sent again by a retry round: only what is known to be unanswered is. */
function decideResend(request) {
    switch (request.state) {
        case "failed":
            return request.transient
                ? { decision: "resend", why: `it failed with ${request.code}, which is transient` }
                : { decision: "keep", why: `it failed with ${request.code}, which no retry changes` };
        case "never-ran":
            return request.transient
                ? { decision: "resend", why: `the server says that it never ran (${request.code})` }
                : { decision: "keep", why: `its batch was refused (${request.code})` };
        case "missing":
            return { decision: "resend", why: "complete result files do not name it" };
        case "answered":
            return { decision: "keep", why: "it is answered" };
        case "rejected":
            return { decision: "keep", why: `its answer was paid for and is ${request.code}` };
        case "unsent":
        case "pending":
            return { decision: "keep", why: request.message };
        case "unknown":
            return { decision: "keep", why: `it may be answered: ${request.message}` };
    }
}
/** Whether a result file may yet come, or come whole. */
function isOpen(file) {
    return file.state === "incomplete" || file.state === "not yet there";
}
/**
 * Whether a batch may be recorded as collected: every file that it has was read whole, or is known to
 * be gone for good. An unknown file is never recorded.
 */
function decideRecord(files) {
    const open = files.find(isOpen);
    if (open !== undefined)
        return { decision: "leave", why: open.why };
    return { decision: "record", why: "every result file was read whole, or is gone for good" };
}
/** Whether a batch that has ended should have result files that it does not name yet. */
function expectsFile(batch) {
    const { status, request_counts: counts, output_file_id: output, error_file_id: errors } = batch;
    if (status === "failed" || output !== undefined)
        return false;
    if (counts !== undefined && counts.completed > 0)
        return true;
    if (errors !== undefined)
        return false;
    if (counts === undefined || counts.failed > 0 || status === "completed")
        return true;
    // Some servers show zeros as long as they have not counted; a batch of no requests has not begun.
    return counts.total === 0 && batch.in_progress_at !== undefined;
}
/**
 * What is known of the result files of a batch that has ended.
 *
 * @param sights of the files that it names
 * @param lacking how many requests of the batch have no line; `undefined` where the input is not at hand
 */
function judgeFiles(batch, sights, lacking) {
    const shortage = shortageOf(batch, sights);
    const counted = isCountedWhole(batch);
    const files = sights.map((sight) => {
        if (sight.seen !== "content") {
            return { state: sight.seen === "gone" ? "gone" : "not yet there", why: sight.why };
        }
        const { lines, length } = sight;
        const why = lacking === 0 ? undefined : (results_defectOf(sight, lacking) ?? shortage);
        if (why !== undefined)
            return { state: "incomplete", why, lines };
        // Good enough where nothing is sent again for it. Servers name an error file that is always empty;
        // that an output file came twice with nothing in it is no sight of one.
        const isSeen = sight.kind === "error" || lines > 0;
        const same = lacking === undefined && length === "twice the same" && isSeen ? length : undefined;
        const proof = proofOf(length === "whole", counted || lacking === 0) ?? same;
        return proof === undefined
            ? { state: "incomplete", why: "nothing tells how long it should be", lines }
            : { state: "complete", why: proof, lines };
    });
    if (lacking !== 0 && expectsFile(batch)) {
        return [...files, { state: "not yet there", why: unnamedFile(batch) }];
    }
    return files.length === 0 ? [{ state: "none" }] : files;
}
/**
 * Whether results are set against an input as the server gave it. What is missing of a file that was cut
 * would be answered, and the answer would be nobody's: only one that is known to be whole is used.
 */
function decideInputOrder({ request_counts: counts }, { length, requests, unreadable }) {
    if (length === "short") {
        return { decision: "leave", why: "it is shorter than the server says that it is" };
    }
    if (unreadable > 0 || requests === 0) {
        return { decision: "leave", why: "what came is no file of requests" };
    }
    const counted = counts?.total ?? 0;
    if (requests < counted) {
        const why = `${(0,format/* plural */.LS)(requests, "request")} came, and the batch counts ${counted}`;
        return { decision: "leave", why };
    }
    return length === "whole" || requests === counted
        ? { decision: "use", why: "it came whole" }
        : { decision: "leave", why: "nothing tells how long it should be" };
}
/** What is known of a request of a batch whose result files do not name it. */
function stateOfUnnamed(batch, files) {
    const gone = files.find(({ state }) => state === "gone");
    if (gone !== undefined)
        return unknown("result_unavailable", batch, "is gone from the server");
    const open = files.find(isOpen);
    if (open?.state === "incomplete") {
        return unknown("result_unknown", batch, `may not be whole: ${open.why}`);
    }
    if (open !== undefined) {
        return unknown("result_unavailable", batch, `could not be read: ${open.why}`);
    }
    const whole = files.some(({ state }) => state === "complete");
    // A batch that broke off has answers, and what is not among them is not answered.
    if (batch.status === "failed" && !(whole && !(0,create/* ranNothing */.VT)(batch)))
        return neverRan(batch);
    if (whole)
        return { state: "missing" };
    if (batch.status === "expired" || batch.status === "cancelled") {
        return { state: "never-ran", code: `batch_${batch.status}`, transient: true };
    }
    return unknown("result_unknown", batch, "was never named");
}
/** The results of a batch that has just ended may not be readable yet: so long after its end. */
const readableAfter = 10 * 60_000;
/** With what servers refuse a file that they name and still write; a conflict and a lock among them. */
const notReady = new Set([400, 403, 404, 409, 423]);
/**
 * Whether the content of a result file is asked for again after a refusal: servers name a file before
 * it can be read.
 *
 * @param endedAgo milliseconds since the batch has ended; `undefined` where that is not known
 */
function decideAskAgain(status, endedAgo) {
    if (status === 425)
        return { decision: "ask again", why: "the server says that it is too early" };
    if (status === undefined || !notReady.has(status)) {
        return { decision: "leave", why: "it is no answer of a file that is not ready" };
    }
    if ((endedAgo ?? 0) >= readableAfter) {
        return { decision: "leave", why: "the batch has ended long ago" };
    }
    return { decision: "ask again", why: "the batch has only just ended" };
}
/** Looks that must not find a file before it counts as gone: a server may know nothing for a moment. */
const goneLooks = 3;
/** Whether a file that the server does not find is gone for good, after so many looks in a row. */
function decideGone(looks) {
    return looks >= goneLooks
        ? { decision: "gone", why: `${looks} looks did not find it` }
        : { decision: "look again", why: "the server may know nothing of it for a moment" };
}
/** When a batch ended by the server's clock, in milliseconds since the epoch. */
function endOf(batch) {
    const { completed_at, expired_at, cancelled_at, failed_at } = batch;
    const ends = [completed_at, expired_at, cancelled_at, failed_at].filter((at) => at !== undefined);
    return ends.length === 0 ? undefined : Math.max(...ends) * 1000;
}
function results_defectOf({ lines, unreadable, strange, length }, lacking) {
    if (length === "short")
        return "it is shorter than the server says that it is";
    if (unreadable > 0) {
        return lines === 0
            ? "what came is not a result file"
            : `${unreadable} of its lines could not be read`;
    }
    if (strange > 0 && lacking !== undefined) {
        return `${strange} of its lines ${strange === 1 ? "names" : "name"} no request of the input, and ${(0,format/* plural */.LS)(lacking, "request")} ${lacking === 1 ? "has" : "have"} no line`;
    }
    return undefined;
}
/** Where the files hold less than there should be. A file that has not come is not held against the others. */
function shortageOf({ status, request_counts: counts }, sights) {
    const came = sights.filter((sight) => sight.seen === "content");
    const output = came.find(({ kind }) => kind === "output");
    if (counts !== undefined && output !== undefined && output.lines < counts.completed) {
        return `it has ${output.lines} lines, and the batch counts ${counts.completed} answers`;
    }
    if (came.length < sights.length)
        return undefined;
    const lines = came.reduce((sum, file) => sum + file.lines, 0);
    const results = counts === undefined ? 0 : resultsOf(counts);
    if (lines < results)
        return `${lines} lines came, and the batch counts ${results} results`;
    // A batch that has completed has something to tell; one that was ended may say that it has not.
    const mayBeEmpty = counts !== undefined && status !== "completed";
    return lines === 0 && !mayBeEmpty ? "there is not one line in it" : undefined;
}
/** Whether the batch's counts are there and say something, so that files without a shortage are whole. */
function isCountedWhole({ status, request_counts: counts }) {
    if (counts === undefined)
        return false;
    const results = resultsOf(counts);
    return results > 0 && (status !== "completed" || results >= counts.total);
}
function resultsOf({ completed, failed }) {
    return completed + failed;
}
function proofOf(byLength, byCounts) {
    if (byLength)
        return byCounts ? "length and counts" : "length";
    return byCounts ? "counts" : undefined;
}
function unnamedFile({ request_counts: counts }) {
    return counts !== undefined && counts.completed > 0
        ? `it counts ${counts.completed} answers and names no file that holds them`
        : "it has ended and names no file of results";
}
function unknown(code, { id }, what) {
    return {
        state: "unknown",
        code,
        message: `A result file of batch ${id} ${what}. The request may have been answered and billed.`,
    };
}
function neverRan({ errors }) {
    const code = errors?.data?.[0]?.code ?? "batch_failed";
    return { state: "never-ran", code, transient: code === "token_limit_exceeded" };
}

// EXTERNAL MODULE: ./lib/batch/input/id-index.js
var id_index = __webpack_require__(8335);
// EXTERNAL MODULE: ./lib/batch/input/lines.js
var input_lines = __webpack_require__(1276);
;// CONCATENATED MODULE: ./lib/batch/results/json.js
const nul = 0;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** A whole string, or one of the three numbers that Python writes and JSON does not know. */
const stringsAndNumbers = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
/**
 * JSON as servers write it: also with Python's `NaN`, `Infinity` and `-Infinity`, which are read as `null`.
 *
 * @throws SyntaxError, which may hold text of the line: never show it
 */
function json_parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        const strict = text.replace(stringsAndNumbers, (found) => found.startsWith('"') ? found : "null");
        if (strict === text)
            throw error;
        return JSON.parse(strict);
    }
}
/** As `parseJson`; `undefined` for what is not JSON. */
function jsonOf(text) {
    try {
        return json_parseJson(text);
    }
    catch {
        return undefined;
    }
}
/** A line without what servers leave around it: byte order marks and zero bytes. */
function trimmedLine(bytes) {
    let start = 0;
    let end = bytes.length;
    for (;;) {
        if (bytes[start] === nul)
            start += 1;
        else if (bytes.subarray(start, start + 3).equals(byteOrderMark))
            start += 3;
        else
            break;
    }
    // Zero bytes may stand before the line break too; white space alone stays as it came.
    let last = end;
    while (last > start && isPadding(bytes[last - 1])) {
        last -= 1;
        if (bytes[last] === nul)
            end = last;
    }
    return {
        bytes: start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end),
        skipped: start,
    };
}
/** A zero byte, a line break, or a blank. */
function isPadding(byte) {
    return byte === nul || byte === 13 || byte === 10 || byte === 32 || byte === 9;
}

;// CONCATENATED MODULE: ./lib/batch/results/failure.js




/** Of codes that a server gives requests that it has never run; the next batch may have the time that this one lacked. */
const neverRanCodes = new Set([
    "batch_expired",
    "batch_cancelled",
    "batch_canceled",
]);
/** Codes that say, without a status, what 429 and 5xx say. */
const transientCodes = new Set([
    "server_error",
    "internal_error",
    "internal_server_error",
    "api_error",
    "rate_limit_exceeded",
    "rate_limit_error",
    "too_many_requests",
    "overloaded",
    "overloaded_error",
    "service_unavailable",
    "timeout",
    "request_timeout",
]);
/** A failure by its code and status; a limit that is spent stays so under any status. */
function failureBy(code, status) {
    const folded = code.toLowerCase();
    if (neverRanCodes.has(folded))
        return { state: "never-ran", code, transient: true };
    const numeric = isStatus(code) ? Number(code) : undefined;
    const known = status ?? numeric;
    const transient = known === undefined || isSuccess(known)
        ? transientCodes.has(folded) || isTransientStatus(numeric)
        : isTransientStatus(known);
    return { state: "failed", code, transient: transient && !final_codes/* finalCodes */.F.has(folded) };
}
/** Words of servers that have no error to tell and tell it. */
const noError = /^\s*(?:|null|none|nil|undefined)\s*$/i;
/** Reads an error of any shape; `{}`, `""` and objects of nothing but those are no errors. */
function errorWords(error) {
    if (typeof error === "string")
        return noError.test(error) ? undefined : wordsOfText(error);
    if (error === true)
        return { code: undefined, status: undefined };
    if (Array.isArray(error))
        return errorWords(error.find((one) => !failure_isNothing(one)));
    if (!(0,api_json/* isFields */.Ce)(error))
        return undefined;
    if (Object.values(error).every(failure_isNothing))
        return undefined;
    const inner = errorWords(error["error"]);
    const told = typeof error["message"] === "string" ? wordsOfText(error["message"]) : undefined;
    return {
        code: failure_codeOf(error) ?? inner?.code ?? told?.code,
        status: failure_statusOf(error) ?? inner?.status ?? told?.status,
    };
}
/** The HTTP status that an object carries, under any of its names, also as a text. */
function failure_statusOf(fields) {
    for (const name of ["status_code", "statusCode", "http_status", "status"]) {
        const value = fields[name];
        if (typeof value === "number")
            return value;
        // Also `500 Internal Server Error`.
        const [, number] = typeof value === "string" ? (/^\s*(\d{1,3})\b/.exec(value) ?? []) : [];
        if (number !== undefined)
            return Number(number);
    }
    return undefined;
}
function isTransientStatus(status) {
    return status !== undefined && (status === 429 || status === 408 || status >= 500);
}
/** Its code, else its type; one that says that a limit is spent before one that repeats a status. */
function failure_codeOf(error) {
    const texts = [error["code"], error["type"]]
        .filter((value) => typeof value === "string" || typeof value === "number")
        .map(String)
        .filter((text) => text.trim() !== "");
    const final = texts.find((text) => final_codes/* finalCodes */.F.has(text.toLowerCase()));
    const [code] = texts;
    if (final !== undefined || (code !== undefined && !isStatus(code)))
        return final ?? code;
    const message = typeof error["message"] === "string" ? error["message"] : "";
    return (0,final_codes/* finalCodeIn */.h)(message) ?? code;
}
function isStatus(code) {
    return /^[1-5]\d\d$/.test(code);
}
function failure_isNothing(value) {
    if (value === undefined || value === null || value === false || value === 0)
        return true;
    if (typeof value === "string")
        return value === "";
    if (Array.isArray(value))
        return value.every(failure_isNothing);
    return (0,api_json/* isFields */.Ce)(value) && Object.values(value).every(failure_isNothing);
}
/** `Error code: 500 - {'error': {'code': 'server_error'}}`, as Python's clients say it; or JSON. */
function wordsOfText(text) {
    const at = text.indexOf("{");
    const told = at === -1 ? undefined : errorWords(jsonOf(text.slice(at)));
    const [, status] = /\b(?:error code|status code|status|http)\W{0,3}(\d{3})\b/i.exec(text) ?? [];
    const [, code] = /['"]code['"]\s*:\s*['"]([\w.-]+)['"]/.exec(text) ?? [];
    return {
        code: told?.code ?? (0,final_codes/* finalCodeIn */.h)(text) ?? code,
        status: status === undefined ? told?.status : Number(status),
    };
}

;// CONCATENATED MODULE: ./lib/batch/results/line.js








const line_unreadable = {
    customId: undefined,
    failure: {
        state: "unknown",
        code: "unreadable_line",
        message: "Its line could not be read.",
    },
    usage: undefined,
    body: undefined,
    error: undefined,
    model: undefined,
    readable: false,
};
/**
 * Reads one result line. A request succeeded when its HTTP status is 2xx and neither the line nor its
 * body holds an error, whichever file the line is in: servers put failures into the output file too,
 * count a status of 0 as completed (ellmer#830), and answer 200 for what failed behind them.
 *
 * @param text the same line, where it has been read as text
 */
function readResultLine(bytes, text = bytes.toString("utf8")) {
    const line = jsonOf(text);
    if (!(0,api_json/* isFields */.Ce)(line))
        return line_unreadable;
    const customId = lineIdOf(line, text);
    const parts = line_partsOf(line);
    if (customId === undefined && parts.response === undefined)
        return line_unreadable;
    if (saysNothing(line, parts))
        return { ...line_unreadable, customId };
    const { body, error } = parts;
    return {
        customId,
        failure: failureOf(parts),
        usage: usageOf(body),
        model: line_modelOf(body),
        body,
        error,
        readable: true,
    };
}
function line_modelOf(body) {
    const model = (0,api_json/* isFields */.Ce)(body) ? body["model"] : undefined;
    return typeof model === "string" ? model : undefined;
}
/** The `custom_id` of a line, of a request or of a result; `undefined` where none can be read. */
function customIdOf(bytes) {
    const text = bytes.toString("utf8");
    const line = jsonOf(text);
    return (0,api_json/* isFields */.Ce)(line) ? lineIdOf(line, text) : undefined;
}
/** Some servers make a number of an id that looks like one, also of one with more digits than a number keeps. */
function lineIdOf({ custom_id: id }, text) {
    if (typeof id === "string")
        return id;
    if (typeof id !== "number")
        return undefined;
    if (Number.isSafeInteger(id))
        return String(id);
    const digits = [...text.matchAll(/"custom_id"\s*:\s*(-?\d+)(?![\d.eE])/g)].map(([, all]) => all);
    return digits.find((all) => Number(all) === id) ?? String(id);
}
/**
 * Whether a line tells nothing of how its request went: neither a response nor an error, or a response
 * that nobody can read. A line of the input is one of these; what it names may well be answered.
 */
function saysNothing(line, { response, error }) {
    if (response !== undefined || errorWords(error) !== undefined)
        return false;
    return !("response" in line || "error" in line) || !isEmpty(line["response"]);
}
function isEmpty(value) {
    return value === undefined || value === null || value === "";
}
function line_partsOf(line) {
    const response = responseOf(line);
    const body = response === undefined ? undefined : opened(response["body"]);
    return {
        error: line["error"] ?? line["errors"],
        response,
        status: response === undefined ? undefined : failure_statusOf(response),
        body: body === undefined && isAnswer(response) ? response : body,
    };
}
/** The response, which some servers write as a text, or without the object around its fields. */
function responseOf(line) {
    const response = opened(line["response"]);
    if ((0,api_json/* isFields */.Ce)(response))
        return response;
    return line["body"] !== undefined &&
        (failure_statusOf(line) !== undefined || isAnswer(opened(line["body"])))
        ? line
        : undefined;
}
/** llama-stack sends the body as a JSON text inside the JSON. */
function opened(value) {
    if (typeof value !== "string")
        return value;
    const inner = jsonOf(value);
    return (0,api_json/* isFields */.Ce)(inner) ? inner : value;
}
const answerFields = ["choices", "output", "data", "results"];
/** Whether a body is what one of the endpoints answers with. */
function isAnswer(body) {
    return (0,api_json/* isFields */.Ce)(body) && answerFields.some((name) => Array.isArray(body[name]));
}
/** Whether it has the form of an answer and nothing in it. */
function isHollow(body) {
    return ((0,api_json/* isFields */.Ce)(body) &&
        answerFields.every((name) => !Array.isArray(body[name]) || body[name].length === 0));
}
/** In this order: the first that finds a failure names it. */
const tests = [
    failsByError,
    failsWithoutResponse,
    failsByStatus,
    failsWithoutBody,
    failsByBody,
    failsByState,
    failsByChoices,
];
function failureOf(parts) {
    for (const test of tests) {
        const failure = test(parts);
        if (failure !== undefined)
            return failure;
    }
    return undefined;
}
function failsByError({ error, status }) {
    const words = errorWords(error);
    if (words === undefined)
        return undefined;
    const known = status === undefined || isSuccess(status) ? words.status : status;
    return failureBy(words.code ?? (words.status === undefined ? "error" : `http_${words.status}`), known);
}
function failsWithoutResponse({ response }) {
    return response === undefined
        ? { state: "failed", code: "no_response", transient: true }
        : undefined;
}
function failsByStatus({ status, body }) {
    if (status !== undefined && isSuccess(status))
        return undefined;
    const none = status === undefined || status === 0;
    // What is answered is not paid again for a status that was lost.
    if (none && isAnswer(body) && !(status === 0 && isHollow(body)))
        return undefined;
    const words = (0,api_json/* isFields */.Ce)(body) ? errorWords(body["error"] ?? body) : errorWords(body);
    if (none) {
        return words?.code === undefined
            ? { state: "failed", code: "status_0", transient: true }
            : failureBy(words.code, words.status);
    }
    return failureBy(words?.code ?? `http_${status}`, status);
}
function failsWithoutBody({ body }) {
    return isEmpty(body) || isNoAnswer(body)
        ? { state: "failed", code: "no_body", transient: false }
        : undefined;
}
/** What no endpoint answers with: nothing, in any type, or the page of a gateway. */
function isNoAnswer(body) {
    if (typeof body === "string")
        return kindOf(body) === "a web page (HTML)";
    if (Array.isArray(body))
        return body.length === 0;
    return !(0,api_json/* isFields */.Ce)(body) || Object.keys(body).length === 0;
}
/** An error object in the place of an answer, as gateways and vLLM give with 200. */
function failsByBody({ body }) {
    if (!(0,api_json/* isFields */.Ce)(body))
        return undefined;
    const words = errorWords(body["error"] ?? (isErrorItself(body) ? wordsIn(body) : undefined));
    return words === undefined ? undefined : failureBy(words.code ?? "error", words.status);
}
function isErrorItself(body) {
    if (body["object"] === "error" || body["type"] === "error")
        return true;
    return !isAnswer(body) && body["id"] === undefined && isErrorBody(body);
}
function wordsIn(body) {
    return (0,api_json/* isFields */.Ce)(body["detail"]) ? body["detail"] : (body["errors"] ?? body);
}
/** A Responses object says by its own status how it went. */
function failsByState({ body }) {
    const state = (0,api_json/* isFields */.Ce)(body) ? body["status"] : undefined;
    const known = typeof state === "string" ? statusOfWord(state) : undefined;
    if (known !== "failed" && known !== "cancelled")
        return undefined;
    return failureBy(`response_${known}`, undefined);
}
function failsByChoices({ body }) {
    const choices = (0,api_json/* isFields */.Ce)(body) ? body["choices"] : undefined;
    if (!Array.isArray(choices) || choices.length === 0)
        return undefined;
    const failed = choices.filter(isFailedChoice);
    if (failed.length < choices.length)
        return undefined;
    const [first] = failed;
    const words = (0,api_json/* isFields */.Ce)(first) ? errorWords(first["error"]) : undefined;
    return failureBy(words?.code ?? "finish_reason_error", words?.status);
}
/** OpenRouter puts the reason beside the message, also without a word for the end. */
function isFailedChoice(choice) {
    if (!(0,api_json/* isFields */.Ce)(choice))
        return false;
    return choice["finish_reason"] === "error" || errorWords(choice["error"]) !== undefined;
}

;// CONCATENATED MODULE: ./lib/batch/results/batch-reading.js








const batch_reading_named = 1;
const charged = 2;
/**
 * What the result files of one batch say, line by line. It is read before it is known whether the
 * files are whole, and thrown away where they are fetched again; a book takes it in once it stands.
 */
class BatchReading {
    paths = [];
    /** Where each line is, by the number of its path, with the tag of what it says. */
    lines = new line_table/* LineTable */.l();
    /** Files that are no result files: a page, a message. */
    #foreign = new Set();
    #input;
    #states;
    /** Of the batch's own ids, where no input numbers them. */
    #ids;
    /** Of each line the number of its request plus one; 0 for a line of no known request. */
    #requestOf = new Uint32Array(1024);
    #results = 0;
    /** Of each request whether it has a line, and one with its tokens, in bits. */
    #named;
    usage;
    /** The answer of each line, where they are kept. */
    answers;
    /** The answers' tokens, by the model that the input asked for and the one that the answer names. */
    #byModel = new Map();
    #isPaid;
    /** @param isPaid whether an answer that is no good was paid for all the same; not where it is of a cache */
    constructor(states, input, answers, isPaid = true) {
        this.#states = states;
        this.#isPaid = isPaid;
        this.#input = input;
        this.answers = answers;
        this.#ids = input?.ids ?? new id_index/* IdIndex */.w();
        this.#named = new Uint8Array(input?.requests ?? 1024);
    }
    /** Reads a file, which has to stay where it is until the lines have been written. */
    async add(path, signal) {
        const file = this.paths.push(path) - 1;
        const found = { lines: 0, unreadable: 0, strange: 0 };
        const onLine = (line) => {
            if (!(0,input_lines/* isBlank */.z3)(line.bytes))
                this.#addLine(line, file, found);
        };
        await (0,input_lines/* forEachLine */.FF)(path, onLine, signal);
        await this.answers?.flush();
        if (found.lines === 0 && found.unreadable > 0)
            this.#foreign.add(file);
        else
            this.#results += found.lines + found.unreadable;
        return found;
    }
    /** Removes what was kept of the answers: what the files say is read anew. */
    discard() {
        this.answers?.remove();
    }
    /** The answers' tokens by model, as the lines and the input name it. */
    *spent() {
        for (const [requested, sums] of this.#byModel) {
            for (const [model, sum] of sums)
                yield { ...sum, model, requested };
        }
    }
    /** How many requests the batch is known to have, where no input numbers them. */
    get ownRequests() {
        return this.#input === undefined ? this.#ids.size : 0;
    }
    /** How many results the files hold, two lines for one request counted once. */
    get results() {
        return this.#results;
    }
    /** The request of a line, numbered by the input, or within this batch; `undefined` for none. */
    requestOf(line) {
        const request = this.#requestOf[line] ?? 0;
        return request === 0 ? undefined : request - 1;
    }
    /** Whether a file is one of results; what another holds is nobody's. */
    isOfResults(file) {
        return !this.#foreign.has(file);
    }
    /** Those of these requests that no line names. */
    *unnamedOf(requests) {
        for (const request of requests)
            if (!this.#is(request, batch_reading_named))
                yield request;
    }
    #addLine(line, file, found) {
        const { bytes, skipped } = trimmedLine(line.bytes);
        if ((0,input_lines/* isBlank */.z3)(bytes))
            return;
        const text = bytes.toString("utf8");
        const result = readResultLine(bytes, text);
        const { customId, failure, readable } = result;
        const start = line.start + skipped;
        const request = customId === undefined ? undefined : this.#numberOf(customId);
        const asksJson = request !== undefined && this.#input?.asksJson.has(request) === true;
        const problem = this.answers === undefined
            ? problemIn(result, asksJson)
            : this.answers.keep(result, {
                text,
                start,
                length: bytes.length,
                asksJson,
                requested: this.#modelOf(request),
            });
        const tag = this.#states.tagOf(failure, problem);
        this.lines.add(file, start, start + bytes.length, tag);
        this.#note(request);
        const isGood = this.#states.stateOf(tag).state === "answered";
        if (this.#isPaid || isGood)
            this.#addUsage(request, result);
        if (!readable)
            found.unreadable += 1;
        else if (request === undefined) {
            found.strange += 1;
            found.lines += 1;
        }
        else if (!this.#is(request, batch_reading_named)) {
            this.#mark(request, batch_reading_named);
            found.lines += 1;
        }
    }
    #modelOf(request) {
        if (request === undefined || this.#input === undefined)
            return undefined;
        return this.#input.models[this.#input.lines.tag(request)];
    }
    /** A request that has two lines was run once. */
    #addUsage(request, { usage, model, failure }) {
        if (usage === undefined) {
            const isAgain = request !== undefined && this.#is(request, batch_reading_named);
            if (failure === undefined && !isAgain)
                this.#addToModel(request, model, undefined);
            return;
        }
        if (request !== undefined) {
            if (this.#is(request, charged))
                return;
            this.#mark(request, charged);
        }
        this.usage = this.usage === undefined ? usage : sumUsage([this.usage, usage]);
        this.#addToModel(request, model, usage);
    }
    #addToModel(request, model, usage) {
        const requested = this.#modelOf(request);
        const sums = this.#byModel.get(requested) ?? new Map();
        this.#byModel.set(requested, sums);
        const sum = sums.get(model ?? "") ?? openSum();
        sums.set(model ?? "", sum);
        addAnswer(sum, usage);
    }
    #is(request, bit) {
        return ((this.#named[request] ?? 0) & bit) !== 0;
    }
    #mark(request, bit) {
        this.#named[request] = (this.#named[request] ?? 0) | bit;
    }
    #note(request) {
        const line = this.lines.size - 1;
        if (line >= this.#requestOf.length) {
            const grown = new Uint32Array(this.#requestOf.length * 2);
            grown.set(this.#requestOf);
            this.#requestOf = grown;
        }
        this.#requestOf[line] = request === undefined ? 0 : request + 1;
    }
    #numberOf(customId) {
        if (this.#input !== undefined)
            return this.#ids.numberOf(customId);
        const known = this.#ids.add(customId);
        if (known !== undefined)
            return known;
        if (this.#ids.size > this.#named.length) {
            const grown = new Uint8Array(this.#named.length * 2);
            grown.set(this.#named);
            this.#named = grown;
        }
        return this.#ids.size - 1;
    }
}

;// CONCATENATED MODULE: ./lib/batch/results/state-table.js

/** The tag of a line that answers its request, with nothing wrong about it. */
const answeredTag = 0;
const state_table_answered = { state: "answered" };
const maxFailures = 10_000;
/** Small numbers in the place of what lines say, so that millions of lines hold a number each. */
class StateTable {
    #states = [state_table_answered];
    #tags = new Map();
    #rejected;
    /** @param rejected problems with which an answer counts as a failure */
    constructor(rejected = []) {
        this.#rejected = new Set(rejected);
    }
    /** The number of a line's failure; of an answer, good or not, where there is none. */
    tagOf(failure, problem) {
        if (failure === undefined) {
            return problem === undefined ? answeredTag : this.#tagOfProblem(problem);
        }
        // A server whose every code is new must not run us out of tags.
        const kept = this.#states.length <= maxFailures ? failure : { ...failure, code: "other" };
        const transient = kept.state !== "unknown" && kept.transient;
        return this.#tag(`${kept.state} ${transient} ${kept.code}`, kept);
    }
    stateOf(tag) {
        return this.#states[tag] ?? state_table_answered;
    }
    /** Whether any line has an answer with a problem. */
    get hasProblems() {
        return this.#states.some((state) => state_table_problemOf(state) !== undefined);
    }
    #tagOfProblem(problem) {
        const { decision } = decideAnswer(problem, this.#rejected);
        return this.#tag(`problem ${problem}`, decision === "reject" ? { state: "rejected", code: problem } : { state: "answered", problem });
    }
    #tag(key, state) {
        const known = this.#tags.get(key);
        if (known !== undefined)
            return known;
        const tag = this.#states.push(state) - 1;
        this.#tags.set(key, tag);
        return tag;
    }
}
/** What is wrong with the answer of a request that has one, rejected or not. */
function state_table_problemOf(state) {
    if (state.state === "rejected")
        return state.code;
    return state.state === "answered" ? state.problem : undefined;
}

;// CONCATENATED MODULE: ./lib/batch/results/book.js




const notNamed = {
    state: { state: "missing" },
    code: "result_missing",
    message: "The server gave no result for this request.",
};
/**
 * Accounts for every request: of each it knows the line that stands for it and what that line says, or
 * why there is none.
 *
 * A request that has several lines keeps its first answer, else its first rejected one, else its last
 * failure.
 */
class ResultBook {
    states;
    input;
    paths = [];
    lines = new line_table/* LineTable */.l();
    /** Where the answer of each line is kept, with its shape, by the number of its path below; empty where none is. */
    answers = new line_table/* LineTable */.l();
    answerPaths = [];
    /** Where the text of each answer stands in its file, as `KeptAnswers.texts` has it. */
    texts = new line_table/* LineTable */.l();
    /** Lines of no known request. */
    strangers = [];
    #absences = [];
    /** Of each request the number of its line plus one; 0 while it has none. */
    #lineOf;
    /** Of each request the number of its absence plus one; 0 where its line stands, or nothing is known. */
    #absenceOf;
    #requests;
    #otherwise = notNamed;
    /** Requests of which the server counts more than it gives lines, with no input to name them: what became of how many. */
    nameless = [];
    usage;
    #duplicates = 0;
    /** Lines from a cache; they come first. */
    #cachedLines = 0;
    #cached = 0;
    /** @param rejected problems with which an answer counts as a failure */
    constructor(input, rejected = []) {
        this.states = new StateTable(rejected);
        this.input = input;
        this.#requests = input?.requests ?? 0;
        this.#lineOf = new Uint32Array(input?.requests ?? 1024);
    }
    /** Takes in what a batch's files say. */
    take(reading) {
        const firstRequest = this.input ? 0 : this.#requests;
        const copy = this.#copier(reading);
        this.#grow(reading.ownRequests);
        for (let at = 0; at < reading.lines.size; at += 1) {
            if (!reading.isOfResults(reading.lines.place(at).file))
                continue;
            const line = copy(at);
            const request = reading.requestOf(at);
            if (request === undefined)
                this.strangers.push(line);
            else
                this.#settle(firstRequest + request, line);
        }
        this.usage = sumUsage([this.usage, reading.usage].filter((usage) => usage !== undefined));
    }
    /**
     * Takes in answers of earlier runs, before anything else is. They were paid for then, so that their
     * tokens are none of this book's.
     *
     * @param stands whether a line of the reading is to stand for its request
     */
    takeCached(reading, stands) {
        const copy = this.#copier(reading);
        for (let at = 0; at < reading.lines.size; at += 1) {
            const request = reading.requestOf(at);
            if (request === undefined || !stands(at))
                continue;
            this.#settle(request, copy(at));
            this.#cached += 1;
        }
        this.#cachedLines = this.lines.size;
    }
    /** How many requests are answered by a cache. */
    get cached() {
        return this.#cached;
    }
    /** Says why these requests have no line of their batch; an answer that is there stands. */
    absent(requests, absence) {
        const number = this.#absences.push(absence);
        this.#absenceOf ??= new Uint32Array(this.#requests);
        for (const request of requests) {
            const told = this.#toldOf(request);
            if (told === undefined || decideStanding(told, absence.state).decision === "replace") {
                this.#absenceOf[request] = number;
            }
        }
    }
    /** Says why requests have no line of which nothing else is known. */
    otherwise(absence) {
        this.#otherwise = absence;
    }
    get requests() {
        return this.#requests;
    }
    /** Lines for a request that already had one in the same file, or an answer. */
    get duplicates() {
        return this.#duplicates;
    }
    /** The number of the line that stands for a request. */
    lineOf(request) {
        if ((this.#absenceOf?.[request] ?? 0) > 0)
            return undefined;
        const line = this.#lineOf[request] ?? 0;
        return line === 0 ? undefined : line - 1;
    }
    /** Any line that names a request, also where it does not stand for it any more. */
    namedBy(request) {
        const line = this.#lineOf[request] ?? 0;
        return line === 0 ? undefined : line - 1;
    }
    /** Why a request has no line; only for one that has none. */
    absenceOf(request) {
        return this.#absences[(this.#absenceOf?.[request] ?? 0) - 1] ?? this.#otherwise;
    }
    stateOf(request) {
        const line = this.lineOf(request);
        return line === undefined ? this.absenceOf(request).state : this.stateOfLine(line);
    }
    /** The numbers of the requests without an answer, ascending. */
    *unanswered() {
        for (let request = 0; request < this.#requests; request += 1) {
            const line = this.lineOf(request);
            if (line === undefined || !this.isAnswer(line))
                yield request;
        }
    }
    /** How many requests may have an answer that could not be read. */
    unknown() {
        let unknown = 0;
        for (let request = 0; request < this.#requests; request += 1) {
            if (this.stateOf(request).state === "unknown")
                unknown += 1;
        }
        return unknown;
    }
    /** Whether a line answers its request, with an answer that is not rejected. */
    isAnswer(line) {
        return this.stateOfLine(line).state === "answered";
    }
    #isPaid(line) {
        const { state } = this.stateOfLine(line);
        return state === "answered" || state === "rejected";
    }
    /** What a batch has said of a request, by its line or in place of one. */
    #toldOf(request) {
        const line = this.lineOf(request);
        if (line !== undefined)
            return this.stateOfLine(line);
        return this.#absences[(this.#absenceOf?.[request] ?? 0) - 1]?.state;
    }
    /** What a line says of its request, whether it stands or not. */
    stateOfLine(line) {
        return this.states.stateOf(this.lines.tag(line));
    }
    /** The numbers of the requests that are sent again by a retry round, ascending. */
    *resendable() {
        for (let request = 0; request < this.#requests; request += 1) {
            if (decideResend(this.stateOf(request)).decision === "resend")
                yield request;
        }
    }
    counts() {
        let completed = 0;
        for (let request = 0; request < this.#requests; request += 1) {
            const line = this.lineOf(request);
            if (line !== undefined && this.isAnswer(line))
                completed += 1;
        }
        // A line without a request is one more result, where no input says how many there are.
        const strangers = this.input === undefined ? this.strangers : [];
        completed += strangers.filter((line) => this.isAnswer(line)).length;
        const nameless = this.nameless.reduce((sum, [, count]) => sum + count, 0);
        const total = this.#requests + strangers.length + nameless;
        return { total, completed, failed: total - completed };
    }
    /** Copies lines of a reading, and where their answers are kept; gives the number of each here. */
    #copier({ paths, lines, answers }) {
        const firstPath = this.paths.length;
        this.paths.push(...paths);
        const kept = answers === undefined ? 0 : this.answerPaths.push(answers.path) - 1;
        return (at) => {
            const { file, start, end } = lines.place(at);
            const line = this.lines.size;
            this.lines.add(firstPath + file, start, end, lines.tag(at));
            if (answers === undefined)
                return line;
            const { start: from, end: to } = answers.places.place(at);
            this.answers.add(kept, from, to, answers.places.tag(at));
            const text = answers.texts.place(at);
            this.texts.add(firstPath + file, text.start, text.end, answers.texts.tag(at));
            return line;
        };
    }
    #grow(more) {
        this.#requests += more;
        let length = this.#lineOf.length;
        while (length < this.#requests)
            length *= 2;
        if (length === this.#lineOf.length)
            return;
        const grown = new Uint32Array(length);
        grown.set(this.#lineOf);
        this.#lineOf = grown;
    }
    #settle(request, line) {
        const before = (this.#lineOf[request] ?? 0) - 1;
        if (before >= 0) {
            const again = this.lines.place(before).file === this.lines.place(line).file;
            if ((again || this.#isPaid(before)) && before >= this.#cachedLines)
                this.#duplicates += 1;
        }
        const told = this.#toldOf(request);
        if (told && decideStanding(told, this.stateOfLine(line)).decision === "keep")
            return;
        this.#lineOf[request] = line + 1;
        if (this.#absenceOf !== undefined)
            this.#absenceOf[request] = 0;
    }
}

// EXTERNAL MODULE: ./lib/batch/results/line-reader.js
var line_reader = __webpack_require__(6555);
;// CONCATENATED MODULE: ./lib/batch/results/names.js


/** Reads the `custom_id`s of requests where they stand: in a result line, or in the input. */
class NameReader {
    #book;
    #results;
    #input;
    constructor(book, results) {
        this.#book = book;
        this.#results = results;
        this.#input = new line_reader/* LineReader */.u(book.input?.files ?? []);
    }
    /**
     * `undefined` where the input has been changed or removed since it was read. What stands there now
     * may be anything: only an id that the request had is taken.
     */
    nameOf(request) {
        const { input, lines } = this.#book;
        const line = this.#book.namedBy(request);
        if (line !== undefined)
            return customIdOf(this.#results.read(lines.place(line)));
        if (input === undefined)
            return undefined;
        const bytes = this.#input.readIfThere(input.lines.place(request));
        const id = bytes && customIdOf(bytes);
        return id !== undefined && input.ids.numberOf(id) === request ? id : undefined;
    }
    close() {
        this.#input.close();
    }
}

;// CONCATENATED MODULE: ./lib/batch/results/failures.js



const examplesPerCode = 3;
/** Failed requests by code, most frequent first. */
function failuresOf(book) {
    const groups = groupsOf(book);
    if (groups.size === 0)
        return [];
    const results = new line_reader/* LineReader */.u(book.paths);
    const names = new NameReader(book, results);
    try {
        return [...groups]
            .map(([code, { count, resendable, requests }]) => ({
            code,
            count,
            resendable,
            examples: requests.flatMap((request) => names.nameOf(request) ?? []),
        }))
            .sort((a, b) => b.count - a.count);
    }
    finally {
        names.close();
        results.close();
    }
}
function groupsOf(book) {
    const groups = new Map();
    const count = (code, state, more = 1) => {
        const group = groups.get(code) ?? { count: 0, resendable: 0, requests: [] };
        groups.set(code, group);
        group.count += more;
        if (decideResend(state).decision === "resend")
            group.resendable += more;
        return group;
    };
    for (let request = 0; request < book.requests; request += 1) {
        const line = book.lineOf(request);
        if (line !== undefined && book.isAnswer(line))
            continue;
        const state = book.stateOf(request);
        const code = line === undefined ? book.absenceOf(request).code : failures_codeOf(state);
        const { requests } = count(code, state);
        if (requests.length < examplesPerCode)
            requests.push(request);
    }
    for (const line of book.input === undefined ? book.strangers : []) {
        const state = book.stateOfLine(line);
        if (state.state !== "answered")
            count(failures_codeOf(state), state);
    }
    for (const [{ code, state }, more] of book.nameless)
        count(code, state, more);
    return groups;
}
function failures_codeOf(state) {
    return "code" in state ? state.code : state.state;
}

;// CONCATENATED MODULE: ./lib/batch/results/spent.js


/**
 * The tokens of what a batch that has ended was paid for: as its lines tell them where all of them were
 * read, else as the batch itself does. Where neither is known, something was paid that nobody can add up.
 *
 * @param partModel the model that the batch was asked for; `""` or `undefined` where that is not known
 */
function spentBy({ batch, reading, files }, partModel) {
    const read = [...reading.spent()];
    const names = [partModel, ...read.map((one) => one.requested), batch.model];
    const requested = names.find((name) => name !== undefined && name !== "");
    const lines = read.map((one) => ({ ...one, requested: one.requested ?? requested }));
    if (files.every(({ state }) => state === "complete" || state === "none"))
        return lines;
    if (batch.usage !== undefined)
        return reportedSpending(batch, requested);
    const lost = { usage: noTokens, long: [], uncounted: 1 };
    return [...lines, { ...lost, model: batch.model ?? requested ?? "", requested }];
}

;// CONCATENATED MODULE: ./lib/batch/results/fetch.js







/**
 * Brings one result file of a batch that has ended to disk.
 *
 * @throws an error that names the folder when the disk does not take it
 * @throws the signal's reason when it aborts
 */
async function fetchResultFile(source, batch, fileId) {
    const { client, call, folder } = source;
    const path = (0,external_node_path_.join)(folder, `batch-results-${(0,external_node_crypto_.randomUUID)()}.jsonl`);
    const seen = { measured: false };
    const check = (_path, measured) => {
        seen.measured = measured;
        return Promise.resolve(undefined);
    };
    try {
        const { bytes } = await client.files.download(fileId, path, { ...call, check });
        return {
            came: true,
            path,
            bytes,
            length: seen.measured ? "whole" : await lengthOf(source, fileId, bytes),
        };
    }
    catch (error) {
        if (error instanceof errors/* APIError */.LG)
            return fetch_refusal(source, batch, fileId, error);
        if ((0,disk_error/* isOfSystem */.bV)(error))
            throw (0,disk_error/* downloadNotKept */.WT)(batch.id, folder, error);
        await (0,promises_.rm)(path, { force: true });
        throw error;
    }
}
/** A download that names no length may have been cut anywhere, also between two lines. */
async function lengthOf(source, fileId, bytes) {
    const told = await fetch_fileOf(source, fileId);
    // A server that does not tell the length of a file seems to tell 0.
    if (told instanceof errors/* APIError */.LG || told.bytes === 0)
        return "unknown";
    if (told.bytes === bytes)
        return "whole";
    return told.bytes > bytes ? "short" : "unknown";
}
async function fetch_refusal(source, batch, fileId, error) {
    const end = endOf(batch);
    const endedAgo = end === undefined ? undefined : source.client.clock.now() - end;
    const again = decideAskAgain(error.status, endedAgo).decision === "ask again";
    if (error.status !== 404)
        return { came: false, error, gone: false, again };
    const told = await fetch_fileOf(source, fileId);
    if (!(told instanceof errors/* APIError */.LG))
        return { came: false, error, gone: false, again: true };
    if (told.status !== 404)
        return { came: false, error, gone: false, again };
    // A server that has lost sight of the batch as well, or a page in its place, does not tell what is gone.
    const shown = await lookAt(source.client, batch.id, { ...source.call, maxRetries: 0 });
    return { came: false, error, gone: shown !== undefined, again };
}
/** What the server says of a file, asked without much ado. */
async function fetch_fileOf({ client, call }, fileId) {
    try {
        const maxRetries = Math.min(1, call.maxRetries ?? client.maxRetries);
        return await client.files.retrieve(fileId, { ...call, maxRetries });
    }
    catch (error) {
        if (error instanceof errors/* APIError */.LG)
            return error;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/batch/results/downloads.js



/** The result files of one batch on disk, over several tries to get them whole. */
class Downloads {
    #source;
    #kept = new Map();
    #lastBytes = new Map();
    /** How many looks in a row have not found a file. */
    #misses = new Map();
    constructor(source) {
        this.#source = source;
    }
    /** The file as it was kept, else as the server gives it now. */
    async get(batch, fileId) {
        const kept = this.#kept.get(fileId);
        if (kept !== undefined)
            return kept;
        const fetched = this.#judged(fileId, await fetchResultFile(this.#source, batch, fileId));
        this.#kept.set(fileId, fetched);
        return fetched;
    }
    /** Removes files, so that they are fetched anew; all of them where none is named. */
    async forget(fileIds = this.#kept.keys()) {
        for (const fileId of fileIds) {
            const fetched = this.#kept.get(fileId);
            if (fetched?.came === true)
                await (0,promises_.rm)(fetched.path, { force: true });
            this.#kept.delete(fileId);
        }
    }
    /** In the light of the tries before. What is cut by chance is not cut at the same place again. */
    #judged(fileId, fetched) {
        const misses = fetched.came || !fetched.gone ? 0 : (this.#misses.get(fileId) ?? 0) + 1;
        this.#misses.set(fileId, misses);
        if (!fetched.came) {
            if (misses === 0 || decideGone(misses).decision === "gone")
                return fetched;
            return { ...fetched, gone: false, again: true };
        }
        const again = this.#lastBytes.get(fileId) === fetched.bytes;
        this.#lastBytes.set(fileId, fetched.bytes);
        return again && fetched.length === "unknown"
            ? { ...fetched, length: "twice the same" }
            : fetched;
    }
}

;// CONCATENATED MODULE: ./lib/batch/results/settle.js








/** Milliseconds between looks for results that should be there: about half a minute in all. */
const resultPauses = [1_000, 2_000, 4_000, 8_000, 15_000];
/**
 * Reads what a batch that has ended has. Its files may be named, readable or whole a moment after its
 * end: what is not known to be whole is fetched again for a while, up to the deadline.
 *
 * @throws the signal's reason when it aborts
 */
async function settleBatch(source, given, expected) {
    const downloads = new Downloads(source);
    try {
        return await readUntilSettled(source, given, expected, downloads);
    }
    catch (error) {
        await downloads.forget();
        throw error;
    }
}
async function readUntilSettled(source, given, expected, downloads) {
    let batch = given;
    for (const pause of [...resultPauses, undefined]) {
        const attempt = await readBatch(source, batch, expected, downloads);
        const open = attempt.files.find((file) => isOpen(file) || file.state === "gone");
        if (open === undefined || !attempt.again || pause === undefined || isPast(source, pause)) {
            return attempt;
        }
        // What is known to be whole is kept; the rest is fetched anew.
        const named = filesOf(batch).filter((_, index) => attempt.files[index]?.state !== "complete");
        attempt.reading.discard();
        await downloads.forget(named.map(([, id]) => id));
        const why = "why" in open ? open.why : "";
        source.onEvent({ type: "results-late", batchId: batch.id, why, pause });
        await source.client.clock.sleep(pause, source.call.signal);
        batch = await lookAgain(source, batch);
    }
    throw new Error("The last attempt has no pause behind it.");
}
async function readBatch(source, batch, expected, downloads) {
    const { states, input, keeping } = expected;
    const kept = keeping === undefined ? undefined : new KeptAnswers(keeping);
    const reading = new BatchReading(states, input, kept);
    try {
        return await readInto(reading, source, batch, { expected, downloads });
    }
    catch (error) {
        reading.discard();
        throw error;
    }
}
async function readInto(reading, source, batch, { expected, downloads }) {
    const { input, part } = expected;
    const sights = [];
    const errors = [];
    let again = expectsFile(batch);
    for (const [kind, id] of filesOf(batch)) {
        const fetched = await downloads.get(batch, id);
        if (fetched.came) {
            const content = await reading.add(fetched.path, source.call.signal);
            sights.push({ kind, seen: "content", ...content, length: fetched.length });
        }
        else {
            const { gone, error } = fetched;
            sights.push({ kind, seen: gone ? "gone" : "refused", why: (0,format/* withoutStop */.f6)(error.message) });
            errors.push(error);
            again ||= fetched.again;
        }
    }
    const files = judgeFiles(batch, sights, lackingOf(reading, input, part));
    again ||= files.some(({ state }) => state === "incomplete");
    return { batch, reading, files, errors, again };
}
/** The result files that a batch names. */
function filesOf({ output_file_id: output, error_file_id: errors, }) {
    return [
        ...(output === undefined ? [] : [["output", output]]),
        ...(errors === undefined || errors === output ? [] : [["error", errors]]),
    ];
}
/** How many requests of the batch no line names. */
function lackingOf(reading, input, part) {
    if (input === undefined || part === undefined)
        return undefined;
    let lacking = 0;
    const unnamed = reading.unnamedOf(requestsOf(input, part));
    while (unnamed.next().done !== true)
        lacking += 1;
    return lacking;
}
function isPast({ client, call }, pause) {
    return call.deadline !== undefined && client.clock.now() + pause >= call.deadline;
}
/** The batch as it is now: it may name files that it did not before. */
async function lookAgain({ client, call }, given) {
    // The look is repeated with the next try; what the batch was stands until then.
    const batch = await lookAt(client, given.id, { ...call, maxRetries: 0 });
    return batch !== undefined && (0,batch_status/* isTerminal */.Hd)(batch) ? batch : given;
}

;// CONCATENATED MODULE: ./lib/batch/results/unusable.js



const maxExamples = 3;
/** Answers with a problem, by what it is, most frequent first. */
function unusableOf(book) {
    if (!book.states.hasProblems)
        return [];
    const groups = unusable_groupsOf(book);
    const results = new line_reader/* LineReader */.u(book.paths);
    const names = new NameReader(book, results);
    try {
        return groups
            .map(({ requests, ...group }) => ({
            ...group,
            examples: requests.flatMap((request) => names.nameOf(request) ?? []),
        }))
            .sort((a, b) => b.count - a.count);
    }
    finally {
        names.close();
        results.close();
    }
}
function unusable_groupsOf(book) {
    const groups = new Map();
    const count = (line, request) => {
        const state = book.states.stateOf(book.lines.tag(line));
        const problem = state_table_problemOf(state);
        if (problem === undefined)
            return;
        const rejected = state.state === "rejected";
        const group = groups.get(problem) ?? { problem, rejected, count: 0, requests: [] };
        groups.set(problem, group);
        group.count += 1;
        if (request !== undefined && group.requests.length < maxExamples)
            group.requests.push(request);
    };
    for (let request = 0; request < book.requests; request += 1) {
        const line = book.lineOf(request);
        if (line !== undefined)
            count(line, request);
    }
    if (book.input === undefined)
        for (const line of book.strangers)
            count(line);
    return [...groups.values()];
}

;// CONCATENATED MODULE: ./lib/batch/results/line-writer.js






const line_writer_lineFeed = 10;
const lineBreak = Buffer.of(line_writer_lineFeed);
/**
 * Writes lines to a temporary name beside the target; the target appears, whole, on `commit`. The
 * target of a link is replaced and not the link; a device is written to. Nothing is left behind after
 * `discard`.
 */
class LineWriter {
    /** The absolute path that was asked for. */
    path;
    lines = 0;
    #place;
    /** `undefined` for a device, which is written to at once. */
    #partial;
    #blocks;
    /** @throws an error that names the path when the folder or file cannot be made */
    constructor(target) {
        this.path = (0,external_node_path_.resolve)(target);
        const { path, kind } = placeOf(this.path);
        this.#place = path;
        // A name of its own length, so that a target with a long name can have one beside it.
        this.#partial = kind === "device" ? undefined : (0,external_node_path_.join)((0,external_node_path_.dirname)(path), `.${(0,external_node_crypto_.randomUUID)()}.partial`);
        const partial = this.#partial;
        const handle = this.#try(() => {
            if (partial === undefined)
                return (0,external_node_fs_.openSync)(path, "w");
            (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(path), { recursive: true });
            return (0,external_node_fs_.openSync)(partial, "w");
        });
        this.#blocks = new block_writer/* BlockWriter */.$({
            handle,
            // A name that is there after a power cut must not stand for bytes that are not.
            kind: partial === undefined ? "stream" : "lasting",
            failed: (cause) => (0,disk_error/* writingFailed */.wm)(this.path, cause),
        });
    }
    /** Adds one line; a line feed is put behind where there is none. */
    write(bytes) {
        this.lines += 1;
        this.#blocks.put(bytes);
        if (bytes.at(-1) !== line_writer_lineFeed)
            this.#blocks.put(lineBreak);
    }
    /** Adds bytes, or a text that is not long, as they are. */
    put(bytes) {
        this.#blocks.put(bytes);
    }
    /** Has everything on disk, so that nothing but the name is left to be made. */
    async finish() {
        await this.#blocks.flush();
        this.#try(() => {
            this.#blocks.close();
        });
    }
    /** After `finish`. */
    commit() {
        const partial = this.#partial;
        this.#try(() => {
            if (partial !== undefined)
                (0,external_node_fs_.renameSync)(partial, this.#place);
        });
    }
    /** Also good after a commit, of which it leaves the file. */
    discard() {
        this.#blocks.close();
        if (this.#partial !== undefined)
            (0,external_node_fs_.rmSync)(this.#partial, { force: true });
    }
    #try(action) {
        try {
            return action();
        }
        catch (error) {
            throw (0,disk_error/* writingFailed */.wm)(this.path, error);
        }
    }
}

;// CONCATENATED MODULE: ./lib/batch/results/order.js
/** Every request once, then the lines of no known request. */
function* entriesOf(book, order) {
    if (order === "completion") {
        yield* standing(book);
        for (let request = 0; request < book.requests; request += 1) {
            if (book.lineOf(request) === undefined)
                yield { request, line: undefined };
        }
    }
    else {
        for (let request = 0; request < book.requests; request += 1) {
            yield { request, line: book.lineOf(request) };
        }
    }
    for (const line of book.strangers)
        yield { request: undefined, line };
}
/** The lines that stand for a request, in the order in which they came. */
function* standing(book) {
    /** Of each line the number of its request plus one. */
    const requestOf = new Uint32Array(book.lines.size);
    for (let request = 0; request < book.requests; request += 1) {
        const line = book.lineOf(request);
        if (line !== undefined)
            requestOf[line] = request + 1;
    }
    for (let line = 0; line < requestOf.length; line += 1) {
        const request = requestOf[line] ?? 0;
        if (request > 0)
            yield { request: request - 1, line };
    }
}

;// CONCATENATED MODULE: ./lib/batch/answers/kept-reader.js


/** What is kept of answers whose texts stand in their lines is little, and is read in another order. */
const maxInMemory = 16 * 1024 * 1024;
/** Reads what was kept of answers, in any order; small files at once. */
class KeptReader {
    #paths;
    #reader;
    #whole = new Map();
    #inMemory = 0;
    constructor(paths) {
        this.#paths = paths;
        this.#reader = new line_reader/* LineReader */.u(paths);
    }
    /** The bytes at a place, good until the next call. */
    read(place) {
        return this.#wholeOf(place.file)?.subarray(place.start, place.end) ?? this.#reader.read(place);
    }
    close() {
        this.#reader.close();
        this.#whole.clear();
    }
    #wholeOf(file) {
        if (this.#whole.has(file))
            return this.#whole.get(file);
        const path = this.#paths[file] ?? "";
        const { size } = (0,external_node_fs_.statSync)(path);
        const fits = this.#inMemory + size <= maxInMemory;
        const whole = fits ? (0,external_node_fs_.readFileSync)(path) : undefined;
        if (fits)
            this.#inMemory += size;
        this.#whole.set(file, whole);
        return whole;
    }
}

// EXTERNAL MODULE: ./lib/batch/answers/key-shapes.js
var key_shapes = __webpack_require__(6986);
;// CONCATENATED MODULE: ./lib/batch/answers/answers-writer.js






/** Writes a row for each request, from what was kept when its line was parsed. */
class AnswersWriter {
    file;
    rows = 0;
    #book;
    #format;
    #kept;
    #results;
    #put;
    constructor(book, order, { path, format }) {
        this.#book = book;
        this.#format = format;
        this.#kept = new KeptReader(book.answerPaths);
        this.#results = new line_reader/* LineReader */.u(book.paths);
        const layout = layoutOf(book, order);
        const file = (this.file = new LineWriter(path));
        const put = file.put.bind(file);
        try {
            this.#put = format.begin(put, layout);
        }
        catch (error) {
            file.discard();
            throw error;
        }
    }
    /**
     * @param request `undefined` for a line of no known request
     * @param bytes of the line, where it has been read
     */
    line(line, request, bytes) {
        const { answers, texts } = this.#book;
        const kept = this.#kept.read(answers.place(line));
        const [at, shape] = [texts.tag(line), answers.tag(line)];
        const text = this.#textOf(line, bytes);
        this.#add({ before: kept.subarray(0, at), text, after: kept.subarray(at), shape }, request);
    }
    /** The text of an answer where it stands in its line. */
    #textOf(line, bytes) {
        const { lines, texts } = this.#book;
        const place = texts.place(line);
        if (place.end === place.start)
            return undefined;
        if (bytes === undefined)
            return this.#results.read(place);
        const { start } = lines.place(line);
        return bytes.subarray(place.start - start, place.end - start);
    }
    /** A request without a line; its name is `undefined` where it cannot be read any more. */
    absent(customId, absence, request) {
        const { before, after, shape } = this.#format.keep(answerOfAbsent(customId, absence));
        const kept = { before: Buffer.from(before), text: undefined, after: Buffer.from(after), shape };
        this.#add(kept, request);
    }
    close() {
        this.#kept.close();
        this.#results.close();
    }
    #add(kept, request) {
        const rows = this.#book.input?.rows;
        const row = rows === undefined || request === undefined ? undefined : rows.rowOf(request);
        this.#put(kept, row);
        this.rows += 1;
    }
}
/** Known before the first row is written, since the shape of each answer is kept in memory. */
function layoutOf(book, order) {
    const shapes = new Set();
    if (hasShapes(book)) {
        for (const { line } of entriesOf(book, order)) {
            const shape = line === undefined ? key_shapes/* noShape */.n : book.answers.tag(line);
            if (shape !== key_shapes/* noShape */.n)
                shapes.add(shape);
        }
    }
    return { columns: book.input?.rows?.columns, shapes: [...shapes] };
}
function hasShapes({ answers }) {
    for (let line = 0; line < answers.size; line += 1) {
        if (answers.tag(line) !== key_shapes/* noShape */.n)
            return true;
    }
    return false;
}

;// CONCATENATED MODULE: ./lib/batch/results/writing.js









const entriesAtOnce = 64;
/**
 * Writes answers to one file and all else to another, and a row for each request to a third; all appear
 * whole, or none. An error file of an earlier run is removed when there is nothing to write to it.
 *
 * @param answers where the rows go; the answers of the book's lines have been kept then
 * @throws an error that names the path when a file cannot be written
 */
async function writeResults(book, { outputFile, errorFile, order = book.input === undefined ? "completion" : "input", }, answers) {
    const output = outputFile === undefined ? undefined : new LineWriter(outputFile);
    const errors = errorFile === undefined ? undefined : new LazyWriter(errorFile);
    let table;
    try {
        table = answers === undefined ? undefined : new AnswersWriter(book, order, answers);
        const unnamed = await writeLines(book, { output, errors, table, order });
        const files = [errors, output, table?.file];
        // What can still go wrong does so before the first of them appears.
        const ends = await Promise.allSettled(files.map(async (file) => file?.finish()));
        for (const end of ends)
            if (end.status === "rejected")
                throw end.reason;
        for (const file of files)
            file?.commit();
        return {
            outputFile: output?.path,
            errorFile: errors?.path,
            answersFile: table?.file.path,
            lines: { output: output?.lines ?? 0, error: errors?.lines ?? 0, answers: table?.rows ?? 0 },
            unnamed,
            keysLeftOut: answers?.format.leftOut() ?? 0,
        };
    }
    catch (error) {
        for (const file of [output, errors, table?.file])
            file?.discard();
        throw error;
    }
    finally {
        table?.close();
    }
}
/** A writer that makes its file at the first line. */
class LazyWriter {
    #target;
    #writer;
    constructor(target) {
        this.#target = target;
    }
    get path() {
        return this.#writer?.path;
    }
    get lines() {
        return this.#writer?.lines ?? 0;
    }
    write(bytes) {
        this.#writer ??= new LineWriter(this.#target);
        this.#writer.write(bytes);
    }
    async finish() {
        await this.#writer?.finish();
    }
    commit() {
        if (this.#writer === undefined)
            removeEarlier(this.#target);
        else
            this.#writer.commit();
    }
    discard() {
        this.#writer?.discard();
    }
}
/** A file of failures that is there must mean that something failed. */
function removeEarlier(target) {
    try {
        const { path, kind } = placeOf(target);
        if (kind === "file")
            (0,external_node_fs_.rmSync)(path, { force: true });
    }
    catch (error) {
        throw (0,disk_error/* writingFailed */.wm)(target, error);
    }
}
async function writeLines(book, { output, errors, table, order }) {
    const results = new line_reader/* LineReader */.u(book.paths);
    const names = new NameReader(book, results);
    let unnamed = 0;
    let entries = 0;
    try {
        for (const { line, request } of entriesOf(book, order)) {
            entries += 1;
            // What other threads have written is heard of in a turn of its own.
            if (entries % entriesAtOnce === 0)
                await (0,external_node_timers_promises_.setImmediate)();
            if (line !== undefined) {
                const target = isAnswerOf(book, line, request) ? output : errors;
                const bytes = target === undefined ? undefined : results.read(book.lines.place(line));
                if (bytes !== undefined)
                    target?.write(bytes);
                // A line of no request of the input is no request's row.
                if (request !== undefined || book.input === undefined)
                    table?.line(line, request, bytes);
            }
            else if (request !== undefined && (errors !== undefined || table !== undefined)) {
                const name = names.nameOf(request);
                const absence = book.absenceOf(request);
                if (name !== undefined)
                    errors?.write(absentLine(name, absence));
                else if (errors !== undefined)
                    unnamed += 1;
                table?.absent(name, absence, request);
            }
        }
        return unnamed;
    }
    finally {
        names.close();
        results.close();
    }
}
/** Of a line that names no request of the input nobody knows what it answers. */
function isAnswerOf(book, line, request) {
    return (request !== undefined || book.input === undefined) && book.isAnswer(line);
}
function absentLine(customId, { code, message }) {
    return Buffer.from(JSON.stringify({ id: null, custom_id: customId, response: null, error: { code, message } }));
}

;// CONCATENATED MODULE: ./lib/batch/results/collection.js



















/**
 * A collection to which batches can be added in several rounds.
 *
 * Downloads lie in `temporaryFolder` until `close`.
 */
function openCollection(client, options) {
    const { temporaryFolder, onEvent, signal, deadline, maxRetries } = options;
    return new OpenCollection({
        client,
        call: { signal, deadline, maxRetries },
        folder: temporaryFolder ?? (0,external_node_os_.tmpdir)(),
        onEvent: onEvent ?? (() => undefined),
    }, options);
}
class OpenCollection {
    #source;
    #input;
    #book;
    #options;
    #table;
    #prices;
    #files = new Map();
    #ended = new Map();
    #errors = [];
    #keeperOf;
    #readings = [];
    #spent = [];
    #cachedByModel = [];
    #reported = { total: 0, completed: 0, failed: 0 };
    /** Requests that no input names and that may have an answer. */
    #namelessUnknown = 0;
    constructor(source, options) {
        const { input, rejectAnswers, keeperOf = () => undefined } = options;
        this.#source = source;
        this.#input = input;
        this.#options = options;
        this.#keeperOf = keeperOf;
        this.#book = new ResultBook(input, rejectAnswers);
    }
    async addCached({ path, requests, unreadable }) {
        const keeping = await this.#keeping();
        const reading = new BatchReading(this.#book.states, this.#input, keeping && new KeptAnswers(keeping), false);
        this.#readings.push(reading);
        await reading.add(path, this.#source.call.signal);
        this.#cachedByModel = [...reading.spent()];
        const stateOf = (line) => this.#book.states.stateOf(reading.lines.tag(line)).state;
        const isOf = (line) => reading.requestOf(line) === requests[line];
        this.#book.takeCached(reading, (line) => isOf(line) && stateOf(line) === "answered");
        const answered = this.#book.cached;
        const strange = requests.filter((_, line) => !isOf(line) || stateOf(line) === "unknown");
        const rejected = requests.length - answered - strange.length;
        return { answered, rejected, unreadable: [...unreadable, ...strange] };
    }
    async add(batches, parts) {
        for (const batch of batches) {
            const part = parts?.get(batch.id);
            // Some servers let the output of a running batch be read while it grows.
            if ((0,batch_status/* isTerminal */.Hd)(batch))
                await this.#addEnded(batch, part);
            else
                this.#addUnfinished(batch, part);
        }
    }
    unsent(part, why) {
        if (this.#input !== undefined)
            this.#book.absent(requestsOf(this.#input, part), notSent(why));
    }
    unknown(part, why) {
        if (this.#input !== undefined)
            this.#book.absent(requestsOf(this.#input, part), unseen(why));
    }
    uncached() {
        return [...this.#book.unanswered()];
    }
    resendable() {
        return [...this.#book.resendable()];
    }
    fit() {
        const { strangers, duplicates, lines } = this.#book;
        const named = lines.size - strangers.length - duplicates;
        return { named, strangers: strangers.length, duplicates };
    }
    spent() {
        return this.#spent;
    }
    async write(options) {
        const { unnamed, ...written } = await writeResults(this.#book, options, this.#table);
        const results = this.#results(written, unnamed);
        this.#source.onEvent({ type: "written", results });
        return results;
    }
    nothingRead() {
        const [error] = this.#errors;
        if (error === undefined || this.#book.lines.size > 0)
            return undefined;
        const files = [...this.#files.values()].flat();
        return decideRecord(files).decision === "record" ? goneFrom(error) : error;
    }
    async close() {
        for (const reading of this.#readings)
            reading.discard();
        for (const path of this.#book.paths)
            await (0,promises_.rm)(path, { force: true });
    }
    async #keeping() {
        const { prices, answersFile: path } = this.#options;
        if (path === undefined)
            return undefined;
        const { client, folder } = this.#source;
        this.#table ??= { path, format: await openFormat(path) };
        this.#prices ??= await loadPrices(prices, client.clock.now());
        return { format: this.#table.format, folder, priceOf: this.#prices.priceOf };
    }
    #addUnfinished(batch, part) {
        if (this.#input === undefined)
            this.#report(batch);
        else
            this.#tell(part, unfinished(batch));
    }
    async #addEnded(given, part) {
        const { states } = this.#book;
        const input = this.#input;
        // The same batch twice, and no input to tell its requests by, would count everything twice.
        if (input === undefined && this.#files.has(given.id))
            return;
        const keeping = await this.#keeping();
        const settled = await settleBatch(this.#source, given, { states, input, part, keeping });
        const { batch, reading, files } = settled;
        this.#readings.push(reading);
        this.#files.set(batch.id, files);
        this.#ended.set(batch.id, batch);
        const since = this.#book.lines.size;
        this.#book.take(reading);
        this.#spent.push(...spentBy(settled, part?.model));
        this.#tellOfFiles(settled);
        await this.#keep(batch, part, since);
        const absence = absenceBy(batch, stateOfUnnamed(batch, files));
        if (input === undefined)
            this.#addNameless(settled, absence);
        else if (part === undefined)
            this.#tell(undefined, absence);
        else {
            this.#book.absent(reading.unnamedOf(requestsOf(input, part)), absence);
        }
    }
    /** A cache that takes no more is no reason to lose what was paid for. */
    async #keep(batch, part, since) {
        const keeper = this.#keeperOf(batch);
        if (keeper === undefined || part === undefined || this.#input === undefined)
            return;
        try {
            const requests = requestsOf(this.#input, part);
            const answers = await keeper.keep(this.#book, requests, since);
            this.#source.onEvent({ type: "cache-written", batchId: batch.id, answers });
        }
        catch (error) {
            if (!(error instanceof Error))
                throw error;
            this.#source.onEvent({ type: "cache-failed", batchId: batch.id, error });
        }
    }
    /** Without its part a batch may hold any request that has no line. */
    #tell(part, absence) {
        if (part !== undefined && this.#input !== undefined) {
            this.#book.absent(requestsOf(this.#input, part), absence);
        }
        else if (absence.state.state !== "missing")
            this.#book.otherwise(absence);
    }
    #addNameless({ batch, reading, files }, absence) {
        if (files.every(({ state }) => state === "none"))
            this.#report(batch);
        else {
            const more = (batch.request_counts?.total ?? 0) - reading.results;
            if (more <= 0)
                return;
            this.#book.nameless.push([absence, more]);
            if (absence.state.state === "unknown")
                this.#namelessUnknown += more;
        }
    }
    #report({ request_counts: counts }) {
        const { total = 0, completed = 0, failed = 0 } = counts ?? {};
        this.#reported = (0,batch_status/* sumCounts */.W_)([this.#reported, { total, completed, failed }]);
    }
    #tellOfFiles({ batch, files, errors }) {
        const named = filesOf(batch);
        for (const [index, file] of files.entries()) {
            const fileId = named[index]?.[1];
            if (file.state === "complete" && fileId !== undefined) {
                const { lines } = file;
                this.#source.onEvent({ type: "downloaded", batchId: batch.id, fileId, lines });
            }
            else if ("why" in file && file.state !== "complete") {
                const { why } = file;
                this.#source.onEvent({ type: "download-failed", batchId: batch.id, fileId, why });
            }
        }
        const told = new Set(errors.map(({ message }) => message));
        const open = new Set(files.filter(isOpen).map(({ why }) => why));
        this.#errors.push(...errors, ...[...open].filter((why) => !told.has(why)).map((why) => notWhole(batch, why)));
    }
    #results(written, unnamed) {
        const book = this.#book;
        const problems = this.#errors.map(({ message }) => message);
        return {
            counts: (0,batch_status/* sumCounts */.W_)([book.counts(), this.#reported]),
            failures: failuresOf(book),
            unusable: unusableOf(book),
            usage: book.usage ?? (book.cached > 0 && book.cached === book.requests ? noTokens : undefined),
            usageByModel: this.#spent,
            cachedByModel: this.#cachedByModel,
            unexpected: this.#input === undefined ? 0 : book.strangers.length,
            duplicates: book.duplicates,
            unknown: book.unknown() + this.#namelessUnknown,
            problems: unnamed === 0 ? problems : [...problems, namesLost(unnamed)],
            batches: [...this.#ended.values()],
            files: this.#files,
            ...written,
        };
    }
}
function goneFrom(cause) {
    const { message, status, type, param, requestID } = cause;
    return new errors/* APIError */.LG(message, { code: "results_gone", status, type, param, requestID, cause });
}
function notWhole({ id }, why) {
    return new errors/* APIError */.LG(`The results of batch ${id} are not known to be whole: ${why}. None of its requests is sent again; retrieve the batch later.`, { code: "result_unknown" });
}
function namesLost(unnamed) {
    return `The input file was changed or removed while its batch ran, so ${(0,format/* plural */.LS)(unnamed, "request")} without a result could not be named and ${unnamed === 1 ? "has" : "have"} no line in the error file.`;
}

;// CONCATENATED MODULE: ./lib/batch/results/collect.js


/**
 * Downloads what finished batches have, sets it line by line against the requests, and writes the
 * answers to one file and all else to another, merged over all batches. Works for every terminal
 * status: what an expired, cancelled or failed batch has was paid for as well.
 *
 * `answersFile` takes the answers as a table, one row for each request, whatever became of it.
 *
 * A request without a line gets one of our own that says so. Results that should be there and are not,
 * or are not known to be whole, are asked for again for half a minute; what is missing then is unknown,
 * and `problems` says so.
 *
 * @throws {APIError} when nothing of what there is could be read; `results_gone` when it is gone for good
 * @throws {APIError} `same_file` when one file is named twice, `invalid_target` when one cannot be written, or
 * when `answersFile` ends in neither `.csv` nor `.jsonl`
 * @throws an error that names the path when a file cannot be written after all; it does not appear then
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
 * const { batches } = await waitForBatches(client, [batch.id]);
 * const { counts, failures } = await collectResults(client, batches, {
 *   input: await scanInput("requests.jsonl"), // in its order, and every request accounted for
 *   outputFile: "results/lines.jsonl",
 *   errorFile: "results/errors.jsonl",
 *   answersFile: "results/answers.csv", // a table, with a row for each request
 * });
 * console.log(counts, failures.length); // { total: 3, completed: 3, failed: 0 } 0
 * ```
 */
async function collectResults(client, batches, options = {}) {
    checkTargets(options);
    const collection = openCollection(client, options);
    try {
        await collection.add(batches, options.parts);
        const error = collection.nothingRead();
        if (error !== undefined)
            throw error;
        return await collection.write(options);
    }
    finally {
        await collection.close();
    }
}

// EXTERNAL MODULE: ./lib/batch/rules/collect.js
var rules_collect = __webpack_require__(6474);
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
 * await waitForBatches(client, [batch.id]);
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
    const { ledger, signal, deadline, maxRetries, onEvent } = options;
    const call = { signal, deadline, maxRetries };
    const collect = options.collect ??
        (async (batch, files) => collectResults(client, [batch], { ...call, ...files, onEvent }));
    const { batches, incomplete } = await chooseBatches(client, { ...options, wanted: batch_status/* isTerminal */.Hd });
    const collected = [];
    const failures = [];
    // Lists begin with the newest in practice; the time of creation tells where they do not.
    const oldestFirst = batches.toReversed().sort((a, b) => a.created_at - b.created_at);
    for (const batch of oldestFirst) {
        const claim = await claimOf(ledger, batch);
        if (claim instanceof errors/* APIError */.LG) {
            failures.push(`${claim.message} Nothing of ${batch.id} was downloaded; its results stay on the server.`);
            // A place that takes no entry (any more) says nothing about that of the next batch.
            if (isOfThisBatch(claim))
                continue;
            break;
        }
        if (claim === "taken")
            onEvent?.({ type: "taken", batch });
        if (claim !== "ours")
            continue;
        const outcome = await collect_resultsOf(batch, () => collect(batch, options.filesOf(batch)), call);
        if ("results" in outcome) {
            collected.push({ batch, results: outcome.results });
            onEvent?.({ type: "collected", batch, results: outcome.results });
        }
        if ("failure" in outcome)
            failures.push(outcome.failure);
        const unsettled = await settle(ledger, batch, outcome);
        if (unsettled !== undefined)
            failures.push(unsettled.message);
    }
    return { collected, failures, incomplete };
}
/** Records what came of a batch, or gives its claim back; gives the error where that could not be done. */
async function settle(ledger, batch, outcome) {
    return orError(async () => {
        if ("again" in outcome)
            await ledger.release(batch);
        else
            await ledger.record(batch, "results" in outcome ? outcome.results : undefined);
        return undefined;
    });
}
async function orError(action) {
    try {
        return await action();
    }
    catch (error) {
        if (error instanceof errors/* APIError */.LG)
            return error;
        throw error;
    }
}
async function claimOf(ledger, batch) {
    return orError(async () => {
        if (await ledger.isCollected(batch))
            return "collected";
        if (await ledger.claim(batch))
            return "ours";
        // The claim may have come too late for a batch that somebody has just recorded.
        return (await ledger.isCollected(batch)) ? "collected" : "taken";
    });
}
async function collect_resultsOf(batch, collect, { signal }) {
    try {
        const results = await collect();
        if (results.problems.length === 0)
            return { results };
        const problems = results.problems.join(" ");
        const { decision } = decideRecord(results.files.get(batch.id) ?? []);
        return decision === "record"
            ? { results, failure: `The results of ${batch.id} are gone from the server. ${problems}` }
            : {
                results,
                failure: `Not every result of ${batch.id} could be read; the next collect tries again. ${problems}`,
                again: true,
            };
    }
    catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Error))
            throw error;
        const code = error instanceof errors/* APIError */.LG ? error.code : undefined;
        if ((0,rules_collect/* decideFailedCollect */.Ak)(code).decision === "record") {
            return { failure: `The results of ${batch.id} are gone from the server. ${error.message}` };
        }
        return {
            failure: `The results of ${batch.id} could not be collected; the next collect tries again. ${error.message}`,
            again: true,
        };
    }
}
/** GitHub answers so for a commit that is not there, or has as many statuses as it takes. */
function isOfThisBatch({ status, code }) {
    return status === 404 || status === 422 || code === "claim_not_seen";
}

// EXTERNAL MODULE: ./lib/action/github/record.js
var github_record = __webpack_require__(9703);
// EXTERNAL MODULE: ./lib/action/github/writer.js + 1 modules
var github_writer = __webpack_require__(6847);
;// CONCATENATED MODULE: ./lib/action/github/ledger.js






/** Milliseconds that one call may take with all its retries; GitHub's limits ask for minutes. */
const ledger_timeLimit = 300_000;
/** Milliseconds between reads of a history that lags behind our own entry. */
const lags = [0, 1_000, 2_000, 4_000];
/** The statuses of each batch's commit as the memory of what has been collected. */
function gitHubLedger(settings) {
    const { clock, signal, onHeld } = settings;
    const { recordOf, newestRecordOf, claimed, released, held } = ledger_entriesOf(settings);
    const turnOf = async (batch, own) => {
        for (const lag of lags) {
            await clock.sleep(lag, signal);
            const turn = turnIn(await newestRecordOf(batch), held(batch).claim, own.createdAt);
            if (turn !== "unseen")
                return turn;
        }
        throw new errors/* APIError */.LG(`GitHub does not show the claim on ${batch.id} that was just made; nothing was downloaded. Try again later.`, { code: "claim_not_seen" });
    };
    const release = async (batch, text) => {
        await released(batch, text);
        settings.onReleased(batch.id);
    };
    return {
        isCollected: async (batch) => (await recordOf(batch))?.collected === true,
        isReported: async (batch) => (await recordOf(batch))?.reported === true,
        async claim(batch) {
            // Written first: after a kill the post step has to give back what may have been claimed.
            onHeld(held(batch));
            const own = await claimed(batch);
            // The claim may have gone to another commit.
            onHeld(held(batch));
            const turn = await turnOf(batch, own);
            if (turn === "ours")
                return true;
            await release(batch, `${turn} by another run`);
            return false;
        },
        record(batch, results) {
            const failed = results === undefined || settings.isFailure(batch, results);
            const empty = results === undefined || (0,rules_collect/* hasNothingToLose */.mg)(batch);
            onHeld({ ...held(batch), written: { failed, counts: results?.counts, empty } });
            return Promise.resolve();
        },
        release: async (batch) => release(batch, "not collected yet"),
    };
}
/** What a ledger reads and writes of a batch at its commit. */
function ledger_entriesOf(settings) {
    const { clock, signal } = settings;
    // One for the step: what it holds at the end can be given back together.
    const claim = (0,external_node_crypto_.randomUUID)().slice(0, 13);
    const writer = (0,github_writer/* statusWriter */.EB)({
        ...settings,
        ownCommit: settings.commit,
        onMoved: settings.toolkit.warning,
    });
    // GitHub may ask to wait for an hour, which no runner should be held for.
    const call = () => ({ signal, deadline: clock.now() + ledger_timeLimit });
    const homeOf = (batch) => (0,context/* commitOf */.D3)(batch) ?? settings.commit;
    const recordIn = (batch, { history }) => history.get((0,github_record/* batchKey */.q5)(batch.id));
    return {
        /** By what is known of the commit: its batches are asked for one after the other. */
        recordOf: async (batch) => recordIn(batch, await writer.known(homeOf(batch), call())),
        newestRecordOf: async (batch) => recordIn(batch, await writer.refreshed(homeOf(batch), call())),
        claimed: async (batch) => {
            const text = "being collected";
            const draft = { phase: "collecting", batches: [batch], claim, text };
            return writer.append(homeOf(batch), draft, "pending", call());
        },
        released: async (batch, text) => {
            const draft = { phase: "released", batches: [batch], claim, text };
            await writer.appendAll(homeOf(batch), [draft], call());
        },
        held: (batch) => ({
            batchId: batch.id,
            commit: writer.placeOf(homeOf(batch)),
            claim,
            written: undefined,
        }),
    };
}
/** Whose turn a claim finds it to be; `unseen` while the history does not show the claim. */
function turnIn(record, claim, now) {
    if (record?.collected === true)
        return "collected";
    if (record?.claims.some((other) => other.claim === claim) !== true)
        return "unseen";
    return (0,github_record/* holderOf */.Kd)(record, now) === claim ? "ours" : "being collected";
}

;// CONCATENATED MODULE: ./lib/action/operations/merged-results.js


/** The results of several batches as those of one, for the report; paths stand one a line. */
function mergeResults(all) {
    const sum = (of) => all.reduce((total, results) => total + of(results), 0);
    const paths = (of) => all.flatMap((results) => of(results) ?? []).join("\n") || undefined;
    return {
        counts: (0,batch_status/* sumCounts */.W_)(all.map(({ counts }) => counts)),
        failures: mergeFailures(all.flatMap(({ failures }) => failures)),
        unusable: mergeUnusable(all.flatMap(({ unusable }) => unusable)),
        usage: sumUsage(all.flatMap(({ usage }) => usage ?? [])),
        usageByModel: all.flatMap(({ usageByModel }) => usageByModel),
        cachedByModel: all.flatMap(({ cachedByModel }) => cachedByModel),
        unexpected: sum(({ unexpected }) => unexpected),
        duplicates: sum(({ duplicates }) => duplicates),
        unknown: sum(({ unknown }) => unknown),
        lines: {
            output: sum(({ lines }) => lines.output),
            error: sum(({ lines }) => lines.error),
            answers: sum(({ lines }) => lines.answers),
        },
        files: new Map(all.flatMap(({ files }) => [...files])),
        batches: all.flatMap(({ batches }) => batches),
        problems: all.flatMap(({ problems }) => problems),
        outputFile: paths(({ outputFile }) => outputFile),
        errorFile: paths(({ errorFile }) => errorFile),
        answersFile: paths(({ answersFile }) => answersFile),
        keysLeftOut: sum(({ keysLeftOut }) => keysLeftOut),
    };
}
function mergeUnusable(unusable) {
    const groups = Map.groupBy(unusable, ({ problem }) => problem);
    return [...groups]
        .map(([problem, group]) => ({
        problem,
        count: group.reduce((total, { count }) => total + count, 0),
        rejected: group.some(({ rejected }) => rejected),
        examples: group.flatMap(({ examples }) => examples).slice(0, 5),
    }))
        .sort((a, b) => b.count - a.count);
}
function mergeFailures(failures) {
    const groups = Map.groupBy(failures, ({ code }) => code);
    return [...groups]
        .map(([code, group]) => ({
        code,
        count: group.reduce((total, { count }) => total + count, 0),
        resendable: group.reduce((total, { resendable }) => total + resendable, 0),
        examples: group.flatMap(({ examples }) => examples).slice(0, 5),
    }))
        .sort((a, b) => b.count - a.count);
}

;// CONCATENATED MODULE: ./lib/batch/input/fetch-input-file.js


/**
 * Downloads the input file of a batch, to see what the batch holds; one that came short is fetched again.
 *
 * @returns how it is against the length that the server names; `decideInputOrder` says whether that is enough
 */
async function fetchInputFile(client, id, { path, call }) {
    let length = "unknown";
    await client.files.download(id, path, {
        ...call,
        async check(partial, measured) {
            const { size } = await (0,promises_.stat)(partial);
            length = measured ? "whole" : await lengthOf({ client, call }, id, size);
            return length === "short" ? "it is shorter than the server says that it is" : undefined;
        },
    });
    return length;
}

;// CONCATENATED MODULE: ./lib/action/operations/fetch-input.js








/**
 * The requests of batches that another step created, from the server: for the order of their results, and
 * for what was asked.
 *
 * A request that is in several batches has an answer of each, and all of them were paid for: there is
 * no order of the input then, and every line is written in the server's. An input that did not come whole
 * would make answers those of nobody.
 */
async function fetchInput(step, batches, deadline) {
    const ids = new Set(batches.map(({ input_file_id }) => input_file_id));
    if (ids.size < batches.length) {
        return fetch_input_unknown("several batches were made of the same input file");
    }
    const paths = [];
    const call = { signal: step.signal, deadline };
    const { scan, why } = await fetch_input_download(step, batches, { paths, call }).catch((error) => {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return { scan: undefined, why: `the input could not be downloaded. ${error.message}` };
    });
    if (scan !== undefined) {
        const parts = new Map(batches.map(({ id }, file) => [id, wholeFile(file)]));
        return { scan, parts, [Symbol.asyncDispose]: () => remove(paths) };
    }
    await remove(paths);
    return fetch_input_unknown(why);
}
async function fetch_input_download(step, batches, { paths, call }) {
    const folder = process.env["RUNNER_TEMP"] ?? (0,external_node_os_.tmpdir)();
    const lengths = [];
    for (const { input_file_id: id } of batches) {
        const path = (0,external_node_path_.join)(folder, `batch-input-${(0,external_node_crypto_.randomUUID)()}.jsonl`);
        paths.push(path);
        lengths.push(await fetchInputFile(step.client, id, { path, call }));
    }
    const scan = await (0,batch_input/* scanInput */.mu)(paths, { signal: step.signal });
    if (scan.problemCounts.has("duplicate_custom_id")) {
        return { scan: undefined, why: "the batches use the same custom_ids" };
    }
    const requests = requestsByFile(scan);
    const unreadable = scan.problemCounts.get("invalid_json_line") ?? 0;
    for (const [file, batch] of batches.entries()) {
        const length = lengths[file] ?? "unknown";
        const known = { length, requests: requests.get(file) ?? 0, unreadable };
        const { decision, why } = decideInputOrder(batch, known);
        if (decision === "leave") {
            return { scan: undefined, why: `the input of ${batch.id} is not known to be whole: ${why}` };
        }
    }
    return { scan };
}
function requestsByFile({ lines, requests }) {
    const counts = new Map();
    for (let request = 0; request < requests; request += 1) {
        const { file } = lines.place(request);
        counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    return counts;
}
async function remove(paths) {
    for (const path of paths)
        await (0,promises_.rm)(path, { force: true });
}
function fetch_input_unknown(why) {
    return { scan: undefined, why, parts: new Map(), [Symbol.asyncDispose]: () => Promise.resolve() };
}
function wholeFile(file) {
    const ranges = [{ file, start: 0, end: Number.MAX_SAFE_INTEGER }];
    return { index: file, requests: 0, bytes: 0, model: "", hash: "", ranges };
}

;// CONCATENATED MODULE: ./lib/action/operations/rows-of-batches.js


/**
 * The requests of batches as the server has them, with the rows that they were made of: an input that was
 * split is in several batches, and not all of them need be here.
 *
 * @param theirs the requests of the batches
 * @param ours the whole input
 * @returns `undefined` where the input has no rows, or makes one of these requests otherwise or not at all
 */
function withRowsOf(theirs, ours) {
    const { rows } = ours;
    if (rows === undefined)
        return undefined;
    const numbers = numbersIn(theirs, ours);
    if (numbers === undefined)
        return undefined;
    const rowOf = (request) => rows.rowOf(numbers[request] ?? 0);
    return { ...theirs, rows: { columns: rows.columns, rowOf } };
}
/** Of each request its number among ours. */
function numbersIn(theirs, ours) {
    const numbers = new Uint32Array(theirs.requests);
    const [their, our] = [new line_reader/* LineReader */.u(theirs.files), new line_reader/* LineReader */.u(ours.files)];
    try {
        for (let request = 0; request < theirs.requests; request += 1) {
            const line = their.read(theirs.lines.place(request));
            const number = ours.ids.numberOf(customIdOf(line) ?? "");
            if (number === undefined)
                return undefined;
            if (!trimmed(our.read(ours.lines.place(number))).equals(trimmed(line)))
                return undefined;
            numbers[request] = number;
        }
        return numbers;
    }
    finally {
        their.close();
        our.close();
    }
}
const rows_of_batches_lineFeed = 10;
/** The last line of a file may lack its end. */
function trimmed(line) {
    return line.at(-1) === rows_of_batches_lineFeed ? line.subarray(0, -1) : line;
}

;// CONCATENATED MODULE: ./lib/action/operations/collect-with.js
var collect_with_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var collect_with_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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





/**
 * Collects what batches have, in the order of their input where it is asked for or at hand: the files that
 * the step was given, where they are what the batches were made of, else the server's copy.
 */
async function collectWith(step, batches, { order, local, rejectAnswers, prices }, targets) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { client, toolkit, signal, narrator } = step;
        const options = {
            ...targets,
            rejectAnswers,
            prices,
            temporaryFolder: process.env["RUNNER_TEMP"],
            signal,
            onEvent: narrator.onEvent,
        };
        const own = local && (await collectLocally(step, batches, local, { ...options, order }));
        if (own !== undefined && !("misfit" in own))
            return own;
        const input = collect_with_addDisposableResource(env_1, await inputFor(step, batches, {
            order,
            judges: targets.answersFile !== undefined || rejectAnswers.includes("not-json"),
            deadline: halfway(client, targets.deadline),
        }), true);
        const { scan, parts } = input ?? {};
        const scanWithRows = scan && local && withRowsOf(scan, local);
        if (own !== undefined && scanWithRows === undefined) {
            const instead = order === "input" && scan !== undefined ? "the server's copy is taken" : "it was left aside";
            toolkit.warning(`\`input-file\` does not fit ${batches.length === 1 ? (batches[0]?.id ?? "") : "the batches"}, so ${instead}: ${own.misfit}.`);
        }
        return await collectResults(client, batches, {
            ...options,
            order: scan === undefined ? "completion" : (order ?? (scanWithRows ? "input" : "completion")),
            input: scanWithRows ?? scan,
            parts,
        });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = collect_with_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** The results were paid for: half of the time is theirs, whatever becomes of the input. */
function halfway({ clock }, deadline) {
    return deadline === undefined ? undefined : (clock.now() + deadline) / 2;
}
/**
 * The requests where they are needed: for their order, or to know of which an answer in JSON was asked for;
 * else `undefined`.
 */
async function inputFor(step, batches, { order, judges, deadline }) {
    if (order !== "input" && !judges)
        return undefined;
    const input = await fetchInput(step, batches, deadline);
    if (input.scan !== undefined)
        return input;
    const why = (0,format/* withoutStop */.f6)(input.why ?? "");
    if (order === "input") {
        step.toolkit.warning(`The results are in the server's order, because ${why}.`);
    }
    if (judges) {
        step.toolkit.warning(`Which requests asked for an answer in JSON is not known, because ${why}. \`not-json\` is found only in responses that say so themselves.`);
    }
    return input;
}
/** The results by the step's own input; or why that is not what the batches were made of. */
async function collectLocally({ client }, batches, local, options) {
    const byCount = misfitByCount(local, batches);
    if (byCount !== undefined)
        return { misfit: byCount };
    const collection = openCollection(client, { ...options, input: local });
    try {
        const [only, ...more] = batches;
        const parts = only === undefined || more.length > 0 ? [] : [[only.id, wholeOf(local)]];
        await collection.add(batches, new Map(parts));
        const misfit = misfitByLines(local, batches, collection.fit());
        if (misfit !== undefined)
            return { misfit };
        const error = collection.nothingRead();
        if (error !== undefined)
            throw error;
        return await collection.write(options);
    }
    finally {
        await collection.close();
    }
}
function totalOf({ request_counts: counts }) {
    return counts?.total ?? 0;
}
/** Some servers count nothing, and none does before the batch has begun: then the lines must tell. */
function misfitByCount({ requests }, batches) {
    const total = batches.reduce((sum, batch) => sum + totalOf(batch), 0);
    const uncounted = batches.some((batch) => totalOf(batch) === 0);
    if (uncounted ? total < requests : total === requests)
        return undefined;
    return `it makes ${(0,format/* plural */.LS)(requests, "request")}, and ${batches.length === 1 ? "the batch has" : "the batches have"} ${total}`;
}
function misfitByLines({ requests }, batches, { named, strangers, duplicates }) {
    if (strangers > 0) {
        return `${(0,format/* plural */.LS)(strangers, "result line")} ${strangers === 1 ? "is" : "are"} of no request that it makes`;
    }
    if (duplicates > 0 && batches.length > 1)
        return "several batches answer the same requests";
    const silent = batches.some((batch) => totalOf(batch) === 0 && hasResults(batch));
    if (silent && named < requests) {
        return `it makes ${(0,format/* plural */.LS)(requests, "request")}, and the results name ${named}`;
    }
    return undefined;
}
function hasResults(batch) {
    return (0,batch_status/* isTerminal */.Hd)(batch) && (batch.output_file_id ?? batch.error_file_id) !== undefined;
}
function wholeOf({ files, requests, bytes, hash }) {
    const ranges = files.map((_, file) => ({ file, start: 0, end: Number.MAX_SAFE_INTEGER }));
    return { index: 0, requests, bytes, model: "", hash, ranges };
}

;// CONCATENATED MODULE: ./lib/action/operations/results.js




/** Whether the step asks for something that only the result lines have. */
function isWanted(inputs) {
    const { outputFile, errorFile, answersFile, rejectAnswers } = inputs;
    const files = [outputFile, errorFile, answersFile];
    return files.some((file) => file !== undefined) || rejectAnswers.length > 0;
}
/** Milliseconds that the results of a step may take beyond its own deadline: they were paid for. */
const timeToCollect = 10 * 60_000;
/** What the finished ones of these batches have, downloaded if a file is asked for; else `undefined`. */
async function withResults(step, batches, inputs) {
    const { client, toolkit } = step;
    const { outputFile, errorFile, answersFile } = inputs;
    if (!isWanted(inputs) || batches.length === 0)
        return undefined;
    const running = batches.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch)).length;
    if (running === batches.length) {
        toolkit.notice("No batch had ended when last seen, so no results were written.");
        return undefined;
    }
    if (running > 0) {
        toolkit.notice(`${running} of ${batches.length} batches had not ended when last seen; only the results of the others are written.`);
    }
    const results = await collectWith(step, batches, inputs, {
        outputFile,
        errorFile,
        answersFile,
        deadline: client.clock.now() + timeToCollect,
    });
    tellResults(toolkit, results);
    return results;
}
/** Says where results were written, and what about them needs a look. */
function tellResults(toolkit, results) {
    if (results === undefined)
        return;
    const { output } = results.lines;
    if (results.outputFile !== undefined) {
        toolkit.info(`Wrote ${(0,format/* plural */.LS)(output, "answer")} to ${results.outputFile}.`);
    }
    if (results.errorFile !== undefined) {
        toolkit.info(`Wrote ${errorLines(results)} to ${results.errorFile}.`);
    }
    if (results.answersFile !== undefined) {
        toolkit.info(`Wrote ${(0,format/* plural */.LS)(results.lines.answers, "row")} of answers to ${results.answersFile}.`);
    }
    tellUnusable(toolkit, results);
    if (results.unexpected > 0) {
        toolkit.warning(`The server gave ${(0,format/* plural */.LS)(results.unexpected, "line")} from which no request of the input could be read.`);
    }
    if (results.duplicates > 0) {
        toolkit.warning(`The server gave ${(0,format/* plural */.LS)(results.duplicates, "line")} for requests that had one already; the first answer stands.`);
    }
}
function results_countOf(failed) {
    return failed === 1 ? "counts" : "count";
}
/** Says which answers cannot be used as they are, and what the file of answers lacks. */
function tellUnusable(toolkit, { unusable, keysLeftOut }) {
    const total = unusable.reduce((sum, { count }) => sum + count, 0);
    if (total > 0) {
        const kinds = unusable
            .map(({ count, problem }) => `${(0,format/* formatCount */.B4)(count)} ${problem}`)
            .join(", ");
        const rejected = unusable.filter((group) => group.rejected);
        const failed = rejected.reduce((sum, { count }) => sum + count, 0);
        const theyCount = total === 1 ? "it counts" : "they count";
        const who = failed === total ? theyCount : `${(0,format/* formatCount */.B4)(failed)} of them ${results_countOf(failed)}`;
        const counted = failed === 0 ? `${theyCount} as answered (see \`reject-answers\`)` : `${who} as failed`;
        toolkit.warning(`${(0,format/* plural */.LS)(total, "answer")} may not be usable: ${kinds}; ${counted}. The summary says what to change.`);
    }
    if (keysLeftOut > 0) {
        toolkit.warning(`${(0,format/* plural */.LS)(keysLeftOut, "answer")} in JSON ${keysLeftOut === 1 ? "has" : "have"} keys for which the CSV has no column, since there are more than 1,000; the column \`answer\` holds them all.`);
    }
}

;// CONCATENATED MODULE: ./lib/action/operations/collect.js










/** Milliseconds: a hosted job has six hours, and what comes behind the step needs some of them. */
const collect_timeLimit = 5.5 * 3_600_000;
/** `collect`: writes the results of this repository's finished batches that nobody has collected yet. */
async function collect(step, inputs, results, access) {
    const { client, toolkit, github, signal } = step;
    const judge = (batch, found) => verdict(reportOf([batch], { results: found }), results);
    const ledger = ledgerOf(step, access, (batch, found) => judge(batch, found) !== undefined);
    const reported = new Set();
    const { collected, failures, incomplete } = await collectFinished(client, {
        statuses: inputs.filter.statuses,
        metadata: { ...inputs.filter.metadata, github_repository: github.repository ?? "" },
        ledger,
        signal,
        deadline: client.clock.now() + collect_timeLimit,
        filesOf: (batch) => ({
            outputFile: pathFor(inputs.outputFile, batch),
            errorFile: pathFor(inputs.errorFile, batch),
            answersFile: pathFor(inputs.answersFile, batch),
        }),
        async collect(batch, files) {
            if (await ledger.isReported(batch))
                reported.add(batch.id);
            const deadline = client.clock.now() + timeToCollect;
            return collectWith(step, [batch], results, { ...files, deadline });
        },
        onEvent: listener(step),
    });
    warnOfMissed(toolkit, { incomplete });
    if (collected.length === 0 && failures.length === 0) {
        toolkit.notice("No finished batch of this repository is left to collect, as far as is known.");
        return { report: nothingToDo(incomplete) };
    }
    const verdicts = collected.flatMap(({ batch, results: found }) => {
        // Results that could not be downloaded are among the failures.
        const why = found.problems.length === 0 ? judge(batch, found) : undefined;
        if (why === undefined)
            return [];
        const named = collected.length === 1 || why.startsWith(batch.id) ? why : `${batch.id}: ${why}`;
        return tellVerdict(step, named, { reported: reported.has(batch.id) });
    });
    const report = collected.length === 0 ? nothingToDo(incomplete) : reportOfAll(collected);
    return {
        // What could not be collected is still to be done.
        report: failures.length === 0 ? report : { ...failedReport(report), done: false },
        failure: [...verdicts, ...failures].join("\n") || undefined,
    };
}
/** Says what is collected as it comes; the outputs are written again as their number grows. */
function listener({ toolkit, narrator }) {
    const done = [];
    let written = 0;
    return (event) => {
        if (event.type === "collected") {
            done.push(event);
            tellResults(toolkit, event.results);
            if (isDue(done.length, written)) {
                written = done.length;
                writeOutputs(toolkit, reportOfAll(done));
            }
        }
        else if (event.type === "taken") {
            toolkit.notice(`${event.batch.id} is being collected by another run, or was by another step of this job, so it was left alone.`);
        }
        else
            narrator.onEvent(event);
    };
}
function ledgerOf({ client, toolkit, github, signal, state }, { api, commitStatus }, isFailure) {
    return gitHubLedger({
        api,
        statusName: commitStatus,
        // The reader of inputs has seen that these are there.
        runPage: (0,context/* runUrl */.Vp)(github) ?? "",
        commit: github.commit ?? "",
        clock: client.clock,
        signal,
        toolkit,
        isFailure,
        onHeld: state.held,
        onReleased: state.released,
    });
}
/** What fails the step: a batch does so once, since a job that fails each time could never record it. */
function tellVerdict({ toolkit }, why, { reported }) {
    if (!reported)
        return [why];
    toolkit.warning(`${why} An earlier run has failed for this, so this one does not.`);
    return [];
}
/** What `collect` needs of GitHub; the reader of inputs has seen that it is there. */
function ledgerAccess(step, github) {
    const { api } = step;
    if (api === undefined || github?.commitStatus === undefined) {
        throw new TypeError("`collect` was started without access to GitHub.");
    }
    return { api, commitStatus: github.commitStatus };
}
function reportOfAll(collected) {
    return reportOf(collected.map(({ batch }) => batch), { results: mergeResults(collected.map(({ results }) => results)) });
}

;// CONCATENATED MODULE: ./lib/batch/create/cancelling.js




/** Milliseconds: the API takes up to ten minutes to end a batch that is being cancelled. */
const cancelling_longest = 15 * 60_000;
const pause = 5_000;
/**
 * Waits until a batch that is being cancelled has ended, since only then it shows which of its requests
 * were answered.
 *
 * @throws {APIError} `still_cancelling` when it does not end
 */
async function followToEnd(client, given, { signal, deadline }) {
    const until = Math.min(deadline ?? Number.POSITIVE_INFINITY, client.clock.now() + cancelling_longest);
    let batch = given;
    while (!(0,batch_status/* isTerminal */.Hd)(batch)) {
        if (client.clock.now() >= until) {
            throw new errors/* APIError */.LG(`${batch.id} stands for the same requests and is still being cancelled, so it is not known which of them were answered. They were not sent again, because that could pay twice. Try again when it has ended.`, { code: "still_cancelling" });
        }
        await sleepWithin(client, pause, { signal, deadline: until });
        try {
            batch = await client.batches.retrieve(given.id, { signal, deadline: until });
        }
        catch (error) {
            if (!(0,retry/* isTransient */.dg)(error) && !(error instanceof errors/* DeadlineError */.j3))
                throw error;
        }
    }
    return batch;
}

;// CONCATENATED MODULE: ./lib/batch/create/gone-files.js




/** Milliseconds before each look for a file that is not found. */
const pauses = [0, 1_000, 3_000];
/** Whether a result file of a batch that has ended is gone: the server says so, and goes on saying it. */
async function areFilesGone(client, batch, call) {
    if (!(0,batch_status/* isTerminal */.Hd)(batch))
        return false;
    for (const id of [batch.output_file_id, batch.error_file_id]) {
        if (id !== undefined && (await isGone(client, { batch, id }, call)))
            return true;
    }
    return false;
}
/**
 * Whether neither a file nor its content is found, time after time, by a server that shows the batch: some
 * servers tell nothing of files whose content they have, and one that has lost sight of the batch as well,
 * or a page in its place, does not tell what is gone.
 */
async function isGone(client, { batch, id }, call) {
    for (let looks = 0; decideGone(looks).decision === "look again"; looks += 1) {
        await sleepWithin(client, pauses[looks] ?? 0, call);
        const file = await answerOf(client.files.retrieve(id, call), call);
        if (file !== "missing")
            return false;
        const content = await answerOf(openAndClose(client, id, call), call);
        if (content !== "missing")
            return false;
        const shown = await answerOf(client.batches.retrieve(batch.id, call), call);
        if (shown !== "there")
            return false;
    }
    return true;
}
async function openAndClose(client, id, call) {
    const { body } = await client.files.content(id, call);
    await body?.cancel();
}
/** What a server says of a thing; `unknown` where it says something else. */
async function answerOf(asked, { signal }) {
    try {
        await asked;
        return "there";
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        signal?.throwIfAborted();
        return error.status === 404 ? "missing" : "unknown";
    }
}

;// CONCATENATED MODULE: ./lib/batch/create/identity.js

/** Whether a batch was made by this very create, whatever has become of it. */
function isOwnCreation(batch, identity) {
    const { creationId, inputFileId, earlier = [] } = identity;
    const id = batch.metadata?.[create_key/* creationName */.ZV];
    if (id !== undefined)
        return id === creationId;
    return !earlier.includes(batch.id) && inputFileId !== undefined && mayBeOf(batch, inputFileId);
}
/** Whether nothing but its input file tells whose a batch is: the server keeps no metadata. */
function mayBeOf({ metadata, input_file_id }, inputFileId) {
    return Object.keys(metadata ?? {}).length === 0 && input_file_id === inputFileId;
}
/** Whether a batch was created with a key. */
function hasKey({ metadata }, key) {
    return metadata?.[create_key/* keyName */.xT] === key;
}

;// CONCATENATED MODULE: ./lib/batch/create/find-adoptable.js







const nothingMissed = { incomplete: undefined, noList: false };
/** Where nothing is to be reused: every create is work of its own. */
const noSightings = {
    before: async () => Promise.resolve(find_adoptable_knownOf(undefined, nothingMissed, false)),
    ofKey: () => new Set(),
    unusable: new Set(),
    strangers: new Map(),
};
/**
 * Looks for batches with these keys, in one reading of the list.
 *
 * @throws {APIError} `other_requests` when a key of the user's own stands for other requests
 * @throws {APIError} `other_split` when it stands for the same requests in other batches
 * @throws {APIError} when the list cannot be read at all
 */
async function findAdoptable(client, wanted, call) {
    const isWhole = (batch, key) => hasKey(batch, key) && (0,create/* worthOf */.g4)(batch) === "whole";
    const enough = (items) => wanted.keys.every((key) => items.some((batch) => isWhole(batch, key)));
    const refuseOthers = (listed) => {
        refuseOtherRequests(listed.reading.items, wanted);
        refuseOtherSplit(listed.reading.items, wanted);
        return listed;
    };
    const read = async (options) => readListed(client, wanted.mayExist, options);
    let isToEnd = wanted.listed !== undefined;
    /** By id, batches whose result files are gone for good. */
    const gone = new Map();
    let { reading, strangers } = refuseOthers(wanted.listed ?? (await read({ ...call, enough })));
    const choose = (isOne, newer) => {
        const batches = reading.items.filter(isOne).map((batch) => newer.get(batch.id) ?? batch);
        return (0,create/* chooseAdoptable */.Gx)(batches, wanted.partial);
    };
    return {
        get unusable() {
            const failed = reading.items.filter(create/* isUnusable */.Im);
            return new Set(failed.map(({ input_file_id }) => input_file_id));
        },
        get strangers() {
            return strangers;
        },
        ofKey: (key) => new Set(reading.items.filter((one) => hasKey(one, key)).map(({ id }) => id)),
        async before(key, newer = new Map()) {
            for (;;) {
                const emptied = [...gone.values()].find((batch) => hasKey(batch, key));
                const found = choose((batch) => hasKey(batch, key) && !gone.has(batch.id), newer);
                const isWorse = newer.size > 0 && (found === undefined || (0,create/* worthOf */.g4)(found) !== "whole");
                if ((isWorse || emptied !== undefined) && !isToEnd) {
                    // The list showed enough, and a look at the batch less: another may stand behind it.
                    ({ reading, strangers } = refuseOthers(await read(call)));
                    isToEnd = true;
                    continue;
                }
                if (found !== undefined && (await areFilesGone(client, found, call))) {
                    // What was made in its stead has its own answers, were they fewer.
                    gone.set(found.id, found);
                    continue;
                }
                const overlapping = reading.items.find((batch) => mayOverlap(batch, key, wanted));
                const half = choose(({ metadata }) => (0,create_key/* isHalfOf */.Bo)(metadata?.[create_key/* keyName */.xT], key), newer);
                const filesGone = found === undefined && emptied !== undefined;
                const known = find_adoptable_knownOf(found ?? emptied, reading, wanted.mayExist);
                return { ...known, filesGone, overlapping, half };
            }
        },
    };
}
/**
 * Reads the list of batches back to where nothing counts any more.
 *
 * @throws {APIError} when the list cannot be read at all
 */
async function readListed(client, mayExist, options) {
    const listed = await readBatches(client, {
        ...options,
        since: client.clock.now() - thirtyDays,
    });
    const { signal, deadline, maxRetries } = options;
    // Only of an earlier attempt is there anything to be told apart.
    const { items, strangers, incomplete } = await tellApart(client, listed.items, { signal, deadline, maxRetries }, mayExist ? listed.items : []);
    return {
        reading: { ...listed, items, incomplete: listed.incomplete ?? incomplete },
        strangers,
    };
}
function find_adoptable_knownOf(found, { incomplete, noList }, mayExist) {
    return { found, filesGone: false, incomplete, noList, mayExist };
}
/** A key of one's own names the same work in every run, so it must not come to name other work. */
function refuseOtherRequests(batches, { ownKey, content }) {
    if (ownKey === undefined)
        return;
    const other = batches.find((batch) => (0,create_key/* isOfOwnKey */.Bx)(batch.metadata?.[create_key/* keyName */.xT], ownKey) &&
        (0,create/* decideOwnKey */.o0)(batch, (0,create_key/* contentOfCreation */.Uu)(batch), content).decision === "other");
    if (other === undefined)
        return;
    throw new errors/* APIError */.LG(`The idempotency key ${ownKey} names ${other.id}, which was made of other requests, for another endpoint or in another repository; these requests were not sent. ` +
        "Let the key change with the requests, for example by a hash of their file (`hashFiles` in a workflow), or reuse no existing batch (`reuse-existing: false`).", { code: "other_requests" });
}
/**
 * The same requests, split into other batches than before, have keys of their own. What the earlier
 * batches hold is paid for, and which of the new ones would hold it as well is not compared.
 */
function refuseOtherSplit(batches, { ownKey, keys, content, partial, settled }) {
    if (ownKey === undefined || keys.some((key) => (0,create_key/* roundOf */.O7)(key) !== undefined))
        return;
    const other = batches.find((batch) => {
        const key = batch.metadata?.[create_key/* keyName */.xT] ?? "";
        if (settled?.has(batch.id) === true)
            return false;
        if (isAmong(keys, key) || !(0,create_key/* isOfOwnKey */.Bx)(key, ownKey))
            return false;
        if ((0,create_key/* roundOf */.O7)(key) !== undefined)
            return false;
        if ((0,create_key/* contentOfCreation */.Uu)(batch) !== content)
            return false;
        return (0,create/* decideOtherSplit */.zk)(batch, partial).decision === "stop";
    });
    if (other === undefined)
        return;
    throw new errors/* APIError */.LG(`The idempotency key ${ownKey} names ${other.id}, which holds the same requests split into other batches; they were not sent again, because that would pay for them twice. ` +
        "Split them as before (`max-requests-per-batch`, `max-bytes-per-batch`), change the key, or reuse no existing batch (`reuse-existing: false`).", { code: "other_split" });
}
/**
 * Whether a batch is of a retry round of the same work as a key, was made of other requests, and is none
 * that this attempt has: it may hold some of the same.
 */
function mayOverlap(batch, key, wanted) {
    const { keys, ownKey, content, settled, taken } = wanted;
    if (settled?.has(batch.id) === true)
        return false;
    const theirKey = batch.metadata?.[create_key/* keyName */.xT] ?? "";
    const [ours, theirs] = [(0,create_key/* roundOf */.O7)(key), (0,create_key/* roundOf */.O7)(theirKey)];
    const work = ours?.work ?? ownKey ?? (0,create_key/* workOf */.LT)(key);
    if (theirs?.work !== work || (0,create_key/* contentOfCreation */.Uu)(batch) !== content)
        return false;
    if (isAmong(keys, theirKey) || taken?.has(theirKey) === true)
        return false;
    return (0,create/* decideOverlap */.u)(batch, ours !== undefined).decision === "stop";
}
/** Whether a batch is of one of our parts, or of a half of one. */
function isAmong(keys, theirs) {
    return keys.includes(theirs) || keys.includes((0,create_key/* wholeKeyOf */.uT)(theirs));
}

// EXTERNAL MODULE: external "node:readline"
var external_node_readline_ = __webpack_require__(481);
;// CONCATENATED MODULE: ./lib/batch/create/input-file.js





/** A day and an hour: a file that is deleted sooner may be gone before its batch has read it. */
const shortestLife = 25 * 3_600;
/** Statuses of a file that the server has taken and not looked through yet. */
const unready = new Set(["pending", "uploaded", "processing", "uploading"]);
/** Milliseconds between looks at a file that is not ready, and for how long. */
const readyPause = 5_000;
const longestReady = 10 * 60_000;
/**
 * Makes the requests an input file on the server. An earlier upload is taken instead where its name
 * tells that the content is the same; so is one whose upload got no answer, before it is sent again.
 */
async function ensureUploaded(client, source, options) {
    const { signal, deadline, maxRetries, expiresAfter, reuseSince, unusable, onEvent } = options;
    const call = { signal, deadline, maxRetries };
    const named = await namedByContent(source);
    const find = async (since) => findInputFile(client, named, { ...call, since, unusable });
    let found;
    const report = (file, reused) => {
        onEvent?.({ type: "uploaded", part: options.part, file, reused });
        // What was found after a lost answer may be an earlier upload, of which batches were made.
        return { id: file.id, own: !reused && file.id !== found?.id, reused };
    };
    if (reuseSince !== undefined) {
        const earlier = await find(reuseSince);
        if (earlier !== undefined)
            return report(earlier, true);
    }
    const started = client.clock.now();
    const file = await client.files.create({
        file: named,
        purpose: "batch",
        expires_after: expiresAfter === undefined ? undefined : { anchor: "created_at", seconds: expiresAfter },
    }, { ...call, findLost: async () => (found = await find(started)) });
    return report(file, false);
}
/** The hash that an upload is named by; `undefined` for what was uploaded by somebody else. */
function hashIn(filename) {
    return /-([0-9a-f]{16})$/.exec((0,external_node_path_.parse)(filename).name)?.[1];
}
/** Two files of one name and size may hold different requests; of one hash they hold the same. */
async function namedByContent(source) {
    const { name, ext } = (0,external_node_path_.parse)(source.name);
    if (hashIn(source.name) !== undefined)
        return source;
    const hash = (await hashOf(source)).slice(0, 16);
    return {
        name: `${name}-${hash}${ext || ".jsonl"}`,
        size: source.size,
        stream: (transient) => source.stream(transient),
    };
}
/** SHA-256 of what a source holds, in hexadecimal. */
async function hashOf(source) {
    const hash = (0,external_node_crypto_.createHash)("sha256");
    for await (const chunk of source.stream(true))
        hash.update(chunk);
    return hash.digest("hex");
}
/** An uploaded input file of this name and size that will live long enough; a look that fails finds none. */
async function findInputFile(client, { name, size }, { since, unusable, ...call }) {
    const isPast = pastBy((since - clockSkew) / 1000);
    const usable = (file) => file.filename === name &&
        file.bytes === size &&
        file.status !== "error" &&
        !unusable.has(file.id) &&
        (file.expires_at === undefined || file.expires_at - client.clock.now() / 1000 > shortestLife);
    try {
        let page = await client.files.list({ purpose: "batch", order: "desc", limit: largestPage }, call);
        while (page !== undefined) {
            const file = page.data.find(usable);
            if (file !== undefined)
                return file;
            page = isPast(page.data) ? undefined : await page.getNextPage();
        }
        return undefined;
    }
    catch (error) {
        // The file is uploaded once more, which costs time and no money.
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        call.signal?.throwIfAborted();
        return undefined;
    }
}
/**
 * Watches a file that was just uploaded while creates are refused for it: it may not be found yet
 * (curator#116), and some servers look through a file for minutes before a batch may use it.
 */
function waitForFile(client, file, call) {
    const started = client.clock.now();
    const pauses = lagPauses.slice(1)[Symbol.iterator]();
    let before = "ready";
    return {
        async mayTryAgain(error) {
            if (!mayBeOfFile(error))
                return false;
            const state = await input_file_stateOf(client, file.id, call);
            const becameReady = state === "ready" && before === "unready";
            before = state;
            if (becameReady)
                return true;
            if (state === "unready" && client.clock.now() - started < longestReady) {
                await sleepWithin(client, readyPause, call);
                return true;
            }
            const next = !file.reused && isNotFound(error) ? pauses.next() : undefined;
            if (next === undefined || next.done === true)
                return false;
            await sleepWithin(client, next.value, call);
            return true;
        },
    };
}
function mayBeOfFile({ status = 0, code }) {
    return [400, 404, 409, 422, 425].includes(status) && code !== "token_limit_exceeded";
}
async function input_file_stateOf(client, id, { signal, deadline }) {
    try {
        const { status = "" } = await client.files.retrieve(id, { signal, deadline, maxRetries: 1 });
        return unready.has(status.toLowerCase()) ? "unready" : "ready";
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        signal?.throwIfAborted();
        return "ready";
    }
}
/** Servers word it differently: `No such File object`, `Input file … not found`, `does not exist`. */
function isNotFound({ status, message }) {
    return ((status === 404 || status === 400) &&
        /file/i.test(message) &&
        /not found|no such|does not exist|could not find/i.test(message));
}

;// CONCATENATED MODULE: ./lib/batch/create/content-beside.js










/**
 * Whether the input file of another batch holds the same requests: the names of uploads tell, and of those
 * that an earlier attempt may have made of the same input their lines.
 */
async function contentBeside(client, { file, input, other }, { signal, deadline, maxRetries }) {
    // What this very create has uploaded nobody else can have used.
    if (other === file.id)
        return file.own ? "other" : "same";
    if ("fileId" in input)
        return "other";
    if (other === "")
        return "unknown";
    const call = { signal, deadline, maxRetries };
    try {
        const { name, size } = await namedByContent(input);
        const { filename, bytes } = await client.files.retrieve(other, call);
        // Some servers do not tell the size.
        const differs = bytes > 0 && bytes !== size;
        if (filename === "")
            return differs ? "other" : "unknown";
        if (hashIn(filename) === hashIn(name))
            return differs ? "other" : "same";
        return stemOf(filename) === stemOf(name)
            ? await compareLines(client, input, other, call)
            : "other";
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        signal?.throwIfAborted();
        return "unknown";
    }
}
/** The name that an upload had before its hash; `undefined` for what was uploaded by somebody else. */
function stemOf(filename) {
    return hashIn(filename) === undefined ? undefined : (0,external_node_path_.parse)(filename).name.slice(0, -17);
}
/** A retry round, or another split, has other files of the same requests. */
async function compareLines(client, input, other, call) {
    const path = (0,external_node_path_.join)((0,external_node_os_.tmpdir)(), `batch-input-${(0,external_node_crypto_.randomUUID)()}.jsonl`);
    try {
        const length = await fetchInputFile(client, other, { path, call });
        const ours = new Set();
        for await (const line of linesOf(input.stream(true)))
            ours.add(line);
        // To its end, so that the stream closes its file.
        let shared = false;
        for await (const line of linesOf((0,external_node_fs_.createReadStream)(path)))
            shared ||= ours.has(line);
        if (shared)
            return "some";
        return length === "whole" ? "other" : "unknown";
    }
    finally {
        await (0,promises_.rm)(path, { force: true });
    }
}
/** Hashes of the lines, so that none of them is held. */
async function* linesOf(bytes) {
    for await (const line of (0,external_node_readline_.createInterface)({ input: external_node_stream_.Readable.from(bytes) })) {
        yield (0,external_node_crypto_.hash)("sha256", line, "base64");
    }
}

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
        },
    };
}

;// CONCATENATED MODULE: ./lib/batch/create/send.js





/**
 * Sends a create until its outcome is known or hopeless. After an answer that was lost the list of
 * batches is read back for as long as it may lag (qwen-code#11874, litellm-docs#1408).
 *
 * @throws {UnknownOutcomeError} when the batch may exist and could not be found
 * @throws {APIError} when the server refused
 */
async function sendCreate(client, sending) {
    const { part, body, signal, deadline, maxRetries, onEvent } = sending;
    const call = { signal, deadline, maxRetries };
    const mayRetry = (maxRetries ?? client.maxRetries) > 0;
    let unknown;
    for (let sent = 1;;) {
        const creation = { ...sending.creation, sent };
        onEvent?.({ type: "creating", part, creation });
        try {
            return { batch: await client.batches.create(body, call), creation, found: false, own: true };
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
            if (!(error instanceof errors/* UnknownOutcomeError */.rk)) {
                // Nothing was made by a refusal, so it does not count as sent.
                if (await sending.file.mayTryAgain(error))
                    continue;
                // A refusal says nothing of the create before it whose answer was lost.
                if (unknown !== undefined)
                    throw unknown;
                onEvent?.({ type: "refused", part, creation, error });
                throw error;
            }
            if (signal?.aborted === true)
                throw error;
            unknown = error;
            onEvent?.({ type: "outcome-unknown", part, creation, error });
            const { lookUp, own, stranger } = await lookForLost(client, { ...sending, creation });
            const next = (0,create/* decideAfterLostCreate */.ry)({ lookUp, sent, said: error.created, stranger, mayRetry });
            if (lookUp.state === "found")
                return { batch: lookUp.found, creation, found: true, own };
            if (next.decision === "give up")
                throw error;
            sent += 1;
        }
    }
}
/** Looks for the batch whose answer was lost: our own, or where that is allowed one with the same key. */
async function lookForLost(client, { creation, body, reuse, passedOver, signal, deadline, maxRetries }) {
    let stranger = false;
    const { since } = creation;
    const wanted = (batch) => {
        const seen = (0,create/* decideListed */.Qd)({
            batch,
            own: isOwnCreation(batch, creation),
            isNew: isSince(batch, since) && passedOver?.has(batch.id) !== true,
            sameKey: reuse && hasKey(batch, creation.key),
            // A list that names no input file either shows nothing but that something is there.
            sameFile: mayBeOf(batch, body.input_file_id) || mayBeOf(batch, ""),
        });
        stranger ||= seen === "stranger";
        return seen === "own" || seen === "take";
    };
    const call = { signal, deadline, maxRetries };
    const looked = await lookForBatches(client, wanted, { ...call, since });
    if (looked.state !== "found")
        return { lookUp: looked, own: false, stranger };
    const own = (0,create/* chooseOwn */.q4)(looked.found.filter((batch) => isOwnCreation(batch, creation)));
    const found = own ?? looked.found[0];
    return {
        lookUp: found === undefined ? { state: "absent" } : { state: "found", found },
        own: own !== undefined,
        stranger,
    };
}
/**
 * Looks for further batches of a create, and cancels them: a list that lags longer than was waited shows
 * the first one only after the second was made, or after another's was taken.
 *
 * @param options.own whether the batch that is kept is of the create itself
 * @returns whether all that may be there have been seen
 */
async function cancelExtras(client, creation, { own: ours = true, onEvent, ...call }) {
    const { sent = 1, since, keep } = creation;
    const count = ours ? sent - 1 : sent;
    if (count < 1 || keep === undefined)
        return true;
    // What is kept is known: waiting until the list shows it too would let the extra one run on.
    const isExtra = (batch) => isOwnCreation(batch, creation) && (0,create/* extraBatches */.xf)([batch], keep).length > 0;
    const looked = await lookForBatches(client, isExtra, {
        ...call,
        since,
        count,
    });
    const extras = looked.state === "found" ? looked.found : [];
    for (const batch of extras) {
        onEvent?.({ type: "extra-found", batch, creation });
        try {
            await cancelBatch(client, batch.id, { ...call, onEvent });
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
            onEvent?.({ type: "cancel-failed", batchId: batch.id, error });
            return false;
        }
    }
    return extras.length >= count;
}

;// CONCATENATED MODULE: ./lib/batch/create/creator.js












/** A part is not sent as a whole: an earlier attempt has sent it in halves, which are looked for by themselves. */
class SentInHalvesError extends errors/* APIError */.LG {
    why;
    constructor(why) {
        super(`These requests are not sent again, because that would pay for them twice: ${why}, for a server that had no room for all of them at once. ` +
            "`operation: run` with the same input goes on with the halves; `reuse-existing: false` creates a batch whatever is there.", { code: "other_split" });
        this.why = why;
    }
}
/**
 * Makes the creates of many parts cost one reading of the list, and keeps them to the hourly limit.
 *
 * @param parts may grow by the halves of those that are there
 */
async function openCreator(client, parts, options) {
    const { signal, deadline, maxRetries, partial = false, mayExist = true } = options;
    const { round = 0, onEvent } = options;
    onEvent?.({ type: "planned", round, parts: parts.map(({ requests }) => requests) });
    const call = { signal, deadline, maxRetries };
    const keys = parts.flatMap(({ key }) => key ?? []);
    const reuse = options.reuseExisting !== false && keys.length > 0;
    const content = options.content ?? (await creator_contentOf(parts, options));
    const sightings = reuse
        ? await findAdoptable(client, { ...options, keys, content, partial, mayExist, ownKey: options.ownKey }, call)
        : noSightings;
    const creation = { client, options, content, sightings, reuse, pace: createPace(client.clock) };
    const made = new Map();
    const tried = new Set();
    return {
        async create(index) {
            const part = parts[index];
            if (part === undefined)
                throw new RangeError(`There is no part ${index}.`);
            const first = !tried.has(index);
            tried.add(index);
            const adopted = first ? await adopt(creation, part, index) : undefined;
            return adopted ?? createAnew(creation, part, { index, made });
        },
    };
}
/** The batch that stands for a part already; `undefined` where one is to be created. */
async function adopt({ client, options, sightings }, { key, requests }, part) {
    if (key === undefined)
        return undefined;
    const { onEvent, round = 0 } = options;
    const newer = new Map();
    for (;;) {
        const before = await sightings.before(key, newer);
        const { decision, why } = (0,create/* decideBeforeCreate */.CL)(before);
        const { found, incomplete } = before;
        if (decision === "halve")
            throw new SentInHalvesError(why);
        if (decision === "stop") {
            throw incomplete === undefined ? sentBefore(why) : notSeen(key, why);
        }
        if (found === undefined || decision === "create") {
            if (found !== undefined)
                onEvent?.({ type: "not-adopted", batch: found, why });
            else if (before.noList)
                onEvent?.({ type: "look-up-incomplete", why });
            return undefined;
        }
        if (!newer.has(found.id) && !(0,batch_status/* isTerminal */.Hd)(found)) {
            newer.set(found.id, await asItIs(client, found, options));
        }
        else if (decision === "wait") {
            newer.set(found.id, await followToEnd(client, found, options));
        }
        else {
            const known = {
                batch: found,
                provenance: "adopted",
                takenAs: found.status,
                requests,
                round,
            };
            onEvent?.({ type: "adopted", part, known });
            return known;
        }
    }
}
/** A list may show a batch as it was: some move on only when a batch is retrieved. What a look cannot see stands as listed. */
async function asItIs(client, listed, { signal, deadline, maxRetries }) {
    return (await lookAt(client, listed.id, { signal, deadline, maxRetries })) ?? listed;
}
function sentBefore(why) {
    return new errors/* APIError */.LG(`These requests are not sent again: ${why}. \`operation: retrieve\` with its id brings what it has; \`reuse-existing: false\` sends them whatever is there.`, { code: "sent_before" });
}
function notSeen(key, why) {
    return new errors/* APIError */.LG(`A batch with the idempotency key ${key} may be there, but it could not be looked for: ${why}. Its requests were not sent again, because that could pay twice. ` +
        "Try again, or create one whatever is there (`reuse-existing: false`).", { code: "look_up_incomplete" });
}
async function createAnew(creating, part, { index, made }) {
    const { client, options, pace } = creating;
    const { signal, deadline, maxRetries, onEvent, round = 0 } = options;
    await pace.turn(signal);
    const before = made.get(index);
    const file = before?.file ?? (await inputFileOf(creating, part, index));
    const earlier = before?.batches ?? [];
    made.set(index, { file, batches: earlier });
    if (before === undefined)
        await refuseBesideStrangers(creating, part, file);
    const creationId = (0,create_key/* newCreationId */.bX)(options.creationPrefix, creating.content);
    const key = part.key ?? creationId;
    const sent = await sendCreate(client, {
        part: index,
        body: paramsOf(options, file.id, { [create_key/* keyName */.xT]: key, [create_key/* creationName */.ZV]: creationId }),
        creation: {
            key,
            creationId,
            since: client.clock.now(),
            ...(file.own ? { inputFileId: file.id } : {}),
            ...(earlier.length > 0 ? { earlier } : {}),
        },
        reuse: creating.reuse,
        passedOver: new Set([...creating.sightings.ofKey(key), ...earlier]),
        file: waitForFile(client, file, { signal, deadline }),
        signal,
        deadline,
        maxRetries,
        onEvent,
    });
    made.set(index, { file, batches: [...earlier, sent.batch.id] });
    return creator_settle(client, sent, { part, index, round, options });
}
/**
 * On a server that keeps no metadata nothing but their input files tells batches of an earlier attempt.
 *
 * @throws {APIError} `look_up_incomplete` when one of them may be of the same requests
 */
async function refuseBesideStrangers({ client, sightings, options }, { input }, file) {
    const { settled, endpoint, partial: part = false } = options;
    for (const stranger of sightings.strangers.values()) {
        if (settled?.has(stranger.id) === true)
            continue;
        const what = await contentBeside(client, { file, input, other: stranger.input_file_id }, options);
        const { decision, why } = (0,create/* decideBesideStranger */.H9)(stranger, { endpoint, part }, what);
        if (decision === "create")
            continue;
        throw new errors/* APIError */.LG(`${why}. The requests were not sent again, because that could pay twice. Wait for that batch (\`operation: wait\` with its id), or create one whatever is there (\`reuse-existing: false\`).`, { code: "look_up_incomplete" });
    }
}
/** Reports the batch before anything else is waited for, and then sees that it is the only one. */
async function creator_settle(client, { batch, creation, found, own }, { part, index, round, options: { signal, deadline, onEvent }, }) {
    const { requests } = part;
    const provenance = own ? "created" : "adopted";
    const known = { batch, provenance, takenAs: batch.status, requests, round };
    const kept = { ...creation, keep: batch.id };
    onEvent?.(own
        ? { type: "created", part: index, known, creation: kept, found }
        : { type: "adopted", part: index, known, beside: kept });
    if (await cancelExtras(client, kept, { own, signal, deadline, onEvent })) {
        onEvent?.({ type: "settled", creation: kept });
    }
    return known;
}
async function inputFileOf({ client, options, sightings, reuse }, { input }, part) {
    if ("fileId" in input)
        return { id: input.fileId, own: false, reused: true };
    const { signal, deadline, maxRetries, onEvent, inputExpiresAfter, mayExist = true } = options;
    return ensureUploaded(client, input, {
        part,
        signal,
        deadline,
        maxRetries,
        onEvent,
        expiresAfter: inputExpiresAfter,
        reuseSince: reuse && mayExist ? client.clock.now() - thirtyDays : undefined,
        unusable: sightings.unusable,
    });
}
function paramsOf({ endpoint, completionWindow = "24h", metadata, outputExpiresAfter }, inputFileId, ours) {
    return {
        input_file_id: inputFileId,
        endpoint,
        completion_window: completionWindow,
        metadata: { ...metadata, ...ours },
        ...(outputExpiresAfter === undefined
            ? {}
            : { output_expires_after: expiry(outputExpiresAfter) }),
    };
}
function expiry(seconds) {
    return { anchor: "created_at", seconds };
}
/** What the keys of these parts stand for: their requests and the endpoint. */
async function creator_contentOf(parts, { endpoint }) {
    const hashes = [];
    for (const { key, input } of parts) {
        // Without a key nothing is ever compared with it.
        if (key === undefined)
            hashes.push("");
        else
            hashes.push("fileId" in input ? input.fileId : await hashOf(input));
    }
    return (0,create_key/* contentHash */.Ae)(...hashes, endpoint);
}

;// CONCATENATED MODULE: ./lib/batch/parts.js


/** The parts of one round, as they are to be created. */
function partsToCreate(scan, parts, { idempotencyKey, round, rest }) {
    return parts.map((part, index) => ({
        key: keyFor(idempotencyKey, { hash: part.hash, index, count: parts.length, round, rest }),
        input: partSource(scan, part),
        requests: part.requests,
    }));
}
/** A file that is on the server already, as the only part. */
function partOfFile(fileId, { idempotencyKey }) {
    const part = { index: 0, hash: (0,create_key/* hashText */.qj)(fileId), count: 1, round: 0 };
    return [{ key: keyFor(idempotencyKey, part), input: { fileId }, requests: undefined }];
}
function keyFor(key, part) {
    return typeof key === "string" ? (0,create_key/* ownKeyOf */.l3)(key, part) : key?.(part);
}
/** The key of the user's own, and what it stands for. */
function ownKeyOptions(inputHash, endpoint, { idempotencyKey, keyOwner }) {
    return {
        ownKey: typeof idempotencyKey === "string" ? idempotencyKey : undefined,
        content: (0,create_key/* contentHash */.Ae)(inputHash, endpoint, keyOwner),
    };
}

// EXTERNAL MODULE: ./lib/batch/input/invalid.js
var input_invalid = __webpack_require__(5964);
;// CONCATENATED MODULE: ./lib/batch/rules/rounds.js

/**
 * Whether requests are sent again in another round. What was cancelled on purpose, by anybody, stays
 * cancelled: a batch that is wrong or too expensive must not come back.
 */
function decideRetryRound(known) {
    const { round, rounds, resendable, cancelled } = known;
    if (resendable === 0)
        return { decision: "end", why: "no request is left to be sent again" };
    if (rounds === 0)
        return { decision: "end", why: "no retry round is wanted" };
    if (cancelled !== undefined) {
        return { decision: "end", why: `${cancelled.id} was cancelled, so it stays cancelled` };
    }
    return round <= rounds
        ? { decision: "resend", why: "they failed for a transient reason" }
        : { decision: "end", why: "every retry round was used" };
}
/** Whether a batch was cancelled while this job followed it; what was cancelled before is another matter. */
function wasCancelledMeanwhile({ batch, takenAs }) {
    return isCancelled(batch.status) && !isCancelled(takenAs);
}
/** Whether a batch was taken for the answers that it has, having ended early in an earlier run. */
function isTakenInPart({ batch, provenance, takenAs }) {
    return provenance === "adopted" && takenAs === batch.status && (0,create/* worthOf */.g4)(batch) === "part";
}
function isCancelled(status) {
    return status === "cancelled" || status === "cancelling";
}

// EXTERNAL MODULE: ./lib/batch/input/request-line.js
var request_line = __webpack_require__(5021);
// EXTERNAL MODULE: ./lib/batch/cache/content-key.js
var content_key = __webpack_require__(4414);
// EXTERNAL MODULE: ./lib/batch/cache/key-table.js
var key_table = __webpack_require__(8011);
;// CONCATENATED MODULE: ./lib/batch/cache/content-keys.js





/**
 * The keys of an input's requests: those that its scan has made, else the input is read once more.
 *
 * @param endpoint of lines that name none
 * @throws {APIError} `input_changed` when it is not what was scanned
 */
async function contentKeysOf(scan, baseURL, endpoint) {
    if (scan.contents?.baseURL === baseURL)
        return scan.contents;
    const keys = new key_table/* KeyTable */.a();
    const reader = new line_reader/* LineReader */.u(scan.files);
    try {
        await (0,stamp/* checkStamps */.X)(scan.files, scan.stamps, scan.files.keys());
        for (let request = 0; request < scan.requests; request += 1) {
            const source = reader.read(scan.lines.place(request));
            const line = (0,request_line/* readRequestLine */.o)(source, { utf8: true, endpoint }, () => undefined);
            keys.add((0,content_key/* contentKey */.l)({ baseURL, url: line?.url ?? "", body: line?.body, source }));
        }
        await (0,stamp/* checkStamps */.X)(scan.files, scan.stamps, scan.files.keys());
        return { baseURL, keys };
    }
    finally {
        reader.close();
    }
}

;// CONCATENATED MODULE: ./lib/batch/cache/keep-answers.js


function createKeeper(cache, contents) {
    /** Of requests that ask for the same the first answer is kept. */
    const kept = new id_index/* IdIndex */.w();
    return {
        async keep(book, requests, since) {
            const reader = new line_reader/* LineReader */.u(book.paths);
            const before = kept.size;
            try {
                await cache.append(newAnswers({ book, requests, since, reader, contents, kept }));
                return kept.size - before;
            }
            finally {
                reader.close();
            }
        },
    };
}
function* newAnswers(options) {
    const { book, requests, since, reader, contents, kept } = options;
    for (const request of requests) {
        const line = book.lineOf(request);
        if (line === undefined || line < since || !book.isAnswer(line))
            continue;
        const key = contents.keys.textOf(request);
        if (kept.add(key) !== undefined)
            continue;
        yield { key, line: reader.read(book.lines.place(line)) };
    }
}

;// CONCATENATED MODULE: ./lib/batch/cache/member.js
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
/**
 * Where the value of a member stands in the text of a JSON object, so that it can be taken or replaced
 * and every other byte left as it is.
 *
 * @returns `undefined` where the object has no such member or more than one, or the text is no object
 */
function memberOf(json, name) {
    const found = firstMemberOf(json, name);
    if (found === undefined)
        return undefined;
    return memberFrom(json, skipSpace(json, found.end), name) === "end" ? found : undefined;
}
/** As `memberOf`, but for what follows: the object may have another one, or no end. */
function firstMemberOf(json, name) {
    const found = memberFrom(json, skipSpace(json, 0), name);
    return found === "end" ? undefined : found;
}
/**
 * Walks the members behind an opening brace or a comma.
 *
 * @returns the first of that name; `"end"` where the object ends before it, and `undefined` where it does not
 */
function memberFrom(json, from, name) {
    let at = from;
    while (json[at] === comma || json[at] === openBrace) {
        at = skipSpace(json, at + 1);
        if (json[at] !== quote)
            return undefined;
        const nameEnd = endOfString(json, at);
        const isWanted = nameEnd - at === name.length + 2 && isAt(json, at + 1, name);
        const between = skipSpace(json, nameEnd);
        if (json[between] !== colon)
            return undefined;
        const start = skipSpace(json, between + 1);
        const end = endOfValue(json, start);
        if (isWanted)
            return { start, end };
        at = skipSpace(json, end);
    }
    return json[at] === closeBrace ? "end" : undefined;
}
function isAt(json, at, name) {
    for (let index = 0; index < name.length; index += 1) {
        if (json[at + index] !== name.charCodeAt(index))
            return false;
    }
    return true;
}
function skipSpace(json, from) {
    let at = from;
    while (isSpace(json[at]))
        at += 1;
    return at;
}
function isSpace(byte) {
    return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}
/** Behind the closing quote of a string that begins here; behind the text where there is none. */
function endOfString(json, start) {
    let at = start + 1;
    for (;;) {
        const end = json.indexOf(quote, at);
        if (end === -1)
            return json.length;
        let escapes = 0;
        while (json[end - 1 - escapes] === backslash)
            escapes += 1;
        if (escapes % 2 === 0)
            return end + 1;
        at = end + 1;
    }
}
function endOfValue(json, start) {
    if (json[start] === quote)
        return endOfString(json, start);
    let depth = 0;
    let at = start;
    while (at < json.length) {
        const byte = json[at];
        if (byte === quote) {
            at = endOfString(json, at);
            continue;
        }
        if (byte === openBrace || byte === openBracket)
            depth += 1;
        else if (byte === closeBrace || byte === closeBracket) {
            if (depth === 0)
                break;
            depth -= 1;
            if (depth === 0)
                return at + 1;
        }
        else if (byte === comma && depth === 0)
            break;
        at += 1;
    }
    while (at > start && isSpace(json[at - 1]))
        at -= 1;
    return at;
}

;// CONCATENATED MODULE: ./lib/batch/cache/take-answers.js









/** What other threads have written is heard of in a turn of its own, and so is a signal. */
const requestsAtOnce = 64;
const take_answers_lineFeed = 10;
const take_answers_lineBreak = Buffer.of(take_answers_lineFeed);
const take_answers_named = "custom_id";
/**
 * Writes what a cache has of an input to a file of result lines, which are read as those of a batch are.
 * Every byte stays as it was but for the `custom_id`, which is the request's of now.
 *
 * @throws an error that names the folder when the disk does not take it
 */
async function takeAnswers(options) {
    const { cache, scan, contents, folder, signal } = options;
    const path = (0,external_node_path_.join)(folder, `batch-results-${(0,external_node_crypto_.randomUUID)()}.jsonl`);
    const lines = new LineSpool(path);
    const input = new line_reader/* LineReader */.u(scan.files);
    const requests = [];
    const unreadable = [];
    let request = -1;
    try {
        for await (const found of cache.read(keysOf(scan, contents))) {
            request += 1;
            if (request % requestsAtOnce === 0) {
                await (0,external_node_timers_promises_.setImmediate)();
                signal?.throwIfAborted();
            }
            if (found === undefined)
                continue;
            const id = take_answers_idOf(scan, request, input);
            const line = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
            if (id === undefined || !lines.write(line, id))
                unreadable.push(request);
            else
                requests.push(request);
        }
        await lines.close();
        return { path, requests, unreadable };
    }
    catch (error) {
        lines.discard();
        throw error;
    }
    finally {
        input.close();
    }
}
function* keysOf({ requests }, { keys }) {
    for (let request = 0; request < requests; request += 1)
        yield keys.textOf(request);
}
/**
 * The bytes of a request's `custom_id`, quotes included, which its number shows to be the one that counts;
 * of an input that has changed since there is none.
 */
function take_answers_idOf(scan, request, input) {
    const bytes = input.readIfThere(scan.lines.place(request));
    const span = bytes && firstMemberOf(bytes, take_answers_named);
    if (bytes === undefined || span === undefined)
        return undefined;
    const token = Buffer.from(bytes.subarray(span.start, span.end));
    const id = jsonOf(token.toString("utf8"));
    return typeof id === "string" && scan.ids.numberOf(id) === request ? token : undefined;
}
/** Lines on their way to disk. */
class LineSpool {
    #path;
    #blocks;
    constructor(path) {
        this.#path = path;
        const failed = (cause) => (0,disk_error/* cacheNotKept */.Q0)(path, cause);
        try {
            this.#blocks = new block_writer/* BlockWriter */.$({ handle: (0,external_node_fs_.openSync)(path, "wx"), kind: "temporary", failed });
        }
        catch (error) {
            throw failed(error);
        }
    }
    /**
     * Writes a line with another `custom_id`; `false` for a line that has none, or is none. That it has no
     * second one is seen when it is read.
     */
    write(line, id) {
        const span = firstMemberOf(line, take_answers_named);
        if (span === undefined || line.includes(take_answers_lineFeed))
            return false;
        this.#blocks.put(line.subarray(0, span.start));
        this.#blocks.put(id);
        this.#blocks.put(line.subarray(span.end));
        this.#blocks.put(take_answers_lineBreak);
        return true;
    }
    async close() {
        await this.#blocks.flush();
        this.#blocks.close();
    }
    discard() {
        this.#blocks.close();
        (0,external_node_fs_.rmSync)(this.#path, { force: true });
    }
}

;// CONCATENATED MODULE: ./lib/batch/rules/cache.js

/**
 * Whether the answers of a batch are put into a cache, under what this run's requests ask for: only where
 * it is known that they answer these requests. That a batch has the same key says no more than its key does.
 *
 * @param theirs what its create says that the batch was made of
 * @param ours what this run would say
 */
function decideKeep({ batch, provenance }, theirs, ours) {
    if (provenance === "created") {
        return { decision: "keep", why: `${batch.id} was made of these requests` };
    }
    return theirs === ours
        ? { decision: "keep", why: `${batch.id} says that it was made of the same requests` }
        : { decision: "leave", why: `nothing tells what ${batch.id} was made of` };
}
/**
 * What becomes of a batch that an earlier attempt has made of some of the same requests, when a cache has
 * answered others since. What it holds is paid for: it is known exactly and stays with it, or nothing is
 * created at all.
 */
function decideEarlier({ id, status }, unread) {
    return unread
        ? {
            decision: "stop",
            why: `${id} is ${status} and holds some of these requests for an earlier attempt, and which of them could not be read`,
        }
        : { decision: "take", why: `${id} is ${status} and holds some of these requests` };
}
/** Whether a round has two batches that hold the same request: behind a list that lags it was paid for twice. */
function overlap(holders) {
    const held = new Set();
    return holders.some(({ round, requests }) => requests.some((request) => {
        const mark = `${round} ${request}`;
        const isHeld = held.has(mark);
        held.add(mark);
        return isHeld;
    }));
}
/**
 * The batches of one round that are gone on with, the worthiest first. Each stands for what is wanted of its
 * requests and stands in none before it: should its results be gone, that is sent in its stead. One that
 * stands for nothing is not gone on with.
 */
function shareOut(holders, isWanted) {
    const held = new Set();
    return holders
        .toSorted((a, b) => rankOf(a) - rankOf(b))
        .map((holder) => {
        const left = holder.requests.filter((request) => isWanted(request) && !held.has(request));
        for (const request of left)
            held.add(request);
        return { holder, left };
    })
        .filter(({ left }) => left.length > 0);
}
function rankOf({ batch }) {
    return create/* worths */.gX.indexOf((0,create/* worthOf */.g4)(batch));
}
/**
 * Whether requests are sent beside a batch of which the server keeps no metadata: it may be of an earlier
 * attempt.
 *
 * @param ours how many of the requests to be sent it holds; `undefined` where that could not be read
 */
function decideBesideUnnamed({ id, status }, ours) {
    if (ours === 0)
        return { decision: "create", why: `${id} holds none of these requests` };
    const what = ours === undefined ? "its requests could not be read" : "it holds some of these";
    return {
        decision: "stop",
        why: `${id} is ${status} and shows no metadata, so it may be of an earlier attempt, and ${what}`,
    };
}

;// CONCATENATED MODULE: ./lib/batch/run/cached-input.js








/** `undefined` for a run without a cache. */
function openCachedInput(client, scan, options) {
    const { cache, signal, onEvent } = options;
    if (cache === undefined)
        return undefined;
    const implied = (0,batch_input/* impliedEndpoint */.uz)(client, options.endpoint);
    const { content } = ownKeyOptions(scan.hash, options.endpoint ?? scan.endpoint ?? "", options);
    let keeper;
    return {
        async take(collection) {
            const contents = await contentKeysOf(scan, client.baseURL, implied);
            keeper = createKeeper(cache, contents);
            const folder = options.temporaryFolder ?? (0,external_node_os_.tmpdir)();
            const taken = await takeAnswers({ cache, scan, contents, folder, signal });
            const { answered, rejected, unreadable } = await collection.addCached(taken);
            onEvent?.({
                type: "cache-read",
                requests: scan.requests,
                answered,
                rejected,
                unreadable: unreadable.map((request) => contents.keys.textOf(request)),
            });
            return answered;
        },
        keeperOf(known) {
            if (known === undefined)
                return undefined;
            const theirs = (0,create_key/* contentOfCreation */.Uu)(known.batch);
            return decideKeep(known, theirs, content).decision === "keep" ? keeper : undefined;
        },
    };
}

;// CONCATENATED MODULE: ./lib/batch/follow/interval.js
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

;// CONCATENATED MODULE: ./lib/batch/follow.js


/** A queue in which nothing ever waits. */
const emptyQueue = {
    send: () => Promise.resolve(),
    ended: () => Promise.resolve(),
    isEmpty: () => true,
    nextAt: () => Number.POSITIVE_INFINITY,
};
/** Milliseconds before the deadline at which what ends in the last seconds is looked at once more. */
const lastLook = 1_000;
/**
 * The one loop that waits: sends what waits in the queue, looks at what is in flight, sleeps. Ends when
 * every batch has ended and nothing waits, or at the deadline, after a last look.
 *
 * @throws the signal's reason when it aborts
 */
async function follow(client, watch, queue, options) {
    const { clock } = client;
    const { signal, deadline, onEvent } = options;
    let started = clock.now();
    for (let last = false;;) {
        const before = watch.following().length;
        await queue.send({ signal, deadline });
        // One that was created late is followed as closely as the first ones were.
        if (watch.following().length > before)
            started = clock.now();
        await queue.ended(await watch.look({ signal, deadline, last }));
        onEvent?.({ type: "polled", batches: watch.batches() });
        const error = watch.stopped();
        if (error !== undefined)
            return { end: "stopped", error };
        if (watch.following().length === 0 && queue.isEmpty())
            return { end: "ended" };
        if (queue.nextAt() <= clock.now())
            continue;
        const left = (deadline ?? Number.POSITIVE_INFINITY) - clock.now();
        if (last || left <= 0 || watch.isHeld()) {
            await clock.sleep(Math.max(0, left), signal);
            return { end: "timed out" };
        }
        const pause = pauseOf(client, watch, queue, { ...options, started });
        last = pause >= left;
        // What ends in the last seconds is worth a last look, in time for its answer.
        await clock.sleep(last ? Math.max(0, left - lastLook) : pause, signal);
    }
}
/** Milliseconds until there is something to do. */
function pauseOf({ clock }, watch, queue, options) {
    const { pollInterval = 5_000, maxPollInterval = 60_000, random = Math.random } = options;
    if (watch.following().length === 0)
        return Math.max(0, queue.nextAt() - clock.now());
    const elapsed = youngestRun(watch.batches(), clock.now(), options.started);
    return nextInterval(elapsed, { pollInterval, maxPollInterval }, random);
}
/** Milliseconds that the youngest unfinished batch has run; a server that names no time counts from when it was taken on. */
function youngestRun(batches, now, started) {
    const created = batches
        .filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch))
        .map((batch) => (batch.created_at === 0 ? started : batch.created_at * 1000));
    const youngest = created.reduce((latest, time) => Math.max(latest, time), 0);
    return Math.max(now - started, created.length === 0 ? 0 : now - youngest);
}

;// CONCATENATED MODULE: ./lib/batch/rules/follow.js


/** Looks in a row that a refused credential, or an id that is not found, has to last before it counts. */
const maxRefusals = 5;
/** Milliseconds, beside the looks, before an id that was never seen is given up: it may be new. */
const newcomer = 10_000;
/** Milliseconds, beside the looks, before a batch that was seen counts as gone. */
const patience = 30_000;
/**
 * What a look that failed says of the wait. One refusal ends nothing: gateways answer with pages of
 * their own, and a batch that was there is taken to be there still.
 *
 * - `go on`: looked at again at the next round
 * - `unknown id`: the server has never shown such a batch, and goes on saying that there is none
 * - `gone`: a batch that was seen is not there any more
 * - `stop`: the server refuses every look
 */
function decideAfterFailedLook(look) {
    const { error, seen, inARow, since } = look;
    const transient = (0,retry/* isTransient */.dg)(error);
    if (transient)
        return { decision: "go on", why: "the error is transient" };
    const { status, code } = error;
    if (code === identityExpired) {
        return { decision: "stop", why: "the job may not ask for an identity any longer" };
    }
    if (status === undefined || status === 401 || status === 403) {
        // A key that never worked will not work later; one that did may be refused by a gateway in between.
        return !seen || inARow >= maxRefusals
            ? { decision: "stop", why: "the server refuses to show the batches" }
            : { decision: "go on", why: "one refusal does not end a wait" };
    }
    if (!seen) {
        return inARow > 1 && since >= newcomer
            ? { decision: "unknown id", why: "the server knows no such batch" }
            : { decision: "go on", why: "a batch that was just made may not be found yet" };
    }
    return inARow >= maxRefusals && since >= patience
        ? { decision: "gone", why: "the batch was there and is not any more" }
        : { decision: "go on", why: "a batch that was there is taken to be there still" };
}
/** Rounds without a change on the list after which one batch is retrieved to see whether the list is stale. */
const firstDoubt = 3;
const longestDoubt = 30;
/**
 * Whether the list is to be checked against a retrieve: some servers' lists lag behind, or never move
 * (aimock moves a batch on only when it is retrieved).
 *
 * @param quiet rounds in a row in which nothing moved on the list
 * @param checks how often it was checked since something moved
 * @param last whether no look follows: what is said then is what it shows
 */
function decideListCheck(quiet, checks, last = false) {
    const due = last ? 1 : Math.min(firstDoubt * 2 ** checks, longestDoubt);
    return quiet >= due
        ? { decision: "check", why: `nothing has moved on the list for ${quiet} looks` }
        : { decision: "trust", why: "the list moves" };
}

;// CONCATENATED MODULE: ./lib/batch/follow/look.js



/** So many batches are retrieved one by one; more are looked for on pages of the list. */
const fewest = 3;
/**
 * Up to three batches are retrieved, more are read off pages of the list as long as they stand in the
 * recent ones, and what is not there is retrieved. A list on which nothing moves is checked now and
 * then: where a retrieve shows more, the list is stale and not read any longer.
 */
function createLooker(client) {
    const listed = new Map();
    let stale = false;
    let quiet = 0;
    let checks = 0;
    const readList = async (ids, call) => {
        const found = await onPages(client, ids, call);
        const moved = [...found.values()].filter((batch) => {
            const state = look_stateOf(batch);
            const before = listed.get(batch.id);
            listed.set(batch.id, state);
            return before !== state;
        });
        quiet = moved.length > 0 ? 0 : quiet + 1;
        if (moved.length > 0)
            checks = 0;
        return found;
    };
    /** Compares the list with a retrieve of one of its batches. */
    const check = async (found, { last, ...call }) => {
        const [sample] = found.values();
        if (sample === undefined || decideListCheck(quiet, checks, last).decision === "trust")
            return;
        quiet = 0;
        checks += 1;
        const look = await retrieve(client, sample.id, call);
        if (look.state !== "seen")
            return;
        stale = look_stateOf(look.batch) !== look_stateOf(sample);
        if (stale)
            found.clear();
        found.set(sample.id, look.batch);
    };
    return {
        async look(ids, { last, ...call }) {
            const looks = new Map();
            if (ids.length > fewest && !stale) {
                const found = await readList(ids, call);
                await check(found, { ...call, last });
                for (const [id, batch] of found)
                    looks.set(id, { state: "seen", batch });
            }
            for (const id of ids) {
                if (!looks.has(id))
                    looks.set(id, await retrieve(client, id, call));
            }
            return looks;
        },
    };
}
/** Whatever of a batch changes while it runs. */
function look_stateOf({ status, request_counts: counts, output_file_id, error_file_id }) {
    return [status, counts?.completed, counts?.failed, output_file_id, error_file_id].join(" ");
}
async function retrieve(client, id, call) {
    try {
        return { state: "seen", batch: await client.batches.retrieve(id, call) };
    }
    catch (error) {
        if (error instanceof errors/* DeadlineError */.j3)
            return { state: "held" };
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return { state: "failed", error };
    }
}
async function onPages(client, ids, call) {
    const wanted = new Set(ids);
    const found = new Map();
    // As many pages as they would fill, and one for those of others among them.
    let left = Math.ceil(ids.length / largestPage) + 1;
    try {
        let page = await client.batches.list({ limit: largestPage }, call);
        while (page !== undefined) {
            for (const batch of page.data)
                if (wanted.has(batch.id))
                    found.set(batch.id, batch);
            left -= 1;
            page = found.size === wanted.size || left === 0 ? undefined : await page.getNextPage();
        }
    }
    catch (error) {
        // A server without a list, or a list that fails today: each batch can still be retrieved.
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
    }
    return found;
}

;// CONCATENATED MODULE: ./lib/batch/follow/watch.js



function createWatch(client, onEvent = () => undefined) {
    const looker = createLooker(client);
    const followed = new Map();
    const watching = {
        followed,
        lost: new Map(),
        now: () => client.clock.now(),
        onEvent,
        stopped: undefined,
    };
    const open = () => [...followed].filter(([, { ended }]) => !ended);
    return {
        add(id, batch) {
            const ended = batch !== undefined && (0,batch_status/* isTerminal */.Hd)(batch);
            followed.set(id, { batch, ended, held: false, failures: undefined });
        },
        drop(id) {
            followed.delete(id);
        },
        async look(options) {
            const ids = open().flatMap(([id, { held }]) => (held ? [] : [id]));
            const ended = [];
            for (const [id, look] of await looker.look(ids, options)) {
                if (watch_take(watching, id, look) && look.state === "seen")
                    ended.push(look.batch);
            }
            return ended;
        },
        batches: () => [...followed.values()].flatMap(({ batch }) => batch ?? []),
        following: () => open().map(([id]) => id),
        isHeld: () => open().length > 0 && open().every(([, { held }]) => held),
        lost: watching.lost,
        stopped: () => watching.stopped,
    };
}
/** Takes in what a look showed; `true` for a batch that has ended since the look before. */
function watch_take(watching, id, look) {
    const one = watching.followed.get(id);
    if (one === undefined)
        return false;
    if (look.state === "seen") {
        one.batch = look.batch;
        one.failures = undefined;
        one.ended = (0,batch_status/* isTerminal */.Hd)(look.batch);
        return one.ended;
    }
    if (look.state === "held")
        one.held = true;
    else
        miss(watching, id, one, look.error);
    return false;
}
function miss(watching, id, one, error) {
    const now = watching.now();
    const before = one.failures?.status === error.status ? one.failures : undefined;
    const count = (before?.count ?? 0) + 1;
    const since = before?.since ?? now;
    one.failures = { status: error.status, count, since };
    const seen = one.batch !== undefined;
    const { decision } = decideAfterFailedLook({ error, seen, inARow: count, since: now - since });
    if (decision === "stop")
        watching.stopped = error;
    if (decision === "go on" || decision === "stop") {
        watching.onEvent({ type: "poll-failed", batchId: id, error });
        return;
    }
    watching.lost.set(id, error);
    one.ended = true;
    watching.onEvent({ type: decision === "gone" ? "gone" : "unknown-id", batchId: id, error });
}

;// CONCATENATED MODULE: ./lib/batch/run/cancel-at-timeout.js






/** Milliseconds that the cancels at a timeout may take. */
const cancel_at_timeout_timeToCancel = 120_000;
/** Milliseconds that a job waits beyond its timeout for the results of what it has cancelled. */
const timeToSettle = 120_000;
/** Cancels what of a job has not ended when its timeout has come, and waits for what they have. */
async function cancelAtTimeout(client, known, options) {
    const { signal, unseen = [], metadata = {}, settle, onEvent } = options;
    const ids = [...unseen];
    for (const one of known) {
        if ((0,batch_status/* isTerminal */.Hd)(one.batch))
            continue;
        const { decision, why } = decideCancelAtTimeout(one, hasAll(one.batch, metadata));
        if (decision === "cancel")
            ids.push(one.batch.id);
        else if (one.batch.status !== "cancelling") {
            onEvent?.({ type: "left-running", batchId: one.batch.id, why });
        }
    }
    const deadline = client.clock.now() + cancel_at_timeout_timeToCancel;
    const cancel = { signal, deadline, onEvent, why: "the time was up" };
    const { batches, failures } = await cancelBatches(client, ids, cancel);
    const open = known.filter(({ batch }) => batch.status === "cancelling");
    const all = [...batches, ...open.map(({ batch }) => batch)];
    return {
        cancelled: batches.map(({ id }) => id),
        batches: settle ? await settled(client, all, { signal, onEvent }) : all,
        failures,
    };
}
/** Whether a batch carries what this job would give it, its key and the value of its create apart. */
function hasAll(batch, metadata) {
    const wanted = Object.entries(metadata).filter(([name]) => name !== create_key/* keyName */.xT && name !== create_key/* creationName */.ZV);
    return wanted.length > 0 && wanted.every(([name, value]) => batch.metadata?.[name] === value);
}
/** What a cancelled batch has was paid for, and is there once it has ended: within ten minutes, often within seconds. */
async function settled(client, batches, { signal, onEvent }) {
    if (batches.every(batch_status/* isTerminal */.Hd))
        return batches;
    const watch = createWatch(client, onEvent);
    for (const batch of batches)
        watch.add(batch.id, batch);
    await follow(client, watch, emptyQueue, {
        signal,
        deadline: client.clock.now() + timeToSettle,
        pollInterval: 1_000,
        maxPollInterval: 5_000,
    });
    return watch.batches();
}

;// CONCATENATED MODULE: ./lib/batch/run/earlier-batches.js
















const noEarlierBatches = {
    batches: [],
    settled: new Set(),
    listed: undefined,
};
/**
 * Finds the batches of the same work, however it was divided. With a cache what is left to be sent differs
 * from attempt to attempt, and so do the keys of its parts: a batch of an earlier attempt that may still run
 * would not be found by them, and what it holds would be paid for twice.
 *
 * @throws {APIError} `look_up_incomplete` when it cannot be read what one of them holds
 */
async function findEarlierBatches(client, scan, { options, missing, ...call }) {
    const { idempotencyKey, reuseExisting = true, mayExist = true, retryFailed = 0 } = options;
    if (idempotencyKey === undefined || !reuseExisting)
        return noEarlierBatches;
    const listed = await readListed(client, mayExist, call);
    await earlier_batches_refuseBesideStrangers(client, scan, listed, { options, missing, ...call });
    const isOurs = sameWork(scan, options);
    const { items, incomplete } = listed.reading;
    const family = items.filter(isOurs);
    const known = family.length === 0 ? new Map() : knownParts(scan, options, missing);
    const holders = async (some) => {
        const found = [];
        for (const [key, twins] of Map.groupBy(some, earlier_batches_keyOf)) {
            const batch = (0,create/* chooseAdoptable */.Gx)(twins, retryFailed > 0);
            if (batch === undefined || isDivided(batch, some))
                continue;
            const unseen = (0,create/* decideAmongUnseen */.xT)(batch, incomplete);
            if (unseen.decision === "stop")
                throw notSeen(key, unseen.why);
            const requests = known.get(key) ?? (await heldBy(client, scan, batch, { options, call }));
            const { decision, why } = decideEarlier(batch, requests === undefined);
            if (requests === undefined || decision === "stop")
                throw notRead(why);
            known.set(key, requests);
            found.push({ key, batch, round: (0,create_key/* roundOf */.O7)(key)?.round ?? 0, requests });
        }
        return found;
    };
    let batches = await holders(family);
    if (overlap(batches)) {
        // A list that lags shows what is over as running.
        const now = [];
        for (const batch of family) {
            now.push((0,batch_status/* isTerminal */.Hd)(batch) ? batch : await asItIs(client, batch, call));
        }
        batches = await holders(now);
    }
    return { batches, settled: new Set(family.map(({ id }) => id)), listed };
}
/** Whether what a batch was turned away with has been sent in halves since. */
function isDivided(batch, family) {
    return (0,create/* ranNothing */.VT)(batch) && family.some((other) => (0,create_key/* isHalfOf */.Bo)(earlier_batches_keyOf(other), earlier_batches_keyOf(batch)));
}
function earlier_batches_keyOf({ metadata }) {
    return metadata?.[create_key/* keyName */.xT] ?? "";
}
/** Whether a batch is of the same work: of the same input, under a key of the same kind. */
function sameWork(scan, options) {
    const endpoint = options.endpoint ?? scan.endpoint ?? "";
    const { ownKey, content } = ownKeyOptions(scan.hash, endpoint, options);
    const [whole] = partsToCreate(scan, [wholePart(scan, [0])], { ...options, round: 0 });
    const work = (0,create_key/* workOf */.LT)(whole?.key ?? "");
    return (batch) => {
        if ((0,create_key/* contentOfCreation */.Uu)(batch) !== content)
            return false;
        const key = earlier_batches_keyOf(batch);
        return ownKey === undefined ? (0,create_key/* workOf */.LT)(key) === work : (0,create_key/* isOfOwnKey */.Bx)(key, ownKey);
    };
}
/** What the parts hold that an attempt has made which found in its cache nothing, or the same as this one. */
function knownParts(scan, options, missing) {
    const { limits } = options;
    const known = new Map();
    for (const [parts, rest] of [
        [splitInput(scan, limits), false],
        [splitInput(scan, limits, missing), true],
    ]) {
        const keyed = { ...options, round: 0 };
        for (const [index, { key }] of partsToCreate(scan, parts, { ...keyed, rest }).entries()) {
            const part = parts[index];
            if (key !== undefined && part !== undefined)
                known.set(key, [...requestsOf(scan, part)]);
        }
    }
    return known;
}
/**
 * On a server that keeps no metadata nothing but its requests tells whose a batch is.
 *
 * @throws {APIError} `look_up_incomplete` when one may hold what is to be sent
 */
async function earlier_batches_refuseBesideStrangers(client, scan, { strangers }, { options, missing, ...call }) {
    const input = new line_reader/* LineReader */.u(scan.files);
    const wanted = new Set(missing);
    const isOurs = (bytes) => {
        const request = requestIn(scan, bytes);
        if (request === undefined || !wanted.has(request))
            return false;
        return input.readIfThere(scan.lines.place(request))?.equals(bytes) === true;
    };
    const part = (options.retryFailed ?? 0) > 0;
    try {
        for (const batch of strangers.values()) {
            if (!(0,create/* isWorthTaking */.f8)(batch, part))
                continue;
            let ours = 0;
            const onLine = (bytes) => (ours += isOurs(bytes) ? 1 : 0);
            const read = await earlier_batches_readInput(client, batch, { options, call, onLine });
            const { decision, why } = decideBesideUnnamed(batch, read ? ours : undefined);
            if (decision === "stop")
                throw notRead(why);
        }
    }
    finally {
        input.close();
    }
}
function requestIn(scan, bytes) {
    const id = customIdOf(bytes);
    return id === undefined ? undefined : scan.ids.numberOf(id);
}
/** What a batch holds, by its input file; `undefined` where that cannot be told. */
async function heldBy(client, scan, batch, reading) {
    const found = [];
    const onLine = (bytes) => found.push(requestIn(scan, bytes));
    if (!(await earlier_batches_readInput(client, batch, { ...reading, onLine })))
        return undefined;
    const requests = found.filter((request) => request !== undefined);
    const isWhole = requests.length > 0 && requests.length === found.length;
    const models = new Set(requests.map((request) => scan.lines.tag(request)));
    return isWhole && models.size === 1 ? requests.toSorted((a, b) => a - b) : undefined;
}
/** Reads the requests of a batch from the server; `false` where it is not known that all of them were read. */
async function earlier_batches_readInput(client, batch, { options, call, onLine }) {
    const path = (0,external_node_path_.join)(options.temporaryFolder ?? (0,external_node_os_.tmpdir)(), `batch-input-${(0,external_node_crypto_.randomUUID)()}.jsonl`);
    try {
        const length = await fetchInputFile(client, batch.input_file_id, { path, call });
        const seen = { length, requests: 0, unreadable: 0 };
        await (0,input_lines/* forEachLine */.FF)(path, ({ bytes }) => {
            if ((0,input_lines/* isBlank */.z3)(bytes))
                return;
            seen.requests += 1;
            if (customIdOf(bytes) === undefined)
                seen.unreadable += 1;
            onLine(bytes);
        });
        return decideInputOrder(batch, seen).decision === "use";
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        call.signal?.throwIfAborted();
        return false;
    }
    finally {
        await (0,promises_.rm)(path, { force: true });
    }
}
function notRead(why) {
    return new errors/* APIError */.LG(`${why}. The requests were not sent again, because that could pay twice. Wait for that batch (\`operation: wait\` with its id), or create one whatever is there (\`reuse-existing: false\`).`, { code: "look_up_incomplete" });
}

;// CONCATENATED MODULE: ./lib/batch/run/part-sizes.js

/** Nothing is counted before somebody asks; then the input is, once. */
function sizesOf(scan, parts, { endpoint, signal }) {
    let perByte;
    const count = async () => {
        const { models } = await estimateTokens(scan, { endpoint, signal });
        return new Map(models.map(({ model, input, bytes }) => [model, input / Math.max(1, bytes)]));
    };
    return {
        modelOf: (part) => parts[part]?.model ?? "",
        async tokensOf(index) {
            perByte ??= await count();
            const part = parts[index];
            return part === undefined ? 0 : Math.round(part.bytes * (perByte.get(part.model) ?? 0));
        },
    };
}

;// CONCATENATED MODULE: ./lib/batch/run/halving.js


/** Divides parts; what a half is accounted for is what it sends. */
function halving(scan, { parts, sent, toCreate }) {
    return (part) => {
        const whole = sent[part];
        const halves = whole && halve(scan, whole);
        if (halves === undefined)
            return undefined;
        const key = toCreate[part]?.key;
        const made = (half, number) => ({
            key: key && (0,create_key/* halfKeyOf */.ih)(key, number),
            input: partSource(scan, half),
            requests: half.requests,
        });
        const [first, second] = halves;
        const pair = [made(first, 1), made(second, 2)];
        for (const half of halves)
            parts.push({ ...half, index: parts.length });
        sent.push(...halves);
        toCreate.push(...pair);
        return pair;
    };
}

;// CONCATENATED MODULE: ./lib/batch/run/plan.js




/**
 * Plans a round: what batches of earlier attempts hold stays with them, and the rest is divided anew.
 *
 * @param wanted the numbers of the requests that the round is for; `undefined` for all of them
 */
function planRound(scan, options, { round, wanted, earlier }) {
    const { limits } = options;
    const asked = new Set(wanted);
    const isWanted = (request) => wanted === undefined || asked.has(request);
    const shares = shareOut(earlier.batches.filter((one) => one.round === round), isWanted).toSorted((a, b) => plan_firstOf(a.holder) - plan_firstOf(b.holder));
    const taken = shares.map(({ holder }) => holder);
    // What a batch of a later round holds is taken with that round.
    const later = round === 0 ? [] : earlier.batches.filter((one) => one.round > round);
    const held = new Set([...taken, ...later].flatMap(({ requests }) => requests));
    const rest = held.size === 0 ? wanted : withoutHeld(scan, wanted, held);
    const old = taken.map(({ requests }) => wholePart(scan, requests));
    const left = shares.map((share) => wholePart(scan, share.left));
    const keyOf = ({ index }) => taken[index]?.key ?? "";
    const made = splitInput(scan, limits, rest);
    const toCreate = [
        ...partsToCreate(scan, left, { round, idempotencyKey: keyOf }),
        ...partsToCreate(scan, made, { ...options, round, rest: rest !== undefined }),
    ];
    const parts = [...old, ...made].map((part, index) => ({ ...part, index }));
    const sent = [...left, ...made];
    const halve = halving(scan, { parts, sent, toCreate: [...toCreate] });
    return { round, parts, sent, toCreate, halve };
}
/** Batches stand in the order of the input, and not in that of the server's list. */
function plan_firstOf({ requests }) {
    return requests[0] ?? 0;
}
/**
 * The next round in which there is something to do for these requests. Of a round whose batch took no money
 * along an earlier attempt has left nothing, and the batch of the round behind it holds what was to be sent.
 */
function nextRound(round, wanted, { batches }) {
    const asked = new Set(wanted);
    const left = batches.filter((one) => one.round >= round && one.requests.some((request) => asked.has(request)));
    const held = new Set(left.flatMap(({ requests }) => requests));
    const all = wanted.every((request) => held.has(request));
    return all && left.length > 0 ? Math.min(...left.map((one) => one.round)) : round;
}
function withoutHeld(scan, wanted, held) {
    const all = wanted ?? Array.from({ length: scan.requests }, (_, request) => request);
    return all.filter((request) => !held.has(request));
}

;// CONCATENATED MODULE: ./lib/batch/run/part-list.js
function createPartList(parts, halve = () => undefined) {
    const all = [...parts];
    let order = [...all.keys()];
    return {
        all,
        order: () => order,
        halve(part) {
            const halves = halve(part);
            if (halves === undefined)
                return undefined;
            const numbers = [all.length, all.length + 1];
            all.push(...halves);
            order = order.flatMap((one) => (one === part ? numbers : [one]));
            return numbers;
        },
    };
}

;// CONCATENATED MODULE: ./lib/batch/rules/queue.js

/** How OpenAI names the limit: `Limit: 90,000 enqueued tokens.` */
const queue_named = /\blimit:?\s*(\d[\d,]*)\s+enqueued tokens/i;
/** How many tokens a model's batches may have enqueued, where the server's words name it. */
function enqueuedLimitIn(words) {
    const digits = queue_named.exec(words)?.[1]?.replaceAll(",", "");
    return digits === undefined ? undefined : Number(digits);
}
/**
 * Whether a part is sent now. Beside nothing of our own it is: the estimate may be wrong, others' batches
 * may have been in the way, and a batch that is turned away costs nothing.
 */
function decideSendPart({ limit, enqueued, tokens, }) {
    if (limit === undefined)
        return { decision: "send", why: "no limit is known" };
    if (enqueued === 0)
        return { decision: "send", why: "nothing of this job is enqueued" };
    return enqueued + tokens <= limit
        ? { decision: "send", why: "there is room for it" }
        : {
            decision: "hold",
            why: `it has about ${(0,format/* plural */.LS)(tokens, "token")}, about ${(0,format/* formatCount */.B4)(enqueued)} are enqueued, and the server allows ${(0,format/* formatCount */.B4)(limit)}`,
        };
}
/** How often a part that is turned away is tried again when no other of the same job is in flight. */
const maxAlone = 5;
/**
 * What becomes of a part that was turned away.
 *
 * - `wait`: room comes when others end, of this job or of the same account
 * - `halve`: it is too large for the limit that the server names, or has found no room for half an hour in
 *   which nothing of this job was in its way: the limit may not be named, and what images hold is not estimated
 * - `too large`: it is a single request that is larger than the limit; others may still fit
 * - `give up`: no room was found, and nothing is left to be divided
 */
function decideTurnedAway({ limit, enqueued, tokens, inFlight, alone, parts, requests, }) {
    if (limit !== undefined && enqueued === 0 && tokens > limit) {
        const why = `it has about ${(0,format/* plural */.LS)(tokens, "token")}, and the server allows ${(0,format/* formatCount */.B4)(limit)} enqueued tokens of its model`;
        return { decision: requests > 1 ? "halve" : "too large", why };
    }
    if (inFlight > 0)
        return { decision: "wait", why: "others of this job are in flight" };
    const why = `it was turned away ${(0,format/* plural */.LS)(alone, "time")} with nothing of this job in flight`;
    if (parts > 1 && alone <= maxAlone)
        return { decision: "wait", why };
    // Of the only part of a job it is told at once: whoever waits for it may be the one to make room.
    return { decision: parts > 1 && requests > 1 ? "halve" : "give up", why };
}
/**
 * Whether the parts that have no batch yet are sent after a create has failed. A create that lost its answer
 * may have been paid for, and the next ones may end as it did: they wait until its batch is found.
 */
function decideSendFurther({ refused, unknown, }) {
    if (refused)
        return { decision: "hold", why: "a create was refused, and the next may be as well" };
    return unknown > 0
        ? { decision: "hold", why: "whether a create has made a batch is not known" }
        : { decision: "send", why: "the batch of every create is known" };
}

;// CONCATENATED MODULE: ./lib/batch/run/room.js

function createRoom({ sizes, onEvent }) {
    const limits = new Map();
    const told = new Set();
    const roomFor = async (part, inFlight) => sizes === undefined ? unlimited : measure(part, inFlight, { sizes, limits });
    return {
        roomFor,
        learn(part, words) {
            const limit = enqueuedLimitIn(words.join(" "));
            if (limit !== undefined && sizes !== undefined)
                limits.set(sizes.modelOf(part), limit);
        },
        async next(waiting, inFlight) {
            if (limits.size === 0)
                return waiting[0];
            for (const part of waiting) {
                const { decision, why } = decideSendPart(await roomFor(part, inFlight()));
                if (decision === "send")
                    return part;
                if (!told.has(part))
                    onEvent?.({ type: "no-room", part, why });
                told.add(part);
            }
            return undefined;
        },
    };
}
const unlimited = { limit: undefined, enqueued: 0, tokens: 0 };
async function measure(part, inFlight, { sizes, limits }) {
    const model = sizes.modelOf(part);
    const limit = limits.get(model);
    if (limit === undefined)
        return unlimited;
    let enqueued = 0;
    for (const other of inFlight) {
        if (sizes.modelOf(other) === model)
            enqueued += await sizes.tokensOf(other);
    }
    return { limit, enqueued, tokens: await sizes.tokensOf(part) };
}

;// CONCATENATED MODULE: ./lib/batch/run/queue.js




/** A part is tried again this long after it was turned away, then twice as long, up to the longest. */
const firstHold = 60_000;
const longestHold = 15 * 60_000;
/**
 * Sends the parts of a round, no more than `maxActive` at once. A part that the server has no room for
 * (`token_limit_exceeded`, at the create or minutes later in a failed batch) waits until others have
 * ended or a pause is over, and goes again; none is dropped. Once the server has named its limit, only what
 * fits beside those in flight is sent, and a part that is larger than the limit is divided. When a create
 * fails for good no further one is made.
 */
function createPartQueue(client, options) {
    const { clock } = client;
    const { creator, watch, parts } = options;
    const maxActive = options.maxActive > 0 ? options.maxActive : Number.POSITIVE_INFINITY;
    const queue = {
        ...options,
        now: () => clock.now(),
        known: parts.all.map(() => undefined),
        unknown: new Set(),
        due: new Set(),
        alone: new Map(),
        waiting: parts.order(),
        room: createRoom(options),
        blocked: false,
        failure: undefined,
        hold: firstHold,
        heldUntil: 0,
    };
    const isFull = () => watch.following().length >= maxActive;
    return {
        known: queue.known,
        unknown: queue.unknown,
        due: queue.due,
        failure: () => queue.failure,
        async found(part, one) {
            queue_take(queue, part, one);
            goOn(queue);
            // It has ended already: no look will tell of that.
            if ((0,create/* isTurnedAway */.n7)(one.batch))
                await end(queue, one.batch);
        },
        async send({ deadline }) {
            while (queue.waiting.length > 0 && !isFull() && clock.now() >= queue.heldUntil) {
                const part = await queue.room.next(queue.waiting, () => inFlight(queue));
                queue.blocked = part === undefined;
                if (part === undefined)
                    return;
                queue.waiting = queue.waiting.filter((other) => other !== part);
                try {
                    const one = await creator.create(part);
                    queue_take(queue, part, one);
                    // It may have ended before its lost create was found: no look will tell of that.
                    if (one.provenance === "created" && (0,create/* isTurnedAway */.n7)(one.batch))
                        await end(queue, one.batch);
                }
                catch (error) {
                    if (!(error instanceof errors/* APIError */.LG))
                        throw error;
                    await fail(queue, part, error, deadline);
                }
            }
        },
        async ended(batches) {
            for (const batch of batches)
                await end(queue, batch);
        },
        isEmpty: () => queue.waiting.length === 0,
        nextAt() {
            const waits = queue.waiting.length === 0 || isFull();
            const isBlocked = queue.blocked && watch.following().length > 0;
            return waits || isBlocked ? Number.POSITIVE_INFINITY : queue.heldUntil;
        },
    };
}
/** The parts whose batches have not ended. */
function inFlight({ known, watch }) {
    const open = new Set(watch.following());
    return known.flatMap((one, part) => (one !== undefined && open.has(one.batch.id) ? [part] : []));
}
function queue_take(queue, part, one) {
    const { known, unknown, due, watch } = queue;
    const before = known[part];
    if (before !== undefined)
        watch.drop(before.batch.id);
    known[part] = one;
    unknown.delete(part);
    due.delete(part);
    watch.add(one.batch.id, one.batch);
}
/** Whether a part that the server had no room for goes again, as a whole or in halves; says what it does. */
async function goesAgain(queue, part, cause) {
    const { watch, alone, parts, room } = queue;
    const inFlight = watch.following().length;
    if (inFlight === 0)
        alone.set(part, (alone.get(part) ?? 0) + 1);
    const { decision, why } = decideTurnedAway({
        ...(await room.roomFor(part, othersInFlight(queue, part))),
        inFlight,
        alone: alone.get(part) ?? 0,
        parts: parts.order().length,
        requests: parts.all[part]?.requests ?? 1,
    });
    if (decision === "wait")
        holdBack(queue, part);
    if (decision === "wait" || (decision === "halve" && queue_halve(queue, part, why)))
        return true;
    // The parts behind it may be smaller: only this one is not sent.
    if (decision === "too large")
        queue.failure ??= tooLarge(part, why, cause);
    return decision === "too large";
}
function othersInFlight(queue, part) {
    return inFlight(queue).filter((other) => other !== part);
}
function tooLarge(part, why, cause) {
    const { code, status, requestID, type, param, headers } = cause;
    return new errors/* APIError */.LG(`Batch ${part + 1} is a single request and cannot be sent: ${why}. Make the request smaller, or ask for a higher limit. ${cause.message}`, { code, status, requestID, type, param, headers, cause });
}
/** Puts two halves in the place of a part; `false` where it cannot be divided. */
function queue_halve(queue, part, why) {
    const { parts, known, watch, onEvent } = queue;
    const halves = parts.halve(part);
    if (halves === undefined)
        return false;
    const id = known[part]?.batch.id;
    const batch = watch.batches().find((one) => one.id === id);
    if (id !== undefined)
        watch.drop(id);
    known[part] = undefined;
    queue.due.delete(part);
    known.push(undefined, undefined);
    const requests = halves.map((half) => parts.all[half]?.requests);
    onEvent?.({ type: "halved", part, halves, requests, batch, why });
    wait(queue, ...halves);
    return true;
}
function holdBack(queue, part) {
    queue.heldUntil = queue.now() + queue.hold;
    queue.onEvent?.({ type: "held-back", part, pause: queue.hold });
    queue.hold = Math.min(longestHold, queue.hold * 2);
    queue.due.add(part);
    wait(queue, part);
}
function wait(queue, ...added) {
    const waiting = new Set([...queue.waiting, ...added]);
    queue.waiting = queue.parts.order().filter((part) => waiting.has(part));
}
async function fail(queue, part, error, deadline) {
    if (error instanceof SentInHalvesError && queue_halve(queue, part, error.why))
        return;
    if (error.code === "token_limit_exceeded") {
        queue.room.learn(part, [error.message]);
        if (await goesAgain(queue, part, error))
            return;
    }
    if (error instanceof errors/* UnknownOutcomeError */.rk)
        queue.unknown.add(part);
    // What the time does not suffice for is unsent, which the timeout judges: nothing has gone wrong.
    if (error instanceof errors/* DeadlineError */.j3 && deadline !== undefined) {
        if (queue.now() < deadline)
            queue.onEvent?.({ type: "put-off", part, error });
        wait(queue, part);
        queue.heldUntil = Number.POSITIVE_INFINITY;
        return;
    }
    queue.failure = error;
    if (!sendsFurther(queue))
        queue.waiting = [];
}
function sendsFurther({ failure, unknown }) {
    const refused = failure !== undefined && !(failure instanceof errors/* UnknownOutcomeError */.rk);
    return decideSendFurther({ refused, unknown: unknown.size }).decision === "send";
}
/** Sends what a create without a known outcome has kept waiting, now that its batch is found. */
function goOn(queue) {
    const { failure, parts, known, due } = queue;
    if (failure === undefined || !sendsFurther(queue))
        return;
    queue.failure = undefined;
    wait(queue, ...parts.order().filter((part) => known[part] === undefined || due.has(part)));
}
async function end(queue, batch) {
    const part = queue.known.findIndex((one) => one?.batch.id === batch.id);
    queue.blocked = false;
    if (part !== -1 && (0,create/* isTurnedAway */.n7)(batch)) {
        const words = (batch.errors?.data ?? []).map(queue_wordsOf);
        queue.room.learn(part, words);
        const error = new errors/* APIError */.LG(words.join(" "), { code: "token_limit_exceeded" });
        if (await goesAgain(queue, part, error))
            return;
    }
    if (queue.heldUntil !== Number.POSITIVE_INFINITY) {
        queue.hold = firstHold;
        queue.heldUntil = 0;
    }
}
function queue_wordsOf({ message }) {
    return message;
}

;// CONCATENATED MODULE: ./lib/batch/run/round.js









/**
 * Creates the batches of a round's parts and follows them to their end, or to the deadline.
 *
 * @throws {APIError} when it cannot be seen what is there already
 * @throws the signal's reason when it aborts; nothing is cancelled then
 */
async function runRound(client, parts, options) {
    const lostCreates = new Map();
    const onEvent = (event) => {
        if (event.type === "outcome-unknown")
            lostCreates.set(event.part, event.creation);
        options.onEvent?.(event);
    };
    const list = createPartList(parts, options.halve);
    const creator = await openCreator(client, list.all, { ...options, onEvent });
    const watch = createWatch(client, onEvent);
    const queue = createPartQueue(client, {
        creator,
        watch,
        parts: list,
        maxActive: options.maxActive,
        sizes: options.sizes,
        onEvent,
    });
    const waiting = {
        ...options,
        onEvent(event) {
            if (event.type !== "polled")
                onEvent(event);
            else {
                onEvent({ ...event, batches: [...options.before, ...inOrder(queue, list, event.batches)] });
            }
        },
    };
    let ended = await follow(client, watch, queue, waiting);
    while (ended.end === "ended" && (await findLost(client, queue, lostCreates, waiting))) {
        ended = await follow(client, watch, queue, waiting);
    }
    const latest = new Map(watch.batches().map((batch) => [batch.id, batch]));
    const order = list.order();
    const known = order.map((part) => queue.known[part]);
    const placesOf = (parts) => new Set([...order.keys()].filter((place) => parts.has(order[place] ?? -1)));
    return {
        order,
        known: known.map((one) => one && { ...one, batch: latest.get(one.batch.id) ?? one.batch }),
        unknown: placesOf(queue.unknown),
        due: placesOf(queue.due),
        end: ended.end,
        lost: watch.lost,
        failure: ended.end === "stopped" ? ended.error : queue.failure(),
    };
}
/** What is known of a round's batches, in the order of its parts. */
function inOrder({ known }, parts, seen) {
    const latest = new Map(seen.map((batch) => [batch.id, batch]));
    return parts.order().flatMap((part) => {
        const one = known[part];
        return one === undefined ? [] : (latest.get(one.batch.id) ?? one.batch);
    });
}
/** By the time that others have ended, the list may show a batch whose create was lost; `true` when one was found. */
async function findLost(client, queue, creations, options) {
    let found = false;
    for (const part of [...queue.unknown]) {
        const creation = creations.get(part);
        if (creation === undefined)
            continue;
        const { signal, deadline, round = 0, onEvent } = options;
        const looked = await lookForBatches(client, (batch) => isOwnCreation(batch, creation), {
            since: creation.since,
            pauses: [0],
            signal,
            deadline,
        });
        const batch = looked.state === "found" ? (0,create/* chooseOwn */.q4)(looked.found) : undefined;
        if (batch === undefined)
            continue;
        const takenAs = batch.status;
        const known = { batch, provenance: "created", takenAs, requests: undefined, round };
        const kept = { ...creation, keep: batch.id };
        onEvent?.({ type: "created", part, known, creation: kept, found: true });
        await queue.found(part, known);
        found = true;
        // A create that was sent twice may have made another one, which nobody waits for.
        const settled = await cancelExtras(client, kept, { signal, deadline, onEvent });
        if (settled)
            onEvent?.({ type: "settled", creation: kept });
    }
    return found;
}

;// CONCATENATED MODULE: ./lib/batch/run/job.js















/** Milliseconds that results may take beyond the timeout: they were paid for. */
const job_timeToCollect = 10 * 60_000;
function openJob(client, scan, options) {
    const { retryFailed = 0, timeout } = options;
    const cached = openCachedInput(client, scan, options);
    const deadline = timeout === undefined ? undefined : client.clock.now() + timeout;
    const { signal, temporaryFolder, onEvent, answersFile, rejectAnswers, prices } = options;
    const collection = openCollection(client, {
        input: scan,
        deadline: deadline === undefined ? undefined : deadline + job_timeToCollect,
        ...{ signal, temporaryFolder, onEvent, answersFile, rejectAnswers, prices },
        keeperOf: (batch) => cached?.keeperOf(ledger.known.find((one) => one.batch.id === batch.id)),
    });
    const ledger = newLedger();
    const run = {
        client,
        scan,
        options,
        deadline,
        collection,
        cached,
        ledger,
        collects: asksForLines(options) || cached !== undefined || retryFailed > 0,
    };
    return {
        run: async () => runRounds(run),
        async result() {
            const batches = ledger.known.map(({ batch }) => batch);
            const unread = run.collects ? collection.nothingRead() : undefined;
            if (unread !== undefined)
                ledger.failures.push(unread);
            const { parts, superseded, cancelled, timedOut, unsent, unknown, failures } = ledger;
            return {
                batches,
                parts,
                superseded,
                done: decideDone({ ...ledger, batches, complete: ledger.complete && unsent + unknown === 0 })
                    .decision === "done",
                timedOut,
                reused: ledger.known.some(({ provenance }) => provenance === "adopted"),
                results: run.collects && unread === undefined && (batches.some(batch_status/* isTerminal */.Hd) || ledger.cached > 0)
                    ? await collection.write(options)
                    : undefined,
                cached: ledger.cached,
                unsent,
                unknown,
                cancelled,
                failures,
            };
        },
        close: async () => collection.close(),
    };
}
function newLedger() {
    return {
        known: [],
        parts: new Map(),
        superseded: new Set(),
        cancelled: new Set(),
        failures: [],
        cached: 0,
        unsent: 0,
        unknown: 0,
        timedOut: false,
        complete: false,
    };
}
/** Whether anything is asked for that only the result lines have. */
function asksForLines({ outputFile, errorFile, answersFile, rejectAnswers }) {
    const files = [outputFile, errorFile, answersFile];
    return files.some((file) => file !== undefined) || (rejectAnswers ?? []).length > 0;
}
async function runRounds(run) {
    const { client, scan, options, collection, ledger } = run;
    const { retryFailed = 0, onEvent } = options;
    const only = await takeCached(run);
    // What the cache has costs nothing.
    const budget = await openBudget(client, scan, options, only);
    const earlier = await findEarlier(run, only).catch((error) => {
        if (ledger.cached === 0 || !(error instanceof errors/* APIError */.LG))
            throw error;
        sendNothing(run, only, error);
        return undefined;
    });
    if (earlier === undefined)
        return;
    let result = await oneRound(run, { round: 0, wanted: only, earlier });
    let rounds = retryFailed;
    for (let round = 1; retryFailed > 0 && isComplete(result); round += 1) {
        const known = result.known.filter((one) => one !== undefined);
        // A round of an earlier run that ended early is taken for its answers, and is none of this run's.
        if (known.some(isTakenInPart))
            rounds += 1;
        const again = collection.resendable();
        // Rounds of an earlier run are none of this one's either.
        const ahead = nextRound(round, again, earlier);
        rounds += ahead - round;
        round = ahead;
        const cancelled = known.find(wasCancelledMeanwhile)?.batch;
        const next = decideRetryRound({ round, rounds, resendable: again.length, cancelled });
        if (next.decision === "end") {
            if (again.length > 0) {
                onEvent?.({ type: "no-retry-round", requests: again.length, why: next.why });
            }
            return;
        }
        const cost = await budget?.allows(again, collection.spent());
        if (cost?.decision === "end") {
            onEvent?.({ type: "over-budget", requests: again.length, why: cost.why });
            return;
        }
        onEvent?.({ type: "retry-round", round, requests: again.length });
        try {
            result = await oneRound(run, { round, wanted: again, earlier });
        }
        catch (error) {
            // The answers that there are were paid for, also where the input cannot be read any more.
            if (!(error instanceof errors/* APIError */.LG) && !(0,disk_error/* isOfSystem */.bV)(error))
                throw error;
            ledger.failures.push(error);
            ledger.complete = false;
            return;
        }
    }
}
/** The numbers of the requests that are to be sent; `undefined` for all of them. */
async function takeCached(run) {
    const { cached, collection, ledger } = run;
    if (cached === undefined)
        return undefined;
    ledger.cached = await cached.take(collection);
    return ledger.cached === 0 ? undefined : collection.uncached();
}
/** The round of an input that the cache has answered as a whole. */
const nothingToSend = {
    order: [],
    known: [],
    unknown: new Set(),
    due: new Set(),
    end: "ended",
    lost: new Map(),
    failure: undefined,
};
function isComplete({ end, failure, lost }) {
    return end === "ended" && failure === undefined && lost.size === 0;
}
/** It is not known what is there already: what the cache has not answered is not sent. */
function sendNothing({ scan, options, collection, ledger }, only, error) {
    ledger.failures.push(error);
    const parts = splitInput(scan, options.limits, only);
    ledger.unsent = requestsIn(parts);
    for (const part of parts)
        collection.unsent(part, error.message);
}
/** With a cache the same work may have been divided in another way before. */
async function findEarlier({ client, scan, options, cached, deadline }, only) {
    if (cached === undefined || only?.length === 0)
        return noEarlierBatches;
    const { signal, maxRetries } = options;
    const missing = only ?? Array.from({ length: scan.requests }, (_, request) => request);
    return findEarlierBatches(client, scan, { options, missing, signal, deadline, maxRetries });
}
async function oneRound(run, planned) {
    const { client, scan, options, deadline, ledger } = run;
    const { round, earlier } = planned;
    const plan = planRound(scan, options, planned);
    const { parts: all, toCreate, halve } = plan;
    const endpoint = options.endpoint ?? scan.endpoint ?? "";
    const result = all.length === 0
        ? nothingToSend
        : await runRound(client, toCreate, {
            ...options,
            ...ownKeyOptions(scan.hash, endpoint, options),
            endpoint,
            deadline,
            partial: (options.retryFailed ?? 0) > 0,
            round,
            listed: round === 0 ? earlier.listed : undefined,
            settled: new Set([...earlier.settled, ...ledger.known.map(({ batch }) => batch.id)]),
            taken: job_keysOf(ledger.known),
            sizes: sizesOf(scan, all, { endpoint, signal: options.signal }),
            halve,
            maxActive: options.maxActive ?? 0,
            before: ledger.known.map(({ batch }) => batch),
        });
    const parts = result.order.flatMap((part) => all[part] ?? []);
    const sent = result.order.flatMap((part) => plan.sent[part] ?? []);
    const { failure } = result;
    const nothing = result.known.every((one) => one === undefined);
    const after = await afterTimeout(run, result, { sent, round });
    // What the cache has answered is written in any case.
    if (round === 0 && nothing && failure !== undefined && ledger.cached === 0)
        throw failure;
    await absorb(run, after, { parts, sent, round });
    return result;
}
function job_keysOf(known) {
    return new Set(known.flatMap(({ batch: { metadata } }) => metadata?.[create_key/* keyName */.xT] ?? []));
}
/** What the timeout asks for, and the batches as they are after it. */
async function afterTimeout({ client, options, deadline, ledger, collects }, result, { sent, round }) {
    // A create whose outcome was looked for until the time was up may have made a batch that still runs.
    const late = deadline !== undefined && client.clock.now() >= deadline;
    if (result.end !== "timed out" && !(late && result.unknown.size > 0))
        return result;
    const { signal, metadata, onEvent } = options;
    ledger.timedOut = true;
    const known = result.known.filter((one) => one !== undefined);
    const unfinished = known.filter(({ batch }) => !(0,batch_status/* isTerminal */.Hd)(batch)).map(({ batch }) => batch.id);
    const cancels = options.onTimeout === "cancel";
    const unsent = requestsIn(unsentParts(result, sent));
    // What a later round did not send again was sent before.
    onEvent?.({ type: "timed-out", unfinished, unsent: round === 0 ? unsent : 0, cancels });
    if (round > 0 && unsent > 0) {
        onEvent?.({ type: "no-retry-round", requests: unsent, why: "the time was up" });
    }
    if (!cancels)
        return result;
    const cancel = { signal, metadata, onEvent, settle: collects };
    const { batches, cancelled, failures } = await cancelAtTimeout(client, known, cancel);
    for (const id of cancelled)
        ledger.cancelled.add(id);
    ledger.failures.push(...failures.values());
    const latest = new Map(batches.map((batch) => [batch.id, batch]));
    const due = new Set(result.due);
    const now = result.known.map((one, place) => {
        const batch = one && latest.get(one.batch.id);
        if (one === undefined || batch === undefined)
            return one;
        // Only the look before the cancel has shown that there was no room for it.
        if ((0,create/* isTurnedAway */.n7)(batch))
            due.add(place);
        return { ...one, batch };
    });
    return { ...result, known: now, due };
}
/** Adds a round to what the job knows, and reads what its batches have. */
async function absorb({ collection, ledger, collects }, result, { parts, sent, round }) {
    const earlier = [...ledger.known];
    const batches = [];
    for (const [index, part] of parts.entries()) {
        const known = result.known[index];
        if (known === undefined)
            continue;
        ledger.known.push(known);
        ledger.parts.set(known.batch.id, part);
        batches.push(known.batch);
    }
    const unsent = unsentParts(result, sent);
    const unknown = sent.filter((_, index) => result.unknown.has(index));
    const { failure, lost } = result;
    if (failure !== undefined)
        ledger.failures.push(failure);
    ledger.failures.push(...lost.values());
    ledger.complete = isComplete(result) || (ledger.timedOut && batches.every(batch_status/* isTerminal */.Hd));
    // Of a later round's requests an earlier batch holds an answer, if not a good one; what may run is
    // unknown in every round.
    ledger.unknown = requestsIn(unknown);
    if (round === 0) {
        ledger.unsent = requestsIn(unsent);
    }
    else if (unsent.length + unknown.length === 0) {
        for (const { batch } of earlier) {
            if ((0,create/* worthOf */.g4)(batch) === "part")
                ledger.superseded.add(batch.id);
        }
    }
    else
        ledger.complete = false;
    if (collects)
        await collection.add(batches, ledger.parts);
    // What a later round has not sent again was sent, so that what came of it then stands.
    for (const part of round === 0 ? unsent : []) {
        collection.unsent(part, failure?.message ?? "The time was up before it was sent.");
    }
    for (const part of unknown)
        collection.unknown(part, failure?.message ?? "");
}
/** Parts that no batch holds: none was made, or the server has turned it away and the time was up. */
function unsentParts({ known, unknown, due }, parts) {
    return parts.filter((_, index) => (known[index] === undefined || due.has(index)) && !unknown.has(index));
}
function requestsIn(parts) {
    return parts.reduce((sum, { requests }) => sum + requests, 0);
}

;// CONCATENATED MODULE: ./lib/batch/run.js




/**
 * The whole way: requests in, every request's answer out. Scans and splits the input, creates its
 * batches, follows them to their end, sends again what failed for a transient reason, and writes one
 * file of answers and one of everything else, in the input's order.
 *
 * @throws {APIError} `invalid_input` when the input has problems; nothing is sent then
 * @throws {APIError} `max_cost_exceeded` or `price_unknown` where `maxCost` asks; nothing is sent then
 * @throws {APIError} when the first create fails for good
 * @throws the signal's reason when it aborts; nothing is cancelled then
 * @returns also when a create failed after others had been paid for: `failures` says why, and `results` holds what there is
 * @example
 * ```ts
 * import { BatchClient, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batches, results } = await runBatch(client, {
 *   input: "requests.jsonl",
 *   outputFile: "answers.jsonl",
 *   errorFile: "errors.jsonl",
 *   retryFailed: 1,
 *   timeout: 26 * 3_600_000,
 *   onEvent: (event) => console.error(event.type),
 * });
 * console.log(batches.length, results?.counts.completed); // 1 3
 * ```
 */
async function runBatch(client, options) {
    const { cache } = options;
    checkTargets({ ...options, cacheFile: cache?.file });
    const contentsFor = cache === undefined ? undefined : client.baseURL;
    const scan = await scanned(client, { ...options, contentsFor });
    try {
        const job = openJob(client, scan, options);
        try {
            await job.run();
            return await job.result();
        }
        finally {
            await job.close();
        }
    }
    finally {
        await disposeOfOwn(scan, options.input);
    }
}
/** @throws {APIError} `invalid_input` when the input has problems */
async function scanned(client, { input, template, endpoint, contentsFor, signal, temporaryFolder }) {
    const scan = isScan(input)
        ? input
        : await (0,batch_input/* scanInput */.mu)(input, {
            template,
            templateOptions: { endpoint, baseURL: client.baseURL },
            endpoint: (0,batch_input/* impliedEndpoint */.uz)(client, endpoint),
            contentsFor,
            temporaryFolder,
            signal,
        });
    if (scan.problemCount === 0)
        return scan;
    await disposeOfOwn(scan, input);
    throw (0,input_invalid/* invalidInput */.a)(scan.problems, scan.problemCount);
}
/** Removes what a scan of our own keeps; one that was given is its owner's. */
async function disposeOfOwn(scan, given) {
    if (scan !== given)
        await scan[Symbol.asyncDispose]();
}
function isScan(input) {
    return typeof input === "object" && "lines" in input;
}

;// CONCATENATED MODULE: ./lib/batch/create-all.js






/**
 * Creates the batches of an input of any size, each once, as `createBatch` does with one, and waits for
 * none of them.
 *
 * @throws {APIError} `invalid_input` when the input has problems; nothing is sent then
 * @throws {APIError} `max_cost_exceeded` or `price_unknown` where `maxCost` asks; nothing is sent then
 * @throws {APIError} as `createBatch`; its message names the batches that were created before
 * @returns the batches in the input's order
 * @example
 * ```ts
 * import { BatchClient, createBatches } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const batches = await createBatches(client, {
 *   input: "requests.jsonl",
 *   limits: { maxRequests: 2 },
 *   idempotencyKey: "evaluation-2026-08-02",
 * });
 * console.log(batches.length); // 2
 * ```
 */
async function createBatches(client, options) {
    const { input } = options;
    if (typeof input === "object" && "fileId" in input) {
        const { fileId } = input;
        const endpoint = options.endpoint ?? "";
        if (options.maxCost !== undefined)
            throw notEstimated();
        const parts = partOfFile(fileId, options);
        return createParts(client, options, { parts, endpoint, inputHash: fileId });
    }
    const scan = await scanned(client, { ...options, input });
    try {
        await openBudget(client, scan, options);
        return await createParts(client, options, {
            parts: partsToCreate(scan, splitInput(scan, options.limits), { ...options, round: 0 }),
            endpoint: options.endpoint ?? scan.endpoint ?? "",
            inputHash: scan.hash,
        });
    }
    finally {
        await disposeOfOwn(scan, input);
    }
}
async function createParts(client, options, { parts, endpoint, inputHash }) {
    const creator = await openCreator(client, parts, {
        ...options,
        ...ownKeyOptions(inputHash, endpoint, options),
        endpoint,
    });
    const known = [];
    for (const index of parts.keys()) {
        const one = await creator.create(index).catch((error) => {
            throw nameCreated(error, known);
        });
        known.push(one);
    }
    return known;
}
/** What was paid for before has to be found by who gets nothing but the error. */
function nameCreated(error, known) {
    if (error instanceof errors/* APIError */.LG && known.length > 0) {
        const ids = known.map(({ batch }) => batch.id).join(", ");
        error.message += ` Batches that are there already: ${ids}.`;
    }
    return error;
}
function notEstimated() {
    return new errors/* APIError */.LG("Nothing was sent: what a file that is already on the server costs cannot be estimated, so `maxCost` cannot hold. Pass the requests themselves.", { code: "price_unknown" });
}

;// CONCATENATED MODULE: ./lib/action/operations/create.js
var create_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var create_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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






/** Milliseconds that a `create` may take: the longest a hosted job has, less what comes behind it. */
const create_timeLimit = 5.5 * 3_600_000;
/** `create`: checks the requests, uploads them and creates the batches. */
async function create_create(step, inputs, cost) {
    const deadline = step.client.clock.now() + create_timeLimit;
    const known = await createFrom(step, inputs, { deadline, cost });
    step.narrator.follow(known.map(({ batch }) => batch.id));
    return { report: step.narrator.report() };
}
/**
 * Creates the batches of the inputs, or adopts those that are there.
 *
 * @param within until when, in milliseconds since the epoch, and for how much
 */
async function createFrom(step, inputs, { deadline, cost }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { client, toolkit } = step;
        if ("fileId" in inputs.input) {
            // The reader of inputs has seen that the endpoint is there.
            const endpoint = inputs.endpoint ?? "";
            const options = createOptions(step, inputs, endpoint);
            return createBatches(client, { ...options, input: inputs.input, deadline });
        }
        const read = await readRequestFiles(step, inputs.input, inputs.endpoint);
        const { endpoint } = read;
        const scan = create_addDisposableResource(env_1, read.scan, true);
        await tellModels(step, scan.models);
        const parts = splitInput(scan, inputs.limits).length;
        if (parts > 1)
            toolkit.info(`They make ${(0,format/* plural */.LS)(parts, "batch", "batches")}.`);
        const options = createOptions(step, inputs, endpoint);
        const { limits } = inputs;
        return await createBatches(client, { ...options, ...cost, input: scan, limits, deadline });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = create_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** What every create of a step has in common. */
function createOptions({ client, github, signal, narrator }, inputs, endpoint) {
    const { idempotencyKey: own, completionWindow, metadata } = inputs;
    const { inputExpiresAfter, outputExpiresAfter } = inputs;
    const decided = { endpoint, completionWindow, metadata, inputExpiresAfter, outputExpiresAfter };
    const account = [client.baseURL, client.organization, client.project];
    const keyOf = ({ hash, round }) => (0,create_key/* idempotencyKey */.T5)(scopeOf(github, round), { ...decided, inputHash: hash, account });
    return {
        ...decided,
        idempotencyKey: own ?? keyOf,
        keyOwner: github.repository,
        metadata: { ...metadata, ...runMetadata(github) },
        creationPrefix: github.commit,
        reuseExisting: inputs.reuseExisting,
        mayExist: own !== undefined || github.runAttempt > 1,
        signal,
        onEvent: narrator.onEvent,
    };
}
/** Within a run equal work is the same work; what is sent again is work of its own. */
function scopeOf({ repository = "local", runId = "0" }, round) {
    return `${repository}:${runId}${round === 0 ? "" : `/retry${round}`}`;
}
function runMetadata({ repository, runId }) {
    return {
        ...(repository === undefined ? {} : { github_repository: repository }),
        ...(runId === undefined ? {} : { github_run_id: runId }),
    };
}

;// CONCATENATED MODULE: ./lib/action/operations/list.js





/** Milliseconds that a list of every batch may take. */
const list_timeLimit = 30 * 60_000;
/** `list`: the organization's batches, newest first, filtered, up to the limit. */
async function list({ client, toolkit, signal }, inputs) {
    const { batches, hasMore, lastId, incomplete } = await listBatches(client, {
        limit: inputs.limit === 0 ? undefined : inputs.limit,
        after: inputs.after,
        metadata: inputs.metadata,
        statuses: inputs.statuses,
        signal,
        deadline: client.clock.now() + list_timeLimit,
    });
    toolkit.startGroup((0,format/* plural */.LS)(batches.length, "batch", "batches"));
    for (const batch of batches)
        toolkit.info(describeBatch(batch));
    toolkit.endGroup();
    warnOfMissed(toolkit, { incomplete });
    toolkit.setOutput("has-more", hasMore);
    toolkit.setOutput("last-id", lastId ?? "");
    const none = batches.length === 0 && !hasMore;
    return { report: none ? nothingToDo(incomplete) : reportOf(batches) };
}

;// CONCATENATED MODULE: ./lib/action/operations/retrieve.js







/** Milliseconds that the looks at the batches may take. */
const retrieve_timeLimit = 30 * 60_000;
/** `retrieve`: reads batches once, and collects the results of finished ones if asked. */
async function retrieve_retrieve(step, choice, results) {
    const { toolkit } = step;
    const chosen = await choose(step, choice);
    if (chosen.ids.length === 0) {
        toolkit.notice("No batch matches, as far as the list shows, so none was read.");
        return { report: nothingToDo(chosen.incomplete), failure: chosen.incomplete };
    }
    // The list has shown all of those that it was asked for.
    const { batches, failures } = chosen.batches.length > 0
        ? { batches: chosen.batches, failures: [] }
        : await readEach(step, chosen.ids);
    for (const batch of batches)
        toolkit.info(describeBatch(batch));
    writeIds(toolkit, { batches, ids: batches.map(({ id }) => id) });
    const { found, unread } = await retrieve_readResults(step, batches, results);
    const read = reportOf(batches, { results: found, complete: failures.length === 0 });
    const report = unread === undefined ? read : failedReport(read);
    const against = [...failures, unread, verdict(report, results)];
    return { report, failure: against.filter(Boolean).join("\n") || undefined };
}
/** The results, or why there are none: what is known of the batches is told all the same. */
async function retrieve_readResults(step, batches, inputs) {
    try {
        return { found: await withResults(step, batches, inputs), unread: undefined };
    }
    catch (error) {
        if (step.signal.aborted)
            throw error;
        return { found: undefined, unread: explain(error) };
    }
}
async function readEach({ client, signal }, batchIds) {
    const deadline = client.clock.now() + retrieve_timeLimit;
    const batches = [];
    const failures = [];
    for (const id of batchIds) {
        try {
            batches.push(await client.batches.retrieve(id, { signal, deadline }));
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG) || batchIds.length === 1)
                throw error;
            failures.push(error.message);
        }
    }
    return { batches, failures };
}

;// CONCATENATED MODULE: ./lib/batch/cache/entry.js




const before = Buffer.from('{"key":"');
const between = Buffer.from('","line":');
const after = Buffer.from("}");
const keyEnd = before.length + 2 * content_key/* keyBytes */.R;
const lineStart = keyEnd + between.length;
const entry_openBrace = 0x7b;
const entry_closeBrace = 0x7d;
/** A line of a cache file, with a line feed behind it. */
function writeEntry(key, line) {
    return Buffer.concat([before, Buffer.from(key), between, line, after, Buffer.from("\n")]);
}
/**
 * Takes a line of a cache file apart. One that begins and ends as we write it is not read further: an
 * answer is read when it is asked for.
 *
 * @param whole whether a line feed shows that it was written to its end
 * @returns `undefined` for what is none
 */
function readEntry(bytes, whole) {
    const text = entry_trimmed(bytes);
    return (whole ? readOurs(text) : undefined) ?? entry_readAny(text);
}
function readOurs(bytes) {
    const isOurs = bytes[lineStart] === entry_openBrace &&
        bytes.at(-1) === entry_closeBrace &&
        bytes.at(-2) === entry_closeBrace &&
        bytes.compare(before, 0, before.length, 0, before.length) === 0 &&
        bytes.compare(between, 0, between.length, keyEnd, lineStart) === 0;
    if (!isOurs)
        return undefined;
    const key = entry_keyOf(bytes.toString("latin1", before.length, keyEnd));
    return key && { key, line: bytes.subarray(lineStart, -1) };
}
/** A line as another program may have written it again. */
function entry_readAny(bytes) {
    const entry = jsonOf(bytes.toString("utf8"));
    if (!(0,api_json/* isFields */.Ce)(entry) || typeof entry["key"] !== "string" || !(0,api_json/* isFields */.Ce)(entry["line"])) {
        return undefined;
    }
    const key = entry_keyOf(entry["key"]);
    const span = memberOf(bytes, "line");
    return key && span && { key, line: bytes.subarray(span.start, span.end) };
}
/** The bytes of a key; `undefined` for a text that is none. */
function entry_keyOf(text) {
    const key = Buffer.from(text, "hex");
    return key.length === content_key/* keyBytes */.R && text.length === 2 * content_key/* keyBytes */.R ? key : undefined;
}
/** Without the blanks and carriage returns that tools leave at the end of lines. */
function entry_trimmed(bytes) {
    let end = bytes.length;
    while (end > 0 && isTrailing(bytes[end - 1]))
        end -= 1;
    return end === bytes.length ? bytes : bytes.subarray(0, end);
}
function isTrailing(byte) {
    return byte === 9 || byte === 13 || byte === 32;
}

;// CONCATENATED MODULE: ./lib/batch/cache/append.js



const append_chunkBytes = 1024 * 1024;
const append_lineFeed = 10;
const divider = "#";
/**
 * Adds answers to the end of a file: whole lines, as many as fit a chunk in one write. The system puts each
 * write behind what others have written meanwhile, so that lines of two runs do not mix.
 */
function appendAnswers(path, answers) {
    let handle;
    let held = [];
    let bytes = 0;
    const flush = () => {
        if (bytes === 0)
            return;
        handle ??= openForAppend(path);
        append_writeLines(handle, Buffer.concat(held));
        held = [];
        bytes = 0;
    };
    try {
        for (const { key, line } of answers) {
            const entry = writeEntry(key, line);
            if (bytes + entry.length > append_chunkBytes)
                flush();
            held.push(entry);
            bytes += entry.length;
        }
        flush();
        // A name that is there after a power cut must not stand for bytes that are not.
        if (handle !== undefined)
            (0,external_node_fs_.fsyncSync)(handle);
    }
    finally {
        if (handle !== undefined)
            (0,external_node_fs_.closeSync)(handle);
    }
}
function openForAppend(path) {
    (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(path), { recursive: true });
    return (0,external_node_fs_.openSync)(path, "a+");
}
/** What a kill or a full disk has cut off stays a line of its own, and what follows begins a new one. */
function append_writeLines(handle, lines) {
    for (let at = 0; at < lines.length;) {
        const rest = lines.subarray(at);
        const end = lineEnding(lastLine(handle));
        const chunk = Buffer.concat([end, rest]);
        const written = (0,external_node_fs_.writeSync)(handle, chunk);
        if (written === chunk.length)
            return;
        const taken = chunk.subarray(0, written).lastIndexOf(append_lineFeed) + 1 - end.length;
        // A line that did not fit is written again from its beginning; the next try says why it cannot be.
        at += Math.max(0, taken);
    }
}
/**
 * What ends a line that has no line feed yet. One that was cut off gets a character that no whole line ends
 * with: what is left of it may look like one.
 */
function lineEnding(begun) {
    if (begun.length === 0)
        return begun;
    return Buffer.from(readEntry(begun, false) === undefined ? `${divider}\n` : "\n");
}
/** Whether a line is what ended one that another writer has ended itself meanwhile. */
function isDivider(line) {
    return line.length === divider.length && line.toString("latin1") === divider;
}
/** What stands behind the last line feed of a file. */
function lastLine(handle) {
    const { size } = (0,external_node_fs_.fstatSync)(handle);
    for (let length = 1;; length *= 64) {
        const bytes = Buffer.alloc(Math.min(length, size));
        const read = (0,external_node_fs_.readSync)(handle, bytes, 0, bytes.length, size - bytes.length);
        const begins = bytes.lastIndexOf(append_lineFeed, read - 1) + 1;
        if (begins > 0 || length >= size)
            return bytes.subarray(begins, read);
    }
}

;// CONCATENATED MODULE: ./lib/batch/cache/place.js





/** What speaks against keeping answers at a path; `undefined` where nothing does. */
function cacheDefect(path) {
    const { kind } = placeOf(path);
    if (kind === "none" || kind === "file")
        return undefined;
    return kind === "folder" ? "is a folder." : "is no regular file.";
}
/**
 * Where the answers really are; the file is made where there is none yet, so that it is known before
 * anything is paid whether it can be written.
 *
 * @throws {APIError} `invalid_target`
 */
function cachePlace(path) {
    try {
        const defect = cacheDefect(path);
        if (defect !== undefined)
            throw place_invalid(path, defect);
        const place = placeOf(path).path;
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(place), { recursive: true });
        (0,external_node_fs_.closeSync)((0,external_node_fs_.openSync)(place, "a+"));
        return place;
    }
    catch (error) {
        if (!(0,disk_error/* isOfSystem */.bV)(error))
            throw error;
        throw place_invalid(path, `cannot be read and written: ${(0,errors/* messageOf */.bD)(error)}.`);
    }
}
function place_invalid(path, why) {
    return new errors/* APIError */.LG(`The cache file ${path} ${why} Choose another path.`, {
        code: "invalid_target",
    });
}

;// CONCATENATED MODULE: ./lib/batch/cache/cache-file.js








/**
 * Opens a file of answers, which is made where it is not there yet. It is JSON lines, one for each answer:
 * a hash of what was asked (`key`) and the result line (`line`). Of the answers only hashes and places are
 * kept in memory.
 *
 * Answers are only ever added, whole lines in one write, so that a kill at any moment leaves a file that can
 * be read, and two runs at once lose nothing of what each has. A line that cannot be read is left out.
 *
 * @throws {APIError} `invalid_target` for what is no file, or is in a folder that cannot be made
 * @throws the system's error when it cannot be read or written
 * @example
 * ```ts
 * import { BatchClient, openCacheFile, runBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const cache = await openCacheFile("cache/answers.jsonl");
 * await runBatch(client, { input: "requests.jsonl", cache });
 *
 * const later = await openCacheFile("cache/answers.jsonl");
 * const again = await runBatch(client, { input: "requests.jsonl", cache: later });
 * console.log(later.answers, again.cached, again.batches.length); // 3 3 0
 * ```
 */
async function openCacheFile(path, { signal } = {}) {
    const cache = new FileOfAnswers(cachePlace(path));
    await cache.catchUp(signal);
    return cache;
}
class FileOfAnswers {
    file;
    #index = new key_table/* KeyIndex */.u();
    #places = new line_table/* LineTable */.l();
    #unreadable = { lines: 0, first: undefined };
    /** What has been read, up to the last line feed. */
    #read = { file: 0, lines: 0, bytes: 0 };
    /** Whether what follows the last line feed could not be read. */
    #torn = false;
    constructor(file) {
        this.file = file;
    }
    get answers() {
        return this.#index.size;
    }
    get unreadable() {
        const { lines, first } = this.#unreadable;
        if (!this.#torn)
            return { lines, first };
        return { lines: lines + 1, first: first ?? this.#read.lines + 1 };
    }
    async lineOf(key) {
        const number = this.#numberOf(key);
        if (number === undefined)
            return undefined;
        const { start } = this.#places.place(number);
        let found;
        await (0,input_lines/* forEachLine */.FF)(this.file, (line) => {
            if (line.start <= start && start < line.end)
                found = line.number;
        });
        return found;
    }
    async *read(keys) {
        await this.catchUp();
        const reader = new line_reader/* LineReader */.u([this.file]);
        try {
            for (const key of keys)
                yield this.#answerTo(key, reader);
        }
        finally {
            reader.close();
        }
    }
    append(answers) {
        appendAnswers(this.file, answers);
    }
    /** Reads what has been added since, by this run or another. */
    async catchUp(signal) {
        const { ino, size } = (0,external_node_fs_.statSync)(this.file);
        if (ino !== this.#read.file || size < this.#read.bytes)
            this.#forget(ino);
        const { lines, bytes } = this.#read;
        this.#torn = false;
        const onLine = (line) => {
            this.#take(line, lines + line.number);
        };
        if (size > bytes)
            await (0,input_lines/* forEachLine */.FF)(this.file, onLine, signal, bytes);
    }
    /** Another file has taken the place of the one that was read. */
    #forget(file) {
        this.#index = new key_table/* KeyIndex */.u();
        this.#places = new line_table/* LineTable */.l();
        this.#unreadable = { lines: 0, first: undefined };
        this.#read = { file, lines: 0, bytes: 0 };
    }
    #take(line, number) {
        const whole = line.end - line.start > line.bytes.length;
        // A line that is still being written is read again when it is whole.
        if (whole) {
            this.#read.lines = number;
            this.#read.bytes = line.end;
        }
        const { bytes, start } = (0,input_lines/* withoutMark */.E_)(line);
        if ((0,input_lines/* isBlank */.z3)(bytes) || isDivider(bytes))
            return;
        const entry = readEntry(bytes, whole);
        if (entry !== undefined)
            this.#place(entry.key, start, start + bytes.length);
        else if (whole) {
            this.#unreadable.lines += 1;
            this.#unreadable.first ??= number;
        }
        else
            this.#torn = true;
    }
    /** Of several answers to one request the last stands. */
    #place(key, start, end) {
        const present = this.#index.add(key);
        if (present === undefined)
            this.#places.add(0, start, end);
        else
            this.#places.set(present, { file: 0, start, end });
    }
    #numberOf(text) {
        const key = entry_keyOf(text);
        return key && this.#index.numberOf(key);
    }
    /** The file may have become another one meanwhile: what stands at the place has to be of the key. */
    #answerTo(text, reader) {
        const key = entry_keyOf(text);
        const number = key && this.#index.numberOf(key);
        if (key === undefined || number === undefined)
            return undefined;
        const entry = readEntry(reader.read(this.#places.place(number)), true);
        return entry?.key.equals(key) === true ? entry.line : undefined;
    }
}

;// CONCATENATED MODULE: ./lib/action/operations/cache.js


/** Opens the cache of a step; `undefined` where it has none. Lines that cannot be read are told at once. */
async function openCache({ toolkit, signal }, path) {
    if (path === undefined)
        return undefined;
    const cache = await openCacheFile(path, { signal });
    const { lines, first } = cache.unreadable;
    if (lines > 0)
        toolkit.warning(leftOut(path, lines, first));
    toolkit.info(`${path} holds ${(0,format/* plural */.LS)(cache.answers, "answer")}.`);
    const unreadable = [];
    return {
        cache,
        listening: ({ onEvent }) => ({
            onEvent(event) {
                if (event.type === "cache-read")
                    unreadable.push(...event.unreadable);
                onEvent?.(event);
            },
        }),
        async tellUnreadable() {
            const [key] = unreadable;
            if (key === undefined)
                return;
            toolkit.warning(leftOut(path, unreadable.length, await cache.lineOf(key)));
        },
    };
}
function leftOut(path, lines, first) {
    const where = first === undefined ? "" : ` (the first is line ${(0,format/* formatCount */.B4)(first)})`;
    return `${(0,format/* plural */.LS)(lines, "line")} of ${path} could not be read${where} and ${lines === 1 ? "was" : "were"} left out; the requests that need ${lines === 1 ? "it" : "them"} are sent.`;
}

;// CONCATENATED MODULE: ./lib/batch/follow/window.js
const units = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };
/** Of OpenAI, and of every window that is not a length of time. */
const defaultWindow = 24 * 3_600_000;
/**
 * When the server is to have ended a batch, in milliseconds since the epoch: what it says, else the
 * completion window from the batch's creation; `undefined` where it tells neither.
 */
function windowEnd({ expires_at: expires, created_at: created, completion_window: window, }) {
    if (expires !== undefined && expires > 0)
        return expires * 1000;
    if (created === 0)
        return undefined;
    const [, count = "", unit = ""] = /^(\d+)\s*([mhd])$/i.exec(window) ?? [];
    const length = Number(count) * (units[unit.toLowerCase()] ?? 0);
    return created * 1000 + (length > 0 ? length : defaultWindow);
}

;// CONCATENATED MODULE: ./lib/action/github/started-run.js

/** So often a dispatch is sent in all, as long as it is not known whether a run has started. */
const maxTries = 3;
/**
 * The rule: when in doubt, dispatch again. A second run for the same batches waits beside the first
 * and does no harm; without any run nobody waits for them.
 *
 * @param tries how often the dispatch has been sent
 */
function decideDispatch(known, tries) {
    switch (known.state) {
        case "started":
            return { decision: "done", why: `a run goes on with the batches: ${known.run?.url ?? ""}` };
        case "not-started":
            return { decision: "give-up", why: known.why };
        case "unknown":
            return { decision: tries < maxTries ? "dispatch-again" : "give-up", why: known.why };
    }
}
/** What a failed dispatch leaves open. */
function knownByFailure({ message, outcomeUnknown }) {
    return { state: outcomeUnknown ? "unknown" : "not-started", why: message };
}
/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const gitHubClockSkew = 60_000;
/** The greatest id of the runs that are there before a dispatch, this one's siblings in a matrix too. */
async function newestRun(api, target, { since, own }, call) {
    const runs = await api.dispatchedRuns(target, since - gitHubClockSkew, call);
    return Math.max(Number(own ?? 0), ...runs.map(({ id }) => id));
}
/**
 * Looks for the run of a lost dispatch. GitHub's list tells no inputs, so a new run may be a
 * sibling's: only one whose title names the batches (by the workflow's `run-name`) is known to be
 * ours. No such run proves nothing either, because the list lags.
 *
 * @throws the signal's reason when it aborts
 */
async function lookForRun(api, { target, ids, since, after }, { clock, ...call }) {
    let others = 0;
    try {
        for (const pause of looks) {
            await clock.sleep(pause, call.signal);
            const runs = await api.dispatchedRuns(target, since - gitHubClockSkew, call);
            const started = runs.filter(({ id }) => id > after);
            const run = started.find(({ title }) => namesAll(title, ids));
            if (run !== undefined)
                return { state: "started", run };
            others = started.length;
        }
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return { state: "unknown", why: error.message };
    }
    return {
        state: "unknown",
        why: others === 0
            ? `GitHub shows no new run of ${target.file}, which may be late.`
            : `GitHub shows new runs of ${target.file}, but not for which batches they were started; \`run-name\` with \`\${{ inputs.batch-id }}\` would tell.`,
    };
}
/** Whether a title names each of these batches as a word of its own, not within a longer id. */
function namesAll(title, ids) {
    const words = new Set(title.split(/[\s,;:()[\]"'`]+/));
    return ids.length > 0 && ids.every((id) => words.has(id));
}

;// CONCATENATED MODULE: ./lib/action/operations/hand-over.js





/** Milliseconds behind the end of a batch's window in which a run may still wait for it. */
const windowGrace = 3_600_000;
/** Milliseconds that a look at batches may take that were never seen. */
const hand_over_timeToLook = 30_000;
/** Milliseconds that all calls of a hand-over may take. */
const hand_over_timeLimit = 120_000;
/**
 * Starts the workflow again with these batches, so that another run goes on waiting. From then on they are
 * that run's: neither the end of this job nor its clean-up cancels them.
 *
 * @returns why it could not be done, or `undefined` when it was
 * @throws the signal's reason when it aborts: what is being cancelled is not handed over
 */
async function handOver(step, { ids, batches }, target) {
    const { client, toolkit, state, signal, api } = step;
    signal.throwIfAborted();
    if (api === undefined || target === undefined)
        return notStarted("there is no `github-token`.");
    const unfinished = ids.filter((id) => !batches.some((one) => one.id === id && (0,batch_status/* isTerminal */.Hd)(one)));
    const seen = [...batches, ...(await hand_over_lookOnce(step, unfinished, batches))];
    const late = tooLate(unfinished, seen, client.clock.now());
    if (late !== undefined)
        return notStarted(late);
    const since = client.clock.now();
    const after = await lookBefore(step, api, target, since);
    // Written first: after a kill the post step has to find out whether a run has started.
    state.handingOver({ ids: unfinished, since, after });
    const failure = await start(step, api, target, { ids, since, after });
    if (failure === undefined) {
        state.handedOver();
        toolkit.notice(`The time was up, so ${target.file} was started again on ${target.ref}, to go on waiting for ${unfinished.join(", ")}.`);
        return undefined;
    }
    if (!failure.unknown)
        state.notHandedOver();
    return failure.why;
}
/** A wait may have been too short, or the server too busy, for any look to have come through. */
async function hand_over_lookOnce({ client, signal }, ids, batches) {
    const deadline = client.clock.now() + hand_over_timeToLook;
    const found = [];
    for (const id of ids.filter((one) => !batches.some((batch) => batch.id === one))) {
        const batch = await lookAt(client, id, { signal, deadline });
        if (batch !== undefined)
            found.push(batch);
    }
    return found;
}
/** The runs that are there are looked at first: a later look has to tell ours from another job's. */
async function lookBefore({ client, github, signal }, api, target, since) {
    try {
        const call = { signal, deadline: client.clock.now() + hand_over_timeToLook };
        return await newestRun(api, target, { since, own: github.runId }, call);
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return Number(github.runId ?? 0);
    }
}
async function start({ client, signal, toolkit }, api, target, { ids, since, after, }) {
    const { clock } = client;
    const call = { signal, deadline: since + hand_over_timeLimit };
    for (let tries = 1;; tries += 1) {
        try {
            await api.dispatch(target, { "batch-id": ids.join(",") }, call);
            return undefined;
        }
        catch (error) {
            if (!(error instanceof errors/* APIError */.LG))
                throw error;
            const known = knownByFailure(error);
            if (known.state === "not-started")
                return { why: notStarted(known.why), unknown: tries > 1 };
            toolkit.warning(`${error.message} Looking whether the run was started all the same.`);
        }
        const known = await lookForRun(api, { target, ids, since, after }, { ...call, clock });
        const { decision, why } = decideDispatch(known, tries);
        toolkit.info(`${decision === "dispatch-again" ? "Dispatching again: " : ""}${why}`);
        if (decision === "done")
            return undefined;
        if (decision === "give-up")
            return { why: `${unclear} ${why}`, unknown: true };
    }
}
const unclear = "Whether the workflow was started again (`on-timeout: dispatch`) is not known; look among its runs before you start it by hand.";
/** Says why the workflow was not started again. */
function notStarted(why) {
    return `The workflow could not be started again (\`on-timeout: dispatch\`): ${why}`;
}
/** Why no further run may wait for these batches: each of their windows has an end, and so has the chain of runs. */
function tooLate(ids, batches, now) {
    const ends = ids.map((id) => {
        const batch = batches.find((one) => one.id === id);
        return batch === undefined ? undefined : windowEnd(batch);
    });
    const known = ends.filter((end) => end !== undefined);
    if (known.length === 0) {
        return `it is not known when the window of ${ids.join(", ")} ends, so runs might follow each other for ever.`;
    }
    return now > Math.max(...known) + windowGrace
        ? `the completion window of ${ids.join(", ")} is over, and the server has not ended it.`
        : undefined;
}

;// CONCATENATED MODULE: ./lib/batch/wait.js


/**
 * Follows batches until each is `completed`, `failed`, `expired` or `cancelled`, or until the
 * timeout. The first look comes at once. Transient errors (408, 409, 429, 5xx, network faults) never
 * end the wait, and one refusal does not either. Up to three batches are asked for one by one, more
 * with pages of the list.
 *
 * @param client whose clock the wait goes by
 * @param batchIds at least one
 * @throws {APIError} when none of the ids exists, or a credential is refused at the first look
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
 *   signal: AbortSignal.timeout(60_000),
 * });
 * console.log(done, batches[0]?.status); // true completed
 * ```
 */
async function waitForBatches(client, batchIds, options = {}) {
    const { timeout, known = [], onEvent } = options;
    const ids = [...new Set(batchIds)];
    const before = new Map(known.map((batch) => [batch.id, batch]));
    const watch = createWatch(client, onEvent);
    for (const id of ids)
        watch.add(id, before.get(id));
    const deadline = timeout === undefined ? undefined : client.clock.now() + timeout;
    const ended = await follow(client, watch, emptyQueue, { ...options, deadline });
    const batches = watch.batches();
    const stopped = ended.end === "stopped" ? ended.error : undefined;
    const [first] = watch.lost.values();
    // Nothing was ever seen: there is nothing to give back but the error.
    const error = stopped ?? first;
    if (batches.length === 0 && error !== undefined)
        throw error;
    return {
        batches,
        done: ended.end === "ended" && watch.lost.size === 0,
        timedOut: ended.end === "timed out",
        lost: watch.lost,
        stopped,
    };
}

;// CONCATENATED MODULE: ./lib/action/operations/wait.js












/**
 * `wait`: follows existing batches to their end, then collects their results if asked.
 *
 * @throws {APIError} `nothing_matches` when a filter is to choose them and picks none
 */
async function wait_wait(step, choice, inputs, results) {
    const { ids, batches, incomplete } = await choose(step, choice);
    if (ids.length === 0) {
        throw new errors/* APIError */.LG(incomplete ??
            "No batch of the last 30 days matches `match-metadata` and `match-status`, so there is nothing to wait for.", { code: "nothing_matches" });
    }
    const known = batches.map((batch) => given(batch));
    return waitFor(step, { ids, known }, { waiting: inputs, results });
}
async function waitFor(step, { ids, known }, { waiting, results }) {
    const { client, signal, narrator } = step;
    narrator.follow(ids);
    const before = known.map(({ batch }) => batch);
    const waited = await waitForBatches(client, ids, {
        timeout: waiting.timeout,
        pollInterval: waiting.pollInterval,
        maxPollInterval: waiting.maxPollInterval,
        signal,
        known: before,
        onEvent: narrator.onEvent,
    });
    // Without an identity this run can wait no longer; another one has six hours of its own.
    const expired = waiting.onTimeout === "dispatch" && waited.stopped?.code === identityExpired;
    const stopped = expired ? undefined : waited.stopped;
    const failures = [...waited.lost.values(), stopped ?? []].flat().map(errors/* messageOf */.bD);
    const seen = latest(ids, before, waited.batches);
    const isSeen = (id) => seen.some((batch) => batch.id === id);
    /** But for those that the server does not know. */
    const told = ids.filter((id) => !waited.lost.has(id) || isSeen(id));
    if (!waited.timedOut && !expired) {
        const found = await withResults(step, seen, results);
        const report = reportOf(seen, { ids: told, results: found, complete: waited.done });
        return ended(step, report, results, { failures });
    }
    const existing = ids.filter((id) => !waited.lost.has(id));
    const open = existing.filter((id) => !seen.some((batch) => batch.id === id && (0,batch_status/* isTerminal */.Hd)(batch)));
    const cancels = waiting.onTimeout === "cancel";
    narrator.onEvent({ type: "timed-out", unfinished: open, unsent: 0, cancels });
    const late = { step, seen, told, existing, known, waited, waiting, results, failures };
    return cancels ? cancelLate(late) : leaveLate(late);
}
/** The time was up, and what has not ended keeps running; another run may go on with it. */
async function leaveLate({ step, seen, told, existing, waiting, results, failures, }) {
    const why = waiting.onTimeout === "dispatch"
        ? await handOver(step, { ids: existing, batches: seen }, waiting.dispatch)
        : undefined;
    const found = await withResults(step, seen, results);
    const report = reportOf(seen, { ids: told, results: found, complete: false });
    if (waiting.onTimeout !== "dispatch") {
        return ended(step, report, results, {
            timedOut: { ...waiting, cancelled: new Set() },
            failures,
        });
    }
    if (why !== undefined) {
        return ended(step, report, results, {
            timedOut: { ...waiting, cancelled: new Set() },
            failures: [...failures, why],
        });
    }
    // How the batches end is for the run that goes on to judge.
    return failures.length === 0
        ? { report, handedOver: true }
        : ended(step, report, results, { failures });
}
/** The time was up, and what has not ended is cancelled; what it has is waited for and collected. */
async function cancelLate({ step, seen, told, existing, known, waited, waiting, results, failures, }) {
    const { client, signal, narrator, github } = step;
    const provenance = new Map(known.map((one) => [one.batch.id, one.provenance]));
    const unseen = existing.filter((id) => !seen.some((batch) => batch.id === id));
    const cancelled = await cancelAtTimeout(client, seen
        .filter(({ id }) => !waited.lost.has(id))
        .map((batch) => ({ ...given(batch), provenance: provenance.get(batch.id) ?? "given" })), {
        signal,
        unseen,
        metadata: github.runId === undefined ? {} : { github_run_id: github.runId },
        settle: isWanted(results),
        onEvent: narrator.onEvent,
    });
    const now = latest([...existing, ...waited.lost.keys()], seen, cancelled.batches);
    const found = await withResults(step, now, results);
    const complete = waited.lost.size === 0 && now.length >= existing.length;
    const report = reportOf(now, { ids: told, results: found, complete });
    const all = [...failures, ...[...cancelled.failures.values()].map(errors/* messageOf */.bD)];
    return ended(step, report, results, {
        timedOut: { ...waiting, cancelled: new Set(cancelled.cancelled) },
        failures: all,
    });
}
function given(batch) {
    return { batch, provenance: "given", takenAs: batch.status, requests: undefined, round: 0 };
}
/** The outcome of a report, with all that speaks against it; the commit status says the same. */
function ended({ reporter }, report, results, { timedOut, failures = [], origins } = {}) {
    const judged = verdict(report, results, { timedOut, origins });
    // What the verdict says already is not said again.
    const more = failures.filter((failure) => judged?.includes(failure) !== true);
    const failure = [judged, ...more].filter(Boolean).join("\n") || undefined;
    reporter.ended(endingOf(report, results, failure));
    const { ids, cached } = report;
    if (ids.length === 0 && cached > 0 && failure === undefined)
        reporter.cached(cached);
    return { report, failure, origins };
}

;// CONCATENATED MODULE: ./lib/action/operations/run.js
var run_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var run_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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

















/** `run`: `create`, then `wait`, in one step and under one timeout. */
async function run(step, work) {
    const { create, cost, waiting, results } = work;
    const { clock } = step.client;
    const deadline = clock.now() + waiting.timeout;
    if ("files" in create.input)
        return runFiles(step, work, create.input);
    const known = await createFrom(step, create, { deadline, cost }).catch((error) => {
        // The batch of a create that was looked for until the time was up may run.
        if (error instanceof errors/* UnknownOutcomeError */.rk && clock.now() >= deadline) {
            const cancels = waiting.onTimeout === "cancel";
            step.narrator.onEvent({ type: "timed-out", unfinished: [], unsent: 0, cancels });
        }
        throw error;
    });
    const timeout = Math.max(1, deadline - clock.now());
    const ids = known.map(({ batch }) => batch.id);
    return waitFor(step, { ids, known }, { waiting: { ...waiting, timeout }, results });
}
async function runFiles(step, work, files) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { client, toolkit } = step;
        const { create, run: running, waiting, results } = work;
        const deadline = client.clock.now() + waiting.timeout;
        const cached = running.cacheFile !== undefined;
        const read = await readRequestFiles(step, files, create.endpoint, { cached });
        const { endpoint } = read;
        const scan = run_addDisposableResource(env_1, read.scan, true);
        await tellModels(step, scan.models);
        const cache = await openCache(step, running.cacheFile);
        const options = createOptions(step, create, endpoint);
        const done = await runBatch(client, {
            ...options,
            ...work.cost,
            input: scan,
            cache: cache?.cache,
            ...cache?.listening(options),
            limits: create.limits,
            maxActive: running.maxActive,
            retryFailed: running.retryFailed,
            timeout: Math.max(1, deadline - client.clock.now()),
            onTimeout: waiting.onTimeout === "cancel" ? "cancel" : "leave",
            pollInterval: waiting.pollInterval,
            maxPollInterval: waiting.maxPollInterval,
            outputFile: results.outputFile,
            errorFile: results.errorFile,
            answersFile: results.answersFile,
            rejectAnswers: results.rejectAnswers,
            order: results.order,
            temporaryFolder: process.env["RUNNER_TEMP"],
        });
        await cache?.tellUnreadable();
        tellResults(toolkit, done.results);
        const origins = traceErrors(done.batches, scan, done.parts);
        const tell = results.failOn.includes("failed") ? toolkit.error : toolkit.warning;
        annotateErrors(tell, done.batches, origins);
        return await run_judge(step, work, done, { origins, models: scan.models });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = run_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** The run that goes on has no cache: what this one took from it is here only. */
function tellLeftBehind({ toolkit }, { cached }, results) {
    if (cached === 0)
        return;
    const where = isWanted(results) ? "the files of this run only" : "the cache only";
    toolkit.warning(`${(0,format/* plural */.LS)(cached, "answer")} from the cache ${cached === 1 ? "is" : "are"} in ${where}: the run that goes on has those of its batches.`);
}
async function run_judge(step, { waiting, results }, done, { origins, models }) {
    const { batches, superseded, unsent, unknown } = done;
    // Without an identity this run can wait no longer; another one has six hours of its own.
    const isExpired = (error) => waiting.onTimeout === "dispatch" && error instanceof errors/* APIError */.LG && error.code === identityExpired;
    const timedOut = done.timedOut || done.failures.some(isExpired);
    const { cached, parts } = done;
    const seen = decideDone({ batches, complete: unsent + unknown === 0, cached });
    const complete = done.done || (!timedOut && seen.decision === "done");
    // A batch that nobody has seen may be paid for.
    const isFree = batches.length === 0 && cached > 0 && unknown === 0;
    const spent = isFree ? nothingFor(models) : undefined;
    const reported = { results: done.results, superseded, complete, unsent, cached, spent, parts };
    const whole = reportOf(batches, reported);
    // Batches that have ended well are no success as long as none of their results could be read.
    const unread = isWanted(results) && done.results === undefined && batches.some(batch_status/* isTerminal */.Hd);
    const report = unread ? failedReport(whole) : whole;
    const failures = done.failures.filter((error) => !isExpired(error)).map(errors/* messageOf */.bD);
    if (!timedOut)
        failures.push(...unsentWords(unsent));
    if (timedOut && !done.done && waiting.onTimeout === "dispatch") {
        const why = unsent > 0
            ? notStarted("not all requests have been sent, and only this run has them.")
            : await handOver(step, { ids: batches.map(({ id }) => id), batches }, waiting.dispatch);
        if (why === undefined)
            tellLeftBehind(step, done, results);
        if (why === undefined && failures.length === 0)
            return { report, origins, handedOver: true };
        if (why !== undefined)
            failures.push(why);
    }
    return ended(step, report, results, {
        timedOut: timedOut ? { ...waiting, cancelled: done.cancelled } : undefined,
        failures,
        origins,
    });
}

;// CONCATENATED MODULE: ./lib/action/state.js


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
        batches: all("batch", state_batchOf),
        handOver: handOverOf(read("handOver")),
        held: all("held", (value) => heldBatchesOf([value])[0]),
        cancelWanted: read("cancelWanted") === true,
        interrupted: read("interrupted") === true,
        ended: read("ended") === true,
    };
}
function state_batchOf(value) {
    if (!isFields(value) || typeof value["id"] !== "string")
        return undefined;
    const { id, open, cancelled, left } = value;
    return { id, open: open !== false, cancelled: cancelled === true, left: left === true };
}
function creationOf(value) {
    if (!isFields(value))
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
    if (!isFields(value) || typeof value["since"] !== "number")
        return undefined;
    const { ids, since, after, done } = value;
    return {
        ids: Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [],
        since,
        after: typeof after === "number" ? after : 0,
        done: done === true,
    };
}

;// CONCATENATED MODULE: ./lib/action/summary/markdown.js
const markdown_longestText = 300;
/**
 * Foreign text as Markdown that shows it as it is: no markup, no link, no mention; one line, cut
 * where it is longer than `most` characters. What stays is escaped as HTML entities, which mean the
 * same in a paragraph, in a table's cell and inside `<code>`.
 */
function escapeMarkdown(text, most = markdown_longestText) {
    // A server's text may be of any length; what is cut need not be looked at.
    const start = text.slice(0, most * 4);
    const line = start.replace(/\s+/g, " ").replaceAll(reordering, "\uFFFD");
    return (line.length > most || start.length < text.length ? `${line.slice(0, most - 1)}…` : line).replace(/:(?=\/\/)|(?<=www)\.|[^\p{L}\p{N} _.,:;/…-]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}
/** Characters that turn the direction of the text around them. */
const reordering = /[\u202A-\u202E\u2066-\u2069]/g;
/** Foreign text set as code: an id, a path, an error code. GitHub makes no emoji or mention of it. */
function code(text, most) {
    return `<code>${escapeMarkdown(text, most)}</code>`;
}
/** Sentences of our own, in which `code` stands in backticks and foreign text may be quoted. */
function prose(text, most) {
    return escapeMarkdown(text, most).replaceAll(/&#96;((?:[^&<]|&#61;){1,60})&#96;/g, "<code>$1</code>");
}
/** A table; a column whose head ends in a colon is aligned to the right. */
function table(head, rows) {
    const row = (cells) => `| ${cells.join(" | ")} |`;
    return [
        row(head.map((title) => title.replace(/:$/, ""))),
        row(head.map((title) => (title.endsWith(":") ? "---:" : "---"))),
        ...rows.map(row),
    ].join("\n");
}
/** A box that GitHub colours; the lines are Markdown that is already escaped. */
function box(kind, lines) {
    return [`[!${kind}]`, ...lines].map((line) => `> ${line}`).join("\n");
}

;// CONCATENATED MODULE: ./lib/action/summary/examples.js

const examples_maxExamples = 3;
const longestExample = 60;
/** A few of so many things, as code; dots say that there are more. */
function examples(texts, count) {
    const shown = texts.slice(0, examples_maxExamples).map((text) => code(text, longestExample));
    return shown.length > 0 && count > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

;// CONCATENATED MODULE: ./lib/action/summary/failures.js





const maxGroups = 20;
const failures_longestCode = 60;
const failures_open = Object.values(openCodes);
/** Requests without an answer, by code: how many, which, and what to do; those that have not failed by themselves. */
function requestFailures(failures, batches) {
    const refused = codesOfRefused(batches);
    const adviceFor = (name) => refused.has(name) ? adviceForBatch(name) : adviceForRequest(name);
    const failed = failures.filter(({ code: name }) => !failures_open.includes(name));
    const others = failures.filter(({ code: name }) => failures_open.includes(name));
    return [
        groupTable("Failed requests", failed, adviceFor),
        groupTable("Open requests", others, adviceFor),
    ]
        .filter((shown) => shown !== "")
        .join("\n\n");
}
/** Codes that requests have of a batch that failed as a whole. Retry rounds leave them alone, but for lack of room. */
function codesOfRefused(batches) {
    const failed = batches.filter(({ status }) => status === "failed");
    return new Set(failed.map(({ errors }) => errors?.data?.[0]?.code ?? "batch_failed"));
}
function groupTable(head, failures, adviceFor) {
    if (failures.length === 0)
        return "";
    const rows = failures
        .slice(0, maxGroups)
        .map((group) => [
        code(group.code, failures_longestCode),
        (0,format/* formatCount */.B4)(group.count),
        examples(group.examples, group.count),
        prose(adviceFor(group.code)),
    ]);
    const rest = failures.slice(maxGroups);
    const requests = rest.reduce((sum, { count }) => sum + count, 0);
    return (table([head, "Count:", "For example", "What to do"], rows) +
        (rest.length === 0
            ? ""
            : `\n\n… and ${(0,format/* plural */.LS)(requests, "request")} with ${(0,format/* plural */.LS)(rest.length, "other code")}`));
}
/** What the server found in batches that failed, by code: how often, where, its words, and what to do. */
function batchErrorTable(batches, origins) {
    const groups = new Map();
    for (const error of batches.flatMap(({ errors }) => errors?.data ?? [])) {
        const key = error.code ?? "";
        const group = groups.get(key);
        if (group === undefined)
            groups.set(key, [error]);
        else
            group.push(error);
    }
    const sorted = [...groups].sort(([, a], [, b]) => b.length - a.length);
    const rows = sorted
        .slice(0, maxGroups)
        .map(([key, errors]) => [
        code(key || "error", failures_longestCode),
        (0,format/* formatCount */.B4)(errors.length),
        examples(placesOf(errors, origins), errors.length),
        escapeMarkdown(errors.find(({ message }) => message !== undefined)?.message ?? ""),
        prose(adviceForBatch(errors[0]?.code)),
    ]);
    const more = sorted.length - rows.length;
    return (table(["Batch errors", "Count:", "Where", "The server's words", "What to do"], rows) +
        (more > 0 ? `\n\n… and ${(0,format/* plural */.LS)(more, "other code")}` : ""));
}
function placesOf(errors, origins) {
    const places = new Set();
    for (const error of errors) {
        const place = failures_placeOf(error, origins);
        if (place !== undefined)
            places.add(place);
        if (places.size === examples_maxExamples)
            break;
    }
    return [...places];
}
function failures_placeOf(error, origins) {
    const origin = origins.get(error);
    if (origin !== undefined) {
        const place = `${origin.file}:${origin.line}`;
        // Of a long path the end says more than the start.
        return place.length > longestExample ? `…${place.slice(1 - longestExample)}` : place;
    }
    return typeof error.line === "number" ? `line ${error.line}` : undefined;
}

;// CONCATENATED MODULE: ./lib/batch/phases.js

/** When a batch came into each status, in the order in which it may go through them. */
const entered = [
    ["validating", "created_at"],
    ["in_progress", "in_progress_at"],
    ["finalizing", "finalizing_at"],
    ["cancelling", "cancelling_at"],
];
/**
 * The phases that a batch went through, from its timestamps. Servers set times of states that were
 * not reached, leave some out or write 0, so only times count that go forward and have passed.
 *
 * @param now milliseconds since the epoch; where the phase of a batch ends that has not ended
 */
function phasesOf(batch, now) {
    const end = endOrNow(batch, now);
    if (end === undefined)
        return [];
    const phases = [];
    let last = 0;
    for (const [status, field] of entered) {
        const from = (batch[field] ?? 0) * 1000;
        if (from === 0 || from < last || from > end)
            continue;
        last = from;
        const before = phases.pop();
        if (before !== undefined && before.from < from)
            phases.push({ ...before, to: from });
        phases.push({ status, from, to: end });
    }
    return phases.filter(({ from, to }) => to > from);
}
/**
 * Milliseconds from a batch's creation to its end, or to `now` where it has not ended; `undefined`
 * where the server names no times.
 *
 * @param now milliseconds since the epoch
 */
function durationOf(batch, now) {
    const end = endOrNow(batch, now);
    if (batch.created_at === 0 || end === undefined)
        return undefined;
    return Math.max(0, end - batch.created_at * 1000);
}
/** When a batch ended, or `now` where it has not; `undefined` where it has and nobody says when. */
function endOrNow(batch, now) {
    if (!(0,batch_status/* isTerminal */.Hd)(batch))
        return now;
    const { status, completed_at, failed_at, expired_at, cancelled_at } = batch;
    const ends = {
        completed: completed_at,
        failed: failed_at,
        expired: expired_at,
        cancelled: cancelled_at,
    };
    const end = ends[status];
    return end === undefined || end === 0 ? undefined : end * 1000;
}

;// CONCATENATED MODULE: ./lib/action/summary/icons.js
const ofStatuses = new Map([
    ["completed", "✅"],
    ["failed", "❌"],
    ["expired", "⌛"],
    ["cancelled", "🚫"],
    ["cancelling", "🚫"],
]);
/** A status at a glance; what has not ended, or is not known, waits. */
function statusIcon(status) {
    return ofStatuses.get(status) ?? "⏳";
}
const conclusionIcons = {
    success: "✅",
    partial: "⚠️",
    failure: "❌",
    expired: "⌛",
    cancelled: "🚫",
    pending: "⏳",
};

;// CONCATENATED MODULE: ./lib/action/summary/batch-table.js







/** GitHub shows nothing of a summary over 1 MiB, so every part of it is bounded. */
const maxRows = 200;
const longestId = 80;
const longestStatus = 40;
/** One table of all batches, with a row of sums where there are several. */
function batchTable(context) {
    const { report, makes, now } = context;
    const { batches } = report;
    const roundOf = roundsShown(context);
    const head = [
        "Batch",
        ...(roundOf === undefined ? [] : ["Round:"]),
        ...["Status", "Requests:", "Failed:", "Tokens:", "Duration:"],
    ];
    const shown = maxWanted(batches);
    const rows = shown.map((batch) => [
        linked(batch, context.baseURL),
        ...(roundOf === undefined ? [] : [roundOf(batch)]),
        batch_table_status(batch, report.standing),
        ...figures(batch, context),
        ...(makes ? [context.facts.adopted.has(batch.id) ? "yes" : "no"] : []),
    ]);
    if (batches.length > 1) {
        const adopted = batches.filter(({ id }) => context.facts.adopted.has(id)).length;
        rows.push([
            `**${(0,format/* plural */.LS)(batches.length, "batch", "batches")}**`,
            ...(roundOf === undefined ? [] : [""]),
            "",
            ...[
                number(roundOf === undefined ? batch_table_heldBy(context) : sentOf(report)),
                number(report.counts.failed),
                number(report.usage?.total),
                wholeDuration(batches, now),
                ...(makes ? [adopted === 0 ? "" : number(adopted)] : []),
            ].map(strong),
        ]);
    }
    const more = batches.length - shown.length;
    return (table(makes ? [...head, "Reused"] : head, rows) +
        (more > 0 ? `\n\n… and ${(0,format/* plural */.LS)(more, "batch", "batches")} more` : "") +
        (roundOf !== undefined ? `\n\n${ofRounds}` : addsUp(context) ? "" : `\n\n${ofLines}`));
}
/** Without it the rows would seem not to add up to the last one. */
const ofRounds = "The batches of a later round hold requests of an earlier one, sent again. The last row counts each request once, as it ended.";
/** Of answers that are rejected the server knows nothing, nor of every request that never ran. */
const ofLines = "The rows go by the server's counts, the last one by the result lines.";
/** Whether the rows of all batches, also those that are not shown, come to what the last one says. */
function addsUp(context) {
    const { batches, counts, results } = context.report;
    if (results === undefined || batches.length < 2)
        return true;
    const rows = batches.map((batch) => batch_table_countsOf(batch, context));
    const sum = (key) => rows.reduce((all, row) => all + (row[key] ?? 0), 0);
    return sum("total") === batch_table_heldBy(context) && sum("failed") === counts.failed;
}
/** What to show of a batch's round; `undefined` when all are of the first one. */
function roundsShown({ report, facts }) {
    const several = report.batches.some(({ id }) => (facts.rounds.get(id) ?? 0) > 0);
    if (!several)
        return undefined;
    return ({ id }) => {
        const round = facts.rounds.get(id);
        return number(round === undefined ? undefined : round + 1);
    };
}
/** All of them, or where they are too many first those that did not just complete. */
function maxWanted(batches) {
    if (batches.length <= maxRows)
        return batches;
    const wanted = batches.filter((batch) => batch.status !== "completed");
    const rest = batches.filter((batch) => batch.status === "completed");
    return [...wanted, ...rest].slice(0, maxRows);
}
function figures(batch, context) {
    const { report, now } = context;
    const single = report.batches.length === 1;
    const { total, failed } = countsOfOnly(report) ?? countsBesideCache(batch, context);
    const tokens = single ? report.usage?.total : batch.usage?.total_tokens;
    const duration = durationOf(batch, now);
    return [
        number(total),
        number(failed),
        number(tokens),
        duration === undefined ? "" : (0,format/* formatDuration */.a3)(duration) + ((0,batch_status/* isTerminal */.Hd)(batch) ? "" : " so far"),
    ];
}
/** What a step's only batch holds, where it is all that the cache has not answered. */
function countsBesideCache(batch, context) {
    const { batches, results, counts } = context.report;
    const own = batch_table_countsOf(batch, context);
    const isRest = results !== undefined && batches.length === 1;
    return isRest && own.total === sentOf(context.report) ? { ...own, failed: counts.failed } : own;
}
function sentOf({ counts, cached }) {
    return counts.total - cached;
}
/** What the batches hold together: what the cache has answered is in none, or was sent before it had it. */
function batch_table_heldBy(context) {
    const { report } = context;
    if (report.cached === 0)
        return report.counts.total;
    const held = report.batches.map((batch) => batch_table_countsOf(batch, context).total);
    if (held.includes(undefined))
        return sentOf(report);
    return held.reduce((sum, total = 0) => sum + total, 0);
}
/** Servers count no request of a batch that they have not begun; what was sent may be known here. */
function batch_table_countsOf({ id, status, request_counts: reported }, { facts }) {
    if (reported !== undefined && reported.total > 0)
        return reported;
    const sent = facts.requests.get(id);
    return { total: sent, failed: status === "failed" ? sent : undefined };
}
function wholeDuration(batches, now) {
    const starts = batches.map((batch) => batch.created_at * 1000).filter((time) => time > 0);
    const ends = batches.flatMap((batch) => endOrNow(batch, now) ?? []);
    if (starts.length === 0 || ends.length === 0)
        return "";
    const [first, last] = [smallest(starts), -smallest(ends.map((time) => -time))];
    return last < first ? "" : (0,format/* formatDuration */.a3)(last - first);
}
function smallest(numbers) {
    return numbers.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
}
function batch_table_status(batch, standing) {
    const again = standing.includes(batch) ? "" : " (sent again)";
    return `${statusIcon(batch.status)} ${escapeMarkdown(batch.status, longestStatus)}${again}`;
}
/** Only the official server has a dashboard whose address we know. */
function linked({ id }, baseURL) {
    const shown = code(id, longestId);
    const official = (0,base_url/* isOpenAI */.R1)(baseURL);
    const plain = /^batch_\w{1,70}$/.test(id);
    return official && plain ? `[${shown}](https://platform.openai.com/batches/${id})` : shown;
}
function number(value) {
    return value === undefined ? "" : (0,format/* formatCount */.B4)(value);
}
function strong(text) {
    return text === "" ? "" : `**${text}**`;
}

;// CONCATENATED MODULE: ./lib/action/summary/cost.js




const longestLine = 600;
const cost_longestName = 60;
/** `$1.20 paid`, `$1.20 saved against synchronous calls`: what is known, and nothing else. */
function costFigures({ cost: spending, saved: byCache = 0, }) {
    const fromCache = byCache > 0 ? [`${dollars(byCache)} saved by the cache`] : [];
    return [...paidFigures(spending), ...fromCache];
}
function paidFigures(spending) {
    if (spending === undefined)
        return [];
    const { cost, listCost } = spending;
    if (cost === undefined)
        return [escapeMarkdown(`cost not known (${whyUnknown(spending)})`, longestLine)];
    const saved = (listCost ?? 0) - cost;
    return [
        `**${dollars(cost)}** paid`,
        ...(saved > 0 ? [`${dollars(saved)} saved against synchronous calls`] : []),
    ];
}
function whyUnknown({ unpriced }) {
    return unpriced.length === 0
        ? "not all tokens are known"
        : `no price for ${namesOf(unpriced, "answers that name no model")}`;
}
/** What was estimated before anything was sent, and where the prices come from. */
function costNotes({ facts, cost, }) {
    const { estimate } = facts;
    const source = estimate?.source ?? (cost?.cost === undefined ? undefined : cost.source);
    return [
        ...(estimate === undefined ? [] : estimateNotes(estimate)),
        ...(source === undefined ? [] : [sourceNote(source)]),
    ];
}
/** Where prices come from. */
function sourceNote(source) {
    return `Prices: half the list prices of ${code(source, cost_longestName)}, but for those given with <code>prices</code>.`;
}
function estimateNotes(estimate) {
    const figures = `Estimated before sending: ${tokenWords(estimate)}, ${costWords(estimate)}.`;
    return [figures, ...limitsOf(estimate)].map((words) => prose(words, longestLine));
}
/** GitHub would set what stands between two plain dollar signs as a formula. */
function dollars(amount) {
    return escapeMarkdown((0,format/* formatDollars */.nT)(amount));
}

;// CONCATENATED MODULE: ./lib/action/summary/check.js




const check_longestName = 60;
const check_longestLine = 600;
const check_maxRows = 100;
/** What `check` found: a line to go by, and what each model would cost. */
function checkSummary({ batches, estimate, endpoint }, failure) {
    const figures = [
        (0,format/* plural */.LS)(estimate.requests, "request"),
        (0,format/* plural */.LS)(batches, "batch", "batches"),
        escapeMarkdown(tokenWords(estimate)),
        escapeMarkdown(costWords(estimate)),
        code(endpoint, check_longestName),
    ];
    const icon = failure === undefined ? "✅" : "❌";
    const lines = (failure ?? "").split("\n").map((line) => prose(line, check_longestLine));
    const parts = [
        `### ${icon} OpenAI batch: checked, nothing sent`,
        figures.join(" · "),
        failure === undefined ? "" : box("CAUTION", lines),
        modelTable(estimate),
        ...limitsOf(estimate).map((words) => prose(words, check_longestLine)),
        sourceNote(estimate.source),
    ];
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
function modelTable({ models }) {
    const head = ["Model", "Requests:", "Input tokens:", "Output tokens, at most:", "Cost:"];
    const shown = models.slice(0, check_maxRows);
    const rows = shown.map(({ model, requests, input, output, unlimited, cost }) => [
        model === "" ? "no model named" : code(model, check_longestName),
        (0,format/* formatCount */.B4)(requests),
        (0,format/* formatCount */.B4)(input),
        unlimited > 0 ? "no limit" : (0,format/* formatCount */.B4)(output),
        cost === undefined ? "not known" : escapeMarkdown((0,format/* formatDollars */.nT)(cost)),
    ]);
    const more = models.length - shown.length;
    return table(head, rows) + (more > 0 ? `\n\n… and ${(0,format/* plural */.LS)(more, "model")} more` : "");
}

;// CONCATENATED MODULE: ./lib/action/summary/next-steps.js





const longestPath = 300;
const next_steps_maxIds = 10;
const maxPaths = 5;
/** What to do next, one line each of Markdown; the most needed first. */
function nextSteps(context) {
    const { report, operation } = context;
    if (report.batches.length === 0)
        return written(context);
    if (operation === "list")
        return [];
    return [
        ...next_steps_unfinished(context),
        ...afterFailure(context),
        ...written(context),
        ...notWritten(context),
    ];
}
function next_steps_unfinished({ report, operation, handedOver = false }) {
    const running = report.batches.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch));
    if (running.length === 0)
        return [];
    const ids = next_steps_idsOf(running.map(({ id }) => id));
    const them = running.length === 1 ? "it" : "them";
    if (running.every(({ status }) => status === "cancelling")) {
        return [
            `The server ends ${them} within about ten minutes; <code>operation: retrieve</code> then brings what was answered (<code>batch-id:</code> ${ids}).`,
        ];
    }
    const wait = operation === "create" ? `Wait for ${them}` : "Go on waiting";
    return [
        handedOver
            ? `The workflow was started again, and its new run goes on waiting for ${ids}.`
            : `${wait}, in this or a later job: <code>operation: wait</code>, <code>batch-id:</code> ${ids}.`,
        `No longer wanted? <code>operation: cancel</code> with the same <code>batch-id</code> ends ${them}; what is answered by then stays.`,
    ];
}
function afterFailure({ report }) {
    const { standing, results, counts, unsent } = report;
    const steps = [...unsentWords(unsent)];
    if (standing.some(({ status, errors }) => status === "failed" && errors !== undefined)) {
        steps.push("Fix what the server found and run again; a batch that failed is not adopted, so nothing stands in the way.");
    }
    // What was cancelled stays so within the step.
    const again = (results?.failures ?? [])
        .filter(({ code: failed }) => failed !== "batch_cancelled")
        .reduce((sum, { resendable }) => sum + resendable, 0);
    if (again > 0) {
        steps.push(`${(0,format/* formatCount */.B4)(again)} of ${(0,format/* plural */.LS)(counts.failed, "failure")} ${again === 1 ? "is" : "are"} transient: <code>operation: run</code> sends such requests again within the step, in as many rounds as <code>retry-failed</code> allows.`);
    }
    return steps;
}
function written({ report: { results } }) {
    const files = [];
    if (results?.outputFile !== undefined) {
        files.push(`${(0,format/* plural */.LS)(results.lines.output, "answer")}: ${pathsOf(results.outputFile)}`);
    }
    if (results?.errorFile !== undefined) {
        files.push(`${errorLines(results)}: ${pathsOf(results.errorFile)}`);
    }
    if (results?.answersFile !== undefined) {
        files.push(`${(0,format/* plural */.LS)(results.lines.answers, "row")} of answers: ${pathsOf(results.answersFile)}`);
    }
    if (files.length === 0)
        return [];
    return [
        ...files,
        "The runner is gone after the job: keep the files with <code>actions/upload-artifact</code>, or commit them.",
    ];
}
/** Of `collect` each batch has files of its own, one a line. */
function pathsOf(paths) {
    const shown = paths
        .split("\n")
        .slice(0, maxPaths)
        .map((path) => code(path, longestPath));
    const more = paths.split("\n").length - shown.length;
    return `${shown.join(", ")}${more > 0 ? ` and ${(0,format/* formatCount */.B4)(more)} more` : ""}`;
}
/** Results that are there and that nobody has asked for. */
function notWritten({ report, operation }) {
    if (report.results !== undefined)
        return [];
    const ended = report.batches.filter((batch) => batch.output_file_id !== undefined || batch.error_file_id !== undefined);
    if (ended.length === 0)
        return [];
    const how = operation === "cancel" ? "retrieve" : operation === "create" ? "wait" : operation;
    return [
        `The server names result files that were not fetched: <code>operation: ${how === "run" ? "wait" : how}</code> with <code>output-file</code> and <code>error-file</code> fetches them (<code>batch-id:</code> ${next_steps_idsOf(ended.map(({ id }) => id))}).`,
    ];
}
function next_steps_idsOf(ids) {
    if (ids.length > next_steps_maxIds)
        return "the <code>batch-id</code> output of this step";
    return code(ids.join(","), next_steps_maxIds * 80);
}

;// CONCATENATED MODULE: ./lib/action/summary/problems.js




const problems_maxListed = 50;
/** What is wrong with the request files: each problem with its count, and the first lines that have one. */
function problemSummary({ problems, problemCount, problemCounts, template, }) {
    const rows = [...problemCounts]
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]) => [code(name), String(count), prose(adviceForBatch(name))]);
    const more = problemCount - Math.min(problems.length, problems_maxListed);
    return [
        `### ❌ OpenAI batch: ${(0,format/* plural */.LS)(problemCount, "problem")} in the ${template === undefined ? "request file" : "rows and their template"}`,
        "",
        "Nothing was uploaded, and nothing is billed.",
        "",
        table(["Problem", "Lines:", "What to do"], rows),
        "",
        ...problems
            .slice(0, problems_maxListed)
            .map((problem) => `- ${escapeMarkdown((0,batch_input/* describeProblem */.BJ)(problem))}`),
        ...(more > 0 ? [`- … and ${(0,format/* formatCount */.B4)(more)} more`] : []),
        "",
    ].join("\n");
}

;// CONCATENATED MODULE: ./lib/action/summary/timeline.js



const maxBatches = 8;
const timeline_longestName = 24;
/**
 * A Mermaid chart of the phases of the batches, of many the slowest; `undefined` where no server
 * told their times. Times are in UTC, as they are in logs.
 */
function timeline(batches, now) {
    const timed = batches
        .map((batch) => ({ batch, phases: phasesOf(batch, now).filter(isSeen) }))
        .filter(({ phases }) => phases.length > 0);
    if (timed.length === 0)
        return undefined;
    const slowest = new Set([...timed]
        .sort((a, b) => (durationOf(b.batch, now) ?? 0) - (durationOf(a.batch, now) ?? 0))
        .slice(0, maxBatches));
    const shown = timed.filter((one) => slowest.has(one));
    const title = timed.length > maxBatches ? `The ${maxBatches} slowest batches (UTC)` : "When (UTC)";
    return [
        "```mermaid",
        '%%{init: {"gantt": {"leftPadding": 170}}}%%',
        "gantt",
        `    title ${title}`,
        "    dateFormat YYYY-MM-DD HH:mm:ss",
        `    axisFormat ${axisOf(shown.flatMap(({ phases }) => phases))}`,
        ...shown.flatMap(({ batch, phases }) => section(batch, phases)),
        "```",
    ].join("\n");
}
/** Servers tell seconds; what is shorter is a batch that was just made. */
function isSeen({ from, to }) {
    return to - from >= 1_000;
}
function section(batch, phases) {
    return [
        `    section ${plainName(batch.id)}`,
        ...phases.map(({ status, from, to }, index) => {
            const last = index === phases.length - 1;
            const tag = !last ? "done" : !(0,batch_status/* isTerminal */.Hd)(batch) ? "active" : endTag(batch);
            return `    ${plainName(status).replaceAll("_", " ")} ${(0,format/* formatDuration */.a3)(to - from)} :${tag}, ${time(from)}, ${time(to)}`;
        }),
    ];
}
/** What ended badly is red. */
function endTag({ status }) {
    return status === "completed" ? "done" : "crit";
}
function axisOf(phases) {
    const from = phases.reduce((least, phase) => Math.min(least, phase.from), Infinity);
    const to = phases.reduce((most, phase) => Math.max(most, phase.to), 0);
    const minutes = (to - from) / 60_000;
    if (minutes <= 10)
        return "%H:%M:%S";
    return minutes <= 24 * 60 ? "%H:%M" : "%d %b %H:%M";
}
function time(milliseconds) {
    return new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ");
}
/**
 * Mermaid has no escape that holds everywhere in a chart (`:`, `;`, `#`, `%%`, brackets and line
 * breaks all mean something somewhere), so only what means nothing passes.
 */
function plainName(text) {
    const plain = (0,format/* shorten */.ml)(text, 200)
        .replaceAll(/[^\w-]+/g, "_")
        .replaceAll(/^_+|_+$/g, "") || "batch";
    return plain.length > timeline_longestName
        ? `${plain.slice(0, timeline_longestName - 7)}...${plain.slice(-4)}`
        : plain;
}

;// CONCATENATED MODULE: ./lib/action/summary/unusable.js




/** Answers with a problem: how many, which, whether they count as failed, and what to change. */
function unusableAnswers(groups) {
    const rows = groups.map(({ problem, count, rejected, examples: ids }) => [
        code(problem),
        (0,format/* formatCount */.B4)(count),
        rejected ? "yes" : "no",
        examples(ids, count),
        prose(adviceForAnswer(problem), longestAdvice),
    ]);
    return table(["Unusable answers", "Count:", "Rejected", "For example", "What to change"], rows);
}
const longestAdvice = 400;

;// CONCATENATED MODULE: ./lib/action/summary.js














const summary_longestLine = 600;
const maxLines = 12;
const summary_maxNames = 3;
const summary_longestName = 60;
/**
 * The job summary of a step, for people: why it failed, its batches, when they did what, what
 * failed and what to do next. Every foreign text is escaped and every part bounded, so that it
 * stays far below the 1 MiB above which GitHub shows nothing.
 */
function summaryOf(context) {
    if (context.checked !== undefined)
        return checkSummary(context.checked, context.failure);
    const { report, operation, now, origins, failure } = context;
    const { batches, standing, results } = report;
    const failures = results?.failures ?? [];
    const unusable = results?.unusable ?? [];
    const found = standing.some(({ errors }) => (errors?.data ?? []).length > 0);
    const steps = nextSteps(context);
    const parts = [
        `### ${summary_titleOf(context)}`,
        figuresOf(context),
        failure === undefined ? "" : box("CAUTION", summary_linesOf(failure)),
        batches.length === 0 ? "" : batchTable(context),
        operation === "list" ? "" : (timeline(batches, now) ?? ""),
        found ? batchErrorTable(standing, origins) : "",
        failures.length === 0 ? "" : requestFailures(failures, report.standing),
        unusable.length === 0 ? "" : unusableAnswers(unusable),
        ...costNotes(context),
        steps.length === 0 ? "" : ["**What next**", "", ...steps.map((step) => `- ${step}`)].join("\n"),
    ];
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
/** The summary of a step that ended on an error before it had anything to report. */
function errorSummary(error, message) {
    if (error instanceof RequestFileError && error.scan.problemCount > 0) {
        return problemSummary(error.scan);
    }
    const known = error instanceof errors/* APIError */.LG ? error : undefined;
    const facts = Object.entries({
        status: known?.status,
        code: known?.code,
        "request id": known?.requestID,
    }).flatMap(([name, value]) => (value === undefined ? [] : `${name} ${code(String(value), 100)}`));
    const parts = [
        "### ❌ OpenAI batch: the step failed",
        box("CAUTION", summary_linesOf(message)),
        facts.join(" · "),
    ];
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
function summary_titleOf({ report, operation }) {
    const { batches, conclusion } = report;
    if (operation === "list")
        return `OpenAI batches: ${(0,format/* formatCount */.B4)(batches.length)} listed`;
    return `${conclusionIcons[conclusion]} OpenAI ${batches.length === 1 ? "batch" : "batches"}: ${conclusion}`;
}
/** `120 requests · 114 answered · 6 failed · 5,120 tokens (4,000 in, 1,120 out) · gpt-6-luna` */
function figuresOf(context) {
    const { report } = context;
    const { batches, counts, usage, unsent, cached, results } = report;
    const figures = [];
    if (counts.total > 0) {
        figures.push((0,format/* plural */.LS)(counts.total, "request"), `${(0,format/* formatCount */.B4)(counts.completed)} answered`);
        if (counts.failed > 0)
            figures.push(`**${(0,format/* formatCount */.B4)(counts.failed)} failed**`);
    }
    const unusable = unusableIn(results) ?? 0;
    if (unusable > 0)
        figures.push(`**${(0,format/* formatCount */.B4)(unusable)} unusable**`);
    if (cached > 0)
        figures.push(`${(0,format/* formatCount */.B4)(cached)} from the cache`);
    if (unsent > 0)
        figures.push(`**${(0,format/* formatCount */.B4)(unsent)} not sent**`);
    if (usage !== undefined) {
        const split = `${(0,format/* formatCount */.B4)(usage.input)} in, ${(0,format/* formatCount */.B4)(usage.output)} out`;
        figures.push(`${(0,format/* plural */.LS)(usage.total, "token")} (${split})`);
    }
    figures.push(...costFigures(context));
    return [
        ...figures,
        ...distinct(batches.map(({ model }) => model)),
        ...distinct(batches.map(({ endpoint }) => endpoint)),
    ].join(" · ");
}
/** A few names as code; more than that say nothing at a glance. */
function distinct(names) {
    const known = [...new Set(names.filter((name) => name !== undefined && name !== ""))];
    const shown = known.slice(0, summary_maxNames).map((name) => code(name ?? "", summary_longestName));
    return known.length > shown.length ? [...shown, `… ${known.length - shown.length} more`] : shown;
}
function summary_linesOf(message) {
    const lines = message.split(/\r?\n/).filter((line) => line.trim() !== "");
    const shown = lines.slice(0, maxLines).map((line) => prose(line, summary_longestLine));
    if (lines.length > maxLines)
        shown.push(`… and ${lines.length - maxLines} more lines`);
    // Each line a paragraph of its own.
    return shown.flatMap((line, index) => (index === 0 ? [line] : ["", line]));
}

;// CONCATENATED MODULE: ./lib/action/step.js
var step_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var step_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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
























/**
 * One step of a workflow, from its inputs to its outputs; a failure is reported, not thrown.
 *
 * @param interrupted aborts when the runner asks the step to end
 */
async function runStep(toolkit, env, interrupted = new AbortController().signal, connections = {}) {
    const state = createState(toolkit.saveState);
    interrupted.addEventListener("abort", () => {
        state.interrupted();
    });
    const begun = { inputs: undefined, step: undefined };
    try {
        maskSecrets(toolkit, env);
        const inputs = await readInputs(toolkit.getInput, env);
        for (const text of inputs.warnings)
            toolkit.warning(text);
        begun.inputs = inputs;
        begun.step = await openStep(toolkit, env, { inputs, state, interrupted, connections });
        const outcome = await outcomeOf(inputs, begun.step, connections);
        await report(inputs, begun.step, outcome);
    }
    catch (error) {
        await reportError(toolkit, begun, error);
    }
    state.ended();
}
/** Milliseconds that a server may make a step wait that waits for no batch. */
const longestPause = 10 * 60_000;
async function openStep(toolkit, env, { inputs, state, interrupted, connections }) {
    const { connect = createClient, gitHub = accessGitHub } = connections;
    // Only who waits for a batch anyway can wait for hours until the server takes a call.
    const waits = inputs.operation === "wait" || inputs.operation === "run";
    const maxRetryAfter = waits ? undefined : longestPause;
    const client = connect({ ...inputs.connection, maxRetryAfter }, toolkit);
    const { clock } = client;
    const github = (0,context/* githubContext */.h4)(env);
    const use = { context: github, clock, signal: interrupted, toolkit, onHeld: state.held };
    const { api, reporter } = await gitHub(inputs.github, use);
    const now = () => clock.now();
    const narrator = createNarrator({ toolkit, state, reporter, github, now });
    return { client, toolkit, state, narrator, signal: interrupted, github, api, reporter };
}
/** Milliseconds; after a signal no call may take longer. */
const hurriedTimeout = 2_000;
async function outcomeOf(inputs, step, connections) {
    const { signal, state, narrator, client, toolkit } = step;
    const { connect = createClient } = connections;
    const outcome = await operate(inputs, step).catch((error) => {
        if (!signal.aborted || state.unfinished().length === 0)
            throw error;
        return { report: narrator.report(), failure: explain(error) };
    });
    // What `operation: cancel` could not do in its grace is the post step's, whatever `cancel-on` says.
    if (!signal.aborted || inputs.operation === "cancel")
        return outcome;
    // A token that the first client has exchanged is still good; there is no time for another.
    const hurried = () => connect({ ...inputs.connection, requestTimeout: hurriedTimeout }, toolkit, client);
    return cancelOnSignal(step, inputs.cancelOn, hurried, outcome);
}
/** Reads what the batches were made of before anything else, so that a mistake in it costs no hours. */
async function operate(inputs, step) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        if (!("results" in inputs) || "create" in inputs)
            return operateWith(inputs, step);
        const { results } = inputs;
        const { input } = results;
        if (input === undefined)
            return operateWith(inputs, step);
        const local = step_addDisposableResource(env_1, await readLocalInput(step, input, inputs.operation === "run"), true);
        return await operateWith({ ...inputs, results: { ...results, local } }, step);
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = step_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
async function operateWith(inputs, step) {
    switch (inputs.operation) {
        case "create":
            return create_create(step, inputs.create, inputs.cost);
        case "wait":
            return wait_wait(step, inputs.choice, inputs.wait, inputs.results);
        case "run":
            return "ids" in inputs
                ? waitFor(step, { ids: inputs.ids, known: [] }, { waiting: inputs.wait, results: inputs.results })
                : run(step, { ...inputs, waiting: inputs.wait });
        case "cancel":
            return cancel(step, inputs.choice);
        case "retrieve":
            return retrieve_retrieve(step, inputs.choice, inputs.results);
        case "list":
            return list(step, inputs.list);
        case "check":
            return check(step, inputs);
        case "collect":
            return collect(step, inputs.collect, inputs.results, ledgerAccess(step, inputs.github));
    }
}
async function report(inputs, step, outcome) {
    const { toolkit, reporter, client } = step;
    const cost = outcome.checked === undefined ? await costOfReport(inputs, outcome, client) : undefined;
    if (outcome.checked === undefined) {
        writeOutputs(toolkit, outcome.report);
        toolkit.setOutput("cost", cost?.cost === undefined ? "" : (0,format/* plainDollars */.ci)(cost.cost));
    }
    await reporter.settled();
    if (outcome.failure !== undefined)
        toolkit.setFailed(outcome.failure);
    if (!inputs.summary)
        return;
    const saved = await savedByCache(inputs, outcome, client);
    await tell(toolkit, () => summaryOf({ ...contextOf(inputs, step, outcome), cost, saved }));
}
/** What the answers of the cache would have cost, had they been asked for again. */
async function savedByCache({ cost: { prices } }, { report: { results } }, { clock }) {
    const cached = results?.cachedByModel ?? [];
    if (cached.length === 0 || cached.some(isUnknown))
        return undefined;
    return spendingOf(cached, await loadPrices(prices, clock.now())).cost;
}
/** What the answers cost, where the operation is about them. */
async function costOfReport({ operation, cost: { prices } }, { report: { spent } }, { clock }) {
    if (operation === "list" || operation === "cancel" || spent.length === 0)
        return undefined;
    // The price list takes a while to load, and does not help where tokens and model are unknown.
    if (spent.some(isUnknown))
        return undefined;
    return spendingOf(spent, await loadPrices(prices, clock.now()));
}
async function reportError(toolkit, { inputs, step }, error) {
    const known = step && failedReport(step.narrator.report());
    const failure = [explain(error), ...unsentAmong(known)].join("\n");
    toolkit.setFailed(failure);
    const isKnown = known !== undefined && known.batches.length > 0;
    if (isKnown)
        step?.narrator.flush();
    const wanted = inputs?.summary ?? toolkit.getInput("summary").toLowerCase() !== "false";
    if (wanted) {
        await tell(toolkit, () => inputs === undefined || step === undefined || !isKnown
            ? errorSummary(error, failure)
            : summaryOf(contextOf(inputs, step, { report: known, failure })));
    }
    if (error instanceof Error && !isExplained(error))
        toolkit.debug(error.stack ?? error.message);
}
/** What is to be said of requests that were not sent although others were. */
function unsentAmong(known) {
    return known === undefined || known.batches.length === 0 ? [] : unsentWords(known.unsent);
}
function contextOf(inputs, { client, narrator }, { report: known, failure, handedOver, origins = new Map(), checked }) {
    return {
        checked,
        report: known,
        operation: inputs.operation,
        makes: "create" in inputs,
        baseURL: client.baseURL,
        now: client.clock.now(),
        facts: narrator.facts(),
        origins,
        failure,
        handedOver,
    };
}
/** Writes the job summary; a step is not worse for lack of it. */
async function tell(toolkit, summary) {
    try {
        await toolkit.summary.addRaw(summary(), true).write();
    }
    catch (error) {
        toolkit.warning(`The job summary could not be written: ${explain(error)}`);
    }
}


/***/ }),

/***/ 7567:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Qd: () => (/* binding */ defaultBaseURL),
/* harmony export */   R1: () => (/* binding */ isOpenAI),
/* harmony export */   U9: () => (/* binding */ isLoopback),
/* harmony export */   gb: () => (/* binding */ checkedTokenURL),
/* harmony export */   u4: () => (/* binding */ defaultTokenURL),
/* harmony export */   wf: () => (/* binding */ checkedBaseURL)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8937);

const defaultBaseURL = "https://api.openai.com/v1";
const defaultTokenURL = "https://auth.openai.com/oauth/token";
/**
 * Whether a base URL is that of OpenAI's own server, whose limits and pages are known: `api.openai.com`, or the host of a region
 * such as `eu.api.openai.com`.
 *
 * @see https://platform.openai.com/docs/guides/your-data#data-residency-controls
 */
function isOpenAI(baseURL) {
    if (!URL.canParse(baseURL))
        return false;
    const { protocol, hostname, port } = new URL(baseURL);
    return protocol === "https:" && port === "" && /^(?:[a-z]{2}\.)?api\.openai\.com$/.test(hostname);
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
/* harmony export */   em: () => (/* binding */ sentence),
/* harmony export */   j3: () => (/* binding */ DeadlineError),
/* harmony export */   mP: () => (/* binding */ UnreadableAnswerError),
/* harmony export */   qA: () => (/* binding */ APIConnectionTimeoutError),
/* harmony export */   rk: () => (/* binding */ UnknownOutcomeError),
/* harmony export */   xX: () => (/* binding */ APIConnectionError)
/* harmony export */ });
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
  tt: () => (/* binding */ afterGrace),
  dg: () => (/* binding */ isTransient),
  LH: () => (/* binding */ withRetries)
});

// UNUSED EXPORTS: isFinal, pauseBefore

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

/***/ 6986:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ KeyShapes),
/* harmony export */   n: () => (/* binding */ noShape)
/* harmony export */ });
/** Keys that become columns, so that answers with keys like ids do not make a table as wide as it is long. */
const maxKeys = 1_000;
/** Keys that are kept for shapes of their own, all shapes taken together. */
const maxInShapes = 200_000;
/** No keys at all. */
const noShape = 0;
/**
 * Which keys JSON answers have, as one small number for each list of keys: millions of answers have few
 * different ones.
 */
class KeyShapes {
    #numbers = new Map();
    #shapes = [[]];
    #names = [];
    #known = new Set();
    #inShapes = 0;
    #leftOut = 0;
    /** How many answers had keys for which there is no column. */
    get leftOut() {
        return this.#leftOut;
    }
    /** The number of a list of keys; the same keys in another order are another list. */
    shapeOf(keys) {
        const kept = keys.filter((key) => this.#keep(key));
        if (kept.length < keys.length)
            this.#leftOut += 1;
        const list = this.#inShapes > maxInShapes ? this.#names : kept;
        return this.#numberOf(list);
    }
    keysOf(shape) {
        return this.#shapes[shape] ?? [];
    }
    #keep(key) {
        if (this.#known.has(key))
            return true;
        if (this.#names.length === maxKeys)
            return false;
        this.#known.add(key);
        this.#names.push(key);
        return true;
    }
    #numberOf(keys) {
        if (keys.length === 0)
            return noShape;
        // Of all keys there is one list for each of their number.
        const name = keys === this.#names ? String(keys.length) : JSON.stringify(keys);
        const known = this.#numbers.get(name);
        if (known !== undefined)
            return known;
        this.#inShapes += keys.length;
        const number = this.#shapes.push([...keys]) - 1;
        this.#numbers.set(name, number);
        return number;
    }
}


/***/ }),

/***/ 6793:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   gw: () => (/* binding */ cutBy),
/* harmony export */   oR: () => (/* binding */ joined),
/* harmony export */   ob: () => (/* binding */ isJsonFormat),
/* harmony export */   r7: () => (/* binding */ textIn)
/* harmony export */ });
/* harmony import */ var _api_json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6192);

/** A text, or `undefined` for anything else and for an empty one. */
function textIn(value) {
    return typeof value === "string" && value !== "" ? value : undefined;
}
/** Ends at a limit of tokens, in the words of several servers. */
const limits = new Set([
    "length",
    "max_tokens",
    "max_output_tokens",
    "model_length",
]);
/** What a server's word for the end of an answer means for it. */
function cutBy(reason) {
    const folded = reason?.toLowerCase();
    if (folded === undefined)
        return undefined;
    if (limits.has(folded))
        return "truncated";
    return folded === "content_filter" ? "filtered" : undefined;
}
/** Whether a format, as requests name it and responses repeat it, asks for JSON. */
function isJsonFormat(format) {
    return (0,_api_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isFields */ .Ce)(format) && (format["type"] === "json_object" || format["type"] === "json_schema");
}
/** Texts of the parts of one message, or of several, put together; `undefined` where there are none. */
function joined(texts) {
    const known = texts.filter((text) => text !== undefined);
    return known.length === 0 ? undefined : known.join("");
}


/***/ }),

/***/ 4414:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ keyBytes),
/* harmony export */   l: () => (/* binding */ contentKey)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _api_json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6192);


/** Bytes of a key. */
const keyBytes = 16;
/**
 * A hash of what a request asks for. The order of keys does not matter, and neither does how a number is
 * written that JavaScript can hold; all else does.
 */
function contentKey({ baseURL, url, body, source }) {
    // Where nothing was escaped nothing has to be: that is a third of the time for long texts.
    const quoted = source.includes(backslash) ? JSON.stringify : inQuotes;
    const writing = { quoted, inexact: false };
    const plain = canonical(body ?? null, writing);
    const text = writing.inexact ? `exact ${canonical(exactBody(source) ?? null, writing)}` : plain;
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.hash)("sha256", `${JSON.stringify([baseURL, url])}${text}`, "buffer").subarray(0, keyBytes);
}
const backslash = 0x5c;
function inQuotes(text) {
    return `"${text}"`;
}
/** JSON whose objects have their keys in one order. */
function canonical(value, writing) {
    if (typeof value === "string")
        return writing.quoted(value);
    if (typeof value === "number") {
        if (!isExact(value))
            writing.inexact = true;
        return JSON.stringify(value);
    }
    if (Array.isArray(value))
        return `[${value.map((item) => canonical(item, writing)).join(",")}]`;
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(value))
        return JSON.stringify(value);
    let text = "";
    for (const name of Object.keys(value).sort()) {
        text += `${text === "" ? "" : ","}${writing.quoted(name)}:${canonical(value[name], writing)}`;
    }
    return `{${text}}`;
}
/** Two whole numbers beyond this become the same when they are read. */
function isExact(value) {
    return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}
const stringsAndNumbers = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** The body with every number as it is written, told from texts by a letter before each. */
function exactBody(source) {
    const text = source
        .toString("utf8")
        .replace(stringsAndNumbers, (token) => token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`);
    const request = JSON.parse(text);
    return (0,_api_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isFields */ .Ce)(request) ? request["sbody"] : undefined;
}


/***/ }),

/***/ 8011:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ KeyTable),
/* harmony export */   u: () => (/* binding */ KeyIndex)
/* harmony export */ });
/* harmony import */ var _content_key_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4414);

const wordsPerKey = _content_key_js__WEBPACK_IMPORTED_MODULE_0__/* .keyBytes */ .R / 4;
const emptySlot = 0;
const fullest = 0.6;
/** The keys of millions of requests or answers, by their number from 0, in 16 bytes each. */
class KeyTable {
    #size = 0;
    #words = new Uint32Array(1024 * wordsPerKey);
    #bytes = Buffer.alloc(_content_key_js__WEBPACK_IMPORTED_MODULE_0__/* .keyBytes */ .R);
    get size() {
        return this.#size;
    }
    add(key) {
        const at = this.#size * wordsPerKey;
        if (at === this.#words.length) {
            const grown = new Uint32Array(at * 2);
            grown.set(this.#words);
            this.#words = grown;
        }
        for (let word = 0; word < wordsPerKey; word += 1) {
            this.#words[at + word] = wordOf(key, word);
        }
        this.#size += 1;
    }
    /** The key in hexadecimal. */
    textOf(number) {
        for (let word = 0; word < wordsPerKey; word += 1) {
            this.#bytes.writeUInt32BE(this.#words[number * wordsPerKey + word] ?? 0, word * 4);
        }
        return this.#bytes.toString("hex");
    }
    isAt(number, key) {
        const at = number * wordsPerKey;
        for (let word = 0; word < wordsPerKey; word += 1) {
            if (this.#words[at + word] !== wordOf(key, word))
                return false;
        }
        return true;
    }
    firstWord(number) {
        return this.#words[number * wordsPerKey] ?? 0;
    }
}
/** Tells under which number a key was added: 16 bytes for each, and 7 to 14 for finding it. */
class KeyIndex {
    #keys = new KeyTable();
    /** The number of the key plus one; 0 for an empty slot. */
    #slots = new Uint32Array(1024);
    get size() {
        return this.#keys.size;
    }
    /** Adds a key under the next number, from 0; returns the number it already has, else `undefined`. */
    add(key) {
        const slot = this.#slotOf(key);
        const present = this.#slots[slot] ?? emptySlot;
        if (present !== emptySlot)
            return present - 1;
        this.#keys.add(key);
        this.#slots[slot] = this.#keys.size;
        if (this.#keys.size > this.#slots.length * fullest)
            this.#grow();
        return undefined;
    }
    /** The number under which a key was added. */
    numberOf(key) {
        const present = this.#slots[this.#slotOf(key)] ?? emptySlot;
        return present === emptySlot ? undefined : present - 1;
    }
    #slotOf(key) {
        const mask = this.#slots.length - 1;
        let slot = wordOf(key, 0) & mask;
        for (;;) {
            const present = this.#slots[slot] ?? emptySlot;
            if (present === emptySlot || this.#keys.isAt(present - 1, key))
                return slot;
            slot = (slot + 1) & mask;
        }
    }
    #grow() {
        const slots = new Uint32Array(this.#slots.length * 2);
        for (let number = 0; number < this.#keys.size; number += 1) {
            let slot = this.#keys.firstWord(number) & (slots.length - 1);
            while (slots[slot] !== emptySlot)
                slot = (slot + 1) & (slots.length - 1);
            slots[slot] = number + 1;
        }
        this.#slots = slots;
    }
}
/** A word of a key; its bytes are a hash's, and as good as random. */
function wordOf(key, word) {
    const at = word * 4;
    const high = ((key[at] ?? 0) << 24) | ((key[at + 1] ?? 0) << 16);
    return (high | ((key[at + 2] ?? 0) << 8) | (key[at + 3] ?? 0)) >>> 0;
}


/***/ }),

/***/ 750:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ae: () => (/* binding */ contentHash),
/* harmony export */   Bo: () => (/* binding */ isHalfOf),
/* harmony export */   Bx: () => (/* binding */ isOfOwnKey),
/* harmony export */   LT: () => (/* binding */ workOf),
/* harmony export */   O7: () => (/* binding */ roundOf),
/* harmony export */   T5: () => (/* binding */ idempotencyKey),
/* harmony export */   Uu: () => (/* binding */ contentOfCreation),
/* harmony export */   ZV: () => (/* binding */ creationName),
/* harmony export */   bX: () => (/* binding */ newCreationId),
/* harmony export */   ih: () => (/* binding */ halfKeyOf),
/* harmony export */   l3: () => (/* binding */ ownKeyOf),
/* harmony export */   qj: () => (/* binding */ hashText),
/* harmony export */   uT: () => (/* binding */ wholeKeyOf),
/* harmony export */   xK: () => (/* binding */ prefixOfCreation),
/* harmony export */   xT: () => (/* binding */ keyName)
/* harmony export */ });
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
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)("sha256").update(text).digest("hex");
}
/**
 * A value that no other create has.
 *
 * @param prefix what the create belongs to, for example a commit; `prefixOfCreation` reads it back
 * @param content what its key stands for; `contentOfCreation` reads it back
 */
function newCreationId(prefix, content) {
    return `${prefix === undefined ? "" : `${prefix}/`}${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}.${content}`;
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
/* harmony export */   Zv: () => (/* binding */ listNames),
/* harmony export */   a3: () => (/* binding */ formatDuration),
/* harmony export */   ci: () => (/* binding */ plainDollars),
/* harmony export */   f6: () => (/* binding */ withoutStop),
/* harmony export */   ml: () => (/* binding */ shorten),
/* harmony export */   nT: () => (/* binding */ formatDollars),
/* harmony export */   z3: () => (/* binding */ formatBytes)
/* harmony export */ });
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

/***/ 7114:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  BJ: () => (/* binding */ describeProblem),
  uz: () => (/* binding */ impliedEndpoint),
  mu: () => (/* binding */ scanInput)
});

// EXTERNAL MODULE: ./lib/api/base-url.js
var base_url = __webpack_require__(7567);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./lib/api/json.js
var json = __webpack_require__(6192);
// EXTERNAL MODULE: ./lib/batch/input/request-line.js
var request_line = __webpack_require__(5021);
// EXTERNAL MODULE: ./lib/batch/input/scanning.js + 2 modules
var scanning = __webpack_require__(8352);
// EXTERNAL MODULE: ./lib/batch/input/spool.js
var input_spool = __webpack_require__(3192);
// EXTERNAL MODULE: ./lib/batch/input/stamp.js
var stamp = __webpack_require__(6912);
// EXTERNAL MODULE: ./lib/batch/input/until-aborted.js
var until_aborted = __webpack_require__(7265);
;// CONCATENATED MODULE: ./lib/batch/input/memory.js








/** How many requests are taken between two looks at signals and timers. */
const requestsPerTurn = 1_000;
/** Scans requests from memory; they are kept in a file, since an upload may have to be sent twice. */
async function scanRequests(requests, { maxProblems, endpoint, signal, temporaryFolder }) {
    const scan = (0,scanning/* newScanning */.W1)([], maxProblems);
    const folder = await (0,input_spool/* openSpoolFolder */.GG)(temporaryFolder);
    const spool = new input_spool/* Spool */.QX((0,external_node_path_.join)(folder.path, (0,input_spool/* spoolName */.$M)(undefined)), (bytes) => {
        scan.hash.update(bytes);
    });
    try {
        let count = 0;
        for await (const request of (0,until_aborted/* untilAborted */.E)(requests, signal)) {
            if (count % requestsPerTurn === 0)
                await (0,promises_.setImmediate)();
            signal?.throwIfAborted();
            count += 1;
            scanRequest(scan, spool, { request, count, endpoint });
        }
        if (count === 0)
            (0,scanning/* report */.z8)(scan, { code: "empty_file", message: "there is no request" });
        await spool.close();
        return (0,scanning/* finishScan */.vi)(scan, {
            files: [spool.path],
            stamps: [await (0,stamp/* stampOf */.Z)(spool.path)],
            template: undefined,
            rows: undefined,
            [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
        });
    }
    catch (error) {
        spool.discard();
        await folder[Symbol.asyncDispose]();
        throw error;
    }
}
function scanRequest(scan, spool, { request, count, endpoint }) {
    const tell = (code, message) => {
        (0,scanning/* report */.z8)(scan, { line: count, code, message });
    };
    const text = textOf(request);
    if (text === undefined) {
        tell("invalid_request", "the request is no object that can be written as JSON");
        return;
    }
    const { start, end } = spool.write(text);
    // As it was written, which may be other than it was: `toJSON` and values that JSON has not.
    const written = JSON.parse(text);
    const read = (0,json/* isFields */.Ce)(written) ? (0,request_line/* checkRequest */.y)(written, endpoint, tell) : undefined;
    (0,scanning/* addRequest */.N)(scan, { source: 0, line: count, file: 0, start, end }, read, tell);
}
function textOf(request) {
    if (!(0,json/* isFields */.Ce)(request))
        return undefined;
    const { custom_id, method = "POST", ...rest } = request;
    try {
        return JSON.stringify({ custom_id, method, ...rest });
    }
    catch (error) {
        // What holds itself, or a number that JSON has not.
        if (error instanceof TypeError)
            return undefined;
        throw error;
    }
}

// EXTERNAL MODULE: ./lib/batch/cache/content-key.js
var content_key = __webpack_require__(4414);
// EXTERNAL MODULE: ./lib/batch/cache/key-table.js
var key_table = __webpack_require__(8011);
// EXTERNAL MODULE: ./lib/batch/rows/kind.js
var kind = __webpack_require__(5584);
// EXTERNAL MODULE: ./lib/batch/input/lines.js
var lines = __webpack_require__(1276);
;// CONCATENATED MODULE: ./lib/batch/input/request-files.js







/** Scans request files, which are sent as they are. */
async function scanFiles(paths, { maxProblems, endpoint, contentsFor, signal }) {
    const scan = (0,scanning/* newScanning */.W1)(paths, maxProblems);
    const contents = contentsFor === undefined ? undefined : { baseURL: contentsFor, keys: new key_table/* KeyTable */.a() };
    const stamps = [];
    for (const [number, file] of paths.entries()) {
        const before = scan.lines.size;
        stamps.push(await (0,stamp/* stampOf */.Z)(file));
        const noTemplate = (0,kind/* tableWithoutTemplate */.rc)(file);
        if (noTemplate !== undefined) {
            (0,scanning/* report */.z8)(scan, noTemplate);
            continue;
        }
        const take = (line) => {
            scanLine({ scan, contents, endpoint }, number, line);
        };
        await (0,lines/* forEachLine */.FF)(file, take, signal);
        if (scan.lines.size === before) {
            (0,scanning/* report */.z8)(scan, { file, code: "empty_file", message: "the file holds no request" });
        }
    }
    return (0,scanning/* finishScan */.vi)(scan, {
        files: paths,
        stamps,
        template: undefined,
        rows: undefined,
        contents,
        [Symbol.asyncDispose]: () => Promise.resolve(),
    });
}
function scanLine({ scan, contents, endpoint }, number, line) {
    const sent = (0,lines/* withoutMark */.E_)(line);
    if ((0,lines/* isBlank */.z3)(sent.bytes))
        return;
    scan.hash.update(sent.bytes).update("\n");
    const tell = (code, message) => {
        (0,scanning/* report */.z8)(scan, { file: scan.sources[number] ?? "", line: line.number, code, message });
    };
    const request = (0,request_line/* readRequestLine */.o)(sent.bytes, { utf8: line.utf8, endpoint }, tell);
    const { start, bytes: source } = sent;
    const end = start + source.length;
    (0,scanning/* addRequest */.N)(scan, { source: number, line: line.number, file: number, start, end }, request, tell);
    if (contents === undefined)
        return;
    const { baseURL, keys } = contents;
    keys.add((0,content_key/* contentKey */.l)({ baseURL, url: request?.url ?? "", body: request?.body, source }));
}

// EXTERNAL MODULE: ./lib/batch/rows/file-rows.js
var file_rows = __webpack_require__(3628);
// EXTERNAL MODULE: ./lib/batch/rows/rendered.js
var rendered = __webpack_require__(5619);
;// CONCATENATED MODULE: ./lib/batch/input.js





/** A problem in one line: `requests.jsonl:3: invalid_json_line: the line is not valid JSON`. */
function describeProblem({ file, line, code, message }) {
    const position = line === undefined ? "" : `:${line}`;
    const place = file === undefined ? position.replace(":", "request ") : `${file}${position}`;
    return `${place === "" ? "" : `${place}: `}${code}: ${message}`;
}
/**
 * The endpoint that lines may lack: servers other than OpenAI's document request files whose lines are
 * just `custom_id` and `body`, and go by the endpoint of the batch.
 */
function impliedEndpoint({ baseURL }, endpoint) {
    return (0,base_url/* isOpenAI */.R1)(baseURL) ? undefined : endpoint;
}
/**
 * Reads an input once and finds everything in it that would fail a batch hours later: lines
 * that are no JSON object or no UTF-8, missing or repeated `custom_id`s (also across files),
 * different `url`s, a method other than POST, a body that is no object, `stream: true`, no request
 * at all. Byte order marks and blank lines are no problem; they are left out of what is sent.
 *
 * Inputs of any size are read with little memory: of each request only its place and a hash of its id are kept.
 * Rows, and requests from memory, are written to a temporary file of requests on the way, which is there
 * until the scan is disposed of.
 *
 * @param input one or more JSONL files, read as streams; they make one job in this order. Or requests
 *   from memory, or what `renderRequests` makes of rows; with `template`, files of rows
 * @throws the system's error when a file cannot be read
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
 *
 * await writeFile("words.csv", "id,word\n1,tree\n2,house\n");
 * const template = { url: "/v1/embeddings", body: { model: "text-embedding-3-small", input: "{{word}}" } };
 * const rows = await scanInput("words.csv", { template });
 * console.log(rows.requests, rows.endpoint); // 2 /v1/embeddings
 * await rows[Symbol.asyncDispose]();
 * ```
 */
async function scanInput(input, options = {}) {
    if (typeof input === "string")
        return scanPaths([input], options);
    // An empty list is as good as one of requests: there is none.
    const isNone = options.template === undefined && Array.isArray(input) && input.length === 0;
    if (isPaths(input) && !isNone)
        return scanPaths(input, options);
    if (options.template !== undefined) {
        throw new TypeError("`template` goes with files of rows. Of rows from memory, pass `renderRequests(rows, template)`.");
    }
    return input instanceof rendered/* RenderedRequests */.m ? input.scan(options) : scanRequests(input, options);
}
function isPaths(input) {
    return Array.isArray(input) && input.every((entry) => typeof entry === "string");
}
async function scanPaths(paths, options) {
    const { template } = options;
    if (template !== undefined) {
        return new rendered/* RenderedRequests */.m((0,file_rows/* readRows */.a)(paths), template).scan(options);
    }
    return scanFiles(paths, options);
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

/***/ 5964:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ invalidInput)
/* harmony export */ });
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8937);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5821);
/* harmony import */ var _input_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7114);



const maxShown = 10;
/** The error of an input that has problems: `invalid_input`, with the first of them. */
function invalidInput(problems, count) {
    const shown = problems.slice(0, maxShown).map(_input_js__WEBPACK_IMPORTED_MODULE_0__/* .describeProblem */ .BJ);
    return new _api_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .APIError */ .LG(`The input has ${(0,_format_js__WEBPACK_IMPORTED_MODULE_2__/* .plural */ .LS)(count, "problem")}; nothing was sent.\n${shown.join("\n")}`, { code: "invalid_input" });
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
    /** The number of each line, ascending. */
    *numbers() {
        for (let number = 0; number < this.#size; number += 1)
            yield number;
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
/* harmony export */   ZT: () => (/* binding */ forEachLineByBlock),
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
 *
 * @param from where a line begins, to read none of those before it
 */
async function forEachLine(path, onLine, signal, from = 0) {
    const blocks = forEachLineByBlock(path, onLine, signal, from);
    while ((await blocks.next()).done !== true)
        ;
}
/** As `forEachLine`, with a stop behind each block, for a reader that is read from in its turn. */
async function* forEachLineByBlock(path, onLine, signal, from = 0) {
    const handle = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.open)(path);
    try {
        let block = Buffer.allocUnsafe(blockBytes);
        let start = from;
        let number = 0;
        let held = 0;
        for (;;) {
            // Signals and timers are heard between two blocks.
            await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_3__.setImmediate)();
            signal?.throwIfAborted();
            // The system reads ahead of us by itself; to ask another thread for what it has in memory
            // takes longer than to copy it.
            // What has no places, a pipe, is only ever read from its beginning.
            const position = from === 0 ? null : start + held;
            const bytesRead = (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.readSync)(handle.fd, block, held, block.length - held, position);
            if (bytesRead === 0)
                break;
            const length = held + bytesRead;
            const whole = block.subarray(0, length).lastIndexOf(lineFeed) + 1;
            const utf8 = (0,node_buffer__WEBPACK_IMPORTED_MODULE_0__.isUtf8)(block.subarray(0, whole));
            for (let next = 0; next < whole;) {
                const at = block.indexOf(lineFeed, next);
                const bytes = block.subarray(next, at);
                const end = start + at + 1 - next;
                number += 1;
                onLine({ bytes, utf8, start, end, number });
                start = end;
                next = at + 1;
            }
            held = length - whole;
            const next = held > block.length / 2 ? Buffer.allocUnsafe(block.length * 2) : block;
            block.copy(next, 0, whole, length);
            block = next;
            yield;
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

/***/ 6223:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ NumberList)
/* harmony export */ });
/** Numbers in typed memory that grows, for what there may be millions of. */
class NumberList {
    #numbers = new Uint32Array(64);
    size = 0;
    push(number) {
        if (this.size === this.#numbers.length) {
            const grown = new Uint32Array(this.size * 2);
            grown.set(this.#numbers);
            this.#numbers = grown;
        }
        this.#numbers[this.size] = number;
        this.size += 1;
    }
    at(index) {
        return this.#numbers[index] ?? 0;
    }
    /** The last place that holds no more than `number`, in a list that ascends; -1 where none does. */
    lastUpTo(number) {
        let [low, high] = [0, this.size];
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (this.at(middle) <= number)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
}


/***/ }),

/***/ 5595:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JO: () => (/* binding */ limitingFields),
/* harmony export */   UG: () => (/* binding */ outputLimitOf),
/* harmony export */   xH: () => (/* binding */ noteOutputLimit)
/* harmony export */ });
/** Where a body says how many tokens its answer may have; the first that is there holds. */
const limits = ["max_completion_tokens", "max_output_tokens", "max_tokens"];
/** Every field of a body that the most output tokens depend on. */
const limitingFields = [...limits, "n", "best_of", "prompt"];
/** What is answered with no output that is paid for. */
const withoutOutput = /\/(?:embeddings|moderations)$/;
/**
 * The most output tokens that a request can be charged for by its own words: its limit, for each of the
 * answers that it asks for. `undefined` where it sets none.
 */
function outputLimitOf(url, body) {
    if (withoutOutput.test(url))
        return 0;
    const limit = limits.map((name) => body[name]).find(isCount);
    return limit === undefined ? undefined : limit * answersOf(body);
}
function answersOf({ n, best_of: bestOf, prompt }) {
    const several = Array.isArray(prompt) && typeof prompt[0] !== "number" ? prompt.length : 1;
    const asked = [n, bestOf].filter(isCount);
    return Math.max(1, ...asked) * Math.max(1, several);
}
function isCount(value) {
    return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
const none = { sum: 0, largest: 0, unlimited: 0 };
/** Adds the limit of one more request to those of its model. */
function noteOutputLimit(limits, model, limit) {
    const { sum, largest, unlimited } = limits.get(model) ?? none;
    limits.set(model, limit === undefined
        ? { sum, largest, unlimited: unlimited + 1 }
        : { sum: sum + limit, largest: Math.max(largest, limit), unlimited });
}


/***/ }),

/***/ 5021:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   o: () => (/* binding */ readRequestLine),
/* harmony export */   y: () => (/* binding */ checkRequest)
/* harmony export */ });
/* harmony import */ var node_buffer__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4573);
/* harmony import */ var _api_json_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6192);
/* harmony import */ var _answers_words_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6793);
/* harmony import */ var _output_limits_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5595);
/* harmony import */ var _utf16_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7178);





/**
 * Reads one line of a request file and tells everything in it that would fail the batch.
 *
 * @param report takes the code that the API would fail the batch with, where it has one, and words that hold nothing of the line but ids
 */
function readRequestLine(bytes, { utf8, endpoint }, report) {
    if (!utf8 && !(0,node_buffer__WEBPACK_IMPORTED_MODULE_0__.isUtf8)(bytes)) {
        const message = (0,_utf16_js__WEBPACK_IMPORTED_MODULE_1__/* .isUtf16 */ .b)(bytes)
            ? "the file is UTF-16; save it as UTF-8"
            : "the line is not valid UTF-8";
        report("invalid_json_line", message);
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
    if ((0,_api_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(request))
        return checkRequest(request, endpoint, report);
    report("invalid_json_line", "the line is not a JSON object");
    return undefined;
}
/**
 * Tells everything in a request that would fail the batch.
 *
 * @param endpoint given where requests may lack method and url
 */
function checkRequest(request, endpoint, report) {
    const { custom_id: customId, body } = request;
    const { method = endpoint === undefined ? undefined : "POST", url = endpoint } = request;
    const missing = (name, expected) => {
        report("missing_required_parameter", `${name} is missing or not ${expected}`);
    };
    if (typeof customId !== "string" || customId === "")
        missing("custom_id", "a text");
    if (method === undefined)
        report("invalid_method", "method is missing; it must be POST");
    else if (method !== "POST")
        report("invalid_method", "method must be POST");
    if (typeof url !== "string" || url === "")
        missing("url", "a text");
    if (!(0,_api_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(body))
        missing("body", "an object");
    else if (body["stream"] === true) {
        report("stream_not_supported", "stream: true has no use in a batch");
    }
    const fields = (0,_api_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(body) ? body : {};
    const { model, input, response_format: format, text } = fields;
    return {
        customId: typeof customId === "string" && customId !== "" ? customId : undefined,
        url: typeof url === "string" && url !== "" ? url : undefined,
        model: typeof model === "string" ? model : undefined,
        inputs: typeof url === "string" && url.endsWith("/embeddings") ? countInputs(input) : 1,
        asksJson: (0,_answers_words_js__WEBPACK_IMPORTED_MODULE_3__/* .isJsonFormat */ .ob)(format) || ((0,_api_json_js__WEBPACK_IMPORTED_MODULE_2__/* .isFields */ .Ce)(text) && (0,_answers_words_js__WEBPACK_IMPORTED_MODULE_3__/* .isJsonFormat */ .ob)(text["format"])),
        outputLimit: (0,_output_limits_js__WEBPACK_IMPORTED_MODULE_4__/* .outputLimitOf */ .UG)(typeof url === "string" ? url : "", fields),
        body,
    };
}
/** How many texts an embeddings request holds: texts count each; an array of numbers is one text that is already made of tokens. */
function countInputs(input) {
    if (!Array.isArray(input))
        return 1;
    return typeof input[0] === "number" ? 1 : Math.max(1, input.length);
}


/***/ }),

/***/ 8352:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  N: () => (/* binding */ addRequest),
  vi: () => (/* binding */ finishScan),
  W1: () => (/* binding */ newScanning),
  z8: () => (/* binding */ report)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/batch/input/id-index.js
var id_index = __webpack_require__(8335);
// EXTERNAL MODULE: ./lib/batch/input/line-table.js
var line_table = __webpack_require__(6328);
// EXTERNAL MODULE: ./lib/batch/input/number-list.js
var number_list = __webpack_require__(6223);
;// CONCATENATED MODULE: ./lib/batch/input/numbering.js

/** In which line of which file each request is, kept only where these do not just go up by one. */
class Numbering {
    #requests = new number_list/* NumberList */.e();
    #lines = new number_list/* NumberList */.e();
    #sources = new number_list/* NumberList */.e();
    #nextLine = -1;
    #source = -1;
    /** Notes the next request. */
    note(request, source, line) {
        if (line !== this.#nextLine || source !== this.#source) {
            this.#requests.push(request);
            this.#lines.push(line);
            this.#sources.push(source);
        }
        this.#nextLine = line + 1;
        this.#source = source;
    }
    lineOf(request) {
        const at = this.#requests.lastUpTo(request);
        return at < 0 ? 0 : this.#lines.at(at) + request - this.#requests.at(at);
    }
    sourceOf(request) {
        return this.#sources.at(Math.max(0, this.#requests.lastUpTo(request)));
    }
}

// EXTERNAL MODULE: ./lib/batch/input/output-limits.js
var output_limits = __webpack_require__(5595);
;// CONCATENATED MODULE: ./lib/batch/input/request-set.js
const firstBytes = 1024;
/** Numbers of requests, in a bit each. */
class RequestSet {
    #bits;
    add(request) {
        const at = Math.floor(request / 8);
        let bits = (this.#bits ??= new Uint8Array(firstBytes));
        if (at >= bits.length) {
            const grown = new Uint8Array(Math.max(at + 1, bits.length * 2));
            grown.set(bits);
            this.#bits = bits = grown;
        }
        bits[at] = (bits[at] ?? 0) | (1 << (request % 8));
    }
    has(request) {
        return ((this.#bits?.[Math.floor(request / 8)] ?? 0) & (1 << (request % 8))) !== 0;
    }
}

;// CONCATENATED MODULE: ./lib/batch/input/scanning.js






function newScanning(sources, maxProblems = 1_000) {
    return {
        sources,
        maxProblems,
        problems: [],
        problemCounts: new Map(),
        lines: new line_table/* LineTable */.l(),
        inputs: new Map(),
        asksJson: new RequestSet(),
        outputLimits: new Map(),
        ids: new id_index/* IdIndex */.w(),
        models: new Map(),
        hash: (0,external_node_crypto_.createHash)("sha256"),
        numbering: new Numbering(),
        bytes: 0,
        endpoint: undefined,
    };
}
function report(scan, problem) {
    scan.problemCounts.set(problem.code, (scan.problemCounts.get(problem.code) ?? 0) + 1);
    if (scan.problems.length < scan.maxProblems)
        scan.problems.push(problem);
}
/** Adds one request, and tells what in it does not go with those before. */
function addRequest(scan, { source, line, file, start, end }, request, tell) {
    const { lines, models, numbering, inputs, asksJson, outputLimits } = scan;
    scan.bytes += end - start + 1;
    numbering.note(lines.size, source, line);
    const model = modelNumber(models, request?.model ?? "");
    lines.add(file, start, end, model);
    noteId(scan, source, request?.customId, tell);
    if (request === undefined)
        return;
    (0,output_limits/* noteOutputLimit */.xH)(outputLimits, model, request.outputLimit);
    if (request.asksJson)
        asksJson.add(lines.size - 1);
    if (request.inputs > 1)
        inputs.set(lines.size - 1, request.inputs);
    if (request.url === undefined)
        return;
    scan.endpoint ??= request.url;
    if (request.url !== scan.endpoint) {
        tell("url_mismatch", `url '${request.url}' differs from '${scan.endpoint}' of the ${scan.sources.length === 0 ? "requests" : "lines"} before`);
    }
}
/** Keeps the `custom_id` of the newest request, and finds one that is used twice. */
function noteId({ ids, sources, numbering }, source, customId, tell) {
    const first = customId === undefined ? undefined : ids.add(customId);
    if (customId !== undefined && first === undefined)
        return;
    ids.skip();
    if (first === undefined)
        return;
    const other = numbering.sourceOf(first);
    const file = other === source ? "" : `${sources[other] ?? ""}, `;
    const kind = sources.length === 0 ? "request" : "line";
    const where = `${file}${kind} ${numbering.lineOf(first)}`;
    tell("duplicate_custom_id", `custom_id '${customId ?? ""}' is already used in ${where}`);
}
function finishScan(scan, end) {
    const { sources, lines, bytes, hash, endpoint, models } = scan;
    const { problems, problemCounts, inputs, asksJson, outputLimits, ids, numbering } = scan;
    return {
        ...end,
        sources,
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
        asksJson,
        outputLimits,
        ids,
        lineNumber: (request) => numbering.lineOf(request),
        sourceFile: (request) => sources[numbering.sourceOf(request)],
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

/***/ 3192:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $M: () => (/* binding */ spoolName),
/* harmony export */   GG: () => (/* binding */ openSpoolFolder),
/* harmony export */   QX: () => (/* binding */ Spool)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8161);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6760);
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(8937);
/* harmony import */ var _results_block_writer_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4046);
/* harmony import */ var _results_disk_error_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(7963);







/** Makes a folder of its own below `parent`, which defaults to the system's. */
async function openSpoolFolder(parent) {
    const path = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(parent ?? (0,node_os__WEBPACK_IMPORTED_MODULE_2__.tmpdir)(), "batch-input-"));
    return {
        path,
        [Symbol.asyncDispose]: () => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(path, { recursive: true, force: true }),
    };
}
const longestName = 60;
/** A name for the requests of a source: that of the source, so that an upload can be told. */
function spoolName(source) {
    return `${source === undefined ? "requests" : (0,node_path__WEBPACK_IMPORTED_MODULE_3__.parse)(source).name.slice(0, longestName)}.jsonl`;
}
const lineBreak = Buffer.from("\n");
/** Writes lines to a file that only this user can read. */
class Spool {
    path;
    #blocks;
    #end = 0;
    /** @param onBytes takes all that is written, in its order; it must not keep it */
    constructor(path, onBytes) {
        this.path = path;
        this.#blocks = new _results_block_writer_js__WEBPACK_IMPORTED_MODULE_4__/* .BlockWriter */ .$({
            handle: (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.openSync)(path, "wx", 0o600),
            kind: "temporary",
            failed: (cause) => notKept(path, cause),
            onBytes,
        });
    }
    /** Adds a line; gives where it stands, without its line feed. */
    write(text) {
        const start = this.#end;
        const end = start + this.#blocks.put(text);
        this.#end = end + this.#blocks.put(lineBreak);
        return { start, end };
    }
    /** Has all lines in the file and closes it. */
    async close() {
        try {
            await this.#blocks.flush();
        }
        finally {
            this.#blocks.close();
        }
    }
    /** Closes the file without writing what is held, which is of no use any more. Also good when it is closed. */
    discard() {
        this.#blocks.close();
    }
}
function notKept(path, cause) {
    const error = new Error(`The requests could not be kept in ${path}: ${(0,_api_errors_js__WEBPACK_IMPORTED_MODULE_5__/* .messageOf */ .bD)(cause)}. Nothing was sent: make room, or choose another temporary folder.`, { cause });
    return (0,_results_disk_error_js__WEBPACK_IMPORTED_MODULE_6__/* .isOfSystem */ .bV)(cause) ? Object.assign(error, { code: cause.code }) : error;
}


/***/ }),

/***/ 6912:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ checkStamps),
/* harmony export */   Z: () => (/* binding */ stampOf)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8937);
/* harmony import */ var _results_disk_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7963);



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
        if ((await stampNow(path)) === stamps[file])
            continue;
        throw inputChanged(path);
    }
}
/** The stamp of a file that may be gone by now, or be out of reach. */
async function stampNow(path) {
    try {
        return await stampOf(path);
    }
    catch (error) {
        if ((0,_results_disk_error_js__WEBPACK_IMPORTED_MODULE_1__/* .isOfSystem */ .bV)(error))
            return undefined;
        throw error;
    }
}
function inputChanged(path) {
    return new _api_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .APIError */ .LG(`${path} has changed since it was read, or is gone; nothing more of it was sent. Let it be until the batch has ended.`, { code: "input_changed" });
}


/***/ }),

/***/ 7265:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ untilAborted)
/* harmony export */ });
/**
 * Values as they come. An abort ends the wait for the next one at once: what it comes from, a database or
 * a network, may never answer. Values that are there already need no such care.
 *
 * @throws the signal's reason when it aborts
 */
function untilAborted(values, signal) {
    return signal !== undefined && typeof values === "object" && Symbol.asyncIterator in values
        ? abortable(values, signal)
        : values;
}
async function* abortable(values, signal) {
    const iterator = values[Symbol.asyncIterator]();
    let state = "waiting";
    const next = async () => {
        // Also what fails has ended.
        const result = await iterator.next().catch((error) => {
            state = "ended";
            throw error;
        });
        if (result.done !== true)
            return { value: result.value };
        state = "ended";
        return undefined;
    };
    try {
        for (;;) {
            state = "waiting";
            const one = await orAborted(next, signal);
            if (one === undefined)
                return;
            state = "given";
            yield one.value;
        }
    }
    finally {
        await close(iterator, state);
    }
}
/** Lets go of what the values come from, as a loop that ends early does. */
async function close(iterator, state) {
    if (state === "given")
        await iterator.return?.();
    // Behind a value that may never come nobody waits, and hears of nothing more: the abort was the answer.
    if (state === "waiting")
        iterator.return?.().catch(() => undefined);
}
/** Each wait has a listener of its own: a promise of the abort would gather one for every value. */
async function orAborted(wait, signal) {
    signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers();
    const abort = () => {
        // The caller's own reason, whatever it is.
        reject(signal.reason);
    };
    signal.addEventListener("abort", abort);
    try {
        return await Promise.race([wait(), promise]);
    }
    finally {
        signal.removeEventListener("abort", abort);
    }
}


/***/ }),

/***/ 4046:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ BlockWriter)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7975);


const writeAside = (0,node_util__WEBPACK_IMPORTED_MODULE_1__.promisify)(node_fs__WEBPACK_IMPORTED_MODULE_0__.write);
const bringToDisk = (0,node_util__WEBPACK_IMPORTED_MODULE_1__.promisify)(node_fs__WEBPACK_IMPORTED_MODULE_0__.fdatasync);
const blockBytes = 1024 * 1024;
/** So much is left to other threads at once; a further block is written before anything is added. */
const maxAside = 2;
/** A file that has to last is brought to disk in pieces of this size while more is written. */
const pieceBytes = 8 * 1024 * 1024;
/** UTF-8 takes at most three bytes for a unit of a text. */
const bytesPerUnit = 3;
/**
 * Writes what comes in pieces to an open file, from its beginning. Other threads write a block while the
 * next one is filled; that it could not be written is thrown with a later one, or by `flush`.
 */
class BlockWriter {
    #target;
    #aside = new Set();
    #free = [];
    #block = Buffer.allocUnsafe(blockBytes);
    #held = 0;
    /** Where in the file the block that is being filled belongs. */
    #position = 0;
    /** How much of the file has been brought to disk, or is on the way to it. */
    #lasting = 0;
    #failure;
    #closed = false;
    constructor(target) {
        this.#target = target;
    }
    /**
     * Adds bytes, or a text, as they are.
     *
     * @returns how many bytes that is
     */
    put(bytes) {
        const most = typeof bytes === "string" ? bytes.length * bytesPerUnit : bytes.length;
        if (this.#held + most > blockBytes)
            this.#send();
        if (most > blockBytes) {
            const long = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
            this.#target.onBytes?.(long);
            this.#writeNow(long);
            return long.length;
        }
        if (typeof bytes !== "string")
            this.#block.set(bytes, this.#held);
        const length = typeof bytes === "string" ? this.#block.write(bytes, this.#held) : bytes.length;
        this.#held += length;
        return length;
    }
    /** Has everything in the file. */
    async flush() {
        this.#send();
        await Promise.all(this.#aside);
        if (this.#target.kind === "lasting")
            await this.#leave(bringToDisk(this.#target.handle));
        this.#throwFailure();
    }
    /** Closes the file, once nothing is on its way to it. */
    close() {
        if (this.#closed)
            return;
        this.#closed = true;
        if (this.#aside.size === 0)
            (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.closeSync)(this.#target.handle);
    }
    #send() {
        this.#throwFailure();
        const [block, length, at] = [this.#block, this.#held, this.#position];
        this.#held = 0;
        this.#target.onBytes?.(block.subarray(0, length));
        if (this.#target.kind === "stream" || this.#aside.size >= maxAside) {
            this.#writeNow(block.subarray(0, length));
            return;
        }
        void this.#leave(this.#writeAside(block, length));
        this.#position += length;
        this.#block = this.#free.pop() ?? Buffer.allocUnsafe(blockBytes);
        if (this.#target.kind === "lasting" && at - this.#lasting >= pieceBytes) {
            this.#lasting = at;
            void this.#leave(bringToDisk(this.#target.handle));
        }
    }
    async #writeAside(block, length) {
        const start = this.#position;
        for (let at = 0; at < length;) {
            const { bytesWritten } = await writeAside(this.#target.handle, block, at, length - at, start + at);
            at += bytesWritten;
        }
        this.#free.push(block);
    }
    /** Leaves something to other threads; the promise is never rejected. */
    #leave(work) {
        const done = work
            .catch((error) => {
            this.#failure ??= this.#target.failed(error);
        })
            .then(() => {
            this.#aside.delete(done);
            if (this.#closed && this.#aside.size === 0)
                (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.closeSync)(this.#target.handle);
        });
        this.#aside.add(done);
        return done;
    }
    #writeNow(bytes) {
        const { handle, kind, failed } = this.#target;
        try {
            for (let at = 0; at < bytes.length;) {
                const position = kind === "stream" ? null : this.#position + at;
                at += (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.writeSync)(handle, bytes, at, bytes.length - at, position);
            }
        }
        catch (error) {
            throw failed(error);
        }
        this.#position += bytes.length;
    }
    #throwFailure() {
        if (this.#failure !== undefined)
            throw this.#failure;
    }
}


/***/ }),

/***/ 7963:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q0: () => (/* binding */ cacheNotKept),
/* harmony export */   WT: () => (/* binding */ downloadNotKept),
/* harmony export */   bV: () => (/* binding */ isOfSystem),
/* harmony export */   fH: () => (/* binding */ answersNotKept),
/* harmony export */   wm: () => (/* binding */ writingFailed)
/* harmony export */ });
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8937);

/** Whether an error is the system's, of a file or a folder. */
function isOfSystem(error) {
    return error instanceof Error && "syscall" in error && "code" in error;
}
/** The error of results that came and could not be written: it names the path, and what is left to do. */
function writingFailed(path, error) {
    return withCode(`The results could not be written to ${path}: ${(0,_api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)}. They are still on the server: make room, or choose another path, and retrieve them again.`, error);
}
/** The error of results that could not be brought to disk. */
function downloadNotKept(batchId, folder, error) {
    return withCode(`The results of batch ${batchId} could not be kept in ${folder} while they were downloaded: ${(0,_api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)}. They are still on the server: make room, and retrieve them again.`, error);
}
/** The error of cached answers that could not be made lines of their requests. */
function cacheNotKept(path, error) {
    return withCode(`The answers of the cache could not be written to ${path} on their way: ${(0,_api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)}. Make room, and run again.`, error);
}
/** The error of answers that could not be kept on disk until their file is written. */
function answersNotKept(folder, error) {
    return withCode(`The answers could not be kept in ${folder} until their file is written: ${(0,_api_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)}. They are still on the server: make room, and retrieve them again.`, error);
}
function withCode(message, cause) {
    const error = new Error(message, { cause });
    return isOfSystem(cause) ? Object.assign(error, { code: cause.code }) : error;
}


/***/ }),

/***/ 6555:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   u: () => (/* binding */ LineReader)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var _disk_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7963);


const firstBytes = 64 * 1024;
/** So much is read at once of lines that stand one behind the other. */
const aheadBytes = 256 * 1024;
/** Reads lines of several files by their places; files are opened once, at their first line. */
class LineReader {
    #paths;
    #handles = new Map();
    #missing = new Set();
    #buffer = Buffer.allocUnsafe(firstBytes);
    /** What of which file is in the buffer. */
    #held = { file: -1, start: 0, end: 0 };
    /** Behind the last line that was read. */
    #last = { file: -1, end: 0 };
    constructor(paths) {
        this.#paths = paths;
    }
    /** The bytes at a place, good until the next call. */
    read({ file, start, end }) {
        const held = this.#held;
        if (held.file !== file || start < held.start || end > held.end) {
            this.#fill({ file, start, end });
        }
        this.#last = { file, end };
        const from = start - this.#held.start;
        return this.#buffer.subarray(from, from + Math.min(end, this.#held.end) - start);
    }
    /** As `read`, of a file that others may have removed or replaced: `undefined` where it cannot be read. */
    readIfThere(place) {
        if (this.#missing.has(place.file))
            return undefined;
        try {
            return this.read(place);
        }
        catch (error) {
            if (!(0,_disk_error_js__WEBPACK_IMPORTED_MODULE_1__/* .isOfSystem */ .bV)(error))
                throw error;
            this.#missing.add(place.file);
            return undefined;
        }
    }
    close() {
        for (const handle of this.#handles.values())
            (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.closeSync)(handle);
        this.#handles.clear();
    }
    /** Reads a line, and more behind it where it follows the one before. */
    #fill({ file, start, end }) {
        const gap = start - this.#last.end;
        const follows = this.#last.file === file && gap >= 0 && gap <= aheadBytes;
        const wanted = end - start;
        const length = follows ? Math.max(aheadBytes, wanted) : wanted;
        if (this.#buffer.length < length)
            this.#buffer = Buffer.allocUnsafe(length * 2);
        this.#held = { file: -1, start, end: start };
        const handle = this.#handle(file);
        let have = 0;
        while (have < wanted) {
            const more = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readSync)(handle, this.#buffer, have, length - have, start + have);
            if (more === 0)
                break;
            have += more;
        }
        this.#held = { file, start, end: start + have };
    }
    #handle(file) {
        const open = this.#handles.get(file);
        if (open !== undefined)
            return open;
        const handle = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.openSync)(this.#paths[file] ?? "", "r");
        this.#handles.set(file, handle);
        return handle;
    }
}


/***/ }),

/***/ 3628:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ readRows),
/* harmony export */   u: () => (/* binding */ FileRows)
/* harmony export */ });
/* harmony import */ var _input_invalid_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5964);

/** Rows of files, as `readRows` gives them; where each of them stands is known to `renderRequests`. */
class FileRows {
    files;
    constructor(files) {
        this.files = files;
    }
    async *[Symbol.asyncIterator]() {
        // What reads tables is loaded by those who have some.
        const { readRowFile, rowOf } = await Promise.all(/* import() */[__webpack_require__.e(70), __webpack_require__.e(235)]).then(__webpack_require__.bind(__webpack_require__, 7235));
        for (const file of this.files) {
            let columns = [];
            for await (const found of readRowFile(file)) {
                for (const event of found) {
                    if (event.found === "problem") {
                        const { line, code, message } = event;
                        throw (0,_input_invalid_js__WEBPACK_IMPORTED_MODULE_0__/* .invalidInput */ .a)([{ file, line, code, message }], 1);
                    }
                    if (event.found === "header")
                        ({ columns } = event);
                    else
                        yield event.found === "row" ? event.row : rowOf(columns, event.cells);
                }
            }
        }
    }
}
/**
 * Reads rows from files: `.csv` and `.tsv` with a header and quoted as RFC 4180 has it, `.jsonl` and
 * `.ndjson` with an object a line. They are read as streams, so that files of any size take little memory.
 *
 * @param files one or more files, whose rows come one after another
 * @throws {APIError} `invalid_input` where a file cannot be understood, with file and line
 * @throws the system's error when one cannot be read
 * @returns the rows, each with its columns by name; the values of `.csv` and `.tsv` are texts
 * @example
 * ```ts
 * import { readRows } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * await writeFile("words.csv", "id,word\n1,tree\n");
 * for await (const row of readRows("words.csv")) console.log(row["word"]); // tree
 * ```
 */
function readRows(files) {
    return new FileRows(typeof files === "string" ? [files] : files);
}


/***/ }),

/***/ 5584:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   on: () => (/* binding */ rowKindOf),
/* harmony export */   r5: () => (/* binding */ rowExtensions),
/* harmony export */   rc: () => (/* binding */ tableWithoutTemplate)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);

const kinds = new Map([
    [".csv", "csv"],
    [".tsv", "tsv"],
    [".jsonl", "json lines"],
    [".ndjson", "json lines"],
]);
/** The names that files of rows end with. */
const rowExtensions = [...kinds.keys()];
/** `undefined` for a file whose name does not say that it holds rows. */
function rowKindOf(path) {
    return kinds.get((0,node_path__WEBPACK_IMPORTED_MODULE_0__.extname)(path).toLowerCase());
}
/** What is wrong with a table that was given where requests are due; `undefined` for any other file. */
function tableWithoutTemplate(file) {
    const kind = rowKindOf(file);
    if (kind !== "csv" && kind !== "tsv")
        return undefined;
    return {
        file,
        code: "rows_without_template",
        message: "the file holds rows and no requests; give the template too that makes a request of each row",
    };
}


/***/ }),

/***/ 5619:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ RenderedRequests)
/* harmony export */ });
/* unused harmony export renderRequests */
/* harmony import */ var _input_invalid_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5964);

/** Rows and the template that makes a request of each; nothing is read before it is iterated or scanned. */
class RenderedRequests {
    rows;
    /** A path is read when the rows are. */
    template;
    constructor(rows, template) {
        this.rows = rows;
        this.template = template;
    }
    /** As `scanInput`: problems are told where the user's rows have them. */
    async scan(options) {
        // What reads tables and templates is loaded by those who have some.
        const { scanRendered } = await Promise.all(/* import() */[__webpack_require__.e(70), __webpack_require__.e(648)]).then(__webpack_require__.bind(__webpack_require__, 8648));
        return scanRendered(this, options);
    }
    async *[Symbol.asyncIterator]() {
        const { loadPlan, renderRows, sourcesOf } = await Promise.all(/* import() */[__webpack_require__.e(70), __webpack_require__.e(376)]).then(__webpack_require__.bind(__webpack_require__, 3376));
        const sources = sourcesOf(this.rows);
        const loaded = await loadPlan(this.template, {});
        if ("problems" in loaded)
            throw (0,_input_invalid_js__WEBPACK_IMPORTED_MODULE_0__/* .invalidInput */ .a)(loaded.problems, loaded.problems.length);
        for await (const found of renderRows(this.rows, loaded.plan)) {
            for (const one of found) {
                if ("code" in one) {
                    const { source, line, code, message } = one;
                    throw (0,_input_invalid_js__WEBPACK_IMPORTED_MODULE_0__/* .invalidInput */ .a)([{ file: sources[source], line, code, message }], 1);
                }
                // The template has the fields of a request, and its text is that of one.
                yield JSON.parse(one.text);
            }
        }
    }
}
/**
 * Makes a request of each row: the template with the row's values in the place of its `{{column}}`s.
 * A value is data whatever it holds: it is put into the template as it is, never rendered again, and
 * cannot change the template's structure.
 *
 * What comes back can be iterated, and be passed wherever the library takes requests: rows that
 * `readRows` reads keep their files and lines then, in which problems are told.
 *
 * @param rows objects with the columns by name, or what `readRows` gives
 * @param template an object with the fields of a request, or what `readTemplate` gives
 * @throws {APIError} `invalid_input` while it is iterated, when the template is none, or a row lacks a column or a `custom_id`
 * @example
 * ```ts
 * import { renderRequests } from "openai-batch-action";
 *
 * const rows = [{ id: 7, word: "tree" }];
 * const body = { model: "text-embedding-3-small", input: "{{word}}" };
 * for await (const request of renderRequests(rows, { url: "/v1/embeddings", body })) {
 *   console.log(request.custom_id, JSON.stringify(request.body)); // 7 {"model":"text-embedding-3-small","input":"tree"}
 * }
 * ```
 */
function renderRequests(rows, template) {
    return new RenderedRequests(rows, template);
}


/***/ }),

/***/ 6474:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ak: () => (/* binding */ decideFailedCollect),
/* harmony export */   mg: () => (/* binding */ hasNothingToLose)
/* harmony export */ });
/* unused harmony export decideSettlement */
/* harmony import */ var _create_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3990);

/**
 * Whether nothing of a batch can be lost: it was refused as a whole and names no result files. Of
 * any other status, files that are not named may only be late.
 */
function hasNothingToLose(batch) {
    return (0,_create_js__WEBPACK_IMPORTED_MODULE_0__/* .ranNothing */ .VT)(batch) && batch.error_file_id === undefined;
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

/***/ 3990:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CL: () => (/* binding */ decideBeforeCreate),
/* harmony export */   Gx: () => (/* binding */ chooseAdoptable),
/* harmony export */   H9: () => (/* binding */ decideBesideStranger),
/* harmony export */   Im: () => (/* binding */ isUnusable),
/* harmony export */   Qd: () => (/* binding */ decideListed),
/* harmony export */   VT: () => (/* binding */ ranNothing),
/* harmony export */   f8: () => (/* binding */ isWorthTaking),
/* harmony export */   g4: () => (/* binding */ worthOf),
/* harmony export */   gX: () => (/* binding */ worths),
/* harmony export */   n7: () => (/* binding */ isTurnedAway),
/* harmony export */   o0: () => (/* binding */ decideOwnKey),
/* harmony export */   q4: () => (/* binding */ chooseOwn),
/* harmony export */   ry: () => (/* binding */ decideAfterLostCreate),
/* harmony export */   u: () => (/* binding */ decideOverlap),
/* harmony export */   xT: () => (/* binding */ decideAmongUnseen),
/* harmony export */   xf: () => (/* binding */ extraBatches),
/* harmony export */   zk: () => (/* binding */ decideOtherSplit)
/* harmony export */ });
/* harmony import */ var _status_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3276);

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
const worths = ["whole", "open", "part", "nothing"];
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
    const haveEnded = (0,_status_js__WEBPACK_IMPORTED_MODULE_0__/* .isTerminal */ .Hd)(batch) && (0,_status_js__WEBPACK_IMPORTED_MODULE_0__/* .isTerminal */ .Hd)(best);
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


/***/ }),

/***/ 3276:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ae: () => (/* binding */ reportedCounts),
/* harmony export */   Hd: () => (/* binding */ isTerminal),
/* harmony export */   W_: () => (/* binding */ sumCounts),
/* harmony export */   fM: () => (/* binding */ terminalStatuses),
/* harmony export */   gX: () => (/* binding */ overallStatus),
/* harmony export */   ih: () => (/* binding */ isKnownStatus),
/* harmony export */   nf: () => (/* binding */ statusesByDistance)
/* harmony export */ });
/** The statuses in which a batch has ended. */
const terminalStatuses = ["failed", "expired", "cancelled", "completed"];
/** From the status furthest from `completed` to `completed` itself. */
const statusesByDistance = [
    "failed",
    "expired",
    "cancelled",
    "cancelling",
    "validating",
    "in_progress",
    "finalizing",
    "completed",
];
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


/***/ }),

/***/ 8561:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ templateExtensions),
/* harmony export */   k: () => (/* binding */ isTemplateName)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6760);

/** The names that files of templates end with. */
const templateExtensions = [".yml", ".yaml", ".json"];
/** Whether a path has the name of a template. */
function isTemplateName(path) {
    return templateExtensions.includes((0,node_path__WEBPACK_IMPORTED_MODULE_0__.extname)(path).toLowerCase());
}


/***/ }),

/***/ 7178:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   b: () => (/* binding */ isUtf16)
/* harmony export */ });
/** Whether bytes begin with the byte order mark of UTF-16, in either order. */
function isUtf16([first, second]) {
    return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}


/***/ })

};
