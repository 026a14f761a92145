import type { AriaAttributes } from 'react';

/**
 * The ARIA attributes that a Form.Item passes to its control: required, invalid, and the id of the
 * message.
 */
export type FieldAria = Pick<AriaAttributes, 'aria-required' | 'aria-invalid' | 'aria-describedby'>;
