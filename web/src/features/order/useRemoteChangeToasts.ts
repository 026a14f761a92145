import { useQuery } from '@tanstack/react-query';
import { App as AntdApp } from 'antd';
import { useEffect, useRef } from 'react';
import { useSession } from '@/shared/auth/session';
import { historyQuery } from './queries';
import { roleName } from './labels';

/** Shows a notification for each action of another role on the order while the page is open. */
export function useRemoteChangeToasts(order: string): void {
  const { notification } = AntdApp.useApp();
  const { role } = useSession();
  const { data: history } = useQuery(historyQuery(order));
  const lastSeenId = useRef<number>(undefined);
  useEffect(() => {
    if (!history) return;
    const before = lastSeenId.current;
    lastSeenId.current = history.at(-1)?.id ?? 0;
    if (before === undefined) return;
    for (const { id, title, role: by, who } of history) {
      if (id > before && by !== role) notification.info({ key: id, title, description: who ?? roleName(by) });
    }
  }, [history, role, notification]);
}
