import { describe, expect, it } from '@jest/globals';
import { IsInt, IsOptional, IsUrl } from 'class-validator';
import fc from 'fast-check';
import { ConfigService } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { Configuration } from './configuration.js';
import { Environment } from './environment.js';

/** As a carrier's folder declares it. */
class AcmeEnvironment {
  @IsOptional() @IsUrl({ require_tld: false, require_protocol: true }) ACME_URL?: string;
  @IsOptional() @IsInt() ACME_TRIES: number = 3;
}

const COMPLETE = { DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/d', ENCRYPTION_KEY: 'ab'.repeat(32) };

const readWarnings = async (more: Record<string, string>): Promise<readonly string[]> =>
  (await Configuration.read([AcmeEnvironment], { ...COMPLETE, ...more })).warnings;

describe('the configuration of a process', () => {
  it('gives the deployment’s and the providers’ settings, each by its class and by ConfigService', async () => {
    const configuration = await Configuration.read([AcmeEnvironment], { ...COMPLETE, PORT: '8080', ACME_URL: 'http://127.0.0.1:1' });
    expect(configuration.environment.PORT).toBe(8080);
    expect(configuration.get(AcmeEnvironment)).toEqual(
      Object.assign(new AcmeEnvironment(), { ACME_URL: 'http://127.0.0.1:1', ACME_TRIES: 3 }),
    );

    const app = await Test.createTestingModule({ imports: [configuration.module] }).compile();
    expect(app.get(Environment)).toBe(configuration.environment);
    expect(app.get(AcmeEnvironment)).toBe(configuration.get(AcmeEnvironment));
    expect(app.get(ConfigService).get('AcmeEnvironment.ACME_TRIES')).toBe(3);
    expect(app.get(ConfigService).get('Environment.publicUrl')).toBe('http://127.0.0.1:8080');
    await app.close();
  });

  it('keeps apart classes of one name, as providers from outside may have them', async () => {
    const own = class Environment {
      ACME_TRIES: number = 5;
    };
    IsInt()(own.prototype, 'ACME_TRIES');
    const configuration = await Configuration.read([own], COMPLETE);
    const app = await Test.createTestingModule({ imports: [configuration.module] }).compile();
    expect(app.get(Environment)).toBe(configuration.environment);
    expect(app.get(own)).toEqual({ ACME_TRIES: 5 });
    await app.close();
  });

  it('lists all wrong settings of the deployment and its providers', async () => {
    await expect(Configuration.read([AcmeEnvironment], { PORT: '70000', ACME_URL: 'hunter2', ACME_TRIES: 'often' })).rejects.toThrow(
      /^The environment is not complete:\n {2}DATABASE_URL [\s\S]* {2}PORT [\s\S]* {2}ACME_URL [\s\S]* {2}ACME_TRIES /,
    );
    await expect(Configuration.read([AcmeEnvironment], { ...COMPLETE, ACME_URL: 'hunter2' })).rejects.not.toThrow('hunter2');
  });

  it.each([
    ['PROT', 'PORT'],
    ['LOG_LEVLE', 'LOG_LEVEL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['ACME_URLS', 'ACME_URL'],
    ['SANBOX_PORT', 'SANDBOX_PORT'],
    ['MODULE_COURIER_SECRT', 'MODULE_COURIER_SECRET'],
    ['ENCRYPTION_KEY_FLE', 'ENCRYPTION_KEY_FILE'],
    ['MODUL_FAST_RIDERS_SECRET', 'MODULE_FAST_RIDERS_SECRET'],
  ])('warns of %s, which is nearly %s', async (name, meant) => {
    expect(await readWarnings({ [name]: 'x' })).toEqual([`${name} is not a setting: did you mean ${meant}? It has no effect.`]);
  });

  it('does not warn of what machines, shells, npm and containers set', async () => {
    const usual =
      'PATH HOME PWD OLDPWD SHELL SHLVL USER LOGNAME HOSTNAME HOSTTYPE OSTYPE LANG LC_ALL TERM TZ MAIL EDITOR PAGER DISPLAY SSH_TTY ' +
      'TMPDIR DEBUG CI NODE NODE_PATH NODE_OPTIONS NODE_VERSION YARN_VERSION NPM_TOKEN INIT_CWD COLOR PGHOST PGPORT PGUSER PGPASSWORD ' +
      'TEST_DATABASE_URL TEST_REDIS_URL KUBERNETES_PORT KUBERNETES_SERVICE_HOST XDG_DATA_DIRS HTTP_PROXY HTTPS_PROXY NO_PROXY ' +
      'MODULE_COURIER_SECRET npm_config_port JAVA_HOME GITHUB_TOKEN SANDBOX SANDBOX_URL ACME_URL';
    expect(await readWarnings(Object.fromEntries(usual.split(' ').map((name) => [name, 'http://x'])))).toEqual([]);
  });

  it('never warns of a setting’s own name, whatever it is set to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('HOST', 'DATA_DIR', 'MODULES', 'COMMIT'), fc.string(), async (name, value) => {
        expect(await readWarnings({ [name]: value })).toEqual([]);
      }),
    );
  });
});
