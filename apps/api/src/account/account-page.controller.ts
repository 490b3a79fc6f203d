import { Body, Controller, Get, Head, HttpCode, Ip, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExcludeEndpoint, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Connection, ConnectionStore, PageTokens, ProviderContexts, SystemUrls, unknownClient } from '#connections';
import { WebhookReceivers } from '#inbox';
import { AccountService, AccountSessions, Consents, InstancesService, RulesService } from '#onboarding';
import { CallbackError, Guesses } from '#platform';
import { MoneyPages } from '#settlement';
import { WidgetActions } from '#widgets';
import { sendPage } from '../http/pages.js';
import { describeStart, type PagePart } from './account-start.js';
import { texts } from '../api.texts.js';
import { sendClosedPage } from './closed-page.js';

/** Request body for the API's document. */
const CLIENT_ID = { schema: { type: 'object', properties: { clientId: { type: 'string' } }, required: ['clientId'] } };

/** The account page: POST with clientId, or GET with a one-time token. */
@ApiTags('account page')
@Controller(':module/account')
export class AccountPageController {
  constructor(
    private readonly accounts: AccountService,
    private readonly sessions: AccountSessions,
    private readonly rules: RulesService,
    private readonly instances: InstancesService,
    private readonly connections: ConnectionStore,
    private readonly pageTokens: PageTokens,
    private readonly contexts: ProviderContexts,
    private readonly systemUrls: SystemUrls,
    private readonly receivers: WebhookReceivers,
    private readonly guesses: Guesses,
    private readonly widgetActions: WidgetActions,
    private readonly money: MoneyPages,
    private readonly consents: Consents,
  ) {}

  /** Programs that preview a link send HEAD first, which must not spend the token. */
  @Head()
  @ApiExcludeEndpoint()
  peek(): void {}

  /** Opens the account page by a one-time token. */
  @Get()
  @ApiProduces('text/html')
  async openAccountPageOnce(
    @Param('module') code: string,
    @Query('token') token: unknown,
    @Ip() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const connection = typeof token === 'string' ? await this.pageTokens.spend(code, token) : undefined;
    const refusal = new CallbackError(403, 'This link was already used or has expired. Open the module from the CRM again.');
    if (!connection) return this.close(request, reply, this.guesses.wrong('one-time tokens', address, refusal));
    return this.page(connection, request, reply);
  }

  /** Opens the account page for the CRM's user. */
  @Post()
  @ApiBody(CLIENT_ID)
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiProduces('text/html')
  @HttpCode(200)
  async openAccountPage(
    @Param('module') code: string,
    @Body() body: Record<string, unknown> | undefined,
    @Ip() address: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const clientId = body?.clientId;
    const connection = typeof clientId === 'string' && clientId !== '' ? await this.connections.findByClientId(code, clientId) : undefined;
    if (!connection) return this.close(request, reply, this.guesses.wrong('client ids', address, unknownClient()));
    return this.page(connection, request, reply);
  }

  private async close(request: FastifyRequest, reply: FastifyReply, refusal: CallbackError): Promise<string> {
    const framedBy = await this.systemUrls.listFrameSources(request.headers.referer);
    const { title, text } = texts.closedPage;
    return sendClosedPage(request, reply, refusal, { title, text, icon: 'logo.svg', framedBy });
  }

  private async page(found: Connection, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const connection = await this.instances.findShown(found);
    const start = describeStart(connection, this.sessions.open(connection).token, {
      notices: await this.accounts.listNotices(connection),
      hasMoney: this.money.has(connection),
      hasWidgetActions: (await this.widgetActions.list(connection)).items.length > 0,
      parts: await Promise.all(connection.views.map((view) => this.describePart(view))),
    });
    return sendPage(request, reply, {
      ...{ page: 'account', language: start.language, title: start.name, icon: 'logo.svg', start },
      framedBy: ["'self'", connection.systemUrl],
    });
  }

  private async describePart(view: Connection): Promise<PagePart> {
    const { checks, connects } = this.accounts.getAbilities(view);
    // If the provider sets its webhooks up itself, the page lists the remaining steps.
    const takesWebhooks = !connects && this.receivers.get(view.module.integration)?.takes(view);
    return {
      provider: view.module.manifest,
      webhookUrl: takesWebhooks ? this.contexts.contextFor(view).webhookUrl : undefined,
      canCheck: checks,
      canConsent: this.consents.has(view),
      hasRules: this.rules.has(view),
      notices: await this.accounts.listProviderNotices(view),
    };
  }
}
