import type { ColumnType } from './column-type.ts';

const integers = ['smallint', 'integer', 'bigint'];

/** True where every value of the one type is the same value in the other. */
export function isWidening(from: ColumnType, to: ColumnType): boolean {
  if (integers.includes(from.kind) && integers.includes(to.kind)) {
    return integers.indexOf(from.kind) <= integers.indexOf(to.kind);
  }
  if (integers.includes(from.kind) && to.kind === 'numeric') return to.precision === undefined;
  if (from.kind === 'real' && to.kind === 'double') return true;
  if (from.kind === 'numeric' && to.kind === 'numeric') {
    if (to.precision === undefined) return true;
    if (from.precision === undefined) return false;
    const [fromScale, toScale] = [from.scale ?? 0, to.scale ?? 0];
    return toScale >= fromScale && to.precision - toScale >= from.precision - fromScale;
  }
  if (from.kind === 'varchar' && to.kind === 'varchar') {
    return to.length === undefined || (from.length !== undefined && from.length <= to.length);
  }
  if (from.kind === 'varchar' && to.kind === 'text') return true;
  if (from.kind === 'text' && to.kind === 'varchar') return to.length === undefined;
  if (from.kind === to.kind && 'precision' in from && 'precision' in to) {
    return (from.precision ?? 6) <= (to.precision ?? 6);
  }
  return JSON.stringify(from) === JSON.stringify(to);
}
