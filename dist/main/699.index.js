export const id = 699;
export const ids = [699];
export const modules = {

/***/ 3699:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   loadToolkit: () => (/* binding */ loadToolkit),
/* harmony export */   withSafeLog: () => (/* binding */ withSafeLog)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7975);

/**
 * GitHub's own toolkit. The names are taken out of the import in one go, so that the bundler sees
 * which they are and leaves out the HTTP client that the package's other functions need.
 */
async function loadToolkit() {
    const { getInput, setSecret, setOutput, saveState, getState, setFailed, info, notice, warning, error, debug, startGroup, endGroup, summary, } = await __webpack_require__.e(/* import() */ 970).then(__webpack_require__.bind(__webpack_require__, 4970));
    return {
        getInput,
        setSecret,
        setOutput,
        saveState,
        getState,
        setFailed,
        info,
        notice,
        warning,
        error,
        debug,
        startGroup,
        endGroup,
        summary,
    };
}
/**
 * The toolkit with a log that foreign text cannot break out of: the runner obeys `::command::` at
 * the start of a line and `##[command]` anywhere in one, wherever the text came from, and a
 * terminal or a log viewer obeys escape sequences.
 */
function withSafeLog(toolkit) {
    return {
        ...toolkit,
        setFailed(message) {
            toolkit.setFailed(plain(message));
        },
        info(message) {
            toolkit.info(oneLine(message));
        },
        notice(message, properties) {
            toolkit.notice(plain(message), properties);
        },
        warning(message, properties) {
            toolkit.warning(plain(message), properties);
        },
        error(message, properties) {
            toolkit.error(plain(message), properties);
        },
        debug(message) {
            toolkit.debug(plain(message));
        },
        startGroup(name) {
            toolkit.startGroup(oneLine(name));
        },
    };
}
/** Line breaks and tabs stay: commands escape them. */
const controlCharacters = /(?![\t\r\n])\p{Cc}/gu;
function plain(message) {
    return (0,node_util__WEBPACK_IMPORTED_MODULE_0__.stripVTControlCharacters)(String(message)).replaceAll(controlCharacters, "");
}
/** What is written as it is, and so must not look like a command. */
function oneLine(text) {
    // First of all, because what is left without an escape sequence may be a command.
    return plain(text.replaceAll("\u0085", "\n"))
        .replace(/[\r\n\u2028\u2029]+/g, " ")
        .replaceAll("##[", "## [")
        .replace(/^\s*::/, ": :");
}


/***/ })

};
