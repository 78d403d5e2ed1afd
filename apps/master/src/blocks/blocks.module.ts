import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { BlocksController } from './blocks.controller.js';
import { BlocksService } from './blocks.service.js';

/** Players who do not want to meet. */
@Module({ imports: [AccountsModule], controllers: [BlocksController], providers: [BlocksService] })
export class BlocksModule {}
