import { Webhook } from "standardwebhooks";

/** What the three headers of a delivery say; see https://www.standardwebhooks.com. */
export interface Delivery {
  /** The same each time the same event is sent again. */
  readonly id: string;
  /** Unix seconds of this very sending. */
  readonly timestamp: number;
  /** One or more `v1,<base64>`, separated by spaces. */
  readonly signatures: string;
}

/** Seconds that a delivery's clock may differ from ours; the specification's own figure. */
const tolerance = 300;
const longestId = 256;

/** The headers of a delivery; `undefined` where one is missing or in no form that is ever signed. */
export function readDelivery(headers: Headers): Delivery | undefined {
  const id = headers.get("webhook-id") ?? "";
  const timestamp = headers.get("webhook-timestamp") ?? "";
  const signatures = headers.get("webhook-signature") ?? "";
  if (id === "" || id.length > longestId || signatures === "") return undefined;
  // `standardwebhooks` reads "17x" as 17 and would take a changed header for the signed one.
  if (!/^[1-9]\d{0,11}$/.test(timestamp)) return undefined;
  return { id, timestamp: Number(timestamp), signatures };
}

/** Whether a delivery was sent within five minutes of `now`, in milliseconds since the epoch. */
export function isFresh({ timestamp }: Delivery, now: number): boolean {
  return Math.abs(now / 1000 - timestamp) <= tolerance;
}

/**
 * The check of deliveries signed with `secret`. Not `verify` of `standardwebhooks`, which goes by
 * the machine's clock and no other, but its `sign`, compared in a time that tells nothing.
 *
 * @throws {TypeError} when the secret is none, in a message without it
 */
export function signatureCheck(secret: string): (delivery: Delivery, body: string) => boolean {
  const webhook = openSecret(secret);
  return ({ id, timestamp, signatures }, body) => {
    const expected = webhook.sign(id, new Date(timestamp * 1000), body);
    return signatures.split(" ").some((signature) => isEqual(signature, expected));
  };
}

function openSecret(secret: string): Webhook {
  try {
    return new Webhook(secret.trim());
  } catch {
    throw new TypeError(
      "The webhook's secret cannot be read. It begins with whsec_ and is shown once, when the webhook is made.",
    );
  }
}

function isEqual(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at += 1) {
    difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  }
  return difference === 0;
}
