import { type Problem, ProblemError, type SigningCode } from '@/shared/api/problem';

/** The largest document that is signed in the browser, in bytes: the plug-in takes it as base64 in memory. */
export const maxSignedBytes = 30 * 1024 * 1024;

const texts: Record<SigningCode, [title: string, detail: string]> = {
  plugin_absent: [
    'Плагин КриптоПро не найден',
    'Установите КриптоПро CSP, КриптоПро ЭЦП Browser plug-in и расширение браузера, обновите страницу и повторите. Или подпишите файл в программе КриптоПро и загрузите файл подписи.',
  ],
  plugin_silent: [
    'Плагин КриптоПро не отвечает',
    'Расширение браузера есть, но плагин не ответил за 5 секунд. Перезапустите браузер и повторите. Если не поможет, переустановите КриптоПро ЭЦП Browser plug-in.',
  ],
  site_untrusted: [
    'Плагин не разрешил сайту подписывать',
    'Разрешите доступ в окне плагина или добавьте адрес платформы в доверенные сайты в настройках КриптоПро ЭЦП Browser plug-in, затем повторите.',
  ],
  certificate_missing: [
    'Сертификатов не найдено',
    'В хранилище «Личное» нет сертификата с закрытым ключом. Подключите носитель, установите с него сертификат программой КриптоПро CSP и повторите.',
  ],
  certificate_expired: [
    'Срок действия сертификата закончился',
    'Подписать можно только действующим сертификатом. Получите новый в удостоверяющем центре.',
  ],
  pin_cancelled: ['Подписание отменено', 'Окно ввода ПИН-кода закрыто, документ не подписан. Повторите подписание.'],
  pin_wrong: [
    'ПИН-код не подошёл',
    'Проверьте ПИН-код носителя и повторите. После нескольких ошибок носитель блокируется.',
  ],
  key_missing: [
    'Закрытый ключ недоступен',
    'Подключите носитель с ключом этого сертификата и повторите или выберите другой сертификат.',
  ],
  csp_licence: [
    'Лицензия КриптоПро CSP закончилась',
    'Введите действующую лицензию в программе КриптоПро CSP или подпишите файл на другом компьютере и загрузите файл подписи.',
  ],
  document_large: [
    'Документ велик для подписания в браузере',
    'В браузере подписываются файлы до 30\u00a0Мб. Скачайте документ, подпишите отдельно в программе КриптоПро и загрузите файл подписи.',
  ],
  document_changed: [
    'Документ скачан не полностью',
    'Контрольная сумма скачанного документа другая, поэтому он не подписан. Повторите подписание.',
  ],
  plugin_error: ['Плагин КриптоПро не подписал документ', 'Повторите. Если не поможет, подпишите файл отдельно.'],
};

/** Returns the error with the text of a code, followed by what the plug-in said. */
export function signingError(code: SigningCode, said = ''): ProblemError {
  const [title, detail] = texts[code];
  const problem: Problem = { type: 'about:blank', code, status: 0, title, detail: said ? `${detail} ${said}` : detail };
  return new ProblemError(problem);
}

/** The errors of Windows and of КриптоПро CSP that a person can do something about. */
const codes: Record<string, SigningCode> = {
  '0x80070005': 'site_untrusted', // E_ACCESSDENIED
  '0x80090010': 'site_untrusted', // NTE_PERM
  '0x8010006E': 'pin_cancelled', // SCARD_W_CANCELLED_BY_USER
  '0x800704C7': 'pin_cancelled', // ERROR_CANCELLED
  '0x000004C7': 'pin_cancelled',
  '0x8010006B': 'pin_wrong', // SCARD_W_WRONG_CHV
  '0x8010006C': 'pin_wrong', // SCARD_W_CHV_BLOCKED
  '0x8009000D': 'key_missing', // NTE_NO_KEY
  '0x80090016': 'key_missing', // NTE_BAD_KEYSET
  '0x8010000C': 'key_missing', // SCARD_E_NO_SMARTCARD
  '0x80100069': 'key_missing', // SCARD_W_REMOVED_CARD
  '0x8007065B': 'csp_licence', // ERROR_FUNCTION_FAILED, as the CSP without a licence answers
  '0x800B0101': 'certificate_expired', // CERT_E_EXPIRED
};

/** Converts an error of the plug-in, whose message ends with a code such as (0x8010006E). */
export function pluginError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const number = /0x[0-9a-f]{8}/i.exec(said)?.[0];
  const code = number && codes[`0x${number.slice(2).toUpperCase()}`];
  return code ? signingError(code) : signingError('plugin_error', `Ответ плагина: ${said}`);
}
