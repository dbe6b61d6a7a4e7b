import { loadToolkit, withSafeLog } from "./runner/toolkit.ts";

// Not a static import: the bundler leaves out the licences of what it merges into the entry itself.
const { cleanUp } = await import("./cleanup.ts");
await cleanUp(withSafeLog(await loadToolkit()), process.env);
