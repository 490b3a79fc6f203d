import { Injectable } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { type Connection, refuseForShadow } from '#connections';
import { BadInputError, CallbackError, Database } from '#platform';
import { MoneyError, readDecimalMoney, type RegisterRow, toMoney, toWireAmount } from '#provider-kit';
import { type BadRegisterLine, readRegister, RegisterFileReport } from './csv/read-register.js';
import { KEY_COLUMNS, RegisterLayout } from './csv/register-layout.js';
import { ImportedRegisters } from './imported-registers.js';
import { MoneySources } from './money-sources.js';
import { RegisterStore } from './register-store.js';
import { SettlementSettingEntity } from './settlement.entity.js';

/** Maximum bytes of a file. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Rows that a dry run shows. */
const SHOWN = 20;

/** Describes the register in a file. */
export class RegisterFileDto {
  /** Code of the provider. Default: the module's first one with money. */
  @IsOptional() @IsString() @MaxLength(100) provider?: string;
  /** The service's number of the register. A file with a known number corrects that register. */
  @IsString() @IsNotEmpty() @MaxLength(100) number!: string;
  @IsOptional() @IsIn(['payout', 'bill']) kind: 'payout' | 'bill' = 'payout';
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a date (YYYY-MM-DD)' }) date!: string;
  @Matches(/^[A-Z]{3}$/, { message: 'must be a three-letter currency code' }) currency!: string;
  /** The total according to the service, such as `1234.50`. Default: the total of the rows. */
  @IsOptional() @IsString() @MaxLength(20) total?: string;
  @IsOptional() @IsString() @MaxLength(100) document?: string;
  /** Only checks the file, and returns its first rows as Crossdock reads them. */
  @IsOptional() @IsBoolean() dryRun: boolean = false;
  /** Imports the other rows of a file with unreadable lines. */
  @IsOptional() @IsBoolean() skipBad: boolean = false;
}

/** Settings of a service's registers. */
export class MoneySettingsDto {
  @IsOptional() @IsString() @MaxLength(100) provider?: string;
  /** Days after the end of a delivery or payment, after which its money is missing. */
  @IsOptional() @IsInt() @Min(0) @Max(180) payoutDays?: number;
  @IsOptional() @ValidateNested() @Type(() => RegisterLayout) layout?: RegisterLayout;
}

/** A row of a file as Crossdock reads it. */
export interface RegisterRowView {
  line: number;
  kind: RegisterRow['kind'];
  /** Number of the delivery or payment at the service. */
  key: string;
  gross: number;
  fees: { code: string; amount: number }[];
  net: number;
  at?: string;
  text?: string;
}

/** The result of a file. */
export interface RegisterUpload {
  /**
   * `checked`: a dry run. `same`: this register, or these rows, were imported before. `rejected`: bad
   * lines.
   */
  outcome: 'checked' | 'added' | 'corrected' | 'same' | 'rejected';
  /** Number of the register with these rows. */
  number: string;
  rows: number;
  /** Rows that the file no longer contains. They are kept with the time. */
  replaced: number;
  /** The total of the rows. */
  sum: number;
  currency: string;
  columns: string[];
  bad: number;
  badLines: BadRegisterLine[];
  /** The first rows of a dry run. */
  shown: RegisterRowView[];
}

/** Imports files of registers, and keeps how they are read. */
@Injectable()
export class RegisterUploads {
  constructor(
    private readonly database: Database,
    private readonly store: RegisterStore,
    private readonly sources: MoneySources,
    private readonly imported: ImportedRegisters,
  ) {}

  /** Lists the connection through each outside provider with money. */
  listViews({ views }: Connection): Connection[] {
    return views.filter(({ module }) => module.kind === 'adapter' && this.sources.find(module.integration));
  }

  /** Returns the connection through a provider with money. Throws CallbackError 404. */
  choose(connection: Connection, provider: string | undefined): Connection {
    const views = this.listViews(connection);
    const view = provider === undefined ? views[0] : views.find(({ module }) => module.manifest.code === provider);
    if (!view) throw new CallbackError(404, `${connection.module.name} has no money of this provider.`);
    return view;
  }

