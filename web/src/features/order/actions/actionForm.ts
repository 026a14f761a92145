import type { ComponentType } from 'react';
import type { ActionKind, Actions } from '@/shared/api/actions';
import type { Schema } from '@/shared/api/client';
import type { OrderCard } from '@/shared/api/order';

export type Action = Schema<'Action'>;

export interface FieldsProps {
  /** The order as it was when the form was opened: the version that the sender agrees to. */
  card: OrderCard;
  action: Action;
}

/**
 * A form whose values are converted to a request body. The fields have the names of the body's
 * fields («['details', 'price']»), so that a problem of the API finds its field.
 */
interface BodyForm<Body, Values extends object> {
  /**
   * The label of the button on the card, if the manual uses another one than the action's title.
   */
  button?: string;
  /** The label of the submit button, if it differs from the action's title. */
  submit?: string;
  /** The action ends something and is shown in red. */
  danger?: boolean;
  Fields: ComponentType<FieldsProps>;
  /** The initial values. They must be plain JSON, because they are saved until the form is sent. */
  initial?(card: OrderCard): Values;
  /**
   * The SHA-256 of the document that the sender signs. A signature attached for one document is not
   * restored for another.
   */
  signedSha256?(card: OrderCard): string | undefined;
  /** Returns the request body. The fields have validated the values. */
  body(values: Values, card: OrderCard): Body;
}

/** The form of one kind of action. */
export type ActionForm<Kind extends ActionKind, Values extends object> = BodyForm<Actions[Kind], Values>;

/** A form whose kind and values are known only at run time, as in the table of forms. */
export type AnyActionForm<Kind extends ActionKind = ActionKind> = ActionForm<Kind, object>;

/** A form with a page of its own: the documents beside the fields. */
export type SigningForm<Kind extends ActionKind, Values extends object> = ActionForm<Kind, Values> & {
  /** The heading of the page, if it differs from the action's title. */
  heading?: string;
  Document: ComponentType<FieldsProps>;
};

export type AnySigningForm<Kind extends ActionKind = ActionKind> = SigningForm<Kind, object>;

/** An action with a page instead of a dialog. */
export interface ActionPage {
  button?: string;
  page(order: string): string;
}

/** Returns the name of the draft of an action's form. */
export const draftName = (order: string, kind: string, signed?: string) =>
  ['action', order, kind, signed].filter(Boolean).join('.');
