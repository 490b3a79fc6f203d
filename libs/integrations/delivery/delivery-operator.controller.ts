import { Body, Controller, Get, HttpCode, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { In } from 'typeorm';
import { type Connection, ConnectionStore, isUuid } from '#connections';
import {
  ApiBodyOf,
  ApiQueryOf,
  BadInputError,
  Database,
  defineOperatorList,
  notFound,
  OperatorAccess,
  type Page,
  PageDto,
  getParser,
  readPage,
  RequestNumber,
  getOperatorScope,
  runOutsideScope,
  WithinModules,
} from '#platform';
import { toWireAmount } from '#provider-kit';
import { DeliveryEntity, DeliveryStatusEntity } from './delivery.entity.js';
import { DeliveryPrintService } from './delivery-print.service.js';
import { type DeliveryReport, DeliveryStatusesService, type ReportOutcome } from './delivery-statuses.service.js';
import { DeliveryService } from './delivery.service.js';
import { DecisionDto, toDecision } from './dto/decision.dto.js';
import { type DeliveryHome, listHomeless, StatusReportDto, toStatusReport } from './dto/status-report.dto.js';
import { FORMATS } from './form-formats.js';
import { type ReportedView, toReportedView } from './reported.js';

const MOST_REPORTS = 1000;

/** Filter and page of the list of deliveries. */
export class DeliveryListDto extends PageDto {
  /** The order's id or number in the CRM. */
  @IsOptional() @IsString() @MaxLength(255) order?: string;
  @IsOptional() @IsString() @MaxLength(100) status?: string;
  /** Public id of the connection. */
  @IsOptional() @IsString() connection?: string;
}

/** A delivery as the operator sees it. */
export interface DeliveryView extends ReportedView {
  id: string;
  /** The CRM's `deliveryId`, if another module created it. */
  crmId?: string;
  connection: string;
  order: string;
  orderNumber?: string;
  externalId: string;
  status: string;
  statusAt: string;
  /** Price of the delivery in the order: as shown in the quote, unless the shop changed it. */
  shownCost?: number;
  /** Names in the account's rules that the delivery was made with. Missing if the settings applied. */
  contract?: string;
  sender?: string;
  tariff: string;
  createdAt: string;
  updatedAt: string;
  deletedAt?: string;
}

/** The same with every status it had, or that was reported too late to move it. */
export interface DeliveryDetails extends DeliveryView {
  history: { code: string; updatedAt: string; receivedAt: string; moved: boolean; comment?: string }[];
}

/** The decisions that a carrier can act on about a delivery. */
export interface DecisionChoices {
  kinds: ('deliver' | 'keep' | 'return' | 'clientReturn')[];
  /** Days to deliver, earliest first. Empty: any may be requested. */
  days: { date: string; times: readonly { from?: string; to?: string }[] }[];
}

/** Deliveries, newest first. */
export const DELIVERY_LIST = defineOperatorList<DeliveryListDto, DeliveryEntity, DeliveryView>({
  from: DeliveryEntity,
  where: {
    // An array, so that the planner reads these few rows first, and never all until it finds them.
    order: `row.id = ANY (ARRAY(
      SELECT id FROM delivery WHERE order_ref = :order AND deleted_at IS NULL UNION ALL
      SELECT id FROM delivery WHERE order_ref = :order AND deleted_at IS NOT NULL UNION ALL
      SELECT id FROM delivery WHERE order_number = :order))`,
    status: 'row.status = :status',
    connection: 'row.connectionId = :connection',
  },
  order: { 'row.id': 'DESC' },
  view: toDeliveryView,
});

/** Deliveries for the partner: a list, one with its history, and statuses from a dispatcher's own system. */
@ApiTags('operator: deliveries')
@OperatorAccess()
@Controller('operator/api/deliveries')
export class DeliveryOperatorController {
  private readonly parser = getParser(StatusReportDto);
  private readonly decisionParser = getParser(DecisionDto);

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly statuses: DeliveryStatusesService,
    private readonly prints: DeliveryPrintService,
    private readonly deliveries: DeliveryService,
  ) {}

  /** Deliveries, the latest first. */
  @Get()
  @WithinModules()
  @ApiQueryOf(DeliveryListDto)
  listDeliveries(@Query() filter: DeliveryListDto): Promise<Page<DeliveryView>> {
    return readPage(this.database, DELIVERY_LIST, filter);
  }

  /** A delivery with all its statuses, also late ones. */
  @Get(':id')
  @WithinModules('delivery')
  async readDelivery(@Param('id') id: string): Promise<DeliveryDetails> {
    const row = await this.findRow(id);
    const history = await this.database.dataSource
      .getRepository(DeliveryStatusEntity)
      .find({ where: { deliveryId: id }, order: { updatedAt: 'ASC', id: 'ASC' } });
    return {
      ...toDeliveryView(row),
      history: history.map((status) => ({
        code: status.code,
        updatedAt: status.updatedAt.toISOString(),
        receivedAt: status.receivedAt.toISOString(),
        moved: status.moved,
        ...(status.comment && { comment: status.comment }),
      })),
    };
  }

  /** A printed form of a delivery, in the form's format: a PDF, or commands of a label printer. */
  @Get(':id/documents/:form')
  @WithinModules('delivery')
  @ApiProduces(...Object.values(FORMATS).map(({ mediaType }) => mediaType))
  async printDelivery(@Param('id') id: string, @Param('form') form: string): Promise<StreamableFile> {
    const { connection } = await this.findWithConnection(id);
    const { bytes, mediaType, name } = await this.prints.print(connection, { type: form, deliveryIds: [[id]] }, () => true);
    return new StreamableFile(bytes, { type: mediaType, disposition: `inline; filename="${name}"`, length: bytes.length });
  }

  /** The decisions that the carrier can act on, with days and hours to deliver. */
  @Get(':id/decisions')
  @WithinModules('delivery')
  async listDecisions(@Param('id') id: string): Promise<DecisionChoices> {
    const { connection, row } = await this.findWithConnection(id);
    return this.deliveries.listDecisions(connection, row);
  }

  /** Delivers on another day or to another place, keeps longer or returns. The carrier acts in this call. */
  @Post(':id/decisions')
  @WithinModules('delivery')
  @ApiBodyOf(DecisionDto)
  @HttpCode(200)
  async decideDelivery(@Param('id') id: string, @Body() body: unknown): Promise<{ decided: true }> {
    const dto = this.decisionParser.parse(body, 'body');
    const { connection, row } = await this.findWithConnection(id);
    if (row.deletedAt) throw notFound('delivery', id);
    await this.deliveries.decide(connection, row, toDecision(dto, row.request.to));
    return { decided: true };
  }

  /**
   * Takes up to 1,000 statuses of a dispatcher, each processed on its own.
   * Returns the rejected ones, and those kept in the history but not sent to the CRM, with the reason.
   */
  @Post('statuses')
  @WithinModules()
  @ApiBodyOf(StatusReportDto, { list: true })
  @HttpCode(200)
  async reportDeliveryStatuses(@Body() body: unknown, @RequestNumber() request: string): Promise<ReportOutcome> {
    // Also {"statuses": [...]}: some clients cannot send a bare list.
    const list = Array.isArray(body) ? body : (body as { statuses?: unknown } | null)?.statuses;
    if (!Array.isArray(list)) throw new BadInputError({ body: 'must be a list of statuses' });
    if (list.length > MOST_REPORTS) throw new BadInputError({ body: `must hold at most ${MOST_REPORTS} statuses` });
    const homes = await this.findHomes(listHomeless(list));
    const reachable = await this.findReachable(list);
    const rejected: ReportOutcome['rejected'] = [];
    const reports: DeliveryReport[] = [];
    /** For each of `reports`, its place in the list. */
    const places: number[] = [];
    list.forEach((item: unknown, index) => {
      try {
        const dto = this.parser.parse(item, 'item');
        if (reachable && !reachable.has(dto.deliveryId)) throw new BadInputError({ deliveryId: 'is not known' });
        reports.push({ deliveryId: dto.deliveryId, report: toStatusReport(dto, homes.get(dto.deliveryId)) });
        places.push(index);
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error;
        rejected.push({ index, error: describeProblems(error) });
      }
    });
    const outcome = await runOutsideScope(() => this.statuses.report(reports, request));
    const toPlace = <Entry extends { index: number }>(entry: Entry): Entry => ({ ...entry, index: places[entry.index] ?? entry.index });
    return {
      accepted: outcome.accepted,
      rejected: [...rejected, ...outcome.rejected.map(toPlace)].sort((left, right) => left.index - right.index),
      notSent: outcome.notSent.map(toPlace),
    };
  }

  private async findWithConnection(id: string): Promise<{ connection: Connection; row: DeliveryEntity }> {
    const row = await this.findRow(id);
    const connection = await this.connections.findById(row.connectionId, 'delivery');
    if (!connection) throw notFound('delivery', id);
    return { connection, row };
  }

  private async findRow(id: string): Promise<DeliveryEntity> {
    const row = isUuid(id) ? await this.database.dataSource.getRepository(DeliveryEntity).findOneBy({ id }) : null;
    if (!row) throw notFound('delivery', id);
    return row;
  }

  /** Finds the deliveries of the list that the operator may reach. Undefined: all. */
  private async findReachable(list: readonly unknown[]): Promise<ReadonlySet<string> | undefined> {
    const scope = getOperatorScope();
    if (!scope) return undefined;
    const ids = list
      .map((item) => (item as { deliveryId?: unknown } | null)?.deliveryId)
      .filter((id) => typeof id === 'string' && isUuid(id));
    const rows = await this.database.query<{ id: string }>(
      `SELECT delivery.id FROM delivery JOIN connection ON connection.id = connection_id
       WHERE delivery.id = ANY ($1::uuid[]) AND module_code = ANY ($2)`,
      [ids, scope.modules],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async findHomes(ids: string[]): Promise<Map<string, DeliveryHome>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.dataSource.getRepository(DeliveryEntity).findBy({ id: In(ids) });
    const connections = await this.connections.findMany(rows.map(({ connectionId }) => connectionId));
    return new Map(
      rows.map(({ id, connectionId, costCurrency, request }) => {
        const [currency, timeZone] = [costCurrency ?? request.currency, connections.get(connectionId)?.account.timeZone];
        return [id, { ...(currency && { currency }), ...(timeZone && { timeZone }) }];
      }),
    );
  }
}

function describeProblems({ errors }: BadInputError): string {
  return Object.entries(errors)
    .map(([field, problem]) => `${field} ${problem}`)
    .join('; ');
}

function toDeliveryView(row: DeliveryEntity): DeliveryView {
  return {
    ...toReportedView(row),
    id: row.id,
    ...(row.crmId && { crmId: row.crmId }),
    connection: row.connectionId,
    order: row.order,
    ...(row.orderNumber && { orderNumber: row.orderNumber }),
    externalId: row.externalId,
    status: row.status,
    statusAt: row.statusAt.toISOString(),
    ...(row.request.cost && { shownCost: toWireAmount(row.request.cost) }),
    ...(row.contract && { contract: row.contract }),
    ...(row.sender && { sender: row.sender }),
    tariff: row.tariff,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...(row.deletedAt && { deletedAt: row.deletedAt.toISOString() }),
  };
}
