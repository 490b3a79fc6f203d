import { Injectable, Logger } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type Connection, findCountry, isUuid } from '#connections';
import { JournalBuyers } from '#journal';
import { BadInputError, type BuyerRecords, Database, AllAccountData, normalisePhone, toLogLine, toRows, type Transaction } from '#platform';
import { type Buyer, buildMention, isNamed, listShopIds, toNeedle } from './buyer.js';

/** The buyer to find, by exactly one of the fields. */
export class BuyerDto {
  /** Preferably with the country code. */
  @IsOptional() @IsString() @MaxLength(60) phone?: string;
  @IsOptional() @IsString() @MaxLength(320) email?: string;
  /** The customer's id in the CRM. */
  @IsOptional() @IsString() @MaxLength(20) customer?: string;
}

/** Stored data about a buyer, by the name of the data. */
export interface BuyerExport {
  /** The search value. */
  buyer: Partial<Record<Buyer['kind'], string>>;
  total: number;
  held: Record<string, object[]>;
}

/** Result of erasing a buyer's data: numbers of records by the name of the data. */
export interface BuyerErasure {
  total: number;
  erased: Record<string, number>;
  /** Records that were not erased because something still needs them. */
  inFlight: Record<string, number>;
  /** Advice about records in flight. */
  advice?: string;
}

interface Found {
  id: string;
  about: unknown;
  open: boolean;
  view: object;
}

/** Records found in one library's data. */
interface FoundIn {
  name: string;
  buyers: BuyerRecords;
  found: Map<string, Found>;
}

/** The search scans all records of an account, which may be many. */
const SCAN = `SET LOCAL statement_timeout = '2min'`;
/** Minimum number of digits in a phone number that may belong to a person. */
const LEAST_DIGITS = 7;
const ADVICE = 'Records in flight are needed until they have ended. Repeat the request then to erase them.';

/** Exports and erases the data stored about one buyer of one account. */
@Injectable()
export class BuyersService {
  private readonly logger = new Logger(BuyersService.name);

  constructor(
    private readonly accountData: AllAccountData,
    private readonly database: Database,
    private readonly journal: JournalBuyers,
  ) {}

  /** Returns the data stored about a buyer. Throws BadInputError with the field. */
  async export(connection: Connection, dto: BuyerDto): Promise<BuyerExport> {
    const buyer = readBuyer(dto, connection);
    const places = await this.find(connection.id, buyer);
    const held = places.map(({ name, found }): [string, object[]] => [name, [...found.values()].map(({ view }) => view)]);
    return {
      buyer: { [buyer.kind]: buyer.value },
      total: held.reduce((sum, [, views]) => sum + views.length, 0),
      held: Object.fromEntries(held),
    };
  }

  /**
   * Erases the buyer's personal data. Ids, sums and statuses stay. Records in flight are kept and counted.
   * May be repeated. The journal's exchanges about the buyer, found by a hash, are emptied and not counted.
   * Throws BadInputError with the field.
   */
  async erase(connection: Connection, dto: BuyerDto): Promise<BuyerErasure> {
    const buyer = readBuyer(dto, connection);
    const places = await this.find(connection.id, buyer);
    const result: BuyerErasure = { total: 0, erased: {}, inFlight: {} };
    for (const { name, buyers, found } of places) {
      const all = [...found.values()];
      const ids = all.flatMap(({ id, open }) => (open ? [] : [id]));
      if (ids.length < all.length) result.inFlight[name] = all.length - ids.length;
      const erased = ids.length > 0 ? (await this.database.query(buyers.erase, [ids])).length : 0;
      if (erased > 0) result.erased[name] = erased;
      result.total += erased;
    }
    const all = places.flatMap(({ found }) => [...found.values()]);
    await this.journal.erase(connection.id, {
      ...{ phone: buyer.kind === 'phone' ? buyer.value : undefined, country: buyer.country },
      ...{ ids: all.map(({ id }) => id), about: all.map(({ about }) => about) },
    });
    this.logger.log(toLogLine(`${result.total} records of a buyer of connection ${connection.id} were erased`, connection.request));
    return Object.keys(result.inFlight).length > 0 ? { ...result, advice: ADVICE } : result;
  }

  /**
   * Finds the records that mention the buyer, then the records linked to them or to the shop's id of the
   * buyer.
   */
  private find(connectionId: string, buyer: Buyer): Promise<FoundIn[]> {
    return this.database.transaction(async (tx) => {
      await tx.query(SCAN);
      const places: FoundIn[] = [];
      for (const { name, buyers } of this.accountData.all) {
        if (!buyers) continue;
        const rows = await this.read(tx, buyers, buildMention(buyer, 'about', '$2'), [connectionId, toNeedle(buyer)]);
        places.push({ name, buyers, found: toMap(rows.filter(({ about }) => isNamed(about, buyer))) });
      }
      const named = places.flatMap(({ found }) => [...found.values()]);
      const links = new Set(named.flatMap(({ about }) => listShopIds(about, buyer).map((id) => `shop:${id}`)));
      // Numeric ids are not unique across tables.
      for (const { id } of named) if (isUuid(id)) links.add(`id:${id}`);
      // Dependent records come last, because the subject of a visit is known only after its visitor.
      for (const { buyers, found } of places.filter((one) => one.buyers.links).reverse()) {
        for (const row of await this.read(tx, buyers, 'links && $2::text[]', [connectionId, [...links]])) {
          found.set(row.id, row);
          if (isUuid(row.id)) links.add(`id:${row.id}`);
        }
      }
      return places;
    });
  }

  private async read(tx: Transaction, { select }: BuyerRecords, where: string, values: unknown[]): Promise<Found[]> {
    return toRows<Found>(await tx.query(`SELECT id, about, open, view FROM (${select}) r WHERE ${where}`, values));
  }
}

function toMap(rows: readonly Found[]): Map<string, Found> {
  return new Map(rows.map((row) => [row.id, row]));
}

function readBuyer({ phone, email, customer }: BuyerDto, connection: Connection): Buyer {
  const country = findCountry(connection);
  const given = { phone, email, customer };
  const names = (Object.keys(given) as Buyer['kind'][]).filter((name) => given[name] !== undefined);
  const [kind, second] = names;
  if (!kind) throw new BadInputError({ phone: 'is required unless email or customer is given' });
  if (second) throw new BadInputError({ [second]: `must be left out because ${kind} is given` });
  const value = readValue(kind, given[kind] ?? '', country);
  return { kind, value, country };
}

function readValue(kind: Buyer['kind'], text: string, country: string): string {
  if (kind === 'phone') {
    const phone = normalisePhone(text, country);
    if (phone === undefined || phone.replace(/\D/g, '').length < LEAST_DIGITS)
      throw new BadInputError({ phone: 'must be a complete phone number, preferably with the country code' });
    return phone;
  }
  const value = text.trim().toLowerCase();
  if (kind === 'email' && !/^[^\s@]+@[^\s@]+$/.test(value)) throw new BadInputError({ email: 'must be an e-mail address' });
  if (kind === 'customer' && !/^[1-9]\d*$/.test(value)) throw new BadInputError({ customer: "must be the customer's id in the CRM" });
  return value;
}
