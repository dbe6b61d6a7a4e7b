import { loadToolkit, withSafeLog } from "./runner/toolkit.ts";

// Not a static import: the bundler leaves out the licences of what it merges into the entry itself.
const { cleanUp } = await import("./cleanup.ts");
const toolkit = withSafeLog(await loadToolkit());
await cleanUp(toolkit, process.env);
// What still runs comes first; this costs nothing but a few files of the job's.
const { settleHeld } = await import("./github/settle.ts");
await settleHeld(toolkit, process.env);
