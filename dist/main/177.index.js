export const id = 177;
export const ids = [177,791];
export const modules = {

/***/ 8177:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   retrieve: () => (/* binding */ retrieve)
/* harmony export */ });
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8937);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7352);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2961);
/* harmony import */ var _verdict_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5791);




/** `retrieve`: reads batches once, and collects the results of finished ones if asked. */
async function retrieve(step, batchIds, results) {
    const { client, toolkit, signal } = step;
    const batches = [];
    const failures = [];
    for (const id of batchIds) {
        try {
            const batch = await client.batches.retrieve(id, { signal });
            batches.push(batch);
            toolkit.info((0,_progress_js__WEBPACK_IMPORTED_MODULE_0__/* .describeBatch */ .sn)(batch));
        }
        catch (error) {
            if (!(error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .APIError */ .LG) || batchIds.length === 1)
                throw error;
            failures.push(error.message);
        }
    }
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .writeOutputs */ .K)(toolkit, (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .reportOf */ .E)(batches));
    const report = await resultsOf(step, batches, results);
    const failure = [...failures, (0,_verdict_js__WEBPACK_IMPORTED_MODULE_3__/* .verdict */ .W)(report, results)].filter(Boolean).join("\n") || undefined;
    return { report, failure };
}
/** What collects results is loaded for them alone: a look at a batch should take no longer than its call. */
async function resultsOf(step, batches, results) {
    if (results.outputFile === undefined && results.errorFile === undefined)
        return (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .reportOf */ .E)(batches);
    const { withResults } = await __webpack_require__.e(/* import() */ 709).then(__webpack_require__.bind(__webpack_require__, 3709));
    return withResults(step, batches, results);
}


/***/ }),

/***/ 5791:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ verdict)
/* harmony export */ });
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5821);

/**
 * Why the step fails, or `undefined` when it does not.
 *
 * @param timedOut the wait's inputs when its timeout came
 */
function verdict(report, results, timedOut) {
    const bad = report.standing.filter(({ status }) => results.failOn.includes(status));
    if (bad.length > 0) {
        const named = bad.map((batch) => `${batch.id} is ${batch.status}${reasonOf(batch)}`);
        return `${named.join("; ")}. What the batch has was collected; see \`fail-on\` to accept this status.`;
    }
    if (timedOut !== undefined && timedOut.onTimeout !== "continue") {
        const after = `The wait ended after ${(0,_format_js__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(timedOut.timeout)} (\`timeout\`) before the batch did.`;
        return timedOut.onTimeout === "cancel"
            ? `${after} The batch was cancelled, as \`on-timeout\` asks; \`operation: retrieve\` brings what it has once it is \`cancelled\`.`
            : `${after} The batch keeps running: wait for its \`batch-id\` in a later job, or cancel it.`;
    }
    const problems = report.results?.problems ?? [];
    if (problems.length > 0) {
        return `Some results could not be had; the others were written. ${problems.join(" ")}`;
    }
    const { failed, total } = report.counts;
    const limit = results.maxRequestFailures;
    const allowed = "count" in limit ? limit.count : (limit.percent / 100) * total;
    if (report.done && failed > allowed) {
        const named = "count" in limit ? String(limit.count) : `${limit.percent}%`;
        return `${failed} of ${total} requests failed, more than \`max-request-failures\` (${named}) allows.`;
    }
    return undefined;
}
function reasonOf({ errors }) {
    const [first] = errors?.data ?? [];
    if (first === undefined)
        return "";
    const line = first.line === undefined || first.line === null ? "" : `line ${first.line}: `;
    return ` (${line}${[first.code, first.message].filter(Boolean).join(": ")})`;
}


/***/ })

};
