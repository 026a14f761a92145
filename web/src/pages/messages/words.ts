/** What stands in the place of the chats: that there are none, and where to write. */
export const noChat = 'Чат по заказам ещё не открыт.';
export const writeInstead =
  'Вопросы и замечания второй стороне пишите в комментарии к действию по заказу: она получит уведомление и прочтёт ваши слова в истории заказа.';
