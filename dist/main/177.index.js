export const id = 177;
export const ids = [177];
export const modules = {

/***/ 8177:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   retrieve: () => (/* binding */ retrieve)
/* harmony export */ });
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8937);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7352);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2961);
/* harmony import */ var _verdict_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5791);
/* harmony import */ var _choose_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(284);





/** `retrieve`: reads batches once, and collects the results of finished ones if asked. */
async function retrieve(step, choice, results) {
    const { toolkit } = step;
    const chosen = await (0,_choose_js__WEBPACK_IMPORTED_MODULE_0__/* .choose */ .Sw)(step, choice);
    if (chosen.ids.length === 0) {
        toolkit.notice("No batch matches, so none was read.");
        return { report: (0,_choose_js__WEBPACK_IMPORTED_MODULE_0__/* .nothingToDo */ .KN)() };
    }
    // The list has told all of those that it was asked for.
    const { batches, failures } = chosen.batches.length > 0
        ? { batches: chosen.batches, failures: [] }
        : await readEach(step, chosen.ids);
    for (const batch of batches)
        toolkit.info((0,_progress_js__WEBPACK_IMPORTED_MODULE_1__/* .describeBatch */ .sn)(batch));
    (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .writeOutputs */ .K)(toolkit, (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .reportOf */ .E)(batches));
    const report = await resultsOf(step, batches, results);
    const failure = [...failures, (0,_verdict_js__WEBPACK_IMPORTED_MODULE_3__/* .verdict */ .W)(report, results)].filter(Boolean).join("\n") || undefined;
    return { report, failure };
}
async function readEach({ client, signal }, batchIds) {
    const batches = [];
    const failures = [];
    for (const id of batchIds) {
        try {
            batches.push(await client.batches.retrieve(id, { signal }));
        }
        catch (error) {
            if (!(error instanceof _api_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .APIError */ .LG) || batchIds.length === 1)
                throw error;
            failures.push(error.message);
        }
    }
    return { batches, failures };
}
/** What collects results is loaded for them alone: a look at a batch should take no longer than its call. */
async function resultsOf(step, batches, results) {
    if (results.outputFile === undefined && results.errorFile === undefined)
        return (0,_outputs_js__WEBPACK_IMPORTED_MODULE_2__/* .reportOf */ .E)(batches);
    const { withResults } = await __webpack_require__.e(/* import() */ 227).then(__webpack_require__.bind(__webpack_require__, 3227));
    return withResults(step, batches, results);
}


/***/ })

};
