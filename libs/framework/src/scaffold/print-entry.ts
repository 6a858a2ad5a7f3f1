import type { Layer } from '../model/datakit.ts';
import type { EntityDraft } from './entity-draft.ts';
import { inComment, textLiteral } from './literal.ts';

/** A datakit to write. */
export interface EntryDraft {
  readonly name: string;
  readonly layer: Layer;
  /** One sentence above the datakit. */
  readonly summary: string;
  /** The call that declares its source. */
  readonly source?: SourceDraft;
  readonly entities: readonly EntityDraft[];
}

/** `postgresSource({ system: 'shop', url: '${SHOP_URL}' })`. */
export interface SourceDraft {
  readonly factory: string;
  /** Fields in their order. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Writes `src/index.ts` of a datakit. */
export function printEntry({ name, layer, summary, source, entities }: EntryDraft): string {
  const imports = [
    'defineDatakit',
    ...(source === undefined ? [] : [source.factory]),
    ...(entities.some(({ options }) => options.length > 0) ? ['table'] : []),
    ...entities.flatMap((entity) => entity.imports),
  ];
  const lines = [
    `import { ${[...new Set(imports)].sort().join(', ')} } from '@datakit/framework';`,
    ...entities.map(({ className, fileName }) => `import { ${className} } from './${fileName}.ts';`),
    '',
    `export { ${entities.map(({ className }) => className).join(', ')} };`,
    '',
    `/** ${inComment(summary)} */`,
    'export default defineDatakit({',
    `  name: ${textLiteral(name)},`,
    `  layer: ${textLiteral(layer)},`,
    ...(source === undefined ? [] : [`  source: ${printSource(source)},`]),
    '  tables: [',
    ...entities.map((entity) => `    ${printTable(entity)},`),
    '  ],',
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

function printSource({ factory, fields }: SourceDraft): string {
  const items = Object.entries(fields).map(([key, text]) => `${key}: ${textLiteral(text)}`);
  return `${factory}({ ${items.join(', ')} })`;
}

/** How the datakit lists an entity. */
export function printTable({ className, options }: EntityDraft): string {
  return options.length === 0 ? className : `table(${className}, { ${options.join(', ')} })`;
}
