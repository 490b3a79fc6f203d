import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { PbxDesk } from './support/pbx-desk.js';
import { type Reply, readReply } from './support/reply.js';

const CUSTOMER = '79161234567';
const OURS = '74950000000';
const TALK = Buffer.from('0123456789');

let deployment: Deployment;
const crms: Crm[] = [];
const desks: PbxDesk[] = [];

async function openDesk(settings: object = {}): Promise<PbxDesk> {
  const desk = await PbxDesk.open(deployment, deployment.nextCrm(), settings);
  desks.push(desk);
  return desk;
}

/** A talk that was recorded and is over. */
function talk(desk: PbxDesk, bytes: Uint8Array = TALK): { id: string } {
  return desk.pbx.incoming(CUSTOMER, OURS).ring('101').answer('101').record(bytes).end();
}
/** The address that the CRM was told. */
const listen = async (desk: PbxDesk, { id }: { id: string }): Promise<string> => String((await desk.uploaded(id)).recordUrl);
const get = async (url: string, range?: string): Promise<Reply> =>
  readReply(await fetch(url, range === undefined ? {} : { headers: { range } }));

describe('recordings of a PBX that reports over HTTP', () => {
  beforeAll(async () => {
    crms.push(...(await Crm.startAll(12)));
    const variables = { MODULES: 'fake-pbx', PROVIDER_BUDGET_MS: '3000' };
    deployment = await Deployment.start({ crms, apart: true, withFakeCarrier: true, variables });
  }, START_MS);

  afterEach(async () => {
    const complaints = crms.flatMap((crm) => crm.complaints);
    for (const crm of crms) crm.recover();
    for (const desk of desks.splice(0)) await desk.close();
    expect(complaints).toEqual([]);
  });

  afterAll(async () => {
    await deployment?.stop();
    for (const crm of crms.splice(0)) await crm.close();
  }, 60_000);

  describe('by a link', () => {
    it('are fetched when somebody listens: not ready at first, then there, then gone', async () => {
      const desk = await openDesk();
      desk.pbx.modes.recordReadyMs = 86_400_000;
      const call = talk(desk);
      const url = await listen(desk, call);
      // It was told without a look at it.
      expect(desk.pbx.countCalls('record')).toBe(0);
      const early = await get(url);
      expect([early.status, early.headers.get('retry-after'), early.headers.get('content-type')]).toEqual([
        ...[503, '30', 'text/plain; charset=utf-8'],
      ]);
      expect(early.bytes.toString()).toBe('The recording is not ready yet: try again in a minute.');
      desk.pbx.fail('record', { kind: 'rate-limit', retryAfterSeconds: 7 });
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
      expect([gone.status, gone.json]).toEqual([404, { success: false, errorMsg: 'The recording is not there any more.' }]);
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
      // A listener who leaves; the next is served.
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

    it('of a PBX that is away are an error of its own, and none is offered without days', async () => {
      const desk = await openDesk();
      const url = await listen(desk, talk(desk));
      desk.pbx.fail('record', { kind: 'error-before' }, 9);
      expect((await get(url)).status).toBe(502);
      desk.pbx.faults.clear();
      expect((await get(url)).status).toBe(200);
      await desk.account.activity(false, false);
      expect((await get(url)).status).toBe(403);
    });
  });
});
