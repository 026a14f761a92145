import type { Schema } from './client';

// The codes of the API that more than one page uses. Each is a union: a table of labels for it must be complete.

export type StageCode = Schema<'Stage'>['code'];

/** The roles of those who act in an order: of people, and of the platform's own parts. */
export type ActorRole = Schema<'HistoryEvent'>['role'];

/** The role of a session; empty until one is chosen. */
export type SessionRole = Schema<'Me'>['role'];
