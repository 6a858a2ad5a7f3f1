import { createEngine } from '../mysql/create-engine.ts';
import { mariadbFlavour } from './flavour.ts';

/** MariaDB: MySQL's engine with what differs. */
export const engine = createEngine(mariadbFlavour);
