import { App as AntdApp, Card, Typography } from 'antd';
import type { ReactNode } from 'react';
import { PlatformName } from '@/shared/ui/PlatformName';
import { useDocumentTitle } from '@/shared/routing/useDocumentTitle';
import './entry.css';

/** Renders one step of the entry as a card in the middle of the page. */
export function EntryCard({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(title);
  return (
    <AntdApp>
      <div className="entry">
        <header className="start-header">
          <PlatformName />
        </header>
        <main className="entry-main">
          <Card className="entry-card">
            <Typography.Title level={1} className="entry-title">
              {title}
            </Typography.Title>
            {children}
          </Card>
        </main>
      </div>
    </AntdApp>
  );
}
