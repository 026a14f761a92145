import type { components } from './schema.gen';

/** application/problem+json as the API sends it (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** Codes of problems that arise on the way to the API, beside its own. */
export const offline = 'offline';
export const answerLost = 'acceptance_unknown';

/** Every failure of a request, with texts that are for the person at the screen. */
export class ProblemError extends Error {
  /** retryAfter is after how many seconds another try may succeed; 0 where nobody said. */
  constructor(
    readonly problem: Problem,
    readonly retryAfter = 0,
  ) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** Any error as a problem: what is no answer of the API has a text too, and its inside goes to the console. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  console.error(error);
  return own('client_error', 0, 'Ошибка страницы', 'На странице произошла ошибка. Обновите её и повторите.');
}

/** The problem of an answer that is no success. A proxy's answer is no problem+json. */
export function problemOfAnswer(status: number, body: unknown): Problem {
  if (isProblem(body)) return body;
  if (status >= 500) {
    return own(
      'unavailable',
      status,
      'Платформа недоступна',
      'Платформа сейчас не отвечает. Подождите минуту и повторите.',
    );
  }
  return own('unreadable', status, 'Ответ не прочитан', 'Платформа ответила непонятно. Обновите страницу и повторите.');
}

/** Nothing came back at all. */
export function noConnection(): Problem {
  return own(offline, 0, 'Нет связи', 'Нет связи с платформой. Проверьте подключение к интернету и повторите.');
}

/** A part of the app did not come. */
export function partMissing(): Problem {
  return own(
    offline,
    0,
    'Не загружено',
    'Часть страницы не загрузилась. Проверьте подключение к интернету и повторите или обновите страницу.',
  );
}

/** Nobody is signed in, or not any more. */
export function signedOut(): Problem {
  return own('not_signed_in', 401, 'Вход не выполнен', 'Войдите через Госуслуги, чтобы продолжить.');
}

/** This tab shows another account than the session's. */
export function otherAccount(): Problem {
  return own(
    'acting_changed',
    409,
    'Выбрана другая роль',
    'В другой вкладке выбрана другая роль или вошёл другой человек.',
  );
}

/** An action was sent, its answer was lost. */
export function lostAnswer(): Problem {
  return own(
    answerLost,
    0,
    'Принято ли действие, неизвестно',
    'Связь прервалась, и принято ли действие, неизвестно. Повторите его: второй раз оно не выполнится.',
  );
}

function own(code: string, status: number, title: string, detail: string): Problem {
  return { type: 'about:blank', code, status, title, detail };
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const { code, detail, title } = body as Partial<Problem>;
  return typeof code === 'string' && typeof detail === 'string' && typeof title === 'string';
}
