import { Module, type DynamicModule } from '@nestjs/common';
import type { Store } from '@ranked/store';
import { AuditController } from './audit/audit.controller.js';
import { Auditor } from './audit/auditor.js';
import { Board } from './board/board.js';
import { CertificateActions } from './certificates/certificate-actions.js';
import { CertificatesController } from './certificates/certificates.controller.js';
import { Downloads } from './certificates/downloads.js';
import { MasterKeyActions } from './certificates/master-key-actions.js';
import { MasterKeyFile } from './certificates/master-key-file.js';
import { AdminConfig } from './config/admin-config.js';
import { EventHub } from './events/event-hub.js';
import { EventsController } from './events/events.controller.js';
import { AddressGate } from './gate/address-gate.js';
import { LoggingModule, type Logger } from './logging/logger.js';
import { MatchActions } from './matches/match-actions.js';
import { MatchesController } from './matches/matches.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { PlayerActions } from './players/player-actions.js';
import { PlayersController } from './players/players.controller.js';
import { QueuesController } from './queues/queues.controller.js';
import { ServerActions } from './servers/server-actions.js';
import { ServersController } from './servers/servers.controller.js';
import { AddressBook } from './settings/address-book.js';
import { SettingsController } from './settings/settings.controller.js';
import { StoreModule } from './store/store.module.js';

/** What exists before Nest does. */
export interface AdminParts {
  config: AdminConfig;
  store: Store;
  gate: AddressGate;
  log: Logger;
}

/** The whole dashboard behind its locks. */
@Module({})
export class AdminModule {
  static with({ config, store, gate, log }: AdminParts): DynamicModule {
    return {
      module: AdminModule,
      imports: [StoreModule.with(store), LoggingModule.with(log)],
      controllers: [
        OverviewController,
        EventsController,
        ServersController,
        QueuesController,
        PlayersController,
        MatchesController,
        CertificatesController,
        AuditController,
        SettingsController,
      ],
      providers: [
        { provide: AdminConfig, useValue: config },
        { provide: AddressGate, useValue: gate },
        AddressBook,
        Auditor,
        Board,
        CertificateActions,
        Downloads,
        EventHub,
        MasterKeyActions,
        MasterKeyFile,
        MatchActions,
        PlayerActions,
        ServerActions,
      ],
    };
  }
}
