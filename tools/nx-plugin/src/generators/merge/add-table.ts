import type Ts from 'typescript';
import { DatakitError } from '@datakit/framework/options';
import { codeLists, type CodeList } from './code-lists.ts';

/** A table to list in the entry of a datakit. */
export interface TableEntry {
  /** The entity: what the entry exports. */
  readonly className: string;
  /** Everything that is imported from its file, without folder and ending. */
  readonly imported: readonly string[];
  readonly fileName: string;
  /** How the datakit lists it: `table(Order, { keyless: true })`. */
  readonly code: string;
  /** What that needs of the framework. */
  readonly framework: readonly string[];
}

/**
 * Lists one more table in `src/index.ts`, behind those that are there, and changes nothing else.
 *
 * @throws OPTION_INVALID where the file has no `defineDatakit({ tables: [ … ] })` to add it to
 */
export function addTable(text: string, table: TableEntry, ts: typeof Ts): string {
  const module = `./${table.fileName}.ts`;
  const lists = codeLists(text, ts);
  const [tables, imports] = [lists.get('tables'), lists.get('imports')];
  if (!tables || !imports) {
    throw new DatakitError({
      code: 'OPTION_INVALID',
      message: 'The entry of the datakit has no defineDatakit({ tables: [ … ] }) that a table could be added to.',
      hint: 'Write its tables as a list there.',
    });
  }
  const framework = lists.get('from @datakit/framework');
  const missing = table.framework.filter((name) => !framework?.items.some(({ key }) => key === name));
  const importLines = [
    ...(framework || missing.length === 0 ? [] : [`import { ${missing.join(', ')} } from '@datakit/framework';`]),
    `import { ${table.imported.join(', ')} } from '${module}';`,
  ];
  const exported = lists.get('exports');
  const afterImports = Math.max(imports.start, ...imports.items.map(({ end }) => end));
  const edits = [
    ...(framework ? missing.map((name) => append(framework, name)) : []),
    ...(exported ? [append(exported, table.className)] : []),
    append(tables, table.code),
    {
      at: afterImports,
      text: ['', ...importLines, ...(exported ? [] : ['', `export { ${table.className} } from '${module}';`])].join(
        '\n',
      ),
    },
  ];
  return edits
    .map((edit, order) => ({ ...edit, order }))
    .toSorted((a, b) => b.at - a.at || b.order - a.order)
    .reduce((result, { at, text: added }) => result.slice(0, at) + added + result.slice(at), text);
}

function append({ items, start }: CodeList, text: string): { at: number; text: string } {
  const last = items.at(-1);
  return last ? { at: last.end, text: `, ${text}` } : { at: start, text };
}
