import { Link } from 'react-router';
import { rolePath } from '@/shared/auth/entrySteps';
import { type Session, roleTitle, useSession } from '@/shared/auth/session';
import { Facts } from '@/shared/ui/Facts';
import { OwnRating } from '@/features/reviews/OwnRating';
import { EmployerSwitch } from './employer/EmployerSwitch';
import { EngineerProfile } from './engineer/EngineerProfile';
import { PartyProfile } from './party/PartyProfile';
import { ProfileFrame } from './ProfileFrame';

const partyKinds: Record<NonNullable<Session['partyKind']>, string> = {
  person: 'Физическое лицо',
  entrepreneur: 'Индивидуальный предприниматель',
  organisation: 'Организация',
};

/** Shows who is signed in and for whom he acts. */
export default function ProfilePage() {
  const session = useSession();
  const { person, partyKind, partyName } = session;
  const role = (
    <>
      {roleTitle(session)} <Link to={rolePath}>Сменить роль</Link>
    </>
  );
  return (
    <ProfileFrame>
      <div className="stack">
        <Facts
          items={[
            ['Фамилия, имя, отчество', person.name],
            ['Роль', role],
            ['От чьего имени', partyKind && partyKinds[partyKind]],
            ['Наименование', partyKind !== 'person' && partyName],
          ]}
        />
        {(session.role === 'customer' || session.role === 'employer') && <PartyProfile />}
        {session.head && <EmployerSwitch />}
        {session.role === 'engineer' && (
          <>
            <OwnRating />
            <EngineerProfile />
          </>
        )}
      </div>
    </ProfileFrame>
  );
}
