/** Program, peer: Nest's own TCP transport with TLS. Its handlers do as little as those of the channel; nothing is checked. */
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { selfSigned } from '../rig/self-signed.mjs';
import { serveCalls } from '../rig/calls.mjs';

const credentials = selfSigned('Ed25519');
let handled = 0;

class Handlers {
  async started(_message) {
    handled += 1;
    return { ok: true };
  }

  async heartbeat(_message) {
    handled += 1;
  }
}
for (const [name, pattern] of [
  ['started', MessagePattern('started')],
  ['heartbeat', EventPattern('heartbeat')],
]) {
  Payload()(Handlers.prototype, name, 0);
  pattern(Handlers.prototype, name, Object.getOwnPropertyDescriptor(Handlers.prototype, name));
}
Controller()(Handlers);
class PeerModule {}
Module({ controllers: [Handlers] })(PeerModule);

const app = await NestFactory.createMicroservice(PeerModule, {
  transport: Transport.TCP,
  options: {
    host: '127.0.0.1',
    port: 0,
    tlsOptions: { ...credentials, minVersion: 'TLSv1.3', noDelay: true },
  },
  logger: false,
});
await app.listen();
serveCalls({
  port: () => app.unwrap().address().port,
  ca: () => credentials.cert,
  handled: () => handled,
});
