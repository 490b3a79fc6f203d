import { Injectable } from '@nestjs/common';
import { type Connection, findCountry } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { Clock, Database, fillIn, type Language, type LocalText, normalisePhone, textFor } from '#platform';
import {
  type EmbedCustomer,
  type EmbedRequest,
  formatMoment,
  type WidgetAlert,
  type WidgetBadge,
  type WidgetSource,
  type WidgetView,
} from '#widgets';
import { ChannelStore } from './channel-store.js';
import type { ChannelEntity } from './chat.entity.js';
import { texts } from './chat.texts.js';
import type { ChatProvider } from './port/index.js';

/** Maximum number of messages in the sidebar. */
const MOST_FAILED = 20;
const HOUR_MS = 3_600_000;

/** A customer's chat. */
interface Dialogue {
  channel: string;
  blocked: boolean;
  /** When the customer last wrote. Null: their messages are no longer stored. */
  wroteAt: Date | null;
}

/** A message that did not reach the customer, or whose delivery is unknown. */
interface FailedMessage {
  channel: string;
  state: 'failed' | 'unknown';
  problem: string | null;
  at: Date;
}

interface Known {
  channels: ChannelEntity[];
  dialogues: Dialogue[];
  failed: FailedMessage[];
  /** Until when managers may reply freely. */
  replyUntil: Date | undefined;
}

/**
 * $1: the connection, $2: ids of the customer at the messenger. Uses the index of customers, and that of the
 * messages of a dialogue.
 */
const DIALOGUES = `
  SELECT c.name AS channel, d.blocked,
    (SELECT max(m.created_at) FROM chat_message m WHERE m.dialogue_id = d.id AND m.direction = 'in' AND m.action = 'send') AS "wroteAt"
  FROM chat_dialogue d JOIN chat_channel c ON c.id = d.channel_id
  WHERE d.connection_id = $1 AND d.customer = ANY ($2::text[]) ORDER BY d.used_at DESC LIMIT 20`;
const FAILED = `
  SELECT c.name AS channel, m.state, m.problem, m.created_at AS at
  FROM chat_dialogue d JOIN chat_message m ON m.dialogue_id = d.id JOIN chat_channel c ON c.id = d.channel_id
  WHERE d.connection_id = $1 AND d.customer = ANY ($2::text[]) AND m.direction = 'out' AND m.action = 'send' AND m.state IN ('failed', 'unknown')
  ORDER BY m.created_at DESC LIMIT ${MOST_FAILED}`;

/** The channels' health and a customer's failed messages, below the customer's communications. */
@Injectable()
export class ChatWidget implements WidgetSource {
  readonly integration = 'chat';
  readonly targets = ['customer/card:communications.after'];

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly channels: ChannelStore,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Only messengers have chats. */
  isFilled(connection: Connection): boolean {
    return this.providers.has(connection, 'listAccounts');
  }

