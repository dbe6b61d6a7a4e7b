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
    const fitted = (message) => shortened(toolkit, plain(message));
    return {
        ...toolkit,
        setFailed(message) {
            toolkit.setFailed(fitted(message));
        },
        info(message) {
            toolkit.info(oneLine(message));
        },
        notice(message, properties) {
            toolkit.notice(fitted(message), properties);
        },
        warning(message, properties) {
            toolkit.warning(fitted(message), properties);
        },
        error(message, properties) {
            toolkit.error(fitted(message), properties);
        },
        debug(message) {
            toolkit.debug(plain(message));
        },
        startGroup(name) {
            toolkit.startGroup(oneLine(name));
        },
    };
}
/** GitHub shows 4,096 characters of an annotation, and cuts what is longer without a word. */
const longestAnnotation = 4_000;
/** A text that fits an annotation; one that does not stands in the log as a whole. */
function shortened({ info, startGroup, endGroup }, text) {
    if (text.length <= longestAnnotation)
        return text;
    startGroup("A message that is too long to be shown as a whole");
    for (const line of text.split(/\r?\n/))
        info(oneLine(line));
    endGroup();
    const cut = text.slice(0, longestAnnotation);
    const end = cut.lastIndexOf("\n");
    return `${end > 0 ? cut.slice(0, end) : cut}\n… (the log has the rest)`;
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
