interface Rule {
  validator: (rule: unknown, value?: string) => Promise<void>;
}

/**
 * Requires a choice among the rows that are shown. A form may remember one that the list no longer
 * contains: nothing is ticked then, and nothing may be sent.
 */
export const shownChoice = (shown: readonly string[], message: string): Rule => ({
  validator: (_, value) =>
    value !== undefined && shown.includes(value) ? Promise.resolve() : Promise.reject(new Error(message)),
});
