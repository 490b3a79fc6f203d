import { Injectable } from '@nestjs/common';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { Connection, MovedIn, MoveInKind, MoveInLineDto } from '#connections';
import { BadInputError, CallbackError, type Transaction } from '#platform';
import { ledgerManifest } from '../ledger.manifest.js';
import type { LedgerSettings } from '../ledger.settings.js';
import { type ImportOptions, LedgerImports } from './ledger-imports.js';
import { readStockLine, type StockLine, StockLineDto } from './stock-line.js';

/** The stock of an offer in a warehouse, from another module (docs/moving-in.md). */
export class StockMoveInDto extends StockLineDto implements MoveInLineDto {
  /** Code of a module. */
  @IsString() @IsNotEmpty() @MaxLength(50) module!: string;
  /** Address of the account. */
  @IsString() @IsNotEmpty() @MaxLength(500) systemUrl!: string;
  /** The CRM's code of the module's instance. Default: the module's own code. */
  @IsOptional() @IsString() @MaxLength(100) code?: string;
  /** Currency of the purchase price. Default: the account's. */
  @IsOptional() @Matches(/^[A-Za-z]{3}$/, { message: 'must be a three-letter currency code' }) currency?: string;
}

/** Imports a ledger's initial stocks. Each offer in each warehouse is imported once. */
@Injectable()
export class StockMoveIn implements MoveInKind<StockMoveInDto> {
  readonly kind = 'stock';
  readonly integration = 'store';
  readonly dto = StockMoveInDto;

  constructor(private readonly imports: LedgerImports) {}

  async take(tx: Transaction, connection: Connection, line: StockMoveInDto): Promise<MovedIn> {
    if (connection.module.manifest.code !== ledgerManifest.code)
      throw new BadInputError({ module: 'has its stocks at an outside warehouse' });
    // Only a price can change an existing stock, but here the stock is created.
    if (line.quantity === undefined) throw new BadInputError({ quantity: 'is required' });
    const settings = connection.settings as LedgerSettings;
    const currency = (line.currency ?? connection.account.currency)?.toUpperCase();
    const stock = readStockLine(line, { mode: 'set', currency, settings });
    const options: ImportOptions = { mode: 'set', counts: 'onHand', currency, key: toKey(stock), dryRun: false, untold: true };
    const report = await this.imports.applyLine(tx, { connectionId: connection.id, settings }, options, stock).catch((error: unknown) => {
      if (!(error instanceof CallbackError) || error.status !== 409) throw error;
      throw new BadInputError({
        quantity: 'or the price differs from the earlier import. Change it with POST /operator/api/stock/movements',
      });
    });
    const [bad] = report.badLines;
    if (bad) throw new BadInputError({ line: bad.error });
    return { outcome: report.repeated ? 'known' : 'created' };
  }
}

/** Returns the key of an offer in a warehouse. */
function toKey({ store, id, xmlId, externalId, site }: StockLine): string {
  return `moved in: ${JSON.stringify([store, id ?? xmlId ?? [externalId, site]])}`;
}
