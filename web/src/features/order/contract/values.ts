import { percentOf, parsePercent, snapToShare } from '@/features/order/advance';
import { kopecksOf } from '@/features/order/fields/AmountField';
import { type Files, refsOf } from '@/features/order/fields/files';
import { amountText } from '@/shared/lib/money';
import { toWholeNumber } from '@/shared/lib/wholeNumber';
import type { UploadedFile } from '@/shared/upload/useUploads';
import type { ContractForm } from './queries';

type Days = 'prepaymentDays' | 'acceptanceDays' | 'paymentDays';
type Amounts = 'price' | 'advanceBasisPoints' | 'advance';

/** The values of the form: amounts and days as they are typed, the attachment as it is uploaded. */
export type ContractValues = Omit<ContractForm, Days | Amounts | 'attachment'> &
  Partial<Record<Days, number | string>> &
  Record<Amounts | 'remainder', string> & { attachment?: Files };

function without<T extends object, Key extends keyof T & string>(value: T, key: Key): Omit<T, Key> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as Omit<T, Key>;
}

/** Returns the values of the form for a contract; the attachment is the file that it names. */
export function valuesOf(form: ContractForm, attachment?: UploadedFile): ContractValues {
  const { price, advanceBasisPoints, advance } = form;
  const texts = snapToShare({
    price: price > 0 ? amountText(price) : '',
    percent: percentOf(advanceBasisPoints),
    advance: amountText(advance),
    remainder: '',
  });
  return {
    ...without(form, 'attachment'),
    price: texts.price,
    advanceBasisPoints: texts.percent,
    advance: texts.advance,
    remainder: texts.remainder,
    ...(attachment && { attachment: [attachment] }),
  };
}

/** Returns the contract of validated values. */
export function formOf({ attachment, ...values }: ContractValues): ContractForm {
  const [file] = refsOf(attachment);
  return {
    ...without(values, 'remainder'),
    termDate: values.termDate ?? '',
    price: kopecksOf(values.price),
    advanceBasisPoints: parsePercent(values.advanceBasisPoints) ?? 0,
    advance: kopecksOf(values.advance),
    prepaymentDays: toWholeNumber(values.prepaymentDays) ?? 0,
    acceptanceDays: toWholeNumber(values.acceptanceDays) ?? 0,
    paymentDays: toWholeNumber(values.paymentDays) ?? 0,
    ...(file && { attachment: file }),
  };
}
