import { type DynamicModule, Module } from '@nestjs/common';
import { Logger, LoggerModule } from 'nestjs-pino';
import type { Environment } from '../config/index.js';

/** Keys whose values never reach a log line, wherever they stand up to three levels deep. */
const SECRET_KEYS = ['apiKey', 'clientId', 'token', 'secret', 'password', 'authorization', 'cookie', 'register', 'x-api-key', 'X-API-KEY'];

/** Nest tells of every module and route at start; nobody reads that. */
const NOISE = new Set(['InstanceLoader', 'RouterExplorer', 'RoutesResolver', 'NestFactory', 'NestApplication']);

/** The application's logger: pino, without the noise of the start. */
export class AppLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (!NOISE.has(String(rest.at(-1)))) super.log(message, ...rest);
  }
}

/** Structured logs (pino, one JSON object a line) for the whole application. */
@Module({})
export class LoggingModule {
  static forRoot(environment: Environment, name: string): DynamicModule {
    return {
      module: LoggingModule,
      providers: [AppLogger],
      exports: [AppLogger],
      imports: [
        LoggerModule.forRoot({
          // Requests are logged by one onResponse hook of the api; a middleware on every request would cost a third of the hot path.
          forRoutes: [],
          pinoHttp: {
            name,
            level: environment.LOG_LEVEL,
            autoLogging: false,
            redact: {
              paths: SECRET_KEYS.flatMap((key) =>
                ['', '*.', '*.*.'].map((depth) => (/\W/.test(key) ? `${depth.slice(0, -1)}["${key}"]` : `${depth}${key}`)),
              ),
              censor: '***',
            },
          },
        }),
      ],
    };
  }
}
