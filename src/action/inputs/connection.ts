import { hasCredential, replacesBearer, unsendable } from "../../api/auth.ts";
import { checkedBaseURL, defaultBaseURL } from "../../api/base-url.ts";
import type { Environment } from "../../api/environment.ts";
import { messageOf } from "../../api/errors.ts";
import type { InputFields } from "./fields.ts";
import { type IdentityInputs, readIdentity } from "./identity.ts";
import type { Problem } from "./problem.ts";

/** How the server is reached. */
export interface ConnectionInputs {
  readonly apiKey: string | undefined;
  /** In the place of a key. */
  readonly identity: IdentityInputs | undefined;
  readonly baseURL: string;
  readonly organization: string | undefined;
  readonly project: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly maxRetries: number;
  /** Milliseconds that a server may make a call wait; until its deadline by default. */
  readonly maxRetryAfter?: number | undefined;
}

export function readConnection(
  fields: InputFields,
  env: Environment,
  problem: Problem,
  { keyless = false }: { readonly keyless?: boolean } = {},
): ConnectionInputs {
  const headers = fields.headers("headers");
  const identity = readIdentity(fields, env, problem);
  const apiKey = readKey(fields, env, { identity, headers, keyless }, problem);
  checkHeaders(headers, problem);
  const scope = {
    "api-key": apiKey,
    organization: fields.text("organization") ?? (env["OPENAI_ORG_ID"]?.trim() || undefined),
    project: fields.text("project") ?? (env["OPENAI_PROJECT_ID"]?.trim() || undefined),
  };
  for (const [name, value] of Object.entries(scope)) {
    if (value !== undefined && unsendable.test(value)) {
      problem(
        `\`${name}\` cannot be sent: it holds a line break or a character that no header may have. Set it again, in one line.`,
      );
    }
  }
  let baseURL = fields.text("base-url") ?? (env["OPENAI_BASE_URL"]?.trim() || defaultBaseURL);
  try {
    baseURL = checkedBaseURL(baseURL);
  } catch (error) {
    problem(`\`base-url\`: ${messageOf(error)}`);
  }
  return {
    apiKey,
    identity,
    baseURL,
    organization: scope.organization,
    project: scope.project,
    headers,
    requestTimeout: fields.duration("request-timeout") ?? 60_000,
    maxRetries: fields.integer("max-retries", 5, { max: 1000 }),
  };
}

/** A length that is not the body's makes the server wait for the rest of it, until the call times out. */
const framing: ReadonlySet<string> = new Set(["content-length", "transfer-encoding"]);

function checkHeaders(headers: ConnectionInputs["headers"], problem: Problem): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || unsendable.test(value)) {
      problem(`\`headers\`: \`${name}\` cannot be sent; check its name and value.`);
    } else if (framing.has(name.toLowerCase())) {
      problem(
        `\`headers\`: \`${name}\` differs from call to call and is set by itself. Leave it out.`,
      );
    }
  }
}

/** The key, where none of the other ways is taken; a key of the environment is no second way, only an unused one. */
function readKey(
  fields: InputFields,
  env: Environment,
  {
    identity,
    headers,
    keyless,
  }: {
    readonly keyless: boolean;
    readonly identity: IdentityInputs | undefined;
    readonly headers: Readonly<Record<string, string>>;
  },
  problem: Problem,
): string | undefined {
  const given = fields.text("api-key");
  if (identity !== undefined) {
    if (given !== undefined) {
      problem(
        "`api-key` and `identity-provider-id` are two ways to say who you are. Leave one of them out.",
      );
    }
    if (replacesBearer(headers)) {
      problem(
        "`headers`: `Authorization` would replace the token of `identity-provider-id`. Leave one of them out.",
      );
    }
    return undefined;
  }
  const apiKey = given ?? (env["OPENAI_API_KEY"]?.trim() || undefined);
  if (apiKey === undefined && !keyless && !hasCredential(headers)) {
    problem(
      "There is no API key. Set `api-key` (a secret: `${{ secrets.OPENAI_API_KEY }}`; secrets are empty in workflows of forks) or the variable OPENAI_API_KEY. Or go without a key: set `identity-provider-id` and `service-account-id`, and give the job `permissions:` with `id-token: write`.",
    );
  }
  return apiKey;
}
