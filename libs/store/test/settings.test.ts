import { settings } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS } from './databases.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('settings on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, target } = parts));
  beforeEach(() => clear(target));

  it('are kept by name, and are nothing before they are set', async () => {
    expect(await store.read((tx) => settings.get(tx, 'x'))).toBeNull();
    expect(await store.read(settings.maintenance)).toBe(false);
    expect(await store.read(settings.masterKeyId)).toBeNull();
    await store.write('set', async (tx) => {
      await settings.set(tx, 'x', '1');
      await settings.set(tx, 'x', '2');
      await settings.setMasterKeyId(tx, 'k');
    });
    await store.write('maintenance', (tx) => settings.setMaintenance(tx, true));
    expect(await store.read((tx) => settings.get(tx, 'x'))).toBe('2');
    expect(await store.read(settings.masterKeyId)).toBe('k');
    expect(await store.read(settings.maintenance)).toBe(true);
    await store.write('maintenance', (tx) => settings.setMaintenance(tx, false));
    expect(await store.read(settings.maintenance)).toBe(false);
  });

  it('keep the message of a maintenance for as long as it lasts', async () => {
    const notice = () => store.read(settings.maintenanceNotice);
    const set = (on: boolean, message?: string) =>
      store.write('maintenance', (tx) => settings.setMaintenance(tx, on, message));
    expect(await notice()).toEqual({ on: false, message: null });
    await set(true, 'Back at noon.');
    expect(await notice()).toEqual({ on: true, message: 'Back at noon.' });
    await set(true);
    expect(await notice()).toEqual({ on: true, message: null });
    await set(true, '🎲'.repeat(settings.LONGEST_MESSAGE));
    await expect(set(true, 'x'.repeat(settings.LONGEST_MESSAGE + 1))).rejects.toMatchObject({
      code: 'invalid_value',
    });
    await set(false, 'kept for nobody');
    expect(await notice()).toEqual({ on: false, message: null });
    await set(true);
    expect(await notice()).toEqual({ on: true, message: null });
    await set(false);
  });
});
