import { stat } from "node:fs/promises";

import type { BatchClient } from "../../api/client.ts";
import type { CallOptions } from "../../api/types.ts";
import { lengthOf } from "../results/fetch.ts";
import type { FileLength } from "../rules.ts";

/**
 * Downloads the input file of a batch, to see what the batch holds; one that came short is fetched again.
 *
 * @returns how it is against the length that the server names; `decideInputOrder` says whether that is enough
 */
export async function fetchInputFile(
  client: BatchClient,
  id: string,
  { path, call }: { readonly path: string; readonly call: CallOptions },
): Promise<FileLength> {
  let length: FileLength = "unknown";
  await client.files.download(id, path, {
    ...call,
    async check(partial, measured) {
      const { size } = await stat(partial);
      length = measured ? "whole" : await lengthOf({ client, call }, id, size);
      return length === "short" ? "it is shorter than the server says that it is" : undefined;
    },
  });
  return length;
}
