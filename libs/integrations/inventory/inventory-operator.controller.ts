import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { type Connection, ConnectionStore } from '#connections';
import {
  ApiBodyOf,
  ApiQueryOf,
  Database,
  defineOperatorList,
  getParser,
  isUuid,
  notFound,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  WithinModules,
} from '#platform';
import { ReconciliationEntity, ReconciliationService } from '#reconciliation';
import { StockUpdatesStore } from './stock-updates-store.js';
import type { Pack, StoreDocument } from './port/index.js';
import { STOCK_DIFFERS } from './stock.comparison.js';
import type { StockDifference } from './stock-differences.js';
import { InventoryReservationEntity } from './inventory.entity.js';

/** Filter and page of the list of reservations. */
export class OutsideReservationListDto extends PageDto {
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
  /** Id of the order in the CRM, or `shop/id` with its shop and its id there. */
  @IsOptional() @IsString() @MaxLength(520) order?: string;
}

/** Options of a comparison of stocks. */
export class ReconcileStocksDto {
  /** Whether to send nothing to the CRM. */
  @IsOptional() @IsBoolean() dryRun: boolean = false;
}

/** Page of the list of reconciliations of one warehouse. */
export class StockReconciliationListDto extends PageDto {
  @IsString() connection!: string;
}

/** A comparison of the CRM's stocks with a warehouse's. */
export interface StockReconciliationView {
  id: string;
  state: 'running' | 'done' | 'failed';
  dryRun: boolean;
  /** Offers compared so far. */
  checked: number;
  /** Number of compared offers that differ. */
  differed: number;
  /** Number of offers in the CRM that the warehouse does not have. */
  unknown: number;
  /** The first 100. */
  differences: StockDifference[];
  problem?: string;
  startedAt: string;
  endedAt?: string;
}

/** An order's reservation at an outside warehouse in the operator's API. */
export interface OutsideReservationView {
  connection: string;
  order: string;
  packs: Pack[];
  documents: StoreDocument[];
  updatedAt: string;
}

/** How far a warehouse's changed stock was read. */
export interface StockUpdatesView {
  /** Missing: there was no reading yet. */
  cursor?: string;
  /** Time of the next reading. */
  dueAt: string;
  /** Reason why the last reading failed. */
  problem?: string;
  updatedAt: string;
}

/** Orders' reservations at outside warehouses, last changed first. */
export const OUTSIDE_RESERVATION_LIST = defineOperatorList<OutsideReservationListDto, InventoryReservationEntity, OutsideReservationView>({
  from: InventoryReservationEntity,
  where: { connection: 'row.connectionId = :connection', order: 'row.orderRef = :order' },
  order: { 'row.id': 'DESC' },
  view: ({ connectionId, orderRef, packs, documents, updatedAt }) => ({
    ...{ connection: connectionId, order: orderRef, packs, documents, updatedAt: updatedAt.toISOString() },
  }),
});

/** Reconciliations of a connection, latest first. */
export const STOCK_RECONCILIATION_LIST = defineOperatorList<StockReconciliationListDto, ReconciliationEntity, StockReconciliationView>({
  from: ReconciliationEntity,
  where: { connection: 'row.connectionId = :connection' },
  order: { 'row.startedAt': 'DESC', 'row.id': 'DESC' },
  view: toReconciliationView,
});

/** Outside warehouses, and the comparison of stocks, for the operator. */
@ApiTags('operator: store')
@OperatorAccess()
@Controller('operator/api')
export class InventoryOperatorController {
  constructor(
    private readonly database: Database,
    private readonly updates: StockUpdatesStore,
    private readonly connections: ConnectionStore,
    private readonly reconciliation: ReconciliationService,
  ) {}

  /** Lists orders' reservations at outside warehouses, latest first. */
  @Get('outside-reservations')
  @WithinModules()
  @ApiQueryOf(OutsideReservationListDto)
  listOutsideReservations(@Query() filter: OutsideReservationListDto): Promise<Page<OutsideReservationView>> {
    return readPage(this.database, OUTSIDE_RESERVATION_LIST, filter);
  }

  /** Returns how far a warehouse's changes were read, or 404 if they are not read. */
  @Get('connections/:id/stocks/changes')
  @WithinModules('connection')
  async readStockChanges(@Param('id') id: string): Promise<StockUpdatesView> {
    const state = isUuid(id) ? await this.updates.find(id) : undefined;
    if (!state) throw notFound('warehouse of connection', id);
    return {
      ...(state.cursor !== null && { cursor: state.cursor }),
      ...(state.problem !== null && { problem: state.problem }),
      ...{ dueAt: state.dueAt.toISOString(), updatedAt: state.updatedAt.toISOString() },
    };
  }

  /**
   * Starts a comparison of all stocks in the CRM with the warehouse's, and sends the differences.
   * @throws 409 while one is running
   */
  @Post('connections/:id/stocks/reconcile')
  @WithinModules()
  @ApiBodyOf(ReconcileStocksDto, { required: false })
  @HttpCode(202)
  async reconcileStocks(@Param('id') id: string, @Body() body: unknown): Promise<StockReconciliationView> {
    const { dryRun } = getParser(ReconcileStocksDto).parse(body ?? {});
    return toReconciliationView(await this.reconciliation.begin(await this.loadWarehouse(id), dryRun ? [] : [STOCK_DIFFERS]));
  }

  /** Lists comparisons of a connection's stocks, latest first. */
  @Get('connections/:id/stocks/reconciliations')
  @WithinModules()
  @ApiQueryOf(PageDto)
  async listStockReconciliations(@Param('id') id: string, @Query() page: PageDto): Promise<Page<StockReconciliationView>> {
    const { id: connection } = await this.loadWarehouse(id);
    return readPage(this.database, STOCK_RECONCILIATION_LIST, { ...page, connection });
  }

  private async loadWarehouse(id: string): Promise<Connection> {
    const connection = await this.connections.findById(id, 'store');
    if (!connection) throw notFound('warehouse of connection', id);
    return connection;
  }
}

function toReconciliationView(row: ReconciliationEntity): StockReconciliationView {
  const { id, state, mends, checked, differed, unknown, sample, problem, startedAt, endedAt } = row;
  return {
    ...{ id, state, dryRun: !mends.includes(STOCK_DIFFERS), checked, differed, unknown, differences: sample as StockDifference[] },
    ...(problem !== null && { problem }),
    startedAt: startedAt.toISOString(),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
  };
}
