import type { Page } from '@playwright/test';
import type { Schema } from '@/shared/api/client';
import { dayFromNow } from './days';
import { Party } from './party';
import { pdf, type SignatureForm, Signer, type TestFile } from './testFiles';

/** The participants of a test: their logins and pages, and the account for which the customer signs. */
export interface Participants {
  customer: { login: string; page: Page; kind?: 'organisation' };
  engineer: { login: string; page: Page };
}

/**
 * An order without prepayment and ГКУ/ГРП, which two participants take to a contract with API
 * calls, and their signers.
 */
export class Agreement {
  private readonly signers: Record<keyof Participants, Signer>;
  private contract: TestFile | undefined;

  private constructor(
    readonly number: string,
    readonly customer: Party,
    readonly engineer: Party,
    { customer: one, engineer: other }: Participants,
  ) {
    this.signers = { customer: new Signer(one.login, one.kind), engineer: new Signer(other.login) };
  }

  /**
   * Creates an order whose engineer has responded and is chosen. The next step is to send the
   * contract.
   */
  static async create(participants: Participants, region?: string): Promise<Agreement> {
    const { party: customer, number } = await Party.publish(participants.customer.page, region);
    const agreement = new Agreement(
      number,
      customer,
      new Party(participants.engineer.page, customer.order),
      participants,
    );
    await agreement.engineer.act('respond', { details: { price, termDays: 45 } });
    const engineer = (await customer.card()).responses?.[0]?.engineer.id ?? '';
    await customer.act('choose', { details: { engineer } });
    return agreement;
  }

  /** Sends a signed contract as the engineer. */
  async sendContract(): Promise<void> {
    this.contract = pdf('Договор подряда');
    const { file, signature } = await this.uploadSigned('engineer', this.contract);
    const termDate = dayFromNow(45).split('.').reverse().join('-');
    await this.engineer.act('send-contract', {
      details: { file, signature, price, advanceBasisPoints: 0, advance: 0, termDate, registration: false },
    });
  }

  /** Signs the last contract as the customer. The order is then in work. */
  async signContract(): Promise<void> {
    const contract = (await this.customer.card()).contract?.file.sha256 ?? '';
    const signature = await this.customer.upload(await this.contractSignature());
    await this.customer.act('sign-contract', { details: { contract, signature } });
  }

  /** Returns the customer's signature of the last contract as a file. */
  contractSignature(form?: SignatureForm): Promise<TestFile> {
    if (!this.contract) throw new Error('there is no contract to sign');
    return this.signers.customer.sign(this.contract, form);
  }

  /**
   * Submits results as files with the act and the invoice as the engineer, and accepts them as the
   * customer. The order then waits for the payment.
   */
  async acceptResults(): Promise<void> {
    const file = pdf('Акт выполненных работ');
    const act = await this.uploadSigned('engineer', file);
    const files = [await this.engineer.upload(pdf('Межевой план'))];
    await this.engineer.act('submit-results', {
      details: { way: 'files', files, act, invoice: { link: true } },
      text: { invoiceLink: 'https://bank.example.ru/invoice/3' },
    });
    const signature = await this.customer.upload(await this.signers.customer.sign(file));
    await this.customer.act('accept-results', { details: { act: act.file.sha256, signature } });
  }

  /** Returns a participant's signature of a file. */
  sign(participant: keyof Participants, file: TestFile, form?: SignatureForm): Promise<TestFile> {
    return this.signers[participant].sign(file, form);
  }

  private async uploadSigned(participant: keyof Participants, file: TestFile): Promise<Schema<'SignedAct'>> {
    return {
      file: await this[participant].upload(file),
      signature: await this[participant].upload(await this.sign(participant, file)),
    };
  }
}

/** The price in kopecks. */
const price = 4_200_000;
