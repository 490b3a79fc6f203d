/**
 * The apps' environment: `.env` (see `.env.example`), the secrets in DATA_DIR, ports. The apps check the
 * rest.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SetupError, advice, makeFolder, root, writeSecretFile } from './project.mjs';
import { sleep, whyPortIsTaken } from './processes.mjs';

/**
 * @typedef {object} Deployment
 * @property {NodeJS.ProcessEnv} env for the apps. DATABASE_URL is added once a database runs
 * @property {string} dataDir absolute
 * @property {boolean} production
 * @property {boolean} sandbox whether the sandbox CRM runs
 * @property {number} port
 * @property {number} operatorPort of the operator API: OPERATOR_PORT, or PORT if it is not set
 * @property {number} sandboxPort
 * @property {string} publicUrl without a slash at the end
 * @property {string} sandboxUrl
 */

/**
 * Reads `.env` (variables that are already set win) and derives ports, addresses and folders. Writes nothing.
 * @returns {Deployment}
 */
export function readDeployment() {
  const file = join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
  // An empty setting is a missing one, as for the apps.
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  for (const name of ['DATABASE_URL', 'ENCRYPTION_KEY', 'OPERATOR_TOKEN']) readSecretFile(env, name);
  // The default of the apps is production.
  env.NODE_ENV ??= 'development';
  const production = env.NODE_ENV === 'production';
  const port = readPort(env, 'PORT', 3000);
  const operatorPort = readPort(env, 'OPERATOR_PORT', port);
  const sandboxPort = readPort(env, 'SANDBOX_PORT', 3100);
  const sandbox = readSwitch(env, 'SANDBOX', !production);
  if (sandbox && port === sandboxPort) throw new SetupError(`PORT and SANDBOX_PORT are both ${port}: give them different values.`);
  const dataDir = resolve(root, env.DATA_DIR ?? '.data');
  const publicUrl = (env.PUBLIC_URL ?? `http://127.0.0.1:${port}`).replace(/\/+$/, '');
  const sandboxUrl = (env.SANDBOX_URL ?? `http://127.0.0.1:${sandboxPort}`).replace(/\/+$/, '');
  Object.assign(env, { DATA_DIR: dataDir, PORT: String(port), PUBLIC_URL: publicUrl });
  // With one api, no other process could accept the requests that it rejects.
  env.DRAIN_SECONDS ??= '0';
  if (sandbox) {
    const hosts = (env.CRM_HOSTS ?? '').split(',').map((host) => host.trim());
    env.CRM_HOSTS = [...new Set([...hosts, sandboxUrl])].filter(Boolean).join(',');
    env.SANDBOX_PORT = String(sandboxPort);
    // The sandbox's demo expects the recordings of a played PBX there.
    env.RECORDINGS_ROOT ??= join(dataDir, 'recordings');
  }
  return { env, dataDir, production, sandbox, port, operatorPort, sandboxPort, publicUrl, sandboxUrl };
}

/**
 * Takes a secret from the file in `<name>_FILE`: a secret that `npm run up` would make otherwise.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 */
function readSecretFile(env, name) {
  const file = env[`${name}_FILE`];
  if (file === undefined || env[name]) return;
  try {
    env[name] = readFileSync(file, 'utf8').replace(/[\r\n]+$/, '');
  } catch (error) {
    throw new SetupError(`${name}_FILE cannot be read (${error.code}): name a file that this user can read.`);
  }
  // The apps report an empty one.
  if (env[name] === '') delete env[name];
  else env[`${name}_FILE`] = '';
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} fallback
 */
