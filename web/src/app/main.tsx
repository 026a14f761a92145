import '@/shared/lib/styleNonce';
import 'antd/dist/reset.css';
import './base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { keepTranslatedTexts } from '@/shared/lib/translatedTexts';
import { Providers } from './Providers';
import { router } from './routes';
import { readAnewWhenShownAgain } from '@/shared/auth/tabs';

readAnewWhenShownAgain();
keepTranslatedTexts();

const root = document.getElementById('root');
// There is none when the browser was found too old.
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
