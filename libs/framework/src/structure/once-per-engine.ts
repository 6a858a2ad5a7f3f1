import type { Engine } from '../engines/engine.ts';
import type { Datakit } from '../model/datakit.ts';

/**
 * Computes something of a datakit on an engine once: neither of them ever changes, and every step of a deployment asks.
 * What throws is computed again.
 */
export function oncePerEngine<Result>(
  compute: (datakit: Datakit, engine: Engine) => Result,
): (datakit: Datakit, engine: Engine) => Result {
  const known = new WeakMap<Datakit, WeakMap<Engine, { readonly result: Result }>>();
  return (datakit, engine) => {
    const ofDatakit = known.get(datakit) ?? new WeakMap<Engine, { readonly result: Result }>();
    known.set(datakit, ofDatakit);
    const found = ofDatakit.get(engine) ?? { result: compute(datakit, engine) };
    ofDatakit.set(engine, found);
    return found.result;
  };
}
