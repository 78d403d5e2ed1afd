import { Module } from '@nestjs/common';
import { CertificateAuthenticator } from './certificate-authenticator.js';
import { ConnectionRegistry } from './connection-registry.js';
import { TicketAuthenticator } from './ticket-authenticator.js';

/** The channel's injectable parts. The doors themselves are transports, made by `createChannels`. */
@Module({
  providers: [ConnectionRegistry, CertificateAuthenticator, TicketAuthenticator],
  exports: [ConnectionRegistry],
})
export class ChannelModule {}
