export const id = 353;
export const ids = [353];
export const modules = {

/***/ 2353:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   settleHeld: () => (/* binding */ settleHeld)
/* harmony export */ });
/* harmony import */ var _api_clock_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1198);
/* harmony import */ var _api_errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8937);
/* harmony import */ var _inputs_fields_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4745);
/* harmony import */ var _inputs_github_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(2691);
/* harmony import */ var _inputs_operation_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(5451);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2287);
/* harmony import */ var _api_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1753);
/* harmony import */ var _context_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4359);
/* harmony import */ var _held_batch_js__WEBPACK_IMPORTED_MODULE_9__ = __webpack_require__(2032);
/* harmony import */ var _writer_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(6847);










/** Milliseconds for a job that has succeeded; GitHub's limits ask for minutes. */
const timeToRecord = 300_000;
/** Milliseconds for any other job: after a cancel all clean-up shares five minutes. */
const timeToRelease = 20_000;
/**
 * The post step's part of `collect`, and of `run` and `wait` with a commit status: records what the
 * job has collected, and gives back what it has not. Warns and never throws: a post step that throws
 * fails the job. A claim that could not be given back runs out by itself (`claimLife`).
 */
async function settleHeld(toolkit, env, { clock = _api_clock_js__WEBPACK_IMPORTED_MODULE_0__/* .systemClock */ .m, open = _api_js__WEBPACK_IMPORTED_MODULE_1__/* .openGitHub */ .o } = {}) {
    try {
        const state = (0,_state_js__WEBPACK_IMPORTED_MODULE_2__/* .readState */ .b)(toolkit.getState);
        if (state.held.length === 0)
            return;
        const context = (0,_context_js__WEBPACK_IMPORTED_MODULE_3__/* .githubContext */ .h4)(env);
        const [runPage, { repository }] = [(0,_context_js__WEBPACK_IMPORTED_MODULE_3__/* .runUrl */ .Vp)(context), context];
        const inputs = readInputs(toolkit, env);
        if (inputs?.commitStatus === undefined || runPage === undefined || repository === undefined) {
            toolkit.warning(`${namesOf(state.held)} could not be recorded as collected: GitHub's token, repository or run is not known.`);
            return;
        }
        const api = open({ ...context, repository, token: inputs.token, clock });
        const jobStatus = toolkit.getInput("job-status");
        await settleAll({ ...inputs, commitStatus: inputs.commitStatus, api, runPage }, state, {
            toolkit,
            clock,
            jobStatus,
            ownCommit: context.commit,
        });
    }
    catch (error) {
        toolkit.warning(`What was collected could not be recorded: ${(0,_api_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .messageOf */ .bD)(error)}`);
    }
}
function readInputs(toolkit, env) {
    // Main has told what is wrong with the inputs.
    const problem = () => undefined;
    const fields = (0,_inputs_fields_js__WEBPACK_IMPORTED_MODULE_5__/* .fieldsOf */ .P)(toolkit.getInput, problem);
    const operation = _inputs_operation_js__WEBPACK_IMPORTED_MODULE_6__/* .operationNames */ .q.find((known) => known === fields.text("operation"));
    return (0,_inputs_github_js__WEBPACK_IMPORTED_MODULE_7__/* .readGitHub */ .k)(fields, env, operation, problem);
}
async function settleAll(place, state, job) {
    const { toolkit, clock, jobStatus, ownCommit } = job;
    const writer = (0,_writer_js__WEBPACK_IMPORTED_MODULE_8__/* .statusWriter */ .EB)({
        ...place,
        statusName: place.commitStatus,
        ownCommit,
        onMoved: toolkit.warning,
    });
    const deadline = clock.now() + (jobStatus === "success" ? timeToRecord : timeToRelease);
    for (const [commit, held] of Map.groupBy(state.held, ({ commit }) => commit)) {
        const settled = held.map((one) => ({ ...one, ...(0,_held_batch_js__WEBPACK_IMPORTED_MODULE_9__/* .settlementOf */ .Z)(one, state, jobStatus) }));
        try {
            await writer.appendAll(commit, draftsOf(settled), { deadline });
            for (const group of Map.groupBy(settled, ({ why }) => why).values())
                tell(toolkit, group);
        }
        catch (error) {
            toolkit.warning(`${namesOf(held)} could not be recorded at commit ${commit.slice(0, 7)}; a later \`collect\` may bring the results again. ${(0,_api_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .messageOf */ .bD)(error)}`);
        }
    }
}
/** Entries for as many batches at once as end alike. */
function draftsOf(settled) {
    const alike = ({ decision, claim, written }) => [decision, claim, written?.failed, written?.counts === undefined].join();
    return [...Map.groupBy(settled, alike).values()].flatMap(_writer_js__WEBPACK_IMPORTED_MODULE_8__/* .inEntries */ ._z).flatMap((group) => {
        const [first] = group;
        if (first === undefined)
            return [];
        const batches = group.map(({ batchId }) => ({ id: batchId }));
        const failed = first.written?.failed ?? false;
        if (first.decision === "release") {
            return [
                { phase: "released", batches, failed, claim: first.claim, text: "not collected yet" },
            ];
        }
        const counts = group.flatMap(({ written }) => written?.counts ?? []);
        const text = counts.length === 0 ? "results are gone" : (0,_writer_js__WEBPACK_IMPORTED_MODULE_8__/* .countsText */ .WN)(counts);
        return [{ phase: "collected", batches, failed, text }];
    });
}
function tell(toolkit, group) {
    const [first] = group;
    if (first === undefined)
        return;
    toolkit.info(first.decision === "record"
        ? `Recorded as collected, because ${first.why}: ${namesOf(group)}.`
        : `Not recorded as collected, because ${first.why}: ${namesOf(group)}. A later \`collect\` brings the results again.`);
}
function namesOf(held) {
    return held.map(({ batchId }) => batchId).join(", ");
}


/***/ })

};
