export interface AddValues {
  text?: string;
  chosen?: string;
  comment?: string;
}

/** Returns the values after a change. Another text finds others: who was ticked is ticked no longer. */
export const afterChange = (changed: Partial<AddValues>, { text, chosen, comment }: AddValues): AddValues => ({
  ...(text !== undefined && { text }),
  ...(chosen !== undefined && !('text' in changed) && { chosen }),
  ...(comment !== undefined && { comment }),
});
