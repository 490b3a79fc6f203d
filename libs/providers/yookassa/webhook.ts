import { BlockList, isIP } from 'node:net';
import { Type } from 'class-transformer';
import { IsNotEmpty, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import type { PaymentEvent } from '#payment/port';
import { getParser, isUuid } from '#platform';
import { ProviderError, type ProviderWebhook, type WebhookRequest } from '#provider-kit';
import { WireMetadata } from './metadata.js';
import type { YookassaContext, YookassaSettings } from './yookassa.settings.js';

/** Events to be ticked at YooKassa. Others are acknowledged and dropped. */
export const EVENTS: readonly string[] = ['payment.waiting_for_capture', 'payment.succeeded', 'payment.canceled', 'refund.succeeded'];

/** A payment or a refund, with the fields that lead to our payment. */
class WireObject {
  @IsString() @IsNotEmpty() @MaxLength(64) id!: string;
  /** Of a refund. */
  @IsOptional() @IsString() @MaxLength(64) payment_id?: string;
  @IsOptional() @ValidateNested() @Type(() => WireMetadata) metadata?: WireMetadata;
}

class WireHead {
  @IsString() event!: string;
}

class WireNotification extends WireHead {
  @ValidateNested() @Type(() => WireObject) object!: WireObject;
}

const heads = getParser(WireHead);
const notifications = getParser(WireNotification);

/**
 * YooKassa's notifications. They are not signed: the sender's network is looked at, and of the body only the
 * payment's name is taken, which is then read at YooKassa.
 */
export class YookassaWebhook implements ProviderWebhook<YookassaSettings, PaymentEvent> {
  verify({ remoteAddress }: WebhookRequest, { settings }: YookassaContext): boolean {
    return settings.senders.length === 0 || isFrom(settings.senders, remoteAddress);
  }

  parse({ rawBody }: WebhookRequest): PaymentEvent[] {
    const text = Buffer.from(rawBody).toString('utf8');
    try {
      const { event } = heads.parseJson(text, 'body');
      if (!EVENTS.includes(event)) return [];
      const { object } = notifications.parseJson(text, 'body');
      const reference = object.metadata?.paymentId;
      return [
        {
          // There is no id of the event; each comes once in the life of its object.
          id: `${event}:${object.id}`,
          ...(reference !== undefined && isUuid(reference) && { reference }),
          externalId: event.startsWith('refund.') ? (object.payment_id ?? object.id) : object.id,
        },
      ];
    } catch (error) {
      throw new ProviderError('invalid', 'The notification cannot be read', { cause: error });
    }
  }
}

/** Whether an address is one of these, or in one of these networks. */
export function isFrom(senders: readonly string[], address: string | undefined): boolean {
  const plain = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) === 0) return false;
  return buildList(senders).check(plain, getFamily(plain));
}

/** Those of the senders that are no address and no network. */
export function listWrongSenders(senders: readonly string[]): string[] {
  return senders.filter((one) => {
    try {
      buildList([one]);
      return false;
    } catch {
      return true;
    }
  });
}

function buildList(senders: readonly string[]): BlockList {
  const list = new BlockList();
  for (const sender of senders) {
    const [address = '', bits] = sender.split('/');
    if (bits === undefined) list.addAddress(address, getFamily(address));
    else list.addSubnet(address, Number(bits), getFamily(address));
  }
  return list;
}

function getFamily(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
