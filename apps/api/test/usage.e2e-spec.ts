import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '#platform';
import { sampleOrder, wireCalculate, wireSave } from '#testing';
import { Account } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';
import { BuyerPage, PaymentDesk } from './support/payment-desk.js';
import { until } from './support/until.js';

interface Report {
  month: string;
  closedAt: string | null;
  totals: { module: string; kind: string; count: number; connections: number }[];
}
interface Listed {
  items: { connection: string; host: string | null; module: string; counts: { kind: string; count: number; late: number }[] }[];
  total: number;
}

/** The test service accepts it. */
const CARD = '4242 4242 4242 4242';
const MODULES_TOKEN = 'operator-token-of-testpay-only-0001';

let deployment: Deployment;

beforeAll(async () => {
  const OPERATOR_TOKENS = `pay:view@testpay:${sha256Hex(MODULES_TOKEN)}`;
  deployment = await Deployment.start({ accounts: 3, apart: true, variables: { OPERATOR_TOKENS } });
}, START_MS);
afterAll(() => deployment?.stop());
afterEach(() => expect(deployment.complaints()).toEqual([]));

const list = async (connection: string): Promise<Record<string, number>> => {
  const { items } = await deployment.operator<Listed>('GET', '/usage/connections?limit=500');
  return Object.fromEntries(
    items.filter((one) => one.connection === connection).flatMap(({ counts }) => counts.map((one) => [one.kind, one.count])),
  );
};

describe('usage', () => {
  it('counts each fact once: repeats, kill -9 of api and worker, and erasure change nothing', async () => {
    const account = await Account.connect(deployment, deployment.nextCrm());
    const { id } = await deployment.getConnection(account.crm);
    const order = (n: number) => wireSave('courier', sampleOrder('moscowCourier', { order: String(n), orderNumber: `${n}A` }));
    for (let n = 0; n < 10; n++) {
      const replies = await Promise.all([1, 2, 3].map(() => account.save(order(n))));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    }
    const made = { delivery: 10, 'callback:delivery.save': 10 };
    expect(await list(id)).toEqual(expect.objectContaining(made));
    // Saved facts are in their transaction, so a kill at any moment loses none.
    await deployment.killApi();
    await deployment.killWorkers();
    await Promise.all([deployment.startApi(), deployment.startWorker()]);
    for (let n = 0; n < 10; n++) await account.save(order(n));
    for (let n = 0; n < 5; n++) await account.calculate(wireCalculate(sampleOrder('moscowCourier')));
    await account.calculate({ nonsense: true } as never);
    await until('the callbacks are written', async () => (await list(id))['callback:delivery.calculate'] === 5);
    const { deliveryId } = await account.ship('99');
    await account.delete(deliveryId);
    await account.delete(deliveryId);
    const counted = { delivery: 11, 'callback:delivery.save': 11, 'callback:delivery.calculate': 5, 'callback:delivery.delete': 1 };
    expect(await list(id)).toEqual(expect.objectContaining(counted));

    await deployment.operator('DELETE', `/connections/${id}`);
    await until('it is erased', async () => (await deployment.askOperator('GET', `/connections/${id}`)).status === 404, 60_000);
    expect(await list(id)).toEqual(expect.objectContaining(counted));
    const { items } = await deployment.operator<Listed>('GET', '/usage/connections');
    expect(items.find(({ connection }) => connection === id)).toMatchObject({ host: null, module: 'courier' });
  }, 180_000);

  it('counts paid invoices, shows them to operators of their module only, and as CSV', async () => {
    const desk = await PaymentDesk.open(deployment, deployment.nextCrm());
    const { id } = await deployment.getConnection(desk.crm);
    const { invoiceUrl } = await desk.invoice();
    await new BuyerPage(invoiceUrl).pay(CARD);
    await until('it is counted', async () => (await list(id)).invoice === 1);
    expect(await list(id)).toMatchObject({ 'callback:payment.create': 1 });

    const shown = (await deployment.askOperator('GET', '/usage', undefined, MODULES_TOKEN)).json as Report;
    expect(new Set(shown.totals.map(({ module }) => module))).toEqual(new Set(['testpay']));
    expect(shown).toMatchObject({ month: new Date().toISOString().slice(0, 7), closedAt: null });
    const csv = (await deployment.askOperator('GET', '/usage/connections.csv?module=testpay', undefined, MODULES_TOKEN)).bytes.toString();
    const [head, ...lines] = csv.trim().split('\r\n');
    expect(head).toBe('month,module,connection,host,kind,count,late');
    expect(lines).toContain(`${shown.month},testpay,${id},${new URL(desk.crm.url).host},invoice,1,0`);
    expect((await deployment.askOperator('GET', '/usage?month=2026-13')).status).toBe(400);
    expect((await deployment.askOperator('GET', '/usage?module=courier', undefined, MODULES_TOKEN)).json).toMatchObject({ totals: [] });
    const metrics = (await deployment.send('/metrics')).bytes.toString();
    expect(metrics).toMatch(/crossdock_usage_total\{module="testpay",kind="callback:payment.create"\} 1/);
  }, 60_000);
});
