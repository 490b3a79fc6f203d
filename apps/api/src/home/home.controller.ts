import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HostedModules } from '#connections';
import { Environment, escapeHtml, renderPlainPage, sendHtmlPage } from '#platform';
import { isAtOperatorPort } from '../http/operator-port.js';
import { ICON } from '../http/pages.js';

const STYLE = `
  p { margin: .4rem 0; } ul { margin: 0; padding-left: 1.2rem; } li { margin: .3rem 0; }
`;

/** The page at the api's address: a description of the deployment, and links. */
@ApiExcludeController()
@Controller()
export class HomeController {
  constructor(
    private readonly modules: HostedModules,
    private readonly environment: Environment,
  ) {}

  @Get()
  home(
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | object {
    const { publicUrl, production, OPERATOR_PORT } = this.environment;
    const modules = this.modules
      .all()
      .map(({ code, name, integration }) => ({ code, name, integration, connect: `${publicUrl}/${code}/config` }));
    // With a single port in production, a proxy is expected to block the operators' pages for the public.
    const forOperators = OPERATOR_PORT === undefined ? !production : isAtOperatorPort(request);
    const pages = { health: '/health/ready', ...(forOperators && { api: '/docs', operator: '/operator' }) };
    if (!accept?.includes('text/html')) return { name: 'Crossdock', pages, modules };
    const item = (text: string): string => `<li>${text}</li>`;
    const links = [
      item('<a href="/health/ready">Health</a>: whether it can work'),
      ...(forOperators
        ? [
            item('<a href="/docs">The API</a>: callbacks, webhooks, operator API'),
            item('<a href="/operator">The operators’ console</a>: shops, what waits and what failed; with the operator token'),
          ]
        : []),
    ];
    const body = `<h1>Crossdock</h1>
<p>The backend of marketplace modules for RetailCRM / Simla. It runs; shops open their module’s page from the CRM.</p>
<h2>Where to go</h2>
<ul>${links.join('')}</ul>
<h2>Modules</h2>
<p>A module is connected from the CRM, by its address of simple connection:</p>
<ul>${modules.map(({ name, connect }) => item(`${escapeHtml(name)}: <code>${escapeHtml(connect)}</code>`)).join('')}</ul>`;
    return sendHtmlPage(reply, renderPlainPage({ language: 'en', title: 'Crossdock', body, icon: ICON, style: STYLE }));
  }
}
