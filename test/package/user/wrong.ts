import { BatchClient, createBatch } from "openai-batch-action";

/** What a user's compiler must refuse: `npm run check:package`. */

// @ts-expect-error A number is no key.
const client = new BatchClient({ apiKey: 1 });
// @ts-expect-error The endpoint is missing.
await createBatch(client, { input: { fileId: "file-1" } });
