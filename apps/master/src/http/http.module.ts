import { Module } from '@nestjs/common';
import { ProblemsController } from './problems.controller.js';

/** Parts of the HTTP API that belong to no feature. */
@Module({ controllers: [ProblemsController] })
export class HttpModule {}
