import { formatDateTime, formatDay } from '@/shared/lib/dates';
import type { Schema } from '@/shared/api/client';
import { Facts } from '@/shared/ui/Facts';
import { type Column, RowList } from '@/shared/ui/list/RowList';

type Entry = Schema<'RegistryEntry'>;

const results: Column<Schema<'ActivityResult'>>[] = [
  { title: 'Период', cell: ({ period }) => period },
  { title: 'Подано для учёта', cell: ({ filed }) => filed },
  { title: 'Отказано', cell: ({ refusals }) => refusals },
  { title: 'Приостановлено', cell: ({ suspensions }) => suspensions },
];

const disciplinary: Column<Schema<'DisciplinaryAction'>>[] = [
  { title: 'Дата', cell: ({ date }) => formatDay(date) },
  { title: 'Взыскание', cell: ({ kind }) => kind },
  { title: 'Основание', cell: ({ ground }) => ground },
  { title: 'Действует до', cell: ({ until }) => (until ? formatDay(until) : 'без срока') },
];

/** What the registry says of an engineer. name is given where the registry calls him otherwise. */
export function RegistryFacts({ entry, name }: { entry: Entry; name?: string | undefined }) {
  const day = (text: string | undefined) => text && formatDay(text);
  return (
    <>
      <p className="note">
        Сведения на {formatDateTime(entry.asOf)}. Реестр обновляется каждые сутки, изменить их здесь нельзя.
      </p>
      <Facts
        items={[
          ['ФИО в реестре', name],
          ['Номер в реестре', entry.number],
          ['СРО', entry.sro],
          ['Номер СРО', entry.sroNumber],
          ['Статус', entry.statusLabel ?? (entry.active ? 'Действующий' : 'Нет действующего статуса')],
          ['Вступление в СРО', day(entry.sroIn)],
          ['Выход из СРО', day(entry.sroOut)],
          ['Основание выхода', entry.sroOutReason],
          ['Аттестат', entry.attestatNumber],
          ['Дата аттестата', day(entry.attestatDate)],
          ['Аттестат аннулирован', day(entry.attestatAnnulled)],
        ]}
      />
      <h3>Результаты профессиональной деятельности</h3>
      {entry.results.length === 0 ? (
        <p className="note">Сведений в реестре нет.</p>
      ) : (
        <RowList rows={entry.results} columns={results} keyOf={({ period }) => period} />
      )}
      <h3>Дисциплинарные взыскания</h3>
      {entry.disciplinary.length === 0 ? (
        <p className="note">Взысканий нет.</p>
      ) : (
        <RowList rows={entry.disciplinary} columns={disciplinary} keyOf={({ date, kind }) => `${date} ${kind}`} />
      )}
    </>
  );
}
