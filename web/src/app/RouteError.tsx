import { Button, Result } from 'antd';
import { useEffect, useState } from 'react';
import { useRouteError } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { ChunkLoadError } from '@/shared/routing/loadChunk';

/** Shows an error of a page, or that a chunk of the app could not be loaded. */
export function RouteError() {
  const error = useRouteError();
  return error instanceof ChunkLoadError ? <MissingChunk error={error} /> : <PageError error={error} />;
}

/** Offers to reload: a chunk that a newer build has replaced is loaded with the new version. */
function PageError({ error }: { error: unknown }) {
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

/** Milliseconds between two probes of the platform. */
const probeInterval = 2_000;

/**
 * Probes the platform and reloads the page as soon as it answers: a browser may keep a failed chunk
 * for the lifetime of the document. If the first probe succeeds, the connection was not the cause,
 * and reloading again and again would not help.
 */
function MissingChunk({ error }: { error: ChunkLoadError }) {
  const [online, setOnline] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const probe = async (first: boolean) => {
      const answered = await fetch(window.location.href, { cache: 'no-store', signal: stop.signal }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (stop.signal.aborted) return;
      if (!answered) timer = setTimeout(() => void probe(false), probeInterval);
      else if (first) setOnline(true);
      else window.location.reload();
    };
    void probe(true);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, []);
  if (online) return <PageError error={error} />;
  return (
    <Result
      role="status"
      status="warning"
      title={<h1>Страница ещё не загружена</h1>}
      subTitle="Нет связи с платформой. Страница откроется сама, когда связь восстановится."
    />
  );
}
