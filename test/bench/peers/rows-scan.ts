import { scanInput } from "../../../src/index.ts";

/** Rows through a template to requests, scanned and ready to be sent; as `check` and `create` do it. */
const [rows = "", template = ""] = process.argv.slice(2);
const scan = await scanInput(rows, { template });
if (scan.problemCount > 0) throw new Error("The generated rows have problems.");
await scan[Symbol.asyncDispose]();
