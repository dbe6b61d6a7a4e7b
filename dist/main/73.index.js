export const id = 73;
export const ids = [73];
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

/***/ 73:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  errorSummary: () => (/* binding */ errorSummary),
  summaryOf: () => (/* binding */ summaryOf)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
;// CONCATENATED MODULE: ./lib/action/summary/markdown.js
const longestText = 300;
/**
 * Foreign text as Markdown that shows it as it is: no markup, no link, no mention; one line, cut
 * where it is longer than `most` characters. What stays is escaped as HTML entities, which mean the
 * same in a paragraph, in a table's cell and inside `<code>`.
 */
function escapeMarkdown(text, most = longestText) {
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
    return escapeMarkdown(text, most).replaceAll(/&#96;([^&<]{1,60})&#96;/g, "<code>$1</code>");
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

// EXTERNAL MODULE: ./lib/action/advice.js
var advice = __webpack_require__(6024);
;// CONCATENATED MODULE: ./lib/action/summary/failures.js



const maxGroups = 20;
const maxExamples = 3;
const longestCode = 60;
const longestExample = 60;
/** Requests without an answer, by code: how many, which, and what to do. */
function requestFailures(failures) {
    const rows = failures
        .slice(0, maxGroups)
        .map((group) => [
        code(group.code, longestCode),
        (0,format/* formatCount */.B4)(group.count),
        examples(group.examples, group.count),
        prose((0,advice/* adviceForRequest */.v)(group.code)),
    ]);
    const rest = failures.slice(maxGroups);
    const requests = rest.reduce((sum, { count }) => sum + count, 0);
    return (table(["Failed requests", "Count:", "For example", "What to do"], rows) +
        (rest.length === 0
            ? ""
            : `\n\n… and ${(0,format/* plural */.LS)(requests, "request")} with ${(0,format/* plural */.LS)(rest.length, "other code")}`));
}
/** What the server found in batches that failed, by code: how often, where, its words, and what to do. */
function batchErrors(batches, origins) {
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
        code(key || "error", longestCode),
        (0,format/* formatCount */.B4)(errors.length),
        examples(placesOf(errors, origins), errors.length),
        escapeMarkdown(errors.find(({ message }) => message !== undefined)?.message ?? ""),
        prose((0,advice/* adviceForBatch */.c)(errors[0]?.code)),
    ]);
    const more = sorted.length - rows.length;
    return (table(["Batch errors", "Count:", "Where", "The server's words", "What to do"], rows) +
        (more > 0 ? `\n\n… and ${(0,format/* plural */.LS)(more, "other code")}` : ""));
}
function placesOf(errors, origins) {
    const places = new Set();
    for (const error of errors) {
        const place = placeOf(error, origins);
        if (place !== undefined)
            places.add(place);
        if (places.size === maxExamples)
            break;
    }
    return [...places];
}
function placeOf(error, origins) {
    const origin = origins.get(error);
    if (origin !== undefined) {
        const place = `${origin.file}:${origin.line}`;
        // Of a long path the end says more than the start.
        return place.length > longestExample ? `…${place.slice(1 - longestExample)}` : place;
    }
    return typeof error.line === "number" ? `line ${error.line}` : undefined;
}
function examples(texts, count) {
    const shown = texts.slice(0, maxExamples).map((text) => code(text, longestExample));
    return shown.length > 0 && count > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}

