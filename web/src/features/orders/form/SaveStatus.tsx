import { problemOf } from '@/shared/api/problem';
import type { SaveState } from './FormSaver';
import type { Saving } from './useFormSaver';

const texts: Record<Exclude<SaveState, 'refused'>, string> = {
  clean: 'Всё, что вы вводите, сохраняется само.',
  dirty: 'Сохраняется…',
  saving: 'Сохраняется…',
  saved: 'Сохранено.',
  failed: 'Не сохранено: нет связи с платформой. Введённое остаётся на этом устройстве, сохранение повторится само.',
  conflict: 'Не сохраняется: форма изменена в другом окне.',
};

/** Shows whether the changes are saved. */
export function SaveStatus({ saving: { state, error } }: { saving: Saving }) {
  return (
    <span className="note" role="status">
      {state === 'refused'
        ? `Не сохранено. ${problemOf(error).detail} Введённое остаётся на этом устройстве.`
        : texts[state]}
    </span>
  );
}
