import { Flex, Typography } from 'antd';
import type { ReactNode } from 'react';

/** The heading of a page, with what one can do there beside it. */
export function PageHeading({ children, extra }: { children: ReactNode; extra?: ReactNode }) {
  return (
    <Flex className="page-heading" justify="space-between" align="center" wrap gap="small">
      <Typography.Title level={1}>{children}</Typography.Title>
      {extra}
    </Flex>
  );
}
