import { DatakitError } from '../errors/datakit-error.ts';
import { bronzeExtraColumn } from '../model/bronze-extra.ts';
import type { Datakit } from '../model/datakit.ts';
import type { TableContractModes } from '../model/source-contract.ts';
import type { ExpectedTable } from '../structure/expected-tables.ts';

/** What a table takes of its source. */
export type TableModes = Required<TableContractModes>;

/**
 * What a table says itself, else its datakit.
 *
 * @throws DATAKIT_INVALID where it keeps what is not declared and has no column for that
 */
export function modesOf(table: ExpectedTable, { contract }: Pick<Datakit, 'contract'>): TableModes {
  const own = table.definition.options.contract;
  const columns = own?.columns ?? contract.columns ?? 'freeze';
  const types = own?.types ?? contract.types ?? 'freeze';
  const extra = table.columns.find(({ name }) => name === bronzeExtraColumn);
  const takesExtra = extra?.nullable === true && (extra.type.kind === 'json' || extra.type.kind === 'jsonb');
  if ((columns === 'evolve' || types === 'evolve') && !takesExtra) {
    throw new DatakitError({
      code: 'DATAKIT_INVALID',
      message: `The contract of "${table.name}" says "evolve", and the table has no nullable json column "${bronzeExtraColumn}" to keep what is not declared.`,
      hint: 'Add ...bronzeExtra to the properties of its entity (import { bronzeExtra } from "@datakit/framework"), then deploy.',
      details: { table: table.name },
    });
  }
  return { columns, types };
}
