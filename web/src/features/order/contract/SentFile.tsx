import { useQuery } from '@tanstack/react-query';
import { Checkbox, Form, InputNumber, Radio, Typography } from 'antd';
import { useEffect } from 'react';
import type { OrderCard } from '@/shared/api/order';
import { TermDay } from '@/shared/ui/fields/DayField';
import { allValues, replaceValues } from '@/shared/ui/formValues';
import { AdvanceFields, type AdvanceNames } from '@/features/order/fields/AdvanceFields';
import { DocumentField } from '@/features/order/fields/DocumentField';
import { SignatureField, UploadedSignatureField } from '@/features/order/fields/SignatureField';
import { DocumentPane, NoDocument } from '@/features/order/signing/DocumentPane';
import { ContractConditions } from './ContractConditions';
import { generatedQuery, type ReadyContract, readyContract, wasSent } from './queries';
import { type SendContractValues, type Source, takesGenerated, withGenerated, withOwn } from './sending';

const names: AdvanceNames = {
  price: ['details', 'price'],
  percent: ['details', 'advanceBasisPoints'],
  advance: ['details', 'advance'],
  remainder: ['remainder'],
};

/**
 * The fields for the contract that is sent: the generated one with its conditions, or an own file
 * with typed ones, and the signature.
 */
export function SentFile({ card }: { card: OrderCard }) {
  const form = Form.useFormInstance<SendContractValues>();
  const contract = readyContract(useQuery(generatedQuery(card.id)).data);
  const sent = contract !== undefined && wasSent(card, contract);
  const source = Form.useWatch('source', { form, preserve: true });
  useEffect(() => {
    const values = allValues(form);
    if (!contract) return;
    if (takesGenerated(values, contract, sent)) replaceValues(form, withGenerated(values, contract));
    else if (!values.source) replaceValues(form, withOwn(values));
  }, [form, contract, sent]);
  const choose = (next: Source, document: ReadyContract) => {
    const values = { ...allValues(form), source }; // the form has the next source already
    replaceValues(form, next === 'own' ? withOwn(values) : withGenerated(values, document));
  };
  return (
    <>
      {contract && (
        <Form.Item name="source" label="Какой договор отправить">
          <Radio.Group
            className="choices"
            onChange={({ target }) => choose(target.value as Source, contract)}
            options={[
              { value: 'generated', label: 'Сформированный на платформе' },
              { value: 'own', label: 'Собственный файл' },
            ]}
          />
        </Form.Item>
      )}
      {contract && source === 'generated' ? (
        <Generated key="generated" card={card} contract={contract} />
      ) : (
        <Own key="own" card={card} />
      )}
    </>
  );
}

function Generated({ card, contract }: { card: OrderCard; contract: ReadyContract }) {
  return (
    <>
      <Typography.Paragraph>{contract.pdf.name}</Typography.Paragraph>
      <div className="sent-conditions">
        <ContractConditions document={contract} />
      </div>
      <SignatureField order={card.id} name={['details', 'signature']} of="договора" document={contract.pdf} />
    </>
  );
}

function Own({ card }: { card: OrderCard }) {
  return (
    <>
      <DocumentField
        order={card.id}
        name={['details', 'file']}
        label="Собственный файл договора"
        missing="Приложите файл договора."
      />
      <UploadedSignatureField
        order={card.id}
        name={['details', 'signature']}
        of="договора"
        file={['details', 'file']}
      />
      <AdvanceFields names={names} />
      <TermDay name={['details', 'termDate']} label="Срок исполнения" />
      <Form.Item name={['details', 'registration']} valuePropName="checked">
        <Checkbox>Договор предусматривает постановку на ГКУ/ГРП</Checkbox>
      </Form.Item>
      <Form.Item
        name={['details', 'acceptanceDays']}
        label="Срок приёмки по договору, рабочих дней"
        extra="Если договор его не указывает, оставьте пустым: тогда у заказчика 10 рабочих дней."
      >
        <InputNumber min={1} max={365} precision={0} />
      </Form.Item>
      <Form.Item
        name={['details', 'silenceAcceptsAfter']}
        label="Молчание заказчика — приёмка работ через, рабочих дней"
        extra="Укажите, только если так сказано в договоре, от 3 дней. Без этого молчание не приёмка."
      >
        <InputNumber min={3} max={365} precision={0} />
      </Form.Item>
    </>
  );
}

/** «Предпросмотр договора» of the file that is going to be signed. */
export function SentFilePane({ order }: { order: string }) {
  const form = Form.useFormInstance<SendContractValues>();
  const file = Form.useWatch((values: SendContractValues) => values.details?.file?.[0], { form, preserve: true });
  const contract = readyContract(useQuery(generatedQuery(order)).data);
  if (!file) return <NoDocument text="Здесь будет договор, когда вы приложите его файл." />;
  const docx = contract?.pdf.id === file.id ? contract.docx.id : undefined;
  return <DocumentPane order={order} document={file} docx={docx} />;
}
