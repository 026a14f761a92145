import { Alert } from 'antd';
import { useLasting } from '@/shared/ui/useLasting';
import { useFeedState } from './EventFeedProvider';

/** A loss shorter than this heals before anybody needs to know. */
const patience = 3_000;

/** Says that the page may be behind while the connection is lost. It goes by itself. */
export function ConnectionNotice() {
  const shown = useLasting(useFeedState() === 'lost', patience);
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
