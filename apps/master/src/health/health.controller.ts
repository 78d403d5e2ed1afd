import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { settings, type Store } from '@ranked/store';
import type { Response } from 'express';
import { requestIdOf } from '../http/request-context.js';
import { Problem } from '../http/problem.js';
import { ProblemDto } from '../http/problem.dto.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';

class HealthDto {
  @ApiProperty({ example: 'ok' })
  status!: string;
}

/** What a supervisor asks. */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly lifecycle: Lifecycle,
    @Inject(STORE) private readonly store: Store,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The process runs and its event loop turns. Not so for long: restart it. */
  @Get('livez')
  @ApiOkResponse({ type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** It takes work: all listeners are open and the database answers. Otherwise: send nobody here. */
  @Get('readyz')
  @ApiOkResponse({ type: HealthDto })
  @ApiServiceUnavailableResponse({ type: ProblemDto })
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthDto> {
    if (this.lifecycle.state !== 'ready')
      throw new Problem('not-ready', `The server is ${this.lifecycle.state}.`);
    try {
      await this.store.read((tx) => settings.masterKeyId(tx));
    } catch (error) {
      const requestId = requestIdOf(response);
      this.log.warn({ err: error, requestId, component: 'health' }, 'the database does not answer');
      throw new Problem('not-ready', 'The database does not answer.');
    }
    return { status: 'ok' };
  }
}