  /** Nothing is shown if the channels work and no chat of the customer is known. */
  async badge(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetBadge | null> {
    const { channels, dialogues, failed, replyUntil } = await this.read(connection, request);
    const show = (text: LocalText, tone: WidgetBadge['tone']): WidgetBadge => ({ text: textFor(text, language), tone });
    if (channels.some(isBroken)) return show(texts.widget.channelDown, 'bad');
    if (failed.length > 0) return show(fillIn(texts.widget.notDelivered, { count: failed.length }), 'bad');
    if (replyUntil) return show(this.describeDeadline(replyUntil, connection, language), this.judgeDeadline(replyUntil));
    return dialogues.length > 0 ? show(texts.widget.connected, 'good') : null;
  }

  async view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView> {
    const { channels, dialogues, failed, replyUntil } = await this.read(connection, request);
    const text = (one: LocalText): string => textFor(one, language);
    const when = (at: Date): string => formatMoment(at, this.clock.now(), connection, language);
    const broken = channels.filter(isBroken);
    const alerts: WidgetAlert[] = [
      ...broken.map(({ name, problem }): WidgetAlert => ({
        tone: 'bad',
        text: text(fillIn(texts.widget.channelProblem, { name })),
        advice: problem ?? text(texts.widget.seeSettings),
      })),
      ...dialogues
        .filter(({ blocked }) => blocked)
        .map(({ channel }): WidgetAlert => ({
          tone: 'warning',
          text: text(fillIn(texts.widget.blocked, { name: channel })),
        })),
    ];
    const tone = broken.length > 0 || failed.length > 0 ? 'bad' : replyUntil ? this.judgeDeadline(replyUntil) : 'good';
    return {
      title: text(texts.widget.title),
      ...(replyUntil
        ? { state: text(this.describeDeadline(replyUntil, connection, language)) }
        : tone === 'good' && dialogues.length > 0 && { state: text(texts.widget.connected) }),
      ...{ tone, alerts },
      sections: [
        {
          title: text(texts.widget.failed),
          rows: failed.map(({ channel, state, problem, at }) => ({
            label: `${when(at)}, ${channel}`,
            text: problem ?? text(state === 'unknown' ? texts.unknown : texts.widget.noReason),
            tone: state === 'unknown' ? 'warning' : 'bad',
          })),
          empty: text(dialogues.length > 0 ? texts.widget.noneFailed : texts.widget.noDialogue),
        },
        {
          title: text(texts.widget.channels),
          rows: channels.map(({ name, state }) => ({
            label: name,
            text: text(texts.widget.states[state]),
            tone: state === 'failed' ? 'bad' : 'plain',
          })),
          empty: text(texts.widget.noChannels),
        },
      ],
      actions: [],
    };
  }

  /**
   * Chats are found by the customer's id at the messenger: the external id of the CRM's customer, or a phone
   * if the messenger identifies customers by their phones.
   */
  private async read(connection: Connection, { customer }: EmbedRequest): Promise<Known> {
    const { externalId, phones = [] }: Partial<EmbedCustomer> = customer ?? {};
    const messenger = this.providers.getManifest(connection).describeMessenger?.(connection.settings);
    const numbers = messenger?.customerId === 'phone' ? phones.flatMap((phone) => listPhoneIds(phone, findCountry(connection))) : [];
    const values = [connection.id, [...(externalId === undefined ? [] : [externalId]), ...numbers]];
    const [channels, dialogues, failed] = await Promise.all([
      this.channels.list(connection.id),
      this.database.query<Dialogue>(DIALOGUES, values),
      this.database.query<FailedMessage>(FAILED, values),
    ]);
    const hours = messenger?.replyHours;
    const [wroteAt] = dialogues.flatMap((one) => one.wroteAt ?? []).toSorted((one, other) => other.getTime() - one.getTime());
    const replyUntil = hours !== undefined && wroteAt ? new Date(wroteAt.getTime() + hours * HOUR_MS) : undefined;
    return { channels: channels.filter(({ state }) => state !== 'off'), dialogues, failed, replyUntil };
  }

  private describeDeadline(until: Date, connection: Connection, language: Language): LocalText {
    const isOver = until <= this.clock.now();
    return fillIn(isOver ? texts.widget.replyOver : texts.widget.replyUntil, {
      at: formatMoment(until, this.clock.now(), connection, language),
    });
  }

  private judgeDeadline(until: Date): 'plain' | 'warning' | 'bad' {
    const leftMs = until.getTime() - this.clock.now().getTime();
    return leftMs <= 0 ? 'bad' : leftMs < HOUR_MS ? 'warning' : 'plain';
  }
}

function isBroken({ state }: ChannelEntity): boolean {
  return state === 'failed';
}

/** Returns a phone as messengers write it in ids. Empty for a short number. */
function listPhoneIds(phone: string, country: string): string[] {
  const number = normalisePhone(phone, country);
  return number?.startsWith('+') ? [number, number.slice(1)] : [];
}
