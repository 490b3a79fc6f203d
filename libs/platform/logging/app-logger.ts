import { setImmediate } from 'node:timers';
import { Injectable, type LoggerService } from '@nestjs/common';
import { destination, type DestinationStream, type Logger, pino } from 'pino';
import { Environment } from '../config/index.js';

/** Keys whose values never reach a log line, wherever they stand up to three levels deep. */
const SECRET_KEYS = ['apiKey', 'clientId', 'token', 'secret', 'password', 'authorization', 'cookie', 'register', 'x-api-key', 'X-API-KEY'];
const SECRETS = new Set(SECRET_KEYS);
/** Nest logs every module and route at start, which is noise. */
const NOISE = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'NestFactory', 'NestApplication']);

/** Bytes of lines that do not wait for the end of the turn. */
const MOST_WAITING = 8 * 1024;

type Level = 'debug' | 'error' | 'fatal' | 'info' | 'trace' | 'warn';

/**
 * Structured logs: pino behind Nest's logger, one JSON object a line, secrets taken out. There is no
 * middleware on requests: the api logs those worth a line in one hook, so that the hot path pays nothing.
 */
@Injectable()
export class AppLogger implements LoggerService {
  private readonly pino: Logger;
  /** For lines without secrets: looking for them takes longer than the line. */
  private readonly plain: Logger;

  constructor(environment: Environment, name: string, output: DestinationStream = openOutput()) {
    const options = { name, level: environment.LOG_LEVEL };
    this.plain = pino(options, output);
    this.pino = pino({ ...options, redact: { paths: SECRET_KEYS.flatMap(listPaths), censor: '***' } }, output);
  }

  log(message: unknown, ...rest: unknown[]): void {
    if (!NOISE.has(String(rest.at(-1)))) this.write('info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // Start-up errors are also thrown, and the caller reports them.
    if (rest.at(-1) === 'ExceptionHandler') return;
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest calls with the message, sometimes a stack, and last the context. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    // Undefined members are not written. On the hot path this is cheaper than omitting them.
    if (message instanceof Error) this.pino[level]({ context, stack, err: message });
    else if (typeof message === 'object' && message !== null) {
      const line = { context, stack, ...message };
      (isPlain(line) ? this.plain : this.pino)[level](line);
    } else this.plain[level]({ context, stack }, String(message));
  }
}

/**
 * Standard output. Lines of one turn of the event loop are written together at its end, because each write is
 * a system call. A process that is killed loses the lines of its last turn. A process that ends in any other
 * way loses no lines.
 */
function openOutput(): DestinationStream {
  const output = destination({ sync: true, minLength: MOST_WAITING });
  let isDue = false;
  process.once('exit', () => output.flush());
  return {
    write: (line) => {
      output.write(line);
      if (isDue) return;
      isDue = true;
      setImmediate(() => {
        isDue = false;
        output.flush();
      });
    },
  };
}

function listPaths(key: string): string[] {
  return ['', '*', '*.*'].map((parents) => (/\W/.test(key) ? `${parents}["${key}"]` : `${parents}${parents && '.'}${key}`));
}

/** Whether a line holds nothing that could be a secret: no such key, and no object that could have one. */
function isPlain(line: Record<string, unknown>): boolean {
  for (const key in line) if (typeof line[key] === 'object' || SECRETS.has(key)) return false;
  return true;
}
