import { Controller, Get, Query, Res } from '@nestjs/common';
import { IsOptional, IsUUID, Matches } from 'class-validator';
import type { Response } from 'express';
import type { EventsQuery, Topic } from '../api/contract.js';
import { By } from '../http/parameters.js';
import { Problem } from '../http/problem.js';
import type { Operator } from '../operators/operator.js';
import { EventHub } from './event-hub.js';
import { EventStream } from './event-stream.js';

const TOPICS = new Set<string>(['overview', 'servers', 'queues', 'matches', 'commands', 'logs', 'audit']);

class EventsQueryDto implements EventsQuery {
  @IsOptional()
  @Matches(/^[a-z]{1,16}(,[a-z]{1,16}){0,9}$/, { message: 'topics must be names with commas between them' })
  topics?: string;

  @IsOptional()
  @IsUUID()
  serverId?: string;
}

/** What changes, as it changes. */
@Controller('api/events')
export class EventsController {
  constructor(private readonly hub: EventHub) {}

  @Get()
  async events(
    @Query() query: EventsQueryDto,
    @By() { serial }: Operator,
    @Res() response: Response,
  ): Promise<void> {
    const topics = new Set((query.topics ?? 'overview').split(','));
    if (![...topics].every(isTopic))
      throw new Problem('validation', 'See "errors" for what is not acceptable.', {
        errors: [{ field: 'topics', message: `must be among ${[...TOPICS].join(', ')}` }],
      });
    const stream = new EventStream(response, topics as Set<Topic>, query.serverId, serial);
    response.once('close', () => this.hub.remove(stream));
    if (!(await this.hub.add(stream))) throw Problem.busy('Too many dashboards listen at once.', 10);
  }
}

function isTopic(name: string): name is Topic {
  return TOPICS.has(name);
}
