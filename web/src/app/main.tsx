import '@/shared/lib/styleNonce';
import 'antd/dist/reset.css';
import './base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { supportPageTranslation } from '@/shared/lib/translatedTexts';
import { Providers } from './Providers';
import { router } from './routes';
import { reloadWhenRestored } from '@/shared/auth/tabs';
import { keepFocusInPlace } from '@/shared/lib/focus';

reloadWhenRestored();
supportPageTranslation();
keepFocusInPlace();

const root = document.getElementById('root');
// The element is absent when browser-check.js found the browser too old.
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
