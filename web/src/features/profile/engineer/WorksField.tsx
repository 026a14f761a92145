import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, Input } from 'antd';
import { workKinds } from '@/shared/api/reference';
import { parseMoney } from '@/shared/lib/money';
import { ListState } from '@/shared/ui/list/ListState';

/** The ten kinds of works: which the engineer does, and from which price. */
export function WorksField() {
  const kinds = useQuery({ ...workKinds, staleTime: 'static' });
  return (
    <fieldset className="works">
      <legend className="note">
        Отметьте виды работ и укажите стоимость «от» в рублях. Без стоимости будет написано «по договорённости». Хотя бы
        один вид работ обязателен.
      </legend>
      <ListState query={kinds} isEmpty={false} empty="">
        {(kinds.data ?? []).map(({ code, label }, index) => (
          <Work key={code} kind={code} label={label} first={index === 0} />
        ))}
      </ListState>
    </fieldset>
  );
}

function Work({ kind, label, first }: { kind: string; label: string; first: boolean }) {
  const on = Form.useWatch(['works', kind, 'on']) as boolean | undefined;
  return (
    <div className="work">
      <Form.Item name={['works', kind, 'on']} valuePropName="checked" noStyle>
        <Checkbox {...(first && { id: 'works' })}>{label}</Checkbox>
      </Form.Item>
      {on && (
        <Form.Item
          name={['works', kind, 'price']}
          className="work-field"
          validateTrigger="onBlur"
          rules={[
            {
              validator: (_, text?: string) =>
                !text?.trim() || (parseMoney(text) ?? 0) > 0
                  ? Promise.resolve()
                  : Promise.reject(new Error(`«${text.trim()}» не подходит. Укажите сумму в рублях, например 25 000.`)),
            },
          ]}
        >
          <Input
            prefix="от"
            suffix="₽"
            inputMode="decimal"
            autoComplete="off"
            maxLength={20}
            placeholder="по договорённости"
            aria-label={`Стоимость: ${label}`}
          />
        </Form.Item>
      )}
    </div>
  );
}
