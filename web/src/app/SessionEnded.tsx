import { Button, Modal } from 'antd';
import { signInAddress } from '@/shared/auth/entrySteps';

/**
 * Covers a page whose session has ended. What was typed is kept on this device and is restored
 * after the sign-in.
 */
export function SessionEnded({ open, returnTo }: { open: boolean; returnTo: string }) {
  return (
    <Modal
      open={open}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      title="Сеанс завершён"
      footer={
        <Button type="primary" href={signInAddress(returnTo)}>
          Войти снова
        </Button>
      }
    >
      <p>Истекло время работы, либо вы вышли в другом окне.</p>
      <p>
        То, что вы ввели на этой странице, сохранено на этом устройстве: после входа вы вернётесь сюда и продолжите.
      </p>
    </Modal>
  );
}
