import { afterEach, describe, expect, it, vi } from "vitest";

import { contentBeside } from "../../../src/batch/create/content-beside.ts";
import { hashOf } from "../../../src/batch/create/input-file.ts";
import type { FaultRule } from "../../../src/simulator/index.ts";
import { openAccount, rejectionOf, requestLines, textSource } from "../../support/account.ts";
import { openFolder } from "../../support/folder.ts";

const text = requestLines(2);
const hash = (await hashOf(textSource(text))).slice(0, 16);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the input file of another batch", () => {
  const input = textSource(text);
  const named = `requests-${hash}.jsonl`;

  it.each<[string, object, "same" | "other" | "unknown"]>([
    ["holds the same by its name and size", { filename: named }, "same"],
    ["holds the same by its name where no size is told", { filename: named, bytes: 0 }, "same"],
    [
      "holds the same where only what stands before the hash differs",
      { filename: `re-${hash}.jsonl` },
      "same",
    ],
    ["holds others by its size", { filename: named, bytes: 1 }, "other"],
    [
      "holds others by the name of another input",
      { filename: "re-0123456789abcdef.jsonl" },
      "other",
    ],
    ["holds others by a name that is none of ours", { filename: "requests.jsonl" }, "other"],
    [
      "holds others by a name that is none of ours and begins like ours",
      { filename: "requests-2026-01-01-final.jsonl" },
      "other",
    ],
    ["holds others by its size where no name is told", { filename: "", bytes: 1 }, "other"],
    ["may hold anything where no name is told", { filename: "" }, "unknown"],
  ])("%s", async (_, fields, what) => {
    await using account = await openAccount({
      dialect: { file: (file) => ({ ...file, bytes: input.size, ...fields }) },
    });
    const other = await account.upload();
    const file = { id: "file-new", own: true, reused: false };
    expect(await contentBeside(account.client, { file, input, other }, {})).toBe(what);
  });

  it("is another one where this very create has uploaded it, and the same where it was there", async () => {
    await using account = await openAccount();
    const beside = async (own: boolean) =>
      contentBeside(
        account.client,
        { file: { id: "a", own, reused: !own }, input, other: "a" },
        {},
      );
    expect([await beside(true), await beside(false)]).toEqual(["other", "same"]);
  });

  it("may hold anything where it is not named or not shown", async () => {
    await using account = await openAccount();
    const file = { id: "file-new", own: true, reused: false };
    for (const other of ["", "file-none"]) {
      expect(await contentBeside(account.client, { file, input, other }, {})).toBe("unknown");
    }
  });

  it("is not asked for again by a caller who wants no retries", async () => {
    await using account = await openAccount();
    const fault = { kind: "status", status: 503 } as const;
    account.simulator.addFault({ method: "GET", times: Infinity, fault });
    const files = { file: { id: "file-new", own: true, reused: false }, input, other: "file-old" };
    expect(await contentBeside(account.client, files, { maxRetries: 0 })).toBe("unknown");
    expect(account.simulator.calls).toHaveLength(1);
  });

  it("is not called unknown where the caller's own code fails", async () => {
    const mistake = new Error("a mistake of the caller's");
    const onRetry = () => {
      throw mistake;
    };
    await using account = await openAccount({ client: { onRetry } });
    account.simulator.addFault({ method: "GET", fault: { kind: "status", status: 503 } });
    const files = { file: { id: "file-new", own: true, reused: false }, input, other: "file-old" };
    expect(await rejectionOf(contentBeside(account.client, files, {}))).toBe(mistake);
  });

  it("is told from one that is given by its id alone", async () => {
    await using account = await openAccount();
    const file = { id: "a", own: false, reused: true };
    const beside = async (other: string) =>
      contentBeside(account.client, { file, input: { fileId: "a" }, other }, {});
    expect([await beside("a"), await beside("b")]).toEqual(["same", "other"]);
  });

  describe("that is named after another part of the same input", () => {
    const filename = "requests-0123456789abcdef.jsonl";
    const beside = async (ours: string, faults: readonly FaultRule[] = [], fields: object = {}) => {
      await using account = await openAccount({
        faults,
        dialect: { file: (file) => ({ ...file, filename, ...fields }) },
      });
      const other = await account.upload(1);
      const file = { id: "file-new", own: true, reused: false };
      const files = { file, input: textSource(ours), other };
      return await contentBeside(account.client, files, { maxRetries: 0 });
    };

    it("holds some of the same where one line is the same", async () => {
      expect(await beside(text)).toBe("some");
    });

    it("holds others where none is", async () => {
      expect(await beside(text.replaceAll("Hello", "Howdy"))).toBe("other");
    });

    it("may hold some where nothing tells whether all of it came", async () => {
      const content = { method: "GET", path: "/files/*/content" };
      const fault = { kind: "cut-body", silent: true } as const;
      const others = text.replaceAll("Hello", "Howdy");
      expect(await beside(others, [{ ...content, fault }], { bytes: 0 })).toBe("unknown");
    });

    it("leaves none of its requests on the disk", async () => {
      await using folder = await openFolder();
      for (const name of ["TMPDIR", "TEMP", "TMP"]) vi.stubEnv(name, folder.path);
      expect(await beside(text)).toBe("some");
      expect(await folder.list()).toEqual([]);
    });

    it("may hold some where its content is not shown", async () => {
      const fault = { kind: "status", status: 404 } as const;
      expect(await beside(text, [{ method: "GET", path: "/files/*/content", fault }])).toBe(
        "unknown",
      );
    });
  });
});
