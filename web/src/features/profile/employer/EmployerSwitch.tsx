import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Card, Switch } from 'antd';
import { Link } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { rolePath, staffPath } from '@/shared/auth/entrySteps';
import { useSession } from '@/shared/auth/session';
import { queryKeys } from '@/shared/queryKeys';
import { ListState } from '@/shared/ui/list/ListState';
import { useProblem } from '@/shared/ui/useProblem';

const employerQuery = {
  queryKey: queryKeys.organisation.employer,
  queryFn: ({ signal }: { signal: AbortSignal }) => unwrap(api.GET('/api/organisation/employer', { signal })),
};

/** The switch «Являюсь работодателем кадастровых инженеров» of an organisation, for its head. */
export function EmployerSwitch() {
  const { role } = useSession();
  const state = useQuery(employerQuery);
  const queries = useQueryClient();
  const problem = useProblem();
  const { message } = AntdApp.useApp();
  const change = useMutation({
    mutationFn: (employer: boolean) => unwrap(api.PUT('/api/organisation/employer', { body: { employer } })),
    onSuccess: ({ employer }) =>
      void message.success(employer ? 'Организация стала работодателем' : 'Организация больше не работодатель'),
    onSettled: () =>
      Promise.all(
        [queryKeys.organisation.employer, queryKeys.roles, queryKeys.session].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
  const employer = state.data?.employer ?? false;
  const toggle = (next: boolean) => {
    problem.clear();
    change.mutateAsync(next).catch(problem.show);
  };
  return (
    <Card title={<h2>Кадастровые инженеры</h2>}>
      <ListState query={state} isEmpty={false} empty="">
        <div className="employer-switch">
          <Switch
            id="employer-switch"
            checked={employer}
            loading={change.isPending}
            onChange={toggle}
            aria-labelledby="employer-switch-label"
          />
          <label id="employer-switch-label" htmlFor="employer-switch">
            Являюсь работодателем кадастровых инженеров
          </label>
        </div>
        <p className="note">
          {!employer &&
            'Включите, если в вашей организации работают кадастровые инженеры: они смогут найти её, а вы — вести список сотрудников.'}
          {employer && role === 'employer' && (
            <>
              Сотрудники и заявки — во вкладке <Link to={staffPath}>«Сотрудники»</Link>.
            </>
          )}
          {employer && role !== 'employer' && (
            <>
              Чтобы вести сотрудников, <Link to={rolePath}>смените роль</Link> на «Работодатель».
            </>
          )}
        </p>
      </ListState>
      {problem.alert}
    </Card>
  );
}
