import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const sourcePath = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^@\//, replacement: sourcePath('') },
      // The component that renders every icon of one colour of @ant-design/icons, also inside Ant
      // Design.
      { find: /^\.\.\/components\/AntdIconLight$/, replacement: sourcePath('shared/ui/DecorativeIcon.tsx') },
    ],
  },
  // The server replaces it by a fresh nonce in each answer.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    // The browsers that public/browser-check.js accepts.
    target: ['chrome111', 'edge111', 'firefox115', 'safari16.4'],
    // The build script empties dist except for its .gitignore.
    emptyOutDir: false,
    // An inlined asset would need data: in the Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // One style sheet of 17 kB instead of one for nearly every page.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        // Merged chunks import each other; a module must still run after those that it imports.
        strictExecutionOrder: true,
        // Rolldown names a shared chunk after all chunks that share it.
        chunkFileNames: ({ name }) =>
          name.startsWith('shared~') ? 'assets/shared-[hash].js' : 'assets/[name]-[hash].js',
        codeSplitting: {
          groups: [
            // The start page is one chunk. Nothing else is merged into it, so that it stays within
            // its 250 kB.
            { name: 'initial', tags: ['$initial'], priority: 1 },
            // Shared modules are merged, to load in few requests: less than 25 kB of source gets no
            // chunk of its own.
            { name: 'shared', entriesAware: true, entriesAwareMergeThreshold: 25_000, minShareCount: 2 },
          ],
        },
      },
    },
  },
  // Used by `npm run dev` with a local platform (make run).
  server: { port: 5173, proxy: { '/api': process.env.EPKR_API ?? 'http://localhost:8080' } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
