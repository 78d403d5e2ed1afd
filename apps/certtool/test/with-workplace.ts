import { ensureKeys } from '@ranked/cert/files';
import { Workplace } from './certtool.js';
import { CommandHost } from './command-host.js';

/**
 * Gives each test of a file a workplace with keys, and looks after it for secrets that were written to a terminal. All command
 * lines of the file run in one process. @param use is handed the workplace
 */
export function withWorkplace(use: (place: Workplace) => void): void {
  const host = new CommandHost();
  let place: Workplace;

  beforeEach(() => {
    place = new Workplace(host);
    ensureKeys(place.path('data'));
    use(place);
  });
  afterEach(() => {
    // Without secrets there would be nothing to leak.
    expect(place.secretCount).toBeGreaterThan(1);
    expect(place.leaks()).toEqual([]);
    place.remove();
  });
  afterAll(() => host.close());
}
