import { Button, Modal } from 'antd';
import { renewAddress } from '@/shared/auth/entrySteps';

/**
 * Covers a page of an organisation when ЕСИА must confirm again that the user acts for it. The link
 * leads through Госуслуги and back; what was typed is kept.
 */
export function RenewAuthority({ open, returnTo }: { open: boolean; returnTo: string }) {
  return (
    <Modal
      open={open}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      title="Подтвердите полномочия"
      footer={
        <Button type="primary" href={renewAddress(returnTo)}>
          Подтвердить на Госуслугах
        </Button>
      }
    >
      <p>Платформа раз в час проверяет на Госуслугах, что вы по-прежнему работаете в организации.</p>
      <p>Введённое на этой странице сохранено на этом устройстве: после проверки вы вернётесь сюда в той же роли.</p>
    </Modal>
  );
}
