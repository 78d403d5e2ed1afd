import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';
import { AccountsService } from './accounts.service.js';
import { BearerGuard } from './bearer.guard.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordPool } from './password-pool.js';
import { SessionReader } from './session-reader.js';
import { SessionSweeper } from './session-sweeper.js';

/** Accounts, sessions and who calls. */
@Module({
  controllers: [AccountsController],
  providers: [AccountsService, BearerGuard, LoginThrottle, PasswordPool, SessionReader, SessionSweeper],
  exports: [SessionReader],
})
export class AccountsModule {}
