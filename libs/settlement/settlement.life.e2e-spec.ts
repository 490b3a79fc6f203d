import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Connection, type ConnectionStore, connectionsSchema, type HostedModules } from '#connections';
import { Clock, Database, type Environment, type JobQueue } from '#platform';
import { ProviderError, type Register, type RegisterRow, toMoney } from '#provider-kit';
import { Comparisons, DifferenceStore, MendingService, ReconciliationService, reconciliationSchema } from '#reconciliation';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { ReconciliationStore } from '../reconciliation/reconciliation-store.js';
import type { Invoices } from './booking/invoices.js';
import { RegisterLayout } from './csv/register-layout.js';
import { ImportedRegisters } from './imported-registers.js';
import type { MoneyFacts, MoneySource } from './money-source.js';
import { MoneyPages } from './money-pages.js';
import { MoneySources } from './money-sources.js';
import { RegisterStore } from './register-store.js';
import { RegisterFileDto, RegisterUploads } from './register-uploads.js';
import { settlementSchema } from './settlement.module.js';
import { LONG_AGO, NOW, plantThousand } from './test-support/planted-money.js';

let spec: SpecDatabase | undefined;
let database: Database;
let connection: Connection;
let facts: MoneyFacts[];
/** Registers of the service by day. */
let registers: Map<string, Register[]>;
/** Runs before each page of facts. */
let during: () => Promise<void>;
let store: RegisterStore;
let service: ReconciliationService;
let pages: MoneyPages;
let uploads: RegisterUploads;
let differences: DifferenceStore;
let imported: ImportedRegisters;

const source: MoneySource = {
  integration: 'delivery',
  listFacts: async (_connection, query) => {
    await during();
    if ('from' in query) return facts.filter(({ subject }) => subject > (query.after ?? '')).slice(0, query.limit);
    return facts.filter(
      ({ externalId, trackNumber, orderNumber }) =>
        query.externalIds.includes(externalId ?? '') ||
        query.trackNumbers.includes(trackNumber ?? '') ||
        query.references.includes(orderNumber ?? ''),
    );
  },
  canListRegisters: () => true,
  listRegisters: (_connection, day) => Promise.resolve(registers.get(day) ?? []),
};

/** Starts a comparison of money and continues it until it has ended. */
const compare = async (): Promise<void> => {
  await service.begin(connection, [], 'money');
  await goOn();
};
const goOn = async (): Promise<void> => {
  for (;;) {
    await service.goOn({}, new AbortController().signal);
    const run = await service.findLatest(connection.id, 'money');
    if (run?.state !== 'running') return;
    if (run.problem !== null) throw new Error(run.problem);
  }
};
const listOpen = async (): Promise<string[]> =>
  (await differences.listPresent(connection.id, ['money.unknown', 'money.total', ...KINDS], 10_000))
    .map(({ kind, subject }) => `${kind} ${subject}`)
    .sort();
