/** What to do about an error code with which the API refuses a call. */
const byCode: ReadonlyMap<string, string> = new Map(
  Object.entries({
    insufficient_quota:
      "The account has no credit or has reached its budget; retrying does not help. Add credit or raise the limit in the billing settings, then run again.",
    credit_balance_exhausted:
      "The organization has no prepaid credit left; retrying does not help. Add credit in the billing settings, then run again.",
    organization_spend_limit_exceeded:
      "The organization's monthly spend limit is reached; retrying does not help. Raise it, or wait for the new month.",
    project_spend_limit_exceeded:
      "The project's monthly spend limit is reached; retrying does not help. Raise it, use another project, or wait for the new month.",
    organization_usage_limit_exceeded:
      "The organization has reached the usage that OpenAI allows it a month; retrying does not help. Ask for a higher limit.",
    billing_hard_limit_reached:
      "The project's budget is used up; retrying does not help. Raise it in the billing settings, then run again.",
    billing_not_active: "Set up billing for the account, then run again.",
    invalid_api_key:
      "Check that the key is whole, not revoked, and belongs to this server and project.",
    model_not_found:
      "Check the model's name, that it has not been shut down (https://developers.openai.com/api/docs/deprecations), and that the project may use it, also in batches.",
    incorrect_hostname:
      "The key's project keeps its data in a region, and is reached at that region's host only. Set the base URL to the host that the message names, such as https://us.api.openai.com/v1.",
    token_limit_exceeded:
      "Too many tokens are enqueued for this model. Wait for other batches to finish, or send fewer requests in one batch.",
    missing_required_parameter: "Give what the message names, and run again.",
    rate_limit_exceeded: "The server asks for fewer calls; run again later.",
    slow_down: "Calls came too fast for the server; run again later.",
    server_is_overloaded: "The server has no capacity left at the moment; run again later.",
  }),
);

const byStatus: Readonly<Record<number, string>> = {
  400: "The server did not accept the request as it is; fix what it names and run again.",
  401: "Check the API key, and that it belongs to this server, organization and project.",
  403: "The key may not do this; give it the permission for files and batches, or use another project.",
  404: "Check the id and the base URL; an id is only known in the project that made it.",
  405: "Check the base URL; it usually ends in /v1.",
  409: "Look at its state. If something else changed it at the same time, run again; if it is a batch that has ended, there is nothing to cancel.",
  413: "The file is larger than the server takes; split it.",
  429: "The server asks for fewer calls; run again later.",
};

/**
 * What to do about an error code of a refused call, where it is one that we know.
 * @see https://platform.openai.com/docs/guides/error-codes
 */
export function adviceForCode(code: string | undefined): string | undefined {
  return code === undefined ? undefined : byCode.get(code);
}

/**
 * One sentence on what to do about an answer with a status and an error code.
 *
 * @param said the server's own words, which the advice must not contradict
 */
export type Advise = (status: number, code: string | undefined, said?: string) => string;

/** What to do about an answer with this status, error code and message. */
export const adviceFor: Advise = (status, code, said) => {
  const known = adviceForCode(code);
  if (known !== undefined) return known;
  // OpenAI gives no code with it: https://github.com/bespokelabsai/curator/issues/189
  if (said !== undefined && /\bfile storage quota\b/i.test(said)) {
    return "The organization's storage for files is full; retrying does not help. Delete files that are no longer needed, and let new ones expire.";
  }
  if (status >= 300 && status < 400) {
    return "Set the base URL to the address that the server redirects to.";
  }
  if (status === 501) return "The server does not offer this call; check the base URL.";
  if (status >= 500) return "The server has a problem; run again later.";
  if (status === 403 && said !== undefined) {
    return /\bmodels?\b/i.test(said)
      ? "Check the model's name, and that the project may use it and that it can be used in batches."
      : "If that is about the key, give it the permission for files and batches, or use another project.";
  }
  return byStatus[status] ?? "Fix what the server names and run again.";
};
