import type { ServerResponse } from "node:http";

import { type RawServer, rawServer, reply, type SeenRequest } from "./raw-server.ts";

type Answer = (
  request: SeenRequest,
  response: ServerResponse,
  count: number,
) => boolean | undefined;

export interface IdentityOptions {
  /** Seconds that an access token lives; defaults to none is told. */
  readonly expiresIn?: number;
  /** Answers a request for GitHub's token itself, and then returns true. */
  readonly oidc?: Answer;
  /** Answers an exchange itself, and then returns true. */
  readonly exchange?: Answer;
}

/** GitHub's token service and OpenAI's token exchange, on one loopback port. */
export interface IdentityServer extends AsyncDisposable {
  readonly server: RawServer;
  readonly tokenURL: string;
  /** As the runner sets it where `id-token: write` is given. */
  readonly env: Readonly<
    Record<"ACTIONS_ID_TOKEN_REQUEST_URL" | "ACTIONS_ID_TOKEN_REQUEST_TOKEN", string>
  >;
  /** Bodies of the exchanges, in order. */
  readonly exchanges: () => readonly Readonly<Record<string, unknown>>[];
  /** Requests for GitHub's token, in order. */
  readonly asked: () => readonly SeenRequest[];
  /** Every secret that was handed out. */
  readonly secrets: () => readonly string[];
}

export const requestToken = "request-token-0123456789";
export const subjectToken = (count: number) => `github-oidc-token-${count}-of-nobody`;
export const accessToken = (count: number) => `openai-access-token-${count}-of-nobody`;

export async function identityServer(options: IdentityOptions = {}): Promise<IdentityServer> {
  const given = new Set([requestToken]);
  const give = (token: string) => {
    given.add(token);
    return token;
  };
  let asked = 0;
  let exchanged = 0;
  const server = await rawServer((request, response) => {
    if (request.url.startsWith("/idtoken")) {
      asked += 1;
      if (options.oidc?.(request, response, asked) === true) return;
      reply(response, 200, { value: give(subjectToken(asked)) });
      return;
    }
    exchanged += 1;
    if (options.exchange?.(request, response, exchanged) === true) return;
    reply(response, 200, {
      access_token: give(accessToken(exchanged)),
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      ...(options.expiresIn === undefined ? {} : { expires_in: options.expiresIn }),
    });
  });
  const isOidc = ({ url }: SeenRequest) => url.startsWith("/idtoken");
  return {
    server,
    tokenURL: `${server.origin}/oauth/token`,
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.origin}/idtoken//job/1?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    exchanges: () =>
      server.requests
        .filter((request) => !isOidc(request))
        .map(({ body }) => JSON.parse(body) as Record<string, unknown>),
    asked: () => server.requests.filter(isOidc),
    secrets: () => [...given],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
