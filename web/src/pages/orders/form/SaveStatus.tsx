import type { SaveState } from './FormSaver';

const texts: Record<SaveState, string> = {
  clean: 'Всё, что вы вводите, сохраняется само.',
  dirty: 'Сохраняется…',
  saving: 'Сохраняется…',
  saved: 'Сохранено.',
  failed: 'Не сохранено: нет связи с платформой. Введённое остаётся на этом устройстве, сохранение повторится само.',
  conflict: 'Не сохраняется: форма изменена в другом окне.',
};

/** Whether what was typed is safe. */
export function SaveStatus({ state }: { state: SaveState }) {
  return (
    <span className="note" role="status">
      {texts[state]}
    </span>
  );
}
