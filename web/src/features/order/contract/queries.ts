import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import type { OrderCard } from '@/shared/api/order';
import { useSession } from '@/shared/auth/session';
import { queryKeys } from '@/shared/queryKeys';

export type ContractDefaults = Schema<'ContractDefaults'>;
export type ContractForm = Schema<'ContractForm'>;
export type GeneratedDocument = Schema<'GeneratedDocument'>;

/** A generated contract with its files and conditions. */
export type ReadyContract = GeneratedDocument & Required<Pick<GeneratedDocument, 'pdf' | 'docx' | 'contract'>>;

/** The form of the contract as the platform fills it in. */
export const contractFormQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.contractForm(order),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/orders/{order}/generated/contract', { params: { path: { order } }, signal })),
    gcTime: 0, // a form that is opened begins with what is stored now
  });

const makingInterval = 2_000;

/** The documents that the platform generated for the performer, the newest of each kind. */
export const generatedQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.generated(order),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/orders/{order}/generated', { params: { path: { order } }, signal }))).items,
    // No event tells that a document is made.
    refetchInterval: ({ state }) => state.data?.some(({ status }) => status === 'making') && makingInterval,
  });

/** Returns the newest generated contract, in whatever state it is. */
export const newestContract = (documents: readonly GeneratedDocument[] | undefined): GeneratedDocument | undefined =>
  documents?.find(({ kind }) => kind === 'contract');

/** Returns the generated contract if it is ready. */
export function readyContract(documents: readonly GeneratedDocument[] | undefined): ReadyContract | undefined {
  const document = newestContract(documents);
  if (document?.status !== 'ready' || !document.pdf || !document.docx || !document.contract) return undefined;
  return { ...document, pdf: document.pdf, docx: document.docx, contract: document.contract };
}

/** Reports whether a generated contract was sent with the order, now or before. */
export const wasSent = ({ documents }: Pick<OrderCard, 'documents'>, { pdf }: ReadyContract): boolean =>
  documents?.some(({ file }) => file === pdf.id) ?? false;

/** Returns the ready contract of an order while its contract is prepared; only for its performer. */
export function useGeneratedContract({ id, party, stage }: OrderCard): ReadyContract | undefined {
  const { role } = useSession();
  const enabled = party && role === 'engineer' && stage.code === 'contract';
  const { data } = useQuery({ ...generatedQuery(id), enabled });
  return enabled ? readyContract(data) : undefined;
}

/** Generates a contract. The list then begins with it, while it is still being made too. */
export function useGenerateContract(order: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: { form: ContractForm; withdrawSent: boolean }) =>
      (
        await underKey(`${order}/generated/contract`, body, (key) =>
          unwrap(
            api.POST('/api/orders/{order}/generated/contract', {
              params: { path: { order }, header: { 'Idempotency-Key': key } },
              body,
            }),
          ),
        )
      ).document,
    onSuccess: (document) =>
      queries.setQueryData(generatedQuery(order).queryKey, (before) => [
        document,
        ...(before ?? []).filter(({ kind }) => kind !== document.kind),
      ]),
    // A refusal may mean that the order has changed. Its message does not wait for the queries.
    onSettled: () => void queries.invalidateQueries({ queryKey: queryKeys.order.one(order) }),
  });
}
