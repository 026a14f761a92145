import AntdIcon from '@ant-design/icons/es/components/AntdIconLight';
import type { ComponentProps } from 'react';

/**
 * An icon of one colour of @ant-design/icons, which would tell screen readers its English name. What stands beside an icon says what it
 * means, so it is hidden from them unless it is given a name. vite.config.ts puts it in the place of the original.
 */
export default function QuietIcon(props: ComponentProps<typeof AntdIcon>) {
  const named = props['aria-label'] ?? props['aria-labelledby'];
  return <AntdIcon {...(!named && { role: undefined, 'aria-label': undefined, 'aria-hidden': true })} {...props} />;
}
