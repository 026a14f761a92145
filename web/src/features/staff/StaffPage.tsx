import { useInfiniteQuery } from '@tanstack/react-query';
import { PlusOutlined } from '@ant-design/icons';
import { Badge, Button, Card, Form, Select, Space } from 'antd';
import { useState } from 'react';
import { ProfileFrame } from '@/features/profile/ProfileFrame';
import { formatDateTime } from '@/shared/lib/dates';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { PagedList } from '@/shared/ui/list/PagedList';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { RegistryName } from '@/shared/ui/RegistryName';
import { AddDialog } from './AddDialog';
import { DecisionDialog } from './DecisionDialog';
import { HeldOrdersDialog } from './HeldOrdersDialog';
import { StatusBadge } from './StatusBadge';
import { type LiveOrder, type Member, staffFilters, staffQuery } from './queries';
import { statusLabels, statusOptions, verbs, verbsFor } from './labels';
import { useOpenDialog } from './useOpenDialog';
import './staff.css';

const noFilters: never[] = [];

/** «Сотрудники»: the engineers of the organisation and the requests. */
export default function StaffPage() {
  const { filters, apply, reset, count } = useFilters<never, 'status'>(noFilters, staffFilters);
  const staff = useInfiniteQuery(staffQuery(filters));
  const { adding, decision, add, decide, close } = useOpenDialog();
  const about = staff.data?.pages.flatMap(({ items }) => items ?? []).find(({ id }) => id === decision?.employment);
  const [held, setHeld] = useState<LiveOrder[]>([]);
  const columns: Column<Member>[] = [
    {
      title: 'Кадастровый инженер',
      cell: ({ engineer, blocked }) => (
        <>
          {engineer.name}
          <RegistryName name={engineer.registryName} />
          <div className="note">
            № {engineer.registryNumber}
            {engineer.sro && `, ${engineer.sro}`}
          </div>
          {!engineer.inRegistry && <Badge status="warning" text="нет действующего статуса в реестре" />}
          {blocked && <Badge status="error" text="заблокирован модератором" />}
        </>
      ),
    },
    { title: 'Статус заявки', cell: (row) => <StatusBadge employment={row} labels={statusLabels} /> },
    { title: 'Изменён', cell: ({ changedAt }) => formatDateTime(changedAt) },
    {
      title: 'Связь',
      cell: ({ email, phone }) =>
        email || phone ? (
          <>
            <div>{email}</div>
            <div>{phone}</div>
          </>
        ) : (
          '—'
        ),
    },
    { title: 'Заказы в работе', cell: ({ orders }) => orders },
    {
      title: 'Действие',
      cell: (row) => (
        <Space wrap>
          {verbsFor('employer', row).map((verb) => (
            <Button
              key={verb}
              type={verb === 'confirm' ? 'primary' : 'default'}
              danger={verbs[verb].danger ?? false}
              aria-label={`${verbs[verb].button}: ${row.engineer.name}`}
              onClick={() => decide(verb, row.id)}
            >
              {verbs[verb].button}
            </Button>
          ))}
        </Space>
      ),
    },
  ];
  return (
    <ProfileFrame>
      <Card
        title={<h2>Сотрудники</h2>}
        extra={
          <Button type="primary" icon={<PlusOutlined />} onClick={add}>
            Добавить кадастрового инженера
          </Button>
        }
      >
        <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
          <Form.Item name="status" label="Статус заявки">
            <Select mode="multiple" allowClear placeholder="Все" options={statusOptions} />
          </Form.Item>
        </FilterPanel>
        <PagedList
          query={staff}
          empty="Сотрудников и заявок пока нет. Пригласите кадастрового инженера или дождитесь его заявки."
          filterCount={count}
          onResetFilters={reset}
        >
          {(rows) => <RowList rows={rows} columns={columns} keyOf={({ id }) => id} />}
        </PagedList>
      </Card>
      {adding && <AddDialog side="employer" onClose={close} />}
      {decision && about && (
        <DecisionDialog
          key={`${decision.verb}.${decision.employment}`}
          employment={about}
          verb={decision.verb}
          name={about.engineer.name}
          proves={decision.verb !== 'withdraw'}
          onClose={close}
          onHeld={setHeld}
        />
      )}
      {held.length > 0 && <HeldOrdersDialog orders={held} onClose={() => setHeld([])} />}
    </ProfileFrame>
  );
}
