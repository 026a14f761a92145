import { Alert, Button, Space } from 'antd';

interface Props {
  title: string;
  /** What differs, each with what is saved now. */
  differing: readonly (readonly [label: string, saved: string])[];
  onKeep: () => void;
  onTake: () => void;
}

/** The form was saved in another window: shows what is saved now and asks which state to keep. */
export function ConflictNotice({ title, differing, onKeep, onTake }: Props) {
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
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
          <Space wrap>
            <Button onClick={onKeep}>Оставить введённое здесь</Button>
            <Button onClick={onTake}>Взять сохранённое</Button>
          </Space>
        </>
      }
    />
  );
}
