import { describe, expect, it } from "vitest";

import { openGitHub } from "../../../src/action/github/api.ts";
import {
  decideDispatch,
  type DispatchKnowledge,
  knownByFailure,
  lookForRun,
} from "../../../src/action/github/started-run.ts";
import { APIConnectionError, APIError } from "../../../src/api/errors.ts";
import { fakeGitHub } from "../../support/github.ts";
import { virtualClock } from "../../support/virtual-clock.ts";

const target = { file: "batch.yml", ref: "main" };
const token = "ghs_0123456789abcdefghijklmnopqrstuvwxyz";

/** What a look finds after runs with these titles were started. */
async function lookAfter(titles: readonly string[], ids: readonly string[], after = 0) {
  const clock = virtualClock();
  await using github = await fakeGitHub({ now: () => clock.now() });
  titles.forEach((title, index) => {
    github.addRun({
      id: index + 1,
      html_url: `https://github.com/runs/${index + 1}`,
      event: "workflow_dispatch",
      head_branch: "main",
      created_at: new Date(clock.now()).toISOString(),
      display_title: title,
    });
  });
  const repository = "octocat/hello-world";
  const api = openGitHub({ token, apiUrl: github.url, repository, fork: false, clock });
  const known = await lookForRun(api, { target, ids, since: clock.now(), after }, { clock });
  return { known, pauses: clock.pauses };
}

describe("the run of a lost dispatch", () => {
  it("is the one whose title names its batches", async () => {
    const { known, pauses } = await lookAfter(["Batch batch_2", "Batch batch_1"], ["batch_1"]);
    expect(known).toMatchObject({ state: "started", run: { id: 2 } });
    expect(pauses).toEqual([0]);
  });

  it.each<[string, readonly string[], readonly string[], number]>([
    ["a sibling's run, which looks the same", ["Batch"], ["batch_1"], 0],
    ["a run for a batch whose id only begins alike", ["Batch batch_10"], ["batch_1"], 0],
    ["a run for one of two batches", ["batch_1"], ["batch_1", "batch_2"], 0],
    ["a run that was there before", ["batch_1"], ["batch_1"], 1],
    ["no run at all, since the list may lag", [], ["batch_1"], 0],
  ])("is not known by %s", async (_, titles, ids, after) => {
    const { known, pauses } = await lookAfter(titles, ids, after);
    expect(known.state).toBe("unknown");
    expect(pauses).toEqual([0, 2_000, 4_000, 8_000]);
  });
});

describe("a dispatch", () => {
  const unknown: DispatchKnowledge = { state: "unknown", why: "No answer." };
  it.each<[DispatchKnowledge, number, string]>([
    [{ state: "started", run: { id: 1, url: "u" } }, 1, "done"],
    [{ state: "not-started", why: "Refused." }, 1, "give-up"],
    [unknown, 1, "dispatch-again"],
    [unknown, 2, "dispatch-again"],
    [unknown, 3, "give-up"],
  ])("of which is known %j after %i tries: %s", (known, tries, decision) => {
    expect(decideDispatch(known, tries).decision).toBe(decision);
  });

  it("has started nothing when it was refused or never left, else that is open", () => {
    const states = [
      new APIError("No.", { status: 403 }),
      new APIConnectionError("No.", { code: "ENOTFOUND", sent: false }),
      new APIConnectionError("No.", { code: "ECONNRESET", sent: true }),
      new APIError("No.", { status: 502 }),
    ].map((error) => knownByFailure(error).state);
    expect(states).toEqual(["not-started", "not-started", "unknown", "unknown"]);
  });
});
