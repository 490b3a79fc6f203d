import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import { type Connection, nameConnection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { ServiceLinks } from '#onboarding';
import { Database, escapeHtml, type LocalText, randomToken, textFor } from '#platform';
import { CatchUpStore } from '../catch-up-store.js';
import type { TelephonyProvider } from '../port/index.js';
import { RecordLinks } from '../record-links.js';
import { CallEntity, ListenerEntity } from '../telephony.entity.js';
import { TelephonyWebhooksService } from '../telephony-webhooks.service.js';
import { UserStatusesService } from '../user-statuses.service.js';
import { OUTCOMES, STATUSES, TEXTS } from './personal-page.texts.js';

const CALLS = 30;

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
  ) {}

  /** Returns the page and the Content-Security-Policy that it needs. */
  async render(connection: Connection): Promise<{ html: string; policy: string }> {
    const { language, timeZone } = connection.account;
    const text = (one: LocalText): string => escapeHtml(textFor(one, language));
    const format = (time: Date): string => DateTime.fromJSDate(time, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss');
    const source = this.database.dataSource;
    const [listener, statuses, calls] = await Promise.all([
      source.getRepository(ListenerEntity).findOneBy({ connectionId: connection.id }),
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
        escapeHtml(format(call.startedAt)),
        text(TEXTS[call.direction]),
        call.phone ? escapeHtml(call.phone) : text(TEXTS.hidden),
        escapeHtml(call.code ?? '–'),
        text(OUTCOMES[call.endedAt ? (call.outcome ?? 'unknown') : 'going']),
        talk === undefined ? '' : String(talk),
        url ? `<a href="${escapeHtml(url)}" target="_blank" rel="noreferrer">${text(TEXTS.listen)}</a>` : '',
      ];
    });
    const line = !listener ? TEXTS.unknown : listener.connected ? TEXTS.connected : TEXTS.away;
    // A PBX with a webhook is not listened to.
    const hasLine = this.providers.has(connection, 'listen');
    const state = hasLine ? `${text(TEXTS.line)}: <b>${text(line)}</b>` : await this.describeEvents(connection, text, format);
    const problem = listener && !listener.connected && listener.problem ? `<p class="bad">${escapeHtml(listener.problem)}</p>` : '';
    const table = (head: readonly LocalText[], rows: readonly string[][]): string =>
      rows.length === 0
        ? `<p>${text(TEXTS.none)}</p>`
        : `<table><thead><tr>${head.map((one) => `<th>${text(one)}</th>`).join('')}</tr></thead><tbody>${rows
            .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
            .join('')}</tbody></table>`;
    const nonce = randomToken(16);
    const name = escapeHtml(nameConnection(connection));
    const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: ${text(TEXTS.title)}</title>
<style nonce="${nonce}">
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c2430; background: #fff; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #dde2e9; }
  th { color: #5a6675; font-weight: 600; } .bad { color: #b3261e; } a { color: #0f62d6; }
</style>
</head>
<body>
<h1>${name}</h1>
<p>${state}</p>${problem}
<h2>${text(TEXTS.managers)}</h2>
${table([TEXTS.code, TEXTS.user, TEXTS.status, TEXTS.line], managerRows)}
<h2>${text(TEXTS.calls)}</h2>
${table([TEXTS.when, TEXTS.direction, TEXTS.phone, TEXTS.code, TEXTS.outcome, TEXTS.duration, TEXTS.record], callRows)}
</body>
</html>`;
    const policy = `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' ${connection.systemUrl}`;
    return { html, policy };
  }

  /** Says when events last arrived, until when missed calls were looked for, and what is wrong. */
  private async describeEvents(connection: Connection, text: (one: LocalText) => string, format: (time: Date) => string): Promise<string> {
    const [lastEvent, caughtUp, service] = await Promise.all([
      this.webhooks.findLastEvent(connection.id),
      this.catchUps.find(connection.id),
      this.services.view(connection),
    ]);
    const lines = [`${text(TEXTS.lastEvent)}: <b>${lastEvent ? escapeHtml(format(lastEvent)) : text(TEXTS.none)}</b>`];
    if (caughtUp) lines.push(`${text(TEXTS.caughtUp)}: ${escapeHtml(format(caughtUp.until))}`);
    const problems = [caughtUp?.problem, service?.problem].flatMap((problem) => problem ?? []);
    if (service && service.state !== 'connected' && service.state !== 'unset')
      problems.unshift(textFor(TEXTS.notSetUp, connection.account.language));
    return [lines.join('<br>'), ...problems.map((problem) => `<span class="bad">${escapeHtml(problem)}</span>`)].join('<br>');
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
