import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import ruRU from 'antd/es/locale/ru_RU';
import type { ReactNode } from 'react';
import { styleNonce } from '@/shared/lib/styleNonce';
import { queryClient } from './queryClient';
import { theme } from './theme';

// Who asked his device for less motion gets none.
const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const shown = still ? { ...theme, token: { ...theme.token, motion: false } } : theme;

const csp = styleNonce ? { nonce: styleNonce } : {};

/** What every page needs, signed in or not. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={queryClient}>
      <ConfigProvider locale={ruRU} theme={shown} csp={csp} button={{ autoInsertSpace: false }}>
        {children}
      </ConfigProvider>
    </QueryClientProvider>
  );
}
