import type { components } from './schema.gen';

type ApiProblem = components['schemas']['Problem'];

/** The codes of the API, and those of the problems that the client itself reports. */
export type ProblemCode =
  | ApiProblem['code']
  | 'client_error'
  | 'file_rejected'
  | 'file_unreadable'
  | 'offline'
  | 'refused'
  | 'storage_refused'
  | 'unreadable'
  | SigningCode;

/** Why a document was not signed in the browser. */
export type SigningCode =
  | 'certificate_expired'
  | 'certificate_missing'
  | 'csp_licence'
  | 'document_changed'
  | 'document_large'
  | 'key_missing'
  | 'pin_cancelled'
  | 'pin_wrong'
  | 'plugin_absent'
  | 'plugin_error'
  | 'plugin_silent'
  | 'site_untrusted';

/** An application/problem+json body as the API sends it (RFC 9457), or as the client makes it. */
export type Problem = Omit<ApiProblem, 'code'> & { code: ProblemCode };

export const offline = 'offline';
export const answerLost = 'acceptance_unknown';

/** The error of every failed request, with texts for the user. */
export class ProblemError extends Error {
  /** retryAfter is the number of seconds after which another attempt may succeed; 0 if unknown. */
  constructor(
    readonly problem: Problem,
    readonly retryAfter = 0,
  ) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
  }

  get code(): ProblemCode {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/**
 * Converts any error to a problem. An error that is no ProblemError is logged to the console and
 * gets a general text.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  console.error(error);
  return clientProblem('client_error', 0, 'Ошибка страницы', 'На странице произошла ошибка. Обновите её и повторите.');
}

/**
 * Returns the problem of an unsuccessful answer. The answer of a proxy has no problem+json body and
 * gets a text of the client.
 */
export function problemOfAnswer(status: number, body: unknown): Problem {
  if (isProblem(body)) return body;
  if (status >= 500) {
    return clientProblem(
      'unavailable',
      status,
      'Платформа недоступна',
      'Платформа сейчас не отвечает. Подождите минуту и повторите.',
    );
  }
  return clientProblem(
    'unreadable',
    status,
    'Ответ не прочитан',
    'Платформа ответила непонятно. Обновите страницу и повторите.',
  );
}

/** There was no answer at all. */
export function noConnection(): Problem {
  return clientProblem(
    offline,
    0,
    'Нет связи',
    'Нет связи с платформой. Проверьте подключение к интернету и повторите.',
  );
}

/** A chunk of the app could not be loaded. */
export function chunkNotLoaded(): Problem {
  return clientProblem(
    offline,
    0,
    'Не загружено',
    'Часть страницы не загрузилась. Проверьте подключение к интернету и повторите или обновите страницу.',
  );
}

/** No user is signed in, or not any more. */
export function signedOut(): Problem {
  return clientProblem('not_signed_in', 401, 'Вход не выполнен', 'Войдите через Госуслуги, чтобы продолжить.');
}

/** This tab shows another account than the session's. */
export function otherAccount(): Problem {
  return clientProblem(
    'acting_changed',
    409,
    'Выбрана другая роль',
    'В другой вкладке выбрана другая роль или вошёл другой человек.',
  );
}

/** An action was sent, and its answer was lost. */
export function lostAnswer(): Problem {
  return clientProblem(
    answerLost,
    0,
    'Принято ли действие, неизвестно',
    'Связь прервалась, и принято ли действие, неизвестно. Повторите его: второй раз оно не выполнится.',
  );
}

function clientProblem(code: ProblemCode, status: number, title: string, detail: string): Problem {
  return { type: 'about:blank', code, status, title, detail };
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { code, detail, title } = body as Partial<Problem>;
  return typeof code === 'string' && typeof detail === 'string' && typeof title === 'string';
}
