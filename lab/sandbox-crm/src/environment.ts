import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigModule } from '@nestjs/config';

/** The sandbox's settings. */
export interface SandboxEnvironment {
  /** TCP port of the default account and of the control API. 0: a free one. */
  readonly port: number;
  /** Address to bind. */
  readonly host: string;
  /** Further accepted host names of requests, in addition to this machine, `host` and `url`. */
  readonly hosts: readonly string[];
  /**
   * Base URL of the default account for modules, if it is not the bound address (such as a container's
   * name).
   */
  readonly url: string | undefined;
  /** Folder of `sandbox.json` and of saved printed forms. */
  readonly dataDir: string;
  /** A key of the default account with all scopes. */
  readonly apiKey: string | undefined;
  /** Base URL of a double of the message gateway, for chat modules. Without it they have no gateway. */
  readonly chatGateway: string | undefined;
  /**
   * Token of the module's operator API, for the demo. Default: the token of the `npm run up` deployment here.
   */
  readonly operatorToken: string | undefined;
  /** Address of the modules' operator API, if OPERATOR_PORT is set. */
  readonly operatorUrl: string | undefined;
  /** Default base URL of modules: `http://127.0.0.1:PORT`. */
  readonly modulesUrl: string;
  /** Returns a module's secret: the first one in `MODULE_<CODE>_SECRET`, or the development default. */
  moduleSecret(code: string): string;
}

/**
 * Reads the SANDBOX_* settings, `CHAT_GATEWAY_URL`, `DATA_DIR`, `PORT`, `OPERATOR_TOKEN`,
 * `OPERATOR_PORT` and `MODULE_<CODE>_SECRET`, with defaults.
 * @param whatRuns uses the addresses of the deployment running on DATA_DIR as defaults
 * @throws an error with the variable whose port is not 0 to 65535
 */
export function readEnvironment(env: NodeJS.ProcessEnv, whatRuns = false): SandboxEnvironment {
  const dataDir = resolve(text(env, 'DATA_DIR') ?? './.data');
  const running = whatRuns ? runningIn(dataDir) : undefined;
  return {
    port: port(env, 'SANDBOX_PORT', 3100),
    host: text(env, 'SANDBOX_HOST') ?? '127.0.0.1',
    hosts: (text(env, 'SANDBOX_HOSTS') ?? '').split(',').flatMap((host) => host.trim() || []),
    url: (text(env, 'SANDBOX_URL') ?? (text(env, 'SANDBOX_PORT') ? undefined : running?.sandbox))?.replace(/\/+$/, ''),
    dataDir,
    apiKey: text(env, 'SANDBOX_API_KEY'),
    chatGateway: text(env, 'CHAT_GATEWAY_URL')?.replace(/\/+$/, ''),
    operatorToken: text(env, 'OPERATOR_TOKEN') ?? keptToken(join(dataDir, 'operator-token')),
    operatorUrl: text(env, 'OPERATOR_PORT') ? `http://127.0.0.1:${port(env, 'OPERATOR_PORT', 0)}` : running?.operator,
    modulesUrl: (text(env, 'PORT') ? undefined : running?.api) ?? `http://127.0.0.1:${port(env, 'PORT', 3000)}`,
    moduleSecret: (code) =>
      text(env, `MODULE_${code.toUpperCase().replaceAll('-', '_')}_SECRET`)
        ?.split(',', 1)[0]
        ?.trim() ?? `development-secret-of-${code}`,
  };
}

/** Does the same with the file `.env` of the working directory. The environment takes precedence. */
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

/** Content of `run.json`: the process of `npm run up`, and where its parts listen. */
interface Running {
  readonly process: number;
  readonly api: string;
  readonly operator?: string;
  readonly sandbox?: string;
}

/** Returns where the deployment listens that `npm run up` runs on this DATA_DIR. */
function runningIn(dataDir: string): Running | undefined {
  try {
    const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as Running;
    // A killed deployment leaves its file.
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
