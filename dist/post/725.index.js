export const id = 725;
export const ids = [725];
export const modules = {

/***/ 4725:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  cleanUp: () => (/* binding */ cleanUp)
});

// EXTERNAL MODULE: ./lib/api/errors.js
var errors = __webpack_require__(8937);
;// CONCATENATED MODULE: ./lib/batch/look-at.js

/**
 * A batch as the server shows it now; `undefined` where it cannot be seen, so that what was known before stands.
 *
 * @throws the signal's reason when it aborts
 */
async function lookAt({ batches }, id, call) {
    try {
        return await batches.retrieve(id, call);
    }
    catch (error) {
        call.signal?.throwIfAborted();
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return undefined;
    }
}

// EXTERNAL MODULE: ./lib/batch/status.js
var batch_status = __webpack_require__(3276);
;// CONCATENATED MODULE: ./lib/batch/rules/cancel.js

/** Whether a cancel would do anything: some servers turn even a completed batch into a cancelled one. */
function decideCancel({ status }) {
    if ((0,batch_status/* isTerminal */.Hd)({ status }))
        return { decision: "leave", why: `it has ended: ${status}` };
    return status === "cancelling"
        ? { decision: "leave", why: "it is being cancelled already" }
        : { decision: "cancel", why: `it is ${status}` };
}
/** Whether a batch has run and its results are being put together: a refused cancel will soon have had nothing to do. */
function isAboutToEnd({ status }) {
    return status === "finalizing";
}
/** Whether a cancel that was answered with this batch has cancelled it: it may have ended before, or run on. */
function wasCancelled({ status }) {
    return status === "cancelling" || status === "cancelled";
}
/**
 * Whether the step itself cancels when the runner signals it. A signal does not tell a cancelled
 * workflow from a step that ran out of time, so a job that cancels only on failure leaves it to the
 * post step, which knows how the job ended.
 */
function decideCancelOnSignal(cancelOn) {
    if (cancelOn.includes("never"))
        return { decision: "leave", why: "`cancel-on` is `never`" };
    return cancelOn.includes("cancelled")
        ? { decision: "cancel", why: "the step was interrupted" }
        : {
            decision: "leave",
            why: "`cancel-on` is `failure`, and only the post step knows how the job ended",
        };
}
/**
 * Whether the post step cancels a batch that was found after a create had lost its answer.
 *
 * @param extra whether the step goes by another batch of the same create, so that nobody wants this one
 */
function decideCancelLost(end, extra) {
    return extra
        ? { decision: "cancel", why: "a create whose answer was lost made it beside another" }
        : decideCancelAfterJob(end, false);
}
/**
 * Whether the post step cancels a batch that has not ended.
 *
 * @param leftByTimeout whether the step's timeout left it running on purpose: the job's failure for that
 *   timeout is no reason to cancel it, a cancelled workflow is
 */
function decideCancelAfterJob({ cancelWanted, interrupted, jobStatus, cancelOn }, leftByTimeout) {
    if (cancelWanted && !leftByTimeout) {
        return {
            decision: "cancel",
            why: "the step was to cancel what had not ended",
        };
    }
    if (cancelOn.includes("never"))
        return { decision: "leave", why: "`cancel-on` is `never`" };
    if (jobStatus === "failure" && leftByTimeout && !interrupted) {
        return { decision: "leave", why: "the step's timeout was not to cancel it" };
    }
    const named = cancelOn.find((status) => status === jobStatus);
    if (named !== undefined)
        return { decision: "cancel", why: `the job's status is ${jobStatus}` };
    if (interrupted && cancelOn.includes("cancelled")) {
        return { decision: "cancel", why: "the step was interrupted" };
    }
    return { decision: "leave", why: `the job's status is ${jobStatus || "not known"}` };
}
/**
 * Whether a timeout with `on-timeout: cancel` cancels a batch. Only what this job created, or was asked
 * to wait for by its id: a batch that was adopted from another job may be somebody's who still waits.
 *
 * @param sameOwner whether an adopted batch was created with the metadata that this job gives its own
 */
function decideCancelAtTimeout({ batch, provenance }, sameOwner) {
    const useful = decideCancel(batch);
    if (useful.decision === "leave")
        return useful;
    return provenance === "adopted" && !sameOwner
        ? { decision: "leave", why: "it was adopted from another run, which may still wait for it" }
        : { decision: "cancel", why: "the time was up" };
}

// EXTERNAL MODULE: ./node_modules/p-map/index.js
var p_map = __webpack_require__(606);
;// CONCATENATED MODULE: ./lib/api/page.js

/** Items of the API's largest page. */
const largestPage = 100;
/** Pages of a list. Nothing is called before it is asked for. */
function paged(settings) {
    let first;
    const start = () => (first ??= load(settings, settings.after, {
        cursors: new Set(),
        ids: new Set(),
        broken: 0,
        largest: 0,
    }));
    return {
        then: (resolve, reject) => start().then(resolve, reject),
        catch: (reject) => start().catch(reject),
        finally: (settled) => start().finally(settled),
        async *[Symbol.asyncIterator]() {
            yield* await start();
        },
    };
}
async function load(settings, cursor, before) {
    const fetched = await settings.fetch(cursor);
    const fresh = new Map(fetched.data.filter(({ id }) => !before.ids.has(id)).map((item) => [item.id, item]));
    const known = {
        cursors: new Set(before.cursors).add(cursor),
        ids: new Set([...before.ids, ...fresh.keys()]),
        broken: before.broken + fetched.broken,
        largest: Math.max(before.largest, sizeOf(fetched)),
    };
    const { lastId } = fetched;
    const hasMore = fetched.hasMore ?? lacksEntries(settings, fetched, known);
    const way = wayOn({ ...fetched, hasMore }, fresh.size, known);
    const incomplete = whyIncomplete(way.stuck, known.broken);
    const page = {
        data: [...fresh.values()],
        has_more: way.more || way.stuck !== undefined,
        last_id: lastId,
        incomplete,
        hasNextPage: () => way.more,
        getNextPage: async () => {
            if (way.more)
                return load(settings, lastId, known);
            if (incomplete !== undefined)
                throw listIncomplete(settings.call, incomplete);
            return undefined;
        },
        async *[Symbol.asyncIterator]() {
            for (let at = page; at !== undefined; at = await at.getNextPage()) {
                yield* at.data;
            }
        },
    };
    return page;
}
/** A page that does not say whether it is the last one may count more entries than all pages have brought. */
function lacksEntries({ after }, { total }, { ids, broken }) {
    if (after !== undefined || total === undefined)
        return undefined;
    return ids.size + broken < total ? true : undefined;
}
function wayOn(fetched, fresh, { cursors, largest }) {
    const { hasMore, lastId } = fetched;
    if (hasMore === false)
        return { more: false };
    const moves = lastId !== undefined && !cursors.has(lastId);
    if (hasMore === undefined) {
        // How much such a server gives at a time only its other pages tell; one that does not page at all repeats itself.
        return { more: sizeOf(fetched) >= largest && fresh > 0 && moves };
    }
    const says = "the server says that there is more,";
    if (lastId === undefined)
        return { more: false, stuck: `${says} but names nothing to go on from` };
    if (!moves)
        return { more: false, stuck: `${says} but its cursor leads back to ${lastId}` };
    if (fresh === 0)
        return { more: false, stuck: `${says} but a page brought no new entries` };
    return { more: true };
}
function sizeOf({ data, broken }) {
    return data.length + broken;
}
function whyIncomplete(stuck, broken) {
    const entries = broken === 1 ? "1 entry" : `${broken} entries`;
    const reasons = [
        ...(stuck === undefined ? [] : [stuck]),
        ...(broken === 0 ? [] : [`${entries} could not be read and were left out`]),
    ];
    return reasons.length === 0 ? undefined : reasons.join("; ");
}
function listIncomplete(call, why) {
    return new errors/* APIError */.LG(`${call} did not give the whole list: ${why}. What is not in it may be there all the same; look at the server's own pages.`, { code: "list_incomplete", outcomeUnknown: false });
}

// EXTERNAL MODULE: ./lib/batch/format.js
var format = __webpack_require__(5821);
;// CONCATENATED MODULE: ./lib/batch/look-up.js



/** How far the server's clock may be behind ours, in milliseconds. */
const clockSkew = 10 * 60_000;
/** Milliseconds: results live no longer, and a key that holds a run's id names nothing older. */
const thirtyDays = (/* unused pure expression or super */ null && (30 * 24 * 3_600_000));
/** Milliseconds between looks for what may be there already: lists, files and statuses lag. */
const lagPauses = [0, 1_000, 2_000, 4_000, 8_000, 15_000];
/** Milliseconds between tries of a list that a server may not have, or a gateway may hide for a moment. */
const missingPauses = [1_000, 2_000, 4_000];
/**
 * Reads the list of batches back to a time, page after page, and says where it could not see: a page
 * that was refused, a cursor that leads nowhere, more pages than were to be read. The API has no filter.
 *
 * @throws {APIError} when not even the first page can be read
 * @throws the signal's reason when it aborts
 */
async function readBatches(client, options) {
    const { since, anyAge = false } = options;
    const { enough = () => false, maxPages = Number.POSITIVE_INFINITY } = options;
    const found = new Map();
    const done = (incomplete) => ({
        items: [...found.values()],
        incomplete,
        noList: false,
    });
    const first = await firstPage(client, options);
    if (first === undefined) {
        return { items: [], incomplete: "the server has no list of batches", noList: true };
    }
    const isPast = pastBy((since - clockSkew) / 1000);
    let page = first;
    for (let pages = 1;; pages += 1) {
        for (const batch of page.data) {
            if (anyAge || isSince(batch, since))
                found.set(batch.id, batch);
        }
        const seen = [...found.values()];
        if (enough(seen))
            return done();
        if (isPast(page.data))
            return done(page.incomplete);
        if (pages === maxPages && page.hasNextPage()) {
            return done(`only the newest ${(0,format/* formatCount */.B4)(maxPages * largestPage)} batches were read`);
        }
        const next = await nextPage(page);
        if (next === undefined || typeof next === "string")
            return done(next);
        page = next;
    }
}
/** The first page; `undefined` where the server has no list, which one refusal does not prove. */
async function firstPage(client, { signal, deadline, maxRetries }) {
    for (const pause of [...missingPauses, undefined]) {
        try {
            return await client.batches.list({ limit: largestPage }, { signal, deadline, maxRetries });
        }
        catch (error) {
            if (!isMissingCall(error))
                throw error;
            if (pause === undefined)
                return undefined;
            await sleepWithin(client, pause, { signal, deadline });
        }
    }
    return undefined;
}
/** The page behind this one; `undefined` at the end, and why the next one could not be read where it is not the end. */
async function nextPage(page) {
    if (!page.hasNextPage())
        return page.incomplete;
    try {
        return await page.getNextPage();
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return `the list of batches could not be read to its end: ${(0,format/* withoutStop */.f6)(error.message)}`;
    }
}
/**
 * Looks for batches that may be there and may not be shown yet, for as long as lists lag.
 *
 * @returns `found` as soon as there are as many as were looked for, and at the end with what there is;
 *   `absent` only when the last look saw the whole list
 * @throws the signal's reason when it aborts
 */
async function lookForBatches(client, wanted, options) {
    const { since, pauses = lagPauses, count = 1, ...call } = options;
    let last = { state: "incomplete", why: "nobody looked" };
    for (const pause of pauses) {
        await sleepWithin(client, pause, call);
        last = await lookOnce(client, wanted, { ...call, since, count });
        if (last.state === "found" && last.found.length >= count)
            return last;
    }
    return last;
}
async function lookOnce(client, wanted, { count, ...options }) {
    try {
        const enough = (items) => items.filter(wanted).length >= count;
        // The server's clock may be hours behind ours; the mark of a create tells more than its time.
        const reading = await readBatches(client, { ...options, anyAge: true, enough });
        const { items, incomplete } = reading;
        const found = items.filter(wanted);
        if (found.length > 0)
            return { state: "found", found };
        return incomplete === undefined
            ? { state: "absent" }
            : { state: "incomplete", why: incomplete };
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        const why = error instanceof errors/* DeadlineError */.j3
            ? "the time was up before the list of batches was read"
            : `the list of batches could not be read: ${(0,format/* withoutStop */.f6)(error.message)}`;
        return { state: "incomplete", why };
    }
}
/** Sleeps no longer than to the deadline; the call that follows says that it has come. */
async function sleepWithin({ clock }, pause, { signal, deadline }) {
    const left = (deadline ?? Number.POSITIVE_INFINITY) - clock.now();
    await clock.sleep(Math.max(0, Math.min(pause, left)), signal);
}
/** Whether a batch may have been created since then; a server that tells no time leaves it open. */
function isSince({ created_at }, since) {
    return created_at === 0 || created_at * 1000 >= since - clockSkew;
}
/** So many steps back in time, and none forward, show that a list begins with its newest. */
const enoughSteps = 5;
/**
 * Tells, page by page, whether all that follows is older. That the newest come first is practice, not
 * promise: a list that begins with its oldest has the newest at the end, and a page of one old batch, or
 * of many of the same second, does not tell which of the two it is.
 *
 * @param oldest Unix seconds
 */
function pastBy(oldest) {
    let last = Number.POSITIVE_INFINITY;
    let steps = -1;
    let mixed = false;
    return (page) => {
        for (const { created_at: time } of page) {
            mixed ||= time > last || time <= 0;
            if (time < last)
                steps += 1;
            last = time;
        }
        const old = page.length > 0 && page.every(({ created_at }) => created_at < oldest);
        return old && !mixed && steps >= enoughSteps;
    };
}
/** Some compatible servers have no such list. */
function isMissingCall(error) {
    return error instanceof errors/* APIError */.LG && [404, 405, 501].includes(error.status ?? 0);
}

;// CONCATENATED MODULE: ./lib/batch/cancel.js





/** Milliseconds that the look before a cancel may take; without it the cancel goes out all the same. */
const timeToLook = 5_000;
/** Milliseconds before each look at what a cancel has done: a server may show it late. */
const latePauses = [0, 500, 2_000];
/** A sweep may find hundreds; servers take only so many calls at once. */
const atOnce = 4;
/** Milliseconds between which the first cancels go out, so that many do not ask in step. */
const spread = 250;
/** Tries of one cancel: where there is a deadline, that alone ends them. */
const persistence = 1_000;
/**
 * Cancels a batch, whatever state it is in: one that has ended, or is being cancelled, is no error and
 * is returned as it is. It is looked at first, because some servers turn even a completed batch into a
 * cancelled one, and again after a cancel that failed.
 *
 * @throws {APIError} when the batch does not exist, or still runs and could not be cancelled;
 *   `not_cancelled` when the server took the cancel and the batch runs on
 * @returns the batch, `cancelling` for up to ten minutes, or as it ended
 * @example
 * ```ts
 * import { BatchClient, cancelBatch, createBatch } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { batch } = await createBatch(client, {
 *   input: { fileId: (await client.files.create({ file: "requests.jsonl", purpose: "batch" })).id },
 *   endpoint: "/v1/chat/completions",
 * });
 * const { status } = await cancelBatch(client, batch.id);
 * console.log(["cancelling", "cancelled", "completed"].includes(status)); // true
 * ```
 */
async function cancelBatch(client, batchId, options = {}) {
    const { onEvent, ...call } = options;
    const batch = await cancelled(client, batchId, call);
    onEvent?.({ type: "cancelled", batch });
    return batch;
}
async function cancelled(client, batchId, call) {
    const soon = Math.min(call.deadline ?? Number.POSITIVE_INFINITY, client.clock.now() + timeToLook);
    // A batch that cannot be seen is cancelled all the same.
    const before = await lookAt(client, batchId, { ...call, deadline: soon });
    if (before !== undefined && isOver(before))
        return before;
    let shown;
    try {
        shown = await client.batches.cancel(batchId, call);
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        // Servers refuse the cancel of a batch that has ended with 409 (OpenAI, llama-stack) or 400, and some
        // that of one which is about to end (aibrix).
        const after = await lookAfter(client, batchId, call, (batch) => batch !== undefined && isAboutToEnd(batch));
        if (after !== undefined && isOver(after))
            return after;
        throw error;
    }
    if (isOver(shown))
        return shown;
    const after = (await lookAfter(client, batchId, call, () => true)) ?? shown;
    if (isOver(after))
        return after;
    throw new errors/* APIError */.LG(`POST /batches/${batchId}/cancel was answered with success, but the batch is ${after.status}. Look at it again in a while; it may be running and billed.`, { code: "not_cancelled", outcomeUnknown: false });
}
/** Whether nothing is left to be cancelled. */
function isOver(batch) {
    return decideCancel(batch).decision === "leave";
}
/** The batch as it is after a cancel: looked at for some seconds, until it is over or nothing more is to be expected. */
async function lookAfter(client, batchId, call, mayChange) {
    let last;
    for (const pause of latePauses) {
        await sleepWithin(client, pause, call);
        last = (await lookAt(client, batchId, call)) ?? last;
        if ((last !== undefined && isOver(last)) || !mayChange(last))
            break;
    }
    return last;
}
/**
 * Cancels every one of several batches, a few at a time and at the server's pace, also after one could
 * not be; a deadline ends the tries.
 *
 * @throws the signal's reason when it aborts, and what `onEvent` throws, once every other cancel has gone out
 */
async function cancelBatches(client, batchIds, options) {
    const { why, onEvent, ...call } = options;
    const maxRetries = call.deadline === undefined ? call.maxRetries : persistence;
    const batches = [];
    const failures = new Map();
    if (batchIds.length > 0)
        onEvent?.({ type: "cancelling", ids: batchIds, why });
    const cancelOne = async (id, index) => {
        if (index > 0 && index < atOnce) {
            await client.clock.sleep(Math.random() * spread, call.signal);
        }
        const batch = await cancelled(client, id, { ...call, maxRetries }).catch((error) => {
            call.signal?.throwIfAborted();
            if (!(error instanceof Error))
                throw error;
            failures.set(id, error);
            onEvent?.({ type: "cancel-failed", batchId: id, error });
            return undefined;
        });
        if (batch === undefined)
            return;
        batches.push(batch);
        onEvent?.({ type: "cancelled", batch });
    };
    try {
        await (0,p_map/* default */.Ay)(batchIds, cancelOne, { concurrency: atOnce, stopOnError: false });
    }
    catch (error) {
        throw error instanceof AggregateError ? error.errors[0] : error;
    }
    return { batches, failures };
}

// EXTERNAL MODULE: ./lib/batch/create/key.js
var key = __webpack_require__(750);
;// CONCATENATED MODULE: ./lib/batch/create/identity.js

/** Whether a batch was made by this very create, whatever has become of it. */
function isOwnCreation(batch, identity) {
    const { creationId, inputFileId, earlier = [] } = identity;
    const id = batch.metadata?.[key/* creationName */.ZV];
    if (id !== undefined)
        return id === creationId;
    return !earlier.includes(batch.id) && inputFileId !== undefined && mayBeOf(batch, inputFileId);
}
/** Whether nothing but its input file tells whose a batch is: the server keeps no metadata. */
function mayBeOf({ metadata, input_file_id }, inputFileId) {
    return Object.keys(metadata ?? {}).length === 0 && input_file_id === inputFileId;
}
/** Whether a batch was created with a key. */
function hasKey({ metadata }, key) {
    return metadata?.[keyName] === key;
}

;// CONCATENATED MODULE: ./lib/action/cancellation/post.js





/** The post step's moment: cancels at the server's pace until the deadline; gives what was cancelled. */
async function cancelInPost({ client, toolkit, deadline, onEvent }, ids, why) {
    const { batches, failures } = await cancelBatches(client, ids, { deadline, why, onEvent });
    for (const [id, error] of failures) {
        toolkit.warning(`${id} could not be cancelled and may be running and billed. Cancel it with \`operation: cancel\`. ${(0,errors/* messageOf */.bD)(error)}`);
    }
    return batches;
}
/**
 * Looks for the batches of a create as long as main does; what was not found may still be there.
 *
 * @param known ids of the batches that main knew: where the list shows no metadata, one of another create
 *   may be of the same file
 */
