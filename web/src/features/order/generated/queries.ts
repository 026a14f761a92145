import { queryOptions, useMutation } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import { ProblemError } from '@/shared/api/problem';
import { queryKeys } from '@/shared/queryKeys';
import type { UploadedFile } from '@/shared/upload/useUploads';

export type ActDefaults = Schema<'ActDefaults'>;
export type InvoiceDefaults = Schema<'InvoiceDefaults'>;
export type InvoiceKind = 'prepayment-invoice' | 'invoice';
type GeneratedDocument = Schema<'GeneratedDocument'>;

/** The form of the act as the platform fills it in from the signed contract. */
export const actFormQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.generatedForm(order, 'act'),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/orders/{order}/generated/act', { params: { path: { order } }, signal })),
    gcTime: 0, // a form that is opened begins with what is stored now
  });

/** The form of an invoice as the platform fills it in. */
export const invoiceFormQuery = (order: string, kind: InvoiceKind) =>
  queryOptions({
    queryKey: queryKeys.order.generatedForm(order, kind),
    queryFn: ({ signal }) =>
      unwrap(api.GET(`/api/orders/{order}/generated/${kind}`, { params: { path: { order } }, signal })),
    gcTime: 0, // a form that is opened begins with what is stored now
  });

/** What the customer needs to pay now. */
export const paymentQuery = (order: string) =>
  queryOptions({
    queryKey: queryKeys.order.payment(order),
    queryFn: ({ signal }) => unwrap(api.GET('/api/orders/{order}/payment', { params: { path: { order } }, signal })),
  });

/** Generates an act. */
export const useGenerateAct = (order: string) =>
  useGenerate<ActDefaults['form']>(order, 'act', (form, key) =>
    unwrap(
      api.POST('/api/orders/{order}/generated/act', {
        params: { path: { order }, header: { 'Idempotency-Key': key } },
        body: { form },
      }),
    ),
  );

/** Generates an invoice. */
export const useGenerateInvoice = (order: string, kind: InvoiceKind) =>
  useGenerate<InvoiceDefaults['form']>(order, kind, (form, key) =>
    unwrap(
      api.POST(`/api/orders/{order}/generated/${kind}`, {
        params: { path: { order }, header: { 'Idempotency-Key': key } },
        body: { form },
      }),
    ),
  );

function useGenerate<Form>(
  order: string,
  kind: string,
  post: (form: Form, key: string) => Promise<{ document: GeneratedDocument }>,
) {
  return useMutation({
    mutationFn: async (form: Form): Promise<UploadedFile> => {
      const { document } = await underKey(`${order}/generated/${kind}`, form, (key) => post(form, key));
      return fileOf(await awaitFiles(order, document));
    },
  });
}

const pollInterval = 2_000;
const pollTimeout = 60_000;

/** Waits until a document is made. */
async function awaitFiles(order: string, document: GeneratedDocument): Promise<GeneratedDocument> {
  let current = document;
  for (const end = Date.now() + pollTimeout; current.status === 'making' && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, pollInterval));
    const { items } = await unwrap(api.GET('/api/orders/{order}/generated', { params: { path: { order } } }));
    current = items.find(({ id }) => id === document.id) ?? current;
  }
  return current;
}

function fileOf({ pdf, problem, status }: GeneratedDocument): UploadedFile {
  if (pdf) return pdf;
  throw new ProblemError({
    type: '/api/problems/refused',
    title: 'Документ не сформирован',
    status: 409,
    code: 'refused',
    detail:
      problem ?? (status === 'making' ? 'Документ ещё формируется. Повторите через минуту.' : 'Повторите попытку.'),
  });
}
