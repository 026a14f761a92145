import type { Schema } from '@/shared/api/client';
import {
  employerPath,
  ownReviewsPath,
  profilePath,
  requisitesPath,
  rolePath,
  staffPath,
} from '@/shared/auth/entrySteps';

/** The page on which a person acts on a notification, with the words of its link. */
export const pageOfNotification: Record<
  NonNullable<Schema<'Notification'>['page']>,
  { path: string; label: string }
> = {
  staff: { path: staffPath, label: 'Сотрудники' },
  employer: { path: employerPath, label: 'Добавить работодателя' },
  requisites: { path: requisitesPath, label: 'Реквизиты и оплата' },
  'own-reviews': { path: ownReviewsPath, label: 'Мой рейтинг и отзывы' },
  profile: { path: profilePath, label: 'Профиль' },
  'moderated-reviews': { path: '/moderation/reviews?changed=true', label: 'Изменённые отзывы' },
  registry: { path: '/moderation/registry', label: 'Загрузки реестра' },
  roles: { path: rolePath, label: 'Сменить роль' },
};
