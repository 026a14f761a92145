import { Alert, Card } from 'antd';
import { useSession } from '@/shared/auth/session';
import { Facts } from '@/shared/ui/Facts';
import { zoneName } from '@/shared/lib/dates';
import { ConsentSettings } from './ConsentSettings';
import { MailSettings } from './MailSettings';
import { ProfileFrame } from './ProfileFrame';
import { Sessions } from './Sessions';

/** «Настройки учетной записи»: the data from Госуслуги, the letters, the sessions and the consent. */
export default function SettingsPage() {
  const { person, next } = useSession();
  return (
    <ProfileFrame>
      <div className="stack">
        {next === 'settings' && (
          <Alert
            type="info"
            showIcon
            title="Добро пожаловать! Проверьте сведения о себе: они будут использоваться в заказах и договорах."
          />
        )}
        <Card title={<h2>Сведения с Госуслуг</h2>}>
          <Facts
            items={[
              ['Фамилия, имя, отчество', person.name],
              ['Электронная почта', person.email || 'не указана'],
              ['Телефон', person.phone || 'не указан'],
              ['Часовой пояс устройства', zoneName()],
            ]}
          />
          <p className="note">
            Чтобы изменить эти сведения, измените их на Госуслугах и войдите на платформу снова. Даты и сроки
            показываются в часовом поясе вашего устройства.
          </p>
        </Card>
        <MailSettings />
        <Sessions />
        <ConsentSettings />
      </div>
    </ProfileFrame>
  );
}
