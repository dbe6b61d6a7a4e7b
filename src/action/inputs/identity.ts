import { checkedTokenURL, defaultTokenURL } from "../../api/base-url.ts";
import { messageOf } from "../../api/errors.ts";
import type { Fields } from "./fields.ts";
import type { Environment, Problem } from "./problem.ts";

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
  fields: Fields,
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
