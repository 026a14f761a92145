import type { components } from './api/schema.gen';

type Schemas = components['schemas'];

// The codes of the API that more than one page uses. Each is a union: a table of labels for it must be complete.

export type StageCode = Schemas['Stage']['code'];

/** The roles of those who act in an order: of people, and of the platform's own parts. */
export type ActorRole = Schemas['HistoryEvent']['role'];

/** The role of a session; empty until one is chosen. */
export type SessionRole = Schemas['Me']['role'];

/** What a contract needs of a party and is missing. */
export type MissingForContract = NonNullable<Schemas['Requisites']['missing']>[number];
