export const id = 376;
export const ids = [376,235];
export const modules = {

/***/ 8322:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ parseExactly),
/* harmony export */   E: () => (/* binding */ isNumber)
/* harmony export */ });
const json = JSON;
/**
 * The value of a text that is whole JSON; `undefined` for any other. A whole number that a double cannot
 * hold, such as an id of twenty digits, stays as it is written, where the runtime can keep it so; so does
 * one that is larger than any double, of which `null` would be written.
 */
function parseExactly(text) {
    try {
        return { value: JSON.parse(text, mayBeInexact.test(text) ? exactly : undefined) };
    }
    catch (error) {
        if (error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}
/** Digits of a long whole number, or an exponent that may be out of reach; most texts have neither. */
const mayBeInexact = /\d{16}|\de\+?\d{3}/i;
function exactly(_key, value, context) {
    if (typeof value !== "number")
        return value;
    if (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))
        return value;
    const source = context?.source;
    return source === undefined ? value : (json.rawJSON?.(source) ?? value);
}
/** Whether a value is a number, also one that is kept as it is written. */
function isNumber(value) {
    return typeof value === "number" || json.isRawJSON?.(value) === true;
}


/***/ }),

/***/ 7235:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readRowFile: () => (/* binding */ readRowFile),
  rowOf: () => (/* binding */ rowOf)
});

// EXTERNAL MODULE: external "node:buffer"
var external_node_buffer_ = __webpack_require__(4573);
// EXTERNAL MODULE: ./lib/api/json.js
var json = __webpack_require__(6192);
// EXTERNAL MODULE: ./lib/batch/input/lines.js
var input_lines = __webpack_require__(1276);
// EXTERNAL MODULE: ./lib/batch/rows/exact-json.js
var exact_json = __webpack_require__(8322);
// EXTERNAL MODULE: ./lib/batch/rows/row-event.js
var row_event = __webpack_require__(2409);
;// CONCATENATED MODULE: ./lib/batch/rows/json-lines.js





/** Reads rows that are one JSON object a line. */
async function* readJsonLines(path, signal) {
    let isEmpty = true;
    let found = [];
    const take = (line) => {
        const { bytes } = (0,input_lines/* withoutMark */.E_)(line);
        if (!(0,input_lines/* isBlank */.z3)(bytes))
            found.push(rowIn(bytes, line));
    };
    const lines = (0,input_lines/* forEachLineByBlock */.ZT)(path, take, signal);
    for (let ended = false; !ended;) {
        ended = (await lines.next()).done === true;
        isEmpty &&= found.length === 0;
        yield found;
        found = [];
    }
    if (isEmpty)
        yield [(0,row_event/* rowProblem */.u)("no_rows", "the file holds no row")];
}
function rowIn(bytes, { number, utf8 }) {
    if (!utf8 && !(0,external_node_buffer_.isUtf8)(bytes)) {
        return (0,row_event/* rowProblem */.u)("invalid_row", "the line is not valid UTF-8", number);
    }
    const parsed = (0,exact_json/* parseExactly */.A)(bytes.toString("utf8"));
    if (parsed === undefined) {
        return (0,row_event/* rowProblem */.u)("invalid_row", "the line is not valid JSON", number);
    }
    return (0,json/* isFields */.Ce)(parsed.value)
        ? { found: "row", line: number, row: parsed.value }
        : (0,row_event/* rowProblem */.u)("invalid_row", "the line is not a JSON object", number);
}

// EXTERNAL MODULE: ./lib/batch/rows/kind.js
var kind = __webpack_require__(5584);
// EXTERNAL MODULE: ./node_modules/csv-parse/lib/index.js + 9 modules
var lib = __webpack_require__(6070);
// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./lib/batch/utf16.js
var utf16 = __webpack_require__(7178);
;// CONCATENATED MODULE: ./lib/batch/rows/blocks.js





