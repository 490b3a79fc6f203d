import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ApiQueryOf, Database, defineOperatorList, isUuid, notFound, OperatorAccess, type Page, PageDto, readPage } from '#platform';
import { NewsStore } from './news-store.js';
import type { Pack, StoreDocument } from './port/index.js';
import { StoreReservationEntity } from './store.entity.js';

/** Filter and page of the list of reservations. */
export class OutsideReservationListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** Id of the order in the CRM, else its shop and id there as `shop/id`. */
  @IsOptional() @IsString() @MaxLength(520) order?: string;
}

/** What an order holds at an outside warehouse, as the operator sees it. */
export interface OutsideReservationView {
  connection: string;
  order: string;
  packs: Pack[];
  documents: StoreDocument[];
  updatedAt: string;
}

/** Until where a connection's warehouse was asked for changed stock. */
export interface StockNewsView {
  /** Missing: it was not asked yet. */
  cursor?: string;
  /** When it is asked next. */
  dueAt: string;
  /** Why the last question failed. */
  problem?: string;
  updatedAt: string;
}

/** What orders hold at outside warehouses, the last changed first. */
export const OUTSIDE_RESERVATION_LIST = defineOperatorList<OutsideReservationListDto, StoreReservationEntity, OutsideReservationView>({
  from: StoreReservationEntity,
  where: { connection: 'row.connectionId = :connection', order: 'row.orderRef = :order' },
  order: { 'row.id': 'DESC' },
  view: ({ connectionId, orderRef, packs, documents, updatedAt }) => ({
    ...{ connection: connectionId, order: orderRef, packs, documents, updatedAt: updatedAt.toISOString() },
  }),
});

/** Outside warehouses for the partner. */
@ApiTags('operator: store')
@ApiBearerAuth()
@OperatorAccess()
@Controller('operator/api')
export class StoreOperatorController {
  constructor(
    private readonly database: Database,
    private readonly news: NewsStore,
  ) {}

  /** Newest first. */
  @Get('outside-reservations')
  @ApiQueryOf(OutsideReservationListDto)
  reservations(@Query() filter: OutsideReservationListDto): Promise<Page<OutsideReservationView>> {
    return readPage(this.database, OUTSIDE_RESERVATION_LIST, filter);
  }

  /** Throws CallbackError 404 for a connection that is unknown or whose warehouse is not asked. */
  @Get('connections/:id/stocks/changes')
  async changes(@Param('id') id: string): Promise<StockNewsView> {
    const state = isUuid(id) ? await this.news.find(id) : undefined;
    if (!state) throw notFound('warehouse of connection', id);
    return {
      ...(state.cursor !== null && { cursor: state.cursor }),
      ...(state.problem !== null && { problem: state.problem }),
      ...{ dueAt: state.dueAt.toISOString(), updatedAt: state.updatedAt.toISOString() },
    };
  }
}
