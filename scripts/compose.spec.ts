import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const compose = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');

it('the proxy for the world gives out nothing of the operator’s', () => {
  const pattern = /location ~ (\S+) \{ return 404; \}/.exec(compose)?.[1]?.replaceAll('$$', '$') ?? 'none';
  const closed = new RegExp(pattern);
  for (const path of [
    '/operator/api/connections',
    '/operator',
    '/docs',
    '/docs/',
    '/docs-json',
    '/docs-yaml',
    '/docs/static/x.js',
    '/metrics',
    '/metrics/',
  ])
    expect([path, closed.test(path)]).toEqual([path, true]);
  for (const path of ['/courier/config', '/health/live', '/docs-carrier/config', '/operators/config'])
    expect([path, closed.test(path)]).toEqual([path, false]);
});

it('what does is started on wish only, and published to this machine', () => {
  const operator = /\n {2}operator:\n(?: {4}.*\n)+/.exec(compose)?.[0] ?? '';
  expect(operator).toContain("profiles: ['operator']");
  expect(operator).toMatch(/ports:\n\s+- '127\.0\.0\.1:/);
});
