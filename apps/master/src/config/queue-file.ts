import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { ValidationArguments, ValidationOptions } from 'class-validator';
import type { PartyRule } from '@ranked/matchmaker';

const PARTY_RULES = [
  'mixed',
  'against-parties-first',
  'only-against-parties',
] as const satisfies readonly PartyRule[];

/** `allowed` as the message of a class-validator rule. The path of the value is put in front later. */
function allowed(text: string): ValidationOptions {
  return { message: (args: ValidationArguments) => `is ${shapeOf(args.value)}; allowed is ${text}.` };
}

class WindowEntry {
  @IsNumber({}, allowed('a number from 0 to 100000'))
  @Min(0, allowed('a number from 0 to 100000'))
  @Max(100_000, allowed('a number from 0 to 100000'))
  initial = 100;

  @IsNumber({}, allowed('a number from 0 to 10000'))
  @Min(0, allowed('a number from 0 to 10000'))
  @Max(10_000, allowed('a number from 0 to 10000'))
  perSecond = 10;

  @IsNumber({}, allowed('a number from 0 to 100000'))
  @Min(0, allowed('a number from 0 to 100000'))
  @Max(100_000, allowed('a number from 0 to 100000'))
  max = 1_000;

  @IsNumber({}, allowed('a number of seconds from 0 to 86400'))
  @Min(0, allowed('a number of seconds from 0 to 86400'))
  @Max(86_400, allowed('a number of seconds from 0 to 86400'))
  lastResortAfter = 180;

  @IsOptional()
  @IsArray(allowed('a list of [seconds, points]'))
  curve?: [number, number][];
}

class LatencyEntry {
  @IsNumber({}, allowed('a number of milliseconds from 0 to 10000'))
  @Min(0, allowed('a number of milliseconds from 0 to 10000'))
  @Max(10_000, allowed('a number of milliseconds from 0 to 10000'))
  good!: number;

  @IsNumber({}, allowed('a number of milliseconds from 0 to 10000'))
  @Min(0, allowed('a number of milliseconds from 0 to 10000'))
  @Max(10_000, allowed('a number of milliseconds from 0 to 10000'))
  max!: number;
}

class TierEntry {
  @Matches(/^[^\p{C}]{1,64}$/u, allowed('a name of 1 to 64 characters'))
  name!: string;

  @IsNumber({}, allowed('a number of points from -1000000 to 1000000'))
  @Min(-1_000_000, allowed('a number of points from -1000000 to 1000000'))
  @Max(1_000_000, allowed('a number of points from -1000000 to 1000000'))
  from!: number;
}

/** What a queue shows of ratings. */
export class RanksEntry {
  @IsOptional()
  @IsArray(allowed('a list of tiers'))
  @ArrayMinSize(1, allowed('a list of at least one tier'))
  @ArrayMaxSize(64, allowed('a list of at most 64 tiers'))
  @ValidateNested({ each: true })
  @Type(() => TierEntry)
  tiers?: TierEntry[];

  @IsOptional()
  @IsNumber({}, allowed('a number of points from 0 to 100000'))
  @Min(0, allowed('a number of points from 0 to 100000'))
  @Max(100_000, allowed('a number of points from 0 to 100000'))
  tierMargin?: number;

  @IsNumber({}, allowed('a number from 0.01 to 1'))
  @Min(0.01, allowed('a number from 0.01 to 1'))
  @Max(1, allowed('a number from 0.01 to 1'))
  provisional = 0.5;
}

/** One queue of the file. */
class ReadyCheckEntry {
  @IsInt(allowed('a whole number of seconds from 3 to 300'))
  @Min(3, allowed('a whole number of seconds from 3 to 300'))
  @Max(300, allowed('a whole number of seconds from 3 to 300'))
  seconds!: number;
}

export class QueueEntry {
  @Matches(/^[a-z0-9][a-z0-9_-]{0,63}$/, allowed('1 to 64 of a–z 0–9 _ -, beginning with a letter or digit'))
  name!: string;

  @IsInt(allowed('a whole number from 2 to 64'))
  @Min(2, allowed('a whole number from 2 to 64'))
  @Max(64, allowed('a whole number from 2 to 64'))
  teams!: number;

  @IsInt(allowed('a whole number from 1 to 100'))
  @Min(1, allowed('a whole number from 1 to 100'))
  @Max(100, allowed('a whole number from 1 to 100'))
  size!: number;

  @IsOptional()
  @IsObject(allowed('an object of rating parameters'))
  rating?: Record<string, unknown>;

  @IsOptional()
  @IsInt(allowed('the index of a team, from 0'))
  @Min(0, allowed('the index of a team, from 0'))
  host?: number;

  @IsOptional()
  @IsNumber({}, allowed('a number from 0 to 100'))
  @Min(0, allowed('a number from 0 to 100'))
  @Max(100, allowed('a number from 0 to 100'))
  matchImportance?: number;

  @IsObject(allowed('an object with tiers, tierMargin and provisional'))
  @ValidateNested()
  @Type(() => RanksEntry)
  ranks: RanksEntry = new RanksEntry();

  @IsObject(allowed('an object with initial, perSecond, max and lastResortAfter'))
  @ValidateNested()
  @Type(() => WindowEntry)
  window: WindowEntry = new WindowEntry();

  @IsOptional()
  @IsInt(allowed('a whole number from 0 to 10000000'))
  @Min(0, allowed('a whole number from 0 to 10000000'))
  @Max(10_000_000, allowed('a whole number from 0 to 10000000'))
  searchSteps?: number;

  @IsOptional()
  @IsObject(allowed('an object with seconds'))
  @ValidateNested()
  @Type(() => ReadyCheckEntry)
  readyCheck?: ReadyCheckEntry;

  @IsOptional()
  @IsObject(allowed('an object with good and max'))
  @ValidateNested()
  @Type(() => LatencyEntry)
  latency?: LatencyEntry;

  @IsOptional()
  @IsObject(allowed('an object of role and number of players'))
  roles?: Record<string, number>;

  @IsOptional()
  @IsIn(PARTY_RULES, allowed(`one of ${PARTY_RULES.join(', ')}`))
  parties?: PartyRule;

  @IsOptional()
  @IsIn(['avoid', 'allow'], allowed('avoid or allow'))
  repeats?: 'avoid' | 'allow';
}

/** The whole file. */
export class QueuesFile {
  @IsArray(allowed('a list of queues'))
  @ArrayMinSize(1, allowed('a list of at least one queue'))
  @ArrayMaxSize(64, allowed('a list of at most 64 queues'))
  @ValidateNested({ each: true })
  @Type(() => QueueEntry)
  queues!: QueueEntry[];
}

/** A value as a sentence about it names it. */
export function shapeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
