import type { AriaAttributes } from 'react';

/** What a Form.Item tells its control for those who hear the page: that it is required, that it is wrong, and which words say so. */
export type FieldAria = Pick<AriaAttributes, 'aria-required' | 'aria-invalid' | 'aria-describedby'>;
