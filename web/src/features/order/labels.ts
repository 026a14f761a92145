// Labels for the codes of the API on the order card.

import type { Schema } from '@/shared/api/client';
import type { ActorRole } from '@/shared/codes';

type CustomerKind = Schema<'OpenOrder'>['customerKind'];
export type DocumentKind = Schema<'CardDocument'>['kind'];
type Cause = NonNullable<Schema<'OrderCard'>['cause']>;
type HoldSource = Schema<'CardHold'>['source'];
type Ground = Schema<'Dispute'>['ground'];
type Way = Schema<'CardResults'>['way'];
type FilingStatus = Schema<'CardFiling'>['status'];
type ProposalKind = Schema<'CardProposal'>['kind'];

const roles: Record<ActorRole, string> = {
  customer: 'Заказчик',
  engineer: 'Кадастровый инженер',
  employer: 'Работодатель',
  moderator: 'Модератор системы',
  operator: 'Оператор платформы',
  registry: 'АИС «Реестр СРО»',
  platform: 'Платформа',
};

const awaited: Record<ActorRole, string> = {
  customer: 'заказчика',
  engineer: 'кадастрового инженера',
  employer: 'работодателя',
  moderator: 'модератора',
  operator: 'оператора платформы',
  registry: 'АИС «Реестр СРО»',
  platform: 'платформы',
};

const customerKinds: Record<CustomerKind, string> = {
  person: 'Физическое лицо',
  entrepreneur: 'Индивидуальный предприниматель',
  organisation: 'Юридическое лицо',
};

const documentKinds: Record<DocumentKind, string> = {
  form: 'Исходные документы заказчика',
  contract: 'Договор',
  'contract-signature': 'Подписи договора',
  'prepayment-invoice': 'Счет на предоплату',
  'prepayment-receipt': 'Документы о предоплате',
  result: 'Результаты работ',
  remark: 'Замечания к результатам',
  act: 'Акт выполненных работ',
  'act-signature': 'Подписи акта',
  'registration-result': 'Результат ГКУ/ГРП',
  invoice: 'Счет на оплату',
  receipt: 'Документы об оплате',
  'power-of-attorney': 'Доверенности (МЧД)',
  'power-of-attorney-signature': 'Подписи доверенностей',
};

const causes: Record<Cause, string> = {
  customer: 'Заказ отменил заказчик до подписания договора.',
  agreement: 'Стороны договорились прекратить договор.',
  moderator: 'Договор прекращён решением модератора системы.',
};

const holds: Record<HoldSource, string> = {
  registry: 'у исполнителя нет действующего статуса в АИС «Реестр СРО»',
  moderator: 'исполнитель заблокирован модератором системы',
  employer: 'работодатель исполнителя приостановил этот заказ',
};

const holdsOfThisOrder: Partial<Record<HoldSource, string>> = {
  moderator: 'модератор системы приостановил этот заказ',
  employer: 'работодатель исполнителя приостановил этот заказ',
};

const grounds: Record<Ground, string> = {
  termination: 'прекращение договора',
  results: 'качество результатов работ',
  registration: 'отказ в ГКУ/ГРП',
  payment: 'оплата',
};

const ways: Record<Way, string> = {
  physical: 'Физически, вне платформы',
  files: 'Файлами',
  link: 'Ссылкой на облачное хранилище',
  uin: 'Через электронное хранилище, по номеру УИН',
};

const filings: Record<FilingStatus, string> = {
  review: 'На рассмотрении',
  suspended: 'Приостановлено Росреестром',
  refused: 'Отказ Росреестра',
};

const proposals: Record<ProposalKind, string> = {
  'propose-termination': 'прекратить договор',
  'propose-rework': 'вернуть заказ в работу после отказа в ГКУ/ГРП',
};

/** What a file waits for that is not stored yet; a stored file needs no label. */
const fileStates: Record<Schema<'File'>['state'], string> = {
  uploading: 'загрузка не закончена',
  checking: 'проверяется',
  rejected: 'отклонён',
  stored: '',
};

export const fileStateText = (state: Schema<'File'>['state']) => fileStates[state];

/**
 * Returns a function that looks up the label of a code. A code unknown to this build is returned
 * unchanged.
 */
const lookUp =
  <Code extends string>(labels: Record<Code, string>) =>
  (code: Code): string =>
    labels[code] ?? code;

export const roleName = lookUp(roles);
export const fromWhom = lookUp(awaited);
export const customerKindName = lookUp(customerKinds);
export const documentKindName = lookUp(documentKinds);
export const documentKindOrder = Object.keys(documentKinds) as DocumentKind[];
export const causeText = lookUp(causes);
/** Returns who suspended the order and how: this one order, or the engineer himself. */
export const holdText = ({ source, thisOrder }: Pick<Schema<'CardHold'>, 'source' | 'thisOrder'>) =>
  (thisOrder && holdsOfThisOrder[source]) || (holds[source] ?? source);
export const groundName = lookUp(grounds);
export const wayName = lookUp(ways);
export const filingName = lookUp(filings);
export const proposalName = lookUp(proposals);
