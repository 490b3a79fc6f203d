import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { type Connection, nameConnection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { AccountSessions, ProviderSetups } from '#onboarding';
import { Database, escapeHtml, type LocalText, type RenderedPage, renderPlainPage, textFor, toLanguage } from '#platform';
import { CatchUpStore } from '../catch-up-store.js';
import type { TelephonyProvider } from '../port/index.js';
import { RecordLinks } from '../record-links.js';
import { CallEntity, ListenerEntity } from '../telephony.entity.js';
import { TelephonyWebhooksService } from '../telephony-webhooks.service.js';
import { texts } from '../telephony.texts.js';
import { UserStatusesService } from '../user-statuses.service.js';
import { buildScript } from './personal-page.script.js';
import { OUTCOMES, STATUSES } from './personal-page.texts.js';

const CALLS = 30;

const STYLE = `
  main { max-width: 64rem; } .table { position: relative; overflow-x: auto; } .table :is(th, td) { white-space: nowrap; font-variant-numeric: tabular-nums; }
`;

/** Writes a value as HTML, in the language and time zone of the account. */
type Write<Value> = (one: Value) => string;

/** The "telephony personal account": the PBX line, the managers' statuses, recent calls and recordings. */
@Injectable()
export class PersonalPageService {
  constructor(
    private readonly database: Database,
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly statuses: UserStatusesService,
    private readonly links: RecordLinks,
    private readonly webhooks: TelephonyWebhooksService,
    private readonly catchUps: CatchUpStore,
    private readonly setups: ProviderSetups,
    private readonly sessions: AccountSessions,
  ) {}

  /** Renders the page, which updates itself while it is open. */
  async render(connection: Connection): Promise<RenderedPage> {
    const language = toLanguage(connection.account.language);
    const name = nameConnection(connection);
    return renderPlainPage({
      language,
      title: `${name}: ${textFor(texts.page.title, language)}`,
      body: `<h1>${escapeHtml(name)}</h1>
<p id="stale" class="bad" role="status" hidden>${escapeHtml(textFor(texts.page.stale, language))}</p>
<div id="state">${await this.renderState(connection)}</div>`,
      icon: '../../logo.svg',
      style: STYLE,
      script: buildScript(this.sessions.open(connection).token),
      framedBy: ["'self'", connection.systemUrl],
    });
  }

  /** Renders the changing part of the page as HTML: the line, the signed-in managers, the last calls. */
  async renderState(connection: Connection): Promise<string> {
    const { timeZone } = connection.account;
    const language = toLanguage(connection.account.language);
    const text: Write<LocalText> = (one) => escapeHtml(textFor(one, language));
    const format: Write<Date> = (time) =>
      escapeHtml(DateTime.fromJSDate(time, { zone: timeZone }).setLocale(language).toLocaleString(DateTime.DATETIME_MED_WITH_SECONDS));
    const [managers, calls] = await Promise.all([this.listManagerRows(connection, text), this.listCallRows(connection, text, format)]);
    const { code, user, status, atPbx, when, direction, phone, outcome, duration, record } = texts.page;
    // A PBX with a webhook has no listener.
    const isListened = this.providers.has(connection, 'listen');
    return [
      `${isListened ? await this.describeLine(connection, text) : await this.describeEvents(connection, text, format)}\n`,
      renderTable(texts.page.managers, [code, user, status, atPbx], managers, text),
      renderTable(texts.page.calls, [when, direction, phone, code, outcome, duration, record], calls, text),
    ].join('');
  }

  /** Renders the cells of the managers with their statuses. */
  private async listManagerRows(connection: Connection, text: Write<LocalText>): Promise<string[][]> {
    const statuses = await this.statuses.list(connection);
    const managers = this.listManagers(
      connection,
      statuses.map(({ userId, code }) => ({ userId: Number(userId), code })),
    );
    const known = new Map(statuses.map((status) => [Number(status.userId), status]));
    return managers.map(({ code, userId }) => {
      const status = userId === undefined ? undefined : known.get(userId);
      return [
        escapeHtml(code ?? '–'),
        escapeHtml(userId === undefined ? '–' : String(userId)),
        status ? text(STATUSES[status.status]) : '–',
        status ? (status.dueAt ? text(texts.page.waits) : status.appliedAt ? text(texts.page.told) : '') : '',
      ];
    });
  }

  /** Renders the cells of the last calls with the links of their recordings. */
  private async listCallRows(connection: Connection, text: Write<LocalText>, format: Write<Date>): Promise<string[][]> {
    const calls = await this.database.dataSource
      .getRepository(CallEntity)
      .find({ where: { connectionId: connection.id }, order: { startedAt: 'DESC' }, take: CALLS });
    const urls = await Promise.all(calls.map((call) => this.links.buildUrl(connection, call)));
    return calls.map((call, index) => {
      const url = urls[index];
      const talk = call.answeredAt && call.endedAt ? Math.round((call.endedAt.getTime() - call.answeredAt.getTime()) / 1000) : undefined;
      return [
        format(call.startedAt),
        text(texts.page[call.direction]),
        call.phone ? escapeHtml(call.phone) : text(texts.page.hidden),
        escapeHtml(call.code ?? '–'),
        text(OUTCOMES[call.endedAt ? (call.outcome ?? 'unknown') : 'going']),
        talk === undefined ? '' : String(talk),
        url ? `<a href="${escapeHtml(url)}" target="_blank" rel="noreferrer">${text(texts.page.listen)}</a>` : '',
      ];
    });
  }

  private async describeLine({ id }: Connection, text: Write<LocalText>): Promise<string> {
    const listener = await this.database.dataSource.getRepository(ListenerEntity).findOneBy({ connectionId: id });
    const [tone, line] = !listener
      ? ['', texts.page.unknown]
      : listener.connected
        ? ['good', texts.page.connected]
        : ['bad', texts.page.away];
    // The PBX's error is in English, and meant for operators.
    const isAway = listener && !listener.connected && listener.problem;
    return `<p>${text(texts.page.line)}: <b class="${tone}">${text(line)}</b></p>${isAway ? `<p>${text(texts.page.seeSettings)}</p>` : ''}`;
  }

  /** Describes when events last arrived, until when missed calls were checked, and current problems. */
  private async describeEvents(connection: Connection, text: Write<LocalText>, format: Write<Date>): Promise<string> {
    const [lastEvent, caughtUp, service] = await Promise.all([
      this.webhooks.findLastEvent(connection.id),
      this.catchUps.find(connection.id),
      this.setups.view(connection),
    ]);
    const lines = [`${text(texts.page.lastEvent)}: <b>${lastEvent ? format(lastEvent) : text(texts.page.never)}</b>`];
    if (caughtUp) lines.push(`${text(texts.page.caughtUp)}: ${format(caughtUp.until)}`);
    const problems = [
      ...(service && service.state !== 'connected' && service.state !== 'unset' ? [texts.page.notSetUp] : []),
      ...(caughtUp?.problem || service?.problem ? [texts.page.seeSettings] : []),
    ];
    return `<p>${lines.join('<br>')}</p>${problems.map((problem) => `<p class="bad">${text(problem)}</p>`).join('')}`;
  }

  /** Lists the settings' managers, then managers who appear only in the CRM's callbacks. */
  private listManagers(
    connection: Connection,
    told: { userId: number; code: string | null }[],
  ): { code: string | null; userId: number | undefined }[] {
    const named = this.providers.getManifest(connection).listExtensions(connection.settings);
    return [
      ...named.map(({ code, userId }) => ({ code, userId })),
      ...told.filter(({ userId }) => !named.some((one) => one.userId === userId)).map(({ code, userId }) => ({ code, userId })),
    ];
  }
}

function renderTable(title: LocalText, head: readonly LocalText[], rows: readonly string[][], text: Write<LocalText>): string {
  if (rows.length === 0) return `<h2>${text(title)}</h2>\n<p>${text(texts.page.none)}</p>\n`;
  const heads = head.map((one) => `<th scope="col">${text(one)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('');
  return `<h2>${text(title)}</h2>
<div class="table" role="region" aria-label="${text(title)}" tabindex="0"><table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>
`;
}
