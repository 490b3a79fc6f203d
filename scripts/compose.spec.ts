import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const compose = read('docker-compose.yml');
const services = [...(/\nservices:\n([\s\S]*?)\n(?=\S)/.exec(compose)?.[1] ?? '').matchAll(/^ {2}(\w+):\n((?:(?: {4}.*)?\n)+)/gm)];
const getService = (name: string): string => services.find(([, one]) => one === name)?.[2] ?? '';

it('the public proxy uses only PORT, and operators have their own port and proxy', () => {
  const port = (name: string): string => new RegExp(`^  ${name}: (\\d+)$`, 'm').exec(compose)?.[1] ?? 'none';
  expect(port('OPERATOR_PORT')).not.toBe(port('PORT'));
  const listUpstreams = (file: string): string[] => [...read(file).matchAll(/http:\/\/api:\d+/g)].map(String);
  expect(listUpstreams('deploy/nginx/proxy.conf')).toEqual([`http://api:${port('PORT')}`]);
  expect(listUpstreams('deploy/nginx/operator.conf')).toEqual([`http://api:${port('OPERATOR_PORT')}`]);
  expect(listUpstreams('deploy/nginx/pass.conf')).toEqual([]);
  expect(read('deploy/prometheus/prometheus.yml')).toContain(`'api:${port('OPERATOR_PORT')}'`);
});

it('the proxy for operators is started on wish only, and published to this machine', () => {
  expect(getService('operator')).toContain("profiles: ['operator']");
  expect(getService('operator')).toMatch(/ports:\n\s+- '127\.0\.0\.1:/);
});

it('PostgreSQL and Redis have their own network without a way out and without a proxy', () => {
  expect(compose).toMatch(/\n {2}data:\n {4}internal: true\n/);
  const networks = services.map(([, name, text = '']) => [name, /networks: \[(.*)\]/.exec(text)?.[1]]);
  expect(Object.fromEntries(networks)).toEqual({
    ...{ postgres: 'data', redis: 'data', migrate: 'data', api: 'front, data', worker: 'outside, data' },
    ...{ proxy: 'front', operator: 'front' },
  });
});

it('Redis asks for a password, evicts nothing, and leaves memory for the rewriting of its file', () => {
  const redis = getService('redis');
  expect(redis).toMatch(/--requirepass\n\s+- \$\{REDIS_PASSWORD:\?/);
  expect(compose).toContain('REDIS_URL: redis://:${REDIS_PASSWORD:?');
  expect(redis).toMatch(/--maxmemory-policy\n\s+- noeviction/);
  const most = Number(/--maxmemory\n\s+- (\d+)mb/.exec(redis)?.[1]);
  const memory = Number(/memory: (\d+)m/.exec(redis)?.[1]);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(memory * 0.7);
});

it('the proxy’s large requests fit on its disk, and its disk in its memory', () => {
  const conf = read('deploy/nginx/proxy.conf');
  const most = Number(/client_max_body_size (\d+)m;/.exec(conf)?.[1]);
  expect(most).toBe(Number(/BODY_LIMIT = (\d+) \* 1024 \* 1024;/.exec(read('apps/api/src/create-api.ts'))?.[1]));
  const disk = Number(/\/var\/cache\/nginx:size=(\d+)m/.exec(getService('proxy'))?.[1]);
  expect(most * Number(/limit_conn large (\d+);/.exec(conf)?.[1])).toBeLessThan(disk);
  expect(disk * 1.5).toBeLessThan(Number(/memory: (\d+)m/.exec(getService('proxy'))?.[1]));
});

it('every container is read-only, without capabilities it does not need, and has limits', () => {
  expect(services.map(([, name]) => name)).toEqual(['postgres', 'redis', 'migrate', 'api', 'worker', 'proxy', 'operator']);
  const hardened = /x-hardened: &hardened\n((?: {2}.*\n)+)/.exec(compose)?.[1] ?? '';
  for (const word of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true', 'max-size']) expect(hardened).toContain(word);
  expect(/x-app: &app\n {2}<<: \*hardened\n/.test(compose)).toBe(true);
  const usual = /pids_limit: (\d+)/.exec(hardened)?.[1];
  for (const [, name = '', text = ''] of services) {
    expect([name, text]).toEqual([name, expect.stringMatching(/<<: \*(hardened|app)\n/)]);
    expect([name, text]).toEqual([name, expect.stringMatching(/limits: \{ cpus: '\d', memory: \d+[mg], pids: \d+ \}/)]);
    // Compose refuses a file in which they differ.
    expect([name, /pids: (\d+)/.exec(text)?.[1]]).toEqual([name, /pids_limit: (\d+)/.exec(text)?.[1] ?? usual]);
    // A rootless image needs no capabilities. The others need only the capabilities of their entrypoints.
    const added = /cap_add: \[(.*)\]/.exec(text)?.[1]?.split(', ') ?? [];
    expect(added.filter((one) => !['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'].includes(one))).toEqual([]);
  }
});

it('the api has the same flags of Node in a container as in a pod, and under `npm run up` as in the benchmarks', () => {
  const find = (file: string, flags: RegExp): string => flags.exec(read(file))?.[0] ?? `none in ${file}`;
  const small = /--max-old-space-size=\d+ --max-semi-space-size=\d+/;
  expect(find('deploy/kubernetes/base/api.yaml', small)).toBe(find('docker-compose.yml', small));
  expect(find('lab/bench/accounts.bench.ts', small)).toBe(find('docker-compose.yml', small));
  expect(find('lab/bench/support/bench.ts', /--max-[^']+/)).toBe(find('scripts/up.mjs', /--max-[^']+/));
});
