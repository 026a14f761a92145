import { Flex, Typography } from 'antd';
import type { ReactNode } from 'react';

/** Shows the heading of a page and the actions of the page beside it. */
export function PageHeading({ children, extra }: { children: ReactNode; extra?: ReactNode }) {
  return (
    <Flex className="page-heading" justify="space-between" align="center" wrap gap="small">
      <Typography.Title level={1}>{children}</Typography.Title>
      {extra}
    </Flex>
  );
}
