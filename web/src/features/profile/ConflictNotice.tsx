import { Alert, Button, Space } from 'antd';

/** The title where also another person may have saved. */
export const savedElsewhere = 'Сохранено другим человеком или в другом окне';

interface Props {
  title: string;
  /** What differs, each with what is saved now. */
  differing: readonly (readonly [label: string, saved: string])[];
  /** Keeps what was typed; without it, saving the form does. */
  onKeep?: () => void;
  /** Replaces what was typed. */
  onTake: () => void;
}

/** The form was saved elsewhere meanwhile: shows what is saved now; nothing typed is lost. */
export function ConflictNotice({ title, differing, onKeep, onTake }: Props) {
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="conflict-notice"
      title={title}
      description={
        <>
          <p>Введённое здесь не пропало. Отличается от сохранённого:</p>
          <ul>
            {differing.map(([label, saved]) => (
              <li key={label}>
                {label}: сейчас сохранено «{saved || 'пусто'}»
              </li>
            ))}
            {differing.length === 0 && <li>ничего: сохранено то же самое</li>}
          </ul>
          {!onKeep && <p>Кнопка «Сохранить» запишет то, что введено здесь, вместо сохранённого.</p>}
          <Space wrap>
            {onKeep && <Button onClick={onKeep}>Оставить введённое здесь</Button>}
            <Button onClick={onTake}>Взять сохранённое</Button>
          </Space>
        </>
      }
    />
  );
}

/** Returns the labels of the fields that differ, with what is saved in words. */
export function differing<Values extends Record<keyof Values, string>>(
  labels: Record<keyof Values & string, string>,
  saved: Values,
  typed: Partial<Values>,
  show = (_field: keyof Values & string, value: string) => value,
): [label: string, saved: string][] {
  return (Object.keys(labels) as (keyof Values & string)[])
    .filter((field) => saved[field] !== (typed[field] ?? ''))
    .map((field) => [labels[field], show(field, saved[field])]);
}