async function findLost({ client, toolkit, deadline }, creation, known = []) {
    const { keep, sent = 1, creationId, since } = creation;
    const extra = keep !== undefined;
    const identity = { ...creation, earlier: known.filter((id) => id !== keep) };
    const looked = await lookForBatches(client, (batch) => isOwnCreation(batch, identity), {
        since,
        deadline,
        count: sent,
    });
    const found = looked.state === "found" ? looked.found : [];
    if (found.length < sent) {
        toolkit.warning(`${unseenOf(looked, sent)} Look for one with the metadata creation_id ${creationId}.`);
    }
    const open = found.filter((batch) => batch.id !== keep && decideCancel(batch).decision === "cancel");
    return { ids: open.map(({ id }) => id), extra };
}
/** What is not known after a look that showed fewer batches than creates were sent. */
function unseenOf(looked, sent) {
    if (looked.state === "found") {
        const shown = looked.found.map(({ id }) => id).join(", ");
        return `A create was sent ${sent} times because its answer was lost. The list of batches shows ${shown}; whether another batch of it runs is not known.`;
    }
    const why = looked.state === "absent" ? "the list of batches does not show it" : looked.why;
    return `A create was cut off, and whether a batch of it runs is not known: ${why}.`;
}

;// CONCATENATED MODULE: ./lib/action/github/started-run.js

/** So often a dispatch is sent in all, as long as it is not known whether a run has started. */
const maxTries = 3;
/**
 * The rule: when in doubt, dispatch again. A second run for the same batches waits beside the first
 * and does no harm; without any run nobody waits for them.
 *
 * @param tries how often the dispatch has been sent
 */
function decideDispatch(known, tries) {
    switch (known.state) {
        case "started":
            return { decision: "done", why: `a run goes on with the batches: ${known.run?.url ?? ""}` };
        case "not-started":
            return { decision: "give-up", why: known.why };
        case "unknown":
            return { decision: tries < maxTries ? "dispatch-again" : "give-up", why: known.why };
    }
}
/** What a failed dispatch leaves open. */
function knownByFailure({ message, outcomeUnknown }) {
    return { state: outcomeUnknown ? "unknown" : "not-started", why: message };
}
/** Milliseconds between looks for a run that was just started; the list lags. */
const looks = [0, 2_000, 4_000, 8_000];
/** How far GitHub's clock may be behind ours, in milliseconds. */
const gitHubClockSkew = 60_000;
/** The greatest id of the runs that are there before a dispatch, this one's siblings in a matrix too. */
async function newestRun(api, target, { since, own }, call) {
    const runs = await api.dispatchedRuns(target, since - gitHubClockSkew, call);
    return Math.max(Number(own ?? 0), ...runs.map(({ id }) => id));
}
/**
 * Looks for the run of a lost dispatch. GitHub's list tells no inputs, so a new run may be a
 * sibling's: only one whose title names the batches (by the workflow's `run-name`) is known to be
 * ours. No such run proves nothing either, because the list lags.
 *
 * @throws the signal's reason when it aborts
 */
async function lookForRun(api, { target, ids, since, after }, { clock, ...call }) {
    let others = 0;
    try {
        for (const pause of looks) {
            await clock.sleep(pause, call.signal);
            const runs = await api.dispatchedRuns(target, since - gitHubClockSkew, call);
            const started = runs.filter(({ id }) => id > after);
            const run = started.find(({ title }) => namesAll(title, ids));
            if (run !== undefined)
                return { state: "started", run };
            others = started.length;
        }
    }
    catch (error) {
        if (!(error instanceof errors/* APIError */.LG))
            throw error;
        return { state: "unknown", why: error.message };
    }
    return {
        state: "unknown",
        why: others === 0
            ? `GitHub shows no new run of ${target.file}, which may be late.`
            : `GitHub shows new runs of ${target.file}, but not for which batches they were started; \`run-name\` with \`\${{ inputs.batch-id }}\` would tell.`,
    };
}
/** Whether a title names each of these batches as a word of its own, not within a longer id. */
function namesAll(title, ids) {
    const words = new Set(title.split(/[\s,;:()[\]"'`]+/));
    return ids.length > 0 && ids.every((id) => words.has(id));
}

;// CONCATENATED MODULE: ./lib/action/cancellation/taken-over.js

/** Milliseconds that the look for a run may take: what is left has to be cancelled. */
const taken_over_timeToLook = 20_000;
/**
 * The batches of a hand-over that was cut off, if the run that goes on with them did start. Where
 * that cannot be found out they count as ours: a run whose batch is cancelled says so, and a batch
 * that nobody waits for would not.
 */
async function takenOver({ client, toolkit }, handOver, { api, target, own }) {
    if (handOver?.done !== false || api === undefined || "problem" in target)
        return [];
    const { clock } = client;
    const { ids, since } = handOver;
    const after = Math.max(handOver.after, Number(own ?? 0));
    const call = { clock, deadline: clock.now() + taken_over_timeToLook };
    const known = await lookForRun(api, { target, ids, since, after }, call);
    if (known.state === "started") {
        toolkit.info(`Left to ${known.run?.url ?? "a run"}, which was started for them: ${ids.join(", ")}.`);
        return ids;
    }
    toolkit.warning(`Whether a run was started to go on with ${ids.join(", ")} could not be found out. ${known.why}`);
    return [];
}

;// CONCATENATED MODULE: ./lib/api/auth.js

function keyBearer(apiKey) {
    if (typeof apiKey !== "function") {
        const keys = apiKey === undefined ? [] : [apiKey];
        return { token: () => Promise.resolve(apiKey), secrets: () => keys };
    }
    const keys = new Set();
    return {
        async token() {
            // What a caller without types may give.
            const key = await apiKey();
            if (typeof key !== "string" || key === "")
                throw noKey();
            keys.add(key);
            return key;
        },
        secrets: () => [...keys],
    };
}
function noKey() {
    return new errors/* APIError */.LG("The function `apiKey` gave no key, so nothing was sent. Have it give one.", {
        code: "missing_credential",
        outcomeUnknown: false,
    });
}
/** Names of headers that carry a credential of their own: Azure's `api-key`, `x-portkey-api-key`, `x-litellm-api-key`, … */
const credentialHeader = /^(.+-)?(authorization|api-key)$/i;
/** Whether these headers authenticate a request without an API key. */
function hasCredential(headers) {
    return credentialsOf(headers).length > 0;
}
/** The values of these headers that are credentials. */
function credentialsOf(headers) {
    return Object.entries(headers)
        .filter(([name]) => credentialHeader.test(name))
        .map(([, value]) => value);
}
/** Whether one of these headers would stand in the place of the bearer token. */
function replacesBearer(headers) {
    return Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
}
/** What no header value may hold. */
const unsendable = /[^\t\x20-\x7e\x80-\xff]/;
/** Shorter texts are no secrets, and taking them out would garble messages. */
const shortestSecret = 8;
/** What of a header's value may be secret: all of it, and of `Bearer …` the token, which may show up alone. */
function secretsOf(headerValue) {
    return [headerValue, headerValue.split(/\s+/).at(-1) ?? headerValue];
}
/** A function that takes the given secrets out of a text. */
function redactor(secrets) {
    return (text) => secrets()
        .filter((secret) => secret.length >= shortestSecret)
        .reduce((clean, secret) => clean.replaceAll(secret, "***"), text);
}

;// CONCATENATED MODULE: ./lib/api/base-url.js

const defaultBaseURL = "https://api.openai.com/v1";
const defaultTokenURL = "https://auth.openai.com/oauth/token";
/**
 * Whether a base URL is that of OpenAI's own server, whose limits and pages are known: `api.openai.com`, or the host of a region
 * such as `eu.api.openai.com`.
 *
 * @see https://platform.openai.com/docs/guides/your-data#data-residency-controls
 */
function isOpenAI(baseURL) {
    if (!URL.canParse(baseURL))
        return false;
    const { protocol, hostname, port } = new URL(baseURL);
    return protocol === "https:" && port === "" && /^(?:[a-z]{2}\.)?api\.openai\.com$/.test(hostname);
}
/** Checks a base URL: `https`, or `http` to this machine only, so that no key crosses a network in the clear. */
function checkedBaseURL(text) {
    const url = checkedURL(text, {
        name: "base URL",
        example: defaultBaseURL,
        secret: "key",
        code: "invalid_base_url",
    });
    return url.href.replace(/\/+$/, "");
}
/** Checks the URL of a token exchange by the same rule. */
function checkedTokenURL(text) {
    return checkedURL(text, {
        name: "URL of the token exchange",
        example: defaultTokenURL,
        secret: "token",
        code: "invalid_token_url",
    });
}
function checkedURL(text, { name, example, secret, code }) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const bad = (why) => new errors/* APIError */.LG(`The ${name} ${why}. It looks like ${example}.`, { code });
    // What cannot be read as a URL may hold a password anywhere.
    if (url === undefined)
        throw bad("is no URL");
    if (url.username !== "" || url.password !== "") {
        throw bad("holds a user name or password; use an API key or headers instead");
    }
    if (url.search !== "" || url.hash !== "")
        throw bad("must have no query and no fragment");
    if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) {
        return url;
    }
    throw bad(url.protocol === "http:"
        ? `'${text}' would send the ${secret} in the clear: plain http is for a loopback host only`
        : `'${text}' must begin with https://`);
}
function isLoopback(hostname) {
    return (hostname === "localhost" ||
        hostname.endsWith(".localhost") ||
        hostname === "[::1]" ||
        /^127\.\d+\.\d+\.\d+$/.test(hostname));
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./lib/api/foreign-text.js

/** Control characters, and those that reorder or hide text. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
const longestMessage = 1000;
/** A text of the server as one line that does nothing to a log, cut where it is long. */
function plainText(text, longest = longestMessage) {
    return (0,external_node_util_.stripVTControlCharacters)(text.slice(0, 10 * longest))
        .replace(/\s+/g, " ")
        .replace(invisible, "")
        .trim()
        .slice(0, longest);
}
function kindOf(body) {
    const start = body.slice(0, 1000).trimStart().toLowerCase();
    if (start === "")
        return "nothing";
    const isXml = /^<(?:\?xml|error|fault|exception)\b/.test(start);
    if (isXml && !start.includes("<html"))
        return "an XML document";
    return start.startsWith("<") ? "a web page (HTML)" : "text";
}
const longestTitle = 100;
/** The title of a web page, where it is short. */
function titleOf(page) {
    const [, title = ""] = /<title[^>]*>([^<]*)<\/title>/i.exec(page.slice(0, 10_000)) ?? [];
    const text = plainText(title);
    return text === "" || text.length > longestTitle ? undefined : text;
}
/** The code and message of an error of a storage service (S3, Azure), which speaks XML. */
function xmlError(document) {
    const field = (name) => new RegExp(`<((?:\\w+:)?(?:${name}))[^>]*>([^<]*)</\\1>`, "i").exec(document.slice(0, 10_000))?.[2] || undefined;
    return { code: field("code|faultcode"), message: field("message|faultstring|reason") };
}

// EXTERNAL MODULE: ./lib/api/json.js
var json = __webpack_require__(6192);
;// CONCATENATED MODULE: ./lib/api/batch-errors.js


/** Fields in which servers say why a batch failed, beside `errors` and `error`. */
const reasons = ["failure_reason", "fail_reason", "error_message", "status_message"];
/**
 * The problems of a batch in OpenAI's shape: `errors` as a list, an object with `data`, one error or
 * a text, or an object that names a problem by line or field; `error`; and of a failed batch the
 * fields that say why.
 */
function batchErrors(batch, failed) {
    const places = ["errors", "error", ...(failed ? reasons : [])];
    for (const place of places) {
        const data = errorsIn(batch[place]);
        if (data.length > 0)
            return { object: "list", data: [...data] };
    }
    return undefined;
}
function errorsIn(value) {
    if (typeof value === "string") {
        const message = plainText(value);
        return message === "" ? [] : [{ message }];
    }
    if (Array.isArray(value))
        return value.flatMap(errorsIn);
    if (!(0,json/* isFields */.Ce)(value))
        return [];
    const list = value["data"] ?? value["errors"] ?? value["error"];
    if (Array.isArray(list) || (0,json/* isFields */.Ce)(list))
        return errorsIn(list);
    const error = errorOf(value);
    if (Object.keys(error).length > 0)
        return [error];
    // `{"line 3": "…"}`, `{"3": {message: …}}`
    return Object.entries(value).flatMap(([place, inner]) => errorsIn(inner).map((problem) => ({ param: place, ...problem })));
}
function errorOf(fields) {
    const code = textOf(fields["code"]) ?? textOf(fields["type"]);
    const message = textOf(fields["message"]) ?? textOf(fields["msg"]) ?? textOf(fields["detail"]);
    const param = textOf(fields["param"]);
    const line = lineOf(fields["line"] ?? fields["line_number"]);
    return {
        ...(code === undefined ? {} : { code }),
        ...(message === undefined ? {} : { message }),
        ...(param === undefined ? {} : { param }),
        ...(line === undefined ? {} : { line }),
    };
}
function textOf(value) {
    if (typeof value === "number")
        return String(value);
    return typeof value === "string" ? plainText(value) || undefined : undefined;
}
function lineOf(value) {
    const line = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof line === "number" && Number.isInteger(line) ? line : undefined;
}

;// CONCATENATED MODULE: ./lib/api/more-pages.js

/** Objects beside the entries in which servers speak of the other pages. */
const corners = ["pagination", "paging", "page_info", "pageInfo", "meta", "metadata", "links"];
const flags = /^has_?(?:more|next|next_?page)$/i;
const ways = /^(?:@odata\.)?next_?(?:page|page_?token|token|cursor|link|url|href)?$/i;
const totals = /^total(?:_?(?:count|items|entries))?$/i;
/**
 * Reads what a page says of more pages: OpenAI's `has_more` in any spelling, else the way to the next
 * page that other servers name (`next`, `next_page_token`, `nextLink`, …), and how many entries they count.
 */
function morePagesOf(page) {
    const places = [page, ...corners.map((name) => page[name]).filter(json/* isFields */.Ce)];
    const said = (names) => places
        .flatMap((place) => Object.entries(place))
        .filter(([name, value]) => names.test(name) && value !== null && value !== "")
        .map(([, value]) => value);
    const [flag] = said(flags);
    const way = said(ways).some((value) => isYes(value));
    const [total] = said(totals).map(Number).filter(Number.isSafeInteger);
    return { hasMore: flag === undefined ? way || undefined : isYes(flag), total };
}
/** What is no clear no is a yes: a list is not taken for whole because of a word that nobody knows. */
function isYes(value) {
    return !/^(?:false|no|none|null|0|)$/i.test(String(value).trim());
}

;// CONCATENATED MODULE: ./lib/api/status-words.js

const longestWord = 64;
/** The status of a batch whose server names none. */
const unstated = unlisted("unknown");
/** Words of other servers for the statuses of a batch. */
const words = {
    validating: [
        ...["accepted", "created", "initializing", "new", "pending", "preparing", "queued", "in_queue"],
        ...["queueing", "queuing", "scheduled", "scheduling", "submitted", "not_started", "waiting"],
    ],
    in_progress: ["active", "executing", "processing", "progress", "running", "started"],
    finalizing: ["finalising"],
    completed: [
        ...["complete", "done", "ended", "finished", "succeeded", "success", "successful"],
        ...["partial_success", "partially_completed", "partially_failed", "partially_succeeded"],
        ...["partial_failure", "partial_completion", "partially_complete", "partially_successful"],
    ],
    failed: [
        ...["crashed", "error", "errored", "fail", "failure", "invalid", "rejected"],
        ...["validation_error", "validation_failed", "failed_validation"],
    ],
    expired: ["timed_out", "timeout"],
    cancelling: [
        ...["aborting", "canceling", "cancel_pending", "cancel_requested", "cancellation_requested"],
        ...["pending_cancel", "pending_cancellation", "stopping", "terminating"],
    ],
    cancelled: [
        ...["aborted", "cancel", "canceled", "killed", "stopped", "terminated"],
        ...["cancelled_by_user", "canceled_by_user", "user_cancelled", "user_canceled"],
    ],
};
/** An end that has something to add: `CompletedWithErrors`, `finished_with_warnings`. */
const withRemarks = /^((?:complete|end|finish|succeed)e?d)with[a-z]+$/;
const statusOf = new Map(
// The keys of the table are its statuses.
Object.entries(words).flatMap(([status, others]) => [status, ...others].map((word) => [squeezed(word), status])));
/**
 * The status that a server's word stands for, whatever its capitals, hyphens, gaps and prefix
 * (`JOB_STATE_SUCCEEDED`, `PartiallyCompleted`). A word that nobody knows passes through, and no word
 * is `unknown`: both are reported, and taken for not final.
 */
function statusOfWord(word) {
    if (typeof word !== "string")
        return unstated;
    const plain = plainText(word, longestWord);
    const whole = squeezed(plain);
    const bare = whole.replace(/^(?:batch|job)?(?:state|status)|^(?:batch|job)/, "");
    const end = withRemarks.exec(bare)?.[1] ?? bare;
    const folded = plain.toLowerCase().replace(/[\s-]+/g, "_");
    return statusOf.get(whole) ?? statusOf.get(end) ?? (folded === "" ? unstated : unlisted(folded));
}
/** A word without what servers put between its parts. */
function squeezed(word) {
    return word.toLowerCase().replace(/[\s_-]+/g, "");
}
/** The type lists OpenAI's statuses only, so that it is the official package's; other servers have more. */
function unlisted(word) {
    return word;
}

;// CONCATENATED MODULE: ./lib/api/unwrap.js

const wrappers = ["job", "batch", "file", "data", "result"];
/** What stands under the wrappers of an answer (`{job}`, `{data}`, `{code, message, data}`); the answer itself where it has an id. */
function unwrap(answer) {
    if (!(0,json/* isFields */.Ce)(answer))
        return undefined;
    if (idOf(answer) !== undefined)
        return answer;
    for (const wrapper of wrappers) {
        const inner = answer[wrapper];
        if ((0,json/* isFields */.Ce)(inner) && idOf(inner) !== undefined)
            return inner;
    }
    return answer;
}
/** Whether an answer, or what it wraps, has an id. */
function hasId(answer) {
    const inner = unwrap(answer);
    return inner !== undefined && idOf(inner) !== undefined;
}
/** An id as a text: some servers number their batches. */
function idOf({ id }) {
    return idText(id);
}
/** An id, or `undefined` for what stands for none: `null`, `""`, and Python's and JavaScript's words for it. */
function idText(id) {
    if (typeof id === "number" && Number.isSafeInteger(id))
        return String(id);
    if (typeof id !== "string")
        return undefined;
    return /^(none|null|nil|undefined)?$/i.test(id.trim()) ? undefined : id;
}

;// CONCATENATED MODULE: ./lib/api/normalize.js





const times = [
    "in_progress_at",
    "expires_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
];
/** Ids that a batch has of other things; numbers become texts, and `"None"` is none. */
const ids = ["input_file_id", "output_file_id", "error_file_id"];
/**
 * Any compatible server's batch becomes one `Batch`: wrappers (`{job}`, `{data}`) are opened, other
 * servers' words for a status and other shapes of `errors` translated, ISO times turned into Unix
 * seconds, and `null`, `""` and ids that say `None` left out. Fields and statuses that we do not know
 * are kept as they are; a batch without a status has the status `unknown`.
 *
 * Returns `undefined` for an answer that holds no batch, which is one without an id.
 */
function normalizeBatch(answer) {
    const fields = unwrap(answer);
    const id = fields === undefined ? undefined : idOf(fields);
    if (fields === undefined || id === undefined)
        return undefined;
    const { created_at, metadata, errors, request_counts, usage, ...rest } = named(fields);
    const status = statusOfWord(rest["status"] ?? rest["state"]);
    const batch = {
        endpoint: "",
        input_file_id: "",
        completion_window: "",
        ...rest,
        ...replaced(rest, ids, idText),
        ...replaced(rest, times, seconds),
        id,
        object: "batch",
        status,
        created_at: seconds(created_at) ?? 0,
        metadata: (0,json/* isFields */.Ce)(metadata) ? textsOf(metadata) : undefined,
        errors: batchErrors({ ...rest, errors }, status === "failed"),
        request_counts: normalizeCounts(request_counts),
        usage: normalizeUsage(usage),
    };
    batch["input_file_id"] ??= "";
    // Every required field is set above; what else the server sent goes through untyped.
    return withoutEmpty(batch, [undefined]);
}
/** A list page in any of the shapes seen: `{data}`, `{data: {data}}`, `{value}` (older Azure), a bare array (Together). */
function normalizePage(answer) {
    if (Array.isArray(answer))
        return { items: answer, hasMore: undefined };
    if (!(0,json/* isFields */.Ce)(answer))
        return undefined;
    const wrapped = answer["data"] ?? answer["result"];
    if ((0,json/* isFields */.Ce)(wrapped)) {
        // What stands beside the wrapper may be the only word on more pages.
        return "data" in wrapped ? normalizePage({ ...answer, ...wrapped }) : undefined;
    }
    const items = "data" in answer ? answer["data"] : answer["value"];
    if (items !== null && !Array.isArray(items))
        return undefined;
    const lastId = idText(named(answer)["last_id"]);
    const { hasMore, total } = morePagesOf(answer);
    return {
        items: items ?? [],
        hasMore: hasMore ?? (items === null ? false : undefined),
        ...(total === undefined ? {} : { total }),
        ...(lastId === undefined ? {} : { lastId }),
    };
}
/** A file as any compatible server describes it; `undefined` for an answer without an id. */
function normalizeFile(answer) {
    const fields = unwrap(answer);
    const id = fields === undefined ? undefined : idOf(fields);
    if (fields === undefined || id === undefined)
        return undefined;
    const file = named(fields);
    const normalized = {
        filename: "",
        purpose: "batch",
        ...file,
        id,
        object: "file",
        bytes: count(file["bytes"]),
        created_at: seconds(file["created_at"]) ?? 0,
        expires_at: seconds(file["expires_at"]),
    };
    // As above: the required fields are set, the rest passes through.
    return withoutEmpty(normalized, [undefined]);
}
/** Fields that some servers write in camel case. */
const known = new Set([
    ...times,
    ...ids,
    "created_at",
    "completion_window",
    "request_counts",
    "last_id",
]);
/** Fields under OpenAI's names: `createdAt` is `created_at`; what is empty is left out. */
function named(fields) {
    const full = withoutEmpty(fields, [null, ""]);
    const renamed = Object.entries(full).map(([name, value]) => {
        const snake = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
        return [known.has(snake) && !(snake in full) ? snake : name, value];
    });
    return Object.fromEntries(renamed);
}
function withoutEmpty(fields, empty) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => !empty.includes(value)));
}
/** Those of the names that are there, each with what its value becomes. */
function replaced(fields, names, become) {
    return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, become(fields[name])]));
}
/** Unix seconds do not come so far for three thousand years; milliseconds came there in 1973. */
const noSeconds = 1e11;
function seconds(time) {
    if (typeof time === "number" && !Number.isFinite(time))
        return undefined;
    if (typeof time === "number")
        return time < noSeconds ? time : seconds(Math.floor(time / 1000));
    if (typeof time !== "string")
        return undefined;
    if (/^\d+(\.\d+)?$/.test(time))
        return seconds(Math.floor(Number(time)));
    const parsed = Date.parse(time) / 1000;
    return Number.isNaN(parsed) ? undefined : Math.floor(parsed);
}
/** A gateway that turns names into camel case does so in metadata too; the marks of a create must be found all the same. */
const ownNames = new Map([
    ["idempotencyKey", "idempotency_key"],
    ["creationId", "creation_id"],
    ["githubRepository", "github_repository"],
    ["githubRunId", "github_run_id"],
]);
function textsOf(metadata) {
    return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [
        ownNames.get(key) ?? key,
        typeof value === "string" ? value : JSON.stringify(value),
    ]));
}
function normalizeCounts(counts) {
    if (!(0,json/* isFields */.Ce)(counts))
        return undefined;
    return {
        total: count(counts["total"]),
        completed: count(counts["completed"]),
        failed: count(counts["failed"]),
    };
}
function normalizeUsage(usage) {
    if (!(0,json/* isFields */.Ce)(usage) || Object.keys(usage).length === 0)
        return undefined;
    const inputs = usage["input_tokens_details"];
    const outputs = usage["output_tokens_details"];
    return {
        input_tokens: count(usage["input_tokens"]),
        input_tokens_details: { cached_tokens: (0,json/* isFields */.Ce)(inputs) ? count(inputs["cached_tokens"]) : 0 },
        output_tokens: count(usage["output_tokens"]),
        output_tokens_details: {
            reasoning_tokens: (0,json/* isFields */.Ce)(outputs) ? count(outputs["reasoning_tokens"]) : 0,
        },
        total_tokens: count(usage["total_tokens"]),
    };
}
function count(value) {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : 0;
}

