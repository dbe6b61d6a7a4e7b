import { scanInput } from "../../../src/index.ts";

const scan = await scanInput(process.argv[2] ?? "");
if (scan.problemCount > 0) throw new Error("The generated file has problems.");
