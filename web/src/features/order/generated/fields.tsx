import { Form, Input } from 'antd';
import type { Schema } from '@/shared/api/client';
import { filledIn } from '@/shared/lib/humanText';
import { OptionalDay } from '@/shared/ui/fields/DayField';

interface Props {
  name: string;
  label: string;
  /** The error if there is no text; without it the text is optional. */
  missing?: string;
  maxLength?: number;
  extra?: string;
}

/** A field for one line of a document. */
export function LineField({ name, label, missing, maxLength = 200, extra }: Props) {
  return (
    <Form.Item name={name} label={label} extra={extra} rules={missing ? [filledIn(missing)] : []}>
      <Input maxLength={maxLength} autoComplete="off" />
    </Form.Item>
  );
}

/** The number and the date of the contract on which a document rests. */
export function ContractReferenceFields() {
  return (
    <>
      <LineField name="contractNumber" label="Номер договора" missing="Укажите номер договора." maxLength={60} />
      <OptionalDay name="contractDate" label="Дата договора" marked />
    </>
  );
}

/** Who signs for the performer's organisation. */
export function PerformerRepresentative() {
  return (
    <>
      <LineField
        name="representativeName"
        label="ФИО представителя исполнителя"
        missing="Укажите ФИО представителя исполнителя."
      />
      <LineField name="representativePosition" label="Должность представителя исполнителя" />
    </>
  );
}

type Kinds = Pick<Schema<'ActDefaults'>, 'performerKind' | 'customerKind'>;

/** Who acts for the parties of a document that both sign. */
export function RepresentationFields({ performerKind, customerKind }: Kinds) {
  return (
    <>
      {performerKind === 'organisation' && <PerformerRepresentative />}
      <LineField
        name="basis"
        label="Исполнитель действует на основании"
        missing="Укажите, на основании чего действует исполнитель."
        maxLength={300}
        extra="Устав, доверенность, приказ, лист записи ЕГРИП."
      />
      {customerKind === 'organisation' && (
        <>
          <LineField
            name="customerRepresentative"
            label="Кто действует от имени заказчика"
            missing="Укажите, кто действует от имени заказчика."
          />
          <LineField name="customerPosition" label="Должность представителя заказчика" />
          <LineField
            name="customerBasis"
            label="Представитель заказчика действует на основании"
            missing="Укажите, на основании чего действует представитель заказчика."
            maxLength={300}
          />
        </>
      )}
    </>
  );
}
