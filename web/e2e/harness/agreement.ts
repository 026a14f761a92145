import type { Page } from '@playwright/test';
import type { Schema } from '@/shared/api/client';
import { dayFromNow } from './days';
import { Party } from './party';
import { pdf, Signer, type Paper } from './papers';
import { personOf } from './platform';

/** Where the people of a test stand: their logins and their pages. */
export interface Sides {
  customer: { login: string; page: Page };
  engineer: { login: string; page: Page };
}

/** An order of two people that comes to a contract without prepayment and without ГКУ/ГРП by the API, and how they sign. */
export class Agreement {
  private readonly signers: Record<keyof Sides, Signer>;
  private contract: Paper | undefined;

  private constructor(
    readonly number: string,
    readonly customer: Party,
    readonly engineer: Party,
    { customer: one, engineer: other }: Sides,
  ) {
    this.signers = { customer: new Signer(personOf(one.login).name), engineer: new Signer(personOf(other.login).name) };
  }

  /** The engineer has responded and is chosen; the contract is to be sent. */
  static async reach(sides: Sides): Promise<Agreement> {
    const { party: customer, number } = await Party.publish(sides.customer.page);
    const agreement = new Agreement(number, customer, new Party(sides.engineer.page, customer.order), sides);
    await agreement.engineer.act('respond', { details: { price, termDays: 45 } });
    const engineer = (await customer.card()).responses?.[0]?.engineer.id ?? '';
    await customer.act('choose', { details: { engineer } });
    return agreement;
  }

  /** The engineer sends the contract, signed. */
  async sendContract(): Promise<void> {
    this.contract = pdf('Договор подряда');
    const { file, signature } = await this.signed('engineer', this.contract);
    const termDate = dayFromNow(45).split('.').reverse().join('-');
    await this.engineer.act('send-contract', {
      details: { file, signature, price, advanceBasisPoints: 0, advance: 0, termDate, registration: false },
    });
  }

  /** The customer signs the contract that was sent last. The order is then in work. */
  async signContract(): Promise<void> {
    const contract = (await this.customer.card()).contract?.file.sha256 ?? '';
    const signature = await this.customer.upload(await this.contractSignature());
    await this.customer.act('sign-contract', { details: { contract, signature } });
  }

  /** The customer's signature under the contract that was sent last, as a file. */
  contractSignature(): Promise<Paper> {
    if (!this.contract) throw new Error('there is no contract to sign');
    return this.signers.customer.sign(this.contract);
  }

  /** The engineer hands over results as a file, with the act and the invoice, and the customer accepts. The order then waits for money. */
  async acceptResults(): Promise<void> {
    const paper = pdf('Акт выполненных работ');
    const act = await this.signed('engineer', paper);
    const files = [await this.engineer.upload(pdf('Межевой план'))];
    await this.engineer.act('submit-results', {
      details: { way: 'files', files, act, invoice: { link: true } },
      text: { invoiceLink: 'https://bank.example.ru/invoice/3' },
    });
    const signature = await this.customer.upload(await this.signers.customer.sign(paper));
    await this.customer.act('accept-results', { details: { act: act.file.sha256, signature } });
  }

  /** One's signature under a paper, as a file. */
  sign(side: keyof Sides, paper: Paper): Promise<Paper> {
    return this.signers[side].sign(paper);
  }

  close(): void {
    for (const signer of Object.values(this.signers)) signer.close();
  }

  private async signed(side: keyof Sides, paper: Paper): Promise<Schema<'SignedAct'>> {
    return { file: await this[side].upload(paper), signature: await this[side].upload(await this.sign(side, paper)) };
  }
}

/** Kopecks. */
const price = 4_200_000;
