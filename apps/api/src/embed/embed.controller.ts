import { Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Connection, CurrentConnection, JsonField, UseConnection } from '#connections';
import { AuditTrail } from '#platform';
import { type BadgeReply, type PressResult, type Registry, Widgets, type WidgetView } from '#widgets';
import { EmbedPressDto, EmbedRequestDto, RegistryRequestDto } from './embed.dto.js';
import { EmbedGuard } from './embed.guard.js';
import { UnknownFields } from './unknown-fields.js';

/** Calls of the widgets in the CRM's cards (docs/widgets.md). The CRM sends them on behalf of a browser. */
@ApiTags('widgets')
@Controller(':module/callbacks/embed')
@UseGuards(EmbedGuard)
export class EmbedController {
  constructor(
    private readonly widgets: Widgets,
    private readonly unknown: UnknownFields,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns the button at a target. Calls no service. */
  @Post('badge')
  @HttpCode(200)
  @UseConnection('remembered')
  readBadge(
    @CurrentConnection() connection: Connection,
    @JsonField('payload') dto: EmbedRequestDto,
    @Req() { body }: FastifyRequest,
  ): Promise<BadgeReply> {
    this.unknown.note(body);
    return this.widgets.readBadge(connection, dto);
  }

  /** Returns the sidebar of a target. Calls no service. */
  @Post('view')
  @HttpCode(200)
  @UseConnection('remembered')
  readView(
    @CurrentConnection() connection: Connection,
    @JsonField('payload') dto: EmbedRequestDto,
    @Req() { body }: FastifyRequest,
  ): Promise<WidgetView> {
    this.unknown.note(body);
    return this.widgets.readView(connection, dto);
  }

  /**
   * Performs an action of a sidebar. A repeat with the same key gets the same reply.
   * @throws 409 if the stored state does not allow the action, or the key belongs to another one
   */
  @Post('act')
  @HttpCode(200)
  async press(
    @CurrentConnection() connection: Connection,
    @JsonField('payload') dto: EmbedPressDto,
    @Req() request: FastifyRequest,
  ): Promise<PressResult> {
    this.unknown.note(request.body);
    const { thing, action, key } = dto;
    return this.widgets.press(connection, dto, (id) =>
      this.audit.beginClaimed(request, dto.user, connection.id, id, { thing, action, key }),
    );
  }

  /** Returns a page of the module's registry. */
  @Post('registry')
  @HttpCode(200)
  @UseConnection('remembered')
  readRegistry(
    @CurrentConnection() connection: Connection,
    @JsonField('payload') dto: RegistryRequestDto,
    @Req() { body }: FastifyRequest,
  ): Promise<Registry> {
    this.unknown.note(body);
    return this.widgets.readRegistry(connection, dto);
  }
}
