// The rule of internal/humantext for the texts that people type; internal/humantext/testdata/vectors.json is the test of both.

/** A character that can be seen: no space, no filler that looks like one, no accent without its letter, nothing that changes directions only. */
const seen = /(?![\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{1d159}])[\p{L}\p{N}\p{P}\p{S}]/u;

/** Whether a text has something to read. */
export function isFilled(text: string | null | undefined): text is string {
  return seen.test(text ?? '');
}

/** The rule of a form's field for a text that must be there. */
export function filledIn(message: string) {
  return {
    required: true,
    message,
    validator: (_: unknown, text: string | undefined): Promise<void> =>
      isFilled(text) ? Promise.resolve() : Promise.reject(new Error(message)),
  };
}
