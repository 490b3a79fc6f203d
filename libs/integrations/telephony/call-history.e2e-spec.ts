import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection, Usage } from '#connections';
import type { TelephonyCall } from '#crm-client/wire';
import type { Providers } from '#integration-kit';
import type { OperationLists } from '#operations';
import type { DirectSender, OutboxDraft, OutboxService } from '#outbox';
import { type Clock, Database } from '#platform';
import { createSpecDatabase, type SpecDatabase } from '#testing';
import { CallHistory, type Heard } from './call-history.js';
import { CallSites } from './call-sites.js';
import { Extensions } from './extensions.js';
import { PlacedCalls } from './placed-calls.js';
import type { CallUpdate, CallSignal, CallSnapshot, TelephonyProvider } from './port/index.js';
import { toUpload } from './reply-mapper.js';
import { CallEntity } from './telephony.entity.js';
import { telephony } from './telephony.integration.js';

const NOW = new Date();
const manifest = {
  listExtensions: () => [{ code: '101', userId: 11 }],
  listExternalPhones: () => [{ siteCode: 'main', phone: '+74950000000' }],
  readCountry: () => 'RU',
  findMissedCode: () => '109',
};

let spec: SpecDatabase;
let database: Database;
let history: CallHistory;
let sites: CallSites;
let connection: Connection;
/** Queued drafts, in order. */
let drafts: OutboxDraft[];
let crowded: boolean;
let counted: [string, Date][];

beforeAll(async () => {
  spec = await createSpecDatabase([telephony]);
  database = new Database(spec.source);
}, 60_000);
afterAll(() => spec?.remove());
beforeEach(() => {
  connection = { id: randomUUID(), settings: {} } as Connection;
  [drafts, crowded, counted] = [[], false, []];
  const add = (_tx: unknown, added: OutboxDraft[]): Promise<void> => Promise.resolve(void drafts.push(...added));
  const providers = { getManifest: () => manifest } as unknown as Providers<TelephonyProvider>;
  const extensions = new Extensions(providers);
  sites = new CallSites(providers);
  const operations = { findInputs: () => Promise.resolve(new Map()) } as unknown as OperationLists;
  history = new CallHistory(
    database,
    providers,
    extensions,
    { add } as unknown as OutboxService,
    { add, isCrowded: () => crowded, isSending: () => false } as unknown as DirectSender,
    sites,
    new PlacedCalls(providers, operations, extensions),
    { now: () => NOW } as Clock,
    {
      add: (_tx: unknown, _of: unknown, one: string, { at }: { at: Date }) => Promise.resolve(counted.push([one, at])),
    } as unknown as Usage,
  );
});

const keep = (call: Partial<CallSnapshot>, signals: CallSignal[] = [], heard?: Heard): Promise<number> => {
  const update: CallUpdate = { call: { externalId: 'c-1', direction: 'in', startedAt: NOW, ...call }, signals };
  return database.transaction((tx) => history.keep(tx, connection, [update], heard));
};
const over = { endedAt: NOW, outcome: 'no-answer' } as const;
const findCall = (): Promise<CallEntity> => spec.source.getRepository(CallEntity).findOneByOrFail({ connectionId: connection.id });
const upload = async (): Promise<TelephonyCall> => {
  const call = await findCall();
  return toUpload(call, sites.findPlace(connection, call));
};
const events = (): object[] => drafts.flatMap(({ kind, payload }) => (kind === 'telephony.event' ? [payload as object] : []));

describe('the journal', () => {
  it('keeps what the PBX knows for the CRM, also of earlier updates, and tells it', async () => {
    const campaign = { name: 'Spring' };
    await keep({ campaign, externalPhone: '74950000000', clientId: '1.2' }, [{ type: 'in', codes: ['101'] }]);
    await keep({ site: 'outlet', source: { source: 'yandex' }, ...over }, [{ type: 'hangup', codes: ['101'], outcome: 'no-answer' }]);
    expect(events()).toMatchObject([
      { site: 'main', webAnalyticsData: { campaign } },
      { site: 'outlet', webAnalyticsData: { campaign } },
    ]);
    expect(await upload()).toMatchObject({ site: 'outlet', source: { source: 'yandex' }, clientId: '1.2' });
  });

  it('tells users without a code, and puts the call down to one', async () => {
    await keep({ userId: 42 }, [{ type: 'in', codes: [], userIds: [42, 43] }]);
    await keep(over, [{ type: 'hangup', codes: [], userIds: [42, 43], outcome: 'no-answer' }]);
    expect(events()).toMatchObject([{ userIds: [42, 43] }, { userIds: [42, 43] }]);
    for (const event of events()) expect(event).not.toHaveProperty('codes');
    expect(drafts.at(-1)).toMatchObject({ kind: 'telephony.calls' });
    const call = await upload();
    expect(call.userId).toBe(42);
    // Only calls without a user get a code. This call has a user.
    expect(call.code).toBeUndefined();
  });

  it('sends no end to users who were left out at the start', async () => {
    crowded = true;
    expect(await keep({ userId: 42 }, [{ type: 'in', codes: ['101'], userIds: [42] }])).toBe(1);
    crowded = false;
    await keep({}, [{ type: 'in', codes: [], userIds: [42] }]);
    await keep(over, [{ type: 'hangup', codes: ['101'], userIds: [42, 43], outcome: 'no-answer' }]);
    expect(events()).toMatchObject([{ userIds: [42] }, { userIds: [42, 43] }]);
    expect(events()[1]).not.toHaveProperty('codes');
  });

  it('knows a call that the updates name otherwise by the id of the PBX', async () => {
    await keep({ externalId: 'crossdock-1' }, [], { pbxId: 'p-1', at: NOW });
    expect(await findCall()).toMatchObject({ externalId: 'crossdock-1', pbxId: 'p-1', reference: null });
    await keep({ externalId: 'crossdock-1', code: '101' });
    expect(await findCall()).toMatchObject({ code: '101', pbxId: 'p-1' });
  });

  it('takes nothing in of a call that has ended, and leaves nothing of a transaction that fails', async () => {
    await keep({ code: '101', ...over });
    await keep({ code: '102', site: 'outlet' }, [{ type: 'in', codes: ['102'] }]);
    expect(await findCall()).toMatchObject({ code: '101', details: null });
    expect(events()).toEqual([]);
    const failing = database.transaction(async (tx) => {
      await history.keep(tx, connection, [{ call: { externalId: 'c-2', direction: 'in', startedAt: NOW }, signals: [] }]);
      throw new Error('the worker dies');
    });
    await expect(failing).rejects.toThrow('the worker dies');
    expect(await spec.source.getRepository(CallEntity).countBy({ connectionId: connection.id })).toBe(1);
  });
});
