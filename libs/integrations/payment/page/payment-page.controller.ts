import { Body, Controller, Get, Head, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiExcludeEndpoint, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Guesses, notFound, RateLimit, sendHtmlPage, toNetwork } from '#platform';
import { texts } from '../payment.texts.js';
import { PaymentPageService } from './payment-page.service.js';
import { renderNotice } from './payment-page.view.js';
import type { Visit } from './visit.js';

/** Maximum number of visits per minute from one address to one link. A person makes fewer. */
const MOST_VISITS = 120;
const LONGEST_VALUE = 200;

/** The buyer's page: `/{module}/pay/{token}`. */
@ApiTags('payment page')
@Controller(':module/pay/:token')
export class PaymentPageController {
  private readonly visits = new RateLimit(MOST_VISITS, 60);

  constructor(
    private readonly pages: PaymentPageService,
    private readonly guesses: Guesses,
  ) {}

  /** Link previews send `HEAD` first, which must not open a checkout. */
  @Head()
  @ApiExcludeEndpoint()
  peek(): void {}

  /** Shows the page where a buyer pays, or redirects to the gateway's page. */
  @Get()
  @ApiProduces('text/html')
  async openPaymentPage(
    @Param('module') module: string,
    @Param('token') token: string,
    @Query('done') done: unknown,
    @Query('sample') sample: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const visit = { ...toVisit(module, token, request, done !== undefined), ...readSample(sample) };
    if (!this.admit(visit, request)) return this.answerTooOften(visit, reply);
    const visited = await this.pages.open(visit);
    if (visited.kind === 'unknown') return this.answerUnknown(visit, request, reply);
    if (visited.kind === 'page') return sendHtmlPage(reply, visited.page, visited.status);
    void reply.status(303).header('cache-control', 'no-store').header('location', visited.url);
    return '';
  }

  /**
   * Accepts the values that a buyer entered on the page.
   *
   * Responds with a redirect to the page, so that reloading it does not submit the form again.
   */
  @Post()
  @ApiProduces('text/html')
  @ApiBody({ schema: { type: 'object', additionalProperties: { type: 'string' } }, description: 'Values of the page, by name.' })
  async submitPaymentPage(
    @Param('module') module: string,
    @Param('token') token: string,
    @Body() body: Record<string, unknown> | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const visit = toVisit(module, token, request, true);
    if (!this.admit(visit, request)) return this.answerTooOften(visit, reply);
    if (!(await this.pages.submit(visit, readValues(body)))) return this.answerUnknown(visit, request, reply);
    void reply.status(303).header('cache-control', 'no-store').header('location', '?done=1');
    return '';
  }

  private admit(visit: Visit, request: FastifyRequest): boolean {
    return this.visits.take(`${toNetwork(request.ip)} ${visit.token.slice(0, 64)}`);
  }

  private answerUnknown(visit: Visit, request: FastifyRequest, reply: FastifyReply): string {
    const { status } = this.guesses.wrong('payment links', request.ip, notFound('payment', ''));
    if (status === 429) return this.answerTooOften(visit, reply);
    return sendHtmlPage(reply, renderNotice(this.pages.chooseLanguage(visit.acceptLanguage), texts.page.unknown), status);
  }

  private answerTooOften(visit: Visit, reply: FastifyReply): string {
    void reply.header('retry-after', '60');
    return sendHtmlPage(reply, renderNotice(this.pages.chooseLanguage(visit.acceptLanguage), texts.page.tooOften), 429);
  }
}

function readSample(sample: unknown): Pick<Visit, 'sample'> {
  return typeof sample === 'string' && /^\d{1,3}$/.test(sample) ? { sample: Number(sample) } : {};
}

function toVisit(module: string, token: string, request: FastifyRequest, done: boolean): Visit {
  return { module, token, acceptLanguage: request.headers['accept-language'], request: request.id, done };
}

function readValues(body: Record<string, unknown> | undefined): Record<string, string> {
  const entries = Object.entries(body ?? {}).flatMap(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && text.length <= LONGEST_VALUE ? [[name, text] as const] : [];
  });
  return Object.fromEntries(entries.slice(0, 20));
}
