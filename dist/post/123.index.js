export const id = 123;
export const ids = [123];
export const modules = {

/***/ 7123:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createTransport: () => (/* binding */ createTransport)
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: ./node_modules/got/dist/source/core/errors.js
var errors = __webpack_require__(3431);
// EXTERNAL MODULE: ./node_modules/got/dist/source/index.js + 40 modules
var source = __webpack_require__(1006);
// EXTERNAL MODULE: ./lib/api/advice.js
var advice = __webpack_require__(1546);
// EXTERNAL MODULE: ./lib/api/errors.js
var api_errors = __webpack_require__(8937);
;// CONCATENATED MODULE: ./lib/api/answer.js


/**
 * The JSON of a success.
 *
 * @param redact takes secrets out of what the server says
 * @param advise says what to do about a status that is none
 * @throws {APIError} for a status that is none
 * @throws {UnreadableAnswerError} for a success that is not JSON
 */
function readAnswer(answer, clock, redact = (text) => text, advise = advice/* adviceFor */.c) {
    const { call, status, headers, body } = answer;
    if (!isSuccess(status))
        throw refusal(answer, clock, redact, advise);
    const parsed = parseJson(body);
    if (parsed !== undefined)
        return parsed.value;
    const requestId = requestIdOf(headers);
    const named = requestId === undefined ? "no request id" : `request id ${requestId}`;
    throw new api_errors/* UnreadableAnswerError */.mP(`${call} was answered with ${status} and ${kindOf(body)} (${named}). ` +
        "Check that the base URL is the API's own address (it usually ends in /v1) and that no proxy answers in its place.", { code: "unreadable_answer", status, requestId, success: false });
}
function isSuccess(status) {
    return status >= 200 && status <= 299;
}
/** The error that an answer with another status than a success stands for. */
function refusal({ call, status, headers, body }, clock, redact = (text) => text, advise = advice/* adviceFor */.c) {
    return (0,api_errors/* answerError */.n)(call, status, parseJson(body)?.value, { redact, advise }, {
        requestId: requestIdOf(headers),
        retryAfter: retryAfterOf(headers, clock),
        shouldRetry: shouldRetryOf(headers),
    });
}
function requestIdOf(headers) {
    const id = headers["x-request-id"] ?? headers["apim-request-id"];
    return Array.isArray(id) ? id[0] : id;
}
function kindOf(body) {
    if (body.trim() === "")
        return "nothing";
    return /^\s*</.test(body) ? "a web page (HTML)" : "text that is no whole JSON";
}
function parseJson(body) {
    try {
        return { value: JSON.parse(body) };
    }
    catch {
        return undefined;
    }
}
function shouldRetryOf(headers) {
    const value = headers["x-should-retry"];
    return value === "true" ? true : value === "false" ? false : undefined;
}
/** Milliseconds; `retry-after` is a number of seconds or a date. */
function retryAfterOf(headers, clock) {
    const milliseconds = Number(headers["retry-after-ms"] ?? Number.NaN);
    if (milliseconds >= 0)
        return milliseconds;
    const after = headers["retry-after"];
    if (after === undefined)
        return undefined;
    const wait = /^[\d.]+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - clock.now();
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

// EXTERNAL MODULE: ./lib/api/base-url.js
var base_url = __webpack_require__(7567);
;// CONCATENATED MODULE: ./lib/api/transport.js






/** What another origin may be sent. */
const keptOnRedirect = new Set([
    "accept",
    "accept-encoding",
    "user-agent",
    "range",
    "if-range",
]);
/** HTTP on got, one request at a time: no retries here, and no meaning. */
function createTransport(settings) {
    const { baseURL, timeout, clock, redact, advise, onCall } = settings;
    // got does not read the proxy variables; Node's own agent does.
    // A loopback server is called directly: plain http through a proxy would show it the key.
    const direct = (0,base_url/* isLoopback */.U9)(new URL(baseURL).hostname);
    const agentOptions = { keepAlive: true, ...(direct ? {} : { proxyEnv: process.env }) };
    const agent = { http: new external_node_http_.Agent(agentOptions), https: new external_node_https_.Agent(agentOptions) };
    const optionsFor = async (request) => {
        const query = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined);
        return {
            method: request.method,
            searchParams: Object.fromEntries(query),
            headers: {
                accept: "application/json",
                ...(await settings.headers(request.signal)),
                ...request.headers,
                ...request.upload?.headers,
            },
            ...(request.json === undefined ? {} : { json: request.json }),
            ...(request.upload === undefined ? {} : { body: request.upload.stream }),
            ...(request.signal === undefined ? {} : { signal: request.signal }),
            agent,
            retry: { limit: 0 },
            throwHttpErrors: false,
            // A redirected POST could be done twice, or turn into a GET.
            followRedirect: request.method === "GET",
            timeout: {
                lookup: timeout,
                connect: timeout,
                secureConnect: timeout,
                socket: timeout,
                response: timeout,
            },
            hooks: {
                beforeRedirect: [
                    (next, response) => {
                        if (new URL(String(next.url)).origin === new URL(response.url).origin)
                            return;
                        for (const name of Object.keys(next.headers)) {
                            if (!keptOnRedirect.has(name)) {
                                Reflect.deleteProperty(next.headers, name);
                            }
                        }
                    },
                ],
            },
        };
    };
    const nameOf = (request) => `${request.method} ${request.path}`;
    const connectionError = (request, error, requestId) => {
        request.signal?.throwIfAborted();
        // The file could not be read: no fault of the network, and no retry mends it.
        if (error instanceof errors/* UploadError */.oW && error.cause instanceof Error)
            return error.cause;
        const { code, message, cause } = reasonOf(error);
        const status = error instanceof errors/* RequestError */.GI ? error.response?.statusCode : undefined;
        const known = [
            ...(status === undefined ? [] : [`status ${status}`]),
            ...(requestId === undefined ? [] : [`request id ${requestId}`]),
        ];
        const answered = known.length === 0 ? "" : ` (${known.join(", ")})`;
        const call = nameOf(request);
        if (error instanceof errors/* TimeoutError */.MU) {
            return new api_errors/* APIConnectionTimeoutError */.qA(`${call} had no answer for ${timeout / 1000} s. Check the network and the base URL, or raise the request timeout.`, { code, requestId, sent: wasSent(error) });
        }
        return new api_errors/* APIConnectionError */.xX(`${call} got no whole answer${answered}: ${redact(message)} (${code}). Check the network, the proxy settings and the base URL.`, { code, requestId, cause, sent: wasSent(error) });
    };
    const track = (request) => {
        const started = clock.now();
        return (answer) => {
            onCall?.({
                method: request.method,
                path: request.path,
                status: answer.status,
                requestId: answer.requestId,
                ms: clock.now() - started,
                ...(answer.code === undefined ? {} : { code: answer.code }),
            });
        };
    };
    return {
        async json(request) {
            const options = await optionsFor(request);
            request.onSend?.();
            const done = track(request);
            try {
                const { statusCode, headers, body } = await (0,source/* default */.Ay)(baseURL + request.path, {
                    ...options,
                    responseType: "text",
                });
                done({ status: statusCode, requestId: requestIdOf(headers) });
                const call = nameOf(request);
                return readAnswer({ call, status: statusCode, headers, body }, clock, redact, advise);
            }
            catch (error) {
                if (!(error instanceof errors/* RequestError */.GI))
                    throw error;
                const requestId = error.response === undefined ? undefined : requestIdOf(error.response.headers);
                done({ code: error.code, requestId });
                throw connectionError(request, error, requestId);
            }
        },
        async open(request) {
            const options = await optionsFor(request);
            const done = track(request);
            const stream = source/* default */.Ay.stream(baseURL + request.path, {
                ...options,
                // The length that the server names is the length on the wire; it is what we check.
                headers: { "accept-encoding": "identity", ...options.headers, accept: "*/*" },
                decompress: false,
            });
            const head = await new Promise((resolve, reject) => {
                stream.once("response", resolve);
                stream.once("error", reject);
            }).catch((error) => {
                done({ code: reasonOf(error).code });
                throw connectionError(request, error);
            });
            const { statusCode: status, headers } = head;
            const requestId = requestIdOf(headers);
            done({ status, requestId });
            if (isSuccess(status))
                return { status, headers, requestId, body: stream };
            const body = await readStart(stream);
            throw refusal({ call: nameOf(request), status, headers, body }, clock, redact, advise);
        },
        broken: (request, answer, error) => connectionError(request, error, answer.requestId),
    };
}
/** The body of an error, as far as it is worth reading. */
async function readStart(stream) {
    const chunks = [];
    let bytes = 0;
    try {
        for await (const chunk of stream) {
            if (!Buffer.isBuffer(chunk))
                continue;
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > 65_536)
                break;
        }
    }
    catch (error) {
        // A cut error answer still has its status, which says more than the cut.
        if (!(error instanceof errors/* RequestError */.GI))
            throw error;
    }
    return Buffer.concat(chunks).toString("utf8");
}
/** Whether the whole request went out, so that the server may have acted on it. */
function wasSent(error) {
    return error instanceof errors/* RequestError */.GI && error.timings?.upload !== undefined;
}
function reasonOf(error) {
    if (!(error instanceof Error))
        return { code: "unknown", message: String(error), cause: undefined };
    const code = "code" in error && typeof error.code === "string" ? error.code : "unknown";
    // got's own error holds the request with its headers, so only what it stands for goes on.
    return {
        code,
        message: error.message,
        cause: error instanceof errors/* RequestError */.GI ? error.cause : error,
    };
}


/***/ })

};
