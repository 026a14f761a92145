import { Card } from 'antd';
import { ProfileFrame } from '@/features/profile/ProfileFrame';
import { Decisions } from './Decisions';
import { People } from './People';

/**
 * «Допуск сотрудников»: whom the head of an organisation admits to act for it, and the earlier
 * decisions.
 */
export default function AdmissionsPage() {
  return (
    <ProfileFrame>
      <div className="stack">
        <Card title={<h2>Допуск сотрудников</h2>}>
          <p className="note">
            Здесь сотрудники, которые входили на платформу через Госуслуги. Допущенный сотрудник ведёт заказы от имени
            организации; подписывает за неё только руководитель.
          </p>
          <People />
        </Card>
        <Card title={<h2>История решений</h2>}>
          <Decisions />
        </Card>
      </div>
    </ProfileFrame>
  );
}
