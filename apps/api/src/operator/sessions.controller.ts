import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { isUuid } from '#connections';
import { type ListedSession, notFound, OperatorAccess, OperatorSessions, type Page, readSessionCookie } from '#platform';

/** A live session of an operator in a browser, without its cookie. */
export type ListedSessionView = ListedSession;

/** Number of sessions that ended. */
export interface EndedSessionsView {
  ended: number;
}

/** The operators' sessions, and ways to end them. */
@ApiTags('operator: operators')
@OperatorAccess()
@Controller('operator/api')
export class SessionsController {
  constructor(private readonly sessions: OperatorSessions) {}

  /** Lists the live sessions of all operators, the most recently used first, without cookies or hashes. */
  @Get('sessions')
  async listSessions(@Req() request: FastifyRequest): Promise<Page<ListedSessionView>> {
    const items = await this.sessions.list(readSessionCookie(request));
    return { items, total: items.length };
  }

  /**
   * Ends a session. Its browser has to sign in again.
   * @throws 404 if it has ended already
   */
  @Post('sessions/:id/end')
  @HttpCode(200)
  async endSession(@Param('id') id: string): Promise<EndedSessionsView> {
    if (!isUuid(id) || !(await this.sessions.endListed(id))) throw notFound('session', id);
    return { ended: 1 };
  }

  /**
   * Ends all sessions of an operator by name, including the caller's session if it is one of them. Tokens
   * stay valid, so the operator can sign in again.
   */
  @Post('operators/:name/end-sessions')
  @HttpCode(200)
  async endSessionsOfOperator(@Param('name') name: string): Promise<EndedSessionsView> {
    return { ended: await this.sessions.endAllOf(name) };
  }
}
