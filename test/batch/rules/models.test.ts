import { describe, expect, it } from "vitest";

import { APIError } from "../../../src/api/errors.ts";
import { decideModel, type ModelSight } from "../../../src/batch/rules.ts";

const now = Date.UTC(2026, 10, 27);
const found = (shutdown_date?: string): ModelSight => ({
  found: { id: "m", object: "model", ...(shutdown_date === undefined ? {} : { shutdown_date }) },
});
const refused = (status: number, code: string | undefined, message: string): ModelSight => ({
  error: new APIError(message, { status, code }),
});

describe("a model that requests name", () => {
  it.each<[string, ModelSight, string]>([
    ["is there", found(), "send"],
    ["is there for another year", found("2027-11-27"), "send"],
    ["will be shut down next week", found("2026-12-04"), "warn"],
    ["was shut down", found("2026-11-01"), "warn"],
    ["has an end that is no date", found("soon"), "send"],
    ["is not there", refused(404, "model_not_found", "The model does not exist"), "refuse"],
    ["is not there in other words", refused(404, undefined, "Not found"), "refuse"],
    ["is not for this project", refused(403, "model_not_found", "Project has no access"), "warn"],
    ["may not be read by this key", refused(403, undefined, "Missing scopes: model.read"), "send"],
    [
      "may not be read by this key, told by 401",
      refused(401, undefined, "You have insufficient permissions. Missing scopes: model.read"),
      "send",
    ],
    ["is asked for with a wrong key", refused(401, "invalid_api_key", "Incorrect API key"), "stop"],
    ["is not seen by a server in trouble", refused(503, undefined, "Overloaded"), "warn"],
    ["is not seen without a connection", { error: new APIError("No connection") }, "warn"],
  ])("%s", (_, sight, decision) => {
    expect(decideModel(sight, now).decision).toBe(decision);
  });

  it.each<[string, ModelSight, string]>([
    [
      "will be shut down",
      found("2026-12-04"),
      "it will be shut down on 2026-12-04; take another model soon",
    ],
    [
      "is shut down at this moment",
      found("2026-11-27"),
      "it was to be shut down on 2026-11-27; take another model",
    ],
    ["is there", found(), "it is there"],
    ["is not there", refused(404, undefined, "No."), "the server knows no such model"],
    ["is not for us", refused(400, "model_not_available", "No."), "it may not be usable: No."],
    ["is asked for with a wrong key", refused(401, undefined, "No."), "the server refuses the key"],
    ["is not to be read", refused(401, undefined, "Scope: none."), "this key may not read models"],
    [
      "is not to be read by this permission",
      refused(401, undefined, "No permission."),
      "this key may not read models",
    ],
    ["is not seen", refused(503, undefined, "No."), "whether it is there could not be seen: No."],
  ])("%s, and it is said so", (_, sight, why) => {
    expect(decideModel(sight, now).why).toBe(why);
  });
});
