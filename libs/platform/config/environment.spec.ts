import { describe, expect, it } from '@jest/globals';
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
        NODE_ENV: 'development',
        PORT: 3000,
        DATABASE_POOL: 20,
        LOG_LEVEL: 'info',
        PROVIDER_BUDGET_MS: 5000,
        MODULES_FILE: 'modules.json',
      },
      ...{
        publicUrl: 'http://127.0.0.1:3000',
        crmHosts: [],
        trustedProxies: [],
        moduleCodes: undefined,
        production: false,
        moduleSecrets: {},
      },
    });
  });

  it('reads numbers, lists and the secrets of modules', () => {
    const environment = readEnvironment({
      ...COMPLETE,
      ...{ PORT: '8080', PUBLIC_URL: 'https://example.com/', CRM_HOSTS: ' http://a:1 ,, https://b', MODULES: 'courier,fast-riders' },
      ...{ MODULE_FAST_RIDERS_SECRET: 's', MODULE_lower_SECRET: 'no', MODULE__SECRET_X: 'no', UNRELATED: 'x' },
    });
    expect(environment).toMatchObject({ PORT: 8080, publicUrl: 'https://example.com', crmHosts: ['http://a:1', 'https://b'] });
    expect([environment.moduleCodes, environment.moduleSecrets]).toEqual([['courier', 'fast-riders'], { MODULE_FAST_RIDERS_SECRET: 's' }]);
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
    expect(readEnvironment(COMPLETE).privateHosts).toEqual(['localhost', '127.0.0.0/8', '::1']);
    expect(readEnvironment({ ...COMPLETE, NODE_ENV: 'production' }).privateHosts).toEqual([]);
    const named = { ...COMPLETE, NODE_ENV: 'production', PRIVATE_HOSTS: '10.0.0.0/8, pbx.lan:5038' };
    expect(readEnvironment(named).privateHosts).toEqual(['10.0.0.0/8', 'pbx.lan:5038']);
  });

  it('refuses an operator token in production that can be guessed', () => {
    const token = 'nineteen-characters';
    expect(findProblem({ ...COMPLETE, NODE_ENV: 'production', OPERATOR_TOKEN: token })).toContain(
      '  OPERATOR_TOKEN must have 20 characters',
    );
    expect(findProblem({ ...COMPLETE, NODE_ENV: 'production', OPERATOR_TOKEN: `${token}!` })).toBe('');
    expect(findProblem({ ...COMPLETE, NODE_ENV: 'production' })).toBe('');
    expect(findProblem({ ...COMPLETE, OPERATOR_TOKEN: token })).toBe('');
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
  ])('refuses %s=%s', (name, value) => {
    expect(findProblem({ ...COMPLETE, [name]: value })).toContain(`  ${name} `);
  });
});
