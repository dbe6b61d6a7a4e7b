export const id = 397;
export const ids = [397];
export const modules = {

/***/ 8397:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   list: () => (/* binding */ list)
/* harmony export */ });
/* harmony import */ var _batch_list_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6066);
/* harmony import */ var _format_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5821);
/* harmony import */ var _outputs_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7352);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2961);




/** `list`: the organization's batches, newest first, filtered, up to the limit. */
async function list({ client, toolkit, signal }, inputs) {
    const { batches, hasMore, lastId } = await (0,_batch_list_js__WEBPACK_IMPORTED_MODULE_0__/* .listBatches */ .L)(client, {
        limit: inputs.limit === 0 ? undefined : inputs.limit,
        after: inputs.after,
        metadata: inputs.metadata,
        statuses: inputs.statuses,
        signal,
    });
    toolkit.startGroup((0,_format_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(batches.length, "batch", "batches"));
    for (const batch of batches)
        toolkit.info((0,_progress_js__WEBPACK_IMPORTED_MODULE_2__/* .describeBatch */ .sn)(batch));
    toolkit.endGroup();
    toolkit.setOutput("has-more", hasMore);
    toolkit.setOutput("last-id", lastId ?? "");
    return { report: (0,_outputs_js__WEBPACK_IMPORTED_MODULE_3__/* .reportOf */ .E)(batches) };
}


/***/ }),

/***/ 6066:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ listBatches),
/* harmony export */   c: () => (/* binding */ matches)
/* harmony export */ });
/* harmony import */ var _api_page_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3113);

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
 * @throws {APIError} when a page cannot be had
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
    const { limit = Number.POSITIVE_INFINITY, signal, deadline, maxRetries } = options;
    const filtered = (options.statuses ?? []).length > 0 || Object.keys(options.metadata ?? {}).length > 0;
    const batches = [];
    let lastId;
    let page = await client.batches.list({ after: options.after, limit: filtered ? _api_page_js__WEBPACK_IMPORTED_MODULE_0__/* .largestPage */ .O : Math.min(_api_page_js__WEBPACK_IMPORTED_MODULE_0__/* .largestPage */ .O, limit) }, { signal, deadline, maxRetries });
    for (;;) {
        for (const [index, batch] of page.data.entries()) {
            lastId = batch.id;
            if (!matches(batch, options))
                continue;
            batches.push(batch);
            if (batches.length >= limit) {
                return { batches, hasMore: page.has_more || index < page.data.length - 1, lastId };
            }
        }
        const next = await page.getNextPage();
        if (next === undefined)
            return { batches, hasMore: false, lastId };
        page = next;
    }
}


/***/ })

};
