import { checkedTokenURL, defaultTokenURL } from "../../api/base-url.ts";
import type { Environment } from "../../api/environment.ts";
import { messageOf } from "../../api/errors.ts";
import { isFields } from "../../api/json.ts";
import { formatDuration } from "../format.ts";
import type { InputFields } from "./fields.ts";
import type { Problem } from "./problem.ts";
import type { WaitInputs } from "./wait.ts";

/** Who the workflow is when it has no key. */
export interface IdentityInputs {
  readonly identityProviderId: string;
  readonly serviceAccountId: string;
  readonly tokenURL: string;
  readonly oidc: OidcRequest;
}

/** Where and how the job asks GitHub for a token of its own. */
export interface OidcRequest {
  readonly url: string;
  readonly token: string;
  readonly audience: string;
}

/** What OpenAI's guide sets for the identity provider, and the official package asks for where it has a default. */
const defaultAudience = "https://api.openai.com/v1";

/** The inputs of an identity; `undefined` where none is given. */
export function readIdentity(
  fields: InputFields,
  env: Environment,
  problem: Problem,
): IdentityInputs | undefined {
  const identityProviderId = fields.text("identity-provider-id");
  const serviceAccountId = fields.text("service-account-id");
  const audience = fields.text("identity-audience");
  const tokenURL = fields.text("identity-token-url") ?? defaultTokenURL;
  if (identityProviderId === undefined && serviceAccountId === undefined) {
    if (audience !== undefined) {
      problem("`identity-audience` needs `identity-provider-id` and `service-account-id` too.");
    }
    return undefined;
  }
  if (identityProviderId === undefined || serviceAccountId === undefined) {
    const [given, missing] =
      identityProviderId === undefined
        ? ["service-account-id", "identity-provider-id"]
        : ["identity-provider-id", "service-account-id"];
    problem(`\`${given}\` is given without \`${missing}\`; a workflow without a key needs both.`);
  }
  try {
    checkedTokenURL(tokenURL);
  } catch (error) {
    problem(`\`identity-token-url\`: ${messageOf(error)}`);
  }
  const url = env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
  const token = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
  if (!URL.canParse(url) || token === "") {
    problem(
      "The job may not ask for GitHub's OIDC token. Give it `permissions:` with `id-token: write`, beside the others that it needs (`contents: read` for actions/checkout). Workflows of pull requests from forks cannot have it.",
    );
  }
  return {
    identityProviderId: identityProviderId ?? "",
    serviceAccountId: serviceAccountId ?? "",
    tokenURL,
    oidc: { url, token, audience: audience ?? defaultAudience },
  };
}

/** Milliseconds from a job's start to the end of its right to ask for an identity. */
const lifeOfRight = 6 * 3_600_000;

/**
 * Milliseconds since the epoch at which the right to ask for a token ends, as the right itself says
 * (it is a JSON Web Token); `undefined` where it does not.
 */
export function endOfRight(token: string): number | undefined {
  const [, payload = ""] = token.split(".");
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const end = isFields(claims) ? claims["exp"] : undefined;
    return typeof end === "number" ? end * 1000 : undefined;
  } catch {
    // Not a token of this form: nothing is known.
    return undefined;
  }
}

/** What is to be said of a wait that is longer than the workflow has an identity. */
export function identityWarnings(
  identity: Pick<IdentityInputs, "oidc"> | undefined,
  { timeout, onTimeout }: Pick<WaitInputs, "timeout" | "onTimeout">,
  now = Date.now(),
): string[] {
  if (identity === undefined) return [];
  const end = endOfRight(identity.oidc.token);
  const left = end === undefined ? lifeOfRight : Math.max(0, end - now);
  if (timeout <= left) return [];
  const then =
    onTimeout === "dispatch"
      ? "the batches are handed over to another run then"
      : "the wait fails soon after that, with its batches still running. Give `timeout` less, and go on in another run with `on-timeout: dispatch`";
  return [
    `\`timeout\` is ${formatDuration(timeout)}, but this job may ask GitHub for its identity for ${end === undefined ? "about six hours from its start" : `${formatDuration(left)} more`} only; ${then}.`,
  ];
}
