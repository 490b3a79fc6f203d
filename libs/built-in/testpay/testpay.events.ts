import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { IsNull, LessThanOrEqual } from 'typeorm';
import { ConnectionStore, ProviderContexts } from '#connections';
import { Clock, Database, defineJob, HandleJob, JobQueue } from '#platform';
import { nothing, type ProviderContext, ProviderError, Service } from '#provider-kit';
import { TestpayEventEntity } from './testpay.entity.js';
import { TestpayGateway } from './testpay.gateway.js';
import { TestpayProvider } from './testpay.provider.js';
import type { TestpaySettings } from './testpay.settings.js';
import { SIGNATURE_HEADER, signBody } from './testpay.webhook.js';

const passTime = defineJob<Record<string, never>>('housekeeping', 'testpay.pass-time', { optional: true });
const sendEvents = defineJob<Record<string, never>>('inbox', 'testpay.send-events', { optional: true });

const TICK_MS = 1_000;
const BATCH = 20;

/** The gateway's timed events and its webhooks, sent over HTTP like an outside gateway's. */
@Injectable()
export class TestpayEvents implements OnModuleDestroy {
  private readonly logger = new Logger(TestpayEvents.name);
  private readonly service = new Service<ProviderContext<TestpaySettings>>({
    name: 'the webhook address',
    url: ({ webhookUrl }) => webhookUrl,
  });
  private readonly post = this.service.act('POST ', nothing);

  constructor(
    private readonly gateway: TestpayGateway,
    private readonly provider: TestpayProvider,
    private readonly connections: ConnectionStore,
    private readonly contexts: ProviderContexts,
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await this.service.close();
  }

  @HandleJob(passTime, { everyMs: TICK_MS })
  async tick(): Promise<void> {
    await this.database.transaction((tx) => this.gateway.passTime(tx, this.clock.now()));
    const events = this.database.dataSource.getRepository(TestpayEventEntity);
    if (await events.existsBy({ sentAt: IsNull(), dueAt: LessThanOrEqual(this.clock.now()) }))
      this.queue.wake(sendEvents, {}, { deduplicationId: 'testpay.send-events' });
  }

  @HandleJob(sendEvents)
  async sendDue(_data: object, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const events = await this.gateway.claimEvents(this.clock.now(), BATCH);
      if (events.length === 0) return;
      // One after the other: in the order in which they are due.
      for (const event of events) await this.send(event);
    }
  }

  private async send(event: TestpayEventEntity): Promise<void> {
    const connection = await this.connections.findById(event.connectionId, 'payment');
    if (!connection) return;
    const context = this.contexts.contextFor<TestpaySettings>(connection);
    const body = JSON.stringify({
      id: event.id,
      type: event.type,
      createdAt: event.createdAt.toISOString(),
      mode: 'test',
      payment: { id: event.paymentId },
    });
    try {
      for (let copy = 0; copy < event.copies; copy++) {
        const signature = signBody(body, this.provider.getWebhookKey(connection.id, context.settings), this.clock.now());
        await this.post(context, { headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature }, body });
      }
      await this.gateway.markSent(event.id, this.clock.now());
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.logger.warn(`test webhook ${event.id} (${event.type}) was not accepted and is sent again: ${error.message}`);
    }
  }
}
