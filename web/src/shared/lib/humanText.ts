// Implements the rule of internal/humantext for texts that users type.
// internal/humantext/testdata/vectors.json tests both.

/**
 * A visible character: no space, no filler that looks like one, no accent without its letter, no
 * direction mark.
 */
const visible = /(?![\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}])[\p{L}\p{N}\p{P}\p{S}]/u;

/** Reports whether a text has a visible character. */
export function isFilled(text: string | null | undefined): text is string {
  return visible.test(text ?? '');
}

/** Returns the form rule of a required text. */
export function filledIn(message: string) {
  return {
    required: true,
    message,
    validator: (_: unknown, text: string | undefined): Promise<void> =>
      isFilled(text) ? Promise.resolve() : Promise.reject(new Error(message)),
  };
}
