import { useQuery } from '@tanstack/react-query';
import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Space } from 'antd';
import { ProfileFrame } from '@/features/profile/ProfileFrame';
import { formatDateTime } from '@/shared/lib/dates';
import { Facts } from '@/shared/ui/Facts';
import { ListState } from '@/shared/ui/list/ListState';
import { AddDialog } from './AddDialog';
import { DecisionDialog } from './DecisionDialog';
import { StatusBadge } from './StatusBadge';
import { employmentsQuery, type OwnEmployment } from './queries';
import { employerStatusLabels, verbs, verbsFor } from './labels';
import { useOpenDialog } from './useOpenDialog';
import './staff.css';

const isCurrent = ({ status }: OwnEmployment) => status === 'confirmed' || status === 'suspended';
const isOwnRequest = ({ status, askedBy }: OwnEmployment) => status === 'pending' && askedBy === 'engineer';

/** «Добавить работодателя» and «Сведения о работодателе»: the employer of the engineer and his requests. */
export default function EmployerPage() {
  const employments = useQuery(employmentsQuery);
  const { adding, decision, add, decide, close } = useOpenDialog();
  const all = employments.data?.items ?? [];
  const current = all.find(isCurrent);
  const about = all.find(({ id }) => id === decision?.employment);
  const mayAsk = employments.data !== undefined && !current && !all.some(isOwnRequest);
  return (
    <ProfileFrame>
      <Card
        title={<h2>{current ? 'Сведения о работодателе' : 'Добавить работодателя'}</h2>}
        extra={
          mayAsk && (
            <Button type="primary" icon={<PlusOutlined />} onClick={add}>
              Добавить заявку
            </Button>
          )
        }
      >
        <ListState
          query={employments}
          isEmpty={all.length === 0}
          empty="Работодателя и заявок нет. Если вы работаете в организации, добавьте заявку и дождитесь подтверждения."
        >
          <ul className="row-cards staff-employers">
            {all.map((one) => (
              <li key={one.id}>
                <h3>{one.employer.name}</h3>
                <StatusBadge employment={one} labels={employerStatusLabels} />
                <Facts
                  items={[
                    ['Заявку подали', one.askedBy === 'engineer' ? 'вы' : 'организация'],
                    ['Когда', formatDateTime(one.askedAt)],
                    ['Изменено', one.status !== 'pending' && formatDateTime(one.changedAt)],
                    ['ИНН', one.employer.inn],
                    ['ОГРН', one.employer.ogrn],
                    ['Адрес', one.employer.address],
                  ]}
                />
                <Space wrap>
                  {verbsFor('engineer', one).map((verb) => (
                    <Button
                      key={verb}
                      type={verb === 'confirm' ? 'primary' : 'default'}
                      danger={verbs[verb].danger ?? false}
                      disabled={verb === 'confirm' && current !== undefined}
                      aria-label={`${verbs[verb].button}: ${one.employer.name}`}
                      onClick={() => decide(verb, one.id)}
                    >
                      {verbs[verb].button}
                    </Button>
                  ))}
                </Space>
                {one.status === 'pending' && one.askedBy === 'employer' && current && (
                  <p className="note">
                    Чтобы подтвердить, сначала удалите нынешнего работодателя: двух сразу быть не может.
                  </p>
                )}
              </li>
            ))}
          </ul>
        </ListState>
      </Card>
      {adding && mayAsk && <AddDialog side="engineer" onClose={close} />}
      {decision && about && (
        <DecisionDialog
          key={`${decision.verb}.${decision.employment}`}
          employment={about}
          verb={decision.verb}
          name={about.employer.name}
          onClose={close}
        />
      )}
    </ProfileFrame>
  );
}
