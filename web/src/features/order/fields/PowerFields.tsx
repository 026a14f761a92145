import { Alert, Checkbox, Form } from 'antd';
import type { OrderCard } from '@/shared/api/order';
import { FilesField } from './FilesField';
import { mustSignByPower } from './powers';

/**
 * The fields for the power of attorney (МЧД) of a representative who signs. Who may not sign otherwise
 * gets them at once.
 */
export function PowerFields({ card }: { card: OrderCard }) {
  const chosen = Form.useWatch<boolean | undefined>('byPower');
  const delegated = Form.useWatch<boolean | undefined>('delegated');
  const required = mustSignByPower(card);
  return (
    <>
      {required ? (
        <Alert
          className="power-required"
          type="info"
          showIcon
          title="Вы подписываете за организацию, но вы не её руководитель"
          description="Подпишите документ своим сертификатом и приложите доверенность (МЧД), которую подписал руководитель. Или передайте подписание руководителю."
        />
      ) : (
        <Form.Item name="byPower" valuePropName="checked">
          <Checkbox>Подписывает представитель по доверенности (МЧД)</Checkbox>
        </Form.Item>
      )}
      {(chosen === true || required) && (
        <>
          <PowerOfAttorney
            order={card.id}
            index={0}
            label="Доверенность (МЧД)"
            extra="Файл XML единого формата 003: его имя начинается с ON_EMCHD."
            signature="Подпись доверенности"
            signatureExtra="Файл .sig, которым доверенность подписал тот, кто её выдал."
          />
          <Form.Item name="delegated" valuePropName="checked">
            <Checkbox>Доверенность выдана в порядке передоверия</Checkbox>
          </Form.Item>
          {delegated && (
            <PowerOfAttorney
              order={card.id}
              index={1}
              label="Первоначальная доверенность (МЧД)"
              extra="Доверенность, полномочия по которой переданы."
              signature="Подпись первоначальной доверенности"
              signatureExtra="Файл .sig, которым её подписала сторона договора."
            />
          )}
        </>
      )}
    </>
  );
}

interface PowerProps {
  order: string;
  index: number;
  label: string;
  extra: string;
  signature: string;
  signatureExtra: string;
}

function PowerOfAttorney({ order, index, label, extra, signature, signatureExtra }: PowerProps) {
  return (
    <>
      <FilesField
        order={order}
        name={['details', 'powers', index, 'file']}
        label={label}
        extra={extra}
        missing="Приложите файл доверенности."
        accept=".xml,text/xml,application/xml"
        maxCount={1}
      />
      <FilesField
        order={order}
        name={['details', 'powers', index, 'signature']}
        label={signature}
        extra={signatureExtra}
        missing="Приложите файл подписи доверенности."
        accept=".sig,.sgn,.p7s"
        maxCount={1}
      />
    </>
  );
}
