import type { CertificateSummary } from '@ranked/store';
import { certificates, settings } from '@ranked/store';
import type { CertificateStatus, CertificateView, Page } from '../src/api/contract.js';
import { certificateView, EXPIRING_S } from '../src/certificates/certificate-view.js';
import { AdminRig } from './support/admin-rig.js';

const KEY = 'a'.repeat(32);

describe('the status of a certificate', () => {
  const SECOND = 1_763_820_000;
  const aCertificate = (change: Partial<CertificateSummary>): CertificateSummary => ({
    uuid: '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13',
    name: 'eu-1',
    issuedAt: SECOND - 86_400,
    expiresAt: SECOND + 86_400,
    masterKeyId: KEY,
    publicHost: null,
    createdAt: 0,
    revokedAt: null,
    revokeReason: null,
    changedAt: 0,
    online: false,
    ...change,
  });

  // It is that of the whole second: a status that changed within one would differ from the list that the row stands in.
  test.each<[CertificateStatus, Partial<CertificateSummary>]>([
    ['valid', { expiresAt: SECOND + EXPIRING_S }],
    ['expiring', { expiresAt: SECOND + EXPIRING_S - 1 }],
    ['expiring', { expiresAt: SECOND + 1 }],
    ['expired', { expiresAt: SECOND }],
    ['other-key', { masterKeyId: 'f'.repeat(32), expiresAt: SECOND }],
    ['revoked', { revokedAt: 1, masterKeyId: 'f'.repeat(32), expiresAt: SECOND }],
  ])('%s: %j, all through a second', (status, change) => {
    const shown = [0, 1, 500, 999].map(
      (ms) => certificateView(aCertificate(change), KEY, SECOND * 1000 + ms).status,
    );
    expect(shown).toEqual(shown.map(() => status));
  });
});

describe('a list of one status', () => {
  let rig: AdminRig;
  beforeEach(async () => {
    rig = await AdminRig.start();
  });
  afterEach(() => rig.stop());

  const listed = async (status: CertificateStatus): Promise<CertificateStatus[]> => {
    const { body } = await rig.get<Page<CertificateView>>(`/api/certificates?limit=200&status=${status}`);
    return body.items.map((item) => item.status);
  };

  test('has certificates of that status only, also of those that change it at this moment', async () => {
    const now = Math.floor(Date.now() / 1000);
    const insert = (uuid: string, expiresAt: number, masterKeyId = KEY) =>
      rig.admin.store.write('insert', (tx) =>
        certificates.insert(tx, {
          ...{ uuid, name: 'server', issuedAt: now - 86_400, expiresAt, masterKeyId },
          secret: Buffer.alloc(32, 3),
        }),
      );
    await rig.admin.store.write('key', (tx) => settings.setMasterKeyId(tx, KEY));
    // For each second from now one that is about to expire from it on, and one that expires with it.
    for (let n = 0; n < 60; n++) {
      await insert(`00000000-0000-4000-8000-0000000000${n + 10}`, now + EXPIRING_S - 5 + n);
      await insert(`00000000-0000-4000-8000-0000000001${n + 10}`, now - 5 + n);
    }
    await insert('00000000-0000-4000-8000-000000000200', now + 2 * EXPIRING_S);
    await insert('00000000-0000-4000-8000-000000000201', now + EXPIRING_S, 'f'.repeat(32));
    await insert('00000000-0000-4000-8000-000000000202', now + EXPIRING_S);
    await rig.admin.store.write('revoke', (tx) =>
      certificates.revoke(tx, '00000000-0000-4000-8000-000000000202', 'x'),
    );
    for (const status of ['valid', 'expiring', 'expired', 'other-key', 'revoked'] as const)
      expect({ status, shown: [...new Set(await listed(status))] }).toEqual({ status, shown: [status] });
  });
});
