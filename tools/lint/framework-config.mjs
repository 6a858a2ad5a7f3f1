import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import {
  driverModules,
  frameworkRooms,
  heavyModules,
  importableFrom,
  roomsWithDrivers,
  roomsWithoutDrivers,
} from './framework-rooms.mjs';

const source = 'libs/framework/src';

/** A spec, and a suite that every engine or source passes, may use whatever it needs to prove something. */
const testFiles = ['**/*.spec.ts', '**/contract/**', `${source}/{deploy,ingest,validate,sources}/*-contract.ts`];

/** ESLint configuration that keeps the rooms of the framework in order, made from the list of rooms. */
export function frameworkConfig(workspaceRoot) {
  return [
    {
      name: 'framework: imports go down only',
      files: [`${source}/**/*.ts`],
      ignores: testFiles,
      plugins: { 'import-x': importX },
      rules: {
        'import-x/no-restricted-paths': ['error', { basePath: workspaceRoot, zones: frameworkRooms.map(zone) }],
      },
    },
    ...frameworkRooms.map(({ room }) => modulesConfig(room)),
  ];
}

function zone(room) {
  const importable = importableFrom(room);
  return {
    target: `${source}/${room.room}`,
    from: source,
    except: importable.map((name) => `./${name}`),
    message: `Room "${room.room}" is on level ${room.level}; it may import ${importable.join(', ')} (tools/lint/framework-rooms.mjs).`,
  };
}

function modulesConfig(room) {
  const withoutDrivers = roomsWithoutDrivers.includes(room);
  const forbidden = withoutDrivers ? driverModules : roomsWithDrivers.includes(room) ? [] : heavyModules;
  const message = withoutDrivers
    ? `Room "${room}" loads no driver, so that models and reports stay cheap to import.`
    : 'Load it with `await import()` or leave it to engines/, sources/, files/; a type import is fine.';
  return {
    name: `framework: modules of ${room}`,
    files: [room.endsWith('.ts') ? `${source}/${room}` : `${source}/${room}/**/*.ts`],
    ignores: testFiles,
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: forbidden.map((name) => ({ name, message, allowTypeImports: !withoutDrivers })),
          patterns: [{ group: ['nx', 'nx/*', '@nx/*'], message: 'The framework works without Nx.' }],
        },
      ],
      'no-restricted-syntax': [
        'error',
        ...(withoutDrivers ? forbidden : []).map((name) => ({
          selector: `ImportExpression[source.value='${name}']`,
          message,
        })),
      ],
    },
  };
}
