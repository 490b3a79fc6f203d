import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import type { WebhookRequest } from '#provider-kit';
import { webhookRequest } from './builders.js';

/** A posted webhook. */
export interface PostedWebhook {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  text: string;
  // A test reads any expected member.
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

/** An address that accepts every webhook, for suites and specs that look at a double's posts. */
export class PostedWebhooks {
  /** The webhooks that were posted since the last `take` or `reset`. */
  readonly received: PostedWebhook[] = [];
  /** The statuses of the next replies. Then 200. */
  statuses: number[] = [];
  /** Replies to a webhook. By default with the next status. */
  answer!: (response: ServerResponse, posted: PostedWebhook) => unknown;
  private readonly server = createServer((request, response) => {
    void readText(request).then((text) => {
      const { method = '', headers } = request;
      const json: unknown = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
      const posted = { method, url: new URL(request.url ?? '/', this.url), headers, text, json };
      this.received.push(posted);
      this.answer(response, posted);
    });
  });

  /** Starts one on a free port of this machine. */
  static async start(): Promise<PostedWebhooks> {
    const webhooks = new PostedWebhooks();
    webhooks.reset();
    await new Promise<void>((resolve) => webhooks.server.listen(0, '127.0.0.1', resolve));
    return webhooks;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Returns the webhooks that were posted since the last call, as a provider receives them. */
  take(): WebhookRequest[] {
    return this.received
      .splice(0)
      .map(({ text, headers, url }) => webhookRequest(text, headers as WebhookRequest['headers'], { query: url.searchParams }));
  }

  /** Forgets what was posted, and replies with 200. */
  reset(): void {
    this.received.length = 0;
    this.statuses = [];
    this.answer = (response) => response.writeHead(this.statuses.shift() ?? 200).end();
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
