import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from './environment.js';
import { EnvironmentError } from './settings.js';

const COMPLETE = { DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/d', ENCRYPTION_KEY: 'ab'.repeat(32) };

function findProblem(variables: Record<string, string>): string {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  return '';
}

describe('the environment', () => {
  it('needs little, and has defaults for the rest', () => {
    expect(readEnvironment(COMPLETE)).toMatchObject({
      ...{
        NODE_ENV: 'production',
        PORT: 3000,
        DATABASE_POOL: 20,
        LOG_LEVEL: 'info',
        PROVIDER_BUDGET_MS: 5000,
        modulesFile: '/etc/crossdock/modules.json',
      },
      ...{
        publicUrl: 'http://127.0.0.1:3000',
        crmHosts: [],
        trustedProxies: [],
        moduleCodes: undefined,
        production: true,
        moduleSecrets: {},
      },
    });
  });

  it('reads numbers, lists and the secrets of modules', () => {
    const environment = readEnvironment({
      ...COMPLETE,
      ...{ PORT: '8080', PUBLIC_URL: 'https://example.com/', CRM_HOSTS: ' http://a:1 ,, https://b', MODULES: 'courier,fast-riders' },
      ...{ MODULE_FAST_RIDERS_SECRET: 'new, old', MODULE_lower_SECRET: 'no', MODULE__SECRET_X: 'no', UNRELATED: 'x' },
    });
    expect(environment).toMatchObject({ PORT: 8080, publicUrl: 'https://example.com', crmHosts: ['http://a:1', 'https://b'] });
    expect([environment.moduleCodes, environment.moduleSecrets]).toEqual([
      ['courier', 'fast-riders'],
      { MODULE_FAST_RIDERS_SECRET: ['new', 'old'] },
    ]);
    expect(environment).not.toHaveProperty('UNRELATED');
  });

  it('takes an empty variable for a missing one', () => {
    expect(readEnvironment({ ...COMPLETE, PORT: '', REDIS_URL: '', OPERATOR_TOKEN: '' })).toMatchObject({ PORT: 3000 });
    expect(readEnvironment({ ...COMPLETE, REDIS_URL: '' }).REDIS_URL).toBeUndefined();
  });

  it('names every setting that is wrong, and never what it was', () => {
    const problem = findProblem({ DATABASE_URL: 'mysql://root:hunter2@x', PORT: '70000', LOG_LEVEL: 'loud', PUBLIC_URL: 'ftp://x' });
    for (const name of ['DATABASE_URL', 'PORT', 'LOG_LEVEL', 'PUBLIC_URL', 'ENCRYPTION_KEY']) expect(problem).toContain(`  ${name} `);
    expect(problem).toContain('.env.example');
    expect(problem).not.toContain('hunter2');
  });

  it('lets accounts reach this machine in development, and nothing private in production', () => {
    expect(readEnvironment({ ...COMPLETE, NODE_ENV: 'development' }).privateHosts).toEqual(['localhost', '127.0.0.0/8', '::1']);
    expect(readEnvironment(COMPLETE).privateHosts).toEqual([]);
    const named = { ...COMPLETE, PRIVATE_HOSTS: '10.0.0.0/8, pbx.lan:5038' };
    expect(readEnvironment(named).privateHosts).toEqual(['10.0.0.0/8', 'pbx.lan:5038']);
  });

  it('finds modules.json in the working directory, in /etc/crossdock, or where MODULES_DIR and MODULES_FILE say', () => {
    const [folder, home] = [mkdtempSync(join(tmpdir(), 'modules-')), process.cwd()];
    try {
      process.chdir(folder);
      expect(readEnvironment(COMPLETE).modulesFile).toBe('/etc/crossdock/modules.json');
      expect(findProblem({ ...COMPLETE, MODULES_DIR: folder })).toContain('  MODULES_DIR must be a folder with a modules.json');
      writeFileSync('modules.json', '[]');
      expect(readEnvironment(COMPLETE).modulesFile).toBe('modules.json');
      expect(readEnvironment({ ...COMPLETE, MODULES_DIR: folder }).modulesFile).toBe(join(folder, 'modules.json'));
      expect(readEnvironment({ ...COMPLETE, MODULES_DIR: folder, MODULES_FILE: '/opt/a.json' }).modulesFile).toBe('/opt/a.json');
    } finally {
      process.chdir(home);
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses an operator token in production that can be guessed', () => {
    const token = 'nineteen-characters';
    expect(findProblem({ ...COMPLETE, OPERATOR_TOKEN: token })).toContain('  OPERATOR_TOKEN must have 20 characters');
    expect(findProblem({ ...COMPLETE, OPERATOR_TOKEN: `${token}!` })).toBe('');
    expect(findProblem(COMPLETE)).toBe('');
    expect(findProblem({ ...COMPLETE, NODE_ENV: 'development', OPERATOR_TOKEN: token })).toBe('');
  });

  it('reports settings that depend on others in addition to a setting that is wrong itself', () => {
    const problem = findProblem({ PORT: '70000', OPERATOR_TOKEN: 'short', OPERATOR_TOKENS: 'ana', PRIVATE_HOSTS: '10.0.0.0/8/9' });
    for (const name of ['DATABASE_URL', 'PORT', 'OPERATOR_TOKEN', 'OPERATOR_TOKENS', 'PRIVATE_HOSTS'])
      expect(problem).toContain(`\n  ${name} `);
  });

  it('names all, however many are wrong', () => {
    const days = ['RETENTION', 'DELIVERY_RETENTION', 'PAYMENT_RETENTION', 'CALL_RETENTION', 'CHAT_RETENTION', 'OPERATION_RETENTION'];
    const names = [
      ...[...days, 'JOURNAL', 'AUDIT'].map((name) => `${name}_DAYS`),
      ...[
        'JOURNAL_MAX_MB',
        'JOURNAL_CALCULATE_SAMPLE',
        'JOURNAL_ACCOUNT_RATE',
        'PORT',
        'WORKER_PORT',
        'DATABASE_POOL',
        'CONNECTION_CACHE_MB',
        'PROVIDER_BUDGET_MS',
      ],
      ...['RECONCILIATION_HOUR', 'HEALTH_CHECK_HOURS', 'OPERATOR_WEBHOOK_URL', 'CHAT_UNESCAPE', 'LOG_LEVEL', 'PUBLIC_URL', 'NODE_ENV'],
      ...['OTEL_TRACES_SAMPLER_ARG', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'REDIS_URL'],
    ];
    const problem = findProblem({ ...COMPLETE, ...Object.fromEntries(names.map((name) => [name, 'wrong'])) });
    expect(names.filter((name) => !problem.includes(`\n  ${name} `))).toEqual([]);
    expect(problem).not.toContain('is required');
  });

  it('warns of development behind https', () => {
    const warn = (more: Record<string, string>): string[] => readEnvironment({ ...COMPLETE, ...more }).listWarnings();
    expect(warn({ NODE_ENV: 'development', PUBLIC_URL: 'https://example.com' })).toEqual([expect.stringContaining('NODE_ENV=production')]);
    for (const PUBLIC_URL of ['', 'http://127.0.0.1:3000']) expect(warn({ NODE_ENV: 'development', PUBLIC_URL })).toEqual([]);
    expect(warn({ PUBLIC_URL: 'https://example.com' })).toEqual([]);
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['DATABASE_POOL', '1'],
    ['REDIS_URL', 'http://x'],
    ['NODE_ENV', 'staging'],
    ['PROVIDER_BUDGET_MS', '5'],
    ['PUBLIC_URL', 'example.com'],
    ['ENCRYPTION_KEY', 'hunter2'],
    ['TRUSTED_PROXIES', '10.0.0.0/8, proxy.lan'],
    ['CRM_HOSTS', 'crm.example'],
    ['PRIVATE_HOSTS', 'http://x/y'],
  ])('refuses %s=%s', (name, value) => {
    expect(findProblem({ ...COMPLETE, [name]: value })).toContain(`  ${name} `);
  });
});

describe('a secret from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read without trailing line ends, for every secret and the secrets of modules', () => {
    const environment = readEnvironment({
      DATABASE_URL_FILE: write('url', `${COMPLETE.DATABASE_URL}\n`),
      ENCRYPTION_KEY_FILE: write('key', `${COMPLETE.ENCRYPTION_KEY}\r\n\n`),
      OPERATOR_TOKEN_FILE: write('token', ' a token with blanks '),
      OPERATOR_TOKENS_FILE: write('tokens', `ana:view:${'ab'.repeat(32)}\nbob:act:${'cd'.repeat(32)}\n`),
      REDIS_URL_FILE: write('redis', 'redis://h:1'),
      MODULE_COURIER_SECRET_FILE: write('courier', 'new,old\n'),
      MODULES_FILE: '/nowhere/modules.json',
    });
    expect(environment).toMatchObject({
      ...COMPLETE,
      ...{ REDIS_URL: 'redis://h:1', OPERATOR_TOKEN: ' a token with blanks ', MODULES_FILE: '/nowhere/modules.json' },
      moduleSecrets: { MODULE_COURIER_SECRET: ['new', 'old'] },
    });
    expect(environment.operatorTokens.map(({ name }) => name)).toEqual(['ana', 'bob', 'operator']);
  });

  it('that cannot be read is reported by its variable, with the reason', () => {
    const problem = findProblem({
      ENCRYPTION_KEY_FILE: join(folder, 'hunter2'),
      DATABASE_URL: COMPLETE.DATABASE_URL,
      DATABASE_URL_FILE: write('url', COMPLETE.DATABASE_URL),
      MODULE_COURIER_SECRET_FILE: write('empty', ' \n'),
      OPERATOR_TOKEN_FILE: folder,
    });
    expect(problem.split('\n').slice(1, -1).sort()).toEqual([
      '  DATABASE_URL_FILE is set in addition to DATABASE_URL. Remove one of them',
      '  ENCRYPTION_KEY_FILE cannot be read (ENOENT): name a file that this user can read',
      '  MODULE_COURIER_SECRET_FILE names an empty file',
      '  OPERATOR_TOKEN_FILE cannot be read (EISDIR): name a file that this user can read',
    ]);
  });

  it('is one of the deployment: no other setting is read from a file', () => {
    expect(readEnvironment({ ...COMPLETE, PORT_FILE: write('port', '8080') }).PORT).toBe(3000);
  });
});
