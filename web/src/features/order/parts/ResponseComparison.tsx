import { Button, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { refusalsText } from '@/features/reviews/labels';
import { engineersPath } from '@/shared/auth/entrySteps';
import { Rating } from '@/features/reviews/Rating';
import {
  bestOf,
  canBeChosen,
  laterText,
  type Response,
  type ResponseSort,
  responseSorts,
  sortResponses,
  untilText,
  whyNot,
} from '@/features/order/responses';
import { formatDateTime } from '@/shared/lib/dates';
import { formatMoney } from '@/shared/lib/money';
import { termText } from '@/shared/lib/term';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { RegistryName } from '@/shared/ui/RegistryName';

interface Props {
  responses: readonly Response[];
  /** Whether the user may choose a performer now. */
  choosable: boolean;
  onChoose: (engineer: string) => void;
}

const sortOptions = Object.entries(responseSorts).map(([value, label]) => ({ value, label }));

/** Shows the customer the responses side by side: price, term, rating, and the share of refusals. */
export function ResponseComparison({ responses, choosable, onChoose }: Props) {
  const [sort, setSort] = useState<ResponseSort>('price');
  const best = bestOf(responses);
  const columns: Column<Response>[] = [
    { title: 'Кадастровый инженер', cell: (response) => <Who response={response} /> },
    {
      title: 'Стоимость',
      cell: ({ price, ...response }) => (
        <>
          <span className="response-price">{formatMoney(price)}</span>
          {canBeChosen(response) && price === best.price && <Best text="Лучшая цена" />}
        </>
      ),
    },
    {
      title: 'Срок',
      cell: (response) => (
        <TermCell response={response} soonest={canBeChosen(response) && response.termUntil === best.termUntil} />
      ),
    },
    { title: 'Рейтинг', cell: ({ statistics }) => statistics && <Rating statistics={statistics} /> },
    { title: 'Отказы', cell: ({ statistics }) => statistics && refusalsText(statistics) },
    {
      title: 'Выбор',
      cell: (response) => (
        <>
          {whyNot(response) && <div className="note">{whyNot(response)}</div>}
          {choosable && (
            <Button
              disabled={!canBeChosen(response)}
              onClick={() => onChoose(response.engineer.id)}
              aria-label={`Выбрать исполнителя: ${response.engineer.name}`}
            >
              Выбрать исполнителя
            </Button>
          )}
        </>
      ),
    },
  ];
  return (
    <div className="response-comparison">
      {responses.length > 1 && (
        <Select aria-label="Порядок откликов" value={sort} options={sortOptions} onChange={setSort} />
      )}
      <RowList rows={sortResponses(responses, sort)} columns={columns} keyOf={({ engineer }) => engineer.id} />
      <p className="note">Дни в сроке календарные и считаются со дня выбора исполнителя.</p>
    </div>
  );
}

function Who({ response: { engineer, note, createdAt } }: { response: Response }) {
  return (
    <>
      <strong>
        <Link to={`${engineersPath}/${engineer.id}`}>{engineer.name}</Link>
      </strong>
      <RegistryName name={engineer.registryName} />
      {note && <div className="user-text">{note}</div>}
      <div className="note">
        {[
          engineer.employer,
          engineer.sro,
          engineer.registryNumber && `№ ${engineer.registryNumber} в реестре`,
          createdAt && `отклик от ${formatDateTime(createdAt)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </>
  );
}

function TermCell({ response, soonest }: { response: Response; soonest: boolean }) {
  const [until, later] = [untilText(response), laterText(response)];
  return (
    <>
      {termText(response)}
      {until && <div className="note">{until}</div>}
      {later && <div className={(response.daysLater ?? 0) > 0 ? 'response-late' : 'note'}>{later}</div>}
      {soonest && <Best text="Раньше всех" />}
    </>
  );
}

const Best = ({ text }: { text: string }) => (
  <div>
    <span className="badge done">{text}</span>
  </div>
);
