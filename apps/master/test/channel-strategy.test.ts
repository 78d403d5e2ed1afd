import { randomUUID } from 'node:crypto';
import { Controller, Module, UseFilters, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import type {
  CanActivate,
  ExecutionContext,
  NestInterceptor,
  PipeTransform,
  RpcExceptionFilter,
  Type,
} from '@nestjs/common';
import { Catch } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { afterEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { of, map, throwError, type Observable } from 'rxjs';
import { ChannelContext } from '../src/channel/channel-context.js';
import { connectChannels } from '../src/channel/connect-channels.js';
import { handlerTable } from '../src/channel/handler-table.js';
import { Refusal } from '../src/channel/refusal.js';
import { RDV, S2S } from '../src/channel/transports.js';
import { HandlerScript, PlayerHandlers, ServerHandlers } from './support/channel-handlers.js';
import { ChannelRig } from './support/channel-rig.js';

const seen: unknown[] = [];

let rig: ChannelRig | undefined;
afterEach(async () => {
  seen.length = 0;
  await rig?.stop();
  rig = undefined;
});

class OnlyServersOf implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { peer } = context.switchToRpc().getContext<ChannelContext>();
    return peer.kind === 'player' && peer.displayName === 'Ann';
  }
}

class Shout implements PipeTransform {
  transform(value: unknown): unknown {
    return value instanceof ChannelContext ? value : { ...(value as object), piped: true };
  }
}

class Count implements NestInterceptor {
  intercept(_context: ExecutionContext, next: { handle(): Observable<unknown> }): Observable<unknown> {
    seen.push('before');
    return next.handle().pipe(map((value) => (seen.push('after'), value)));
  }
}

@Catch(RangeError)
class RangeFilter implements RpcExceptionFilter<RangeError> {
  catch(error: RangeError): Observable<never> {
    return throwError(() => new Refusal('out_of_range', error.message));
  }
}

@Controller()
@UseGuards(OnlyServersOf)
@UseInterceptors(Count)
@UseFilters(RangeFilter)
class GuardedPlayers {
  @MessagePattern(MsgType.Heartbeat, RDV)
  heartbeat(): void {
    seen.push('heartbeat');
  }

  @UsePipes(Shout)
  @MessagePattern(MsgType.JoinQueue, RDV)
  joinQueue(@Payload() message: { queue: string }, @Ctx() ctx: ChannelContext): Observable<string> {
    seen.push({ message, account: ctx.peer.kind });
    if (message.queue === 'none') throw new RangeError('no such queue');
    return of('a', 'b');
  }

  @MessagePattern(MsgType.LeaveQueue, RDV)
  leaveQueue(): Observable<never> {
    return throwError(() => new Refusal('busy', 'not now'));
  }

  @MessagePattern(MsgType.MatchAnswer, RDV)
  matchAnswer(): Observable<never> {
    return throwError(() => new Refusal('cooldown', 'later', 1_500));
  }
}

const PARTY_MESSAGES = [
  MsgType.PartyInvite,
  MsgType.PartyAnswer,
  MsgType.PartyLeave,
  MsgType.PartyKick,
  MsgType.PartyPromote,
];

@Controller()
class PartyPlayers {
  @MessagePattern(PARTY_MESSAGES, RDV)
  party(): void {
    // Not called here.
  }
}

describe('Nest around a handler', () => {
  test('guards, pipes, interceptors and filters work, and a handler may return an observable', async () => {
    rig = await ChannelRig.start({}, [ServerHandlers, GuardedPlayers, PartyPlayers]);
    const ann = await rig.enter(rig.playerCredential('Ann'));
    const first = ann.tell(MsgType.JoinQueue, { queue: 'duel' });
    expect((await ann.next()).value).toEqual({ of: first, ok: true });
    expect(seen).toEqual([
      'before',
      { message: { queue: 'duel', piped: true }, account: 'player' },
      'after',
      'after',
    ]);

    const second = ann.tell(MsgType.JoinQueue, { queue: 'none' });
    const error = { code: 'out_of_range', message: 'no such queue' };
    expect((await ann.next()).value).toEqual({ of: second, ok: false, error });
    const third = ann.tell(MsgType.LeaveQueue, {});
    expect((await ann.next()).value).toEqual({
      of: third,
      ok: false,
      error: { code: 'busy', message: 'not now' },
    });
    const fourth = ann.tell(MsgType.MatchAnswer, { matchId: randomUUID(), accept: true });
    expect((await ann.next()).value).toEqual({
      of: fourth,
      ok: false,
      error: { code: 'cooldown', message: 'later', retryAfterMs: 1_500 },
    });
  });

  test('a guard that says no keeps the message from its handler', async () => {
    rig = await ChannelRig.start({}, [ServerHandlers, GuardedPlayers, PartyPlayers]);
    const bob = await rig.enter(rig.playerCredential('Bob'));
    const number = bob.tell(MsgType.JoinQueue, { queue: 'duel' });
    expect((await bob.next()).value).toMatchObject({ of: number, ok: false, error: { code: 'internal' } });
    expect(seen).toEqual([]);
  });
});

describe('handlers and the protocol must match, or the door does not open:', () => {
  @Controller()
  class SecondHeartbeat {
    @MessagePattern(MsgType.Heartbeat, S2S)
    heartbeat(): void {
      // Never called.
    }
  }

  @Controller()
  class Stranger {
    @MessagePattern(MsgType.MatchFound, RDV)
    matchFound(): void {
      // Never called.
    }
  }

  test.each<[string, Type[], string]>([
    [
      'a message without a handler',
      [ServerHandlers],
      'RDV do not match the protocol: Heartbeat has no handler; JoinQueue has no handler; LeaveQueue has no handler; PartyInvite has no handler; PartyAnswer has no handler; ' +
        'PartyLeave has no handler; PartyKick has no handler; PartyPromote has no handler; MatchAnswer has no handler',
    ],
    [
      'two handlers of one message',
      [ServerHandlers, PlayerHandlers, SecondHeartbeat],
      'S2S do not match the protocol: Heartbeat has more than one handler',
    ],
    [
      'a handler of what only the master sends',
      [ServerHandlers, PlayerHandlers, Stranger],
      'a handler waits for "81", which no peer may send',
    ],
  ])('%s', async (_case, controllers, message) => {
    await expect(ChannelRig.start({}, controllers)).rejects.toThrow(message);
  });

  test('a table with one handler per message is an array by type', () => {
    const handler = () => Promise.resolve();
    const handlers = new Map(
      [MsgType.Heartbeat, MsgType.JoinQueue, MsgType.LeaveQueue, MsgType.MatchAnswer, ...PARTY_MESSAGES].map(
        (type) => [String(type), handler],
      ),
    );
    const table = handlerTable('RDV', handlers, new Set());
    expect(table[MsgType.JoinQueue]).toBe(handler);
    expect(table[MsgType.MatchFound]).toBeUndefined();
  });
});

describe('a door', () => {
  test('that finds its port taken fails to start', async () => {
    rig = await ChannelRig.start();
    const taken = await ChannelRig.make({}, rig.s2s.address());
    @Module({
      controllers: [ServerHandlers, PlayerHandlers],
      providers: [{ provide: HandlerScript, useValue: taken.script }],
    })
    class TakenModule {}
    const app = await NestFactory.create(TakenModule, { logger: false });
    connectChannels(app, taken);
    await expect(app.startAllMicroservices()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await app.close();
    await taken.stop();
  });

  test('that does not listen has no address', () => {
    const idle = ChannelRig.make();
    expect(() => idle.s2s.address()).toThrow('the S2S channel is not listening');
    return idle.stop();
  });
});
