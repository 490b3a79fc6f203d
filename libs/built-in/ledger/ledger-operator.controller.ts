import { createHash } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Connection, ConnectionStore, refuseForShadow } from '#connections';
import {
  ApiBodyOf,
  ApiQueryOf,
  CallbackError,
  notFound,
  OperatorAccess,
  type Page,
  getParser,
  readBody,
  readPage,
  sha256Hex,
  StreamedBody,
  Database,
  WithinModules,
} from '#platform';
import { StockChanges } from '#inventory/services';
import type { ImportReport } from './import/import-report.js';
import { type ImportOptions, type ImportTarget, joinWithoutLoops, LedgerImports, tellOffers } from './import/ledger-imports.js';
import { rawLines } from './import/raw-lines.js';
import { readStockLine, StockLineDto } from './import/stock-line.js';
import { MOVEMENT_LIST, type MovementView, RESERVATION_LIST, type ReservationView, STOCK_LIST, type StockView } from './ledger-lists.js';
import { ledgerManifest } from './ledger.manifest.js';
import {
  type ApplyDto,
  ConnectionDto,
  ImportDto,
  MovementDto,
  MovementListDto,
  ReservationListDto,
  ShipmentDto,
  StockListDto,
} from './ledger-operator.dto.js';
import { LedgerReservations } from './ledger-reservations.js';
import type { LedgerSettings } from './ledger.settings.js';

/** Reply to a file with bad lines: the contract's error, and the report. */
export interface RefusedImport extends ImportReport {
  success: false;
  errorMsg: string;
}

const OFFERS_IN_STOCK = `
  SELECT o.id, o.crm_id, o.xml_id, o.external_id, o.site FROM ledger_offer o
  WHERE o.connection_id = $1 AND EXISTS (SELECT FROM ledger_balance b WHERE b.offer_id = o.id) ORDER BY o.id`;

/** The stock ledger for the operator: stocks, movements, reservations. Accepts files and single changes. */
@ApiTags('operator: stock')
@OperatorAccess()
@Controller('operator/api/stock')
export class LedgerOperatorController {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionStore,
    private readonly imports: LedgerImports,
    private readonly ledgerReservations: LedgerReservations,
    private readonly changes: StockChanges,
  ) {}

  /** Lists balances. */
  @Get()
  @WithinModules()
  @ApiQueryOf(StockListDto)
  listStock(@Query() filter: StockListDto): Promise<Page<StockView>> {
    return readPage(this.database, STOCK_LIST, filter);
  }

  /** Lists movements, latest first. */
  @Get('movements')
  @WithinModules()
  @ApiQueryOf(MovementListDto)
  listStockMovements(@Query() filter: MovementListDto): Promise<Page<MovementView>> {
    return readPage(this.database, MOVEMENT_LIST, filter);
  }

  /** Lists orders' reservations, latest first. */
  @Get('reservations')
  @WithinModules()
  @ApiQueryOf(ReservationListDto)
  listStockReservations(@Query() filter: ReservationListDto): Promise<Page<ReservationView>> {
    return readPage(this.database, RESERVATION_LIST, filter);
  }

  /**
   * Imports a file of stocks: CSV with a header, NDJSON or a JSON list of lines, completely or not at all.
   *
   * A file with bad lines gets 400 and a report that lists them. A dry run gets the report.
   * @throws 409 for the key of another file
   */
  @Post('import')
  @WithinModules()
  @ApiQueryOf(ImportDto)
  @ApiBody({ schema: { type: 'string' }, description: 'The file.' })
  @ApiConsumes('text/csv', 'application/x-ndjson', 'application/json')
  @HttpCode(200)
  @StreamedBody()
  async importStock(
    @Query() query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ImportReport | RefusedImport> {
    const report = await readBody(request, async (bytes) => {
      const dto = getParser(ImportDto).parse(query, 'query');
      const { target, options } = await this.prepare(dto, dto.mode, dto.dryRun);
      const hash = createHash('sha256');
      return this.imports.run(target, options, rawLines(hashBytes(bytes, hash)), () => hash.digest('hex'));
    });
    if (report.bad === 0 || report.dryRun) return report;
    void reply.status(400);
    return { success: false, errorMsg: `${report.bad} of ${report.lines} lines are invalid. Nothing was applied.`, ...report };
  }

  /**
   * Applies a single change: a line with its options. Returns an import's report for one line.
   * @throws 409 for the key of another change
   */
  @Post('movements')
  @WithinModules()
  @ApiBodyOf(MovementDto, { and: StockLineDto })
  @HttpCode(200)
  async moveStock(@Body() body: unknown): Promise<ImportReport> {
    const dto = getParser(MovementDto).parse(body);
    const { target, options } = await this.prepare(dto, dto.mode, false);
    const line = readStockLine(body, { mode: options.mode, currency: options.currency, settings: target.settings });
    const report = await this.imports.run(target, options, yieldOne({ line: 1, value: body }), () => sha256Hex(JSON.stringify(line)));
    const [bad] = report.badLines;
    if (bad) throw new CallbackError(400, `The change is invalid: it ${bad.error}.`, { line: bad.error });
    return report;
  }

  /**
   * Records that an order's reserved goods have left the warehouse. Returns the number of reservations, or 0
   * for a repeat.
   */
  @Post('shipments')
  @WithinModules()
  @ApiBodyOf(ShipmentDto)
  @HttpCode(200)
  async shipStock(@Body() { connection: id, order }: ShipmentDto): Promise<{ shipped: number }> {
    const { id: connectionId, settings } = await this.findLedger(id);
    const holder = { connectionId, settings: settings as LedgerSettings };
    return { shipped: await this.database.transaction((tx) => this.ledgerReservations.ship(tx, holder, order)) };
  }

  /**
   * Sends all stocks to the CRM again, for new products or a warehouse with a changed way of counting.
   *
   * Returns the number of offers.
   */
  @Post('upload')
  @WithinModules()
  @ApiBodyOf(ConnectionDto)
  @HttpCode(202)
  async uploadStock(@Body() body: unknown): Promise<{ offers: number }> {
    const connection = await this.findLedger(getParser(ConnectionDto).parse(body).connection);
    refuseForShadow(connection);
    const { id } = connection;
    const offers = await this.database.transaction(async (tx) => {
      await joinWithoutLoops(tx);
      return tellOffers(tx, this.changes, id, OFFERS_IN_STOCK, [id]);
    });
    return { offers };
  }

  private async prepare(
    dto: ApplyDto,
    mode: ImportOptions['mode'],
    dryRun: boolean,
  ): Promise<{ target: ImportTarget; options: ImportOptions }> {
    const { id, settings, account } = await this.findLedger(dto.connection);
    const { counts, key, comment } = dto;
    return {
      target: { connectionId: id, settings: settings as LedgerSettings },
      options: { mode, counts, currency: (dto.currency ?? account.currency)?.toUpperCase(), key, comment, dryRun },
    };
  }

  /** Returns a connection of a module with this provider. Throws CallbackError 404. */
  private async findLedger(id: string): Promise<Connection> {
    const connection = await this.connections.findById(id, 'store');
    if (connection?.module.manifest.code !== ledgerManifest.code) throw notFound('ledger connection', id);
    return connection;
  }
}

async function* hashBytes(bytes: AsyncIterable<Uint8Array>, hash: { update(bytes: Uint8Array): unknown }): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* yieldOne<T>(one: T): AsyncGenerator<T> {
  yield await Promise.resolve(one);
}
