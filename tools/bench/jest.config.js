import preset from '../../jest.preset.js';

// Ed25519 in plain JavaScript takes its time: the limit is for a test that hangs, not for a slow machine.
export default { ...preset, displayName: 'bench', testTimeout: 60_000 };