// EXTERNAL MODULE: ./lib/api/base-url.js
var base_url = __webpack_require__(7567);
// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
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
    const end = endOf(batch, now);
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
    const end = endOf(batch, now);
    if (batch.created_at === 0 || end === undefined)
        return undefined;
    return Math.max(0, end - batch.created_at * 1000);
}
/** When a batch ended, or `now` where it has not; `undefined` where it has and nobody says when. */
function endOf(batch, now) {
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
    const { report, operation, now } = context;
    const { batches } = report;
    const creates = operation === "create" || operation === "run";
    const head = ["Batch", "Status", "Requests:", "Failed:", "Tokens:", "Duration:"];
    const shown = maxWanted(batches);
    const rows = shown.map((batch) => [
        linked(batch, context.baseURL),
        batch_table_status(batch, report.standing),
        ...figures(batch, context),
        ...(creates ? [context.notes.adopted.has(batch.id) ? "yes" : "no"] : []),
    ]);
    if (batches.length > 1) {
        const adopted = batches.filter(({ id }) => context.notes.adopted.has(id)).length;
        rows.push([
            `**${(0,format/* plural */.LS)(batches.length, "batch", "batches")}**`,
            "",
            ...[
                number(report.counts.total),
                number(report.counts.failed),
                number(report.usage?.total),
                wholeDuration(batches, now),
                ...(creates ? [adopted === 0 ? "" : number(adopted)] : []),
            ].map(strong),
        ]);
    }
    const more = batches.length - shown.length;
    return (table(creates ? [...head, "Reused"] : head, rows) +
        (more > 0 ? `\n\n… and ${(0,format/* plural */.LS)(more, "batch", "batches")} more` : ""));
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
    const { total, failed } = single && report.counts.total > 0 ? report.counts : countsOf(batch, context);
    const tokens = single ? report.usage?.total : batch.usage?.total_tokens;
    const duration = durationOf(batch, now);
    return [
        number(total),
        number(failed),
        number(tokens),
        duration === undefined ? "" : (0,format/* formatDuration */.a3)(duration) + ((0,batch_status/* isTerminal */.Hd)(batch) ? "" : " so far"),
    ];
}
/** Servers count no request of a batch that they have not begun; what was sent may be known here. */
function countsOf({ id, status, request_counts: reported }, { notes }) {
    if (reported !== undefined && reported.total > 0)
        return reported;
    const sent = notes.requests.get(id);
    return { total: sent, failed: status === "failed" ? sent : undefined };
}
function wholeDuration(batches, now) {
    const starts = batches.map((batch) => batch.created_at * 1000).filter((time) => time > 0);
    const ends = batches.flatMap((batch) => endOf(batch, now) ?? []);
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

;// CONCATENATED MODULE: ./lib/action/summary/next-steps.js




const longestPath = 300;
const maxIds = 10;
/** What to do next, one line each of Markdown; the most needed first. */
function nextSteps(context) {
    const { report, operation } = context;
    if (report.batches.length === 0)
        return [];
    if (operation === "list")
        return [];
    return [
        ...unfinished(context),
        ...afterFailure(context),
        ...written(context),
        ...notWritten(context),
    ];
}
function unfinished({ report, operation }) {
    const running = report.batches.filter((batch) => !(0,batch_status/* isTerminal */.Hd)(batch));
    if (running.length === 0)
        return [];
    const ids = idsOf(running.map(({ id }) => id));
    const them = running.length === 1 ? "it" : "them";
    if (running.every(({ status }) => status === "cancelling")) {
        return [
            `The server ends ${them} within about ten minutes; <code>operation: retrieve</code> then brings what was answered (<code>batch-id:</code> ${ids}).`,
        ];
    }
    const wait = operation === "create" ? `Wait for ${them}` : "Go on waiting";
    return [
        `${wait}, in this or a later job: <code>operation: wait</code>, <code>batch-id:</code> ${ids}.`,
        `No longer wanted? <code>operation: cancel</code> with the same <code>batch-id</code> ends ${them}; what is answered by then stays.`,
    ];
}
function afterFailure({ report }) {
    const { standing, results, counts } = report;
    const steps = [];
    if (standing.some(({ status, errors }) => status === "failed" && errors !== undefined)) {
        steps.push("Mend what the server found and run again; a batch that failed is not adopted, so nothing stands in the way.");
    }
    const transient = (results?.failures ?? []).filter(({ code: failed }) => (0,advice/* adviceForRequest */.v)(failed).includes("`retry-failed: 1`"));
    const again = transient.reduce((sum, { count }) => sum + count, 0);
    if (again > 0) {
        steps.push(`${(0,format/* plural */.LS)(again, "request")} of ${(0,format/* formatCount */.B4)(counts.failed)} failed in transient; <code>retry-failed: 1</code> sends such requests again within the step.`);
    }
    return steps;
}
function written({ report: { results, counts } }) {
    const files = [];
    if (results?.outputFile !== undefined) {
        files.push(`${(0,format/* plural */.LS)(counts.completed, "answer")}: ${code(results.outputFile, longestPath)}`);
    }
    if (results?.errorFile !== undefined) {
        files.push(`${(0,format/* plural */.LS)(counts.failed, "failed request")}: ${code(results.errorFile, longestPath)}`);
    }
    if (files.length === 0)
        return [];
    return [
        ...files,
        "The runner is gone after the job: keep the files with <code>actions/upload-artifact</code>, or commit them.",
    ];
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
        `The results are still with the server: <code>operation: ${how === "run" ? "wait" : how}</code> with <code>output-file</code> and <code>error-file</code> brings them (<code>batch-id:</code> ${idsOf(ended.map(({ id }) => id))}).`,
    ];
}
function idsOf(ids) {
    if (ids.length > maxIds)
        return "the <code>batch-id</code> output of this step";
    return code(ids.join(","), maxIds * 80);
}

// EXTERNAL MODULE: ./lib/batch/input.js + 1 modules
var input = __webpack_require__(4275);
;// CONCATENATED MODULE: ./lib/action/summary/problems.js




