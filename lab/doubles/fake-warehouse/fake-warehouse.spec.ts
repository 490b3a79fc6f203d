import { expect, it } from '@jest/globals';
import { ask } from '../../../libs/testing/double/ask.js';
import { PostedWebhooks } from '../../../libs/testing/posted-webhooks.js';
import { FakeWarehouse, signCall, WAREHOUSE_SIGNATURE, WAREHOUSE_TIMESTAMP } from './index.js';

it('the fake warehouse refuses old signatures, and sends ids of goods in webhooks unless a mode forbids it', async () => {
  const hooks = await PostedWebhooks.start();
  const warehouse = await FakeWarehouse.start({ webhookUrl: hooks.url });
  try {
    const call = async (ageSeconds: number): Promise<number> => {
      const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
      const signature = signCall(warehouse.secret, 'GET', '/v1/account', timestamp, '');
      const headers = { [WAREHOUSE_TIMESTAMP]: timestamp, [WAREHOUSE_SIGNATURE]: signature };
      return (await ask('GET', `${warehouse.url}/v1/account`, undefined, headers)).status;
    };
    expect([await call(290), await call(301)]).toEqual([200, 401]);
    warehouse.setStock('s1', 'main', '1');
    warehouse.setModes({ namesGoods: false });
    warehouse.setStock('s1', 'main', '2');
    await warehouse.webhooks.idle();
    expect(hooks.received.map(({ json }) => json.events as object[])).toEqual([
      [{ id: expect.any(String), goods: [{ id: 'g-1', sku: 's1' }] }],
      [{ id: expect.any(String) }],
    ]);
  } finally {
    await warehouse.close();
    await hooks.close();
  }
});
