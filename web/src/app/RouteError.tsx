import { Button, Result } from 'antd';
import { useEffect, useState } from 'react';
import { useRouteError } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { PartMissing } from '@/shared/routing/appPart';

/** A fault of a page, or a part of the app that could not be read. */
export function RouteError() {
  const error = useRouteError();
  return error instanceof PartMissing ? <MissingPart error={error} /> : <PageFault error={error} />;
}

/** A part of the app that a newer build has replaced comes with the new version. */
function PageFault({ error }: { error: unknown }) {
  const problem = problemOf(error);
  return (
    <Result
      status="error"
      title={<h1>{problem.title}</h1>}
      subTitle={`${problem.detail} Если платформа только что обновилась, это поможет открыть новую версию.`}
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          Обновить страницу
        </Button>
      }
    />
  );
}

/** How long to wait before the platform is asked again. */
const askEvery = 2_000;

/**
 * Opens the address anew as soon as the platform answers: a browser may keep a failed part for as long as the document lives. Where the platform
 * answers at once, the connection was not the cause, and opening the address again and again would not help.
 */
function MissingPart({ error }: { error: PartMissing }) {
  const [online, setOnline] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (first: boolean) => {
      const answered = await fetch(window.location.href, { cache: 'no-store', signal: stop.signal }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (stop.signal.aborted) return;
      if (!answered) timer = setTimeout(() => void ask(false), askEvery);
      else if (first) setOnline(true);
      else window.location.reload();
    };
    void ask(true);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, []);
  if (online) return <PageFault error={error} />;
  return (
    <Result
      role="status"
      status="warning"
      title={<h1>Страница ещё не загружена</h1>}
      subTitle="Нет связи с платформой. Страница откроется сама, когда связь восстановится."
    />
  );
}
