// The words for codes of the API on the order card.

import type { Schema } from '@/shared/api/client';

const roles: Record<string, string> = {
  customer: 'Заказчик',
  engineer: 'Кадастровый инженер',
  employer: 'Работодатель',
  moderator: 'Модератор системы',
  operator: 'Оператор платформы',
  registry: 'АИС «Реестр СРО»',
  platform: 'Платформа',
};

const awaited: Record<string, string> = {
  customer: 'заказчика',
  engineer: 'кадастрового инженера',
  employer: 'работодателя',
  moderator: 'модератора',
  registry: 'АИС «Реестр СРО»',
};

const customerKinds: Record<string, string> = {
  person: 'Физическое лицо',
  entrepreneur: 'Индивидуальный предприниматель',
  organisation: 'Юридическое лицо',
};

const documentKinds: Record<string, string> = {
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
};

const causes: Record<string, string> = {
  customer: 'Заказ отменил заказчик до подписания договора.',
  agreement: 'Стороны договорились прекратить договор.',
  moderator: 'Договор прекращён решением модератора системы.',
};

const holds: Record<string, string> = {
  registry: 'у исполнителя нет действующего статуса в АИС «Реестр СРО»',
  moderator: 'исполнитель заблокирован модератором системы',
  employer: 'работодатель исполнителя приостановил этот заказ',
};

const holdsOfThisOrder: Record<string, string> = {
  moderator: 'модератор системы приостановил этот заказ',
  employer: 'работодатель исполнителя приостановил этот заказ',
};

const grounds: Record<string, string> = {
  termination: 'прекращение договора',
  results: 'качество результатов работ',
  registration: 'отказ в ГКУ/ГРП',
  payment: 'оплата',
};

const ways: Record<string, string> = {
  physical: 'Физически, вне платформы',
  files: 'Файлами',
  link: 'Ссылкой на облачное хранилище',
  uin: 'Через электронное хранилище, по номеру УИН',
};

const filings: Record<string, string> = {
  review: 'На рассмотрении',
  suspended: 'Приостановлено Росреестром',
  refused: 'Отказ Росреестра',
};

const proposals: Record<string, string> = {
  'propose-termination': 'прекратить договор',
  'propose-rework': 'вернуть заказ в работу после отказа в ГКУ/ГРП',
};

/** What a file that is not stored waits for; a stored one needs no word. */
const fileStates: Record<Schema<'File'>['state'], string> = {
  uploading: 'загрузка не закончена',
  checking: 'проверяется',
  rejected: 'отклонён',
  stored: '',
};

export const fileStateText = (state: Schema<'File'>['state']) => fileStates[state];

const lookUp = (words: Record<string, string>) => (code: string) => words[code] ?? code;

export const roleName = lookUp(roles);
export const fromWhom = lookUp(awaited);
export const customerKindName = lookUp(customerKinds);
export const documentKindName = lookUp(documentKinds);
export const documentKindOrder = Object.keys(documentKinds);
export const causeText = lookUp(causes);
/** Who holds the order and how: it may be this one order, or the engineer himself. */
export const holdText = ({ source, thisOrder }: { source: string; thisOrder?: boolean | undefined }) =>
  (thisOrder && holdsOfThisOrder[source]) || (holds[source] ?? source);
export const groundName = lookUp(grounds);
export const wayName = lookUp(ways);
export const filingName = lookUp(filings);
export const proposalName = lookUp(proposals);
