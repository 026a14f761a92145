import type { ComponentType } from 'react';
import type { ActionKind, Actions } from '@/shared/api/actions';
import type { Schema } from '@/shared/api/client';
import type { OrderCard } from '@/shared/api/order';

export type Action = Schema<'Action'>;

export interface FieldsProps {
  /** The order as it was when the form was opened: what its sender agrees to. */
  card: OrderCard;
  action: Action;
}

/**
 * A form that makes a Body of what its fields hold. The fields are named as those of the body («['details', 'price']»),
 * so that a problem of the API finds its field.
 */
interface BodyForm<Body, Values extends object> {
  /** The button on the card, where the manual calls it otherwise than the action itself. */
  button?: string;
  /** The button of the form, where it differs from the action's title. */
  submit?: string;
  /** Ends something: shown in red. */
  danger?: boolean;
  Fields: ComponentType<FieldsProps>;
  /** What the fields hold at first. Plain JSON: it is kept until the form is sent. */
  initial?(card: OrderCard): Values;
  /** What its sender puts his signature under, by its SHA-256: a signature that was attached for one document is not kept for another. */
  signs?(card: OrderCard): string | undefined;
  /** The body of the action. Fields has checked the values. */
  body(values: Values, card: OrderCard): Body;
}

/** The form of one kind of action. */
export type ActionForm<Kind extends ActionKind, Values extends object> = BodyForm<Actions[Kind], Values>;

/** A form whose kind and values are known only at run time, as in the table of forms. */
export type AnyActionForm<Kind extends ActionKind = ActionKind> = ActionForm<Kind, object>;

/** An action that has a page of its own. */
export interface ActionPage {
  button?: string;
  page(order: string): string;
}

/** Under which name what is typed into the form of an action is kept. */
export const draftName = (order: string, kind: string, signed?: string) =>
  ['action', order, kind, signed].filter(Boolean).join('.');
