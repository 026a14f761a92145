import { MenuOutlined } from '@ant-design/icons';
import { Button, Dropdown, Grid } from 'antd';
import { NavLink } from 'react-router';
import { sectionsFor } from './routes';
import { useSession } from './session';

/** The sections of the person's role; on narrow screens behind one button. */
export function SectionLinks() {
  const wide = Grid.useBreakpoint().lg ?? true;
  const sections = sectionsFor(useSession().role);
  const links = sections.map(({ path, section }) => (
    <NavLink key={path} to={path} end={sections.some((other) => other.path.startsWith(`${path}/`))} className="section-link">
      {section}
    </NavLink>
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
