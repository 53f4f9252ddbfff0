/** Real HTTP servers on loopback. */

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

export async function listen(listener: RequestListener): Promise<Running> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://localhost:${portOf(server)}`, close: () => close(server) };
}

export async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}

/** Return a port that refuses connections. */
export async function deadUrl(): Promise<string> {
  const running = await listen(() => {});
  await running.close();
  return running.url;
}

export interface Notice {
  method: string | undefined;
  url: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: Record<string, unknown>;
  /** The body as it came. */
  text: string;
  /** Of the connection's other end: the same for requests that share one. */
  port: number | undefined;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Where the service stands in the tests: it keeps what it is sent, and answers as it is told. */
export class Service {
  readonly notices: Notice[] = [];
  private readonly answers: Answer[];
  private running!: Running;

  private constructor(answers: Answer[]) {
    this.answers = answers;
  }

  /** The n-th request gets the n-th answer; the last answer stands for all further ones. */
  static async start(...answers: Answer[]): Promise<Service> {
    const service = new Service(answers);
    service.running = await listen((request, response) => {
      void read(request).then((text) => {
        const { method, url, headers, socket } = request;
        const body = JSON.parse(text);
        service.notices.push({ method, url, headers, body, text, port: socket.remotePort });
        const nth = Math.min(service.notices.length, answers.length) - 1;
        service.answers[nth]!(response, request);
      });
    });
    return service;
  }

  get url(): string {
    return this.running.url;
  }

  /** What came in the only request. */
  get notice(): Notice {
    if (this.notices.length !== 1) throw new Error(`${this.notices.length} requests came`);
    return this.notices[0]!;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.running.close();
  }
}

export const answer =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status, { "Content-Type": "application/json" }).end("{}");
  };
export const never: Answer = () => {};
export const reset: Answer = (_, request) => {
  request.socket.resetAndDestroy();
};
/** An answer whose headers come at once, and whose body never ends. */
export const drip =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status).write("{");
  };
/** An answer that sends the client elsewhere, body and all. */
export const moved =
  (location: string): Answer =>
  (response) => {
    response.writeHead(307, { Location: location }).end();
  };
/** An answer whose end comes a little after its beginning. */
export const inParts =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status).write("{");
    setTimeout(() => response.end("}"), 20);
  };
/** An answer as fast and as long as the connection takes it: 64 MiB. */
export const endless =
  (status: number): Answer =>
  (response) => {
    const chunk = Buffer.alloc(1 << 20);
    pipeline(Readable.from(Array(64).fill(chunk)), response.writeHead(status)).catch(() => {});
  };

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
