import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { encodeCertificate, issueCertificate, masterKeyId, randomCertificateFields } from '@ranked/cert';
import { certificates, dashboard, operatorCertificates, settings, type Store } from '@ranked/store';
import type { ActionResult, Impact, IssueCertificateBody, IssuedCertificate } from '../api/contract.js';
import { Auditor } from '../audit/auditor.js';
import { Board } from '../board/board.js';
import { Problem } from '../http/problem.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { certificateView } from './certificate-view.js';
import { Downloads, type Download } from './downloads.js';
import { MasterKeyFile } from './master-key-file.js';

/** Issues and revokes certificates. */
@Injectable()
export class CertificateActions {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly auditor: Auditor,
    private readonly board: Board,
    private readonly downloads: Downloads,
    private readonly masterKey: MasterKeyFile,
  ) {}

  /** The file is made here, handed out once, and kept nowhere. */
  async issue(operator: Operator, { name, days, host }: IssueCertificateBody): Promise<IssuedCertificate> {
    const { auditId, outcome } = await this.auditor.act(
      {
        operator,
        action: 'certificate.issue',
        target: `certificate of ${name}`,
        detail: { days, host: host ?? null },
      },
      async (tx, notes) => {
        const key = this.masterKey.read();
        const keyId = masterKeyId(key.publicKey);
        // In the same transaction as the row: a rotation in the meantime would make the certificate worthless from the start.
        const present = await settings.masterKeyId(tx);
        if (present !== null && present !== keyId)
          throw new Problem(
            'conflict',
            'The database expects another master key than the one in the file: a rotation was interrupted.',
          );
        if (present === null) await settings.setMasterKeyId(tx, keyId);
        const issuedAt = Math.floor(Date.now() / 1000);
        const certificate = issueCertificate({
          masterSeed: key.seed,
          ...randomCertificateFields((n) => randomBytes(n)),
          issuedAt,
          expiresAt: issuedAt + days * 86_400,
        });
        const { uuid, expiresAt, secret } = certificate;
        notes.detail = { uuid };
        const record = await certificates.insert(tx, {
          uuid,
          name,
          issuedAt,
          expiresAt,
          secret,
          masterKeyId: keyId,
          publicHost: host ?? null,
        });
        if (record === 'taken') throw new Problem('conflict', 'The uuid is taken; try again.');
        return { record, certificate, keyId };
      },
    );
    const { record, certificate, keyId } = outcome;
    const { uuid } = certificate;
    const now = Date.now();
    const fileName = `${name}.s2scert`;
    const download = this.downloads.put({ uuid, name, fileName, bytes: encodeCertificate(certificate) }, now);
    this.board.forget();
    return {
      auditId,
      changed: true,
      done: `The certificate of ${name} is issued. Fetch its file now: it is given out once.`,
      certificate: certificateView({ ...record, online: false }, keyId, now),
      download: {
        path: `/api/certificates/downloads/${download.id}`,
        fileName,
        expiresAt: download.expiresAt,
      },
    };
  }

  /** The row comes first: a file that was handed out without one would not be known of. */
  async download(operator: Operator, id: string): Promise<Download> {
    const download = this.downloads.take(id, Date.now());
    if (!download)
      throw new Problem('not-found', 'The file was fetched before, or its five minutes are over.');
    const { name, uuid } = download;
    const deed = {
      operator,
      action: 'certificate.download',
      target: `certificate of ${name}`,
      detail: { uuid },
    };
    try {
      await this.auditor.act(deed, () => Promise.resolve());
    } catch (error) {
      this.downloads.giveBack(id, download);
      throw error;
    }
    return download;
  }

  async revoke(
    operator: Operator,
    uuid: string,
    reason: string,
    preview: boolean,
  ): Promise<ActionResult | Impact> {
    if (preview) {
      return this.store.read(async (tx) => {
        const record = await certificates.byUuid(tx, uuid);
        if (!record) throw new Problem('not-found', 'There is no certificate of this uuid.');
        const load = await dashboard.liveLoad(tx, [uuid]);
        const matches =
          load.matches === 0
            ? ''
            : ` ${load.matches} ${load.matches === 1 ? 'match' : 'matches'} with ${load.players} players on it come to nothing unless they end first.`;
        const sentence = `The certificate of ${record.name} ends for ever; its server is disconnected within a second.${matches}`;
        return { sentence, ...load, certificates: 1, number: load.players };
      });
    }
    const deed = {
      operator,
      action: 'certificate.revoke',
      target: `certificate ${uuid}`,
      detail: { uuid, reason },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const record = await certificates.byUuid(tx, uuid);
      if (!record) throw new Problem('not-found', 'There is no certificate of this uuid.');
      notes.target = `certificate of ${record.name}`;
      return { name: record.name, changed: await certificates.revoke(tx, uuid, reason) };
    });
    this.board.forget();
    const { name, changed } = outcome;
    return {
      auditId,
      changed,
      done: changed
        ? `The certificate of ${name} is revoked.`
        : `The certificate of ${name} was revoked before.`,
    };
  }

  async revokeOperator(operator: Operator, serial: string, reason: string): Promise<ActionResult> {
    const deed = {
      operator,
      action: 'operator-certificate.revoke',
      target: `operator certificate ${serial}`,
      detail: { serial: operator.serial, revoked: serial, reason },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const record = await operatorCertificates.bySerial(tx, serial);
      if (!record) throw new Problem('not-found', 'There is no operator certificate of this serial.');
      if (serial === operator.serial)
        throw new Problem(
          'would-lock-out',
          'A certificate does not revoke itself: let another operator do it, or "certtool admin-revoke".',
        );
      notes.target = `operator certificate of ${record.name}`;
      return { name: record.name, changed: await operatorCertificates.revoke(tx, serial, reason) };
    });
    const { name, changed } = outcome;
    return {
      auditId,
      changed,
      done: changed ? `The certificate of ${name} opens the dashboard no more.` : `It was revoked before.`,
    };
  }
}
