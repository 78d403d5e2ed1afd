import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PartiesController } from './parties.controller.js';
import { PartiesModule } from './parties.module.js';

/** Parties over HTTP. */
@Module({ imports: [AccountsModule, PartiesModule], controllers: [PartiesController] })
export class PartiesHttpModule {}
