import preset from '../../../jest.preset.js';

// A browser walks every page: the limit is for one that hangs, not for a slow machine.
export default { ...preset, displayName: 'admin-web', testTimeout: 600_000 };
