import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { type Connection, nameConnection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { AccountSessions, ServiceLinks } from '#onboarding';
import { Database, escapeHtml, type LocalText, type RenderedPage, renderPlainPage, toLanguage } from '#platform';
import { CatchUpStore } from '../catch-up-store.js';
import type { TelephonyProvider } from '../port/index.js';
import { RecordLinks } from '../record-links.js';
import { CallEntity, ListenerEntity } from '../telephony.entity.js';
import { TelephonyWebhooksService } from '../telephony-webhooks.service.js';
import { UserStatusesService } from '../user-statuses.service.js';
import { buildScript } from './personal-page.script.js';
import { OUTCOMES, STATUSES, TEXTS } from './personal-page.texts.js';

const CALLS = 30;

const STYLE = `
  main { max-width: 64rem; } .table { position: relative; overflow-x: auto; } .table :is(th, td) { white-space: nowrap; font-variant-numeric: tabular-nums; }
`;

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
    private readonly services: ServiceLinks,
    private readonly sessions: AccountSessions,
  ) {}

  /** Renders the page, which follows its state while it is open. */
  async render(connection: Connection): Promise<RenderedPage> {
    const language = toLanguage(connection.account.language);
    const name = nameConnection(connection);
    return renderPlainPage({
      language,
      title: `${name}: ${TEXTS.title[language]}`,
      body: `<h1>${escapeHtml(name)}</h1>
<p id="stale" class="bad" role="status" hidden>${escapeHtml(TEXTS.stale[language])}</p>
<div id="state">${await this.renderState(connection)}</div>`,
      icon: '../../logo.svg',
      style: STYLE,
      script: buildScript(this.sessions.open(connection).token),
      framedBy: ["'self'", connection.systemUrl],
    });
  }

  /** Renders what changes while the page is open, as HTML: the line, who is signed in, the last calls. */
  async renderState(connection: Connection): Promise<string> {
    const { timeZone } = connection.account;
    const language = toLanguage(connection.account.language);
    const text = (one: LocalText): string => escapeHtml(one[language]);
    const format = (time: Date): string =>
      escapeHtml(DateTime.fromJSDate(time, { zone: timeZone }).setLocale(language).toLocaleString(DateTime.DATETIME_MED_WITH_SECONDS));
    const source = this.database.dataSource;
    const [statuses, calls] = await Promise.all([
      this.statuses.list(connection),
      source.getRepository(CallEntity).find({ where: { connectionId: connection.id }, order: { startedAt: 'DESC' }, take: CALLS }),
    ]);
    const managers = this.listManagers(
      connection,
      statuses.map(({ userId, code }) => ({ userId: Number(userId), code })),
    );
    const known = new Map(statuses.map((status) => [Number(status.userId), status]));
    const managerRows = managers.map(({ code, userId }) => {
      const status = userId === undefined ? undefined : known.get(userId);
      return [
        escapeHtml(code ?? '–'),
        escapeHtml(userId === undefined ? '–' : String(userId)),
        status ? text(STATUSES[status.status]) : '–',
        status ? (status.dueAt ? text(TEXTS.waits) : status.appliedAt ? text(TEXTS.told) : '') : '',
      ];
    });
    const urls = await Promise.all(calls.map((call) => this.links.buildUrl(connection, call)));
    const callRows = calls.map((call, index) => {
      const url = urls[index];
      const talk = call.answeredAt && call.endedAt ? Math.round((call.endedAt.getTime() - call.answeredAt.getTime()) / 1000) : undefined;
      return [
        format(call.startedAt),
        text(TEXTS[call.direction]),
        call.phone ? escapeHtml(call.phone) : text(TEXTS.hidden),
        escapeHtml(call.code ?? '–'),
        text(OUTCOMES[call.endedAt ? (call.outcome ?? 'unknown') : 'going']),
        talk === undefined ? '' : String(talk),
        url ? `<a href="${escapeHtml(url)}" target="_blank" rel="noreferrer">${text(TEXTS.listen)}</a>` : '',
      ];
    });
    const table = (title: LocalText, head: readonly LocalText[], rows: readonly string[][]): string =>
      `<h2>${text(title)}</h2>\n${
        rows.length === 0
          ? `<p>${text(TEXTS.none)}</p>`
          : `<div class="table" role="region" aria-label="${text(title)}" tabindex="0"><table><thead><tr>${head
              .map((one) => `<th scope="col">${text(one)}</th>`)
              .join(
                '',
              )}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table></div>`
      }\n`;
    // A PBX with a webhook is not listened to.
    const isListened = this.providers.has(connection, 'listen');
    return `${isListened ? await this.describeLine(connection, text) : await this.describeEvents(connection, text, format)}
${table(TEXTS.managers, [TEXTS.code, TEXTS.user, TEXTS.status, TEXTS.atPbx], managerRows)}${table(
      TEXTS.calls,
      [TEXTS.when, TEXTS.direction, TEXTS.phone, TEXTS.code, TEXTS.outcome, TEXTS.duration, TEXTS.record],
      callRows,
    )}`;
  }

  private async describeLine({ id }: Connection, text: (one: LocalText) => string): Promise<string> {
    const listener = await this.database.dataSource.getRepository(ListenerEntity).findOneBy({ connectionId: id });
    const [tone, line] = !listener ? ['', TEXTS.unknown] : listener.connected ? ['good', TEXTS.connected] : ['bad', TEXTS.away];
    // What the PBX said is English, and for operators.
    const isAway = listener && !listener.connected && listener.problem;
    return `<p>${text(TEXTS.line)}: <b class="${tone}">${text(line)}</b></p>${isAway ? `<p>${text(TEXTS.seeSettings)}</p>` : ''}`;
  }

  /** Says when events last arrived, until when missed calls were looked for, and what is wrong. */
  private async describeEvents(connection: Connection, text: (one: LocalText) => string, format: (time: Date) => string): Promise<string> {
    const [lastEvent, caughtUp, service] = await Promise.all([
      this.webhooks.findLastEvent(connection.id),
      this.catchUps.find(connection.id),
      this.services.view(connection),
    ]);
    const lines = [`${text(TEXTS.lastEvent)}: <b>${lastEvent ? format(lastEvent) : text(TEXTS.never)}</b>`];
    if (caughtUp) lines.push(`${text(TEXTS.caughtUp)}: ${format(caughtUp.until)}`);
    const problems = [
      ...(service && service.state !== 'connected' && service.state !== 'unset' ? [TEXTS.notSetUp] : []),
      ...(caughtUp?.problem || service?.problem ? [TEXTS.seeSettings] : []),
    ];
    return `<p>${lines.join('<br>')}</p>${problems.map((problem) => `<p class="bad">${text(problem)}</p>`).join('')}`;
  }

  /** Lists the settings' managers, then the ones that only the CRM named. */
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
