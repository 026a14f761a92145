import { Alert } from 'antd';
import { useEffect, useState } from 'react';
import { useFeedState } from './EventFeedProvider';

/** A loss shorter than this heals before anybody needs to know. */
const patience = 3_000;

/** Says that the page may be behind while the connection is lost. It goes by itself. */
export function ConnectionNotice() {
  const lost = useFeedState() === 'lost';
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!lost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), patience);
    return () => clearTimeout(timer);
  }, [lost]);
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
