import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { Clock, Database, fillIn, type Language, type LocalText, normalisePhone, textFor } from '#platform';
import {
  type EmbedRequest,
  formatMoment,
  type WidgetTone,
  type WidgetBadge,
  type WidgetRow,
  type WidgetSource,
  type WidgetView,
} from '#widgets';
import { Extensions } from './extensions.js';
import { RecordLinks } from './record-links.js';
import { CallEntity } from './telephony.entity.js';
import { texts } from './telephony.texts.js';

/** Maximum number of calls in the sidebar. */
const MOST_CALLS = 20;

/** Calls with one of the customer's phones, next to the phone. */
@Injectable()
export class CallWidget implements WidgetSource {
  readonly integration = 'telephony';
  readonly targets = ['customer/card:phone', 'order/card:customer.phone'];

  constructor(
    private readonly database: Database,
    private readonly extensions: Extensions,
    private readonly links: RecordLinks,
    private readonly clock: Clock,
  ) {}

  /** The last call. Red if the customer was missed and not called back. */
  async badge(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetBadge | null> {
    const calls = await this.findCalls(connection, request);
    const [last] = calls;
    if (!last) return null;
    const missed = findMissed(calls);
    const at = formatMoment((missed ?? last).startedAt, this.clock.now(), connection, language);
    const text = missed ? texts.widget.missedAt : last.direction === 'in' ? texts.widget.inAt : texts.widget.outAt;
    return { text: textFor(fillIn(text, { at }), language), tone: missed ? 'bad' : 'plain' };
  }

  async view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView> {
    const calls = await this.findCalls(connection, request);
    const [last] = calls;
    const missed = findMissed(calls);
    const text = (one: LocalText): string => textFor(one, language);
    const at = (time: Date): string => formatMoment(time, this.clock.now(), connection, language);
    return {
      title: text(fillIn(texts.widget.title, { phone: this.readPhone(connection, request) ?? '' })),
      ...(last && { state: text(describeResult(last)) }),
      tone: missed ? 'bad' : 'plain',
      alerts: missed
        ? [{ tone: 'bad', text: text(fillIn(texts.widget.missed, { at: at(missed.startedAt) })), advice: text(texts.widget.callBack) }]
        : [],
      sections: [
        {
          title: text(texts.page.calls),
          rows: calls.map((call) => this.toRow(connection, call, at(call.startedAt), text)),
          empty: text(texts.widget.none),
        },
      ],
      actions: [],
    };
  }

  /** The recording is linked only if the CRM has the same link in the customer's history. */
  private toRow(connection: Connection, call: CallEntity, label: string, text: (one: LocalText) => string): WidgetRow {
    const isReported = call.endedAt !== null && (call.code !== null || call.userId !== null);
    const href = isReported ? this.links.signUrl(connection, call) : undefined;
    const { code, answeredAt, endedAt } = call;
    const talk = answeredAt && endedAt ? Math.round((endedAt.getTime() - answeredAt.getTime()) / 1000) : undefined;
    const parts = [
      texts.page[call.direction],
      describeResult(call),
      ...(talk === undefined ? [] : [`${Math.floor(talk / 60)}:${String(talk % 60).padStart(2, '0')}`]),
      ...(code === null ? [] : [fillIn(texts.widget.extension, { code })]),
      ...(href === undefined ? [] : [texts.widget.recording]),
    ];
    const tone: WidgetTone = isMissed(call) ? 'warning' : 'plain';
    return {
      label,
      text: parts.map((part) => (typeof part === 'string' ? part : text(part))).join(', '),
      tone,
      ...(href !== undefined && { href }),
    };
  }

  /** Finds the latest calls of this connection, latest first. Uses the index of phones. */
  private async findCalls(connection: Connection, request: EmbedRequest): Promise<CallEntity[]> {
    const phone = this.readPhone(connection, request);
    if (phone === undefined) return [];
    return this.database.dataSource
      .getRepository(CallEntity)
      .find({ where: { connectionId: connection.id, phone }, order: { startedAt: 'DESC', id: 'DESC' }, take: MOST_CALLS });
  }

  private readPhone(connection: Connection, { phone, order }: EmbedRequest): string | undefined {
    return normalisePhone(phone ?? order?.phone, this.extensions.getCountry(connection));
  }
}

function isMissed({ direction, endedAt, answeredAt }: CallEntity): boolean {
  return direction === 'in' && endedAt !== null && answeredAt === null;
}

/** Finds the latest call if it was missed. A later call of either side replaces it. */
function findMissed([last]: readonly CallEntity[]): CallEntity | undefined {
  return last && isMissed(last) ? last : undefined;
}

function describeResult(call: CallEntity): LocalText {
  if (isMissed(call)) return texts.widget.missedResult;
  return texts.page.outcomes[call.endedAt ? (call.outcome ?? 'unknown') : 'going'];
}
