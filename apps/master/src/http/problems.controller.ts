import { Controller, Get, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Problem, PROBLEMS, type ProblemName } from './problem.js';

/** What a problem's `type` leads to. */
@ApiExcludeController()
@Controller('problems')
export class ProblemsController {
  @Get(':name')
  describe(@Param('name') name: string): { type: string; title: string; status: number } {
    if (!Object.hasOwn(PROBLEMS, name)) throw new Problem('not-found', 'There is no problem of that name.');
    return { type: `/problems/${name}`, ...PROBLEMS[name as ProblemName] };
  }
}
