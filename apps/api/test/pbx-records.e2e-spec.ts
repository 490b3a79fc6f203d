import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Deployment, START_MS } from './support/deployment.js';
import { type PbxDesk, PbxHost } from './support/pbx-desk.js';
import { type Reply, readReply } from './support/reply.js';
import { until } from './support/until.js';

const CUSTOMER = '79161234567';
const OURS = '74950000000';
const TALK = Buffer.from('0123456789');

let host: PbxHost;
let deployment: Deployment;

const openDesk = (settings?: object): Promise<PbxDesk> => host.openDesk(settings);

/** A recorded talk that has ended. */
function talk(desk: PbxDesk, bytes: Uint8Array = TALK): { id: string } {
  return desk.pbx.incoming(CUSTOMER, OURS).ring('101').answer('101').record(bytes).end();
}
/** The address that the CRM received. */
const listen = async (desk: PbxDesk, { id }: { id: string }): Promise<string> => String((await desk.uploaded(id)).recordUrl);
const get = async (url: string, range?: string): Promise<Reply> =>
  readReply(await fetch(url, range === undefined ? {} : { headers: { range } }));

describe('recordings of a PBX that reports over HTTP', () => {
  beforeAll(async () => {
    host = await PbxHost.start(16);
    ({ deployment } = host);
  }, START_MS);

  afterEach(async () => {
    expect(await host.closeDesks()).toEqual([]);
  });

  afterAll(() => host?.deployment.stop(), 60_000);

  describe('by a link', () => {
    it('are fetched when a manager listens: not ready at the start, then available, then gone', async () => {
      const desk = await openDesk();
      desk.pbx.modes.recordReadyMs = 86_400_000;
      const call = talk(desk);
      const url = await listen(desk, call);
      // The link was sent to the CRM without a check of the recording.
      expect(desk.pbx.countCalls('requestRecord')).toBe(0);
      const early = await get(url);
      expect([early.status, early.headers.get('retry-after'), early.headers.get('content-type')]).toEqual([
        ...[503, '30', 'text/plain; charset=utf-8'],
      ]);
      expect(early.bytes.toString()).toBe('The recording is not ready yet: try again in a minute.');
      desk.pbx.fail('requestRecord', { kind: 'rate-limit', retryAfterSeconds: 7 });
      const busy = await get(url);
      expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '7']);
      desk.pbx.records.finish(desk.pbx.records.find('pbx_call_id', call.id, true)[0]?.id ?? '', 0);
      const whole = await get(url);
      expect([whole.status, whole.headers.get('content-type'), whole.bytes.toString()]).toEqual([200, 'audio/mpeg', '0123456789']);
      expect(whole.headers.get('content-disposition')).toMatch(/^inline; filename="[\d.]+\.mp3"$/);
      desk.pbx.records.forget();
      await deployment.stores.query(`UPDATE telephony_call SET record = regexp_replace(record, '@\\d+', '@1') WHERE external_id = $1`, [
        call.id,
      ]);
      const gone = await get(url);
      expect([gone.status, gone.json]).toEqual([404, { success: false, errorMsg: 'The recording no longer exists.' }]);
    });

    it.each([false, true])('are cut into ranges, also when the PBX sends them whole (it keeps to ranges: %s)', async (ranges) => {
      const desk = await openDesk();
      desk.pbx.modes.ranges = ranges;
      const url = await listen(desk, talk(desk));
      const part = async (range: string): Promise<unknown[]> => {
        const reply = await get(url, range);
        return [reply.status, reply.headers.get('content-range'), reply.headers.get('content-length'), reply.bytes.toString()];
      };
      expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '3', '234']);
      expect(await part('bytes=-3')).toEqual([206, 'bytes 7-9/10', '3', '789']);
      expect((await part('bytes=10-')).slice(0, 2)).toEqual([416, 'bytes */10']);
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
    });

    it('come without ranges when the PBX does not tell their length', async () => {
      const desk = await openDesk();
      desk.pbx.modes.sizes = false;
      const reply = await get(await listen(desk, talk(desk)), 'bytes=2-4');
      expect([reply.status, reply.headers.get('accept-ranges'), reply.headers.get('content-length')]).toEqual([200, 'none', null]);
      expect(reply.bytes.toString()).toBe('0123456789');
    });

    it('pass through without being held, and end at the listener as they end at the PBX', async () => {
      const desk = await openDesk();
      const long = Buffer.alloc(20 * 1024 * 1024, 'talk');
      const url = await listen(desk, talk(desk, long));
      expect((await get(url)).bytes.equals(long)).toBe(true);
      // A listener leaves early. The next listener gets the whole recording.
      const left = new AbortController();
      const reply = await fetch(url, { signal: left.signal });
      await reply.body?.getReader().read();
      left.abort();
      // The first download is the look at its size.
      desk.pbx.fail('download', { kind: 'delay', ms: 0 });
      desk.pbx.fail('download', { kind: 'cut' });
      await expect(get(url)).rejects.toThrow();
      expect((await get(url, 'bytes=-4')).bytes.toString()).toBe('talk');
    });

    it('of an unavailable PBX are a special error, and without days no recording is offered', async () => {
      const desk = await openDesk();
      const url = await listen(desk, talk(desk));
      desk.pbx.fail('requestRecord', { kind: 'error-before' }, 9);
      expect((await get(url)).status).toBe(502);
      desk.pbx.faults.clear();
      expect((await get(url)).status).toBe(200);
      await desk.account.activity(false, false);
      expect((await get(url)).status).toBe(403);
    });
  });

  describe('copied to the files of the CRM', () => {
    interface CopyRow {
      file_id: string | null;
      record_tries: number;
      record_due_at: Date | null;
    }
    interface CrmFileRow {
      id: number;
      filename: string;
      size: number;
      attachment: { customer?: { id: number } }[];
    }
    const readCopy = async (desk: PbxDesk): Promise<CopyRow> => {
      const [row] = await deployment.stores.query<CopyRow>('SELECT * FROM telephony_call WHERE connection_id = $1', [desk.connectionId]);
      if (!row) throw new Error('the call is not kept');
      return row;
    };
    const setDue = (desk: PbxDesk): Promise<unknown> =>
      deployment.stores.query('UPDATE telephony_call SET record_due_at = now() WHERE connection_id = $1', [desk.connectionId]);
    const tried = (desk: PbxDesk, tries: number): Promise<unknown> =>
      until(`try ${tries} is made`, async () => (await readCopy(desk)).record_tries === tries, 60_000);
    const isDone = (desk: PbxDesk): Promise<unknown> =>
      until('it is copied', async () => (await readCopy(desk)).record_due_at === null, 60_000);
    const listFiles = (desk: PbxDesk): CrmFileRow[] => desk.crm.context.rows('files') as unknown as CrmFileRow[];
    /** An ended call that is to be copied, of a customer that the CRM knows or does not yet. */
    const openTalk = async (isKnown = true): Promise<{ desk: PbxDesk; url: string }> => {
      const desk = await openDesk({ keepRecords: true });
      if (isKnown) desk.addCustomer('+79161234567', '101');
      const url = await listen(desk, talk(desk));
      const { record_due_at: due } = await readCopy(desk);
      expect(Math.abs((due?.getTime() ?? 0) - Date.now() - 60_000)).toBeLessThan(30_000);
      return { desk, url };
    };

    it('it is attached to the customer, and heard there after the PBX forgot it', async () => {
      const { desk, url } = await openTalk();
      await setDue(desk);
      await isDone(desk);
      const [customer] = desk.crm.context.rows('customers');
      expect(listFiles(desk)).toMatchObject([
        ...[{ size: 10, filename: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d-\d\d-\d\d \+79161234567\.mp3$/) }],
      ]);
      expect(listFiles(desk)[0]?.attachment.map((link) => Number(link.customer?.id))).toEqual([Number(customer?.['id'])]);
      desk.pbx.records.forget();
      const whole = await get(url);
      expect([whole.status, whole.headers.get('content-type'), whole.bytes.toString()]).toEqual([200, 'audio/mpeg', '0123456789']);
      const part = await get(url, 'bytes=2-4');
      expect([part.status, part.headers.get('content-range'), part.bytes.toString()]).toEqual([206, 'bytes 2-4/10', '234']);
      expect((await fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe('10');
      desk.crm.fail('*/files/*/download', { kind: 'error-before' }, 9);
      const later = await get(url);
      expect([later.status, later.headers.get('retry-after')]).toEqual([503, '30']);
    });

    it('it waits for a recording that is not ready, and for a customer who is not known yet', async () => {
      const { desk } = await openTalk(false);
      const [record] = desk.pbx.records.find('pbx_call_id', desk.pbx.legs[0]?.pbxCallId ?? '', true);
      desk.pbx.records.finish(record?.id ?? '', 86_400_000);
      await setDue(desk);
      await tried(desk, 1);
      await until('the PBX was asked', () => desk.pbx.countCalls('requestRecord') === 1);
      desk.pbx.records.finish(record?.id ?? '', 0);
      await setDue(desk);
      await until('it is there', async () => (await readCopy(desk)).file_id !== null, 60_000);
      expect([listFiles(desk).length, listFiles(desk)[0]?.attachment, (await readCopy(desk)).record_tries]).toEqual([1, [], 2]);
      desk.addCustomer('+79161234567', '101');
      await setDue(desk);
      await isDone(desk);
      expect([listFiles(desk).length, listFiles(desk)[0]?.attachment.length]).toEqual([1, 1]);
    }, 180_000);

    it('a worker that is killed before it attached the file leaves the rest to another', async () => {
      await deployment.separate('worker');
      const { desk } = await openTalk();
      const release = desk.crm.fail('*/files/*/edit', { kind: 'hang' });
      await setDue(desk);
      await until('it is being attached', () => desk.crm.callsTo('files.edit').length === 1, 60_000);
      await deployment.killWorkers();
      release();
      expect((await readCopy(desk)).file_id).not.toBeNull();
      await deployment.startWorker();
      await setDue(desk);
      await isDone(desk);
      expect([listFiles(desk).length, listFiles(desk)[0]?.attachment.length]).toEqual([1, 1]);
    }, 180_000);

    it('a copy whose answer is lost is made again, and one is attached', async () => {
      const { desk } = await openTalk();
      desk.crm.fail('*/files/upload', { kind: 'drop-after' });
      await setDue(desk);
      await until('it is sent', () => listFiles(desk).length === 1, 60_000);
      // More than once: the try that failed postpones what is due by then.
      await until('it is tried again', async () => {
        const due = 'UPDATE telephony_call SET record_due_at = now() WHERE connection_id = $1 AND record_tries = 1';
        await deployment.stores.query(due, [desk.connectionId]);
        return (await readCopy(desk)).record_tries === 2;
      });
      await isDone(desk);
      expect(listFiles(desk).map(({ attachment }) => attachment.length)).toEqual([0, 1]);
    }, 180_000);

    it('that never comes is given up after six tries, and nothing else waits for it', async () => {
      const { desk } = await openTalk();
      desk.pbx.records.forget();
      await deployment.stores.query('UPDATE telephony_call SET record_tries = 5, record_due_at = now() WHERE connection_id = $1', [
        desk.connectionId,
      ]);
      await isDone(desk);
      expect(await readCopy(desk)).toMatchObject({ file_id: null, record_tries: 6 });
      expect(listFiles(desk)).toEqual([]);
    });
  });
});
