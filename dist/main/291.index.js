export const id = 291;
export const ids = [291];
export const modules = {

/***/ 6291:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ cancelAll),
/* harmony export */   cancel: () => (/* binding */ cancel)
/* harmony export */ });
/* harmony import */ var _api_retry_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4482);
/* harmony import */ var _batch_cancel_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9168);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7352);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2961);




/** `cancel`: cancels batches; one that has finished is left as it is. */
async function cancel(step, batchIds) {
    const { clock } = step.client;
    // A workflow that is cancelled while it cancels a batch wants the batch cancelled all the more.
    const signal = (0,_api_retry_js__WEBPACK_IMPORTED_MODULE_0__/* .afterGrace */ .tt)(step.signal, timeToFinish, clock);
    const { batches, failures } = await cancelAll(step, batchIds, { signal });
    return {
        report: (0,_outputs_js__WEBPACK_IMPORTED_MODULE_1__/* .reportOf */ .E)(batches),
        failure: failures.length === 0 ? undefined : failures.join("\n"),
    };
}
/** Milliseconds of the 7.5 seconds that a signalled process has. */
const timeToFinish = 5_000;
/** Cancels every one of the batches, also after one could not be. */
async function cancelAll({ client, toolkit }, batchIds, call) {
    const batches = [];
    const failures = [];
    for (const id of batchIds) {
        try {
            const batch = await (0,_batch_cancel_js__WEBPACK_IMPORTED_MODULE_2__/* .cancelBatch */ .D)(client, id, call);
            batches.push(batch);
            toolkit.info((0,_progress_js__WEBPACK_IMPORTED_MODULE_3__/* .describeBatch */ .sn)(batch));
        }
        catch (error) {
            call.signal?.throwIfAborted();
            failures.push(error instanceof Error ? error.message : String(error));
        }
    }
    return { batches, failures };
}


/***/ })

};
