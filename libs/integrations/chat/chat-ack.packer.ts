import { Injectable, Logger } from '@nestjs/common';
import type { Connection } from '#connections';
import { type CrmClient, NotFoundError, ValidationError } from '#crm-client';
import { type OutboxEntry, type OutboxPacker, toErrand } from '#outbox';
import { errorText, textFor, toLogLine } from '#platform';
import { texts } from './chat.texts.js';
import { GatewayClients } from './gateway/gateway-clients.js';
import { ACK, OutStore } from './out-store.js';

/** Sends the promised outcomes to the gateway. A repeat sends the same outcome. */
@Injectable()
export class ChatAckPacker implements OutboxPacker<{ message: string }> {
  private readonly logger = new Logger(ChatAckPacker.name);
  readonly kind = ACK;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;

  constructor(
    private readonly store: OutStore,
    private readonly gateways: GatewayClients,
  ) {}

  /** Rows of a dialogue arrive together, but each is a call. */
  take(): number {
    return 1;
  }

  async send(_crm: CrmClient, connection: Connection, entries: OutboxEntry<{ message: string }>[], signal: AbortSignal): Promise<void> {
    for (const entry of entries) {
      const { payload, request } = entry;
      const found = await this.store.findAck(payload.message);
      if (!found?.mgId || !found.gatewayId || found.state === 'taken') continue;
      const { id, state, externalId, parts, code, problem, payload: more } = found;
      const [channel, message] = [Number(found.mgId), Number(found.gatewayId)];
      const external = externalId ?? parts?.[0] ?? id;
      try {
        await this.gateways.call(
          connection.id,
          (gateway) =>
            gateway.acknowledge(
              state === 'sent'
                ? { channel, message: { id: message, external_id: external }, transport_message_id: external }
                : {
                    ...{ channel, message: { id: message } },
                    error: {
                      code: code ?? 'general',
                      message: problem ?? textFor(texts.unknown, connection.account.language),
                      ...(more?.externalCode && { external_code: more.externalCode.slice(0, 100) }),
                    },
                  },
              signal,
            ),
          toErrand(ACK, [entry]),
        );
      } catch (error) {
        // The gateway expects no acknowledgement: the message was acknowledged before, or has failed there.
        if (!(error instanceof ValidationError || error instanceof NotFoundError)) throw error;
        this.logger.warn(toLogLine(`the message gateway rejected the outcome of message ${message}: ${errorText(error)}`, request));
      }
    }
  }
}
