/** Shown instead of the chats: that there are none yet, and where to write. */
export const noChat = 'Чат по заказам ещё не открыт.';
export const writeInstead =
  'Вопросы и замечания стороны пишут в комментариях к действиям по заказу: о действии приходит уведомление, слова остаются в истории заказа.';
