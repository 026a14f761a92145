import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import imports from 'eslint-plugin-import';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { readdirSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/**
 * The features that a feature may import. Other imports between features are errors, and so are
 * cycles.
 */
const featureArrows = {
  // The engineer page lists his orders as «Мои заказы» does.
  moderation: ['orders'],
  // «Сотрудники» and «Работодатель» are tabs of the profile.
  staff: ['profile'],
  // The rating stands in the list of engineers, and «Мой рейтинг и отзывы» is a tab of the profile.
  engineers: ['reviews'],
  profile: ['reviews'],
  // The order card compares engineers, and has its chat and its review.
  order: ['engineers', 'messages', 'reviews'],
};

/** The folders of shared. Each may import only those before it. */
const sharedLayers = ['lib', 'api', 'auth', 'routing', 'ui', 'cryptopro', 'upload'];

const features = readdirSync(new URL('src/features', import.meta.url));

const zones = [
  { target: './src/features', from: './src/app', message: 'Nobody imports app.' },
  {
    target: './src/shared',
    from: ['./src/app', './src/features'],
    message: 'shared imports neither app nor features.',
  },
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: './src/features',
    except: [feature, ...(featureArrows[feature] ?? [])].map((one) => `./${one}`),
    message: 'A feature imports another one only by an arrow in eslint.config.js.',
  })),
  ...sharedLayers
    .map((layer, index) => ({
      target: `./src/shared/${layer}`,
      from: sharedLayers.slice(index + 1).map((one) => `./src/shared/${one}`),
      message: `The order of shared is ${sharedLayers.join(', ')}.`,
    }))
    .filter(({ from }) => from.length > 0),
];

export default tseslint.config(
  { ignores: ['dist/', '**/*.gen.ts'] },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    files: ['src/**'],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.recommended],
    plugins: { import: imports },
    settings: {
      'import/resolver': { typescript: { project: 'tsconfig.json' } },
      'import/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import/no-cycle': 'error',
      'import/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    },
  },
  {
    files: ['**/*.test.ts', 'e2e/**', 'bench/**'],
    // Stubs of asynchronous functions often have nothing to await.
    rules: { '@typescript-eslint/require-await': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { URL: 'readonly' } },
  },
  {
    files: ['public/**'],
    languageOptions: { ecmaVersion: 5, sourceType: 'script', globals: { document: 'readonly', window: 'readonly' } },
    // ES5 has no catch without a variable.
    rules: { '@typescript-eslint/no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
  prettier,
);
