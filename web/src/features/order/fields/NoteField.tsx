import { Form, Input } from 'antd';
import { filledIn } from '@/shared/lib/humanText';

interface Props {
  label?: string;
  required?: boolean;
  /** The hint below the field. */
  extra?: string;
}

/** A form field for the text of an action: a reason, remarks, a comment. */
export function NoteField({ label, required = false, extra }: Props) {
  return (
    <Form.Item
      name={['text', 'note']}
      label={label ?? (required ? 'Причина' : 'Пояснение')}
      extra={extra}
      rules={required ? [filledIn('Укажите причину: без неё другая сторона не поймёт, что исправить.')] : []}
    >
      <Input.TextArea rows={4} maxLength={4000} showCount />
    </Form.Item>
  );
}