  /**
   * Imports a file completely or not at all, and soon compares the money again.
   * @throws BadInputError without a layout, CallbackError 413 for a file over 32 MB
   */
  async upload(connection: Connection, dto: RegisterFileDto, bytes: AsyncIterable<Uint8Array>): Promise<RegisterUpload> {
    const view = this.choose(connection, dto.provider);
    if (!dto.dryRun) refuseForShadow(view);
    const service = view.module.manifest.code;
    const { layout } = await this.readSetting(view);
    if (!layout && !dto.dryRun) throw new BadInputError({ layout: 'is not set: choose the columns first' });
    const { number: id, kind, date, currency, document } = dto;
    const total = dto.total === undefined ? undefined : readTotal(dto.total, currency);
    const report = new RegisterFileReport();
    const read = { rows: 0, sum: 0, shown: [] as RegisterRowView[] };
    const file = { kind, currency, timeZone: view.account.timeZone };
    const rows = watch(readRegister(limitBytes(bytes), layout ?? new RegisterLayout(), file, report), (row) => {
      read.rows++;
      read.sum += kind === 'payout' ? row.net : row.fees.reduce((sum, { minor }) => sum + minor, 0);
      if (dto.dryRun && read.shown.length < SHOWN) read.shown.push(toRowView(row, currency));
    });
    const describe = (outcome: RegisterUpload['outcome'], number = id, replaced = 0): RegisterUpload => ({
      ...{ outcome, number, replaced, rows: read.rows, sum: toWireAmount(toMoney(read.sum, currency)), currency, shown: read.shown },
      ...{ columns: report.columns, bad: report.bad, badLines: report.badLines },
    });
    if (dto.dryRun) {
      for await (const _ of rows);
      return describe('checked');
    }
    try {
      const owner = { connectionId: view.id, integration: view.module.integration, service };
      const head = { id, kind, date, currency, total, ...(document !== undefined && { document }) };
      const { outcome, number, replaced } = await this.store.importFile(owner, head, refuseBad(rows, report, dto.skipBad));
      this.imported.wake();
      return describe(outcome, number, replaced);
    } catch (error) {
      if (error instanceof BadLines) return describe('rejected');
      throw error;
    }
  }

  /** Stores settings of a service. Values that are left out stay. */
  async saveSettings(connection: Connection, { provider, payoutDays, layout }: MoneySettingsDto): Promise<void> {
    const view = this.choose(connection, provider);
    if (layout && KEY_COLUMNS.every((key) => layout[key] === undefined))
      throw new BadInputError({ layout: `must name a column for ${KEY_COLUMNS.join(', ')}` });
    await this.database.query(
      `INSERT INTO settlement_setting (connection_id, service, layout, payout_days) VALUES ($1, $2, $3, coalesce($4, 10))
       ON CONFLICT (connection_id, service) DO UPDATE SET layout = coalesce($3, settlement_setting.layout),
         payout_days = coalesce($4, settlement_setting.payout_days)`,
      [view.id, view.module.manifest.code, layout ? JSON.stringify(layout) : null, payoutDays ?? null],
    );
  }

  /** Returns the settings of the connection's service. */
  async readSetting({ id: connectionId, module }: Connection): Promise<Pick<SettlementSettingEntity, 'layout' | 'payoutDays'>> {
    const where = { connectionId, service: module.manifest.code };
    const row = await this.database.dataSource.getRepository(SettlementSettingEntity).findOneBy(where);
    return row ?? { layout: null, payoutDays: 10 };
  }
}

/** Ends an import of a file with unreadable lines, after all its lines are read. */
class BadLines extends Error {}

async function* refuseBad(rows: AsyncIterable<RegisterRow>, report: RegisterFileReport, skipBad: boolean): AsyncGenerator<RegisterRow> {
  yield* rows;
  if (report.bad > 0 && !skipBad) throw new BadLines();
}

async function* watch(rows: AsyncIterable<RegisterRow>, see: (row: RegisterRow) => void): AsyncGenerator<RegisterRow> {
  for await (const row of rows) {
    see(row);
    yield row;
  }
}

async function* limitBytes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new CallbackError(413, 'The file is larger than 32 MB. Split it by date.');
    yield chunk;
  }
}

function readTotal(text: string, currency: string): number {
  try {
    return readDecimalMoney(text, currency).minor;
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    throw new BadInputError({ total: `must be an amount in ${currency}, such as 1234.50` });
  }
}

function toRowView(
  { line, kind, externalId, trackNumber, reference, gross, fees, net, at, text }: RegisterRow,
  currency: string,
): RegisterRowView {
  const toAmount = (minor: number): number => toWireAmount(toMoney(minor, currency));
  return {
    ...{ line, kind, key: externalId ?? trackNumber ?? reference ?? '', gross: toAmount(gross), net: toAmount(net) },
    fees: fees.map(({ code, minor }) => ({ code, amount: toAmount(minor) })),
    ...(at && { at: at.toISOString() }),
    ...(text !== undefined && { text }),
  };
}