;// CONCATENATED MODULE: ./lib/api/wire.js

/** Whether the path of an id would lead to something else. */
function leadsElsewhere(id) {
    return id.split("/").some((segment) => ["", ".", ".."].includes(segment));
}
/** Some servers' ids hold a slash (`batches/…`) that they expect as it is; the rest is escaped once. */
function idPath(id) {
    if (leadsElsewhere(id)) {
        throw new errors/* APIError */.LG(`'${id}' is no id. Check where it comes from; an output of a step that did not run is empty.`, {
            code: "invalid_id",
            status: 400,
        });
    }
    return id.split("/").map(encodeURIComponent).join("/");
}
/** The error for an answer that is whole JSON, but not of what was asked for. */
function unknownShape(call, expected) {
    return new errors/* UnreadableAnswerError */.mP(`${call} was answered with JSON that holds no ${expected.replace(/^an? /, "")} we can read. ` +
        "Check that the base URL is that of an OpenAI-compatible Batch API.", { code: "unreadable_answer", success: true });
}

;// CONCATENATED MODULE: ./lib/api/page-data.js


/**
 * The page of a list that an answer holds. An entry that cannot be read is left out and counted.
 *
 * @throws {UnreadableAnswerError} for an answer that holds no list
 */
function pageOf({ call, expected, read }, answer) {
    const page = normalizePage(answer);
    if (page === undefined)
        throw unknownShape(call, expected);
    const data = page.items.map(read).filter((item) => item !== undefined);
    return {
        data,
        broken: page.items.length - data.length,
        hasMore: page.hasMore,
        total: page.total,
        lastId: page.lastId ?? data.at(-1)?.id,
    };
}

;// CONCATENATED MODULE: ./lib/api/batches.js






/** Milliseconds; a cancelled workflow has 7.5 seconds, and the cancel comes after the answer. */
const answerGrace = 3_000;
/**
 * `client.batches`: the four calls of the Batch API.
 *
 * Made by `BatchClient`. What the calls resolve to is one shape for every compatible server.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * for await (const batch of client.batches.list({ limit: 100 })) {
 *   if (batch.status === "in_progress") await client.batches.cancel(batch.id);
 * }
 * ```
 */
class Batches {
    #wire;
    constructor(wire) {
        this.#wire = wire;
    }
    /**
     * Creates a batch (`POST /batches`). The API has no idempotency key, so this call is repeated
     * only where the server has certainly done nothing: it refused with a transient 4xx, or could not
     * be reached. When the signal aborts while it is on the wire, it gets three more seconds for its
     * answer. `createBatch` builds on it what a create that cannot pay twice needs.
     *
     * @throws {UnknownOutcomeError} when the batch may exist although no answer says so
     * @throws {APIError} when the server refused
     */
    async create(body, options = {}) {
        const call = "POST /batches";
        const wire = { busy: false };
        try {
            return await this.#wire.retried({ ...options, call, retry: "refusals", grace: answerGrace }, async (signal) => {
                wire.busy = false;
                try {
                    const request = { method: "POST", path: "/batches", json: body, signal };
                    const onSend = () => {
                        // A token may have been waited for since; what is not on the wire yet stays here.
                        options.signal?.throwIfAborted();
                        wire.busy = true;
                    };
                    return batchOf(call, await this.#wire.transport.json({ ...request, onSend }));
                }
                catch (error) {
                    if (error instanceof errors/* APIError */.LG)
                        wire.busy = error.outcomeUnknown;
                    throw error;
                }
            });
        }
        catch (error) {
            // A deadline may have come while a token was waited for, with nothing on the wire.
            const known = error instanceof errors/* APIError */.LG && !(error instanceof errors/* DeadlineError */.j3);
            const unknown = known ? error.outcomeUnknown : wire.busy;
            throw unknown ? new errors/* UnknownOutcomeError */.rk(body.input_file_id, error) : error;
        }
    }
    /**
     * Reads a batch once (`GET /batches/{id}`).
     *
     * @throws {APIError} 404 for an id that the project does not have
     * @throws {UnreadableAnswerError} when no batch came, or another one: a cache in between mixes them up
     */
    async retrieve(batchId, options = {}) {
        const path = batchPath(batchId);
        const call = `GET ${path}`;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            const answer = await this.#wire.transport.json({ method: "GET", path, signal });
            const batch = batchOf(call, answer);
            if (batch.id !== batchId)
                throw otherBatch(call, batch.id);
            return batch;
        });
    }
    /**
     * Lists the organization's batches, newest first in practice (`GET /batches`). Awaited it is one
     * page; `for await` goes through all of them, and throws at the end of a list that is incomplete.
     *
     * @param query `after` is a batch's id, `limit` the size of a page, 1 to 100 (the API's default is 20)
     * @throws {APIError} when a page could not be read; a server without a list answers with 404; `list_incomplete`
     */
    list(query = {}, options = {}) {
        const call = "GET /batches";
        const { after, limit } = query;
        const fetch = async (cursor) => this.#wire.retried({ ...options, call }, async (signal) => pageOf({ call, expected: "a list of batches", read: normalizeBatch }, await this.#wire.transport.json({
            method: "GET",
            path: "/batches",
            query: { after: cursor, limit },
            signal,
        })));
        return paged({ call, after, fetch });
    }
    /**
     * Cancels a batch (`POST /batches/{id}/cancel`). It stays `cancelling` for up to ten minutes and
     * keeps the results it has by then. A finished batch is answered with a 409 error. Where a server
     * takes the cancel without showing the batch, the batch is read.
     *
     * @throws {APIError} 404 for an unknown id, 409 for a batch that has ended
     */
    async cancel(batchId, options = {}) {
        const path = `${batchPath(batchId)}/cancel`;
        const call = `POST ${path}`;
        const shown = await this.#wire.retried({ ...options, call, conflictIsFinal: true }, async (signal) => {
            try {
                const answer = await this.#wire.transport.json({ method: "POST", path, signal });
                const batch = normalizeBatch(answer);
                // Another batch than the one that was meant says nothing of it.
                return batch?.status === unstated || batch?.id !== batchId ? undefined : batch;
            }
            catch (error) {
                // A 2xx that holds no batch: the cancel was taken, and another one would say no more.
                if (error instanceof errors/* UnreadableAnswerError */.mP)
                    return undefined;
                throw error;
            }
        });
        return shown ?? this.retrieve(batchId, options);
    }
}
function batchPath(id) {
    return `/batches/${idPath(id)}`;
}
function batchOf(call, answer) {
    const batch = normalizeBatch(answer);
    if (batch === undefined)
        throw unknownShape(call, "a batch");
    return batch;
}
function otherBatch(call, id) {
    return new errors/* UnreadableAnswerError */.mP(`${call} was answered with another batch, ${id}. A cache or proxy in between may mix answers up.`, { code: "other_batch", success: true });
}

// EXTERNAL MODULE: ./lib/api/clock.js
var api_clock = __webpack_require__(1198);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
;// CONCATENATED MODULE: ./lib/api/content-encoding.js

// Not by name: older runtimes have no zstd, and would not load this module.


const decoders = new Map([
    ["gzip", external_node_zlib_.createGunzip],
    ["x-gzip", external_node_zlib_.createGunzip],
    ["deflate", external_node_zlib_.createInflate],
    ["br", external_node_zlib_.createBrotliDecompress],
    ["zstd", external_node_zlib_.createZstdDecompress],
]);
/** Names that stand for bytes as they are; S3 leaves its own in the headers of stored objects. */
const plain = new Set(["", "identity", "none", "aws-chunked"]);
/** The encodings of a body, in the order in which they were applied. */
function encodingsOf(headers) {
    return (headers["content-encoding"] ?? "")
        .split(",")
        .map((name) => name.trim().toLowerCase())
        .filter((name) => !plain.has(name));
}
/**
 * A body without its `content-encoding`, which storage behind an API sends although `identity` was
 * asked for. A body that is cut, on the wire or within its encoding, ends with an error.
 *
 * @throws {APIError} `unsupported_encoding`
 */
function decoded(body, headers, call) {
    const names = encodingsOf(headers).toReversed();
    const steps = names.map((name) => decoders.get(name)?.());
    const known = steps.filter((step) => step !== undefined);
    if (known.length < steps.length) {
        body.destroy();
        throw new errors/* APIError */.LG(`${call} was answered in an encoding that cannot be read (${names.join(", ")}). Ask the server's operator to send the file as it is.`, { code: "unsupported_encoding" });
    }
    // Each error destroys all, the last one too, from which its reader gets it.
    return known.reduce((from, step) => (0,external_node_stream_.pipeline)(from, step, () => undefined), body);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./lib/api/content-range.js
/** The header that asks for a range only of the version that we have the beginning of. */
function ifSame(version) {
    return version === undefined ? {} : { "if-range": version };
}
/** The name of a version; a weak tag may not be used with ranges (RFC 9110, 13.1.5). */
function strongTagOf({ etag }) {
    return etag?.startsWith('"') === true ? etag : undefined;
}
/** Where a part begins, and how long the whole is where the server knows it. */
function contentRangeOf(headers) {
    const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
    if (found === null)
        return undefined;
    return { start: Number(found[1]), total: found[2] === "*" ? undefined : Number(found[2]) };
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./lib/api/write-body.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});


/**
 * Writes a body to disk as it comes; gives the number of bytes. A chunk is written before the next one
 * is read: what waits in memory is no more than the stream holds.
 */
async function writeBody(body, { path, append, broken }) {
    let bytes = 0;
    let ofDisk = true;
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const file = __addDisposableResource(env_1, await (0,promises_.open)(path, append ? "a" : "w"), true);
            ofDisk = false;
            // got compares what came with the length that the server named, and fails on a difference.
            // No encoding is set, so that its chunks are buffers.
            for await (const chunk of body) {
                ofDisk = true;
                for (let at = 0; at < chunk.length;)
                    at += (0,external_node_fs_.writeSync)(file.fd, chunk, at);
                ofDisk = false;
                bytes += chunk.length;
            }
            ofDisk = true;
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    catch (error) {
        body.destroy();
        throw ofDisk ? error : broken(error);
    }
    return bytes;
}

;// CONCATENATED MODULE: ./lib/api/download.js







/**
 * Downloads to a temporary name beside `path` and renames it once every byte is there. What came
 * before a connection broke is kept, and the rest asked for (`Range`); a server that does not know
 * ranges sends all again.
 */
