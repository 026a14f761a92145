import { Alert, Button } from 'antd';
import { Facts } from '@/shared/ui/Facts';

interface Props<Values> {
  /** What somebody else saved while the form was open. */
  saved: Values;
  /** What the form contains. */
  typed: Partial<Values>;
  labels: Record<keyof Values & string, string>;
  /** Returns a saved value as people read it; by default itself. */
  show?: (field: keyof Values & string, value: string) => string;
  /** Replaces what was typed. */
  onTake: () => void;
}

/** Shows how what was saved meanwhile differs from what was typed; nothing typed is lost. */
export function SavedMeanwhile<Values extends Record<keyof Values, string>>({
  saved,
  typed,
  labels,
  show = (_, value) => value,
  onTake,
}: Props<Values>) {
  const fields = (Object.keys(labels) as (keyof Values & string)[]).filter(
    (field) => saved[field] !== (typed[field] ?? ''),
  );
  return (
    <Alert
      type="warning"
      showIcon
      className="saved-meanwhile"
      title="Сохранено другим человеком или в другом окне"
      description={
        <>
          {fields.length === 0 ? (
            'Сохранённое совпадает с тем, что введено здесь.'
          ) : (
            <Facts items={fields.map((field) => [labels[field], show(field, saved[field]) || 'пусто'] as const)} />
          )}
          <p>Кнопка «Сохранить» запишет то, что введено здесь, вместо сохранённого.</p>
          <Button onClick={onTake}>Взять сохранённое</Button>
        </>
      }
    />
  );
}
