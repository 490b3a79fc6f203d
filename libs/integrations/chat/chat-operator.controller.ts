import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { isUuid, notFound, OperatorAccess } from '#platform';
import { ChannelStore } from './channel-store.js';
import type { ChannelEntity, ChannelState } from './chat.entity.js';

/** A messenger's account and its channel, as the operator sees them. */
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

/** A connection's channels at the message gateway. */
export interface ChannelsView {
  items: ChannelView[];
  total: number;
  /** Why they could not be compared with the gateway's. */
  problem?: string;
  /** When they are compared again; missing: when something changes. */
  dueAt?: string;
}

/** Channels of messengers for the partner. */
@ApiTags('operator: chat')
@OperatorAccess()
@Controller('operator/api')
export class ChatOperatorController {
  constructor(private readonly channels: ChannelStore) {}

  /** A connection's channels at the message gateway; 404 where it has no messenger. */
  @Get('connections/:id/channels')
  async listChannels(@Param('id') id: string): Promise<ChannelsView> {
    const sync = isUuid(id) ? await this.channels.findSync(id) : undefined;
    if (!sync) throw notFound('messenger of connection', id);
    const items = (await this.channels.list(id)).map(toChannelView);
    return {
      ...{ items, total: items.length },
      ...(sync.problem !== null && { problem: sync.problem }),
      ...(sync.dueAt && { dueAt: sync.dueAt.toISOString() }),
    };
  }
}

function toChannelView({ account, name, state, mgId, problem, updatedAt }: ChannelEntity): ChannelView {
  return {
    ...{ account, name, state },
    ...(mgId !== null && { channel: Number(mgId) }),
    ...(problem !== null && { problem }),
    updatedAt: updatedAt.toISOString(),
  };
}
