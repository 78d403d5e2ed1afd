import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, ValidateNested } from 'class-validator';
import { dashboard, settings, type Store } from '@ranked/store';
import type {
  ActionResult,
  AddressEntry,
  AddressesBody,
  Impact,
  MaintenanceBody,
  SettingsView,
} from '../api/contract.js';
import { Auditor } from '../audit/auditor.js';
import { Board } from '../board/board.js';
import { By, Preview } from '../http/parameters.js';
import { Problem } from '../http/problem.js';
import { PlainText } from '../http/validation.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { VERSION } from '../version.js';
import { AddressBook, MAX_ENTRIES } from './address-book.js';
import { maintenanceOf } from './maintenance.js';

class MaintenanceDto implements MaintenanceBody {
  @IsBoolean()
  on: boolean;

  @IsOptional()
  @PlainText(0, 200)
  message?: string;
}

class AddressEntryDto implements AddressEntry {
  @PlainText(1, 64)
  address: string;

  @PlainText(0, 100)
  note: string;
}

class AddressesDto implements AddressesBody {
  @IsArray()
  @ArrayMaxSize(MAX_ENTRIES)
  @ValidateNested({ each: true })
  @Type(() => AddressEntryDto)
  entries: AddressEntryDto[];

  @IsOptional()
  @IsBoolean()
  force?: boolean;
}

/** Settings that operators look at and change. */
@Controller('api/settings')
export class SettingsController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: Board,
    private readonly auditor: Auditor,
    private readonly addresses: AddressBook,
  ) {}

  @Get()
  async all(@By() { address }: Operator): Promise<SettingsView> {
    const { book } = await this.board.look();
    return {
      queues: book.configs(),
      maintenance: await this.store.read((tx) => maintenanceOf(tx)),
      addresses: await this.addresses.view(address),
      version: VERSION,
    };
  }

  @Put('maintenance')
  async maintenance(
    @Body() { on, message = '' }: MaintenanceDto,
    @By() operator: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    if (preview) {
      return this.store.read(async (tx) => {
        const waiting = (await dashboard.waitingByQueue(tx)).reduce((all, one) => all + one.waiting, 0);
        const sentence = on
          ? `Nobody is matched and nobody new comes in. ${waiting} who wait go on waiting; matches that run are played to their end.`
          : `Players come in and are matched again.`;
        return { sentence, players: waiting, matches: 0, certificates: 0, number: waiting };
      });
    }
    const deed = {
      operator,
      action: 'settings.maintenance',
      target: on ? 'maintenance on' : 'maintenance off',
      detail: { on, message },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx) => {
      const before = await maintenanceOf(tx);
      const isNew = before.on !== on || (before.message ?? '') !== (on ? message : '');
      if (isNew) await settings.setMaintenance(tx, on, message);
      return isNew;
    });
    this.board.forget();
    return { auditId, changed: outcome, done: on ? 'Maintenance is on.' : 'Maintenance is off.' };
  }

  @Put('addresses')
  async replaceAddresses(
    @Body() { entries, force }: AddressesDto,
    @By() operator: Operator,
  ): Promise<ActionResult> {
    const plain = entries.map(({ address, note }) => ({ address, note }));
    const ranges = this.addresses.parse(plain);
    const deed = {
      operator,
      action: 'settings.addresses',
      target: 'address list',
      detail: { entries: plain.slice(0, 30), count: plain.length },
    };
    const { auditId, outcome } = await this.auditor.act(deed, (tx) => {
      if (!this.addresses.wouldAllow(ranges, operator.address) && force !== true)
        throw new Problem('would-lock-out', `The list leaves out ${operator.address}, from which you ask.`);
      return this.addresses.store(tx, plain);
    });
    // The answer goes out first: it may be the last that this address gets.
    setImmediate(() => void this.addresses.follow());
    return {
      auditId,
      changed: outcome,
      done: `The list has ${plain.length} ${plain.length === 1 ? 'entry' : 'entries'}.`,
    };
  }
}