const KINDS = ['not-collected', 'not-paid', 'paid-less', 'paid-more', 'refund', 'double-fee', 'bill', 'currency'].map(
  (kind) => `money.${kind}`,
);
const count = async (table: string): Promise<number> =>
  Number((await database.query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE connection_id = $1`, [connection.id]))[0]?.count);
const row = (line: number, more: Partial<RegisterRow>): RegisterRow => ({ line, kind: 'sale', gross: 0, fees: [], net: 0, ...more });
const add = (register: Omit<Register, 'date' | 'kind'> & Partial<Register>, day = '2026-11-20'): Register => {
  const whole: Register = { date: day, kind: 'payout', ...register };
  registers.set(day, [...(registers.get(day) ?? []).filter(({ id }) => id !== whole.id), whole]);
  return whole;
};
const upload = (text: string | Uint8Array | AsyncIterable<Uint8Array>, dto: Partial<RegisterFileDto> = {}) =>
  uploads.upload(
    connection,
    Object.assign(new RegisterFileDto(), { number: 'file', date: '2026-11-20', currency: 'RUB', ...dto }),
    typeof text === 'string' ? Readable.from([new TextEncoder().encode(text)]) : text instanceof Uint8Array ? Readable.from([text]) : text,
  );

beforeAll(async () => {
  spec = await createSpecDatabase([connectionsSchema, reconciliationSchema, settlementSchema]);
  database = new Database(spec.source);
  const clock = { now: () => NOW } as Clock;
  const connections = { findById: () => Promise.resolve(connection) } as unknown as ConnectionStore;
  const comparisons = new Comparisons();
  differences = new DifferenceStore(database);
  store = new RegisterStore(database);
  const modules = { listByProvider: () => [{ code: 'cdek', integration: 'delivery' }] } as unknown as HostedModules;
  const queue = { wake: () => undefined } as unknown as JobQueue;
  const environment = { reconciliationMends: [], reconciliationHour: undefined } as unknown as Environment;
  service = new ReconciliationService(
    new ReconciliationStore(database),
    differences,
    comparisons,
    connections,
    modules,
    environment,
    database,
    queue,
  );
  const sources = new MoneySources(comparisons, store, clock);
  sources.add(source);
  imported = new ImportedRegisters(store, connections, service, queue);
  uploads = new RegisterUploads(database, store, sources, imported);
  pages = new MoneyPages(
    database,
    sources,
    uploads,
    differences,
    new MendingService(differences, comparisons, connections),
    service,
    { listStates: () => Promise.resolve(new Map()) } as unknown as Invoices,
    clock,
  );
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(async () => {
  const id = randomUUID();
  await database.query(
    `INSERT INTO connection (id, module_code, system_url, client_id_hash, client_id_sealed, api_key_sealed, account, active)
     VALUES ($1::uuid, 'cdek', 'https://' || $1::text, $1::text, '', '', '{}', true)`,
    [id],
  );
  const module = {
    code: 'cdek',
    name: 'CDEK',
    kind: 'adapter',
    integration: 'delivery',
    manifest: { code: 'cdek', title: 'CDEK' },
    providers: [{ integration: 'delivery' }],
  };
  const view = { id, module, code: 'cdek', active: true, frozen: false, frozenByOperatorAt: null, disconnectedAt: null, shadow: false };
  connection = Object.assign(view, { account: { timeZone: 'UTC', language: 'en' }, views: [view] }) as unknown as Connection;
  [facts, registers, during] = [[], new Map(), () => Promise.resolve()];
});

describe('a thousand deliveries in registers of several days', () => {
  let expected: string[];
  beforeEach(() => {
    const thousand = plantThousand();
    const key = (id: number): string => String(id).padStart(4, '0');
    facts = thousand.map(({ id, planted }) => ({ ...planted.facts, subject: `delivery:${key(id)}`, externalId: `x${id}` }));
    expected = thousand.flatMap(({ id, planted: { kinds } }) => kinds.map((kind) => `${kind} ${key(id)}`)).sort();
    const rows = thousand.flatMap(({ id, planted }) => planted.rows.map((one) => ({ ...one, id })));
    add({ id: 'first', currency: 'RUB', total: 0, rows: [] }, '2026-10-20');
    for (const kind of ['payout', 'bill'] as const)
      for (const currency of ['RUB', 'JPY', 'KWD', 'USD']) {
        const own = rows.filter((one) => one.register === kind && one.currency === currency);
        const total = own.reduce(
          (sum, { net, fees }) => sum + (kind === 'payout' ? net : fees.reduce((all, { minor }) => all + minor, 0)),
          0,
        );
        add(
          {
            id: `${kind} ${currency}`,
            kind,
            currency,
            total,
            rows: own.map(({ id, ...one }, at) => row(at + 1, { ...one, externalId: `x${id}` })),
          },
          `2026-11-2${currency.length}`,
        );
      }
  });

  it('show each planted difference once and no other, also in a second run and after kill -9', async () => {
    // The process dies in the middle of the facts: its lease is never released.
    let called = 0;
    during = () => (++called > 8 ? Promise.reject(new Error('killed')) : Promise.resolve());
    await service.begin(connection, [], 'money');
    await service.goOn({}, new AbortController().signal);
    await database.query(`UPDATE reconciliation SET lease_until = now(), money_due_at = now(), problem = NULL WHERE connection_id = $1`, [
      connection.id,
    ]);
    during = () => Promise.resolve();
    await goOn();
    expect(await listOpen()).toEqual(expected);
    const counts = await Promise.all(['register', 'register_row', 'settlement', 'difference'].map(count));
    const figures = await pages.read(connection, { from: '2026-10-01' });
    await compare();
    expect(await Promise.all(['register', 'register_row', 'settlement', 'difference'].map(count))).toEqual(counts);
    const again = await pages.read(connection, { from: '2026-10-01' });
    expect({ ...again, compared: undefined, differences: again.differences.map(({ id }) => id) }).toEqual({
      ...figures,
      compared: undefined,
      differences: figures.differences.map(({ id }) => id),
    });
    // A figure is the sum of its deliveries.
    const [figure] = again.figures;
    const subjects = await pages.listSubjects(connection, figure!);
    expect(subjects.reduce((sum, { missing }) => sum + Math.round(missing * 1000), 0)).toBe(Math.round(figure!.missing * 1000));
  }, 120_000);
});

describe('a register', () => {
  beforeEach(() => {
    facts = [1, 2, 3].map((id) => ({
      ...{
        subject: `delivery:${id}`,
        externalId: `x${id}`,
        orderNumber: `${id}C`,
        service: 'cdek',
        day: '2026-11-01',
        owed: toMoney(100_00, 'RUB'),
      },
      ...{ ended: true, endedAt: LONG_AGO },
    }));
  });

  it('that explains missing money closes its difference, and a corrected one keeps the old rows', async () => {
    add({ id: 'early', currency: 'RUB', total: 0, rows: [] }, '2026-10-20');
    const paid = (id: number, gross: number): RegisterRow => row(id, { externalId: `x${id}`, gross, net: gross });
    add({ id: 'r', currency: 'RUB', total: 150_00, rows: [paid(1, 100_00), paid(2, 50_00)] });
    await compare();
    expect(await listOpen()).toEqual(['money.not-paid 3', 'money.paid-less 2']);
    add({ id: 'r', currency: 'RUB', total: 200_00, rows: [paid(2, 100_00), paid(1, 100_00)] });
    add({ id: 's', currency: 'RUB', total: 100_00, rows: [paid(3, 100_00)] }, '2026-11-28');
    await compare();
    expect(await listOpen()).toEqual([]);
    const rows = await database.query(
      `SELECT w.gross::text AS gross, w.line, w.replaced_at IS NOT NULL AS replaced FROM register_row w JOIN register r ON r.id = w.register_id
       WHERE w.connection_id = $1 AND r.number = 'r' ORDER BY w.line, w.gross DESC`,
      [connection.id],
    );
    expect(rows).toEqual([
      { gross: '10000', line: 1, replaced: false },
      { gross: '10000', line: 2, replaced: false },
      { gross: '5000', line: 2, replaced: true },
    ]);
    expect(await pages.read(connection, {})).toMatchObject({ totals: [{ currency: 'RUB', owed: 300, paid: 300, missing: 0 }] });
  });

  it('with an unknown row, or whose rows do not make its total, is a difference', async () => {
    const fee = [{ code: 'commission', minor: 1 }];
    add({
      id: 'r',
      currency: 'RUB',
      total: 99,
      rows: [row(1, { externalId: 'else', gross: 100, net: 99, fees: fee }), row(2, { kind: 'other', net: 7 })],
    });
    await compare();
    const [unknown, total, ...others] = await differences.listPresent(connection.id, ['money.unknown', 'money.total'], 10);
    expect(others).toEqual([]);
    expect([unknown?.text, total?.text].sort()).toEqual([
      'cdek, register r of 2026-11-20, line 1: else is unknown here (1 RUB).',
      'cdek, register r of 2026-11-20: the rows make 1.06 RUB, but the total is 0.99 RUB.',
    ]);
  });

  it('that the service rejects does not prevent the comparison', async () => {
    const { listRegisters } = source;
    Object.assign(source, { listRegisters: () => Promise.reject(new ProviderError('rejected', { en: 'no contract' } as never)) });
    await compare();
    Object.assign(source, { listRegisters });
    expect(await service.findLatest(connection.id, 'money')).toMatchObject({
      state: 'done',
      checked: 3,
      omitted: expect.stringContaining('not read'),
    });
  });
});

describe('a file', () => {
  const HEADER = 'Order;Sum;Fee\n';
  beforeEach(async () => {
    facts = [
      {
        ...{ subject: 'delivery:1', reference: 'A-1', orderNumber: '17', service: 'cdek', day: '2026-11-21' },
        owed: toMoney(10_050, 'RUB'),
        ended: false,
      },
    ];
    const layout = Object.assign(new RegisterLayout(), { reference: 'Order', gross: 'Sum', fees: [{ column: 'Fee', code: 'commission' }] });
    await uploads.saveSettings(connection, { layout, payoutDays: 5 });
  });

  it('is shown by a dry run, imported once, and compared soon after', async () => {
    const text = `${HEADER}17;100,50;0,50\n`;
    expect(await upload(text, { dryRun: true })).toMatchObject({
      ...{ outcome: 'checked', rows: 1, sum: 100, columns: ['Order', 'Sum', 'Fee'] },
      shown: [{ line: 2, kind: 'sale', key: '17', gross: 100.5, net: 100, fees: [{ code: 'commission', amount: 0.5 }] }],
    });
    expect(await count('register')).toBe(0);
    expect(await upload(text)).toMatchObject({ outcome: 'added', rows: 1, bad: 0 });
    expect(await upload(text)).toMatchObject({ outcome: 'same', number: 'file' });
    expect(await upload(text, { number: 'copy' })).toMatchObject({ outcome: 'same', number: 'file' });
    expect([await count('register'), await count('register_row')]).toEqual([1, 1]);
    await imported.compare();
    await goOn();
    expect(await pages.read(connection, {})).toMatchObject({
      ...{ figures: [{ service: 'cdek', day: '2026-11-21', owed: 100.5, paid: 100, fees: 0.5, count: 1, differing: 0 }], differences: [] },
      ...{ registers: [{ number: 'file', isFile: true, total: 100, revision: 1 }], services: [{ payoutDays: 5 }] },
    });
    expect(await pages.writeCsv(connection, {})).toBe(
      '\uFEFFservice;day;order;subject;currency;owed;collected;refunded;paid;fees;missing;quoted;billed\r\n' +
        'cdek;2026-11-21;17;delivery:1;RUB;100.5;0;0;100;0.5;0;0;0\r\n',
    );
    await imported.compare();
    expect(await service.findLatest(connection.id, 'money')).toMatchObject({ state: 'done' });
  });

  it('with unreadable lines is imported only without them, and only if the shop wants it', async () => {
    const text = `${HEADER}17;100,50;0,50\n18;x;\nTotal;;\n;100;\n`;
    expect(await upload(text)).toMatchObject({ outcome: 'rejected', bad: 2, badLines: [{ line: 3 }, { line: 5 }] });
    expect(await count('register_row')).toBe(0);
    expect(await upload(text, { skipBad: true })).toMatchObject({ outcome: 'added', rows: 2, bad: 2 });
  });

  it('of a slow sender holds no connection to the database, and an interrupted one leaves nothing', async () => {
    const lines = (first: number): Uint8Array =>
      new TextEncoder().encode(Array.from({ length: 600 }, (_, n) => `slow-${first + n};10,00\n`).join(''));
    const list = (sql: string): Promise<object[]> => database.query(sql);
    const seen: object[] = [];
    const send = async function* (isInterrupted: boolean): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('number;sum\n');
      yield lines(0);
      seen.push(...(await list(`SELECT state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`)));
      if (isInterrupted) throw new Error('the sender is gone');
      yield lines(600);
    };
    await uploads.saveSettings(connection, { layout: Object.assign(new RegisterLayout(), { trackNumber: 'number', gross: 'sum' }) });
    await expect(upload(send(true), { number: 'slow' })).rejects.toThrow('the sender is gone');
    expect(await list(`SELECT number FROM register WHERE number = 'slow'`)).toEqual([]);
    expect(await upload(send(false), { number: 'slow' })).toMatchObject({ outcome: 'added', rows: 1_200, sum: 12_000 });
    expect(await list(`SELECT count(*)::int AS rows, max(line) AS last FROM register_row WHERE track_number LIKE 'slow-%'`)).toEqual([
      { rows: 1_200, last: 1_201 },
    ]);
    expect([seen, await list('SELECT 1 FROM register_batch')]).toEqual([[], []]);
  });

  it('needs a layout, and has at most 32 MB', async () => {
    await database.query('DELETE FROM settlement_setting');
    await expect(upload(HEADER)).rejects.toThrow('layout');
    await expect(upload(new Uint8Array(33 * 1024 * 1024), { dryRun: true })).rejects.toThrow('larger than 32 MB');
  });
});

describe('a difference in money', () => {
  it('has an owner and one action, and only for its own connection', async () => {
    add({ id: 'r', currency: 'RUB', total: 1, rows: [] });
    await compare();
    const [found] = (await pages.read(connection, {})).differences;
    await pages.change(connection, found!.id, { owner: ' Ann ' });
    await pages.change(connection, found!.id, { state: 'dismissed' });
    expect((await pages.read(connection, {})).differences).toMatchObject([
      { kind: 'money.total', owner: 'Ann', state: 'dismissed', register: 'r' },
    ]);
    await expect(pages.change({ ...connection, id: randomUUID() }, found!.id, { owner: 'Eve' })).rejects.toThrow('no difference');
    await compare();
    expect((await pages.read(connection, {})).differences).toMatchObject([{ owner: 'Ann', state: 'dismissed' }]);
  });
});
