import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { StageSteps } from './StageBar';

it('renders a list that marks the current stage', () => {
  const shown = (current: number) =>
    renderToStaticMarkup(createElement(StageSteps, { names: ['Выбор', 'Договор', 'Работы'], current, stopped: false }));
  expect(shown(1)).toMatch(
    /^<ol.*<li class="done"><span class="visually-hidden">Пройден: <\/span>Выбор<\/li><li class="now" aria-current="step">Договор<\/li><li class="ahead">Работы<\/li><\/ol>$/,
  );
  expect(shown(3)).not.toContain('aria-current');
});
