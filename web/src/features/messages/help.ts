import type { HelpText } from '@/shared/routing/helpText';

const help: HelpText = {
  title: 'Сообщения',
  parts: [
    {
      heading: 'Что здесь',
      text: [
        'Место для переписки по заказам. Чат ещё не открыт.',
        'Вопросы и замечания стороны пишут в комментариях к действиям по заказу: о действии приходит уведомление, слова остаются в истории заказа.',
      ],
    },
  ],
};

export default help;
