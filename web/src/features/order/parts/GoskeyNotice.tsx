import { useQuery } from '@tanstack/react-query';
import { GoskeyState } from '@/features/order/fields/SignInGoskey';
import { type GoskeyAction, goskeyQuery, isPending } from '@/features/order/goskey';
import type { OrderCard } from '@/shared/api/order';

const signing: readonly GoskeyAction[] = ['sign-contract', 'accept-results', 'sign-act'];

/** Says on the card that a signature in «Госключ» is awaited, or why the last one was not applied. */
export function GoskeyNotice({ card }: { card: OrderCard }) {
  const open = signing.find((kind) => card.actions.some((action) => action.kind === kind));
  const document = open === 'sign-contract' ? card.contract?.file.sha256 : card.act?.file.sha256;
  const { data } = useQuery({ ...goskeyQuery(card.id), enabled: !!open && !!document });
  const request = data?.requests.find((one) => one.action === open && one.document === document);
  if (!request || !(isPending(request) || request.state === 'failed')) return null;
  return <GoskeyState request={request} />;
}
