import './generated.css';
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { MissingRequisites } from '@/features/order/parts/MissingRequisites';
import { formatDay } from '@/shared/lib/dates';
import { filledIn } from '@/shared/lib/humanText';
import { formatMoney } from '@/shared/lib/money';
import { Facts } from '@/shared/ui/Facts';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { ContractReferenceFields, LineField, RepresentationFields } from './fields';
import type { DialogProps } from './GenerateButton';
import { GenerateDialog } from './GenerateDialog';
import { actFormQuery, type ActDefaults, useGenerateAct } from './queries';

/** «Сформировать акт»: the act of completed works, filled in from the signed contract. */
export function ActDialog({ order, ...handlers }: DialogProps) {
  const { data, error, refetch } = useQuery(actFormQuery(order));
  return (
    <GenerateDialog
      title="Сформировать акт"
      initial={data?.form}
      last={data?.last}
      error={error}
      onRetry={() => void refetch()}
      generate={useGenerateAct(order)}
      draft={`generate.${order}.act`}
      {...handlers}
    >
      {data && <ActFormFields defaults={data} />}
    </GenerateDialog>
  );
}

function ActFormFields({ defaults }: { defaults: ActDefaults }) {
  const { performer, customer, price, paid, termDate, registration } = defaults;
  return (
    <>
      <MissingRequisites {...defaults} />
      <Facts
        items={[
          ['Исполнитель', performer],
          ['Заказчик', customer],
          ['Стоимость работ', formatMoney(price)],
          ['Уплачено', paid > 0 && formatMoney(paid)],
          ['К оплате по акту', formatMoney(price - paid)],
          ['Срок по договору', formatDay(termDate)],
        ]}
      />
      <LineField name="number" label="Номер акта" missing="Укажите номер акта." maxLength={60} />
      <LineField name="place" label="Место составления" missing="Укажите место составления акта." />
      <ContractReferenceFields />
      <Form.Item
        name="object"
        label="Характеристики объекта кадастровых работ"
        rules={[filledIn('Укажите характеристики объекта.')]}
      >
        <Input.TextArea rows={3} maxLength={4000} />
      </Form.Item>
      <Results />
      <LineField
        name="delivery"
        label="Способ передачи результатов"
        missing="Укажите, как переданы результаты."
        maxLength={300}
      />
      {registration && (
        <>
          <LineField
            name="registrationDescription"
            label="Что учтено или зарегистрировано"
            missing="Укажите итог ГКУ/ГРП."
            maxLength={300}
          />
          <LineField
            name="registrationNumber"
            label="Номер записи или заявления (КУВД)"
            missing="Укажите номер записи или заявления."
            maxLength={64}
          />
          <OptionalDay name="registrationDate" label="Дата учёта или регистрации" marked />
        </>
      )}
      <RepresentationFields {...defaults} />
    </>
  );
}

/** The documents that the customer gets. */
function Results() {
  return (
    <Form.List name="results">
      {(rows, { add, remove }) => (
        <fieldset className="act-results">
          <legend>Документы, которые получает заказчик</legend>
          {rows.map(({ key, name }, index) => (
            <div key={key} className="act-result">
              <Form.Item name={[name, 'name']} label={`Документ ${index + 1}`} rules={[filledIn('Назовите документ.')]}>
                <Input maxLength={300} autoComplete="off" />
              </Form.Item>
              <Form.Item name={[name, 'details']} label="Реквизиты">
                <Input maxLength={300} autoComplete="off" placeholder="№, дата" />
              </Form.Item>
              <Form.Item name={[name, 'form']} label="Вид">
                <Input maxLength={100} autoComplete="off" placeholder="XML, УКЭП" />
              </Form.Item>
              {rows.length > 1 && (
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={`Убрать документ ${index + 1}`}
                  onClick={() => remove(name)}
                />
              )}
            </div>
          ))}
          <Button icon={<PlusOutlined />} disabled={rows.length >= 100} onClick={() => add({ name: '' })}>
            Добавить документ
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}
