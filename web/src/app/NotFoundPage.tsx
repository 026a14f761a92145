import { Link } from 'react-router';
import { profilePath } from '@/shared/auth/entrySteps';
import { NotThere } from '@/shared/ui/NotThere';

/** An address that leads nowhere. */
export default function NotFoundPage() {
  return (
    <NotThere
      title={<h1>Такой страницы нет</h1>}
      subTitle="Проверьте адрес или перейдите в профиль."
      extra={<Link to={profilePath}>Перейти в профиль</Link>}
    />
  );
}
