import { Inject, Injectable } from '@nestjs/common';
import { masterKeyId } from '@ranked/cert';
import { certificates, settings, type ReadTx, type Store } from '@ranked/store';
import type { Impact, MasterKeyView, RotatedMasterKey, RotateMasterKeyBody } from '../api/contract.js';
import { Auditor } from '../audit/auditor.js';
import { Board } from '../board/board.js';
import { Problem } from '../http/problem.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { MasterKeyFile } from './master-key-file.js';

/*
 * A rotation is a file and a row. No transaction spans both, so it goes as with certtool: the file is the truth and changes
 * first; the database then names the key that is in the file. Interrupted in between, the next rotation (here or with
 * certtool) sees the difference and only completes it. So that nothing happens without its audit row, a row is written before
 * the file is touched, and one with the outcome after it.
 */

/** The master key: which it is, and how all certificates are ended at once. */
@Injectable()
export class MasterKeyActions {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly auditor: Auditor,
    private readonly board: Board,
    private readonly file: MasterKeyFile,
  ) {}

  view(): Promise<MasterKeyView> {
    return this.store.read(async (tx) => ({
      keyId: await settings.masterKeyId(tx),
      dying: await this.dying(tx),
      available: this.file.isAvailable(),
    }));
  }

  async rotate(
    operator: Operator,
    { confirm, reason }: RotateMasterKeyBody,
    preview: boolean,
  ): Promise<RotatedMasterKey | Impact> {
    if (preview) {
      this.requireFile();
      return this.store.read((tx) => this.impact(tx));
    }

    const target = 'master key';
    const detail = { confirm, reason };
    // Counted and noted in one transaction: what is confirmed is what dies. A key that has come meanwhile, of another operator's
    // rotation, is not the one that was counted under: then it is only announced, and nothing dies twice.
    const { outcome: announced } = await this.auditor.act(
      { operator, action: 'master-key.rotate', target, detail: { ...detail, stage: 'begun' } },
      async (tx) => {
        this.requireFile();
        const impact = await this.impact(tx);
        if (impact.number !== confirm)
          throw new Problem('confirmation', `${impact.number} certificates will die, not ${confirm}.`, {
            impact,
          });
        return settings.masterKeyId(tx);
      },
    );
    const isUnfinished = announced !== null && announced !== this.file.keyId();
    if (!isUnfinished) this.file.replace();
    const { auditId, outcome } = await this.auditor.act(
      { operator, action: 'master-key.rotate', target, detail: { ...detail, stage: 'done' } },
      async (tx, notes) => {
        const { publicKey } = this.file.read();
        const keyId = masterKeyId(publicKey);
        notes.detail = { keyId };
        await settings.setMasterKeyId(tx, keyId);
        return { keyId, publicKey: Buffer.from(publicKey).toString('hex') };
      },
    );
    this.board.forget();
    const done = `The master key is now ${outcome.keyId}. ${confirm} ${confirm === 1 ? 'certificate has' : 'certificates have'} died.`;
    return { auditId, changed: true, done, ...outcome };
  }

  /** @throws Problem `no-master-key` */
  private requireFile(): void {
    if (this.file.isAvailable()) return;
    throw new Problem(
      'no-master-key',
      'The file of the master key is not here or cannot be replaced; use "certtool rotate-master" where it is.',
    );
  }

  private async impact(tx: ReadTx): Promise<Impact> {
    const number = await this.dying(tx);
    const sentence = `A new master key is made: ${number} ${number === 1 ? 'certificate dies' : 'certificates die'} at once, and every game server needs a new one. Whoever pinned the old public key needs the new one as well.`;
    return { sentence, players: 0, matches: 0, certificates: number, number };
  }

  private async dying(tx: ReadTx): Promise<number> {
    const keyId = await settings.masterKeyId(tx);
    return keyId === null ? certificates.countActive(tx) : certificates.countActiveUnderKey(tx, keyId);
  }
}
