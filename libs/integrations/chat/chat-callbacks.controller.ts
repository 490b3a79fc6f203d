import type { ChatProvider } from './port/index.js';
import { InjectProviders, type Providers } from '#integration-kit';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallbackGuard, type Connection, ProviderContexts, CurrentConnection, PlainFields, UseConnection } from '#connections';
import { parserOf } from '#platform';
import { OnlineDto, VisitsDto } from './dto/callback.dto.js';
import type { OnlineReply, VisitsReply } from './dto/reply.js';
import { visitsReply, wireInstant } from './reply-mapper.js';

/** The chat callbacks (docs/contract/chat.md); the client comes in the header `X-Client-Id`. A customer or chat that is not known is no error. */
@ApiTags('chat callbacks')
@Controller(':module/callbacks/chat')
@UseGuards(CallbackGuard)
@UseConnection('remembered')
export class ChatCallbacksController {
  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly contexts: ProviderContexts,
  ) {}

  @Get('online')
  async online(
    @CurrentConnection() connection: Connection,
    @PlainFields(parserOf(OnlineDto)) { externalUserId }: OnlineDto,
  ): Promise<OnlineReply> {
    const seen = await this.providers.of(connection).findLastOnline(externalUserId, this.contexts.contextFor(connection));
    return seen ? { lastOnline: wireInstant(seen, connection.account.timeZone) } : {};
  }

  @Get('visits')
  async visits(
    @CurrentConnection() connection: Connection,
    @PlainFields(parserOf(VisitsDto)) { externalChatId }: VisitsDto,
  ): Promise<VisitsReply> {
    const visits = await this.providers.of(connection).readVisits(externalChatId, this.contexts.contextFor(connection));
    return visitsReply(visits, connection.account.timeZone);
  }
}
