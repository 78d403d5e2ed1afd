import { makeOperatorFiles, PkiError, type AuthorityPaths, type OperatorFiles } from '@ranked/admin-pki';
import { auditLog, operatorCertificates, type Store } from '@ranked/store';

/** The name and the life of the certificate that the first start makes. */
const NAME = 'first-operator';
const DAYS = 30;

/**
 * Makes the first certificate if there has never been one, so that a new installation opens in the browser on the same machine.
 * Its row and its row in the audit log are one transaction.
 * @returns its files; undefined when there is (or was) one already
 */
export async function ensureFirstOperator(
  store: Store,
  paths: AuthorityPaths,
  now: number,
): Promise<OperatorFiles | undefined> {
  const [known] = await store.read((tx) => operatorCertificates.list(tx, { limit: 1 }));
  if (known) return undefined;
  try {
    const { files } = await makeOperatorFiles(paths, { name: NAME, days: DAYS, now }, async (issued) => {
      await store.write('operator-certificate.issue', async (tx) => {
        await operatorCertificates.insert(tx, { name: NAME, ...issued });
        await auditLog.append(tx, {
          address: 'local',
          actor: null,
          action: 'operator-certificate.issue',
          target: `operator certificate of ${NAME}`,
          result: 'done',
          detail: { serial: issued.serial, days: DAYS, by: 'the first start' },
        });
      });
    });
    return files;
  } catch (error) {
    // Files of an earlier installation whose database is gone: nothing is overwritten, certtool makes another.
    if (error instanceof PkiError && error.code === 'exists') return undefined;
    throw error;
  }
}