async function download(wire, from, path, options) {
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
    // Of its own length: the target's name may be as long as a name can be.
    const temporary = (0,external_node_path_.join)((0,external_node_path_.dirname)(path), `.${(0,external_node_crypto_.randomUUID)()}.partial`);
    const partial = new PartialFile(wire, from, temporary);
    try {
        const { bytes, measured } = await wire.retried({ ...options, call: partial.call }, async (signal) => partial.complete(signal, options.check));
        await (0,promises_.rename)(partial.path, path);
        return { path, bytes, complete: measured ? "length" : undefined };
    }
    catch (error) {
        await partial.discard();
        throw error;
    }
}
/** The beginning of a file on its way. */
class PartialFile {
    path;
    call;
    #wire;
    #from;
    /** The version of the file that the bytes belong to, where the server names it. */
    #version;
    constructor(wire, from, path) {
        this.#wire = wire;
        this.#from = from;
        this.path = path;
        this.call = `GET ${from}`;
    }
    async discard() {
        await (0,promises_.rm)(this.path, { force: true });
    }
    /** Fetches what is missing. */
    async complete(signal, check) {
        for (;;) {
            const have = await download_sizeOf(this.path);
            const fetched = await this.#fetchFrom(have, signal);
            const { bytes, total, measured, answer } = fetched;
            if (total === undefined || bytes >= total) {
                const problem = await check?.(this.path, measured);
                if (problem === undefined)
                    return fetched;
                await this.discard();
                throw this.#cutShort(problem, answer);
            }
            // A server may give less than it was asked for; as long as something comes it goes on.
            if (bytes <= have)
                throw this.#cutShort(`${bytes} of ${total} bytes came`, answer);
        }
    }
    async #fetchFrom(have, signal) {
        const request = {
            method: "GET",
            path: this.#from,
            signal,
            ...(have > 0 ? { headers: { range: `bytes=${have}-`, ...ifSame(this.#version) } } : {}),
        };
        const answer = await this.#wire.transport.open(request).catch(async (error) => {
            // What we have is no beginning of what is there now: all of it, on the next attempt.
            if (!(error instanceof errors/* APIError */.LG) || error.status !== 416)
                throw error;
            throw await this.#startAnew(have);
        });
        const goesOn = answer.status === 206;
        const range = contentRangeOf(answer.headers);
        if (goesOn && !this.#continues(answer, have, range?.start)) {
            answer.body.destroy();
            throw await this.#startAnew(have);
        }
        this.#version = strongTagOf(answer.headers);
        const written = await this.#write(answer, goesOn, (error) => this.#wire.transport.broken(request, answer, error));
        const total = goesOn ? range?.total : undefined;
        const bytes = (goesOn ? have : 0) + written;
        const measured = goesOn ? total === bytes : answer.headers["content-length"] !== undefined;
        return { answer, bytes, total, measured };
    }
    /** Whether a part is the one that was asked for, of the same version and not encoded: a range counts encoded bytes. */
    #continues(answer, have, start) {
        const tag = strongTagOf(answer.headers);
        const changed = this.#version !== undefined && tag !== undefined && tag !== this.#version;
        return start === have && !changed && encodingsOf(answer.headers).length === 0;
    }
    async #write(answer, goesOn, broken) {
        try {
            return await writeBody(answer.body, { path: this.path, append: goesOn, broken });
        }
        catch (error) {
            // Decoded bytes say nothing of where the encoded ones would go on.
            if (encodingsOf(answer.headers).length > 0)
                await this.discard();
            throw error;
        }
    }
    /** What we have is no beginning of what the server sends; the next attempt begins anew. */
    async #startAnew(have) {
        await this.discard();
        return new errors/* UnreadableAnswerError */.mP(`${this.call} cannot go on from byte ${have}.`, {
            code: "range_refused",
            success: false,
        });
    }
    #cutShort(why, { requestID }) {
        return new errors/* UnreadableAnswerError */.mP(`${this.call}: the file did not come whole: ${why}.`, {
            code: "cut_short",
            requestID,
            success: false,
        });
    }
}
async function download_sizeOf(path) {
    try {
        return (await (0,promises_.stat)(path)).size;
    }
    catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT")
            return 0;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/api/upload.js





const chunkBytes = 256 * 1024;
/**
 * A file on disk as an upload; nothing of it is held in memory.
 *
 * @param path the file
 * @param name what the server is told; the API takes batch input only under a `.jsonl` name, so it is added where it is missing
 * @throws the system's error (`ENOENT`, …) when the file cannot be read
 * @example
 * ```ts
 * import { BatchClient, fileSource } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const source = await fileSource("requests.jsonl", "nightly");
 * console.log(source.name); // nightly.jsonl
 * console.log((await client.files.create({ file: source, purpose: "batch" })).filename); // nightly.jsonl
 * ```
 */
async function fileSource(path, name = (0,external_node_path_.basename)(path)) {
    const { size } = await (0,promises_.stat)(path);
    return {
        name: name.endsWith(".jsonl") ? name : `${name}.jsonl`,
        size,
        // The size was promised in the header, so bytes that another process appends stay out.
        stream: () => size === 0
            ? external_node_stream_.Readable.from([])
            : (0,external_node_fs_.createReadStream)(path, { end: size - 1, highWaterMark: chunkBytes }),
    };
}
/**
 * The body of `POST /files`: the text fields before the file, as the API wants them.
 *
 * Written here and not by a package: `form-data-encoder` copies every chunk in slices of 64 KiB and
 * takes the wrong bytes of one that is a view into a larger buffer, and a `Blob` of the platform
 * cannot be made of ranges that are read as they are sent.
 */
function uploadBody(source, purpose, expiresAfter) {
    const boundary = `form-${(0,external_node_crypto_.randomUUID)()}`;
    const fields = [["purpose", purpose]];
    if (expiresAfter !== undefined) {
        fields.push(["expires_after[anchor]", expiresAfter.anchor], ["expires_after[seconds]", String(expiresAfter.seconds)]);
    }
    const open = (name, more = "") => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
    const head = Buffer.from(fields.map(([name, value]) => `${open(name)}${value}\r\n`).join("") +
        open("file", `; filename="${quoted(source.name)}"\r\nContent-Type: application/jsonl`));
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const body = async function* () {
        yield head;
        yield* exactly(source);
        yield tail;
    };
    return {
        headers: {
            "content-type": `multipart/form-data; boundary=${boundary}`,
            "content-length": String(head.length + source.size + tail.length),
        },
        stream: body(),
    };
}
/** A file name as the HTML standard writes it into a form. */
function quoted(name) {
    return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
/** The source's bytes, which must be as many as its size says: the server was promised that many. */
async function* exactly(source) {
    let bytes = 0;
    for await (const chunk of source.stream(true)) {
        bytes += chunk.length;
        if (bytes > source.size)
            break;
        yield chunk;
    }
    if (bytes !== source.size) {
        throw new Error(`${source.name} changed while it was uploaded: it had ${source.size} bytes and now has ${bytes > source.size ? "more" : bytes}. Upload it when it is finished.`);
    }
}

;// CONCATENATED MODULE: ./lib/api/uploadable.js



/**
 * The source of whatever a caller gave as a file.
 *
 * @throws {APIError} `invalid_file` when it is nothing that can be uploaded, or no longer
 * @throws the system's error when the file of a path cannot be read
 */
async function sourceOf(file) {
    const given = file;
    if (typeof given === "string")
        return fileSource(given);
    if (isSource(given))
        return given;
    if (isResponse(given))
        return responseSource(given);
    if (isFileStream(given))
        return fileSource(pathOf(given));
    throw invalid("`file` is nothing that can be uploaded.", 'Pass a path, `fs.createReadStream(path)`, the answer of a `fetch`, or `new File([text], "requests.jsonl")`.');
}
/** The path of a stream over a whole file; the stream itself is closed. */
function pathOf(stream) {
    const { start = 0, end = Infinity, bytesRead = 0 } = stream;
    // Whether the file can be read is found out, and told, by reading it at its path.
    stream.once?.("error", () => undefined);
    stream.destroy?.();
    if (start !== 0 || end !== Infinity) {
        throw invalid("The stream reads only a part of its file.", "Write the part to a file of its own, and pass its path.");
    }
    if (bytesRead !== 0) {
        throw invalid("The stream has been read from already.", "Pass the path, or a stream that nothing else reads.");
    }
    return String(stream.path);
}
async function responseSource(response) {
    const path = URL.canParse(response.url) ? new URL(response.url).pathname : "";
    const name = (0,external_node_path_.basename)(path) || "upload";
    let blob;
    try {
        blob = await response.blob();
    }
    catch (error) {
        throw invalid("The bytes of the response could not be read.", "Fetch it again, and pass a response whose body nothing else has read.", error);
    }
    return new File([blob], name.endsWith(".jsonl") ? name : `${name}.jsonl`);
}
function isSource(value) {
    return (has(value, "name", "string") && has(value, "size", "number") && has(value, "stream", "function"));
}
function isResponse(value) {
    return has(value, "url", "string") && has(value, "blob", "function");
}
function isFileStream(value) {
    if (typeof value !== "object" || value === null)
        return false;
    if (!(Symbol.asyncIterator in value) || !("path" in value))
        return false;
    return typeof value.path === "string" || Buffer.isBuffer(value.path);
}
function has(value, property, type) {
    if (typeof value !== "object" || value === null)
        return false;
    return typeof Reflect.get(value, property) === type;
}
function invalid(what, advice, cause) {
    return new errors/* APIError */.LG(`${what} ${advice}`, { code: "invalid_file", cause });
}

;// CONCATENATED MODULE: ./lib/api/files.js











/**
 * `client.files`: the input and result files of batches.
 *
 * Made by `BatchClient`. Sizes are bytes, times Unix seconds.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const file = await client.files.create({
 *   file: "requests.jsonl",
 *   purpose: "batch",
 *   expires_after: { anchor: "created_at", seconds: 86_400 },
 * });
 * const { bytes } = await client.files.download(file.id, "copy.jsonl");
 * console.log(bytes === file.bytes); // true
 * console.log((await client.files.delete(file.id)).deleted); // true
 * ```
 */
class Files {
    #wire;
    constructor(wire) {
        this.#wire = wire;
    }
    /**
     * Uploads a file (`POST /files`), streamed from disk; every retry reads it again from the start.
     *
     * @throws {APIError} when the server refused, 413 for a file that is too large; `invalid_file` when `file` cannot be uploaded
     * @throws the system's error when the file cannot be read
     */
    async create(params, options = {}) {
        const call = "POST /files";
        const source = await sourceOf(params.file);
        let answerLost = false;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            const found = answerLost ? await options.findLost?.() : undefined;
            if (found !== undefined)
                return found;
            const upload = uploadBody(source, params.purpose, params.expires_after);
            const request = { method: "POST", path: "/files", upload, signal };
            try {
                return fileOf(call, await this.#wire.transport.json(request));
            }
            catch (error) {
                answerLost ||= error instanceof errors/* APIError */.LG && error.outcomeUnknown;
                throw error;
            }
        });
    }
    /** Reads what is known of a file (`GET /files/{id}`). */
    async retrieve(fileId, options = {}) {
        const path = filePath(fileId);
        const call = `GET ${path}`;
        return this.#wire.retried({ ...options, call }, async (signal) => fileOf(call, await this.#wire.transport.json({ method: "GET", path, signal })));
    }
    /**
     * Lists files (`GET /files`). Awaited it is one page; `for await` goes through all of them, and
     * throws at the end of a list that is incomplete.
     */
    list(query = {}, options = {}) {
        const call = "GET /files";
        const { after, limit, order, purpose } = query;
        const fetch = async (cursor) => this.#wire.retried({ ...options, call }, async (signal) => pageOf({ call, expected: "a list of files", read: normalizeFile }, await this.#wire.transport.json({
            method: "GET",
            path: "/files",
            query: { after: cursor, limit, order, purpose },
            signal,
        })));
        return paged({ call, after, fetch });
    }
    /**
     * Opens a file's bytes (`GET /files/{id}/content`) as a web `Response`, as the official package
     * does: `await (await client.files.content(id)).text()`. The body is a stream; for a large file
     * that must come whole use `download`.
     */
    async content(fileId, options = {}) {
        const request = { method: "GET", path: `${filePath(fileId)}/content` };
        return this.#wire.retried({ ...options, call: `${request.method} ${request.path}` }, async (signal) => {
            const answer = await this.#wire.transport.open({ ...request, signal });
            const { transport } = this.#wire;
            const bytes = async function* () {
                try {
                    yield* answer.body;
                }
                catch (error) {
                    throw transport.broken(request, answer, error);
                }
            };
            const encoded = encodingsOf(answer.headers).length > 0;
            const headers = Object.entries(answer.headers).flatMap(([name, value]) => typeof value !== "string" || (encoded && ofEncoded.has(name))
                ? []
                : [[name, value]]);
            // Node's web stream is the one that fetch uses; its two type declarations differ.
            const body = external_node_stream_.Readable.toWeb(external_node_stream_.Readable.from(bytes(), { objectMode: false }));
            const empty = answer.status === 204 || answer.status === 205;
            return new Response(empty ? null : body, {
                status: answer.status,
                headers,
            });
        });
    }
    /**
     * Brings a file's bytes to disk, whole or not at all: a cut answer is gone on with or fetched
     * again, and the file appears under `path` only once its last byte is there. Folders are made.
     *
     * @throws {APIError} when the file is not there, or does not come whole after all retries
     */
    async download(fileId, path, options = {}) {
        return download(this.#wire, `${filePath(fileId)}/content`, path, options);
    }
    /** Deletes a file (`DELETE /files/{id}`). */
    async delete(fileId, options = {}) {
        const path = filePath(fileId);
        const call = `DELETE ${path}`;
        let answerLost = false;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            let answer;
            try {
                answer = await this.#wire.transport.json({ method: "DELETE", path, signal });
            }
            catch (error) {
                if (!(error instanceof errors/* APIError */.LG))
                    throw error;
                // A 2xx without JSON, as 204, says that it is done; a web page says nothing.
                if (error instanceof errors/* UnreadableAnswerError */.mP && !error.page)
                    return deleted(fileId, true);
                // What an earlier attempt has deleted is not there any more.
                if (!answerLost || error.status !== 404) {
                    answerLost ||= error.outcomeUnknown;
                    throw error;
                }
                answer = {};
            }
            return deleted(fileId, (0,json/* isFields */.Ce)(answer) && answer["deleted"] !== false);
        });
    }
}
/** Headers of the bytes on the wire, which those of a decoded body are not. */
const ofEncoded = new Set(["content-encoding", "content-length"]);
function deleted(id, done) {
    return { id, object: "file", deleted: done };
}
function filePath(id) {
    return `/files/${idPath(id)}`;
}
function fileOf(call, answer) {
    const file = normalizeFile(answer);
    if (file === undefined)
        throw unknownShape(call, "a file");
    return file;
}

;// CONCATENATED MODULE: ./lib/api/models.js


/**
 * `client.models`: whether a model is there.
 *
 * Made by `BatchClient`.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient();
 * const { id, shutdown_date } = await client.models.retrieve("gpt-6-luna");
 * console.log(id, shutdown_date); // gpt-6-luna undefined
 * ```
 */
class Models {
    #wire;
    constructor(wire) {
        this.#wire = wire;
    }
    /**
     * Reads what is known of a model (`GET /models/{model}`).
     *
     * @throws {APIError} 404 when the server knows no such model, or this key may not use it
     */
    async retrieve(model, options = {}) {
        const path = `/models/${idPath(model)}`;
        const call = `GET ${path}`;
        return this.#wire.retried({ ...options, call }, async (signal) => {
            const answer = await this.#wire.transport.json({ method: "GET", path, signal });
            const found = modelOf(answer);
            if (found === undefined)
                throw unknownShape(call, "a model");
            return found;
        });
    }
}
function modelOf(answer) {
    if (!(0,json/* isFields */.Ce)(answer) || typeof answer["id"] !== "string")
        return undefined;
    const { id, created, owned_by: owner, shutdown_date: shutdown } = answer;
    return {
        id,
        object: "model",
        ...(typeof created === "number" ? { created } : {}),
        ...(typeof owner === "string" ? { owned_by: owner } : {}),
        ...(typeof shutdown === "string" && shutdown !== "" ? { shutdown_date: shutdown } : {}),
    };
}

// EXTERNAL MODULE: ./lib/api/retry.js + 1 modules
var retry = __webpack_require__(1438);
// EXTERNAL MODULE: ./node_modules/got/dist/source/index.js + 40 modules
var source = __webpack_require__(1006);
// EXTERNAL MODULE: ./node_modules/got/dist/source/core/errors.js
var core_errors = __webpack_require__(3431);
// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: ./node_modules/hpagent/index.mjs
var hpagent = __webpack_require__(9611);
;// CONCATENATED MODULE: ./lib/api/proxy.js


const defaultPorts = { "http:": "80", "https:": "443" };
/**
 * The proxy through which a URL is called, by the variables `https_proxy`, `http_proxy` and
 * `no_proxy` in either case, as curl reads them. `undefined` for a direct call; a loopback server is
 * always called directly, since plain http through a proxy would show it the key.
 *
 * @throws {APIError} `invalid_proxy`; the message names the variable and never its value, which may hold a password
 */
function proxyFor(url, env) {
    if (isLoopback(url.hostname))
        return undefined;
    const name = `${url.protocol.slice(0, -1)}_proxy`;
    const { value, variable } = variableOf(env, name);
    if (value === "" || isExcepted(url, variableOf(env, "no_proxy").value))
        return undefined;
    return proxyURL(value, variable);
}
function variableOf(env, name) {
    const variable = [name, name.toUpperCase()].find((one) => env[one]?.trim()) ?? name;
    return { variable, value: env[variable]?.trim() ?? "" };
}
/**
 * Whether `no_proxy` lists a host: `*` stands for all, a name for itself and every host below it
 * (`corp.test`, `.corp.test` and `*.corp.test` alike), each with a port or without.
 */
