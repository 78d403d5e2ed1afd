import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // No inlined data: the content security policy allows what comes from our own address, and files can be cached.
    assetsInlineLimit: 0,
    // The policy has no room for the inline script of the polyfill, and no browser that speaks TLS 1.3 needs it.
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
