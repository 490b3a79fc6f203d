import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsNotEmpty, IsNumber, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { DateTime } from 'luxon';
import { isUuid } from '#connections';
import { ApiQueryOf, BadInputError, Database, notFound, OperatorAccess, PageDto, getParser } from '#platform';
import { readMoney, toWireAmount } from '#provider-kit';
import { DeliveryEntity, DeliveryStatusEntity } from './delivery.entity.js';
import { type DeliveryReport, DeliveryStatusesService, type ReportOutcome } from './delivery-statuses.service.js';
import { readCost } from './reply-mapper.js';

const MOST_REPORTS = 1000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?$/;
const HAS_ZONE = /(Z|[+-]\d{2}(:?\d{2})?)$/;
/** Nothing that is told of today happened before. */
const EARLIEST = Date.UTC(2000, 0, 1);

/** Filter and page of the list of deliveries. */
export class DeliveryListDto extends PageDto {
  /** The order's id or number in the CRM. */
  @IsOptional() @IsString() @MaxLength(255) order?: string;
  @IsOptional() @IsString() @MaxLength(100) status?: string;
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** One status told by a dispatcher's own system. */
export class StatusReportDto {
  @IsString() @IsNotEmpty() deliveryId!: string;
  /** Of the provider's status list. */
  @IsString() @IsNotEmpty() code!: string;
  /** ISO 8601, without a zone in the account's own; missing: now. */
  @IsOptional() @Matches(INSTANT, { message: 'must be a moment like 2026-11-24T10:00:00+03:00' }) updatedAt?: string;
  @IsOptional() @IsString() @MaxLength(2000) comment?: string;
  /** In the delivery's currency. */
  @IsOptional() @IsNumber() @Min(0) @Max(1e11) cost?: number;
  @IsOptional() @IsString() @MaxLength(255) trackNumber?: string;
}

/** A delivery as the operator sees it. */
export interface DeliveryView {
  id: string;
  connection: string;
  order: string;
  orderNumber?: string;
  externalId: string;
  trackNumber?: string;
  status: string;
  statusAt: string;
  cost?: number;
  currency?: string;
  tariff: string;
  createdAt: string;
  updatedAt: string;
  deletedAt?: string;
}

/** Deliveries for the partner: a list, one with its history, and the way in for a dispatcher's statuses. */
@ApiTags('operator: deliveries')
@ApiBearerAuth()
@OperatorAccess()
@Controller('operator/api/deliveries')
export class DeliveryOperatorController {
  private readonly reports = getParser(StatusReportDto);

  constructor(
    private readonly database: Database,
    private readonly statuses: DeliveryStatusesService,
  ) {}

  /** Newest first. */
  @Get()
  @ApiOperation({ summary: 'Deliveries, the latest first' })
  @ApiQueryOf(DeliveryListDto)
  async list(@Query() filter: DeliveryListDto): Promise<{ items: DeliveryView[]; total: number }> {
    const limit = filter.limit ?? 50;
    if (filter.connection !== undefined && !isUuid(filter.connection)) return { items: [], total: 0 };
    const select = this.database.dataSource.getRepository(DeliveryEntity).createQueryBuilder('d');
    if (filter.order !== undefined) select.andWhere('(d.order = :order OR d.orderNumber = :order)', { order: filter.order });
    if (filter.status !== undefined) select.andWhere('d.status = :status', { status: filter.status });
    if (filter.connection !== undefined) select.andWhere('d.connectionId = :connection', { connection: filter.connection });
    const [rows, total] = await select
      .orderBy('d.id', 'DESC')
      .skip(((filter.page ?? 1) - 1) * limit)
      .take(limit)
      .getManyAndCount();
    return { items: rows.map(viewOf), total };
  }

  /** One delivery with every status it had or was late to be told of. */
  @Get(':id')
  async one(
    @Param('id') id: string,
  ): Promise<DeliveryView & { history: { code: string; updatedAt: string; receivedAt: string; moved: boolean; comment?: string }[] }> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(DeliveryEntity).findOneBy({ id }) : null;
    if (!row) throw notFound('delivery', id);
    const history = await this.database.dataSource
      .getRepository(DeliveryStatusEntity)
      .find({ where: { deliveryId: id }, order: { updatedAt: 'ASC', id: 'ASC' } });
    return {
      ...viewOf(row),
      history: history.map((status) => ({
        code: status.code,
        updatedAt: status.updatedAt.toISOString(),
        receivedAt: status.receivedAt.toISOString(),
        moved: status.moved,
        ...(status.comment && { comment: status.comment }),
      })),
    };
  }

