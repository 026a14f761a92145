import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^@\//, replacement: source('') },
      // What every icon of one colour of @ant-design/icons is drawn by, also where Ant Design itself draws one.
      { find: /^\.\.\/components\/AntdIconLight$/, replacement: source('shared/ui/QuietIcon.tsx') },
    ],
  },
  // The server puts a fresh nonce in its place at each answer.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    // The browsers that public/browser-check.js lets through.
    target: ['chrome111', 'edge111', 'firefox115', 'safari16.4'],
    // The build script empties dist but for its .gitignore.
    emptyOutDir: false,
    // An inlined asset would need data: in the Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    // One sheet of 17 kB instead of one for nearly every page.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        // Rolldown adds to the name of a shared part the names of all that share it.
        chunkFileNames: ({ name }) =>
          name.startsWith('shared~') ? 'assets/shared-[hash].js' : 'assets/[name]-[hash].js',
        codeSplitting: {
          groups: [
            // What the start page needs is one part: nothing else is merged into it, so that it keeps within its 250 kB.
            { name: 'initial', tags: ['$initial'], priority: 1 },
            // What several parts share comes in few requests: less than 25 kB of source makes no part of its own.
            { name: 'shared', entriesAware: true, entriesAwareMergeThreshold: 25_000, minShareCount: 2 },
          ],
        },
      },
    },
  },
  // `npm run dev` against a platform that runs here (make run).
  server: { port: 5173, proxy: { '/api': process.env.EPKR_API ?? 'http://localhost:8080' } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
