import type { CertificateRecord, ReadTx } from '@ranked/store';
import { UUID_TEXT } from './certificate-name.js';
import { readCertificate } from './certificate-input.js';
import type { OpenDatabase } from './database.js';
import { CommandError, ExitCode } from './output.js';

const PAGE = 500;

/** What becomes of a certificate when its server connects now. `other-key`: signed by a master key that is no longer in use. */
export type RecordStatus = 'valid' | 'not-yet-valid' | 'expired' | 'revoked' | 'other-key';

/**
 * The status of a row, without looking at any file.
 *
 * @param presentKeyId the key that the database names, null if it names none yet
 * @param now Unix seconds
 */
export function recordStatus(
  record: CertificateRecord,
  presentKeyId: string | null,
  now: number,
): RecordStatus {
  if (record.revokedAt !== null) return 'revoked';
  if (presentKeyId !== null && record.masterKeyId !== presentKeyId) return 'other-key';
  if (now >= record.expiresAt) return 'expired';
  return now < record.issuedAt - 120 ? 'not-yet-valid' : 'valid';
}

/** All rows, page by page. */
export async function allRecords({ certificates }: OpenDatabase, tx: ReadTx): Promise<CertificateRecord[]> {
  const all: CertificateRecord[] = [];
  for (;;) {
    const after = all.at(-1)?.uuid;
    const page = await certificates.list(tx, after === undefined ? { limit: PAGE } : { limit: PAGE, after });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/**
 * The row that a user means: by uuid, by a certificate file, or by the name of a game server.
 *
 * @throws CommandError if there is none, or if a name stands for several that are not revoked
 */
export async function findRecord(database: OpenDatabase, which: string): Promise<CertificateRecord> {
  const { store, certificates } = database;
  const isFile = /[/\\]|\.s2scert$/i.test(which);
  if (isFile || UUID_TEXT.test(which)) {
    const uuid = isFile ? (await readCertificate(which)).uuid : which.toLowerCase();
    const record = await store.read((tx) => certificates.byUuid(tx, uuid));
    if (!record) throw new CommandError(ExitCode.notValid, `the database knows no certificate ${uuid}`);
    return record;
  }
  const named = (await store.read((tx) => allRecords(database, tx))).filter(({ name }) => name === which);
  const active = named.filter(({ revokedAt }) => revokedAt === null);
  const [only, ...others] = active.length > 0 ? active : named;
  if (!only)
    throw new CommandError(ExitCode.notValid, `the database knows no certificate of the name ${which}`);
  if (others.length > 0 && active.length > 0) {
    const uuids = active.map(({ uuid }) => uuid).join(', ');
    throw new CommandError(
      ExitCode.failure,
      `${active.length} certificates have the name ${which}; name one by its uuid: ${uuids}`,
    );
  }
  return only;
}
