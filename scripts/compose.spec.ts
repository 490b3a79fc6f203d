import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const compose = read('docker-compose.yml');

it('the proxy for the world gives out nothing of the operator’s', () => {
  const pattern = /location ~ (\S+) \{ return 404; \}/.exec(read('deploy/nginx/proxy.conf'))?.[1] ?? 'none';
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

it('every container is read-only, without capabilities it does not need, and has limits', () => {
  const services = [...(/\nservices:\n([\s\S]*?)\n(?=\S)/.exec(compose)?.[1] ?? '').matchAll(/^ {2}(\w+):\n((?:(?: {4}.*)?\n)+)/gm)];
  expect(services.map(([, name]) => name)).toEqual(['postgres', 'redis', 'migrate', 'api', 'worker', 'proxy', 'operator']);
  for (const [, name = '', text = ''] of services) {
    expect([name, text]).toEqual([name, expect.stringMatching(/<<: \*(hardened|app)\n/)]);
    expect([name, text]).toEqual([name, expect.stringMatching(/limits: \{ cpus: '\d', memory: \d+[mg] \}/)]);
    // A rootless image needs nothing; the others only what their entrypoints begin with.
    const added = /cap_add: \[(.*)\]/.exec(text)?.[1]?.split(', ') ?? [];
    expect(added.filter((one) => !['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'].includes(one))).toEqual([]);
  }
  const hardened = /x-hardened: &hardened\n((?: {2}.*\n)+)/.exec(compose)?.[1] ?? '';
  for (const word of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true', 'max-size']) expect(hardened).toContain(word);
  expect(/x-app: &app\n {2}<<: \*hardened\n/.test(compose)).toBe(true);
});

it('the api has the same flags of Node in a container as in a pod, and under `npm run up` as in the benchmarks', () => {
  const find = (file: string, flags: RegExp): string => flags.exec(read(file))?.[0] ?? `none in ${file}`;
  const small = /--max-old-space-size=\d+ --max-semi-space-size=\d+/;
  expect(find('deploy/kubernetes/api.yaml', small)).toBe(find('docker-compose.yml', small));
  expect(find('bench/accounts.bench.ts', small)).toBe(find('docker-compose.yml', small));
  expect(find('bench/support/bench.ts', /--max-[^']+/)).toBe(find('scripts/up.mjs', /--max-[^']+/));
});
