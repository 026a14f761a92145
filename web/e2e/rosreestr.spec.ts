import type { Page } from '@playwright/test';
import { Agreement } from './harness/agreement';
import { Card } from './harness/card';
import { covers } from './harness/covers';
import { dayFromNow } from './harness/days';
import { pdf } from './harness/testFiles';
import { expect, test } from './harness/test';

const services = (page: Page) => page.getByRole('region', { name: 'Сервисы Росреестра' }).getByRole('link');

test(
  'the performer is led to his cabinet at Rosreestr during the works, at ГКУ/ГРП by each button to its own address, and the customer is not',
  { annotation: covers('R-WORK-1', 'R-GKU-2', 'T-17') },
  async ({ enter }) => {
    const [page, page2] = [
      await enter('customer2'),
      await enter('engineer-moscow', 'Исполнитель (кадастровый инженер)'),
    ];
    const agreement = await Agreement.create({
      customer: { login: 'customer2', page },
      engineer: { login: 'engineer-moscow', page: page2 },
    });
    const { customer, engineer } = agreement;
    const file = pdf('Договор подряда');
    await engineer.act('send-contract', {
      details: {
        file: await engineer.upload(file),
        signature: await engineer.upload(await agreement.sign('engineer', file)),
        price: 4_200_000,
        advanceBasisPoints: 0,
        advance: 0,
        termDate: dayFromNow(45).split('.').reverse().join('-'),
        registration: true,
      },
    });
    const contract = (await customer.card()).contract?.file.sha256 ?? '';
    await engineer.openCard();
    await new Card(page2).expectStage('Подписание договора');
    await expect(services(page2)).toHaveCount(0);
    await customer.act('sign-contract', {
      details: { contract, signature: await customer.upload(await agreement.sign('customer', file)) },
    });

    await customer.openCard();
    const expectLinks = async (stage: string, addresses: Record<string, string>) => {
      for (const one of [page, page2]) await new Card(one).expectStage(stage);
      await expect(services(page2)).toHaveText(Object.keys(addresses));
      for (const [title, address] of Object.entries(addresses)) {
        const service = page2.getByRole('link', { name: title, exact: true });
        await expect(service).toHaveAttribute('href', address);
        await expect(service).toHaveAttribute('target', '_blank');
      }
      await expect(services(page)).toHaveCount(0);
    };
    await expectLinks('Выполнение работ', { 'Личный кабинет кадастрового инженера': 'https://lk.rosreestr.ru/' });
    await engineer.act('submit-results', {
      details: { way: 'files', files: [await engineer.upload(pdf('Межевой план'))] },
    });
    await customer.act('accept-results', { details: {} });
    await expectLinks('Постановка на ГКУ/ГРП', {
      ГКУ: 'https://lk.rosreestr.ru/?service=accounting',
      ГРП: 'https://lk.rosreestr.ru/?service=rights',
      'ГКУ/ГРП': 'https://lk.rosreestr.ru/?service=both',
    });
  },
);
