import { createEngine } from './create-engine.ts';
import { mysqlFlavour } from './flavour.ts';

/** MySQL through `mysql2`. */
export const engine = createEngine(mysqlFlavour);
