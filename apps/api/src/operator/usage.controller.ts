import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import { type BillingSum, UsageStore, type UsageTotal } from '#connections';
import {
  ApiQueryOf,
  Clock,
  Database,
  defineOperatorList,
  getOperatorScope,
  OperatorAccess,
  type Page,
  PageDto,
  readPage,
  WithinModules,
} from '#platform';

/** Rows per statement of a CSV file. */
const CSV_ROWS = 500;

/** A month, and optionally a module. */
export class UsageDto extends PageDto {
  /** Month in the accounts' time zones, such as `2026-11`. Default: the current month in UTC. */
  @IsOptional() @Matches(/^20\d\d-(0[1-9]|1[0-2])$/, { message: 'must be a month, such as 2026-11' }) month?: string;
  /** Code of the module. Default: all modules. */
  @IsOptional() @IsString() module?: string;
}

/** The facts of one kind in a connection's month. */
export interface UsageCount {
  /** `delivery`, `invoice`, `call`, or `callback:` and the name of the callback. */
  kind: string;
  count: number;
  /** How many of them belong to an earlier month that was closed before they became known. */
  late: number;
}

/** The counts of a connection in one month. */
export interface UsageView {
  /** Public id of the connection, also after its erasure. */
  connection: string;
  /** Host of the connection's CRM. Null if the connection was erased. */
  host: string | null;
  module: string;
  counts: UsageCount[];
}

/** The counts of a month. */
export interface UsageReport {
  /** Such as `2026-11`. */
  month: string;
  /** When the month was closed. Its counts no longer change. Null if it is open. */
  closedAt: Date | null;
  totals: UsageTotal[];
  /** The prices of modules that the CRM last returned, not of this month. */
  billing: BillingSum[];
}

const LIST = defineOperatorList<UsageDto & { month: string }, UsageView, UsageView>({
  from: {
    columns: 'u.connection, u.module, u.counts, u.host',
    tables: `(
      SELECT n.month, n.module, n.connection, (SELECT split_part(system_url, '//', 2) FROM connection WHERE id = n.connection) AS host,
        jsonb_agg(jsonb_build_object('kind', n.kind, 'count', n.count, 'late', n.late) ORDER BY n.kind) AS counts
      FROM (SELECT month, module_code AS module, connection, kind, sum(count) AS count, sum(late) AS late FROM usage_count GROUP BY 1, 2, 3, 4) n
      GROUP BY 1, 2, 3
    ) u`,
  },
  where: { month: `u.month = (:month || '-01')::date`, module: 'u.module = :module' },
  order: { 'u.module': 'ASC', 'u.connection': 'ASC' },
  view: ({ connection, host, module, counts }) => ({ connection, host, module, counts }),
});

/** Counts of facts for partners, per module, shop and month. */
@ApiTags('operator: insight')
@OperatorAccess()
@Controller('operator/api/usage')
export class UsageController {
  constructor(
    private readonly database: Database,
    private readonly usage: UsageStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns a month's deliveries made, invoices paid, calls and answered callbacks, by module and kind. Each
   * fact is counted once. A month is closed some days after its end, and its facts that become known later
   * count in a later month. Also the prices of the modules that the CRM last returned, by currency.
   */
  @Get()
  @WithinModules()
  @ApiQueryOf(UsageDto)
  async readUsage(@Query() { month = this.findMonth(), module }: UsageDto): Promise<UsageReport> {
    const scope = getOperatorScope()?.modules;
    const modules = module === undefined ? scope : [module].filter((one) => scope?.includes(one) ?? true);
    const day = `${month}-01`;
    const [closedAt, totals, billing] = await Promise.all([
      this.usage.findClosing(day),
      this.usage.sum(day, modules),
      this.usage.sumBilling(modules),
    ]);
    return { month, closedAt, totals, billing };
  }

  /** Lists the counts of each connection in a month, also of erased connections. */
  @Get('connections')
  @WithinModules()
  @ApiQueryOf(UsageDto)
  listUsage(@Query() { month = this.findMonth(), ...filter }: UsageDto): Promise<Page<UsageView>> {
    return readPage(this.database, LIST, { month, ...filter });
  }

  /** Returns the same counts as CSV, one line for each connection and kind. Paging parameters are ignored. */
  @Get('connections.csv')
  @WithinModules()
  @ApiQueryOf(UsageDto)
  @ApiProduces('text/csv')
  exportUsage(@Query() { month = this.findMonth(), module }: UsageDto): StreamableFile {
    const lines = this.writeCsv({ month, ...(module !== undefined && { module }), limit: CSV_ROWS });
    return new StreamableFile(Readable.from(lines), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="usage-${month}.csv"`,
    });
  }

  private async *writeCsv(filter: UsageDto & { month: string }): AsyncGenerator<string> {
    yield 'month,module,connection,host,kind,count,late\r\n';
    let cursor: string | undefined;
    do {
      const page: Page<UsageView> = await readPage(this.database, LIST, { ...filter, ...(cursor !== undefined && { cursor }) });
      yield page.items
        .flatMap(({ connection, host, module, counts }) =>
          counts.map(({ kind, count, late }) => `${[filter.month, module, connection, host ?? '', kind, count, late].join(',')}\r\n`),
        )
        .join('');
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  private findMonth(): string {
    return this.clock.now().toISOString().slice(0, 7);
  }
}
