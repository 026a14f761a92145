import { Link } from 'react-router';
import { profilePath } from '@/shared/auth/entrySteps';
import { NotFound } from '@/shared/ui/NotFound';

/** Shown for an address that matches no route. */
export default function NotFoundPage() {
  return (
    <NotFound
      title={<h1>Такой страницы нет</h1>}
      subTitle="Проверьте адрес или перейдите в профиль."
      extra={<Link to={profilePath}>Перейти в профиль</Link>}
    />
  );
}
