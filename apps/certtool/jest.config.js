import preset from '../../jest.preset.js';

// Tests start real processes, some of them a dozen: the limit is for one that hangs, not for a slow machine.
export default { ...preset, displayName: 'certtool', testTimeout: 60_000 };