const maxListed = 50;
/** What is wrong with the request files: each problem with its count, and the first lines that have one. */
function problemSummary({ problems, problemCount, problemCounts }) {
    const rows = [...problemCounts]
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]) => [code(name), String(count), prose((0,advice/* adviceForBatch */.c)(name))]);
    const more = problemCount - Math.min(problems.length, maxListed);
    return [
        `### ❌ OpenAI batch: ${(0,format/* plural */.LS)(problemCount, "problem")} in the request file`,
        "",
        "Nothing was uploaded, and nothing is billed.",
        "",
        table(["Problem", "Lines:", "What to do"], rows),
        "",
        ...problems
            .slice(0, maxListed)
            .map((problem) => `- ${escapeMarkdown((0,input/* describeProblem */.B)(problem))}`),
        ...(more > 0 ? [`- … and ${(0,format/* formatCount */.B4)(more)} more`] : []),
        "",
    ].join("\n");
}

;// CONCATENATED MODULE: ./lib/action/summary/timeline.js



const maxBatches = 8;
const longestName = 24;
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
    return plain.length > longestName
        ? `${plain.slice(0, longestName - 7)}...${plain.slice(-4)}`
        : plain;
}

// EXTERNAL MODULE: ./lib/action/request-file.js
var request_file = __webpack_require__(7682);
;// CONCATENATED MODULE: ./lib/action/summary.js










const longestLine = 600;
const maxLines = 12;
const maxNames = 3;
const summary_longestName = 60;
/**
 * The job summary of a step, for people: why it failed, its batches, when they did what, what
 * failed and what to do next. Every foreign text is escaped and every part bounded, so that it
 * stays far below the 1 MiB above which GitHub shows nothing.
 */
function summaryOf(context) {
    const { report, operation, now, notes, failure } = context;
    const { batches, standing, results } = report;
    const failures = results?.failures ?? [];
    const found = standing.some(({ errors }) => (errors?.data ?? []).length > 0);
    const steps = nextSteps(context);
    const parts = [
        `### ${titleOf(context)}`,
        figuresOf(report),
        failure === undefined ? "" : box("CAUTION", linesOf(failure)),
        batches.length === 0 ? "" : batchTable(context),
        operation === "list" ? "" : (timeline(batches, now) ?? ""),
        found ? batchErrors(standing, notes.origins) : "",
        failures.length === 0 ? "" : requestFailures(failures),
        steps.length === 0 ? "" : ["**What next**", "", ...steps.map((step) => `- ${step}`)].join("\n"),
    ];
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
/** The summary of a step that ended on an error before it had anything to report. */
function errorSummary(error, message) {
    if (error instanceof request_file/* RequestFileError */.M && error.scan.problemCount > 0) {
        return problemSummary(error.scan);
    }
    const known = error instanceof errors/* APIError */.LG ? error : undefined;
    const facts = Object.entries({
        status: known?.status,
        code: known?.code,
        "request id": known?.requestId,
    }).flatMap(([name, value]) => (value === undefined ? [] : `${name} ${code(String(value), 100)}`));
    const parts = [
        "### ❌ OpenAI batch: the step failed",
        box("CAUTION", linesOf(message)),
        facts.join(" · "),
    ];
    return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
function titleOf({ report, operation }) {
    const { batches, conclusion } = report;
    if (operation === "list")
        return `OpenAI batches: ${(0,format/* formatCount */.B4)(batches.length)} listed`;
    return `${conclusionIcons[conclusion]} OpenAI ${batches.length === 1 ? "batch" : "batches"}: ${conclusion}`;
}
/** `120 requests · 114 answered · 6 failed · 5,120 tokens (4,000 in, 1,120 out) · gpt-5-mini` */
function figuresOf({ batches, counts, usage }) {
    const figures = [];
    if (counts.total > 0) {
        figures.push((0,format/* plural */.LS)(counts.total, "request"), `${(0,format/* formatCount */.B4)(counts.completed)} answered`);
        if (counts.failed > 0)
            figures.push(`**${(0,format/* formatCount */.B4)(counts.failed)} failed**`);
    }
    if (usage !== undefined) {
        const split = `${(0,format/* formatCount */.B4)(usage.input)} in, ${(0,format/* formatCount */.B4)(usage.output)} out`;
        figures.push(`${(0,format/* plural */.LS)(usage.total, "token")} (${split})`);
    }
    return [
        ...figures,
        ...distinct(batches.map(({ model }) => model)),
        ...distinct(batches.map(({ endpoint }) => endpoint)),
    ].join(" · ");
}
/** A few names as code; more than that say nothing at a glance. */
function distinct(names) {
    const known = [...new Set(names.filter((name) => name !== undefined && name !== ""))];
    const shown = known.slice(0, maxNames).map((name) => code(name ?? "", summary_longestName));
    return known.length > shown.length ? [...shown, `… ${known.length - shown.length} more`] : shown;
}
function linesOf(message) {
    const lines = message.split(/\r?\n/).filter((line) => line.trim() !== "");
    const shown = lines.slice(0, maxLines).map((line) => prose(line, longestLine));
    if (lines.length > maxLines)
        shown.push(`… and ${lines.length - maxLines} more lines`);
    // Each line a paragraph of its own.
    return shown.flatMap((line, index) => (index === 0 ? [line] : ["", line]));
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