function readPort(env, name, fallback) {
  const value = Number(env[name] ?? fallback);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new SetupError(`${name} must be a port from 1 to 65535, not "${env[name]}".`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {boolean} fallback
 */
function readSwitch(env, name, fallback) {
  const value = env[name]?.toLowerCase();
  if (value === undefined) return fallback;
  if (['on', 'true', '1', 'yes'].includes(value)) return true;
  if (['off', 'false', '0', 'no'].includes(value)) return false;
  throw new SetupError(`${name} must be "on" or "off", not "${env[name]}".`);
}

/**
 * Makes DATA_DIR and tries to write there.
 * @param {string} dataDir
 */
export function makeDataDir(dataDir) {
  try {
    makeFolder(dataDir);
    const trial = join(dataDir, `.trial-${process.pid}`);
    writeFileSync(trial, 'x');
    rmSync(trial);
  } catch (error) {
    const hint = advice(String(error.code), dataDir) ?? `${dataDir} cannot be made: set DATA_DIR to a folder that can be written.`;
    throw new SetupError(`DATA_DIR cannot be used: ${hint} (${error.message})`);
  }
}

/**
 * Fills in ENCRYPTION_KEY and OPERATOR_TOKEN from DATA_DIR, making them the first time.
 * @param {Deployment} deployment
 * @throws {SetupError} naming every secret that must be given and is not
 */
export function provideSecrets({ env, dataDir, production }) {
  if (!env.ENCRYPTION_KEY && (production || env.DATABASE_URL)) {
    throw new SetupError(
      `ENCRYPTION_KEY is missing: it must be set ${production ? 'in production' : 'whenever DATABASE_URL is'}, and kept, because what it encrypted cannot be read ` +
        `without it. Make one with:\n  node -p "crypto.randomBytes(32).toString('base64')"`,
    );
  }
  const keyFile = join(dataDir, 'encryption-key');
  if (!env.ENCRYPTION_KEY && !existsSync(keyFile) && existsSync(join(dataDir, 'postgres'))) {
    throw new SetupError(
      `${keyFile} is missing, but the database of this DATA_DIR is there and was encrypted with some key: put the file back, set ENCRYPTION_KEY to the key that was ` +
        `used, or set DATA_DIR to a new folder to start with an empty database.`,
    );
  }
  env.ENCRYPTION_KEY ??= keepSecret(keyFile, () => randomBytes(32).toString('base64'));
  env.OPERATOR_TOKEN ??= keepSecret(join(dataDir, 'operator-token'), () => randomBytes(24).toString('base64url'));
  // Set to nothing here: the apps, which read .env too, must not find something there.
  for (const [name, value] of Object.entries(process.env)) if (value === '') env[name] ??= '';
}

/**
 * @param {string} file
 * @param {() => string} make
 */
function keepSecret(file, make) {
  if (existsSync(file)) {
    const value = readFileSync(file, 'utf8').trim();
    if (value) return value;
  }
  const value = make();
  writeSecretFile(file, `${value}\n`);
  return value;
}

/**
 * Makes sure that the deployment can listen.
 * @param {Deployment} deployment
 * @param {number} patience milliseconds to wait for a port to become free
 */
export async function checkPorts({ port, operatorPort, sandbox, sandboxPort }, patience) {
  await checkPort('PORT', port, patience);
  if (operatorPort !== port) await checkPort('OPERATOR_PORT', operatorPort, patience);
  if (sandbox) await checkPort('SANDBOX_PORT', sandboxPort, patience);
}

/**
 * @param {string} name of the setting
 * @param {number} port
 * @param {number} patience milliseconds
 */
async function checkPort(name, port, patience) {
  const giveUp = Date.now() + patience;
  for (;;) {
    const why = await whyPortIsTaken(port);
    if (!why) return;
    if (why === 'EACCES') throw new SetupError(`port ${port} (${name}) is reserved for root: set ${name} to one above 1023.`);
    if (why !== 'EADDRINUSE') throw new SetupError(`port ${port} (${name}) cannot be used (${why}): set ${name} to another one.`);
    if (Date.now() > giveUp) throw new SetupError(`port ${port} is taken by another program: stop it, or set ${name} to a free port.`);
    await sleep(200);
  }
}
