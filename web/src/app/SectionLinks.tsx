import { MenuOutlined } from '@ant-design/icons';
import { Button, Dropdown, Grid } from 'antd';
import { Link, useLocation } from 'react-router';
import { activeSection } from '@/shared/routing/activeSection';
import type { Page } from '@/shared/routing/page';
import { sectionsFor } from './pages';
import { useSession } from '@/shared/auth/session';

/**
 * Links to the sections of the user's role and marks the active one. On narrow screens the links
 * are in a menu behind one button.
 */
export function SectionLinks({ page }: { page: Page | undefined }) {
  const wide = Grid.useBreakpoint().lg ?? true;
  const sections = sectionsFor(useSession());
  const active = activeSection(page, sections, useLocation().state);
  const links = sections.map(({ path, section }) => (
    <Link
      key={path}
      to={path}
      aria-current={path === active ? ariaCurrent(page, path) : undefined}
      className="section-link"
    >
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

/** Returns 'page' for the page itself, and 'true' for a section that led to the page. */
const ariaCurrent = (page: Page | undefined, path: string) => (page?.path === path ? 'page' : 'true');
