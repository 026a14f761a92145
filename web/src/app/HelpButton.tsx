import { QuestionCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { loadChunk } from '@/shared/routing/loadChunk';
import type { Page } from '@/shared/routing/page';
import { queryKeys } from '@/shared/queryKeys';

/** Opens a drawer with the part of the manual that describes the page. */
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
        <Help page={page} />
      </Drawer>
    </>
  );
}

/**
 * Loads the help when the drawer opens. A failed load is shown in the drawer, and the page stays as
 * it is.
 */
function Help({ page }: { page: Page }) {
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.help.content,
    queryFn: () => loadChunk(() => import('@/features/help/HelpContent')),
    staleTime: 'static',
  });
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  return <data.default page={page} />;
}
