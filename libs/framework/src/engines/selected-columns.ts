import type { OperationNode, SelectQueryNode } from 'kysely';
import type { InputTablesByName } from './input-table.ts';
import { loadKysely } from './query-module.ts';

/** Names of the columns that a query gives, in their order; nothing where only the server knows them. */
export function selectedColumns(node: OperationNode, inputs: InputTablesByName): readonly string[] | undefined {
  const kysely = loadKysely();
  if (!kysely.SelectQueryNode.is(node)) return undefined;
  const names: string[] = [];
  for (const { selection } of (node as SelectQueryNode).selections ?? []) {
    if (kysely.AliasNode.is(selection)) {
      if (!kysely.IdentifierNode.is(selection.alias)) return undefined;
      names.push(selection.alias.name);
    } else if (kysely.ReferenceNode.is(selection) && kysely.ColumnNode.is(selection.column)) {
      names.push(selection.column.column.name);
    } else if (kysely.ColumnNode.is(selection)) {
      names.push(selection.column.name);
    } else if (kysely.ReferenceNode.is(selection) && inputs.has(selection.table?.table.identifier.name ?? '')) {
      names.push(...(inputs.get(selection.table?.table.identifier.name ?? '')?.columns.keys() ?? []));
    } else return undefined;
  }
  return names.length > 0 ? names : undefined;
}
