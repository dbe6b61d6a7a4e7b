import { openCacheFile } from "../../../src/index.ts";

const { answers } = await openCacheFile(process.argv[2] ?? "");
console.log(answers);
