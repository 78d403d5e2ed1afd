import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';

/**
 * Marks a handler that takes what the channel gives, `(message, context: ChannelContext)`, in that order and without pipes of
 * its parameters. `@Payload()` and `@Ctx()` give it the same, through four more promises for every message: a third of
 * what Nest's dispatch costs. The message was validated before it came here.
 */
export function PlainArguments(): MethodDecorator {
  return (target, name) => Reflect.defineMetadata(PARAM_ARGS_METADATA, {}, target.constructor, name);
}
