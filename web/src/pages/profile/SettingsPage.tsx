import { Alert, Card, Descriptions } from 'antd';
import { useSession } from '../../app/session';
import { zoneName } from '../../lib/dates';
import { ConsentSettings } from './ConsentSettings';
import { ProfileFrame } from './ProfileFrame';

/** «Настройки учетной записи»: what Госуслуги say of the person, and his consent. */
export default function SettingsPage() {
  const { person, next } = useSession();
  return (
    <ProfileFrame>
      <div className="stack">
        {next === 'settings' && (
          <Alert type="info" showIcon title="Добро пожаловать! Проверьте сведения о себе: они будут использоваться в заказах и договорах." />
        )}
        <Card title={<h2>Сведения с Госуслуг</h2>}>
          <Descriptions column={1} bordered size="middle" className="facts">
            <Descriptions.Item label="Фамилия, имя, отчество">{person.name}</Descriptions.Item>
            <Descriptions.Item label="Электронная почта">{person.email || 'не указана'}</Descriptions.Item>
            <Descriptions.Item label="Телефон">{person.phone || 'не указан'}</Descriptions.Item>
            <Descriptions.Item label="Часовой пояс устройства">{zoneName()}</Descriptions.Item>
          </Descriptions>
          <p className="note">Чтобы изменить эти сведения, измените их на Госуслугах и войдите на платформу снова. Даты и сроки показываются в часовом поясе вашего устройства.</p>
        </Card>
        <ConsentSettings />
      </div>
    </ProfileFrame>
  );
}
