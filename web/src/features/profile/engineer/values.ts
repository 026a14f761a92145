import type { Schema } from '@/shared/api/client';
import { amountText, parseMoney } from '@/shared/lib/money';
import type { UploadedFile } from '@/shared/upload/useUploads';
import type { OwnProfile, ProfileFile, ProfileForm } from './queries';

type WorkKind = Schema<'Work'>['kind'];

/** One kind of works in the form: the price is the typed text, empty for a price by agreement. */
interface WorkValue {
  on?: boolean;
  price?: string;
}

/** The values of the form of the profile. */
export interface ProfileValues {
  photo?: UploadedFile[];
  website?: string;
  residence?: string;
  regions?: string[];
  email?: string;
  phone?: string;
  experienceSince?: number;
  experience?: string;
  workingHours?: string;
  education?: string;
  about?: string;
  works?: Partial<Record<WorkKind, WorkValue>>;
  diplomas?: UploadedFile[];
  samples?: UploadedFile[];
}

/** The names of the fields, for the comparison of two states. */
export const fieldLabels: Record<keyof ProfileValues, string> = {
  photo: 'Фотография',
  website: 'Личный сайт',
  residence: 'Где проживаете',
  regions: 'Регионы деятельности',
  email: 'Электронная почта',
  phone: 'Телефон',
  experienceSince: 'С какого года работаете',
  experience: 'Опыт работы',
  workingHours: 'Часы работы',
  education: 'Образование',
  about: 'О себе',
  works: 'Виды работ и стоимость',
  diplomas: 'Дипломы и аттестаты',
  samples: 'Примеры работ, лицензии, свидетельства',
};

export const uploadedOf = ({ id, sha256, name, size, title }: ProfileFile): UploadedFile => ({
  id,
  sha256,
  name,
  size,
  ...(title && { title }),
});

/** Returns the values of a saved profile. */
export function valuesOf(profile: OwnProfile): ProfileValues {
  return {
    photo: profile.photo ? [uploadedOf(profile.photo)] : [],
    website: profile.website,
    residence: profile.residence,
    regions: profile.regions.map(({ code }) => code),
    email: profile.email,
    phone: profile.phone,
    ...(profile.experienceSince !== undefined && { experienceSince: profile.experienceSince }),
    experience: profile.experience,
    workingHours: profile.workingHours,
    education: profile.education,
    about: profile.about,
    works: Object.fromEntries(
      profile.works.map(({ kind, price }) => [kind, { on: true, price: price ? amountText(price) : '' }]),
    ),
    diplomas: profile.diplomas.map(uploadedOf),
    samples: profile.samples.map(uploadedOf),
  };
}

const named = (files: readonly UploadedFile[] | undefined) =>
  (files ?? []).map(({ id, title }) => ({ file: id, ...(title && { title }) }));

/** Returns the request body of validated values that are based on a version of the profile. */
export function formOf(version: number, values: ProfileValues): ProfileForm {
  const photo = values.photo?.[0];
  return {
    version,
    regions: values.regions ?? [],
    website: values.website ?? '',
    residence: values.residence ?? '',
    email: values.email ?? '',
    phone: values.phone ?? '',
    ...(values.experienceSince !== undefined && { experienceSince: Number(values.experienceSince) }),
    experience: values.experience ?? '',
    workingHours: values.workingHours ?? '',
    education: values.education ?? '',
    about: values.about ?? '',
    works: Object.entries(values.works ?? {}).flatMap(([kind, { on, price }]) => {
      if (!on) return [];
      const kopecks = parseMoney(price ?? '');
      return [{ kind: kind as WorkKind, ...(kopecks && { price: kopecks }) }];
    }),
    ...(photo && { photo: photo.id }),
    diplomas: named(values.diplomas),
    samples: named(values.samples),
  };
}

/** Returns the fields in which two states of the form differ. */
export function differences(mine: ProfileValues, saved: ProfileValues): (keyof ProfileValues)[] {
  const [a, b] = [formOf(0, mine), formOf(0, saved)];
  return (Object.keys(fieldLabels) as (keyof ProfileValues)[]).filter(
    (field) => JSON.stringify(sorted(a[field])) !== JSON.stringify(sorted(b[field])),
  );
}

/** Regions and works have no order of their own. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' || (one as { kind?: string }).kind)
    ? value.map((one) => JSON.stringify(one)).sort()
    : value;

const fileNames = (files: readonly ProfileFile[]) => files.map(({ title, name }) => title ?? name).join(', ');

/** Returns the saved values as people read them. workKind names a kind of works. */
export function shownOf(p: OwnProfile, workKind: (code: string) => string): Record<keyof ProfileValues, string> {
  const { website, residence, email, phone, experience, workingHours, education, about } = p;
  return {
    website,
    residence,
    email,
    phone,
    experience,
    workingHours,
    education,
    about,
    photo: p.photo?.name ?? '',
    regions: p.regions.map(({ label }) => label).join(', '),
    experienceSince: p.experienceSince === undefined ? '' : String(p.experienceSince),
    works: p.works
      .map(({ kind, price }) => `${workKind(kind)} — ${price ? `от ${amountText(price)} ₽` : 'по договорённости'}`)
      .join('; '),
    diplomas: fileNames(p.diplomas),
    samples: fileNames(p.samples),
  };
}
