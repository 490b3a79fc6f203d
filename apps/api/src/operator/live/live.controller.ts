import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ActingOperator, type Operator, OperatorAccess, OperatorSessions, readBearer, readSessionCookie, WithinModules } from '#platform';
import { LiveFeed } from './live-feed.js';

/** What changes, as it changes. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/live')
export class LiveController {
  constructor(
    private readonly feed: LiveFeed,
    private readonly sessions: OperatorSessions,
  ) {}

  /**
   * What changes, as server-sent events: `overview` (as `GET /operator/api/overview` answers it; the first
   * event), `health` (`{changes, more}`, as `GET /operator/api/health/changes` lists them), `tasks`
   * (`{items}`, as `GET /operator/api/tasks` does) and `failures` (how many there are of `outbox`, `inbox`
   * and `operations`). It ends with the session. Nothing is repeated: after a break read what is shown anew.
   * @throws 429 while too many listen
   */
  @Get()
  @WithinModules()
  @ApiProduces('text/event-stream')
  listenToChanges(@Req() request: FastifyRequest, @ActingOperator() { name }: Operator, @Res() reply: FastifyReply): void {
    const id = readBearer(request) === undefined ? readSessionCookie(request) : undefined;
    // Listening is no use of the session: a page that is left open ends.
    const mayListen = async (): Promise<boolean> => id === undefined || (await this.sessions.find(id, false)) !== undefined;
    void reply.send(this.feed.listen(reply, name, mayListen));
  }
}
