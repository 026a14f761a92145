import { useQuery } from '@tanstack/react-query';
import { Alert, Form, Input } from 'antd';
import { MissingRequisites } from '@/features/order/parts/MissingRequisites';
import { filledIn } from '@/shared/lib/humanText';
import { formatMoney } from '@/shared/lib/money';
import { Facts } from '@/shared/ui/Facts';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { ContractReferenceFields, LineField, PerformerRepresentative } from './fields';
import type { DialogProps } from './GenerateButton';
import { GenerateDialog } from './GenerateDialog';
import { type InvoiceDefaults, invoiceFormQuery, type InvoiceKind, useGenerateInvoice } from './queries';

/** «Сформировать счет» for the advance. */
export function PrepaymentInvoiceDialog(props: DialogProps) {
  return <InvoiceDialog kind="prepayment-invoice" {...props} />;
}

/** «Сформировать счет» for the final payment. */
export function FinalInvoiceDialog(props: DialogProps) {
  return <InvoiceDialog kind="invoice" {...props} />;
}

function InvoiceDialog({ order, kind, ...handlers }: DialogProps & { kind: InvoiceKind }) {
  const { data, error, refetch } = useQuery(invoiceFormQuery(order, kind));
  return (
    <GenerateDialog
      title="Сформировать счет"
      initial={data?.form}
      last={data?.last}
      error={error}
      onRetry={() => void refetch()}
      generate={useGenerateInvoice(order, kind)}
      draft={`generate.${order}.${kind}`}
      {...handlers}
    >
      {data && <InvoiceFormFields defaults={data} />}
    </GenerateDialog>
  );
}

function InvoiceFormFields({ defaults }: { defaults: InvoiceDefaults }) {
  const { performer, performerKind, customer, sum, codeProblem } = defaults;
  return (
    <>
      <MissingRequisites {...defaults} />
      {codeProblem && <Alert type="warning" showIcon title="В счете не будет QR-кода" description={codeProblem} />}
      <Facts
        items={[
          ['Получатель', performer],
          ['Плательщик', customer],
          ['Сумма по договору', formatMoney(sum)],
        ]}
      />
      <LineField name="number" label="Номер счета" missing="Укажите номер счета." maxLength={60} />
      <ContractReferenceFields />
      <Form.Item
        name="purpose"
        label="Назначение платежа"
        extra="Так платёж увидит банк. При необходимости укажите НДС."
        rules={[filledIn('Укажите назначение платежа.')]}
      >
        <Input.TextArea rows={2} maxLength={210} showCount />
      </Form.Item>
      <OptionalDay name="validUntil" label="Счет действителен до" />
      {performerKind === 'organisation' && <PerformerRepresentative />}
    </>
  );
}
