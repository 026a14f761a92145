import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Button, Card, Modal, Space } from 'antd';
import { useState } from 'react';
import { api, ask } from '../../../api/client';
import { ReasonForm } from '../ReasonForm';
import { type RunReport, runQuery } from './queries';

type Verb = 'confirm' | 'reject';

const words: Record<Verb, { title: string; what: string }> = {
  confirm: {
    title: 'Применить снимок',
    what: 'Инженеры, которых снимок лишает статуса, потеряют его; их заказы в работе будут приостановлены. Отменить применение нельзя: статус вернёт только следующий снимок.',
  },
  reject: { title: 'Отклонить снимок', what: 'Снимок не будет применён никогда. Действуют сведения прежнего снимка, пока не придёт новый.' },
};

/** The decision on a held snapshot. The first one counts. */
export function RunDecision({ run }: { run: RunReport }) {
  const [verb, setVerb] = useState<Verb>();
  return (
    <Card title={<h2>Решение</h2>}>
      <p>Проверьте потери со СРО. Если потеря настоящая, примените снимок; если снимок неверен, отклоните. Следующий полный снимок заменит этот сам.</p>
      <Space wrap>
        <Button type="primary" danger onClick={() => setVerb('confirm')}>
          {words.confirm.title}
        </Button>
        <Button onClick={() => setVerb('reject')}>{words.reject.title}</Button>
      </Space>
      {verb && <DecisionModal run={run.id} verb={verb} onClose={() => setVerb(undefined)} />}
    </Card>
  );
}

function DecisionModal({ run, verb, onClose }: { run: string; verb: Verb; onClose: () => void }) {
  const { title, what } = words[verb];
  const queries = useQueryClient();
  const { message } = AntdApp.useApp();
  const decision = useMutation({
    mutationFn: (reason: string) => {
      const options = { params: { path: { run } }, body: { reason } };
      return ask(verb === 'confirm' ? api.POST('/api/registry/runs/{run}/confirm', options) : api.POST('/api/registry/runs/{run}/reject', options));
    },
    onSuccess: (report) => {
      queries.setQueryData(runQuery(run).queryKey, report);
      void message.success(report.verdict === 'held' ? 'Решение отправлено и исполняется.' : 'Решение исполнено.');
      onClose();
    },
    // A refusal too says that the page is behind.
    onSettled: () => Promise.all([['registry'], ['engineers'], ['orders'], ['order']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  return (
    <Modal open title={title} onCancel={onClose} footer={null} destroyOnHidden>
      <p>{what}</p>
      <ReasonForm
        submit={title}
        danger={verb === 'confirm'}
        draft={`registry.${run}.${verb}`}
        extra="Без персональных данных: причина останется в истории загрузки."
        mutation={decision}
        onCancel={onClose}
      />
    </Modal>
  );
}
