import type { Engine } from '../engines/engine.ts';
import type { TablePart } from '../engines/structure-change.ts';
import { isWidening } from '../model/widening.ts';
import type { ReportedStatement } from '../report/run-report.ts';

export type StatementClass = ReportedStatement['class'];

/**
 * What a change does to data that is there: `additive` nothing, `altering` changes its form without loss,
 * `destructive` can lose or refuse some of it.
 */
export function classify(part: TablePart, engine: Engine): StatementClass {
  switch (part.kind) {
    case 'add column':
      return part.column.nullable || part.column.default !== null || part.column.identity ? 'additive' : 'destructive';
    case 'drop column':
      return 'destructive';
    case 'change type':
      return isWidening(engine.portableType(part.from.type), engine.portableType(part.to.type))
        ? 'altering'
        : 'destructive';
    case 'change nullability':
      return part.to.nullable || part.to.default !== null ? 'altering' : 'destructive';
    case 'add index':
      return part.index.unique ? 'altering' : 'additive';
    default:
      return 'altering';
  }
}

/** The worst of several: what a rebuild of the table does. */
export function worst(classes: readonly StatementClass[]): StatementClass {
  return (['destructive', 'altering', 'additive'] as const).find((each) => classes.includes(each)) ?? 'additive';
}
