import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, postForm, readRefusal, register } from './support/account.js';
import { Deployment, START_MS } from './support/deployment.js';

let deployment: Deployment;

describe('modules.json', () => {
  const logo = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>';
  const modules = [
    { code: 'fast-riders', provider: 'courier', name: 'Fast Riders', countries: ['ES'], logo: 'logo.svg' },
    { code: 'courier', provider: 'courier' },
    {
      ...{ code: 'riders', provider: 'courier', name: 'Riders', names: { ru: 'Гонцы' }, logo: 'logo.svg', logos: { ru: 'logo-ru.svg' } },
    },
  ];
  const logoRu = logo.replace('r="4"', 'r="5"');
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crossdock-modules-'));
    await writeFile(join(folder, 'logo.svg'), logo);
    await writeFile(join(folder, 'logo-ru.svg'), logoRu);
    await writeFile(join(folder, 'modules.json'), JSON.stringify({ modules }));
    deployment = await Deployment.start({
      accounts: 4,
      workers: 0,
      variables: { MODULES_FILE: '', MODULES_DIR: folder, MODULE_FAST_RIDERS_SECRET: 'a secret of its own', OPERATOR_TOKEN: '' },
    });
  }, START_MS);
  afterAll(async () => {
    await deployment?.stop();
    await rm(folder, { recursive: true });
  });

  it('may leave the operator API off', async () => {
    const reply = readRefusal(await deployment.askOperator('GET', '/connections', undefined, ''));
    expect([reply.status, reply.errorMsg]).toEqual([403, expect.stringContaining('OPERATOR_TOKEN')]);
  });

  it('names modules of the partner, each with its own secret and connections', async () => {
    const crm = deployment.nextCrm();
    const own = await Account.connect(deployment, crm, 'fast-riders');
    const baseUrl = `${deployment.url}/fast-riders/callbacks`;
    expect(own.registration).toMatchObject({ code: 'fast-riders', name: 'Fast Riders', availableCountries: ['ES'], baseUrl });
    expect((await deployment.send('/fast-riders/logo.svg')).bytes.toString()).toBe(logo);
    expect(readRefusal(await register(deployment, 'fast-riders', crm.registerField(deployment.getSecret('courier')))).status).toBe(401);
    const other = await Account.connect(deployment, crm, 'courier');
    expect(other.clientId).not.toBe(own.clientId);
    const { deliveryId } = await own.ship('1');
    // One module's connection is unknown to another module.
    expect(readRefusal(await other.post('/delivery/delete', { delete: { deliveryId } }, own.clientId)).status).toBe(403);
    expect(readRefusal(await other.delete(deliveryId)).status).toBe(404);
    expect(deployment.complaints()).toEqual([]);
  });

  it.each([
    ['ru', 'Гонцы', 'logo-ru.svg', 'Своя курьерская служба'],
    ['es', 'Riders', 'logo.svg', 'Mensajería'],
    ['en', 'Riders', 'logo.svg', 'Own courier service'],
  ])('names a module in the language of the account: %s', async (language, name, logoFile, title) => {
    const crm = deployment.nextCrm();
    crm.settings = { ...crm.settings, system_language: { value: language } };
    const named = await Account.connect(deployment, crm, 'riders');
    expect(named.registration).toMatchObject({ name, logo: `${deployment.url}/riders/${logoFile}` });
    const plain = await Account.connect(deployment, crm, 'courier');
    expect(plain.registration).toMatchObject({ name: title, logo: `${deployment.url}/courier/logo.svg` });
    const page = await postForm(`${deployment.url}/riders/account`, `clientId=${named.clientId}`);
    expect(page.bytes.toString()).toContain(`<title>${name}</title>`);
    expect(deployment.complaints()).toEqual([]);
  });

  it('serves logos by language', async () => {
    for (const [file, svg] of Object.entries({ 'logo.svg': logo, 'logo-en.svg': logo, 'logo-es.svg': logo, 'logo-ru.svg': logoRu })) {
      const reply = await deployment.send(`/riders/${file}`);
      expect([reply.status, reply.headers.get('content-type'), reply.bytes.toString()]).toEqual([200, 'image/svg+xml', svg]);
      expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    for (const file of ['logo-de.svg', 'logo-.svg', 'logo-__proto__.svg', 'logo-ru.svg.svg', 'logo-%2e%2e%2flogo.svg', 'logo-ru.png']) {
      const reply = await deployment.send(`/riders/${file}`);
      expect([file, readRefusal(reply).status]).toEqual([file, 404]);
      expect(reply.headers.get('content-type')).toContain('application/json');
      expect(reply.headers.get('cache-control') ?? '').not.toContain('public');
    }
  });
});
