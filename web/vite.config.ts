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
  },
  // `npm run dev` against a platform that runs here (make run).
  server: { port: 5173, proxy: { '/api': process.env.EPKR_API ?? 'http://localhost:8080' } },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});