/** Small: what is made of a block lives until the next, and what lives long is not cleared away at once. */
const blockBytes = 16 * 1024;
/** A character has at most three more bytes behind its first. */
const longestTail = 3;
const lineFeed = 10;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** Reads a text file block by block, and finds what is no UTF-8. */
async function* readBlocks(path, signal) {
    const handle = await (0,promises_.open)(path);
    try {
        // The parser keeps the end of a block until it has the next one.
        const buffers = [0, 1].map(() => Buffer.allocUnsafe(blockBytes + longestTail));
        let held = 0;
        let line = 1;
        let last = Buffer.alloc(0);
        for (let number = 0;; number += 1) {
            // Signals and timers are heard between two blocks.
            await (0,external_node_timers_promises_.setImmediate)();
            signal?.throwIfAborted();
            const buffer = buffers[number % 2] ?? last;
            last.copy(buffer, 0, last.length - held);
            // The system reads ahead by itself; to ask another thread for what it has takes longer.
            const read = (0,external_node_fs_.readSync)(handle.fd, buffer, held, blockBytes, null);
            const length = held + read;
            if (length === 0)
                return;
            const whole = read === 0 ? length : length - tailOf(buffer.subarray(0, length));
            const marked = number === 0 && buffer.subarray(0, byteOrderMark.length).equals(byteOrderMark);
            const bytes = buffer.subarray(marked ? byteOrderMark.length : 0, whole);
            const badLines = (0,external_node_buffer_.isUtf8)(bytes) ? [] : linesThatAreNoText(bytes, line);
            yield { bytes, badLines, utf16: number === 0 && (0,utf16/* isUtf16 */.b)(bytes) };
            line += countLineFeeds(bytes);
            held = length - whole;
            last = buffer.subarray(0, length);
            if (read === 0)
                return;
        }
    }
    finally {
        await handle.close();
    }
}
/** How many bytes at the end belong to a character that is not there to its end. */
function tailOf(bytes) {
    for (let tail = 1; tail <= longestTail; tail += 1) {
        const byte = bytes.at(-tail) ?? 0;
        if (byte < 0x80)
            return 0;
        if (byte >= 0xc0) {
            const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
            return length > tail ? tail : 0;
        }
    }
    return 0;
}
function countLineFeeds(bytes) {
    let count = 0;
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1))
        count += 1;
    return count;
}
function linesThatAreNoText(bytes, firstLine) {
    const bad = [];
    let line = firstLine;
    for (let from = 0; from <= bytes.length; line += 1) {
        const at = bytes.indexOf(lineFeed, from);
        const end = at < 0 ? bytes.length : at;
        if (!(0,external_node_buffer_.isUtf8)(bytes.subarray(from, end)))
            bad.push(line);
        from = end + 1;
    }
    return bad;
}

;// CONCATENATED MODULE: ./lib/batch/rows/table.js




/** The most characters of a row: a quote that is never closed would swallow the rest of the file. */
const longestRow = 64 * 1024 * 1024;
/**
 * Reads a table of comma- or tab-separated values, quoted as RFC 4180 has it: line ends and quotes may
 * stand in quoted cells. What is found is given block by block, so that memory does not grow with the file.
 *
 * A row with a defect is told and left out. What leaves it open where the next row begins ends the reading.
 */
async function* readTable(path, delimiter, signal) {
    const table = new TableReader(delimiter);
    for await (const block of readBlocks(path, signal)) {
        if (block.utf16) {
            yield [(0,row_event/* rowProblem */.u)("invalid_row", "the file is UTF-16; save it as UTF-8")];
            return;
        }
        table.badLines.push(...block.badLines);
        const intact = await table.take(block.bytes);
        yield table.found();
        if (!intact)
            return;
    }
    await table.end();
    yield table.found();
}
class TableReader {
    /** Lines that are no UTF-8, ascending, as far as no row has taken them yet. */
    badLines = [];
    #parser;
    #found = [];
    #columns;
    /** The line after the last row. */
    #line = 1;
    #emptyLines = 0;
    #rows = 0;
    #failure;
    constructor(delimiter) {
        this.#parser = new lib/* Parser */.iX({
            delimiter,
            record_delimiter: ["\r\n", "\n"],
            // Judged here, where reading goes on behind it.
            relax_column_count: true,
            skip_empty_lines: true,
            max_record_size: longestRow,
            on_record: (cells) => {
                this.#row(cells);
                return null;
            },
        });
        this.#parser.on("error", (error) => {
            this.#failure = error;
        });
        this.#parser.resume();
    }
    /** What was found since the last call. */
    found() {
        const found = this.#found;
        this.#found = [];
        return found;
    }
    /** Gives `false` where nothing behind it can be read. */
    async take(bytes) {
        return this.#settle((done) => this.#parser.write(bytes, done));
    }
    async end() {
        if (!(await this.#settle((done) => this.#parser.end(done))))
            return;
        if (this.#columns === undefined) {
            this.#found.push((0,row_event/* rowProblem */.u)("no_rows", "the file is empty; it needs a header and rows"));
        }
        else if (this.#rows === 0) {
            const isOneLine = this.#columns.some((name) => name.includes("\r"));
            const message = isOneLine
                ? "the file has a header and no row: its lines end with a carriage return alone; save it with line feeds"
                : "the file has a header and no row";
            this.#found.push((0,row_event/* rowProblem */.u)("no_rows", message));
        }
    }
    async #settle(step) {
        const error = await new Promise((resolve) => {
            step((failure) => {
                resolve(failure ?? undefined);
            });
        });
        const failure = error ?? this.#failure;
        if (failure === undefined)
            return true;
        if (!(failure instanceof lib/* CsvError */.J$))
            throw failure;
        this.#found.push((0,row_event/* rowProblem */.u)(...describe(failure), this.#nextLine()));
        return false;
    }
    /** Where the row begins that is read next: behind the lines that are empty. */
    #nextLine() {
        const { empty_lines: emptyLines } = this.#parser.info;
        return this.#line + emptyLines - this.#emptyLines;
    }
    #row(cells) {
        const line = this.#nextLine();
        this.#emptyLines = this.#parser.info.empty_lines;
        this.#line = line + 1 + lineFeedsIn(cells);
        const columns = this.#columns;
        if (columns === undefined)
            this.#header(cells, line);
        else
            this.#rows += 1;
        if (this.#hasBadLine(this.#line)) {
            this.#found.push((0,row_event/* rowProblem */.u)("invalid_row", "the row is not valid UTF-8", line));
        }
        else if (columns === undefined) {
            this.#found.push({ found: "header", line, columns: cells });
        }
        else if (cells.length === columns.length) {
            this.#found.push({ found: "cells", line, cells });
        }
        else {
            const message = `the row has ${(0,format/* plural */.LS)(cells.length, "cell")} but the header names ${(0,format/* plural */.LS)(columns.length, "column")}`;
            this.#found.push((0,row_event/* rowProblem */.u)("invalid_row", message, line));
        }
    }
    #header(cells, line) {
        this.#columns = cells;
        const names = cells.map((name) => name.trim());
        const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
        if (twice.length === 0)
            return;
        const message = `the header names ${twice.length === 1 ? "a column" : "columns"} twice: ${(0,row_event/* nameColumns */.N)(twice)}`;
        this.#found.push((0,row_event/* rowProblem */.u)("duplicate_column", message, line));
    }
    /** Whether a line before `end` is no UTF-8; they belong to the row that ends there. */
    #hasBadLine(end) {
        let has = false;
        while ((this.badLines[0] ?? Number.POSITIVE_INFINITY) < end) {
            this.badLines.shift();
            has = true;
        }
        return has;
    }
}
function lineFeedsIn(cells) {
    let count = 0;
    for (const cell of cells) {
        for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1))
            count += 1;
    }
    return count;
}
/** The parser's own words hold what is in the cells. */
function describe({ code }) {
    switch (code) {
        case "CSV_QUOTE_NOT_CLOSED":
            return ["open_quote", "a quote is opened in this row and never closed"];
        case "CSV_MAX_RECORD_SIZE":
            return [
                "open_quote",
                `the row is longer than ${longestRow / 1024 / 1024} MiB; most likely a quote is never closed`,
            ];
        default:
            return [
                "open_quote",
                "a quote stands inside a cell that is not quoted as a whole; put the cell in quotes and double those in it. Nothing behind this row was read",
            ];
    }
}

