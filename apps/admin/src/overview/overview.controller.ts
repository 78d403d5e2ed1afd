import { Controller, Get, Header } from '@nestjs/common';
import type { Overview, OverviewHistory, SessionView } from '../api/contract.js';
import { Board } from '../board/board.js';
import { By } from '../http/parameters.js';
import type { Operator } from '../operators/operator.js';
import { VERSION } from '../version.js';

/** What is wrong, how much goes on, and who asks. */
@Controller('api')
export class OverviewController {
  constructor(private readonly board: Board) {}

  @Get('session')
  session(@By() operator: Operator): SessionView {
    return {
      certificateName: operator.name,
      certificateSerial: operator.serial,
      certificateExpiresAt: operator.certificateExpiresAt,
      address: operator.address,
      version: VERSION,
      now: Date.now(),
    };
  }

  @Get('overview')
  async overview(): Promise<Overview> {
    return (await this.board.look()).overview;
  }

  @Get('overview/history')
  @Header('Cache-Control', 'no-store')
  history(): Promise<OverviewHistory> {
    return this.board.history();
  }
}
