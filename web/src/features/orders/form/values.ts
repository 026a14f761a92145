import type { Schema } from '@/shared/api/client';
import type { UploadedFile } from '@/shared/upload/useUploads';
import { toWholeNumber } from '@/shared/lib/wholeNumber';
import { parseMoney } from '@/shared/lib/money';
import type { OrderCard } from '@/shared/api/order';
import { isFilled } from '@/shared/lib/humanText';

/**
 * The values of the order form. The names of the fields are those of the API, so that its messages
 * find them.
 */
export interface OrderFormValues {
  text: {
    address?: string;
    city?: string;
    street?: string;
    cadastralNumbers?: (string | undefined)[];
    object?: string;
    description?: string;
  };
  /** Which of the two terms is used; the other one stays as it was typed. */
  termBy: 'date' | 'days';
  details: {
    region?: string;
    workKind?: string;
    /** The price in roubles as typed. */
    price?: string;
    termDate?: string;
    /** A number, or the text that was typed instead. */
    termDays?: number | string;
    prepayment?: boolean;
    registration?: boolean;
    files?: UploadedFile[];
  };
}

export type Publication = Schema<'DetailedInputTermsFormBody'>;

/** A saved form as the API returns it: any field may be missing or malformed. */
export interface FormContent {
  details: Record<string, unknown>;
  text: Record<string, unknown>;
}

export const emptyForm: OrderFormValues = { text: {}, termBy: 'days', details: {} };

/**
 * Returns the conditions to publish. Empty fields are omitted; the form has validated the price.
 */
export function toPublication({ text, details, termBy }: OrderFormValues): Publication {
  const price = parseMoney(details.price ?? '');
  const days = toWholeNumber(details.termDays);
  return {
    details: {
      // If one of these is missing, the API reports it at its field.
      ...({ region: details.region, workKind: details.workKind } as { region: string; workKind: string }),
      ...(price !== undefined && { price }),
      ...(termBy === 'date' && details.termDate && { termDate: details.termDate }),
      ...(termBy === 'days' && days !== undefined && { termDays: days }),
      prepayment: details.prepayment ?? false,
      registration: details.registration ?? false,
      ...(details.files?.length && { files: details.files.map(({ id, sha256 }) => ({ id, sha256 })) }),
    },
    text: {
      address: trimmed(text.address) ?? '',
      ...defined({
        city: trimmed(text.city),
        street: trimmed(text.street),
        object: trimmed(text.object),
        description: trimmed(text.description),
      }),
      ...(numbersOf(text).length > 0 && { cadastralNumbers: numbersOf(text) }),
    },
  };
}

/**
 * Returns the cadastral numbers without empty lines, so that the API's «cadastralNumbers[1]» is the
 * second line on the screen too.
 */
export function numbersOf(text: OrderFormValues['text']): string[] {
  return (text.cadastralNumbers ?? []).flatMap((number) => trimmed(number) ?? []);
}

/**
 * Returns the content to save while the form is edited: everything as typed, and the revision of
 * the conditions that it is based on.
 */
export function toContent({ text, details, termBy }: OrderFormValues, revision: number): FormContent {
  const { price, ...others } = details;
  const amount = price === undefined ? undefined : (parseMoney(price) ?? price);
  return { details: defined({ ...others, price: amount, termBy, revision }), text: defined({ ...text }) };
}

/**
 * Returns the saved values, or undefined if they are based on another revision of the conditions.
 */
export function fromContent({ form }: Schema<'SavedForm'>, revision: number): OrderFormValues | undefined {
  const { details = {}, text = {} } = form;
  if (Object.keys(details).length === 0 && Object.keys(text).length === 0) return undefined;
  if ((details['revision'] ?? 0) !== revision) return undefined;
  return {
    text: defined({
      address: stringIn(text, 'address'),
      city: stringIn(text, 'city'),
      street: stringIn(text, 'street'),
      object: stringIn(text, 'object'),
      description: stringIn(text, 'description'),
      cadastralNumbers: stringsIn(text, 'cadastralNumbers'),
    }),
    termBy: termByOf(details),
    details: defined({
      region: stringIn(details, 'region'),
      workKind: stringIn(details, 'workKind'),
      price: priceIn(details),
      termDate: stringIn(details, 'termDate'),
      termDays: numberIn(details, 'termDays') ?? stringIn(details, 'termDays'),
      prepayment: details['prepayment'] === true,
      registration: details['registration'] === true,
      files: filesIn(details),
    }),
  };
}

/** Returns the current conditions for editing. */
export function fromCard({ terms, form, documents }: Pick<OrderCard, 'terms' | 'form' | 'documents'>): OrderFormValues {
  const files = (terms?.files ?? []).map(({ id, sha256 }) => {
    const document = documents?.find(({ file }) => file === id);
    return { id, sha256, name: document?.name ?? 'Файл', size: document?.size ?? 0 };
  });
  const content = { details: { ...terms, files }, text: { ...form } };
  return fromContent({ form: content, version: 0 }, 0) ?? emptyForm;
}

function termByOf(details: Record<string, unknown>): 'date' | 'days' {
  const chosen = details['termBy'];
  if (chosen === 'date' || chosen === 'days') return chosen;
  return stringIn(details, 'termDate') ? 'date' : 'days';
}

const roubles = (kopecks: number) =>
  kopecks % 100 === 0 ? String(kopecks / 100) : (kopecks / 100).toFixed(2).replace('.', ',');

function priceIn(details: Record<string, unknown>): string | undefined {
  const kopecks = numberIn(details, 'price');
  return kopecks === undefined ? stringIn(details, 'price') : roubles(kopecks);
}

function stringIn(record: Record<string, unknown>, name: string): string | undefined {
  const value = record[name];
  return typeof value === 'string' ? value : undefined;
}

function numberIn(record: Record<string, unknown>, name: string): number | undefined {
  const value = record[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function stringsIn(record: Record<string, unknown>, name: string): string[] | undefined {
  const value = record[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

function filesIn(details: Record<string, unknown>): UploadedFile[] | undefined {
  const value = details['files'];
  if (!Array.isArray(value)) return undefined;
  return (value as Partial<UploadedFile>[]).flatMap(({ id, sha256, name, size }) =>
    typeof id === 'string' && typeof sha256 === 'string'
      ? [{ id, sha256, name: typeof name === 'string' ? name : 'Файл', size: typeof size === 'number' ? size : 0 }]
      : [],
  );
}

function trimmed(text: string | undefined): string | undefined {
  return isFilled(text) ? text.trim() : undefined;
}

type Defined<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Removes the undefined fields of a record. */
function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}
