import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import {
  ApiQueryOf,
  Database,
  defineOperatorList,
  isUuid,
  notFound,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  WithinModules,
} from '#platform';
import { type BotState, BotStore } from './bot/bot-store.js';
import { ChannelStore } from './channel-store.js';
import type { ChannelEntity, ChannelState, DialogueEntity } from './chat.entity.js';

/** A messenger's account and its channel in the operator's API. */
export interface ChannelView {
  /** Id at the messenger. */
  account: string;
  name: string;
  state: ChannelState;
  /** The gateway's id. */
  channel?: number;
  problem?: string;
  updatedAt: string;
}

/** A connection's bot at the message gateway. */
export interface BotView {
  connected: boolean;
  /** When its socket was opened. Missing: it is not connected. */
  connectedSince?: string;
  /** When the last question or command arrived. */
  lastEventAt?: string;
  /** Number of messages that wait for an answer. */
  waiting: number;
  /** Why it is not connected, or why the latest of its answers waits or has failed. */
  problem?: string;
}

/** A connection's channels at the message gateway. */
export interface ChannelsView {
  items: ChannelView[];
  total: number;
  /** Reason why they could not be compared with the gateway's channels. */
  problem?: string;
  /** When they are compared again. Missing: after the next change. */
  dueAt?: string;
  /** Missing: the shop has not switched it on. */
  bot?: BotView;
}

/** Filter of the list of dialogues. */
export class DialogueListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** The customer's id at the messenger. */
  @IsOptional() @IsString() @MaxLength(200) customer?: string;
}

/** A customer's chat at an account of a messenger. Its timeline has the kind `dialogue`. */
export interface DialogueView {
  id: string;
  connection: string;
  /** Name of the messenger's account. */
  channel?: string;
  /** Its id at the messenger. */
  chat: string;
  /** The customer's id at the messenger. */
  customer?: string;
  /** `blocked`: by the customer. */
  state: 'open' | 'blocked';
  /** When the dialogue was last changed. */
  usedAt: string;
  createdAt: string;
}

interface DialogueRow extends DialogueEntity {
  channel: string | null;
}

/** Dialogues, most recently used first. */
export const DIALOGUE_LIST = defineOperatorList<DialogueListDto, DialogueRow, DialogueView>({
  from: {
    columns: `d.id, d.connection_id AS "connectionId", d.chat, d.customer, d.blocked, d.used_at AS "usedAt", d.created_at AS "createdAt",
      (SELECT name FROM chat_channel c WHERE c.id = d.channel_id) AS channel`,
    tables: 'chat_dialogue d',
  },
  where: { connection: 'd.connection_id = :connection', customer: 'd.customer = :customer' },
  order: { 'd.used_at': 'DESC', 'd.id': 'DESC' },
  view: toDialogueView,
});

/** Channels and dialogues of messengers for the operator. */
@ApiTags('operator: chat')
@OperatorAccess()
@Controller('operator/api')
export class ChatOperatorController {
  constructor(
    private readonly channels: ChannelStore,
    private readonly bots: BotStore,
    private readonly database: Database,
  ) {}

  /**
   * Lists dialogues of customers with managers, most recently used first. Their timelines list the messages.
   */
  @Get('dialogues')
  @WithinModules()
  @ApiQueryOf(DialogueListDto)
  listDialogues(@Query() filter: DialogueListDto): Promise<Page<DialogueView>> {
    return readPage(this.database, DIALOGUE_LIST, filter);
  }

  /** Returns a connection's channels and bot at the message gateway, or 404 if it has neither. */
  @Get('connections/:id/channels')
  @WithinModules('connection')
  async listChannels(@Param('id') id: string): Promise<ChannelsView> {
    const sync = isUuid(id) ? await this.channels.findSync(id) : undefined;
    const bot = isUuid(id) ? await this.bots.readState(id) : undefined;
    if (!sync && !bot) throw notFound('messenger of connection', id);
    const items = (await this.channels.list(id)).map(toChannelView);
    return {
      ...{ items, total: items.length },
      ...(sync?.problem != null && { problem: sync.problem }),
      ...(sync?.dueAt && { dueAt: sync.dueAt.toISOString() }),
      ...(bot && { bot: toBotView(bot) }),
    };
  }
}

function toDialogueView({ id, connectionId, channel, chat, customer, blocked, usedAt, createdAt }: DialogueRow): DialogueView {
  return {
    ...{ id, connection: connectionId },
    ...(channel !== null && { channel }),
    chat,
    ...(customer !== null && { customer }),
    state: blocked ? 'blocked' : 'open',
    ...{ usedAt: usedAt.toISOString(), createdAt: createdAt.toISOString() },
  };
}

function toBotView({ connected, openedAt, lastEventAt, waiting, problem }: BotState): BotView {
  return {
    connected,
    ...(connected && openedAt && { connectedSince: openedAt.toISOString() }),
    ...(lastEventAt && { lastEventAt: lastEventAt.toISOString() }),
    waiting,
    ...(problem !== null && { problem }),
  };
}

function toChannelView({ account, name, state, mgId, problem, updatedAt }: ChannelEntity): ChannelView {
  return {
    ...{ account, name, state },
    ...(mgId !== null && { channel: Number(mgId) }),
    ...(problem !== null && { problem }),
    updatedAt: updatedAt.toISOString(),
  };
}
