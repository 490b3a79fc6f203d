import { expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { PersonalPageService } from './personal-page.service.js';

type Dependencies = ConstructorParameters<typeof PersonalPageService>;

it('escapes what the CRM, the PBX and addresses contain', async () => {
  const script = '"><script>';
  const calls = [{ startedAt: new Date(), direction: 'in', phone: `phone${script}`, code: `code${script}`, endedAt: null }];
  const repository = { find: () => Promise.resolve(calls), findOneBy: () => Promise.resolve(null) };
  const page = new PersonalPageService(
    { dataSource: { getRepository: () => repository } } as unknown as Dependencies[0],
    { has: () => true, getManifest: () => ({ listExtensions: () => [] }) } as unknown as Dependencies[1],
    { list: () => Promise.resolve([{ userId: '1', code: `manager${script}`, status: 'free' }]) } as unknown as Dependencies[2],
    { buildUrl: () => Promise.resolve(`https://records.example/${script}`) } as unknown as Dependencies[3],
    ...([{}, {}, {}, {}] as unknown as [Dependencies[4], Dependencies[5], Dependencies[6], Dependencies[7]]),
  );
  const html = await page.renderState({ id: '1', account: { timeZone: 'UTC', language: 'en' } } as Connection);
  for (const name of ['phone', 'code', 'manager', 'https://records.example/']) expect(html).toContain(`${name}&quot;&gt;&lt;script&gt;`);
  expect(html).not.toContain('<script>');
});
