export const id = 628;
export const ids = [628];
export const modules = {

/***/ 2628:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   jsonlFormat: () => (/* binding */ jsonlFormat)
/* harmony export */ });
/* harmony import */ var _key_shapes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6986);

/** As bytes, which are copied faster than a text is written. */
const [open, close] = [Buffer.from("{"), Buffer.from("}\n")];
/** One JSON object a line: the source row under `row`, and `json` for an answer that is JSON. */
function jsonlFormat() {
    return {
        escapes: true,
        keep: kept,
        leftOut: () => 0,
        begin: (put, { columns }) => ({ before, text, after }, source) => {
            put(columns === undefined ? open : `{"row":${JSON.stringify(source ?? null)},`);
            put(before);
            if (text !== undefined)
                put(text);
            put(after);
            put(close);
        },
    };
}
function kept(answer, leavesText = false) {
    const { customId, text, problem, message, finishReason, model, usage, cost } = answer;
    const id = JSON.stringify(customId ?? null);
    const said = leavesText ? '"' : JSON.stringify(text ?? null);
    const rest = JSON.stringify({
        problem: problem ?? null,
        message: message ?? null,
        finish_reason: finishReason ?? null,
        model: model ?? null,
        input_tokens: usage?.input ?? null,
        cached_input_tokens: usage?.cachedInput ?? null,
        output_tokens: usage?.output ?? null,
        reasoning_tokens: usage?.reasoning ?? null,
        cost: cost ?? null,
    });
    return {
        before: `"custom_id":${id},"answer":${said}`,
        after: `${leavesText ? '"' : ""},${rest.slice(1, -1)},"json":${jsonOf(answer)}`,
        shape: _key_shapes_js__WEBPACK_IMPORTED_MODULE_0__/* .noShape */ .n,
    };
}
/**
 * The text itself, since a number in it may have more digits than one of JavaScript keeps. A line break in
 * JSON stands between its values, where a space does as well.
 */
function jsonOf({ json, text }) {
    return json === undefined || text === undefined
        ? "null"
        : text.trim().replaceAll(/[\r\n]+/g, " ");
}


/***/ })

};
