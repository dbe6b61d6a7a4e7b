import { type Fields, isFields } from "../../api/json.ts";

/** The vector of an embedding; of several inputs an array of them, `undefined` of none. */
export function embeddingsOf(data: readonly unknown[]): unknown {
  const vectors = data.filter(isFields).sort(byIndex).map(vectorOf);
  return vectors.length > 1 ? vectors : vectors[0];
}

/** The result of a moderation; of several inputs an array of them, `undefined` of none. */
export function moderationsOf(results: readonly unknown[]): unknown {
  return results.length > 1 ? results : results[0];
}

function byIndex({ index: a }: Fields, { index: b }: Fields): number {
  return typeof a === "number" && typeof b === "number" ? a - b : 0;
}

/** Numbers, also where the request asked for them in Base64, as 32 bits each. */
function vectorOf({ embedding }: Fields): unknown {
  if (typeof embedding !== "string") return embedding;
  const bytes = Buffer.from(embedding, "base64");
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readFloatLE(at * 4));
}
