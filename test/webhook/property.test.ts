import fc from "fast-check";
import { expect, test } from "vitest";

import { createWebhookHandler } from "../../src/webhook/index.ts";
import { deliver, eventBody, SECRET, type Sent, signatureOf } from "./deliveries.ts";

const now = Date.UTC(2026, 0, 1);

/** A handler whose dispatches are only counted. */
function countingHandler() {
  const dispatched: unknown[] = [];
  const handle = createWebhookHandler({
    secret: SECRET,
    repository: "octo-org/evaluations",
    githubToken: "token",
    clock: { now: () => now, timeout: () => new AbortController().signal },
    fetch: (_, init) => {
      dispatched.push(init?.body);
      return Promise.resolve(new Response(null, { status: 204 }));
    },
  });
  return { handle, dispatched };
}

const ids = fc.stringMatching(/^[\w.-]{1,64}$/);
const deliveries: fc.Arbitrary<Sent> = fc.record({
  id: ids,
  timestamp: fc.integer({ min: -300, max: 300 }).map((seconds) => now / 1000 + seconds),
  body: ids.map((id) => eventBody("batch.completed", { id })),
});

/** One bit of a text's UTF-8, another one. */
const flip = (text: string | Buffer, at: number): Buffer => {
  const bytes = Buffer.from(text);
  const byte = at % bytes.length;
  bytes[byte] = (bytes[byte] ?? 0) ^ (1 << (at % 8));
  return bytes;
};

test("whatever is signed and of now is dispatched once", async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async (sent) => {
      const { handle, dispatched } = countingHandler();
      expect((await handle(deliver(sent))).status).toBe(200);
      expect((await handle(deliver(sent))).status).toBe(200);
      expect(dispatched).toHaveLength(1);
    }),
  );
});

test("a changed bit, byte or mark of the body is refused", async () => {
  const changes = fc.oneof(
    fc.nat().map((at) => (body: Buffer) => flip(body, at)),
    fc.constant((body: Buffer) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])),
    fc.constant((body: Buffer) => Buffer.concat([body, Buffer.from("\n")])),
    fc.constant((body: Buffer) => body.subarray(0, -1)),
    fc.constant(() => Buffer.from("")),
  );
  await fc.assert(
    fc.asyncProperty(deliveries, changes, async (sent, change) => {
      const { handle, dispatched } = countingHandler();
      const headers = { "webhook-signature": signatureOf(sent) };
      const body = change(Buffer.from(sent.body));
      expect((await handle(deliver({ ...sent, body }, headers))).status).toBeOneOf([400, 401]);
      expect(dispatched).toEqual([]);
    }),
  );
});

test("a changed id or time is refused", async () => {
  await fc.assert(
    fc.asyncProperty(
      deliveries,
      fc.record({ id: ids, shift: fc.integer({ min: -299, max: 299 }) }),
      async (sent, { id, shift }) => {
        const timestamp = Number(sent.timestamp) + shift;
        fc.pre(id !== sent.id || shift !== 0);
        const { handle, dispatched } = countingHandler();
        const headers = { "webhook-signature": signatureOf(sent) };
        const status = (await handle(deliver({ ...sent, id, timestamp }, headers))).status;
        expect(status).toBeOneOf([400, 401]);
        expect(dispatched).toEqual([]);
      },
    ),
  );
});

test("a changed signature is refused, whatever it is", async () => {
  const texts = fc.stringMatching(/^[!-~ ]{0,200}$/);
  await fc.assert(
    fc.asyncProperty(deliveries, texts, fc.nat(), async (sent, text, at) => {
      const right = signatureOf(sent);
      const cut = right.slice(0, at % right.length);
      for (const signature of [text, `v1,${text}`, cut, `${right}=`, right.toLowerCase()]) {
        const { handle, dispatched } = countingHandler();
        const answer = await handle(deliver(sent, { "webhook-signature": signature }));
        expect(answer.status).toBeOneOf([400, 401]);
        expect(dispatched).toEqual([]);
      }
    }),
  );
});

test("no bytes and no headers make the handler throw", async () => {
  const headerTexts = fc.stringMatching(/^[!-~ ]{0,40}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.record({
        "webhook-id": headerTexts,
        "webhook-timestamp": fc.oneof(headerTexts, fc.constant(String(now / 1000))),
        "webhook-signature": headerTexts,
        "content-length": headerTexts,
      }),
      async (bytes, headers) => {
        const { handle, dispatched } = countingHandler();
        const request = new Request("https://hooks.example/", {
          method: "POST",
          headers,
          body: Buffer.from(bytes),
        });
        expect((await handle(request)).status).toBeOneOf([400, 401, 413]);
        expect(dispatched).toEqual([]);
      },
    ),
  );
});
