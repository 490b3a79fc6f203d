import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { WebhookRequest } from '#provider-kit';
import { webhookRequest } from './builders.js';

/** An address that accepts every webhook, for suites that look at a double's posts. */
export class PostedWebhooks {
  private readonly posted: WebhookRequest[] = [];
  private readonly server = createServer((request, reply) => {
    void text(request).then((body) => {
      const { searchParams: query } = new URL(request.url ?? '/', this.url);
      this.posted.push(webhookRequest(body, request.headers as WebhookRequest['headers'], { query }));
      reply.end();
    });
  });

  /** Starts one on a free port of this machine. */
  static async start(): Promise<PostedWebhooks> {
    const webhooks = new PostedWebhooks();
    await new Promise<void>((resolve) => webhooks.server.listen(0, '127.0.0.1', resolve));
    return webhooks;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Returns the webhooks that were posted since the last call. */
  take(): WebhookRequest[] {
    return this.posted.splice(0);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
