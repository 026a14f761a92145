import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import ruRU from 'antd/es/locale/ru_RU';
import type { ReactNode } from 'react';
import { styleNonce } from '@/shared/lib/styleNonce';
import { queryClient } from './queryClient';
import { theme } from './theme';

// Animations are off for users whose device asks for reduced motion.
const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const appliedTheme = reducedMotion ? { ...theme, token: { ...theme.token, motion: false } } : theme;

const csp = styleNonce ? { nonce: styleNonce } : {};

/** Provides what every page needs, signed in or not. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={queryClient}>
      <ConfigProvider locale={ruRU} theme={appliedTheme} csp={csp} button={{ autoInsertSpace: false }}>
        {children}
      </ConfigProvider>
    </QueryClientProvider>
  );
}
