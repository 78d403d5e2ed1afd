import { Global, Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { redactMembers } from './redact.js';

/** The structured logger of the whole master. */
export type Logger = PinoLogger;

/** Injection token of the root logger: `@Inject(LOGGER) log: Logger`. Use `log.child({ … })` for a component. */
export const LOGGER = Symbol('LOGGER');

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Builds the root logger. Every member of every line passes `redact`. The id of a request or connection is put
 * on a line by who writes it: an AsyncLocalStorage would double the cost of every channel message on Node 20.
 * @param destination where the JSON lines go; standard output when left out
 */
export function createLogger(
  level: LogLevel,
  bindings: Record<string, unknown>,
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: bindings,
    // pino would serialize `err` before `formatters.log` sees it, with every own member of the error.
    serializers: { err: (value: unknown) => value },
    formatters: {
      level: (label: string) => ({ level: label }),
      bindings: redactMembers,
      log: redactMembers,
    },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
  return redactBindings(destination ? pino(options, destination) : pino(options));
}

/** pino passes the bindings of the root logger through `formatters.bindings`, those of its children not. */
function redactBindings(logger: Logger): Logger {
  const plain = logger.child;
  // An own member of the root, which its children inherit as they inherit pino's.
  const child = function (this: Logger, bindings: Record<string, unknown>, options?: object): Logger {
    return Reflect.apply(plain, this, [redactMembers(bindings), options]) as Logger;
  };
  return Object.assign(logger, { child });
}

/** Nest's own messages in the master's log, at `debug` where they only retell the start. */
export class NestLogAdapter implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest passes `(message, [stack], context)`; a message may itself be an error. */
  private write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    const fields: Record<string, unknown> = { component: typeof context === 'string' ? context : 'nest' };
    if (message instanceof Error) {
      this.logger[level]({ ...fields, err: message }, message.message);
      return;
    }
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    this.logger[level](
      stack === undefined ? fields : { ...fields, stack },
      typeof message === 'string' ? message : JSON.stringify(message),
    );
  }
}

/** Gives every module the root logger. */
@Global()
@Module({})
export class LoggingModule {
  static with(logger: Logger): DynamicModule {
    return { module: LoggingModule, providers: [{ provide: LOGGER, useValue: logger }], exports: [LOGGER] };
  }
}
