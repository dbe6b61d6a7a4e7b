import { collectAt, collectMemoryTarget } from "./collect.ts";
import { compare, type Peer } from "./compare.ts";
import { bytesOf } from "./data.ts";
import type { Setting } from "./setting.ts";
import type { Row } from "./table.ts";
import { createAt, createMemoryTarget } from "./upload.ts";

/** The longest time for a byte of the largest file, as a ratio of that of the middle one. */
const linear = 1.25;

/** Memory must not grow with the file, and time only in step with it. */
export async function flatness(setting: Setting): Promise<readonly Row[]> {
  return [
    ...(await grow(setting, (size) => createAt(setting, size), createMemoryTarget)),
    ...(await grow(setting, (size) => collectAt(setting, size), collectMemoryTarget)),
  ];
}

async function grow(
  { sizes, rounds }: Setting,
  peerOf: (size: Setting["sizes"][number]) => Peer,
  memoryTarget: number,
): Promise<readonly Row[]> {
  const peers = sizes.map((size) => ({ size, peer: peerOf(size) }));
  // Three are enough where one run takes many seconds and its length is the point.
  const medians = await compare(
    peers.map(({ peer }) => peer),
    Math.min(3, rounds),
  );
  const perByte = peers.map(({ size, peer }) => {
    return (medians.get(peer.name)?.wall ?? Number.NaN) / bytesOf(size);
  });
  return peers.map(({ size, peer }, index) => {
    const figures = medians.get(peer.name);
    const growth = (perByte[index] ?? Number.NaN) / (perByte[index - 1] ?? Number.NaN);
    const rate = bytesOf(size) / 1_000 / (figures?.wall ?? Number.NaN);
    return {
      what: peer.name,
      figures,
      note: `${rate.toFixed(0)} MB/s${index === 0 ? "" : `, ${growth.toFixed(2)} of the time per byte of the size before`}`,
      target: `< ${memoryTarget} MiB${index === 0 ? "" : `, ≤ ${linear} per byte`}`,
      held: (figures?.memory ?? Number.NaN) < memoryTarget && (index === 0 || growth <= linear),
    };
  });
}
