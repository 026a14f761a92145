import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App as AntdApp, Button, Card, Flex, Form, Input, Radio, Skeleton } from 'antd';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { problemOf } from '@/shared/api/problem';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { formatDateTime } from '@/shared/lib/dates';
import { queryKeys } from '@/shared/queryKeys';

type Settings = Schema<'LetterSettings'>;
type Topic = keyof Settings['topics'];
type Frequency = Settings['topics'][Topic];

const mailQuery = queryOptions({
  queryKey: queryKeys.mail,
  queryFn: ({ signal }) => unwrap(api.GET('/api/mail/settings', { signal })),
  refetchOnWindowFocus: true, // the address is confirmed in another window
});

const topics: readonly { topic: Topic; label: string }[] = [
  { topic: 'action', label: 'Ждут вашего действия' },
  { topic: 'progress', label: 'Ход ваших заказов' },
  { topic: 'found', label: 'Заказы по сохранённым поискам' },
  { topic: 'account', label: 'Учётная запись, сотрудники и отзывы' },
];

const frequencies: readonly { value: Frequency; label: string }[] = [
  { value: 'now', label: 'сразу' },
  { value: 'daily', label: 'раз в день' },
  { value: 'never', label: 'не присылать' },
];

/** The address for letters about notifications, and how often they come. */
export function MailSettings() {
  const settings = useQuery(mailQuery);
  return (
    <Card title={<h2>Уведомления на почту</h2>}>
      {settings.error && <ProblemAlert error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isPending && <Skeleton active title={false} />}
      {settings.data && !settings.data.enabled && <p>Платформа сейчас не отправляет писем.</p>}
      {settings.data?.enabled && (
        <div className="stack">
          <AddressForm key={settings.data.address} settings={settings.data} />
          {settings.data.confirmedAt && <TopicsForm settings={settings.data} />}
        </div>
      )}
    </Card>
  );
}

function AddressForm({ settings }: { settings: Settings }) {
  const [form] = Form.useForm<{ address: string }>();
  const asked = useSettingsChange(
    (address: string) => unwrap(api.PUT('/api/mail/address', { body: { address } })),
    'Письмо со ссылкой отправлено',
  );
  const removed = useSettingsChange(() => unwrap(api.DELETE('/api/mail/address')), 'Адрес удалён');
  const problem = asked.error && problemOf(asked.error);
  const atField = problem?.errors?.find(({ field }) => field === 'address')?.message;
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ address: settings.address ?? settings.suggested ?? '' }}
      onFinish={({ address }) => asked.mutate(address)}
    >
      <AddressState settings={settings} />
      {problem && !atField && <ProblemAlert error={asked.error} />}
      <Form.Item
        name="address"
        label="Адрес электронной почты"
        rules={[{ required: true, whitespace: true, message: 'Укажите адрес.' }]}
        {...(atField && { validateStatus: 'error' as const, help: atField })}
      >
        <Input inputMode="email" autoComplete="email" maxLength={254} />
      </Form.Item>
      <Flex gap="small" wrap>
        <Button htmlType="submit" type={settings.confirmedAt ? 'default' : 'primary'} loading={asked.isPending}>
          {buttonOf(settings)}
        </Button>
        {settings.address && (
          <Button danger loading={removed.isPending} onClick={() => removed.mutate(undefined)}>
            Удалить адрес
          </Button>
        )}
      </Flex>
    </Form>
  );
}

function buttonOf({ address, confirmedAt, refusedAt }: Settings): string {
  if (refusedAt) return 'Проверить адрес ещё раз';
  if (confirmedAt) return 'Изменить адрес';
  return address ? 'Отправить ссылку ещё раз' : 'Подтвердить адрес';
}

function AddressState({ settings: { address, askedAt, confirmedAt, refusedAt } }: { settings: Settings }) {
  if (!address) {
    return <p>Укажите адрес, чтобы уведомления приходили и письмами. На него придёт ссылка для подтверждения.</p>;
  }
  if (refusedAt) {
    return (
      <Alert
        type="error"
        showIcon
        title={`Письма на адрес ${address} не доставляются: ${formatDateTime(refusedAt)} почтовый сервер сообщил, что такого ящика нет или он отключён. Исправьте адрес или проверьте его ещё раз.`}
      />
    );
  }
  if (!confirmedAt) {
    return (
      <Alert
        type="info"
        showIcon
        title={`На адрес ${address} отправлена ссылка${askedAt ? ` ${formatDateTime(askedAt)}` : ''}. Откройте её, и адрес будет подтверждён. Пока он не подтверждён, других писем не будет.`}
      />
    );
  }
  return (
    <p>
      Письма приходят на адрес {address}, он подтверждён {formatDateTime(confirmedAt)}.
    </p>
  );
}

function TopicsForm({ settings }: { settings: Settings }) {
  const stopped = settings.stoppedAt !== undefined;
  const saved = useSettingsChange(
    (body: { topics: Settings['topics']; stopped: boolean }) => unwrap(api.PUT('/api/mail/settings', { body })),
    'Сохранено',
  );
  if (settings.stoppedAt) {
    return (
      <Alert
        type="warning"
        showIcon
        title={`Вы отказались от писем ${formatDateTime(settings.stoppedAt)}.`}
        action={
          <Button loading={saved.isPending} onClick={() => saved.mutate({ topics: settings.topics, stopped: false })}>
            Снова присылать
          </Button>
        }
      />
    );
  }
  return (
    <div>
      <h3>Когда присылать</h3>
      {topics.map(({ topic, label }) => (
        <Form.Item key={topic} label={label} layout="vertical">
          <Radio.Group
            aria-label={label}
            disabled={saved.isPending}
            options={[...frequencies]}
            value={settings.topics[topic]}
            onChange={({ target }) =>
              saved.mutate({ topics: { ...settings.topics, [topic]: target.value as Frequency }, stopped })
            }
          />
        </Form.Item>
      ))}
      <p className="note">«Раз в день» — в 9 часов по московскому времени, одним письмом.</p>
    </div>
  );
}

/** Changes the settings, shows the new ones, and says that it is done. */
function useSettingsChange<T>(change: (what: T) => Promise<Settings>, done: string) {
  const queries = useQueryClient();
  const { message } = AntdApp.useApp();
  return useMutation({
    mutationFn: change,
    onSuccess: (settings) => {
      queries.setQueryData(queryKeys.mail, settings);
      void message.success(done);
    },
    onError: (error) => {
      const problem = problemOf(error);
      if (!problem.errors?.length) void message.error(problem.detail);
    },
  });
}
