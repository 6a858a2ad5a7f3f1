import type { EntityDraft, IndexDraft, PropertyDraft } from './entity-draft.ts';
import { inComment, propertyKey, textList, textLiteral } from './literal.ts';

/** Writes the file of an entity. */
export function printEntity(entity: EntityDraft): string {
  const { className, tableName, comment, notes, primaryKeys, properties, indexes, uniques, mixin } = entity;
  const lines = [
    `import { defineEntity, p } from '@mikro-orm/core';`,
    ...(mixin === undefined ? [] : [`import { ${mixin} } from '@datakit/framework';`]),
    '',
    ...notes.map((note) => `// ${inComment(note)}`),
    `export const ${className} = defineEntity({`,
    `  name: ${textLiteral(className)},`,
    `  tableName: ${textLiteral(tableName)},`,
    ...(comment === undefined ? [] : [`  comment: ${textLiteral(comment)},`]),
    ...(primaryKeys === undefined ? [] : [`  primaryKeys: ${textList(primaryKeys)},`]),
    '  properties: {',
    ...properties.flatMap(printProperty),
    ...(mixin === undefined ? [] : [`    ...${mixin},`]),
    '  },',
    ...printIndexes('indexes', indexes),
    ...printIndexes('uniques', uniques),
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

function printProperty({ name, fieldName, builder, notes }: PropertyDraft): string[] {
  const named = fieldName === undefined ? builder : `${builder}.fieldName(${textLiteral(fieldName)})`;
  return [...notes.map((note) => `    // ${inComment(note)}`), `    ${propertyKey(name)}: ${named},`];
}

function printIndexes(key: 'indexes' | 'uniques', indexes: readonly IndexDraft[]): string[] {
  if (indexes.length === 0) return [];
  const items = indexes.map(({ properties, name, method }) => {
    const fields = [
      `properties: ${textList(properties)}`,
      ...(name === undefined ? [] : [`name: ${textLiteral(name)}`]),
      ...(method === undefined ? [] : [`type: ${textLiteral(method)}`]),
    ];
    return `{ ${fields.join(', ')} }`;
  });
  // As Prettier has it: in one line where there is room.
  return items.length === 1
    ? [`  ${key}: [${items[0]}],`]
    : [`  ${key}: [`, ...items.map((item) => `    ${item},`), '  ],'];
}
