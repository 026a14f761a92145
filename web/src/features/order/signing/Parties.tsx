import { Card, Form } from 'antd';
import type { ReactNode } from 'react';
import type { FileRef } from '@/features/order/fields/files';
import { mustSignByPower } from '@/features/order/fields/powers';
import { customerKindName } from '@/features/order/labels';
import type { OrderCard } from '@/shared/api/order';
import { type Session, useSession } from '@/shared/auth/session';
import { formatDateTime } from '@/shared/lib/dates';
import { Facts } from '@/shared/ui/Facts';

interface Props {
  card: OrderCard;
  /** The signature of the performer, if he has signed. */
  performerSignature?: FileRef | undefined;
}

/** Shows who signs for whom, and by which authority. */
export function Parties({ card, performerSignature }: Props) {
  const session = useSession();
  const chosen = Form.useWatch<boolean | undefined>('byPower');
  const byPower = chosen === true || mustSignByPower(card);
  const { performer, customer, customerKind } = card;
  const isEngineer = session.role === 'engineer';
  return (
    <Card title={<h2>Стороны</h2>}>
      <Facts
        items={[
          [
            'Исполнитель',
            performer && (
              <Party
                name={[performer.name, performer.employer].filter(Boolean).join(', ')}
                signs={isEngineer ? signing(session, byPower) : signedText(card, performerSignature)}
              />
            ),
          ],
          [
            'Заказчик',
            <Party
              key="customer"
              name={[customer?.name, customerKind && customerKindName(customerKind).toLowerCase()]
                .filter(Boolean)
                .join(', ')}
              signs={isEngineer ? 'подписывает после вас' : signing(session, byPower)}
            />,
          ],
        ]}
      />
    </Card>
  );
}

function Party({ name, signs }: { name: string; signs: ReactNode }) {
  return (
    <>
      {name}
      {signs && <div className="note">{signs}</div>}
    </>
  );
}

/** Says how the user's party signs. */
function signing({ role, partyKind, head }: Session, byPower: boolean): string {
  const ofOrganisation = role === 'customer' && partyKind === 'organisation';
  if (byPower)
    return ofOrganisation && !head
      ? 'подписываете вы как представитель по доверенности (МЧД)'
      : 'подписывает представитель по доверенности (МЧД)';
  return ofOrganisation ? 'подписываете вы как руководитель организации' : 'подписываете вы';
}

/** Says who signed and when; nothing of a signature that the card does not have. */
function signedText({ documents }: OrderCard, signature: FileRef | undefined): string | undefined {
  const document = documents?.find(({ file }) => file === signature?.id);
  if (!document) return undefined;
  const { signer, byPower } = document.signature ?? {};
  return [
    `подпись получена ${formatDateTime(document.createdAt)}`,
    signer && `подписал(а): ${signer}${byPower ? ', по доверенности (МЧД)' : ''}`,
  ]
    .filter(Boolean)
    .join('; ');
}
