/**
 * OpenAI's webhook becomes a workflow run, as a Cloudflare Worker. Any host that calls a `fetch` of
 * a module will do; for others, hand their `Request` to `createWebhookHandler`'s function.
 *
 * 1. `npm install openai-batch-action`, and put your repository into `wrangler.toml`.
 * 2. `npx wrangler kv namespace create DELIVERIES`, and put its id there too.
 * 3. `npx wrangler deploy` prints the worker's address. Give that to OpenAI (settings of the project,
 *    Webhooks) for the events batch.completed, batch.failed, batch.expired and batch.cancelled.
 * 4. `npx wrangler secret put OPENAI_WEBHOOK_SECRET`: the `whsec_…` that OpenAI shows once.
 * 5. `npx wrangler secret put GITHUB_TOKEN`: a fine-grained token for this one repository with
 *    Contents: write, which repository_dispatch needs, and nothing else.
 * 6. Put `docs/recipes/webhook.yml` into the repository's `.github/workflows`, on its default branch.
 */
import { createWebhookHandler, type DeliveryStore } from "openai-batch-action/webhook";

/** The part of Cloudflare's `KVNamespace` that is used. */
interface KeyValueStore {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { readonly expirationTtl: number }): Promise<void>;
}

interface Env {
  /** `owner/name`. */
  readonly REPOSITORY: string;
  readonly OPENAI_WEBHOOK_SECRET: string;
  readonly GITHUB_TOKEN: string;
  /** Only for GitHub Enterprise Server: `https://HOST/api/v3`. */
  readonly GITHUB_API_URL?: string;
  readonly DELIVERIES: KeyValueStore;
}

/** Kept between requests, so that two at once of the same delivery are seen to be one. */
let handle: ((request: Request) => Promise<Response>) | undefined;

export default {
  fetch(request: Request, env: Env): Promise<Response> {
    handle ??= createHandler(env);
    return handle(request);
  },
};

function createHandler(env: Env): (request: Request) => Promise<Response> {
  return createWebhookHandler({
    secret: env.OPENAI_WEBHOOK_SECRET,
    repository: env.REPOSITORY,
    githubToken: env.GITHUB_TOKEN,
    githubApiUrl: env.GITHUB_API_URL,
    store: storeIn(env.DELIVERIES),
    onError: (error) => {
      console.error(error.message);
    },
  });
}

function storeIn(deliveries: KeyValueStore): DeliveryStore {
  return {
    has: async (id) => (await deliveries.get(id)) !== null,
    add: (id, seconds) => deliveries.put(id, "seen", { expirationTtl: seconds }),
  };
}
