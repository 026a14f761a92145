import { Descriptions } from 'antd';
import { Link } from 'react-router';
import { rolePath } from '../../app/entrySteps';
import { roleTitle, useSession } from '../../app/session';
import { ProfileFrame } from './ProfileFrame';

const partyKinds: Record<string, string> = {
  person: 'Физическое лицо', entrepreneur: 'Индивидуальный предприниматель', organisation: 'Организация',
};

/** Who is signed in, and as whom he acts. */
export default function ProfilePage() {
  const session = useSession();
  const { person, partyKind, partyName } = session;
  return (
    <ProfileFrame>
      <Descriptions column={1} bordered size="middle" className="facts" layout="horizontal">
        <Descriptions.Item label="Фамилия, имя, отчество">{person.name}</Descriptions.Item>
        <Descriptions.Item label="Роль">
          {roleTitle(session)} <Link to={rolePath}>Сменить роль</Link>
        </Descriptions.Item>
        {partyKind && <Descriptions.Item label="От чьего имени">{partyKinds[partyKind] ?? partyKind}</Descriptions.Item>}
        {partyName && partyKind !== 'person' && <Descriptions.Item label="Наименование">{partyName}</Descriptions.Item>}
      </Descriptions>
    </ProfileFrame>
  );
}
