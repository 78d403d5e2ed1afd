import { Global, Module, type DynamicModule } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** The structured logger of the dashboard. */
export type Logger = PinoLogger;

/** Injection token of the root logger: `@Inject(LOGGER) log: Logger`. */
export const LOGGER = Symbol('LOGGER');

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Builds the root logger. Lines are made of chosen fields alone: requests, headers and errors of drivers are never logged
 * whole. Members of these names are left out even so.
 * @param destination where the JSON lines go; standard output when left out
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'admin' },
    redact: {
      paths: ['token', 'password', 'authorization', 'headers', '*.token', '*.password', '*.authorization'],
      remove: true,
    },
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Name, code, message and stack: an ORM's or a TLS library's error carries more than a log should have. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return {
    type: error.name,
    ...code,
    message: withoutUrlPassword(error.message),
    stack: withoutUrlPassword(error.stack ?? ''),
  };
}

function withoutUrlPassword(text: string): string {
  return text.replace(/(:\/\/[^\s/:@]*):[^\s/@]*@/g, '$1:[redacted]@');
}

/** Gives every module the root logger. */
@Global()
@Module({})
export class LoggingModule {
  static with(logger: Logger): DynamicModule {
    return { module: LoggingModule, providers: [{ provide: LOGGER, useValue: logger }], exports: [LOGGER] };
  }
}
