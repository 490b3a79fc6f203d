import { Controller, Get, Head, Ip, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Connection, nameConnection } from '#connections';
import { Consents } from '#onboarding';
import {
  CallbackError,
  Environment,
  escapeHtml,
  fillIn,
  Guesses,
  type LocalText,
  renderPlainPage,
  sendHtmlPage,
  textFor,
  toLanguage,
} from '#platform';
import { ICON } from '../http/pages.js';
import { texts } from '../api.texts.js';
import { sendClosedPage } from './closed-page.js';

/** Seconds in which a user must return from the service. */
const COOKIE_S = 600;

/** The parameters of a return. A repeated one is not used. */
type Parameters = Readonly<Record<string, unknown>>;

/**
 * The window in which a user consents at a service: a page that names the CRM, the way to the service, and
 * the return. These routes are GETs, because a policy for forms also stops redirects after them.
 */
@ApiExcludeController()
@Controller(':module/oauth')
export class ConsentPagesController {
  constructor(
    private readonly consents: Consents,
    private readonly guesses: Guesses,
    private readonly environment: Environment,
  ) {}

  /** Programs that preview a link send HEAD first, which must not use up a ticket or a state. */
  @Head(['start/:ticket', 'start/:ticket/go', ':provider/callback'])
  peek(): void {}

  /** Names the CRM that will get the account, before the service is called. Leaves the ticket unused. */
  @Get('start/:ticket')
  async showStart(
    @Param('module') code: string,
    @Param('ticket') ticket: string,
    @Ip() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const connection = await this.consents.describe(code, ticket);
    if (!connection) return this.close(address, request, reply);
    const service = connection.module.manifest.title;
    const values = { service, crm: new URL(connection.systemUrl).host, module: nameConnection(connection) };
    const say = (text: LocalText): string => escapeHtml(textFor(fillIn(text, values), connection.account.language));
    const { title, text, warning, proceed } = texts.consent;
    const body = `<h1>${say(title)}</h1><p>${say(text)}</p><p>${say(warning)}</p><p><a class="go" href="${encodeURIComponent(ticket)}/go">${say(proceed)}</a></p>`;
    return this.send(reply, connection, fillIn(title, values), body);
  }

  /** Uses up the ticket, and leads to the service. */
  @Get('start/:ticket/go')
  async leave(
    @Param('module') code: string,
    @Param('ticket') ticket: string,
    @Ip() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const departure = await this.consents.depart(code, ticket);
    if (!departure) return this.close(address, request, reply);
    const { attempt, cookie, url } = departure;
    // Strict would not come back with the redirect from the service.
    const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: this.isSecure, maxAge: COOKIE_S } as const;
    void reply
      .header('set-cookie', stringifySetCookie(this.nameCookie(attempt), cookie, options))
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .redirect(url, 302);
    return undefined;
  }

  /** Handles the user's return from the service. One address for all connections of a module. */
  @Get(':provider/callback')
  async arrive(
    @Param('module') code: string,
    @Param('provider') provider: string,
    @Query() query: Parameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const [state, given, error] = ['state', 'code', 'error'].map((name) => readText(query[name]));
    const cookies = parseCookie(request.headers.cookie ?? '');
    const outcome = await this.consents.arrive(
      code,
      provider,
      { state, code: given, error },
      (attempt) => cookies[this.nameCookie(attempt)],
    );
    const { connection, state: result, text } = outcome;
    if (!connection) return this.close(request.ip, request, reply);
    const title = result === 'done' ? texts.consent.connected : texts.consent.notConnected;
    const say = (words: LocalText): string => escapeHtml(textFor(words, connection.account.language));
    return this.send(reply, connection, title, `<h1>${say(title)}</h1><p role="status">${say(text)}</p>`);
  }

  private send(reply: FastifyReply, { account }: Connection, title: LocalText, body: string): string {
    const language = toLanguage(account.language);
    return sendHtmlPage(reply, renderPlainPage({ language, title: textFor(title, language), body, icon: ICON, style: STYLE }));
  }

  private close(address: string, request: FastifyRequest, reply: FastifyReply): string {
    const refusal = this.guesses.wrong('one-time tokens', address, new CallbackError(403, texts.consent.over));
    const { over } = texts.consent;
    return sendClosedPage(request, reply, refusal, { title: texts.consent.notConnected, text: over, icon: ICON });
  }

  private get isSecure(): boolean {
    return this.environment.publicUrl.startsWith('https:');
  }

  /** Under https, a browser accepts this name only from this very host. */
  private nameCookie(attempt: string): string {
    return `${this.isSecure ? '__Host-' : ''}oauth-${attempt}`;
  }
}

const STYLE = `
  .go { display: inline-block; padding: .5rem 1rem; border-radius: 6px; background: var(--link); color: var(--on-link); text-decoration: none; }
`;

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 4_096 ? value : undefined;
}
