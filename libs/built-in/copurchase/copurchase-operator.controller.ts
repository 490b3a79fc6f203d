import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
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
import { CopurchaseReading } from './copurchase-reading.js';

/** How far an account was read and counted. */
export interface SourceView {
  connection: string;
  /** Id of the last applied entry of the orders' history. */
  orderSince: number;
  productSince: number;
  orders: number;
  products: number;
  /** Number of orders that have to be read individually. */
  waiting: number;
  /** Whether it is being read, or is due. */
  pending: boolean;
  ordersCounted: number;
  readAt?: string;
  countedAt?: string;
  dueAt: string;
  failures: number;
  lastError?: string;
}

const SOURCES = {
  columns: `
    s.*, (SELECT count(*)::int FROM copurchase_order o WHERE o.connection_id = s.connection_id AND o.stale) AS waiting,
    s.leased_until >= now() OR c.id IS NOT NULL AND (s.due_at <= now() OR s.seen_version <> c.version) AS pending`,
  tables: 'copurchase_source s LEFT JOIN served_connection c ON c.id = s.connection_id',
};

/** Accounts that are read and counted. */
export const SOURCE_LIST = defineOperatorList<PageDto, SourceRow, SourceView>({
  from: SOURCES,
  where: {},
  within: 's.connection_id IN (SELECT id FROM connection WHERE module_code = ANY (:scopeModules))',
  order: { 's.connection_id': 'ASC' },
  view: toSourceView,
});

/** The orders and products behind recommendations, for the operator. */
@ApiTags('operator')
@OperatorAccess()
@Controller('operator/api/copurchase')
export class CopurchaseOperatorController {
  constructor(
    private readonly database: Database,
    private readonly reading: CopurchaseReading,
  ) {}

  /** Lists how far accounts were read and counted. */
  @Get()
  @WithinModules()
  @ApiQueryOf(PageDto)
  listOrderSources(@Query() page: PageDto): Promise<Page<SourceView>> {
    return readPage(this.database, SOURCE_LIST, page);
  }

  /** Returns how far an account was read and counted. */
  @Get(':connection')
  @WithinModules('connection')
  async readOrderSource(@Param('connection') id: string): Promise<SourceView> {
    const select = `SELECT ${SOURCES.columns} FROM ${SOURCES.tables} WHERE s.connection_id = $1`;
    const [row] = isUuid(id) ? await this.database.query<SourceRow>(select, [id]) : [];
    if (!row) throw notFound('connection', id);
    return toSourceView(row);
  }

  /** Makes the account due for reading immediately. */
  @Post(':connection/read')
  @WithinModules('connection')
  @HttpCode(202)
  async readOrdersNow(@Param('connection') id: string): Promise<{ success: true }> {
    if (!isUuid(id) || !(await this.reading.readNow(id))) throw notFound('connection', id);
    return { success: true };
  }
}

interface SourceRow {
  connection_id: string;
  order_since: string;
  product_since: string;
  orders: number;
  products: number;
  waiting: number;
  pending: boolean | null;
  orders_counted: string;
  read_at: Date | null;
  counted_at: Date | null;
  due_at: Date;
  failures: number;
  last_error: string | null;
}

function toSourceView(row: SourceRow): SourceView {
  return {
    connection: row.connection_id,
    orderSince: Number(row.order_since),
    productSince: Number(row.product_since),
    orders: row.orders,
    products: row.products,
    waiting: row.waiting,
    pending: row.pending === true,
    ordersCounted: Number(row.orders_counted),
    ...(row.read_at && { readAt: row.read_at.toISOString() }),
    ...(row.counted_at && { countedAt: row.counted_at.toISOString() }),
    dueAt: row.due_at.toISOString(),
    failures: row.failures,
    ...(row.last_error !== null && { lastError: row.last_error }),
  };
}
