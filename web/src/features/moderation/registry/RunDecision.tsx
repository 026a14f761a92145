import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Button, Card, Modal, Space } from 'antd';
import { useState } from 'react';
import { api, unwrap } from '@/shared/api/client';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { ReasonForm } from '@/features/moderation/ReasonForm';
import { queryKeys } from '@/shared/queryKeys';
import { type RunReport, runQuery } from './queries';

type Verb = 'confirm' | 'reject';

const texts: Record<Verb, { title: string; what: string }> = {
  confirm: {
    title: 'Применить снимок',
    what: 'Инженеры, которых снимок лишает статуса, потеряют его; их заказы в работе будут приостановлены. Отменить применение нельзя: статус вернёт только следующий снимок.',
  },
  reject: {
    title: 'Отклонить снимок',
    what: 'Снимок не будет применён никогда. Действуют сведения прежнего снимка, пока не придёт новый.',
  },
};

interface Props {
  run: RunReport;
  /** Called when the decision was sent and the run still awaits approval. */
  onAwait: () => void;
}

/**
 * Lets a moderator decide on a snapshot awaiting approval. The first decision counts; for a later
 * one the form stays open and shows that.
 */
export function RunDecision({ run: { id, verdict }, onAwait }: Props) {
  const [verb, setVerb] = useState<Verb>();
  return (
    <>
      {verdict === 'held' && (
        <Card title={<h2>Решение</h2>}>
          <p>
            Проверьте потери со СРО. Если потеря настоящая, примените снимок; если снимок неверен, отклоните. Следующий
            полный снимок заменит этот сам.
          </p>
          <Space wrap>
            <Button type="primary" danger onClick={() => setVerb('confirm')}>
              {texts.confirm.title}
            </Button>
            <Button onClick={() => setVerb('reject')}>{texts.reject.title}</Button>
          </Space>
        </Card>
      )}
      {verb && <DecisionModal run={id} verb={verb} onAwait={onAwait} onClose={() => setVerb(undefined)} />}
    </>
  );
}

interface ModalProps {
  run: string;
  verb: Verb;
  onAwait: () => void;
  onClose: () => void;
}

function DecisionModal({ run, verb, onAwait, onClose }: ModalProps) {
  useFocusReturn();
  const { title, what } = texts[verb];
  const queries = useQueryClient();
  const { message } = AntdApp.useApp();
  const decision = useMutation({
    mutationFn: (reason: string) => {
      const options = { params: { path: { run } }, body: { reason } };
      return unwrap(
        verb === 'confirm'
          ? api.POST('/api/registry/runs/{run}/confirm', options)
          : api.POST('/api/registry/runs/{run}/reject', options),
      );
    },
    onSuccess: (report) => {
      queries.setQueryData(runQuery(run).queryKey, report);
      const awaitsApproval = report.verdict === 'held';
      if (awaitsApproval) onAwait();
      void message.success(awaitsApproval ? 'Решение отправлено и исполняется.' : 'Решение исполнено.');
      onClose();
    },
    // A refusal also means that the page is outdated.
    onSettled: () =>
      Promise.all(
        [queryKeys.registry.all, queryKeys.engineers.all, queryKeys.orders.all, queryKeys.order.all].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
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
