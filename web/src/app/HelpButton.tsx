import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button, Drawer } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { PageLoading } from '../components/PageLoading';
import type { Page } from './page';

const HelpContent = lazy(() => import('../help/HelpContent'));

/** Opens the part of the manual that belongs to the page. */
export function HelpButton({ page }: { page: Page | undefined }) {
  const [open, setOpen] = useState(false);
  if (!page) return null;
  return (
    <>
      <Button
        type="text"
        className="header-icon"
        aria-label="Справка по странице"
        title="Справка по странице"
        icon={<QuestionCircleOutlined className="icon" />}
        onClick={() => setOpen(true)}
      />
      <Drawer open={open} onClose={() => setOpen(false)} title="Справка" size="min(26rem, 100vw)" destroyOnHidden>
        <Suspense fallback={<PageLoading />}>
          <HelpContent page={page} />
        </Suspense>
      </Drawer>
    </>
  );
}
