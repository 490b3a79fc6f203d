import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SandboxBench } from './sandbox-bench.js';
import { StandInModule } from './stand-in-module.js';

describe('several instances of a module', () => {
  const bench = new SandboxBench();
  const module = new StandInModule();
  const edit = async (code: string, changes: object): Promise<{ status: number; errors: string[] }> => {
    const { status, body } = await module.call(`/api/v5/integration-modules/${code}/edit`, {
      integrationModule: JSON.stringify({ ...module.registration(), code, ...changes }),
    });
    return { status, errors: Object.keys((body['errors'] ?? {}) as object) };
  };

  beforeAll(async () => {
    await bench.start();
    await module.listen();
    await bench.control('POST', '/accounts/default/modules/stand-in/connect', { moduleUrl: module.url });
  });

  afterAll(async () => {
    await bench.stop();
    await module.close();
  });

  it('are kept by their codes, each with its own delivery type', async () => {
    expect(await edit('stand-in-b', { clientId: 'b', name: 'Stand-in: B' })).toEqual({ status: 200, errors: [] });
    expect((await bench.control('GET', '/accounts/default/modules')).body['modules']).toMatchObject([
      { code: 'stand-in', integrationCode: 'stand-in' },
      { code: 'stand-in-b', integrationCode: 'stand-in', registration: { name: 'Stand-in: B' } },
    ]);
    const { body } = await bench.get('/api/v5/reference/delivery-types');
    expect(body['deliveryTypes']).toMatchObject({ 'stand-in-b': { name: 'Stand-in: B', integrationCode: 'stand-in-b' } });
  });

  it.each([
    ['without the code of its module', 'stand-in-c', { clientId: 'c', integrationCode: undefined }, 'integrationCode'],
    ['of a module that the account does not know', 'other-c', { clientId: 'c', integrationCode: 'other' }, 'integrationCode'],
    ['of what is an instance itself', 'stand-in-c', { clientId: 'c', integrationCode: 'stand-in-b' }, 'integrationCode'],
    ['that was one of another module', 'stand-in', { integrationCode: 'stand-in-b' }, 'integrationCode'],
    ['whose code another has', 'stand-in-b', { clientId: 'c' }, 'code'],
    ['whose clientId another has', 'stand-in-c', {}, 'clientId'],
  ])('are refused: one %s', async (_, code, changes, field) => {
    expect(await edit(code, changes)).toEqual({ status: 400, errors: [`integrationModule.${field}`] });
  });

  it('are called each with its own clientId', async () => {
    await bench.control('POST', '/accounts/default/modules/stand-in-b/activity', { freeze: true });
    await bench.control('POST', '/accounts/default/modules/stand-in/activity', {});
    const told = module.received.filter(({ name }) => name === 'activity').map(({ fields }) => [fields['clientId'], fields['activity']]);
    expect(told).toEqual([
      ['b', '{"active":true,"freeze":true}'],
      [module.clientId, '{"active":true,"freeze":false}'],
    ]);
  });

  it('report statuses each under its own code', async () => {
    const statusUpdate = JSON.stringify([{ deliveryId: 'D1', history: [{ code: 'created', updatedAt: '2026-01-01T10:00:00+03:00' }] }]);
    const answers = ['stand-in-b', 'stand-in-c'].map((code) => module.call(`/api/v5/delivery/generic/${code}/tracking`, { statusUpdate }));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([400, 404]);
  });

  it('have the keys of the module, which connecting again ends', async () => {
    const { body } = await module.call('/api/v5/integration-modules/stand-in-b/update-scopes', {
      requires: JSON.stringify({ scopes: ['integration_read', 'integration_write'] }),
    });
    const wider = String(body['apiKey']);
    expect((await bench.get('/api/credentials', {}, wider)).status).toBe(200);
    const connect = (code: string) => bench.control('POST', `/accounts/default/modules/${code}/connect`, { moduleUrl: module.url });
    expect(await connect('stand-in-b')).toMatchObject({ status: 400, body: { errorMsg: expect.stringContaining('"stand-in"') } });
    expect((await connect('stand-in')).body['ok']).toBe(true);
    expect((await bench.get('/api/credentials', {}, wider)).status).toBe(403);
  });
});
