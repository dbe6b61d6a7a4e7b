export const id = 235;
export const ids = [235];
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
