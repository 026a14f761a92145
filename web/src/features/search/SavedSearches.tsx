import { useQuery } from '@tanstack/react-query';
import { App as AntdApp, Button, Switch } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { addressOf, chipsOf, fromSaved, isFiltered, toSaved } from './filterText';
import type { SearchFilters } from './queries';
import { type SavedSearch, savedSearchesQuery, useChangeSearch, useDeleteSearch } from './savedSearches';
import { SearchDialog } from './SearchDialog';
import { useNames } from './useNames';

/** Lists the saved searches of the engineer, and saves the applied filters as another one. */
export function SavedSearches({ filters }: { filters: SearchFilters }) {
  const { data: searches = [], error, refetch } = useQuery(savedSearchesQuery);
  const [saving, setSaving] = useState(false);
  const [renamed, setRenamed] = useState<string>();
  const renaming = searches.find(({ id }) => id === renamed);
  return (
    <section className="saved-searches" aria-label="Сохранённые поиски">
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {searches.length > 0 && (
        <>
          <h2>Сохранённые поиски</h2>
          <ul>
            {searches.map((search) => (
              <Row key={search.id} search={search} onRename={() => setRenamed(search.id)} />
            ))}
          </ul>
        </>
      )}
      {isFiltered(filters) && <Button onClick={() => setSaving(true)}>Сохранить поиск</Button>}
      {saving && <SearchDialog search={{ filters: toSaved(filters) }} onClose={() => setSaving(false)} />}
      {renaming && <SearchDialog search={renaming} onClose={() => setRenamed(undefined)} />}
    </section>
  );
}

function Row({ search, onRename }: { search: SavedSearch; onRename: () => void }) {
  const { id, version, name, notify } = search;
  const filters = fromSaved(search.filters);
  const nameOf = useNames();
  const change = useChangeSearch();
  const remove = useDeleteSearch();
  const { modal, message } = AntdApp.useApp();
  const tell = (error: unknown) => message.error(problemOf(error).detail);
  const confirmDeletion = () =>
    void modal.confirm({
      title: `Удалить поиск «${name}»?`,
      content: 'О новых заказах по нему вы больше не узнаете. Уже пришедшие уведомления останутся.',
      okText: 'Удалить поиск',
      okButtonProps: { danger: true },
      cancelText: 'Не удалять',
      onOk: () => remove.mutateAsync(id).catch(tell),
    });
  const summary = chipsOf(filters, nameOf)
    .map(({ text }) => text)
    .join(', ');
  return (
    <li>
      <div className="saved-search-name">
        <Link to={addressOf(filters)}>{name}</Link>
        <div className="note">{summary || 'Все заказы ваших регионов деятельности'}</div>
      </div>
      <label className="saved-search-notify">
        <Switch
          checked={change.isPending ? change.variables.notify : notify}
          loading={change.isPending}
          aria-label={`Уведомлять о новых заказах: ${name}`}
          onChange={(next) =>
            change.mutate({ id, version, name, notify: next }, { onError: (error) => void tell(error) })
          }
        />{' '}
        Уведомлять о новых заказах
      </label>
      <div className="saved-search-buttons">
        <Button size="small" aria-label={`Переименовать: ${name}`} onClick={onRename}>
          Переименовать
        </Button>
        <Button size="small" danger aria-label={`Удалить: ${name}`} onClick={confirmDeletion}>
          Удалить
        </Button>
      </div>
    </li>
  );
}
