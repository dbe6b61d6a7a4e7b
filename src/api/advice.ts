/** What to do about an error code of the API; the codes are those of the reference and of issue threads. */
const byCode: ReadonlyMap<string, string> = new Map(
  Object.entries({
    insufficient_quota:
      "The account has no credit or has reached its budget; no retry mends that. Add credit or raise the limit in the billing settings, then run again.",
    billing_hard_limit_reached:
      "The project's budget is used up; no retry mends that. Raise it in the billing settings, then run again.",
    invalid_api_key:
      "Check that the key is whole, not revoked, and belongs to this server and project.",
    model_not_found:
      "Check the model's name, and that the project may use it and that it can be used in batches.",
    token_limit_exceeded:
      "Too many tokens are enqueued for this model. Wait for other batches to finish, or send fewer requests in one batch.",
    billing_not_active: "Set up billing for the account, then run again.",
  }),
);

const byStatus: Readonly<Record<number, string>> = {
  400: "The server did not accept the request as it is; mend what it names and run again.",
  401: "Check the API key, and that it belongs to this server, organization and project.",
  403: "The key may not do this; give it the permission for files and batches, or use another project.",
  404: "Check the id and the base URL; an id is only known in the project that made it.",
  405: "Check the base URL; it usually ends in /v1.",
  409: "Something else changed it at the same time; look at its state and run again.",
  413: "The file is larger than the server takes; split it.",
  429: "The server asks for fewer calls; run again later.",
};

/** One sentence on what to do about an answer with this status and error code. */
export function adviceFor(status: number, code: string | undefined): string {
  const known = code === undefined ? undefined : byCode.get(code);
  if (known !== undefined) return known;
  if (status >= 300 && status < 400) {
    return "Set the base URL to the address that the server redirects to.";
  }
  if (status >= 500) return "The server has a problem; run again later.";
  return byStatus[status] ?? "Mend what the server names and run again.";
}
