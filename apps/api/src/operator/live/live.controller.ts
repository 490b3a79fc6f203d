import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ActingOperator, type Operator, OperatorAccess, OperatorSessions, readBearer, readSessionCookie, WithinModules } from '#platform';
import { LiveFeed } from './live-feed.js';

/** Live updates. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/live')
export class LiveController {
  constructor(
    private readonly feed: LiveFeed,
    private readonly sessions: OperatorSessions,
  ) {}

  /**
   * Streams changes as server-sent events: `overview` (the reply of `GET /operator/api/overview`, the first
   * event), `health` (`{changes, more}`, like the items of `GET /operator/api/health/changes`), `tasks`
   * (`{items}`, like `GET /operator/api/tasks`) and `failures` (the number of `outbox`, `inbox`
   * and `operations`). Ends with the session. Events are not repeated, so load the state again after a break.
   * @throws 429 while there are too many listeners
   */
  @Get()
  @WithinModules()
  @ApiProduces('text/event-stream')
  listenToChanges(@Req() request: FastifyRequest, @ActingOperator() { name }: Operator, @Res() reply: FastifyReply): void {
    const id = readBearer(request) === undefined ? readSessionCookie(request) : undefined;
    // Listening does not prolong the session, so that a page that is left open ends.
    const mayListen = async (): Promise<boolean> => id === undefined || (await this.sessions.find(id, false)) !== undefined;
    void reply.send(this.feed.listen(reply, name, mayListen));
  }
}
