/** What Next adds to Node's own requests and responses. */

import type { IncomingMessage, ServerResponse } from "node:http";

export interface NextApiRequest extends IncomingMessage {
  query: Record<string, string | string[]>;
  cookies: Record<string, string>;
  body: unknown;
}

export interface NextApiResponse extends ServerResponse {
  status(status: number): NextApiResponse;
  json(body: unknown): void;
  send(body: unknown): void;
}
