import type { Engine } from './engine.ts';
import type { Place } from './place.ts';

/** One line per engine; an engine is loaded when a database of its kind is opened. */
const engines = {
  sqlite: () => import('./sqlite/engine.ts'),
  postgres: () => import('./postgres/engine.ts'),
  mysql: () => import('./mysql/engine.ts'),
  mariadb: () => import('./mariadb/engine.ts'),
} as const;

export type RegisteredEngine = keyof typeof engines;

/** Loads an engine. */
export async function loadEngine(name: RegisteredEngine): Promise<Engine> {
  return (await engines[name]()).engine;
}

/** Loads the engine of a place; servers that speak one protocol are asked which they are, whatever the place says. */
export async function engineAt(place: Place): Promise<Engine> {
  const engine = await loadEngine(place.engine);
  return loadEngine((await engine.askServer?.(place)) ?? place.engine);
}
