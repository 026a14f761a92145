import { Form, Input } from 'antd';

interface Props {
  name: (string | number)[];
  label: string;
  extra?: string;
}

/** A form field for a link, https only. The platform never follows it. */
export function LinkField({ name, label, extra }: Props) {
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={[
        {
          required: true,
          pattern: /^https:\/\/[^\s/@]+\.[^\s@]+$/i,
          message: 'Укажите полную ссылку, которая начинается с https://',
        },
        { max: 2000, message: 'Ссылка длиннее 2000 знаков.' },
      ]}
    >
      <Input type="url" inputMode="url" placeholder="https://" autoComplete="off" />
    </Form.Item>
  );
}