;// CONCATENATED MODULE: ./lib/batch/rows/read-file.js




/** What a file of rows holds, block by block. */
async function* readRowFile(path, signal) {
    switch ((0,kind/* rowKindOf */.on)(path)) {
        case "csv":
            yield* readTable(path, ",", signal);
            break;
        case "tsv":
            yield* readTable(path, "\t", signal);
            break;
        case "json lines":
            yield* readJsonLines(path, signal);
            break;
        case undefined:
            yield [
                (0,row_event/* rowProblem */.u)("unknown_extension", `the name does not say how the rows are written; it must end with one of: ${kind/* rowExtensions */.r5.join(", ")}`),
            ];
    }
}
/** A row of a table; whatever a column is called, it is a property of the row and nothing else. */
function rowOf(columns, cells) {
    return Object.fromEntries(columns.map((name, at) => [name, cells[at]]));
}


/***/ }),

/***/ 3376:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  loadPlan: () => (/* binding */ loadPlan),
  renderRows: () => (/* binding */ renderRows),
  sourcesOf: () => (/* binding */ sourcesOf)
});

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./lib/api/json.js
var json = __webpack_require__(6192);
// EXTERNAL MODULE: ./lib/batch/input/until-aborted.js
var until_aborted = __webpack_require__(7265);
// EXTERNAL MODULE: ./lib/batch/input/output-limits.js
var output_limits = __webpack_require__(5595);
// EXTERNAL MODULE: ./lib/batch/input/request-line.js
var request_line = __webpack_require__(5021);
// EXTERNAL MODULE: ./lib/batch/rows/exact-json.js
var exact_json = __webpack_require__(8322);
;// CONCATENATED MODULE: ./lib/batch/template/holes.js
/** A backslash takes the braces behind it for what they are. */
const mark = /\\\{\{|\{\{([^{}]*)\}\}/g;
/** Cuts a text at its `{{column}}`s; a `\{{` is a literal `{{`. */
function piecesOf(text) {
    const pieces = [];
    let literal = "";
    let at = 0;
    const flush = () => {
        if (literal !== "")
            pieces.push({ text: literal });
        literal = "";
    };
    for (const match of text.matchAll(mark)) {
        literal += text.slice(at, match.index);
        at = match.index + match[0].length;
        const [, column] = match;
        if (column === undefined)
            literal += "{{";
        else {
            flush();
            pieces.push({ column: column.trim() });
        }
    }
    literal += text.slice(at);
    flush();
    return pieces;
}
/** The column of a text that is nothing but one. */
function wholeColumn(text) {
    const [piece, ...more] = piecesOf(text);
    return piece !== undefined && "column" in piece && more.length === 0 ? piece.column : undefined;
}
/** A text in which no column stands, as it is meant; `undefined` where one does. */
function literalOf(text) {
    const pieces = piecesOf(text);
    if (pieces.some((piece) => "column" in piece))
        return undefined;
    return pieces.map((piece) => ("text" in piece ? piece.text : "")).join("");
}

;// CONCATENATED MODULE: ./lib/batch/template/plan.js





/** Makes a template ready: its columns are numbered, and all else is written as JSON once. */
function planOf(template) {
    const columns = [];
    const numberOf = (name) => {
        const known = columns.indexOf(name);
        return known < 0 ? columns.push(name) - 1 : known;
    };
    const { custom_id: customId, method = "POST", url, body, ...rest } = template;
    const request = { method, url, body, ...rest };
    const pieces = [];
    for (const [name, value] of Object.entries(request)) {
        pieces.push(`,${JSON.stringify(name)}:`);
        addValue(pieces, value, numberOf);
    }
    pieces.push("}");
    const idPieces = [];
    if (customId !== undefined)
        addText(idPieces, textWithin(customId), numberOf);
    return {
        columns,
        pieces: joined(pieces),
        customId: customId === undefined ? undefined : joined(idPieces),
        fixed: fixedOf(request),
    };
}
function addValue(pieces, value, numberOf) {
    if (typeof value === "string")
        addText(pieces, value, numberOf);
    else if (Array.isArray(value)) {
        for (const [at, item] of value.entries()) {
            pieces.push(at === 0 ? "[" : ",");
            addValue(pieces, item, numberOf);
        }
        pieces.push(value.length === 0 ? "[]" : "]");
    }
    else if ((0,json/* isFields */.Ce)(value)) {
        for (const [at, [name, item]] of Object.entries(value).entries()) {
            pieces.push(`${at === 0 ? "{" : ","}${JSON.stringify(name)}:`);
            addValue(pieces, item, numberOf);
        }
        pieces.push(Object.keys(value).length === 0 ? "{}" : "}");
    }
    else
        pieces.push(JSON.stringify(value));
}
function addText(pieces, text, numberOf) {
    const found = piecesOf(text);
    const [first] = found;
    if (first !== undefined && "column" in first && found.length === 1) {
        pieces.push({ column: numberOf(first.column), whole: true });
        return;
    }
    pieces.push('"');
    for (const piece of found) {
        pieces.push("text" in piece ? inQuotes(piece.text) : { column: numberOf(piece.column), whole: false });
    }
    pieces.push('"');
}
/** A text as JSON has it between the quotes. */
function inQuotes(text) {
    return JSON.stringify(text).slice(1, -1);
}
function joined(pieces) {
    const all = [];
    for (const piece of pieces) {
        const last = all.at(-1);
        if (typeof piece === "string" && typeof last === "string")
            all[all.length - 1] = last + piece;
        else
            all.push(piece);
    }
    return all;
}
const hasColumn = (value) => typeof value === "string" && piecesOf(value).some((piece) => "column" in piece);
/** What of a request the rows cannot change; `undefined` where some of it comes from them. */
function fixedOf(request) {
    const { method, url, body } = request;
    if (!(0,json/* isFields */.Ce)(body))
        return undefined;
    const { model, stream, input, response_format: format, text } = body;
    const formats = [format, typeIn(format), text, (0,json/* isFields */.Ce)(text) ? typeIn(text["format"]) : text];
    if ([method, url, model, stream, ...formats].some(hasColumn))
        return undefined;
    if (output_limits/* limitingFields */.JO.some((name) => hasColumn(body[name])))
        return undefined;
    const literal = (value) => typeof value === "string"
        ? piecesOf(value)
            .map((piece) => ("text" in piece ? piece.text : ""))
            .join("")
        : value;
    const bare = {
        custom_id: "-",
        method: literal(method),
        url: literal(url),
        body: { ...body, model: literal(model) },
    };
    const checked = (0,request_line/* checkRequest */.y)(bare, undefined, () => undefined);
    const { url: at, model: named, inputs, asksJson, outputLimit } = checked;
    // How many texts an embeddings request holds is the row's where the input is.
    const embeds = at?.endsWith("/embeddings") === true;
    if (embeds && (hasColumn(input) ? isWholeColumn(input) : Array.isArray(input)))
        return undefined;
    return { url: at, model: named, inputs, asksJson, outputLimit };
}
function typeIn(format) {
    return (0,json/* isFields */.Ce)(format) ? format["type"] : format;
}
function isWholeColumn(value) {
    return typeof value === "string" && piecesOf(value).length === 1;
}
/** A value as it stands within other text. */
function textWithin(value) {
    if (typeof value === "string")
        return value;
    return value === null ? "" : JSON.stringify(value);
}
/** The text that names a request; `undefined` for what is none. */
function idTextOf(value) {
    if (typeof value === "string")
        return value === "" ? undefined : value;
    return (0,exact_json/* isNumber */.E)(value) ? JSON.stringify(value) : undefined;
}

// EXTERNAL MODULE: external "node:buffer"
var external_node_buffer_ = __webpack_require__(4573);
// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/api/base-url.js
var base_url = __webpack_require__(7567);
// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
// EXTERNAL MODULE: ./lib/batch/results/disk-error.js
var disk_error = __webpack_require__(7963);
// EXTERNAL MODULE: ./lib/batch/template/kind.js
var kind = __webpack_require__(8561);
;// CONCATENATED MODULE: ./lib/batch/template/prompt-file.js

/** Whether a path names a prompt file of GitHub Models. */
function isPromptFile(path) {
    return /\.prompt\.ya?ml$/i.test(path);
}
/**
 * Makes a prompt file of GitHub Models into a template. `name`, `description`, `testData` and
 * `evaluators` say nothing about a request.
 *
 * @see https://docs.github.com/en/github-models/use-github-models/storing-prompts-in-github-repositories
 */
function templateOfPrompt(prompt, { endpoint = "/v1/chat/completions", dropsPublisher }) {
    const problems = [];
    const tell = (path, message) => problems.push({ path, message });
    const kind = kindOf(endpoint);
    if (kind === undefined) {
        tell([], `a prompt file makes requests for /v1/chat/completions or /v1/responses, not for ${endpoint}`);
    }
    if (!(0,json/* isFields */.Ce)(prompt)) {
        tell([], "the prompt file is no mapping with `messages`");
        return { problems };
    }
    const { model, messages, modelParameters } = prompt;
    if (messages === undefined)
        tell([], "the prompt file has no `messages`");
    else if (!Array.isArray(messages) || messages.length === 0 || !messages.every(json/* isFields */.Ce)) {
        tell(["messages"], "`messages` is no list of messages");
    }
    if (model !== undefined && typeof model !== "string")
        tell(["model"], "`model` is no text");
    const isChat = kind !== "responses";
    const parameters = parametersOf(modelParameters, isChat, tell);
    const format = formatOf(prompt, tell);
    if (problems.length > 0)
        return { problems };
    const name = dropsPublisher && typeof model === "string" ? model.replace(/^openai\//, "") : model;
    const body = {
        ...(name === undefined ? {} : { model: name }),
        ...(isChat ? { messages } : { input: messages }),
        ...(isChat
            ? { ...parameters, ...(format && { response_format: chatFormat(format) }) }
            : {
                ...parameters,
                ...(format && { text: { ...fieldsIn(parameters, "text"), format: flatFormat(format) } }),
            }),
    };
    return { template: { url: endpoint, body } };
}
function kindOf(endpoint) {
    const bare = endpoint.replace(/^\/v1(?=\/)/, "");
    if (bare === "/chat/completions")
        return "chat";
    return bare === "/responses" ? "responses" : undefined;
}
/** Parameters in snake case, those that have another name under the names of the endpoint. */
function parametersOf(given, isChat, tell) {
    if (given === undefined || given === null)
        return {};
    if (!(0,json/* isFields */.Ce)(given)) {
        tell(["modelParameters"], "`modelParameters` is no mapping");
        return {};
    }
    const parameters = new Map();
    const tokens = isChat ? "max_completion_tokens" : "max_output_tokens";
    let effort;
    for (const [key, value] of Object.entries(given)) {
        const snake = snakeCase(key);
        const name = ["max_tokens", "max_completion_tokens"].includes(snake) ? tokens : snake;
        if (parameters.has(name)) {
            tell(["modelParameters", key], `\`${key}\` is given twice, under another name: it becomes \`${name}\``);
        }
        if (name === "reasoning_effort" && !isChat)
            effort = value;
        else
            parameters.set(name, value);
    }
    const all = Object.fromEntries(parameters);
    if (effort === undefined)
        return all;
    return { ...all, reasoning: { ...fieldsIn(all, "reasoning"), effort } };
}
function snakeCase(name) {
    return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
function fieldsIn(fields, name) {
    const value = fields[name];
    return (0,json/* isFields */.Ce)(value) ? value : {};
}
function formatOf({ responseFormat, jsonSchema }, tell) {
    switch (responseFormat) {
        case undefined:
        case null:
        case "text":
            return undefined;
        case "json_object":
            return { type: responseFormat };
        case "json_schema": {
            if (jsonSchema === undefined) {
                tell(["responseFormat"], "`responseFormat: json_schema` needs `jsonSchema`");
                return undefined;
            }
            const schema = typeof jsonSchema === "string" ? parsed(jsonSchema) : jsonSchema;
            if ((0,json/* isFields */.Ce)(schema))
                return { type: responseFormat, schema };
            tell(["jsonSchema"], "`jsonSchema` is no JSON object");
            return undefined;
        }
        default:
            tell(["responseFormat"], "`responseFormat` must be one of: text, json_object, json_schema");
            return undefined;
    }
}
function chatFormat(format) {
    return format.type === "json_object" ? format : { type: format.type, json_schema: format.schema };
}
function flatFormat(format) {
    return format.type === "json_object" ? format : { ...format.schema, type: format.type };
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch (error) {
        if (error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/batch/template/request-template.js


/** Tells everything in a template that would make every request wrong. */
function checkTemplate(value) {
    if (!(0,json/* isFields */.Ce)(value)) {
        return [{ path: [], message: "the template is no mapping with `url` and `body`" }];
    }
    const problems = [];
    const tell = (name, message) => problems.push({ path: [name], message });
    const { custom_id: customId, method = "POST", url, body } = value;
    if (url === undefined)
        tell("url", missing(value, "url"));
    else if (typeof url !== "string" || url === "")
        tell("url", "`url` is no text");
    if (body === undefined)
        tell("body", missing(value, "body"));
    else if (!(0,json/* isFields */.Ce)(body) && !isColumn(body))
        tell("body", "`body` is no mapping");
    if (typeof method !== "string" || (literalOf(method) ?? "POST") !== "POST") {
        tell("method", "`method` must be POST");
    }
    if (customId === "" || !["string", "number", "undefined"].includes(typeof customId)) {
        tell("custom_id", '`custom_id` must be a text, for example "{{id}}" in quotes');
    }
    if ((0,json/* isFields */.Ce)(body) && body["stream"] === true) {
        problems.push({ path: ["body", "stream"], message: "`stream: true` has no use in a batch" });
    }
    problems.push(...oddValues(value, []));
    return problems;
}
function isColumn(value) {
    return typeof value === "string" && wholeColumn(value) !== undefined;
}
function missing(value, name) {
    const hint = Array.isArray(value["messages"])
        ? " (a prompt file has `messages` instead, and a name that ends with .prompt.yml)"
        : "";
    return `the template has no \`${name}\`${hint}`;
}
/** Values that YAML has and JSON has not. */
function* oddValues(value, path) {
    if (typeof value === "number" && !Number.isFinite(value)) {
        yield { path, message: "the number is not finite" };
    }
    else if (Array.isArray(value)) {
        for (const [at, item] of value.entries())
            yield* oddValues(item, [...path, String(at)]);
    }
    else if ((0,json/* isFields */.Ce)(value)) {
        for (const [name, item] of Object.entries(value))
            yield* oddValues(item, [...path, name]);
    }
}

;// CONCATENATED MODULE: ./lib/batch/template/read-template.js











/**
 * Reads a template from a file: a request in YAML or JSON (`url`, `body`, and `method` and `custom_id` if
 * wanted), or a GitHub Models prompt file (`*.prompt.yml`), which becomes one.
 *
 * @param path of a `.yml`, `.yaml` or `.json` file
 * @throws {APIError} `invalid_template` with all that is wrong with it, and the lines
 * @returns what `renderRequests` takes; it can be changed like any object before
 * @example
 * ```ts
 * import { readTemplate } from "openai-batch-action";
 * import { writeFile } from "node:fs/promises";
 *
 * await writeFile("review.prompt.yml", `
 * model: openai/gpt-6-luna
 * modelParameters:
 *   maxTokens: 200
 * messages:
 *   - role: user
 *     content: "Is this review positive? {{review}}"
 * `);
 * const { url, body } = await readTemplate("review.prompt.yml");
 * console.log(url, Object.keys(body).join()); // /v1/chat/completions model,messages,max_completion_tokens
 * ```
 */
async function readTemplate(path, options = {}) {
    const loaded = await loadTemplate(path, options);
    if ("template" in loaded) {
        // It has been checked to have what the type promises.
        return loaded.template;
    }
    const { problems } = loaded;
    throw new APIError(`The template has ${plural(problems.length, "problem")}.\n${problems.map(describeProblem).join("\n")}`, { code: "invalid_template" });
}
/** As `readTemplate`, with the problems given and not thrown. */
async function loadTemplate(path, options) {
    const fail = (message, line) => ({
        problems: [{ file: path, line, code: "invalid_template", message }],
    });
    if (!(0,kind/* isTemplateName */.k)(path)) {
        return fail(`the name of a template must end with one of: ${kind/* templateExtensions */.F.join(", ")}`);
    }
    let bytes;
    try {
        bytes = await (0,external_node_fs_promises_.readFile)(path);
    }
    catch (error) {
        if (!(0,disk_error/* isOfSystem */.bV)(error))
            throw error;
        return fail(error.code === "ENOENT"
            ? "there is no such file"
            : `the file cannot be read: ${(0,errors/* messageOf */.bD)(error)}`);
    }
    if (!(0,external_node_buffer_.isUtf8)(bytes))
        return fail("the template is not valid UTF-8");
    const text = bytes.toString("utf8").replace(/^\uFEFF/, "");
    // What reads YAML is loaded by those who have some.
    const { parseTemplate } = await Promise.all(/* import() */[__webpack_require__.e(815), __webpack_require__.e(160)]).then(__webpack_require__.bind(__webpack_require__, 7160));
    const parsed = parseTemplate(text, (0,external_node_path_.extname)(path).toLowerCase() === ".json" ? "JSON" : "YAML");
    if ("problems" in parsed) {
        const code = "invalid_template";
        return { problems: parsed.problems.map((problem) => ({ file: path, code, ...problem })) };
    }
    const found = isPromptFile(path) ? ofPrompt(parsed.value, options) : ofRequest(parsed.value);
    if (found.problems === undefined)
        return found;
    return {
        problems: found.problems.map(({ path: keys, message }) => ({
            file: path,
            line: parsed.lineOf(keys),
            code: "invalid_template",
            message,
        })),
    };
}
function ofPrompt(value, { endpoint, baseURL }) {
    const dropsPublisher = baseURL === undefined || (0,base_url/* isOpenAI */.R1)(baseURL);
    const made = templateOfPrompt(value, { endpoint, dropsPublisher });
    return "template" in made ? ofRequest(made.template) : made;
}
function ofRequest(value) {
    const problems = checkTemplate(value);
    if (problems.length > 0)
        return { problems };
    // `checkTemplate` has seen that it is one.
    return { template: value };
}
/** A template from memory, as JSON would hold it. */
function takeTemplate(template) {
    const found = ofMemory(template);
    if (found.problems === undefined)
        return found;
    return {
        problems: found.problems.map(({ path, message }) => ({
            code: "invalid_template",
            message: path.length > 1 ? `${path.join(".")}: ${message}` : message,
        })),
    };
}
function ofMemory(template) {
    try {
        return ofRequest(JSON.parse(JSON.stringify(template)));
    }
    catch (error) {
        // What holds itself, or a number that JSON has not.
        if (!(error instanceof TypeError))
            throw error;
        return { problems: [{ path: [], message: "the template cannot be written as JSON" }] };
    }
}

;// CONCATENATED MODULE: ./lib/batch/template/render.js

/**
 * Puts a row's values in their places; `undefined` where the row gives the request no `custom_id`.
 * A value is written as JSON where it goes and never looked at again, so that nothing in it has a meaning.
 */
function renderLine(plan, row) {
    const customId = customIdOf(plan, row);
    if (customId === undefined)
        return undefined;
    return {
        customId,
        text: `{"custom_id":${JSON.stringify(customId)}${fill(plan.pieces, row.valueOf)}`,
    };
}
function fill(pieces, valueOf) {
    let text = "";
    for (const piece of pieces) {
        if (typeof piece === "string")
            text += piece;
        else {
            const value = valueOf(piece.column);
            text += piece.whole ? JSON.stringify(value) : inQuotes(textWithin(value));
        }
    }
    return text;
}
function customIdOf({ customId }, { valueOf, ownId, number }) {
    if (customId === undefined)
        return ownId === undefined ? `row-${number}` : idTextOf(ownId);
    const [piece, ...more] = customId;
    // A column that is the whole of it: a number becomes its text, and what is no text is none.
    if (typeof piece === "object" && piece.whole && more.length === 0) {
        return idTextOf(valueOf(piece.column));
    }
    return idTextOf(JSON.parse(fill(customId, valueOf)));
}

// EXTERNAL MODULE: ./lib/batch/rows/file-rows.js
var file_rows = __webpack_require__(3628);
// EXTERNAL MODULE: ./lib/batch/rows/read-file.js + 3 modules
var read_file = __webpack_require__(7235);
// EXTERNAL MODULE: ./lib/batch/rows/row-event.js
var row_event = __webpack_require__(2409);
;// CONCATENATED MODULE: ./lib/batch/rows/render-rows.js










/** A template made ready, or all that is wrong with it. */
async function loadPlan(template, options) {
    const loaded = typeof template === "string" ? await loadTemplate(template, options) : takeTemplate(template);
    return "template" in loaded ? { plan: planOf(loaded.template) } : loaded;
}
/** The files that rows are from; none for rows from memory. */
function sourcesOf(rows) {
    return rows instanceof file_rows/* FileRows */.u ? rows.files : [];
}
/**
 * Renders rows, block by block.
 *
 * @param plan without one, rows are only looked at
 */
async function* renderRows(rows, plan, signal) {
    const renderer = new RowRenderer(plan);
    if (rows instanceof file_rows/* FileRows */.u) {
        if (rows.files.length === 0)
            yield renderer.render(0, [noRow]);
        for (const [source, file] of rows.files.entries()) {
            for await (const found of (0,read_file.readRowFile)(file, signal))
                yield renderer.render(source, found);
        }
        return;
    }
    for await (const found of readMemory(rows, signal))
        yield renderer.render(0, found);
}
const noRow = (0,row_event/* rowProblem */.u)("no_rows", "there is no row");
/** How many rows from memory are taken at once. */
const rowsPerBlock = 500;
async function* readMemory(rows, signal) {
    let found = [];
    let line = 0;
    for await (const row of (0,until_aborted/* untilAborted */.E)(rows, signal)) {
        line += 1;
        found.push(rowInMemory(row, line));
        if (found.length < rowsPerBlock)
            continue;
        yield found;
        found = [];
        await (0,promises_.setImmediate)();
        signal?.throwIfAborted();
    }
    if (line === 0)
        found.push(noRow);
    yield found;
}
/** A row as JSON would hold it. */
function rowInMemory(given, line) {
    try {
        const row = (0,json/* isFields */.Ce)(given) ? (0,exact_json/* parseExactly */.A)(JSON.stringify(given))?.value : undefined;
        if ((0,json/* isFields */.Ce)(row))
            return { found: "row", line, row };
        return (0,row_event/* rowProblem */.u)("invalid_row", "the row is no object", line);
    }
    catch (error) {
        // What holds itself, or a number that JSON has not.
        if (!(error instanceof TypeError))
            throw error;
        return (0,row_event/* rowProblem */.u)("invalid_row", "the row cannot be written as JSON", line);
    }
}
class RowRenderer {
    #plan;
    #rows = 0;
    #table;
    #toldOfId = false;
    constructor(plan) {
        this.#plan = plan;
    }
    render(source, found) {
        const rendered = [];
        for (const event of found) {
            const one = this.#renderOne(source, event);
            if (one !== undefined)
                rendered.push(one);
        }
        return rendered;
    }
    #renderOne(source, event) {
        switch (event.found) {
            case "problem": {
                if (event.line !== undefined && event.code === "invalid_row")
                    this.#rows += 1;
                const { line, code, message } = event;
                return { source, line, code, message };
            }
            case "header": {
                this.#table = tableOf(event.columns, this.#plan);
                const { missing } = this.#table;
                if (missing.length === 0)
                    return undefined;
                return { source, line: event.line, ...missingColumns(missing, event.columns) };
            }
            case "cells":
                return this.#renderCells(source, event.line, event.cells);
            case "row":
                return this.#renderRow(source, event.line, event.row);
        }
    }
    #renderCells(source, line, cells) {
        this.#rows += 1;
        const table = this.#table;
        if (table === undefined || table.missing.length > 0)
            return undefined;
        const { columns, places, idPlace } = table;
        const valueOf = (column) => cells[places[column] ?? -1];
        const ownId = idPlace < 0 ? undefined : cells[idPlace];
        const request = this.#renderValues(source, line, { valueOf, ownId, number: this.#rows });
        return request === undefined || "code" in request ? request : { ...request, cells, columns };
    }
    #renderRow(source, line, row) {
        this.#rows += 1;
        const columns = this.#plan?.columns ?? [];
        const missing = columns.filter((name) => valueIn(row, name) === undefined);
        if (missing.length > 0) {
            return { source, line, ...missingColumns(missing, Object.keys(row)) };
        }
        const valueOf = (column) => valueIn(row, columns[column] ?? "");
        const customId = valueIn(row, "custom_id");
        // One that is `null` is there and empty, as in a table; another column does not stand in for it.
        const ownId = customId === undefined ? valueIn(row, "id") : customId;
        const request = this.#renderValues(source, line, { valueOf, ownId, number: this.#rows });
        return request === undefined || "code" in request ? request : { ...request, row };
    }
    #renderValues(source, line, values) {
        const plan = this.#plan;
        if (plan === undefined)
            return undefined;
        const isSame = plan.customId?.every((piece) => typeof piece === "string") === true;
        if (isSame && this.#rows > 1)
            return this.#sameId(source, line);
        const request = renderLine(plan, values);
        if (request === undefined) {
            const message = "the row gives the request no custom_id: it is empty, or neither text nor number";
            return { source, line, code: "missing_required_parameter", message };
        }
        return { source, line, customId: request.customId, text: request.text };
    }
    /** Told once: it is one mistake, of the template. */
    #sameId(source, line) {
        if (this.#toldOfId)
            return undefined;
        this.#toldOfId = true;
        const message = "the template's custom_id has no {{column}}, so that this row and all behind it have the same as the first";
        return { source, line, code: "duplicate_custom_id", message };
    }
}
function tableOf(columns, plan) {
    const names = columns.map((name) => name.trim());
    const wanted = plan?.columns ?? [];
    const customId = names.indexOf("custom_id");
    return {
        columns,
        places: wanted.map((name) => names.indexOf(name)),
        missing: wanted.filter((name) => !names.includes(name)),
        idPlace: customId < 0 ? names.indexOf("id") : customId,
    };
}
/** The value of a row's own column; `undefined` where it has none of that name. */
function valueIn(row, name) {
    if (Object.hasOwn(row, name))
        return row[name];
    const key = Object.keys(row).find((candidate) => candidate.trim() === name);
    return key === undefined ? undefined : row[key];
}
function missingColumns(missing, columns) {
    const lacks = `the template names ${missing.length === 1 ? "a column" : "columns"} that ${missing.length === 1 ? "is" : "are"} not there: ${(0,row_event/* nameColumns */.N)(missing)}`;
    const has = columns.length === 0 ? "there are none" : `there are ${(0,row_event/* nameColumns */.N)(columns)}`;
    return { code: "missing_column", message: `${lacks}; ${has}` };
}


/***/ }),

/***/ 2409:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ nameColumns),
/* harmony export */   u: () => (/* binding */ rowProblem)
/* harmony export */ });
function rowProblem(code, message, line) {
    return { found: "problem", line, code, message };
}
const maxNamed = 20;
const longestName = 60;
/** Names columns in a message; not all of very many, and none at great length. */
function nameColumns(columns) {
    const named = columns
        .slice(0, maxNamed)
        .map((name) => (name.length > longestName ? `${name.slice(0, longestName)}…` : name))
        .map((name) => JSON.stringify(name));
    const more = columns.length - named.length;
    return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}


/***/ })

};
