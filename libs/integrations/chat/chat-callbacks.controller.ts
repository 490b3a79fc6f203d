import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallbackGuard, type Connection, CurrentConnection, PlainFields, UseConnection } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { CALLBACK_PATHS } from './chat.paths.js';
import { OnlineDto, VisitsDto } from './dto/callback.dto.js';
import type { OnlineReply, VisitsReply } from './dto/reply.js';
import type { ChatProvider } from './port/index.js';
import { toVisitsReply, formatInstant } from './reply-mapper.js';

/**
 * The chat callbacks (docs/contract/chat.md), with the clientId in `X-Client-Id`. An unknown customer is not
 * an error.
 */
@ApiTags('chat callbacks')
@Controller(':module/callbacks')
@UseGuards(CallbackGuard)
@UseConnection('remembered')
export class ChatCallbacksController {
  constructor(@InjectProviders('chat') private readonly providers: Providers<ChatProvider>) {}

  /** Returns when a customer was last seen on the site. */
  @Get(CALLBACK_PATHS.online)
  async getLastOnline(@CurrentConnection() connection: Connection, @PlainFields() { externalUserId }: OnlineDto): Promise<OnlineReply> {
    const seen = await this.providers.call(connection, 'findLastOnline', (provider, context) =>
      provider.findLastOnline(externalUserId, context),
    );
    return seen ? { lastOnline: formatInstant(seen, connection.account.timeZone) } : {};
  }

  /** Returns a customer's visits to the site. */
  @Get(CALLBACK_PATHS.visits)
  async listVisits(@CurrentConnection() connection: Connection, @PlainFields() { externalChatId }: VisitsDto): Promise<VisitsReply> {
    const visits = await this.providers.call(connection, 'readVisits', (provider, context) => provider.readVisits(externalChatId, context));
    return toVisitsReply(visits, connection.account.timeZone);
  }
}
