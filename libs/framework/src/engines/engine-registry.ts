import type { Engine } from './engine.ts';

/** One line per engine; an engine is loaded when a database of its kind is opened. */
const engines = {
  sqlite: () => import('./sqlite/engine.ts'),
  postgres: () => import('./postgres/engine.ts'),
} as const;

export type RegisteredEngine = keyof typeof engines;

/** Loads an engine. */
export async function loadEngine(name: RegisteredEngine): Promise<Engine> {
  return (await engines[name]()).engine;
}
