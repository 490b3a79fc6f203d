import { type LocalText, repeatText } from '#platform/plain';
import type { DeliveryStatus } from './manifest.js';
import type { CarrierReport } from './replies.js';

/** A status of the manifest, and the codes of the service that lead to it. */
export interface StatusRow extends DeliveryStatus {
  /**
   * - A list: the service's codes of this status.
   * - `same`: the service has the same code.
   * - `unknown`: codes that no row has. The parcel is somewhere, and nothing is promised.
   * - `adapter`: the adapter finds it without a code, such as a change that was rejected.
   */
  readonly from: readonly [string, ...string[]] | 'same' | 'unknown' | 'adapter';
}

/** A code of the service that an account maps to another status. */
export interface StatusRule<Code extends string> {
  readonly code: string;
  readonly status: Code;
}

/** A status of a parcel as the service reports it. */
export interface ToldStatus extends Omit<CarrierReport, 'updatedAt'> {
  /** The service's code. */
  code: string;
  at: Date | string;
}

type UnknownOf<Row> = [Extract<Row, { from: 'unknown' }>] extends [never]
  ? undefined
  : Extract<Row, { from: 'unknown'; code: string }>['code'];

/** The statuses of a carrier in life order. All members can be used as plain functions. */
export interface StatusTable<Code extends string, Unknown extends Code | undefined> {
  /** For the manifest. */
  readonly list: readonly DeliveryStatus[];
  readonly codes: readonly Code[];
  /** Names by code, for settings. */
  readonly choices: Readonly<Record<Code, LocalText>>;
  /** The service's codes that the table has. */
  readonly serviceCodes: readonly string[];
  /** Our status for a code of the service, by the account's rules first. No code is guessed. */
  readonly read: (serviceCode: string, rules?: readonly StatusRule<Code>[]) => Code | Unknown;
  /** A report of the service as ours. The comment keeps an unknown code. Needs a row for these. */
  readonly report: (told: ToldStatus, rules?: readonly StatusRule<Code>[]) => CarrierReport;
  /** The place of a status in life. If two have the same second, the later status counts. */
  readonly getLifeIndex: (code: string) => number;
  readonly isAfter: (code: string, other: Code) => boolean;
  readonly has: (code: string, flag: Exclude<keyof DeliveryStatus, 'code' | 'name'>) => boolean;
  /** The name for people, or the code itself if it is not in the list. */
  readonly getName: (code: string) => LocalText;
}

/**
 * Defines the statuses of a carrier as one table, in life order. The compiler demands a source of each.
 * Throws if no code leads to a status, a code leads to two, or codes without a row lead to an end.
 */
export function defineStatuses<const Rows extends readonly StatusRow[]>(
  rows: Rows,
): StatusTable<Rows[number]['code'], UnknownOf<Rows[number]>> {
  type Code = Rows[number]['code'];
  // A provider may be written in plain JavaScript.
  const lost = rows.find(({ from }: { from?: StatusRow['from'] }) => !from?.length);
  if (lost) throw new Error(`no code leads to the status ${lost.code}: give it \`from\``);
  const sources = rows.flatMap(({ code, from }): [string, Code][] =>
    from === 'same' ? [[code, code]] : typeof from === 'string' ? [] : from.map((one) => [one, code]),
  );
  const byServiceCode = new Map(sources);
  const twice = sources.find(([one, code]) => byServiceCode.get(one) !== code);
  if (twice) throw new Error(`the service's code ${twice[0]} leads to the statuses ${twice[1]} and ${byServiceCode.get(twice[0])}`);
  const unknown = rows.find(({ from }) => from === 'unknown');
  if (unknown?.isFinal) throw new Error(`the status ${unknown.code} for unknown codes must not be final`);
  const byCode = new Map<string, StatusRow>(rows.map((row) => [row.code, row]));
  const read = (serviceCode: string, rules: readonly StatusRule<Code>[] = []): Code | UnknownOf<Rows[number]> => {
    const known = rules.find(({ code }) => code === serviceCode)?.status ?? byServiceCode.get(serviceCode);
    return known ?? (unknown?.code as UnknownOf<Rows[number]>);
  };
  const getLifeIndex = (code: string): number => rows.findIndex((row) => row.code === code);
  return {
    list: rows.map(({ from: _from, ...status }) => status),
    codes: rows.map(({ code }) => code),
    choices: Object.fromEntries(rows.map(({ code, name }) => [code, name])) as Record<Code, LocalText>,
    serviceCodes: [...byServiceCode.keys()],
    read,
    report({ code, at, ...told }, rules) {
      const found = read(code, rules);
      if (found === undefined) throw new Error(`no status for the code ${code}`);
      const comment = told.comment ?? (found === unknown?.code ? code : undefined);
      return { ...told, code: found, updatedAt: new Date(at), ...(comment !== undefined && { comment }) };
    },
    getLifeIndex,
    isAfter: (code, other) => getLifeIndex(code) > getLifeIndex(other),
    has: (code, flag) => byCode.get(code)?.[flag] === true,
    getName: (code) => byCode.get(code)?.name ?? repeatText(code),
  };
}