  /** Takes up to 1,000 statuses; each is judged by itself. Those that are kept in the history and not sent are named with the reason. */
  @Post('statuses')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes statuses of a dispatcher: says which are refused, and which are kept but not sent to the CRM' })
  async report(@Body() body: unknown): Promise<ReportOutcome> {
    // Also {"statuses": [...]}: some clients cannot send a bare list.
    const list = Array.isArray(body) ? body : (body as { statuses?: unknown } | null)?.statuses;
    if (!Array.isArray(list)) throw new BadInputError({ body: 'must be a list of statuses' });
    if (list.length > MOST_REPORTS) throw new BadInputError({ body: `must hold at most ${MOST_REPORTS} statuses` });
    const rejected: ReportOutcome['rejected'] = [];
    const reports: { index: number; report: DeliveryReport }[] = [];
    const homes = await this.homesOf(list);
    list.forEach((item: unknown, index) => {
      try {
        reports.push({ index, report: reportOf(this.reports.parse(item, 'item'), homes) });
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error;
        rejected.push({
          index,
          error: Object.entries(error.errors)
            .map(([field, problem]) => `${field} ${problem}`)
            .join('; '),
        });
      }
    });
    const outcome = await this.statuses.report(reports.map((entry) => entry.report));
    const indexOf = (index: number): number => reports[index]?.index ?? index;
    for (const refusal of outcome.rejected) rejected.push({ index: indexOf(refusal.index), error: refusal.error });
    return {
      accepted: outcome.accepted,
      rejected: rejected.sort((left, right) => left.index - right.index),
      notSent: outcome.notSent.map(({ index, reason }) => ({ index: indexOf(index), reason })),
    };
  }

  /** Of the deliveries whose report cannot be read without. */
  private async homesOf(list: unknown[]): Promise<Map<string, Home>> {
    const ids = list.flatMap((item) => {
      const { deliveryId, cost, updatedAt } = (item ?? {}) as { deliveryId?: unknown; cost?: unknown; updatedAt?: unknown };
      const needed = cost !== undefined || (typeof updatedAt === 'string' && !HAS_ZONE.test(updatedAt));
      return needed && typeof deliveryId === 'string' && isUuid(deliveryId) ? [deliveryId] : [];
    });
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<{ id: string } & Home>(
      `SELECT d.id, coalesce(d.cost_currency, d.request->>'currency') AS currency, c.account->>'timeZone' AS "timeZone"
       FROM delivery d JOIN connection c ON c.id = d.connection_id WHERE d.id = ANY ($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}

/** What amounts and times of a delivery are told in. */
interface Home {
  currency: string | null;
  timeZone: string;
}

function reportOf(dto: StatusReportDto, homes: Map<string, Home>): DeliveryReport {
  const home = homes.get(dto.deliveryId);
  const currency = home?.currency;
  if (dto.cost !== undefined && !currency && isUuid(dto.deliveryId)) {
    // The id is judged with the rest; a cost without a currency cannot be kept.
    throw new BadInputError({ cost: 'cannot be taken: the delivery is not known or has no currency' });
  }
  return {
    deliveryId: dto.deliveryId,
    code: dto.code,
    ...(dto.updatedAt && { updatedAt: momentOf(dto.updatedAt, home?.timeZone) }),
    ...(dto.comment && { comment: dto.comment }),
    ...(dto.cost !== undefined && currency && { cost: readMoney(dto.cost, currency) }),
    ...(dto.trackNumber && { trackNumber: dto.trackNumber }),
  };
}

function momentOf(text: string, timeZone = 'UTC'): Date {
  const moment = DateTime.fromISO(text, { zone: timeZone });
  if (!moment.isValid) throw new BadInputError({ updatedAt: 'is no moment of the calendar' });
  if (moment.toMillis() < EARLIEST) throw new BadInputError({ updatedAt: 'is too long ago' });
  return moment.toJSDate();
}

function viewOf(row: DeliveryEntity): DeliveryView {
  const cost = readCost(row);
  return {
    id: row.id,
    connection: row.connectionId,
    order: row.order,
    ...(row.orderNumber && { orderNumber: row.orderNumber }),
    externalId: row.externalId,
    ...(row.trackNumber && { trackNumber: row.trackNumber }),
    status: row.status,
    statusAt: row.statusAt.toISOString(),
    ...(cost && { cost: toWireAmount(cost), currency: cost.currency }),
    tariff: row.tariff,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...(row.deletedAt && { deletedAt: row.deletedAt.toISOString() }),
  };
}
