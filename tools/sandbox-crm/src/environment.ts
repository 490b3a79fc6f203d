import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigModule } from '@nestjs/config';

/** The sandbox's settings. */
export interface SandboxEnvironment {
  /** TCP port of the default account and of the control API. 0 takes a free one. */
  readonly port: number;
  /** Address to bind. */
  readonly host: string;
  /**
   * Base URL under which modules reach the default account, when it differs from the bound address (a
   * container's name, say).
   */
  readonly url: string | undefined;
  /** Folder of `sandbox.json` and of saved printed forms. */
  readonly dataDir: string;
  /** A key that the default account takes with all scopes. */
  readonly apiKey: string | undefined;
  /**
   * Bearer token of the module's operator API, for the demo; that of a deployment started here by `npm run
   * up` when none is set.
   */
  readonly operatorToken: string | undefined;
  /** Where modules answer by default: `http://127.0.0.1:PORT`. */
  readonly modulesUrl: string;
  /** The secret shared with a module, from `MODULE_<CODE>_SECRET` or the development default. */
  moduleSecret(code: string): string;
}

/**
 * Reads the settings: `SANDBOX_PORT` (3100), `SANDBOX_HOST` (127.0.0.1), `SANDBOX_URL`, `SANDBOX_API_KEY`,
 * `DATA_DIR` (`./.data`), `PORT` (3000, the module's), `OPERATOR_TOKEN`, `MODULE_<CODE>_SECRET`. `whatRuns`:
 * addresses that are not set are those of the deployment that runs on DATA_DIR. Throws an error that names
 * the variable when a port is not a number from 0 to 65535.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, whatRuns = false): SandboxEnvironment {
  const dataDir = resolve(text(env, 'DATA_DIR') ?? './.data');
  const running = whatRuns ? runningIn(dataDir) : undefined;
  return {
    port: port(env, 'SANDBOX_PORT', 3100),
    host: text(env, 'SANDBOX_HOST') ?? '127.0.0.1',
    url: (text(env, 'SANDBOX_URL') ?? (text(env, 'SANDBOX_PORT') ? undefined : running?.sandbox))?.replace(/\/+$/, ''),
    dataDir,
    apiKey: text(env, 'SANDBOX_API_KEY'),
    operatorToken: text(env, 'OPERATOR_TOKEN') ?? keptToken(join(dataDir, 'operator-token')),
    modulesUrl: (text(env, 'PORT') ? undefined : running?.api) ?? `http://127.0.0.1:${port(env, 'PORT', 3000)}`,
    moduleSecret: (code) => text(env, `MODULE_${code.toUpperCase().replaceAll('-', '_')}_SECRET`) ?? `development-secret-of-${code}`,
  };
}

/**
 * The same of the environment and of the file `.env` of the working directory, over which the environment
 * wins.
 */
export async function loadEnvironment(whatRuns = false): Promise<SandboxEnvironment> {
  let environment = readEnvironment({});
  await ConfigModule.forRoot({
    validate: (variables) => {
      environment = readEnvironment(variables as NodeJS.ProcessEnv, whatRuns);
      return {};
    },
  });
  return environment;
}

/** Where a deployment listens that `npm run up` keeps running on this DATA_DIR. */
function runningIn(dataDir: string): { api: string; sandbox?: string } | undefined {
  try {
    const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as { process: number; api: string; sandbox?: string };
    // One that was killed leaves its file.
    return isAlive(run.process) ? run : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function keptToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function text(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

function port(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = text(env, name);
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535) throw new Error(`${name} must be a port number, not "${value}"`);
  return number;
}
