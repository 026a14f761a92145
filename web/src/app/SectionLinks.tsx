import { MenuOutlined } from '@ant-design/icons';
import { Button, Dropdown, Grid } from 'antd';
import { Link, useLocation } from 'react-router';
import { activeSection } from '@/shared/routing/activeSection';
import type { Page } from '@/shared/routing/page';
import { sectionsFor } from './pages';
import { useSession } from '@/shared/auth/session';

/** The sections of the person's role, the one that the page belongs to marked; on narrow screens behind one button. */
export function SectionLinks({ page }: { page: Page | undefined }) {
  const wide = Grid.useBreakpoint().lg ?? true;
  const sections = sectionsFor(useSession());
  const active = activeSection(page, sections, useLocation().state);
  const links = sections.map(({ path, section }) => (
    <Link key={path} to={path} aria-current={path === active ? marks(page, path) : undefined} className="section-link">
      {section}
    </Link>
  ));
  if (sections.length === 0) return <div className="sections" />;
  if (wide) {
    return (
      <nav className="sections" aria-label="Разделы">
        {links}
      </nav>
    );
  }
  const items = links.map((label, index) => ({ key: index, label }));
  return (
    <nav className="sections" aria-label="Разделы">
      <Dropdown menu={{ items }} trigger={['click']}>
        <Button type="text" icon={<MenuOutlined />} aria-label="Разделы" />
      </Dropdown>
    </nav>
  );
}

/** The section itself is the current page, one that led to the page is current only. */
const marks = (page: Page | undefined, path: string) => (page?.path === path ? 'page' : 'true');
