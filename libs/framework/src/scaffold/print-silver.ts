import type { SilverDraft } from './draft-silver.ts';
import { textLiteral } from './literal.ts';
import { printEntity } from './print-entity.ts';

/** Writes the file of a silver table: its entity, and the query that fills it. */
export function printSilver(draft: SilverDraft, bronzePackage: string): string {
  const { className, bronzeClass, buildKind, buildName, selected } = draft;
  const [first, ...rest] = printEntity(draft).split('\n');
  return [
    first,
    `import { ${buildKind} } from '@datakit/framework';`,
    `import { ${bronzeClass} as Bronze${className} } from ${textLiteral(bronzePackage)};`,
    ...rest,
    `export const ${buildName} = ${buildKind}({ bronze: Bronze${className} }, (from) =>`,
    "  from.selectFrom('bronze').select([",
    ...selected.map((column) => `    ${textLiteral(column)},`),
    '  ]),',
    ');',
    '',
  ].join('\n');
}
