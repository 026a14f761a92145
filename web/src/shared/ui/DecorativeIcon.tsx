import AntdIcon from '@ant-design/icons/es/components/AntdIconLight';
import type { ComponentProps } from 'react';

/**
 * Replaces the icons of one colour of @ant-design/icons, which expose their English names to screen
 * readers. The text beside an icon says what it means, so the icon is hidden from them unless it
 * has a label. vite.config.ts substitutes this component for the original.
 */
export default function DecorativeIcon(props: ComponentProps<typeof AntdIcon>) {
  const named = props['aria-label'] ?? props['aria-labelledby'];
  return <AntdIcon {...(!named && { role: undefined, 'aria-label': undefined, 'aria-hidden': true })} {...props} />;
}
