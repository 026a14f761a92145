import { Alert } from 'antd';
import { useDelayedFlag } from '@/shared/ui/useDelayedFlag';
import { useFeedState } from './EventFeedProvider';

/** Milliseconds. Most shorter losses end before a user needs to know. */
const noticeDelay = 3_000;

/**
 * Warns that the data may be outdated while the connection is lost. The warning disappears by
 * itself.
 */
export function ConnectionNotice() {
  const shown = useDelayedFlag(useFeedState() === 'lost', noticeDelay);
  return (
    <div role="status">
      {shown && (
        <Alert
          banner
          type="warning"
          title="Связь с платформой потеряна, восстанавливаем. Данные на странице могли устареть."
        />
      )}
    </div>
  );
}