function isExcepted({ hostname, port, protocol }, list) {
    const host = bare(hostname);
    const actualPort = port || defaultPorts[protocol];
    return list.split(/[,\s]+/).some((entry) => {
        if (entry === "*")
            return true;
        const [, name = "", onPort] = /^(.+?)(?::(\d+))?$/.exec(bracketed(entry)) ?? [];
        const domain = bare(name.replace(/^\*?\./, ""));
        if (domain === "" || (onPort !== undefined && onPort !== actualPort))
            return false;
        return host === domain || host.endsWith(`.${domain}`);
    });
}
/** In an IPv6 address without brackets the last colon is not that of a port. */
function bracketed(entry) {
    return /^[\da-f]*:[\da-f:.]*:[\da-f:.]*$/i.test(entry) ? `[${entry}]` : entry;
}
function bare(hostname) {
    return hostname.toLowerCase().replace(/^\[|\]$|\.$/g, "");
}
/** A proxy without a scheme speaks plain http, as for curl. */
function proxyURL(value, variable) {
    const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const usable = url !== undefined &&
        (url.protocol === "http:" || url.protocol === "https:") &&
        // A raw `#`, `/` or `?` of a password ends the host too early.
        url.hash === "" &&
        url.search === "" &&
        !url.pathname.includes("@") &&
        isDecodable(url.username) &&
        isDecodable(url.password);
    if (usable)
        return url;
    throw new errors/* APIError */.LG(`The proxy that the environment variable ${variable} names cannot be used. ` +
        "Write it as http://user:password@host:port, with each special character of the password percent-encoded (`#` as %23).", { code: "invalid_proxy" });
}
function isDecodable(text) {
    try {
        decodeURIComponent(text);
        return true;
    }
    catch (error) {
        if (error instanceof URIError)
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/api/agents.js




/**
 * The connections through which a URL is called; kept and shared by all calls that go the same way.
 *
 * Node's own `proxyEnv` is not used: some releases of Node 24 die of a proxy that refuses, its
 * `no_proxy` does not know domains, and other runtimes do not have it.
 *
 * @param timeout milliseconds; a proxy that says nothing holds a connection no longer
 */
function agentsByURL(timeout) {
    const byProxy = new Map();
    return (url) => {
        const proxy = proxyFor(url, process.env);
        const known = byProxy.get(proxy?.href ?? "");
        if (known !== undefined)
            return known;
        const agents = proxy === undefined ? direct() : through(proxy, timeout);
        byProxy.set(proxy?.href ?? "", agents);
        return agents;
    };
}
function direct() {
    return { http: new external_node_http_.Agent({ keepAlive: true }), https: new external_node_https_.Agent({ keepAlive: true }) };
}
function through(proxy, timeout) {
    const options = { keepAlive: true, proxy, timeout };
    return { http: new hpagent/* HttpProxyAgent */.sH(options), https: new hpagent/* HttpsProxyAgent */.bW(options) };
}

;// CONCATENATED MODULE: ./lib/api/answer-headers.js

/** The server's name for a call; Azure has a header of its own. */
function requestIdOf(headers) {
    const id = headers["x-request-id"] ?? headers["apim-request-id"];
    return Array.isArray(id) ? id[0] : id;
}
const longestName = 200;
/** The server's name for a call as messages and logs have it; a gateway may put anything into it. */
function nameOfCall(headers, redact) {
    const id = requestIdOf(headers);
    return id === undefined ? undefined : plainText(redact(id), longestName) || undefined;
}
/** The server's own word on another try. */
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

// EXTERNAL MODULE: ./lib/api/final-codes.js
var final_codes = __webpack_require__(4407);
;// CONCATENATED MODULE: ./lib/api/raw-error.js

/** Fields that hold the error itself. */
const places = ["error", "errors", "fault"];
const messages = [
    ...["message", "detail", "msg", "Message", "error_message", "errorMessage", "error_msg"],
    ...["messages", "faultstring", "description", "reason", "title"],
];
const codes = ["code", "error_code", "errorCode", "Code", "__type"];
const statuses = ["status", "status_code", "statusCode", "code"];
/** JSON in a text in JSON: more of that is nobody's error. */
const deepest = 4;
/** Reads an error of any shape; of what it does not know it reads nothing, for a server may repeat a request. */
function rawError(value, depth = 0) {
    if (depth > deepest)
        return {};
    if (typeof value === "string")
        return ofText(value, depth);
    if (Array.isArray(value))
        return ofList(value, depth);
    if (!(0,json/* isFields */.Ce)(value))
        return {};
    const place = places.find((name) => isThere(value[name]));
    const own = ownWords(value, depth);
    if (place === undefined)
        return own;
    const inner = value[place];
    // OAuth: the code under `error`, the words beside it.
    const description = raw_error_text(value, "error_description", depth) ?? raw_error_text(value, "message", depth);
    if (typeof inner === "string" && description !== undefined) {
        return { message: description, code: inner, status: own.status };
    }
    const error = place === "errors" && (0,json/* isFields */.Ce)(inner) ? ofFields(inner, depth) : rawError(inner, depth + 1);
    const { message = own.message, code = own.code, status = own.status } = error;
    return { ...error, message, code, status };
}
function ownWords(value, depth) {
    const inner = (0,json/* isFields */.Ce)(value["innererror"]) ? rawError(value["innererror"], depth + 1) : {};
    const message = firstOf(messages, (name) => raw_error_text(value, name, depth));
    const type = raw_error_text(value, "type", depth);
    const told = message === undefined ? inner : ofText(message, depth);
    return {
        message: told.message,
        code: firstOf(codes, (name) => raw_error_text(value, name, depth)) ?? told.code,
        type: type === "about:blank" ? undefined : (type ?? told.type),
        param: raw_error_text(value, "param", depth) ?? told.param,
        status: firstOf(statuses, (name) => raw_error_statusOf(value[name])) ?? told.status,
    };
}
/** A text that is JSON says what that says, where it says anything. */
function ofText(value, depth) {
    const parsed = /^\s*[[{"]/.test(value) ? (0,json/* parseJson */.qF)(value) : undefined;
    const inner = parsed === undefined ? {} : rawError(parsed.value, depth + 1);
    return inner.message === undefined ? { message: value } : inner;
}
/** The words of all, and the code of the first. */
function ofList(value, depth) {
    const errors = value.map((item) => rawError(item, depth + 1));
    const words = errors.flatMap(({ message = "" }) => (message === "" ? [] : [message]));
    return { ...errors[0], message: words.join("; ") || undefined };
}
/** `{message, …}`, or the words on each field: `{input_file_id: ["is too old"]}`. */
function ofFields(value, depth) {
    const own = rawError(value, depth + 1);
    if (own.message !== undefined)
        return own;
    const words = Object.keys(value).flatMap((name) => {
        const said = raw_error_text(value, name, depth);
        return said === undefined ? [] : [`${name}: ${said}`];
    });
    return { ...own, message: words.join("; ") || undefined };
}
function raw_error_text(fields, key, depth) {
    const value = fields[key];
    if (typeof value === "string" && value.trim() !== "")
        return value;
    if (typeof value === "number")
        return String(value);
    // `{detail: {message: …}}`, and FastAPI's list of problems; what it echoes of the request stays out.
    const isList = Array.isArray(value) || (key === "detail" && (0,json/* isFields */.Ce)(value));
    return isList ? rawError(value, depth + 1).message : undefined;
}
function raw_error_statusOf(value) {
    const status = Number(value ?? Number.NaN);
    return status >= 400 && status <= 599 ? status : undefined;
}
function isThere(value) {
    if (Array.isArray(value))
        return value.length > 0;
    return (0,json/* isFields */.Ce)(value) || (typeof value === "string" && value.trim() !== "");
}
function firstOf(names, read) {
    for (const name of names) {
        const value = read(name);
        if (value !== undefined)
            return value;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/api/error-fields.js



const longestCode = 200;
/**
 * Reads `{error: {…}}`, `{error: "…"}`, OAuth's `{error, error_description}`, FastAPI's `{detail: …}`,
 * RFC 9457's `{title, detail}`, `{code, message}`, `{errors: […]}`, lists of these, and JSON within a text.
 */
function errorFields(body, redact) {
    const { message, code, type, param, status } = rawError(body);
    const clean = (value, longest) => value === undefined ? undefined : plainText(redact(value), longest) || undefined;
    return {
        message: clean(message),
        code: clean(code ?? (0,final_codes/* finalCodeIn */.h)(message ?? ""), longestCode),
        type: clean(type, longestCode),
        param: clean(param, longestCode),
        status,
    };
}
/** Reads the error of a body that is no JSON; of a web page nothing. */
function errorFieldsOfText(body, redact) {
    const kind = kindOf(body);
    if (kind === "an XML document")
        return errorFields(xmlError(body), redact);
    // JSON that was cut may repeat a request.
    return kind === "text" && !/^\s*[[{"]/.test(body) ? errorFields(body, redact) : {};
}
/** A web page as messages call it, with its title where that is short. */
function pageNamed(body, redact) {
    const title = titleOf(redact(body));
    return `a web page (HTML)${title === undefined ? "" : ` titled "${title}"`}`;
}

;// CONCATENATED MODULE: ./lib/api/advice.js
/** What to do about an error code with which the API refuses a call. */
const byCode = new Map(Object.entries({
    insufficient_quota: "The account has no credit or has reached its budget; retrying does not help. Add credit or raise the limit in the billing settings, then run again.",
    credit_balance_exhausted: "The organization has no prepaid credit left; retrying does not help. Add credit in the billing settings, then run again.",
    organization_spend_limit_exceeded: "The organization's monthly spend limit is reached; retrying does not help. Raise it, or wait for the new month.",
    project_spend_limit_exceeded: "The project's monthly spend limit is reached; retrying does not help. Raise it, use another project, or wait for the new month.",
    organization_usage_limit_exceeded: "The organization has reached the usage that OpenAI allows it a month; retrying does not help. Ask for a higher limit.",
    billing_hard_limit_reached: "The project's budget is used up; retrying does not help. Raise it in the billing settings, then run again.",
    billing_not_active: "Set up billing for the account, then run again.",
    invalid_api_key: "Check that the key is whole, not revoked, and belongs to this server and project.",
    model_not_found: "Check the model's name, that it has not been shut down (https://developers.openai.com/api/docs/deprecations), and that the project may use it, also in batches.",
    incorrect_hostname: "The key's project keeps its data in a region, and is reached at that region's host only. Set the base URL to the host that the message names, such as https://us.api.openai.com/v1.",
    token_limit_exceeded: "Too many tokens are enqueued for this model. Wait for other batches to finish, or send fewer requests in one batch.",
    missing_required_parameter: "Give what the message names, and run again.",
    rate_limit_exceeded: "The server asks for fewer calls; run again later.",
    slow_down: "Calls came too fast for the server; run again later.",
    server_is_overloaded: "The server has no capacity left at the moment; run again later.",
}));
const byStatus = {
    400: "The server did not accept the request as it is; fix what it names and run again.",
    401: "Check the API key, and that it belongs to this server, organization and project.",
    403: "The key may not do this; give it the permission for files and batches, or use another project.",
    404: "Check the id and the base URL; an id is only known in the project that made it.",
    405: "Check the base URL; it usually ends in /v1.",
    409: "Look at its state. If something else changed it at the same time, run again; if it is a batch that has ended, there is nothing to cancel.",
    413: "The file is larger than the server takes; split it.",
    429: "The server asks for fewer calls; run again later.",
};
/**
 * What to do about an error code of a refused call, where it is one that we know.
 * @see https://platform.openai.com/docs/guides/error-codes
 */
function adviceForCode(code) {
    return code === undefined ? undefined : byCode.get(code);
}
/** What to do about an answer with this status, error code and message. */
const adviceFor = (status, code, said) => {
    const known = adviceForCode(code);
    if (known !== undefined)
        return known;
    // OpenAI gives no code with it: https://github.com/bespokelabsai/curator/issues/189
    if (said !== undefined && /\bfile storage quota\b/i.test(said)) {
        return "The organization's storage for files is full; retrying does not help. Delete files that are no longer needed, and let new ones expire.";
    }
    if (status >= 300 && status < 400) {
        return "Set the base URL to the address that the server redirects to.";
    }
    if (status === 501)
        return "The server does not offer this call; check the base URL.";
    if (status >= 500)
        return "The server has a problem; run again later.";
    if (status === 403 && said !== undefined) {
        return /\bmodels?\b/i.test(said)
            ? "Check the model's name, and that the project may use it and that it can be used in batches."
            : "If that is about the key, give it the permission for files and batches, or use another project.";
    }
    return byStatus[status] ?? "Fix what the server names and run again.";
};

;// CONCATENATED MODULE: ./lib/api/error-in-success.js




/**
 * What the body of a success says of an error: `{error: …}`, `{object: "error"}`, `{success: false}`,
 * `{detail: …}`, `{code, message}` and the like. `undefined` for a body that is none, as one that
 * holds an id: a batch that failed carries its own errors.
 */
function errorInSuccess(value, redact) {
    if (!(0,json/* isFields */.Ce)(value) || hasId(value))
        return undefined;
    return isErrorBody(value) ? errorFields(value, redact) : undefined;
}
/** Whether the body of a success is an error, by any of the signs that servers give. */
function isErrorBody(body) {
    if (isFull(body["error"]) || body["error"] === true || body["object"] === "error")
        return true;
    const flags = [body["success"], body["status"], body["ok"]];
    if (flags.includes(false) || /^(?:error|fail)$/i.test(String(body["status"])))
        return true;
    if (flags.includes(true) || isFull(body["data"]) || Array.isArray(body["data"]))
        return false;
    if (isFull(body["detail"]) || isFull(body["errors"]))
        return true;
    // RFC 9457: {title, status, detail}.
    if (typeof body["status"] === "number" && body["status"] >= 400)
        return true;
    return isErrorCode(body["code"]) && (isFull(body["message"]) || isFull(body["msg"]));
}
function isFull(value) {
    if (typeof value === "string")
        return value.trim() !== "";
    return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
/** A code that is no sign of success: 0, 200, 20000, `ok` are. */
function isErrorCode(code) {
    if (typeof code !== "string" && typeof code !== "number")
        return false;
    return !/^(0*|20\d+|ok|success|succeeded)$/i.test(String(code).trim());
}
const limitWords = /rate.?limit|too.?many|slow.?down/i;
const transientWords = /time.?out|timed.?out|overload|unavailable|internal|server.?error|busy|again|temporar/i;
const permanentWords = /invalid|bad.?request|unauthori[sz]ed|authenti|permission|forbidden|denied|not.?found|unsupported|validation|too.?large|conflict/i;
/**
 * What an error without a status means for the call: whether another try may help, and whether the
 * server has clearly refused. Without any word for its kind it may have happened after the deed.
 */
function severityOf({ code = "", type = "", message = "" }) {
    const kind = `${code} ${type}`;
    if (final_codes/* finalCodes */.F.has(code))
        return { transient: false, refused: true };
    if (limitWords.test(`${kind} ${message}`))
        return { transient: true, refused: true };
    if (transientWords.test(kind))
        return { transient: true, refused: false };
    if (permanentWords.test(kind))
        return { transient: false, refused: true };
    if (transientWords.test(message))
        return { transient: true, refused: false };
    return { transient: kind.trim() === "", refused: false };
}

;// CONCATENATED MODULE: ./lib/api/safe-headers.js
/** Cookies and credentials, and addresses, whose query may be one. */
const secret = /cookie|authoriz|authenticat|api-key|secret|signature|-token$|^token$|^(content-)?location$|^link$|^refresh$/;
/** An answer's headers as an error carries them: without what may be secret. */
function safeHeaders(headers, redact) {
    const safe = new Headers();
    for (const [name, value] of Object.entries(headers)) {
        if (value === undefined || secret.test(name))
            continue;
        for (const one of [value].flat())
            safe.append(name, redact(one));
    }
    return safe;
}

;// CONCATENATED MODULE: ./lib/api/refusal.js








const same = (text) => text;
/** The error that an answer with another status than a success stands for. */
function refusal(answer, reading) {
    const { redact = same, advise = adviceFor } = reading;
    const { call, status, body } = answer;
    const parsed = (0,json/* parseJson */.qF)(body);
    const page = parsed === undefined && kindOf(body) === "a web page (HTML)";
    const fields = parsed === undefined ? errorFieldsOfText(body, redact) : errorFields(parsed.value, redact);
    const named = [status, fields.code ?? fields.type].filter((part) => part !== undefined).join(" ");
    const what = page ? `${named} and ${pageNamed(body, redact)}` : named;
    const advice = page && (status === 401 || status === 403)
        ? "That is no answer of the API but of a gateway or proxy in front of it; check the base URL and the network, and run again."
        : advise(status, fields.code, fields.message);
    const details = detailsOf(answer, reading);
    return new errors/* APIError */.LG(`${call} was answered with ${what}${identified(details)}${said(fields)} ${advice}`, {
        ...details,
        ...wordsOf(fields),
        status,
        page,
        ...(isDoneAlready(status, fields) ? { outcomeUnknown: true } : {}),
    });
}
/** A conflict with what is there already: a proxy that has sent the same call twice made the first one. */
function isDoneAlready(status, { code, type, message }) {
    const words = [code, type, message].join(" ");
    return status === 409 && /\balready\b|duplicat|\bexists\b|idempoten/i.test(words);
}
/**
 * The error that stands in the body of a success, if there is one. Its status is the one that the
 * body names, else that of the answer.
 */
function refusalInSuccess(answer, value, reading) {
    const { redact = same, advise = adviceFor } = reading;
    const fields = errorInSuccess(value, redact);
    if (fields === undefined)
        return undefined;
    const details = { ...detailsOf(answer, reading), ...wordsOf(fields) };
    const known = [fields.status?.toString(), fields.code ?? fields.type];
    const named = [...new Set(known)].filter((part) => part !== undefined).join(" ");
    const what = named === "" ? "" : ` (${named})`;
    const text = (advice) => `${answer.call} was answered with ${answer.status}, but its body is an error${what}${identified(details)}${said(fields)} ${advice}`;
    if (fields.status !== undefined) {
        return new errors/* APIError */.LG(text(advise(fields.status, fields.code, fields.message)), {
            ...details,
            status: fields.status,
        });
    }
    const { transient, refused } = severityOf(fields);
    return new errors/* APIError */.LG(text(advise(transient ? 500 : 400, fields.code, fields.message)), {
        ...details,
        status: answer.status,
        shouldRetry: details.shouldRetry ?? transient,
        outcomeUnknown: !refused,
    });
}
function identified({ requestID }) {
    return requestID === undefined ? "" : ` (request id ${requestID})`;
}
/** What every error of an answer carries of it. */
function detailsOf(answer, { clock, redact = same }) {
    const { headers } = answer;
    return {
        requestID: nameOfCall(headers, redact),
        headers: safeHeaders(headers, redact),
        retryAfter: retryAfterOf(headers, clock),
        shouldRetry: shouldRetryOf(headers),
    };
}
function wordsOf({ code, type, param }) {
    return { code, type, param };
}
function said({ message }) {
    if (message === undefined)
        return ".";
    return /[.!?]$/.test(message) ? `: ${message}` : `: ${message}.`;
}

;// CONCATENATED MODULE: ./lib/api/answer.js





/**
 * The JSON of a success.
 *
 * @throws {APIError} for a status that is none, and for an error in the body of a success
 * @throws {UnreadableAnswerError} for a success that is not JSON
 */
function readAnswer(answer, reading) {
    if (!isSuccess(answer.status))
        throw refusal(answer, reading);
    const parsed = (0,json/* parseJson */.qF)(answer.body);
    if (parsed === undefined)
        throw unreadable(answer, reading);
    const error = refusalInSuccess(answer, parsed.value, reading);
    if (error !== undefined)
        throw error;
    return reading.redactValue === undefined ? parsed.value : reading.redactValue(parsed.value);
}
function isSuccess(status) {
    return status >= 200 && status <= 299;
}
function unreadable(answer, reading) {
    const { call, status, body } = answer;
    const kind = kindOf(body);
    const page = kind === "a web page (HTML)";
    const what = page
        ? pageNamed(body, reading.redact ?? ((text) => text))
        : kind === "text"
            ? "text that is no whole JSON"
            : kind;
    const details = detailsOf(answer, reading);
    const named = details.requestID === undefined ? "no request id" : `request id ${details.requestID}`;
    return new errors/* UnreadableAnswerError */.mP(`${call} was answered with ${status} and ${what} (${named}). ` +
        "Check that the base URL is the API's own address (it usually ends in /v1) and that no proxy answers in its place.", { ...details, code: "unreadable_answer", status, success: false, page });
}

;// CONCATENATED MODULE: ./lib/api/connection-error.js



/** What hpagent says of a proxy that opens no tunnel. */
const proxyRefused = /^Bad response: (\d+)$/;
/** The error for a request without a whole answer; the signal's reason where it was aborted. */
function connectionError(error, { request, timeout, redact, requestID }) {
    request.signal?.throwIfAborted();
    // The file could not be read: no fault of the network, and no retry changes it.
    if (error instanceof core_errors/* UploadError */.oW && error.cause instanceof Error)
        return error.cause;
    const call = `${request.method} ${request.path}`;
    const code = codeOf(error);
    const details = { code, requestID, sent: wasSent(error) };
    if (error instanceof core_errors/* TimeoutError */.MU) {
        return new errors/* APIConnectionTimeoutError */.qA(`${call} had no answer for ${timeout / 1000} s. Check the network and the base URL, or raise the request timeout.`, details);
    }
    const message = plainText(redact((0,errors/* messageOf */.bD)(error))).replace(proxyRefused, "the proxy said $1");
    // got's own error holds the request with its headers, so only what it stands for goes on.
    const cause = error instanceof core_errors/* RequestError */.GI ? error.cause : error;
    return new errors/* APIConnectionError */.xX(`${call} got no whole answer${answered(error, requestID)}: ${message} (${code}). ${connection_error_adviceFor(code)}`, { ...details, cause });
}
function connection_error_adviceFor(code) {
    // It is told before anything is sent, and no network has a part in it.
    return code === "ERR_INVALID_CHAR"
        ? "Check the key and the headers for line breaks and for characters that no header can hold."
        : "Check the network, the proxy settings and the base URL.";
}
/** The system's code of an error. */
function codeOf(error) {
    return error instanceof Error && "code" in error && typeof error.code === "string"
        ? error.code
        : "unknown";
}
function answered(error, requestID) {
    const status = error instanceof core_errors/* RequestError */.GI ? error.response?.statusCode : undefined;
    const known = [
        ...(status === undefined ? [] : [`status ${status}`]),
        ...(requestID === undefined ? [] : [`request id ${requestID}`]),
    ];
    return known.length === 0 ? "" : ` (${known.join(", ")})`;
}
/** Whether the whole request went out, so that the server may have acted on it. */
function wasSent(error) {
    return error instanceof core_errors/* RequestError */.GI && error.timings?.upload !== undefined;
}

;// CONCATENATED MODULE: ./lib/api/got-options.js


/** What another origin may be sent. */
const keptOnRedirect = new Set([
    "accept",
    "accept-encoding",
    "user-agent",
    "range",
    "if-range",
]);
/** A request in the words of got. */
async function gotOptions(request, settings) {
    const { baseURL, timeout, agentsFor } = settings;
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
        agent: agentsFor(new URL(baseURL)),
        ...(request.background === true ? { request: requestInBackground } : {}),
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
                    redirect(next, response.url, agentsFor);
                },
            ],
        },
    };
}
/** Another origin gets no credential, and may be reached another way. */
function redirect(next, from, agentsFor) {
    const to = new URL(String(next.url));
    if (to.origin === new URL(from).origin)
        return;
    next.agent = agentsFor(to);
    for (const name of Object.keys(next.headers)) {
        if (!keptOnRedirect.has(name))
            Reflect.deleteProperty(next.headers, name);
    }
}
/** A request whose connection does not keep the process alive. */
const requestInBackground = (url, options, onResponse) => {
    const send = url.protocol === "https:" ? external_node_https_.request : external_node_http_.request;
    return send(url, options, onResponse).on("socket", (socket) => {
        socket.unref();
    });
};

;// CONCATENATED MODULE: ./lib/api/transport.js








/**
 * HTTP on got, one request at a time: no retries here, and no meaning.
 *
 * @throws {APIError} `invalid_proxy` for a proxy of the environment that cannot be used
 */
function createTransport(settings) {
    const { timeout, redact } = settings;
    const agentsFor = agentsByURL(timeout);
    // A proxy that cannot be used is an error before anything is done.
    agentsFor(new URL(settings.baseURL));
    const wired = { ...settings, agentsFor };
    return {
        json: async (request) => sendForJson(request, wired),
        open: async (request) => sendForStream(request, wired),
        broken: (request, answer, error) => connectionError(error, { request, timeout, redact, requestID: answer.requestID }),
    };
}
async function sendForJson(request, settings) {
    const options = await gotOptions(request, settings);
    request.onSend?.();
    const done = tracked(request, settings);
    try {
        const { statusCode, headers, body } = await (0,source/* default */.Ay)(settings.baseURL + request.path, {
            ...options,
            responseType: "text",
        });
        done({ status: statusCode, requestID: nameOfCall(headers, settings.redact) });
        const answer = { call: nameOf(request), status: statusCode, headers, body };
        return readAnswer(answer, readingOf(settings));
    }
    catch (error) {
        if (!(error instanceof core_errors/* RequestError */.GI))
            throw error;
        const { response } = error;
        const requestID = response === undefined ? undefined : nameOfCall(response.headers, settings.redact);
        done({ code: error.code, requestID });
        throw connectionError(error, { ...settings, request, requestID });
    }
}
async function sendForStream(request, settings) {
    const options = await gotOptions(request, settings);
    request.onSend?.();
    const done = tracked(request, settings);
    const stream = source/* default */.Ay.stream(settings.baseURL + request.path, {
        ...options,
        // The length that the server names is the length on the wire; it is what got checks.
        headers: { "accept-encoding": "identity", ...options.headers, accept: "*/*" },
        decompress: false,
    });
    const head = await new Promise((resolve, reject) => {
        stream.once("response", resolve);
        stream.once("error", reject);
    }).catch((error) => {
        done({ code: codeOf(error) });
        throw connectionError(error, { ...settings, request });
    });
    const { statusCode: status, headers } = head;
    const requestID = nameOfCall(headers, settings.redact);
    done({ status, requestID });
    const call = nameOf(request);
    const body = decoded(stream, headers, call);
    if (isSuccess(status))
        return { status, headers, requestID, body };
    const answer = { call, status, headers, body: await startOf(body) };
    throw refusal(answer, readingOf(settings));
}
function nameOf({ method, path }) {
    return `${method} ${path}`;
}
function readingOf({ clock, redact, redactValue, advise }) {
    return { clock, redact, redactValue, advise };
}
/** Tells of a request once its end is known. */
function tracked({ method, path }, { clock, onCall }) {
    const started = clock.now();
    return ({ status, requestID, code }) => {
        const ms = clock.now() - started;
        onCall?.({ method, path, status, requestID, ms, ...(code === undefined ? {} : { code }) });
    };
}
/** The body of an error, as far as it is worth reading. */
async function startOf(stream) {
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
        if (!(error instanceof Error) || !("code" in error))
            throw error;
    }
    return Buffer.concat(chunks).toString("utf8");
}

;// CONCATENATED MODULE: ./lib/api/auth-errors.js

/**
 * No access token was given for the workload's own one. The call that needed it was not made.
 * Transient errors have been retried before, so nothing retries this.
 *
 * `status` and `code` are those of the exchange: 400, 401 and 403 are final.
 *
 * @example
 * ```ts
 * import { BatchClient, OAuthError } from "openai-batch-action";
 *
 * const client = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => Promise.resolve("a token of the workload") },
 *     tokenURL: "http://127.0.0.1:1/oauth/token", // where nobody listens
 *   },
 *   maxRetries: 0,
 * });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof OAuthError); // true
 * ```
 */
class OAuthError extends errors/* APIError */.LG {
    name = "OAuthError";
    constructor(message, details = {}) {
        super(message, { ...details, shouldRetry: false });
    }
    get outcomeUnknown() {
        return false;
    }
}
/**
 * The workload has no token of its own, so there was nothing to exchange.
 *
 * What `getToken` itself throws goes through as it is.
 *
 * @example
 * ```ts
 * import { BatchClient, SubjectTokenProviderError } from "openai-batch-action";
 *
 * const client = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => Promise.resolve("") },
 *   },
 *   maxRetries: 0,
 * });
 * const error = await client.batches.retrieve("batch_1").catch((error: unknown) => error);
 * console.log(error instanceof SubjectTokenProviderError); // true
 * ```
 */
class SubjectTokenProviderError extends OAuthError {
    name = "SubjectTokenProviderError";
}
/** The code of an error that says that the workload may not ask for an identity any longer. */
const identityExpired = "identity_expired";

;// CONCATENATED MODULE: ./lib/api/exchange.js








const subjectTokenTypes = {
    jwt: "urn:ietf:params:oauth:token-type:jwt",
    id: "urn:ietf:params:oauth:token-type:id_token",
};
/** Seconds. */
const defaultLifetime = 3_600;
const defaultRefreshBuffer = 1_200;
const refusals = new Set([400, 401, 403]);
/**
 * OpenAI's exchange of a workload's token for an access token (RFC 8693), as the reference of
 * workload identity federation has it.
 *
 * @throws {APIError} `invalid_token_url`
 */
function tokenExchange(identity, settings) {
    const { clock, timeout, onCall } = settings;
    const url = checkedTokenURL(identity.tokenURL ?? defaultTokenURL);
    const path = url.pathname;
    const secrets = new Set();
    const transport = createTransport({
        baseURL: url.origin,
        timeout,
        clock,
        redact: redactor(() => [...secrets]),
        headers: () => Promise.resolve({ "user-agent": "openai-batch-action" }),
        advise,
        onCall,
    });
    const keep = (secret) => {
        if (secrets.has(secret))
            return;
        secrets.add(secret);
        settings.onSecret?.(secret);
    };
    const send = async (signal, background) => {
        const subjectToken = await identity.provider.getToken({ signal, background });
        if (typeof subjectToken !== "string" || subjectToken.trim() === "")
            throw noSubjectToken();
        keep(subjectToken);
        // The token's life is counted from here, since it may have been made this early.
        const sentAt = clock.now();
        const json = requestOf(identity, subjectToken);
        try {
            const call = { method: "POST", path, json, signal, background };
            const fields = tokenFields(url, await transport.json(call));
            keep(fields.token);
            return accessToken(url, fields, { sentAt, buffer: identity.refreshBufferSeconds });
        }
        catch (error) {
            // Final, whatever the server's `x-should-retry` says.
            throw isRefusal(error) ? failed(url, error) : error;
        }
    };
    const exchange = async (signal, background) => {
        const call = { call: `POST ${path}`, signal, ...(background ? { maxRetries: 0 } : {}) };
        try {
            return await (0,retry/* withRetries */.LH)(async (ending) => send(ending, background), call, settings);
        }
        catch (error) {
            throw failed(url, error);
        }
    };
    return {
        exchange: async (signal) => exchange(signal, false),
        exchangeInBackground: async (signal) => exchange(signal, true),
        secrets: () => [...secrets],
    };
}
function requestOf({ clientId, identityProviderId, serviceAccountId, provider }, subjectToken) {
    return {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: subjectToken,
        subject_token_type: subjectTokenTypes[provider.tokenType],
        identity_provider_id: identityProviderId,
        service_account_id: serviceAccountId,
        ...(clientId === undefined ? {} : { client_id: clientId }),
    };
}
function tokenFields(url, answer) {
    const fields = (0,json/* isFields */.Ce)(answer) ? answer : {};
    const token = fields["access_token"];
    const seconds = Number(fields["expires_in"] ?? defaultLifetime);
    if (typeof token !== "string" || token.trim() === "" || !(seconds > 0)) {
        throw exchange_unreadable(url, "no `access_token`, or one without a life that we can read");
    }
    return { token, seconds };
}
function accessToken(url, { token, seconds }, { sentAt, buffer = defaultRefreshBuffer, }) {
    if (unsendable.test(token) || token.trim() !== token) {
        throw exchange_unreadable(url, "a token that no header can hold");
    }
    const expiresAt = sentAt + seconds * 1000;
    return { token, expiresAt, refreshAt: expiresAt - Math.min(buffer, seconds / 2) * 1000 };
}
function exchange_unreadable(url, what) {
    return new OAuthError(`The token exchange at ${url.href} was answered with ${what}. Check that this is the URL of OpenAI's token exchange.`, { code: "unreadable_answer" });
}
function failed(url, error) {
    if (!(error instanceof errors/* APIError */.LG) || error instanceof OAuthError)
        return error;
    const { status, code, type, requestID } = error;
    return new OAuthError(`The token exchange at ${url.href} failed. ${error.message}`, {
        status,
        code,
        type,
        requestID,
        cause: error,
    });
}
function isRefusal(error) {
    return error instanceof errors/* APIError */.LG && refusals.has(error.status ?? 0);
}
function noSubjectToken() {
    return new SubjectTokenProviderError("The provider of the workload's own token gave none, so there is nothing to exchange. Check what its `getToken` returns.", { code: "no_subject_token" });
}
function advise(status, code) {
    if (refusals.has(status)) {
        return ("Check the ids of the identity provider and of the service account, that the provider's audience is the token's, " +
            "and that the account's mapping fits this workload (on GitHub its repository, branch or environment).");
    }
    if (status >= 300 && status < 500 && status !== 408 && status !== 429) {
        return `Check the URL of the token exchange; OpenAI's is ${defaultTokenURL}.`;
    }
    return adviceFor(status, code);
}

;// CONCATENATED MODULE: ./lib/api/shared.js
/**
 * One call for all who want its result at the same time. Each waits as long as its own signal
 * lets it; the call itself is aborted when nobody waits any more.
 */
function shared(start) {
    let running;
    const begin = () => {
        const controller = new AbortController();
        const call = {
            controller,
            waiting: 0,
            result: start(controller.signal).finally(() => {
                if (running === call)
                    running = undefined;
            }),
        };
        return call;
    };
    return async (signal) => {
        signal?.throwIfAborted();
        const call = (running ??= begin());
        call.waiting += 1;
        try {
            return await unlessAborted(call.result, signal);
        }
        finally {
            call.waiting -= 1;
            if (call.waiting === 0) {
                if (running === call)
                    running = undefined;
                call.controller.abort();
            }
        }
    };
}
async function unlessAborted(result, signal) {
    if (signal === undefined)
        return result;
    const aborted = Promise.withResolvers();
    const abort = () => {
        aborted.reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    try {
        return await Promise.race([result, aborted.promise]);
    }
    finally {
        signal.removeEventListener("abort", abort);
    }
}

;// CONCATENATED MODULE: ./lib/api/workload.js




/** Milliseconds between renewals that fail while the token at hand is still good. */
const renewalPause = 30_000;
/**
 * Keeps the access token that a workload's own one was exchanged for until it is time for the
 * next. Clients may share one.
 *
 * From 20 minutes before its end, or its half life, a token is renewed beside the calls, which go
 * on with it meanwhile; a renewal that fails does no harm as long as it is good, and one that is
 * still under way does not keep the process alive.
 *
 * A client that is given a `workloadIdentity` makes one; it is `client.workloadIdentity`.
 *
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 * import { readFile } from "node:fs/promises";
 *
 * const first = new BatchClient({
 *   workloadIdentity: {
 *     identityProviderId: "idp_123",
 *     serviceAccountId: "sa_456",
 *     provider: { tokenType: "jwt", getToken: () => readFile("token.txt", "utf8") },
 *     tokenURL: process.env.OPENAI_TOKEN_URL, // defaults to OpenAI's own
 *   },
 * });
 * const second = new BatchClient({ workloadIdentity: first.workloadIdentity, project: "proj_1" });
 * for await (const batch of first.batches.list()) console.error(batch.id);
 * for await (const batch of second.batches.list()) console.error(batch.id); // the same token
 * ```
 */
class WorkloadIdentityAuth {
    #settings;
    #tokens;
    #exchanged;
    #cached;
    #renewing = false;
    /** @throws {APIError} `invalid_token_url` */
    constructor(identity, settings) {
        this.#settings = settings;
        this.#tokens = tokenExchange(identity, settings);
        this.#exchanged = shared(async (signal) => this.#keep(await this.#tokens.exchange(signal)));
    }
    /** What a client's requests get their token from. */
    get bearer() {
        return {
            token: (signal) => this.getToken({ signal }),
            secrets: () => this.#tokens.secrets(),
        };
    }
    /** The access token at hand, if it is still good. */
    get cachedToken() {
        const cached = this.#cached;
        return cached !== undefined && this.#settings.clock.now() < cached.expiresAt
            ? cached.token
            : undefined;
    }
    /**
     * A good access token: the one at hand, or one that is exchanged now, once for all who ask.
     *
     * @throws {OAuthError} when the exchange is refused (400, 401, 403), or fails more often than is tried
     * @throws {SubjectTokenProviderError} when the workload has no token of its own
     * @throws the signal's reason when it aborts
     */
    async getToken({ signal } = {}) {
        const token = this.cachedToken;
        if (token === undefined)
            return (await this.#exchanged(signal)).token;
        void this.#renewInTime(signal);
        return token;
    }
    /** Forgets the token at hand, or the given one should it still be at hand. */
    invalidateToken(token = this.#cached?.token) {
        if (this.#cached?.token === token)
            this.#cached = undefined;
    }
    /**
     * The attempt of a call that the server refuses with 401 although its token should be good is
     * made once more with a new one: the token may have been revoked. A refusal has done nothing, so
     * that holds for calls that cost money too.
     */
    renewingOnce(attempt) {
        let renewed = false;
        return async (signal) => {
            const held = this.cachedToken;
            try {
                return await attempt(signal);
            }
            catch (error) {
                if (renewed || held === undefined || !isRefusedToken(error))
                    throw error;
                renewed = true;
                this.invalidateToken(held);
                return attempt(signal);
            }
        };
    }
    async #renewInTime(signal) {
        const cached = this.#cached;
        const { clock } = this.#settings;
        if (cached === undefined || clock.now() < cached.refreshAt || this.#renewing)
            return;
        this.#renewing = true;
        try {
            this.#keep(await this.#tokens.exchangeInBackground(signal));
        }
        catch {
            // The token at hand is good for a while; a later call tries again, and tells once it is not.
            if (this.#cached === cached) {
                this.#cached = { ...cached, refreshAt: clock.now() + renewalPause };
            }
        }
        finally {
            this.#renewing = false;
        }
    }
    #keep(token) {
        this.#cached = token;
        return token;
    }
}
function isRefusedToken(error) {
    return error instanceof errors/* APIError */.LG && error.status === 401 && !(error instanceof OAuthError);
}

;// CONCATENATED MODULE: ./lib/api/client.js











/**
 * A client of the Batch and Files API of OpenAI or of a server that speaks it.
 *
 * The key, the base URL and the headers are checked here; nothing is called before a method is. Every call is
 * sent again after 408, 409, 429, 5xx and network faults, as the server's `retry-after` and `x-should-retry`
 * say, up to the call's `deadline`; only the create of a batch is more careful.
 * The proxy of the environment is used (`https_proxy`, `no_proxy`).
 *
 * @throws {APIError} `missing_credential` when there is neither a key, a workload's identity nor a header that stands for one;
 * `conflicting_credentials`; `invalid_base_url`; `invalid_token_url`; `invalid_proxy`
 * @example
 * ```ts
 * import { BatchClient } from "openai-batch-action";
 *
 * const client = new BatchClient({ timeout: 30_000, maxRetries: 8 }); // OPENAI_API_KEY, OPENAI_BASE_URL
 * const file = await client.files.create({ file: "requests.jsonl", purpose: "batch" });
 * const batch = await client.batches.create({
 *   input_file_id: file.id,
 *   endpoint: "/v1/chat/completions",
 *   completion_window: "24h",
 * });
 * console.log((await client.batches.retrieve(batch.id)).input_file_id === file.id); // true
 * ```
 */
class BatchClient {
    /** The calls of `/batches`. */
    batches;
    /** The calls of `/files`. */
    files;
    /** The calls of `/models`. */
    models;
    /** Without a trailing slash. */
    baseURL;
    /** The clock that the client's pauses and deadlines go by. */
    clock;
    /** Tries after the first, for calls that do not say otherwise. */
    maxRetries;
    /** Organization that the calls count for; `undefined` where none was given. */
    organization;
    /** Project that the calls count for; `undefined` where none was given. */
    project;
    /** The exchanged token, where there is one; another client may take it as its own. */
    workloadIdentity;
    constructor(options = {}) {
        const headers = { ...options.defaultHeaders };
        const apiKey = keyOf(options, headers);
        this.baseURL = checkedBaseURL(options.baseURL ?? client_valueOf("OPENAI_BASE_URL") ?? defaultBaseURL);
        this.clock = options.clock ?? api_clock/* systemClock */.m;
        this.maxRetries = options.maxRetries ?? 5;
        this.organization = givenOr("OPENAI_ORG_ID", options.organization);
        this.project = givenOr("OPENAI_PROJECT_ID", options.project);
        const { clock, maxRetries, organization, project } = this;
        const { random = Math.random, timeout = 60_000 } = options;
        const { maxRetryAfter, onRetry, onCall, onSecret } = options;
        const retrySettings = { clock, random, maxRetries, maxRetryAfter, onRetry };
        const workload = workloadOf(options, { ...retrySettings, timeout, onCall, onSecret });
        this.workloadIdentity = workload;
        const bearer = workload?.bearer ?? keyBearer(apiKey);
        const createOwn = () => createTransport({
            baseURL: this.baseURL,
            timeout,
            clock,
            onCall,
            ...redactors(bearer, headers),
            headers: async (signal) => {
                const token = await bearer.token(signal);
                return {
                    "user-agent": "openai-batch-action",
                    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
                    ...(organization === undefined ? {} : { "openai-organization": organization }),
                    ...(project === undefined ? {} : { "openai-project": project }),
                    ...lowerCased(headers),
                };
            },
        });
        const wire = {
            transport: options.transport ?? createOwn(),
            retried: (call, attempt) => (0,retry/* withRetries */.LH)(workload?.renewingOnce(attempt) ?? attempt, call, retrySettings),
        };
        this.batches = new Batches(wire);
        this.files = new Files(wire);
        this.models = new Models(wire);
    }
}
/**
 * What takes secrets out of the server's words, and out of the values of its successes. From those only
 * credentials: a common word in another header would be taken out of metadata and names too.
 */
function redactors(bearer, headers) {
    const redactCredentials = redactor(() => [
        ...bearer.secrets(),
        ...credentialsOf(headers).flatMap(secretsOf),
    ]);
    return {
        redact: redactor(() => [...bearer.secrets(), ...Object.values(headers).flatMap(secretsOf)]),
        redactValue: (value) => (0,json/* withTexts */.j8)(value, redactCredentials),
    };
}
/** A variable without the spaces and the line break that a pasted one may have; `undefined` for none. */
function client_valueOf(variable) {
    return process.env[variable]?.trim() || undefined;
}
/** What was given, else the variable; `undefined` for none. */
function givenOr(variable, given) {
    return (given === undefined ? client_valueOf(variable) : given) || undefined;
}
/** @throws {APIError} when there is no credential, or more than one */
function keyOf({ apiKey, workloadIdentity }, headers) {
    if (workloadIdentity !== undefined) {
        if (!apiKey && !replacesBearer(headers))
            return undefined;
        throw new errors/* APIError */.LG("`workloadIdentity` stands in the place of a key. Pass it alone, without `apiKey` and without an `Authorization` header.", { code: "conflicting_credentials" });
    }
    const key = apiKey || client_valueOf("OPENAI_API_KEY");
    if (key === undefined && !hasCredential(headers)) {
        throw new errors/* APIError */.LG("There is no API key. Pass `apiKey` or `workloadIdentity`, set OPENAI_API_KEY, or give a credential header.", { code: "missing_credential" });
    }
    return key;
}
function workloadOf({ workloadIdentity }, settings) {
    return workloadIdentity === undefined || workloadIdentity instanceof WorkloadIdentityAuth
        ? workloadIdentity
        : new WorkloadIdentityAuth(workloadIdentity, settings);
}
/** Header names in one case, so that a caller's `Authorization` replaces ours. */
function lowerCased(headers) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

;// CONCATENATED MODULE: ./lib/action/inputs/identity.js




/** What OpenAI's guide sets for the identity provider, and the official package asks for where it has a default. */
const defaultAudience = "https://api.openai.com/v1";
/** The inputs of an identity; `undefined` where none is given. */
function readIdentity(fields, env, problem) {
    const identityProviderId = fields.text("identity-provider-id");
    const serviceAccountId = fields.text("service-account-id");
    const audience = fields.text("identity-audience");
    const tokenURL = fields.text("identity-token-url") ?? defaultTokenURL;
    if (identityProviderId === undefined && serviceAccountId === undefined) {
        if (audience !== undefined) {
            problem("`identity-audience` needs `identity-provider-id` and `service-account-id` too.");
        }
        return undefined;
    }
    if (identityProviderId === undefined || serviceAccountId === undefined) {
        const [given, missing] = identityProviderId === undefined
            ? ["service-account-id", "identity-provider-id"]
            : ["identity-provider-id", "service-account-id"];
        problem(`\`${given}\` is given without \`${missing}\`; a workflow without a key needs both.`);
    }
    try {
        checkedTokenURL(tokenURL);
    }
    catch (error) {
        problem(`\`identity-token-url\`: ${(0,errors/* messageOf */.bD)(error)}`);
    }
    const url = env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
    const token = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
    if (!URL.canParse(url) || token === "") {
        problem("The job may not ask for GitHub's OIDC token. Give it `permissions:` with `id-token: write`, beside the others that it needs (`contents: read` for actions/checkout). Workflows of pull requests from forks cannot have it.");
    }
    return {
        identityProviderId: identityProviderId ?? "",
        serviceAccountId: serviceAccountId ?? "",
        tokenURL,
        oidc: { url, token, audience: audience ?? defaultAudience },
    };
}
/** Milliseconds from a job's start to the end of its right to ask for an identity. */
const lifeOfRight = (/* unused pure expression or super */ null && (6 * 3_600_000));
/**
 * Milliseconds since the epoch at which the right to ask for a token ends, as the right itself says
 * (it is a JSON Web Token); `undefined` where it does not.
 */
function endOfRight(token) {
    const [, payload = ""] = token.split(".");
    try {
        const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
        const end = (0,json/* isFields */.Ce)(claims) ? claims["exp"] : undefined;
        return typeof end === "number" ? end * 1000 : undefined;
    }
    catch {
        // Not a token of this form: nothing is known.
        return undefined;
    }
}
/** What is to be said of a wait that is longer than the workflow has an identity. */
function identity_identityWarnings(identity, { timeout, onTimeout }, now = Date.now()) {
    if (identity === undefined)
        return [];
    const end = endOfRight(identity.oidc.token);
    const left = end === undefined ? lifeOfRight : Math.max(0, end - now);
    if (timeout <= left)
        return [];
    const then = onTimeout === "dispatch"
        ? "the batches are handed over to another run then"
        : "the wait fails soon after that, with its batches still running. Give `timeout` less, and go on in another run with `on-timeout: dispatch`";
    return [
        `\`timeout\` is ${formatDuration(timeout)}, but this job may ask GitHub for its identity for ${end === undefined ? "about six hours from its start" : `${formatDuration(left)} more`} only; ${then}.`,
    ];
}

;// CONCATENATED MODULE: ./lib/action/oidc.js









/** The service answers within one or two seconds, or not at all. */
const attemptTimeout = 10_000;
const maxRetries = 3;
/**
 * GitHub's OIDC token of this job, asked for as the toolkit's `getIDToken` does it. That one waits
 * three minutes for a silent service, cannot be ended by a signal, and keeps the process alive
 * meanwhile; here an attempt has ten seconds, and a transient failure three more tries.
 *
 * @throws {SubjectTokenProviderError} (from `getToken`) when GitHub gives none; with the code
 * `identity_expired` when the job may no longer ask
 */
function githubTokenProvider({ url, token, audience }, { clock, random = Math.random, timeout = attemptTimeout, onCall, onRetry }) {
    const { origin, pathname, searchParams } = new URL(url);
    const transport = createTransport({
        baseURL: origin,
        timeout,
        clock,
        redact: redactor(() => [token]),
        headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
        advise: oidc_advise,
        onCall,
    });
    const query = { ...Object.fromEntries(searchParams), audience };
    const call = `GET ${pathname}`;
    const ends = endOfRight(token);
    let given = false;
    // Nothing that was wrong from the start explains the refusal of what was granted before.
    const hasEnded = () => given || (ends !== undefined && clock.now() >= ends);
    const ask = async (signal, background) => {
        const request = { method: "GET", path: pathname, query, signal, background };
        const answer = await transport.json(request);
        const value = (0,json/* isFields */.Ce)(answer) ? answer["value"] : undefined;
        if (typeof value === "string" && value !== "") {
            given = true;
            return value;
        }
        throw new SubjectTokenProviderError("GitHub answered the request for an OIDC token without one. Run again; if it stays so, look at githubstatus.com.", { code: "no_subject_token" });
    };
    return {
        tokenType: "jwt",
        async getToken({ signal, background = false } = {}) {
            const retries = { clock, random, maxRetries: background ? 0 : maxRetries, onRetry };
            try {
                return await (0,retry/* withRetries */.LH)(async (end) => ask(end, background), { call, signal }, retries);
            }
            catch (error) {
                if (!(error instanceof errors/* APIError */.LG) || error instanceof SubjectTokenProviderError)
                    throw error;
                const { status, code } = error;
                if (oidc_isRefusal(status) && hasEnded())
                    throw expired(error);
                throw new SubjectTokenProviderError(`GitHub gave no OIDC token. ${error.message}`, {
                    status,
                    code,
                    cause: error,
                });
            }
        },
    };
}
function expired(cause) {
    return new SubjectTokenProviderError("The job may no longer ask GitHub for its identity: that right ends about six hours after the job's start. Give `timeout` less than that, and go on in another run with `on-timeout: dispatch`.", { status: cause.status, code: identityExpired, cause });
}
function oidc_isRefusal(status) {
    return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}
function oidc_advise(status, code) {
    return oidc_isRefusal(status)
        ? "Check that the job has `permissions:` with `id-token: write`, and that `identity-audience` is one that GitHub takes. The right to ask ends about six hours after the job began."
        : adviceFor(status, code);
}

;// CONCATENATED MODULE: ./lib/action/secrets.js


/** GitHub drops every job output that holds a masked text, so short ones must stay unmasked. */
const secrets_shortestSecret = 8;
/**
 * Masks every secret that the inputs may hold, before anything else is read or said. The values are
 * taken from the raw text, so that a mistake elsewhere in it cannot leave one unmasked.
 */
function maskSecrets(toolkit, env) {
    const secrets = new Set();
    const keys = [
        toolkit.getInput("api-key"),
        env["OPENAI_API_KEY"] ?? "",
        env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "",
        toolkit.getInput("github-token"),
    ];
    for (const key of keys)
        secrets.add(key.trim());
    for (const [name, value] of headersOf(toolkit.getInput("headers"))) {
        if (!mayBeSecret(name, value))
            continue;
        for (const secret of secretsOf(value))
            secrets.add(secret);
    }
    for (const secret of secrets)
        maskSecret(toolkit, secret);
}
/** Masks one secret that came to be known later, as a token that was exchanged. */
function maskSecret(toolkit, secret) {
    if (secret.length >= secrets_shortestSecret)
        toolkit.setSecret(secret);
}
const secretNames = /auth|key|token|secret|cookie|passw|credential|signature/i;
const schemes = /^(bearer|basic|token|apikey)\s/i;
/** Characters of a value, and of a run of letters and digits in it, from which on it may be a key. */
const shortestKey = 16;
const shortestRun = 8;
/**
 * Whether the value of a header may be a secret: its header's name says so, or it looks like a key,
 * which is 16 or more characters with letters and digits mixed in one run. A word, a version, a media
 * type, an address or a name with a number behind it (`production`, `2024-10-21-preview`,
 * `https://gateway1.example.com/v1`) is none: masking it would garble the log, and GitHub drops every
 * job output that holds it.
 */
function mayBeSecret(name, value) {
    // Without a name the line is broken, and may be a key that was pasted in its place.
    if (name === "" || secretNames.test(name) || schemes.test(value))
        return true;
    return value.length >= shortestKey && value.split(/[^A-Za-z\d]+/).some(isMixed);
}
/** Whether letters and digits are mixed as no word mixes them. */
function isMixed(run) {
    const isNumbered = /^[A-Za-z]*\d{0,3}$/.test(run) || /^\d*$/.test(run);
    return run.length >= shortestRun && !isNumbered;
}
/** Names and values as they stand in the text, and as they are read from it. */
function headersOf(text) {
    if (!text.trim().startsWith("{")) {
        return text.split(/\r?\n/).map((line) => {
            const at = line.indexOf(":");
            return [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()];
        });
    }
    // The text may be broken JSON.
    const pairs = text.matchAll(/(?:"((?:[^"\\]|\\.)*)"\s*)?:\s*"((?:[^"\\]|\\.)*)"/g);
    const raw = [...pairs].map(([, name = "", value = ""]) => [name, value]);
    return [...raw, ...parsedHeaders(text)];
}
function parsedHeaders(text) {
    try {
        const headers = JSON.parse(text);
        if (!(0,json/* isFields */.Ce)(headers))
            return [];
        return Object.entries(headers).map(([name, value]) => [name, String(value)]);
    }
    catch {
        return [];
    }
}

;// CONCATENATED MODULE: ./lib/action/client.js







/**
 * The client for the user's connection; retries are told in the log, every call with RUNNER_DEBUG.
 *
 * @param other an earlier client of the same connection, whose exchanged token this one goes on with
 */
function createClient(connection, toolkit, other, clock = api_clock/* systemClock */.m) {
    const events = eventsFor(toolkit);
    return new BatchClient({
        ...events,
        apiKey: connection.apiKey ?? (hasNoCredential(connection) ? client_noKey : undefined),
        workloadIdentity: other?.workloadIdentity ?? identityOf(connection, { ...events, clock }),
        baseURL: connection.baseURL,
        organization: connection.organization,
        project: connection.project,
        defaultHeaders: connection.headers,
        timeout: connection.requestTimeout,
        maxRetries: connection.maxRetries,
        maxRetryAfter: connection.maxRetryAfter,
        clock,
    });
}
/** Only an operation that calls nothing goes without any. */
function hasNoCredential({ apiKey, identity, headers }) {
    return apiKey === undefined && identity === undefined && !hasCredential(headers);
}
function client_noKey() {
    const error = new errors/* APIError */.LG("There is no API key, so nothing can be called.", {
        code: "missing_credential",
    });
    return Promise.reject(error);
}
function identityOf({ identity }, settings) {
    if (identity === undefined)
        return undefined;
    const { oidc, ...ids } = identity;
    return { ...ids, provider: githubTokenProvider(oidc, settings) };
}
function eventsFor(toolkit) {
    return {
        onSecret(secret) {
            maskSecret(toolkit, secret);
        },
        onCall({ method, path, status, requestID, ms, code }) {
            toolkit.debug([method, path, status ?? code ?? "no answer", `${Math.round(ms)} ms`, requestID ?? ""]
                .join(" ")
                .trim());
        },
        onRetry({ call, attempt, delay, error }) {
            const why = error.status ?? error.code ?? error.name;
            toolkit.info(`${call}: attempt ${attempt} failed (${why}); trying again in ${(0,format/* formatDuration */.a3)(delay)}.`);
        },
    };
}

// EXTERNAL MODULE: ./lib/action/github/status-reporter.js
var status_reporter = __webpack_require__(6332);
;// CONCATENATED MODULE: ./lib/action/github/access.js

/** What a step has of GitHub; what does the calls is loaded only where the inputs ask for it. */
async function accessGitHub(inputs, use) {
    if (inputs === undefined)
        return { api: undefined, reporter: status_reporter/* noReporter */.N };
    const { connectGitHub } = await Promise.all(/* import() */[__webpack_require__.e(247), __webpack_require__.e(30)]).then(__webpack_require__.bind(__webpack_require__, 4649));
    return connectGitHub(inputs, use);
}

// EXTERNAL MODULE: ./lib/action/github/context.js
var github_context = __webpack_require__(4359);
;// CONCATENATED MODULE: ./lib/action/github/ending.js


/**
 * How the batches of a step ended, for their commit status; none while one of them still runs.
 *
 * @param failure why the step fails, if it does
 */
function endingOf(report, { failOn, outputFile }, failure) {
    const { batches, standing, results } = report;
    if (!batches.every(isSettled))
        return [];
    const isBad = ({ status }) => status === "cancelling" || failOn.includes(status);
    const anyBad = standing.some(isBad);
    // Results that were not asked for, or could not all be downloaded, are still to be collected.
    const written = outputFile !== undefined && results?.problems.length === 0;
    return batches.map((batch) => ({
        batch,
        failed: standing.includes(batch) && (anyBad ? isBad(batch) : failure !== undefined),
        written: written && isTerminal(batch),
        counts: (isTerminal(batch) ? countsOfOnly(report) : undefined) ?? batch.request_counts,
    }));
}
/** How batches stand after a cancel: one that had completed is none the worse for it. */
function cancelledEnding(batches) {
    return batches.filter(isSettled).map((batch) => ({
        batch,
        failed: batch.status !== "completed",
        written: false,
        counts: (0,batch_status/* isTerminal */.Hd)(batch) ? batch.request_counts : undefined,
    }));
}
/** Whether nothing more is to be expected of it. */
function isSettled(batch) {
    return (0,batch_status/* isTerminal */.Hd)(batch) || batch.status === "cancelling";
}

;// CONCATENATED MODULE: ./lib/action/github/target.js
/** The workflow that runs, as one that can be started again; else why it cannot be. */
function dispatchTarget(env) {
    const workflow = env["GITHUB_WORKFLOW_REF"] ?? "";
    const repository = env["GITHUB_REPOSITORY"] ?? "";
    const ref = env["GITHUB_REF"] ?? "";
    if (workflow === "" || repository === "" || ref === "") {
        return {
            problem: "it needs GitHub Actions: GITHUB_REPOSITORY, GITHUB_WORKFLOW_REF and GITHUB_REF tell which workflow to start again.",
        };
    }
    // `owner/repo/.github/workflows/file.yml@refs/heads/main`, where file and branch may hold an `@`.
    const end = workflow.indexOf("@refs/");
    const path = end === -1 ? workflow : workflow.slice(0, end);
    const file = path.split("/").at(-1) ?? "";
    if (!path.toLowerCase().startsWith(`${repository.toLowerCase()}/`) || file === "") {
        return { problem: `the workflow ${path} is not one of ${repository}, which has to start it.` };
    }
    const name = /^refs\/(?:heads|tags)\/(.+)$/.exec(ref)?.[1];
    if (name === undefined)
        return { problem: notDispatchable(ref) };
    if (name.startsWith("gh-readonly-queue/") && ref.startsWith("refs/heads/")) {
        return {
            problem: `a run of a merge queue cannot be started again: its branch is deleted when the queue has merged or dropped it. ${instead}`,
        };
    }
    return { file, ref: name };
}
const instead = "Use `on-timeout: continue`, and `operation: collect` on a schedule.";
function notDispatchable(ref) {
    return ref.startsWith("refs/pull/")
        ? `a run of a pull request cannot be started again by \`workflow_dispatch\`, which takes branches and tags only. ${instead}`
        : `${ref} is no branch or tag, which \`workflow_dispatch\` needs.`;
}

// EXTERNAL MODULE: ./lib/action/inputs/fields.js
var inputs_fields = __webpack_require__(4745);
;// CONCATENATED MODULE: ./lib/action/inputs/connection.js




function connection_readConnection(fields, env, problem, { keyless = false } = {}) {
    const headers = fields.headers("headers");
    const identity = readIdentity(fields, env, problem);
    const apiKey = readKey(fields, env, { identity, headers, keyless }, problem);
    checkHeaders(headers, problem);
    const scope = {
        "api-key": apiKey,
        organization: fields.text("organization") ?? (env["OPENAI_ORG_ID"]?.trim() || undefined),
        project: fields.text("project") ?? (env["OPENAI_PROJECT_ID"]?.trim() || undefined),
    };
    for (const [name, value] of Object.entries(scope)) {
        if (value !== undefined && unsendable.test(value)) {
            problem(`\`${name}\` cannot be sent: it holds a line break or a character that no header may have. Set it again, in one line.`);
        }
    }
    let baseURL = fields.text("base-url") ?? (env["OPENAI_BASE_URL"]?.trim() || defaultBaseURL);
    try {
        baseURL = checkedBaseURL(baseURL);
    }
    catch (error) {
        problem(`\`base-url\`: ${(0,errors/* messageOf */.bD)(error)}`);
    }
    return {
        apiKey,
        identity,
        baseURL,
        organization: scope.organization,
        project: scope.project,
        headers,
        requestTimeout: fields.duration("request-timeout") ?? 60_000,
        maxRetries: fields.integer("max-retries", 5, { max: 1000 }),
    };
}
/** A length that is not the body's makes the server wait for the rest of it, until the call times out. */
const framing = new Set(["content-length", "transfer-encoding"]);
function checkHeaders(headers, problem) {
    for (const [name, value] of Object.entries(headers)) {
        if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || unsendable.test(value)) {
            problem(`\`headers\`: \`${name}\` cannot be sent; check its name and value.`);
        }
        else if (framing.has(name.toLowerCase())) {
            problem(`\`headers\`: \`${name}\` differs from call to call and is set by itself. Leave it out.`);
        }
    }
}
/** The key, where none of the other ways is taken; a key of the environment is no second way, only an unused one. */
function readKey(fields, env, { identity, headers, keyless, }, problem) {
    const given = fields.text("api-key");
    if (identity !== undefined) {
        if (given !== undefined) {
            problem("`api-key` and `identity-provider-id` are two ways to say who you are. Leave one of them out.");
        }
        if (replacesBearer(headers)) {
            problem("`headers`: `Authorization` would replace the token of `identity-provider-id`. Leave one of them out.");
        }
        return undefined;
    }
    const apiKey = given ?? (env["OPENAI_API_KEY"]?.trim() || undefined);
    if (apiKey === undefined && !keyless && !hasCredential(headers)) {
        problem("There is no API key. Set `api-key` (a secret: `${{ secrets.OPENAI_API_KEY }}`; secrets are empty in workflows of forks) or the variable OPENAI_API_KEY. Or go without a key: set `identity-provider-id` and `service-account-id`, and give the job `permissions:` with `id-token: write`.");
    }
    return apiKey;
}

// EXTERNAL MODULE: ./lib/action/inputs/github.js
var github = __webpack_require__(2691);
// EXTERNAL MODULE: ./lib/action/inputs/operation.js
var inputs_operation = __webpack_require__(5451);
;// CONCATENATED MODULE: ./lib/action/inputs/problem.js
/** All that is wrong with the inputs, in one message. */
class problem_InputError extends Error {
    name = "InputError";
    problems;
    constructor(problems) {
        super(problems.length === 1
            ? (problems[0] ?? "")
            : `${problems.length} inputs are wrong:\n${problems.map((text) => `- ${text}`).join("\n")}`);
        this.problems = problems;
    }
}

// EXTERNAL MODULE: ./lib/action/inputs/nearest.js
var nearest = __webpack_require__(2800);
;// CONCATENATED MODULE: ./lib/action/inputs.js

















/**
 * The only reader of inputs: text in, one checked value out.
 *
 * @throws {InputError} with every problem at once, before any call is made
 */
async function readInputs(getInput, env) {
    const problems = [];
    const warnings = [];
    const problem = (text) => problems.push(text);
    const fields = fieldsOf(getInput, problem);
    const keyless = fields.text("operation") === "check";
    const connection = readConnection(fields, env, problem, { keyless });
    const cost = readCost(fields, problem);
    const summary = fields.flag("summary", true);
    const cancelOn = readCancelOn(fields, problem);
    const warn = (text) => warnings.push(text);
    const operation = await readOperation({ fields, env, connection, problem, warn });
    if (operation !== undefined && "wait" in operation) {
        warnings.push(...identityWarnings(connection.identity, operation.wait));
    }
    const github = readGitHub(fields, env, operation?.operation, problem);
    checkMaxCost(cost, operation, problem);
    if (operation === undefined || problems.length > 0)
        throw new InputError(problems);
    warnOfIdleInputs(operation.operation, getInput, warn);
    return { ...priced(operation, cost), connection, cost, summary, cancelOn, github, warnings };
}
/** Where answers are collected it matters what they cost. */
function priced(operation, { prices }) {
    if (!("results" in operation))
        return operation;
    return { ...operation, results: { ...operation.results, prices } };
}
/** What a file costs that is on the server already can only be said of its requests, which are not here. */
function checkMaxCost({ maxCost }, operation, problem) {
    if (maxCost === undefined || operation === undefined || !("create" in operation))
        return;
    if ("fileId" in operation.create.input) {
        problem("`max-cost` needs `input-file`: what an uploaded file would cost cannot be estimated.");
    }
}
/** @throws {InputError} when the connection's inputs are wrong */
function readCleanupInputs(getInput, env) {
    const problems = [];
    const problem = (text) => problems.push(text);
    const fields = (0,inputs_fields/* fieldsOf */.P)(getInput, problem);
    const operation = inputs_operation/* operationNames */.q.find((known) => known === fields.text("operation"));
    const inputs = {
        connection: connection_readConnection(fields, env, problem),
        cancelOn: readCancelOn(fields, problem),
        jobStatus: fields.text("job-status") ?? "",
        // Main has told what is wrong with it, and the clean-up does without.
        github: (0,github/* readGitHub */.k)(fields, env, operation, () => undefined),
    };
    if (problems.length > 0)
        throw new problem_InputError(problems);
    return inputs;
}
const cancelOnValues = ["cancelled", "failure", "never"];
function readCancelOn(fields, problem) {
    const listed = fields.list("cancel-on").map((value) => value.toLowerCase());
    if (listed.length === 0)
        return ["cancelled"];
    const known = cancelOnValues.filter((value) => listed.includes(value));
    for (const value of listed) {
        if (!known.some((name) => name === value)) {
            problem(`\`cancel-on\`: \`${value}\` is none of: ${cancelOnValues.join(", ")}.${(0,nearest/* didYouMean */.a)(value, cancelOnValues)}`);
        }
    }
    if (known.includes("never") && known.length > 1)
        problem("`cancel-on`: `never` stands alone.");
    return known;
}
async function readOperation(reading) {
    const { fields, connection, problem, warn } = reading;
    const name = fields.text("operation");
    const operation = operationNames.find((known) => known === name);
    switch (operation) {
        case undefined:
            problem(name === undefined
                ? `\`operation\` is missing; it is one of: ${operationNames.join(", ")}.`
                : `\`operation\` is \`${name}\` but must be one of: ${operationNames.join(", ")}.${didYouMean(name, operationNames)}`);
            return undefined;
        case "create":
            return { operation, create: await readCreate(fields, connection, problem) };
        case "run":
            return readRunOperation(reading);
        case "wait":
            return {
                operation,
                choice: readBatchChoice(fields, operation, problem, warn),
                ...readWaitAndResults(reading, await readInputFiles(fields, problem)),
            };
        case "retrieve":
            return {
                operation,
                choice: readBatchChoice(fields, operation, problem, warn),
                results: readResults(fields, problem, await readInputFiles(fields, problem)),
            };
        case "cancel":
            return { operation, choice: readBatchChoice(fields, operation, problem, warn) };
        case "list":
            return { operation, list: readList(fields, warn) };
        case "check":
            return { operation, check: await readCheck(fields, problem) };
        case "collect":
            return {
                operation,
                collect: readCollect(fields, problem, warn),
                results: readResults(fields, problem, await readInputFiles(fields, problem)),
            };
    }
}
function readList(fields, warn) {
    return {
        limit: fields.integer("limit", 20),
        after: fields.text("after"),
        ...readFilter(fields, warn),
    };
}
/** With `batch-id`, `run` creates nothing and waits for those: one workflow serves the first run and those that follow. */
async function readRunOperation(reading) {
    const { fields, env, connection, problem, warn } = reading;
    const operation = "run";
    const ids = readContinuedIds(fields, env);
    if (ids.length > 0) {
        checkIds(ids, problem);
        if (fields.integer("retry-failed", 0, { max: 100 }) > 0) {
            warn("`retry-failed` does nothing here: with `batch-id` this run only waits, and sends no request.");
        }
        if (fields.text("cache-file") !== undefined) {
            warn("`cache-file` does nothing here: with `batch-id` this run only waits, and neither takes answers from it nor adds any.");
        }
        return { operation, ids, ...readWaitAndResults(reading, await filesIfThere(fields)) };
    }
    const create = await readCreate(fields, connection, problem);
    const files = "files" in create.input ? create.input : undefined;
    const running = readRun(fields, problem);
    const waiting = readWaitAndResults(reading, files, running.cacheFile);
    if (waiting.wait.onTimeout === "dispatch")
        checkHandOver(running, problem, warn);
    return { operation, create, run: running, ...waiting };
}
/** What the run that goes on after a timeout cannot do. */
function checkHandOver({ retryFailed, cacheFile }, problem, warn) {
    if (retryFailed > 0) {
        problem("`on-timeout: dispatch` does not go with `retry-failed`: the run that goes on has no requests to send again.");
    }
    if (cacheFile !== undefined) {
        warn("`on-timeout: dispatch` with `cache-file`: when the time is up, the run that goes on has the answers of its batches only and adds none to the cache, so that a later run pays for those again. A longer `timeout` makes that less likely.");
    }
}
/** What made the batches may have been there in the run that created them only; this one can do without. */
async function filesIfThere(fields) {
    const problems = [];
    const files = await readInputFiles(fields, (text) => problems.push(text));
    return problems.length === 0 ? files : undefined;
}
function readWaitAndResults({ fields, env, problem }, files, cacheFile) {
    return {
        wait: readWait(fields, env, problem),
        results: readResults(fields, problem, files, cacheFile),
    };
}

;// CONCATENATED MODULE: ./lib/batch/progress.js


/** One line about a batch: its id, status and counts. */
function describeBatch(batch) {
    const requests = describeCounts(batch.request_counts);
    return `${batch.id}: ${batch.status}${requests === "" ? "" : `, ${requests}`}`;
}
/**
 * Where one or several batches are, in one line: status, bar, counts, what failed, the time since
 * `started` and, where counts and times allow one, an estimate of what is left.
 *
 * @param now milliseconds since the epoch
 * @param started milliseconds since the epoch; what the elapsed time counts from
 * @param width characters that there is room for; where they are few, id and bar are left out
 */
function progressLine(batches, now, started, width = Number.POSITIVE_INFINITY) {
    const counts = reportedCounts(batches);
    const requests = describeCounts(counts);
    const left = timeLeft(batches, now);
    const elapsed = `after ${formatDuration(Math.max(0, now - started))}`;
    const times = left === undefined ? elapsed : `${elapsed}, about ${formatDuration(rough(left))} left`;
    const lineOf = (head, share) => `${head}${requests === "" ? "" : ` ${share}, ${requests}`} (${times})`;
    const full = lineOf(headOf(batches), `${bar(counts)} ${percent(counts)}`);
    if (full.length <= width)
        return full;
    return cut(lineOf(statusesOf(batches), percent(counts)), width);
}
/**
 * Milliseconds until every request is done, if the running batches go on as they did so far;
 * `undefined` where counts or times say nothing: nothing done yet, a batch not begun, or all done.
 *
 * @param now milliseconds since the epoch
 */
function timeLeft(batches, now) {
    let longest;
    for (const batch of batches) {
        if (isTerminal(batch))
            continue;
        const left = timeLeftOf(batch, now);
        // What is not known of one batch is not known of all.
        if (left === undefined)
            return undefined;
        longest = Math.max(longest ?? 0, left);
    }
    return longest;
}
function timeLeftOf(batch, now) {
    const { status, in_progress_at: since, request_counts: counts } = batch;
    if (status !== "in_progress" || since === undefined || counts === undefined)
        return undefined;
    const done = doneOf(counts);
    const elapsed = now - since * 1000;
    if (done === 0 || done >= counts.total || elapsed < shortestBasis)
        return undefined;
    return (elapsed / done) * (counts.total - done);
}
/** Milliseconds; a rate of the first seconds says nothing of hours. */
const shortestBasis = 10_000;
const barLength = 20;
/** Requests that have ended, one way or the other. */
function doneOf({ completed, failed }) {
    return completed + failed;
}
/** From 0 to 1; some servers count more than there are. */
function shareDone(counts) {
    return counts.total === 0 ? 0 : Math.min(1, doneOf(counts) / counts.total);
}
function bar(counts) {
    const filled = Math.floor(shareDone(counts) * barLength);
    return "█".repeat(filled) + "░".repeat(barLength - filled);
}
function percent(counts) {
    return `${Math.floor(shareDone(counts) * 100)}%`;
}
/** An estimate that names seconds of an hour would claim to know more than it does. */
function rough(milliseconds) {
    const step = milliseconds < 60_000 ? 5_000 : milliseconds < 3_600_000 ? 60_000 : 300_000;
    return Math.max(1, Math.round(milliseconds / step)) * step;
}
function cut(line, width) {
    return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
function describeCounts(counts) {
    if (counts === undefined || counts.total === 0)
        return "";
    const failed = counts.failed === 0 ? "" : `, ${(0,format/* formatCount */.B4)(counts.failed)} failed`;
    const done = (0,format/* formatCount */.B4)(doneOf(counts));
    return `${done} of ${(0,format/* formatCount */.B4)(counts.total)} requests done${failed}`;
}
function headOf(batches) {
    const [only] = batches;
    return batches.length === 1 && only !== undefined
        ? `${only.id}: ${only.status}`
        : `${formatCount(batches.length)} batches: ${statusesOf(batches)}`;
}
/** `3 in_progress, 1 completed`: those furthest from completed first; of a single batch only the status. */
function statusesOf(batches) {
    const counts = new Map();
    for (const { status } of batches)
        counts.set(status, (counts.get(status) ?? 0) + 1);
    const known = statusesByDistance.filter((status) => counts.has(status));
    const others = [...counts.keys()].filter((status) => !known.includes(status));
    return [...known, ...others]
        .map((status) => batches.length === 1 ? status : `${formatCount(counts.get(status) ?? 0)} ${status}`)
        .join(", ");
}

;// CONCATENATED MODULE: ./lib/action/narrate/log.js



const maxNamed = 10;
/** What the log says of each event. Progress has lines of its own, and the end of the step tells the rest. */
const told = {
    uploaded: ({ file, reused }) => [
        "info",
        reused
            ? `The requests are already uploaded as ${file.id}.`
            : `Uploaded ${(0,format/* formatBytes */.z3)(file.bytes)} as ${file.id}.`,
    ],
    "cache-read": ({ requests, answered, rejected }) => [
        "info",
        `${(0,format/* formatCount */.B4)(answered)} of ${(0,format/* plural */.LS)(requests, "request")} ${requests === 1 ? "is" : isOrAre(answered)} answered by the cache${rejected === 0 ? "" : `; ${(0,format/* plural */.LS)(rejected, "answer")} in it ${isOrAre(rejected)} rejected by this step`}.`,
    ],
    "cache-written": ({ batchId, answers }) => [
        "info",
        `Added ${(0,format/* plural */.LS)(answers, "answer")} of ${batchId} to the cache.`,
    ],
    "cache-failed": ({ batchId, error }) => [
        "warning",
        `The answers of ${batchId} could not be added to the cache: ${(0,format/* withoutStop */.f6)(error.message)}. They are in the results; a later run may pay for them again.`,
    ],
    "outcome-unknown": ({ error }) => [
        "warning",
        `No answer says whether the batch of ${error.inputFileId} was created (${causeOf(error)}). Looking for it in the list of batches.`,
    ],
    created: ({ known: { batch }, found }) => [
        "info",
        found ? `Found ${log_named(batch)}, whose create had lost its answer.` : `Created ${log_named(batch)}.`,
    ],
    "not-adopted": ({ batch, why }) => [
        "warning",
        `${batch.id} stands for the same requests but is not used, because ${why}. A new batch is created.`,
    ],
    "extra-found": ({ batch }) => [
        "warning",
        `A create whose answer was lost had made ${batch.id} as well; cancelling it.`,
    ],
    "look-up-incomplete": ({ why }) => [
        "warning",
        `Whether the batch is there already could not be looked up: ${why}.`,
    ],
    "held-back": ({ part, pause }) => [
        "info",
        `The server has no room for batch ${part + 1} now; trying again when another has ended, or in ${(0,format/* formatDuration */.a3)(pause)}.`,
    ],
    "put-off": ({ part, error }) => [
        "warning",
        `Batch ${part + 1} cannot be sent before the time is up. ${error.message}`,
    ],
    "no-room": ({ part, why }) => [
        "info",
        `Batch ${part + 1} waits until another has ended: ${why}.`,
    ],
    halved: ({ part, halves: [first, second], why }) => [
        "info",
        `Batch ${part + 1} is divided in two, batches ${first + 1} and ${second + 1}: ${why}.`,
    ],
    "unknown-id": ({ batchId, error }) => [
        "warning",
        `The server knows no batch ${batchId}; it is not followed any longer. ${error.message}`,
    ],
    gone: ({ batchId, error }) => [
        "warning",
        `${batchId} is gone from the server; it is not followed any longer. ${error.message}`,
    ],
    "retry-round": ({ round, requests }) => [
        "info",
        `Retry round ${round}: ${(0,format/* plural */.LS)(requests, "request")} that failed for a transient reason ${isOrAre(requests)} sent again.`,
    ],
    "no-retry-round": ({ requests, why }) => [
        "notice",
        `${(0,format/* plural */.LS)(requests, "request")} could be sent again and ${isOrAre(requests)} not: ${why}.`,
    ],
    "over-budget": ({ requests, why }) => [
        "warning",
        `${(0,format/* plural */.LS)(requests, "request")} that failed for a transient reason ${isOrAre(requests)} not sent again (\`max-cost\`): ${why}.`,
    ],
    "left-running": ({ batchId, why }) => ["notice", `${batchId} is not cancelled: ${why}.`],
    cancelling: ({ ids, why }) => [
        "info",
        `Cancelling ${ids.length > maxNamed ? (0,format/* plural */.LS)(ids.length, "batch", "batches") : ids.join(", ")}, because ${why}.`,
    ],
    cancelled: ({ batch }) => ["info", describeBatch(batch)],
    "results-late": ({ batchId, why, pause }) => [
        "info",
        `The results of ${batchId} cannot be read yet (${why}); trying again in ${(0,format/* formatDuration */.a3)(pause)}.`,
    ],
    downloaded: ({ batchId, fileId, lines }) => [
        "debug",
        `Read ${(0,format/* plural */.LS)(lines, "line")} of ${fileId} (${batchId}).`,
    ],
};
/** Looks that fail are warned of so often; then they are only logged. */
const maxWarnings = 3;
/** Says in the log what happens. */
function logEvent({ toolkit, github, }) {
    let failedLooks = 0;
    return (event) => {
        const line = lineOf(event);
        if (line !== undefined)
            toolkit[line[0]](line[1]);
    };
    function lineOf(event) {
        if (event.type === "adopted")
            return adoption(event.known.batch, github);
        if (event.type === "poll-failed") {
            failedLooks += 1;
            const level = failedLooks <= maxWarnings ? "warning" : "info";
            return [level, `A look at ${event.batchId} failed; still waiting. ${event.error.message}`];
        }
        if (event.type === "timed-out")
            return event.unsent === 0 ? undefined : unsentLine(event.unsent);
        // The key says which events the function takes, which a look-up cannot show.
        const tell = told[event.type];
        return tell?.(event);
    }
}
function unsentLine(unsent) {
    const [was, it] = unsent === 1 ? ["was", "it"] : ["were", "them"];
    return [
        "warning",
        `${(0,format/* plural */.LS)(unsent, "request")} of the input ${was} not sent before the time was up, so no batch holds ${it}. Run the step again with the same input to send ${it}.`,
    ];
}
/** A second step of the same attempt that sends the same requests may have wanted a batch of its own. */
function adoption(batch, { runAttempt, runId }) {
    const adopted = `Adopted ${batch.id}, which is ${batch.status}, instead of paying again.`;
    const sameRun = runId !== undefined && batch.metadata?.["github_run_id"] === runId;
    if (!sameRun || runAttempt > 1)
        return ["info", adopted];
    return [
        "warning",
        `${adopted} An earlier step of this run created it from the same requests. To get answers of its own, give this step an \`idempotency-key\` of its own, or \`reuse-existing: false\`.`,
    ];
}
function log_named({ id, endpoint }) {
    return `${id}${endpoint === "" ? "" : ` for ${endpoint}`}`;
}
function isOrAre(count) {
    return count === 1 ? "is" : "are";
}
/** What kept a create from its answer: the error itself says only that it is unknown. */
function causeOf({ status, cause }) {
    if (status !== undefined)
        return `status ${status}`;
    if (cause instanceof errors/* DeadlineError */.j3)
        return "the time was up";
    return cause instanceof errors/* APIError */.LG ? (cause.code ?? "no answer") : "no answer";
}

// EXTERNAL MODULE: ./lib/action/state.js
var action_state = __webpack_require__(2287);
;// CONCATENATED MODULE: ./lib/action/cleanup.js















/** Milliseconds for all that the post step does with batches; after a cancel all clean-up shares five minutes. */
const timeLimit = 240_000;
const requestTimeout = 5_000;
const cleanup_timeToLook = 2_000;
/**
 * The post step: the net below main. It cancels what main was answerable for and could not cancel,
 * and says why where it does nothing. It warns and never fails, because a post step that throws
 * fails the job.
 */
async function cleanUp(toolkit, env, connect = createClient, gitHub = accessGitHub) {
    try {
        maskSecrets(toolkit, env);
        const state = (0,action_state/* readState */.b)(toolkit.getState);
        const open = openBatches(state);
        // After a signal main has no time to show on the commit status what it cancelled.
        const unshown = state.interrupted ? state.batches.filter(({ cancelled }) => cancelled) : [];
        if (open.length === 0 && state.creations.length === 0) {
            toolkit.info(nothingToClean(state));
            if (unshown.length === 0 || toolkit.getInput("commit-status") === "")
                return;
        }
        const inputs = readCleanupInputs(toolkit.getInput, env);
        const client = connect({ ...inputs.connection, requestTimeout }, toolkit);
        const context = (0,github_context/* githubContext */.h4)(env);
        const { signal } = new AbortController();
        const use = { context, clock: client.clock, signal, toolkit };
        const { api, reporter } = await gitHub(inputs.github, use);
        const workflow = { api, target: dispatchTarget(env), own: context.runId };
        const onEvent = logEvent({ toolkit, github: context });
        const post = { client, toolkit, deadline: client.clock.now() + timeLimit, onEvent };
        const cancelled = await clean(post, state, inputs, workflow);
        await showCancelled(client, reporter, cancelled, unshown);
    }
    catch (error) {
        toolkit.warning(`The clean-up could not be done: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}
/** Batches that may run and that neither main nor another run of the workflow answers for. */
function openBatches({ batches, handOver }) {
    const handedOver = handOver?.done === true ? handOver.ids : [];
    return batches.filter(({ id, open, cancelled }) => open && !cancelled && !handedOver.includes(id));
}
function nothingToClean({ batches, handOver }) {
    if (handOver?.done === true) {
        return `Nothing to clean up: another run of the workflow waits for ${handOver.ids.join(", ")}.`;
    }
    const cancelled = batches.filter((batch) => batch.cancelled).map(({ id }) => id);
    return cancelled.length > 0
        ? `Nothing to clean up: the step itself has cancelled ${cancelled.join(", ")}.`
        : "Nothing to clean up: the step left no unfinished batch.";
}
/** Cancels what is to be cancelled, then looks for what main never learned the id of; gives what was cancelled. */
async function clean(post, state, { cancelOn, jobStatus }, workflow) {
    const { toolkit } = post;
    const end = { ...state, jobStatus, cancelOn };
    const cancelled = [];
    for (const { decision, why, ids } of decided(openBatches(state), end)) {
        if (decision === "leave")
            toolkit.info(`Not cancelled, because ${why}: ${ids.join(", ")}.`);
        else {
            const taken = await takenOver(post, state.handOver, workflow);
            const ours = ids.filter((id) => !taken.includes(id));
            cancelled.push(...(await cancelInPost(post, ours, why)));
        }
    }
    const known = state.batches.map(({ id }) => id);
    for (const creation of state.creations) {
        const { ids, extra } = await findLost(post, creation, known);
        const { decision, why } = decideCancelLost(end, extra);
        if (decision === "cancel")
            cancelled.push(...(await cancelInPost(post, ids, why)));
        else if (ids.length > 0) {
            // A batch that main never learned the id of is nobody's unless it is named here.
            toolkit.warning(`Not cancelled, because ${why}: ${ids.join(", ")}.`);
        }
    }
    return cancelled;
}
/** What is decided of the batches; those of one decision and one reason together. */
function decided(batches, end) {
    const all = batches.map(({ id, left }) => ({ id, ...decideCancelAfterJob(end, left) }));
    return [...Map.groupBy(all, ({ decision }) => decision)].flatMap(([decision, same]) => [...Map.groupBy(same, ({ why }) => why)].map(([why, group]) => ({
        decision,
        why,
        ids: group.map(({ id }) => id),
    })));
}
async function showCancelled(client, reporter, cancelled, unshown) {
    if (reporter === status_reporter/* noReporter */.N)
        return;
    const deadline = client.clock.now() + cleanup_timeToLook;
    const seen = await Promise.all(unshown.map(async ({ id }) => lookAt(client, id, { deadline })));
    reporter.ended(cancelledEnding([...cancelled, ...seen.filter((batch) => batch !== undefined)]));
    await reporter.settled();
}


/***/ }),

/***/ 6332:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ noReporter)
/* harmony export */ });
const noReporter = {
    created: () => undefined,
    ended: () => undefined,
    cached: () => undefined,
    settled: () => Promise.resolve(),
};


/***/ })

};
