import { APIError, type ErrorDetails } from "./errors.ts";

/**
 * No access token was given for the workload's own one. The call that needed it was not made. What
 * passes has been tried again before, so nothing tries this again.
 */
export class OAuthError extends APIError {
  override readonly name: string = "OAuthError";

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { ...details, shouldRetry: false });
  }

  override get outcomeUnknown(): boolean {
    return false;
  }
}

/** The workload's own token could not be had, so that there was nothing to exchange. */
export class SubjectTokenProviderError extends OAuthError {
  override readonly name = "SubjectTokenProviderError";
}
