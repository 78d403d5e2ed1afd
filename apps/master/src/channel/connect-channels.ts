import type { INestApplication } from '@nestjs/common';
import { NestMicroservice } from '@nestjs/microservices';
import { ChannelExceptionFilter } from './channel-exception-filter.js';
import type { Channels } from './create-channels.js';

/**
 * Connects both doors to a Nest application; `app.startAllMicroservices()` then opens them. Call it before that.
 *
 * Nest fixes the filters of a connected transport at the moment of `connectMicroservice`, so its initialization is put off
 * until the channel's own filter is in place, and then done by hand; the application itself runs the modules' hooks.
 */
export function connectChannels(app: INestApplication, channels: Channels): void {
  for (const strategy of [channels.s2s, channels.rdv]) {
    const microservice = app.connectMicroservice({ strategy }, { deferInitialization: true });
    if (!(microservice instanceof NestMicroservice))
      throw new TypeError('Nest gave another kind of microservice');
    microservice.useGlobalFilters(new ChannelExceptionFilter());
    microservice.registerListeners();
    microservice.setIsInitialized(true);
    microservice.setIsInitHookCalled(true);
  }
}
