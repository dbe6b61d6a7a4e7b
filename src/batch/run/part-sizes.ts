import { estimateTokens } from "../cost/tokens.ts";
import type { InputScan } from "../input.ts";
import type { InputPart } from "../split.ts";

/** How large the parts of a round are, for a server that counts the tokens that are enqueued. */
export interface PartSizes {
  modelOf(part: number): string;
  /** Input tokens, by estimate. */
  tokensOf(part: number): Promise<number>;
}

interface PartSizesOptions {
  readonly endpoint: string;
  readonly signal?: AbortSignal | undefined;
}

/** Nothing is counted before somebody asks; then the input is, once. */
export function sizesOf(
  scan: InputScan,
  parts: readonly InputPart[],
  { endpoint, signal }: PartSizesOptions,
): PartSizes {
  let perByte: ReadonlyMap<string, number> | undefined;
  const count = async () => {
    const { models } = await estimateTokens(scan, { endpoint, signal });
    return new Map(models.map(({ model, input, bytes }) => [model, input / Math.max(1, bytes)]));
  };
  return {
    modelOf: (part) => parts[part]?.model ?? "",
    async tokensOf(index) {
      perByte ??= await count();
      const part = parts[index];
      return part === undefined ? 0 : Math.round(part.bytes * (perByte.get(part.model) ?? 0));
    },
  };
}
