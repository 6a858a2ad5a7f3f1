import type { SilverDraft } from './draft-silver.ts';
import { textLiteral } from './literal.ts';
import { printEntity } from './print-entity.ts';

/** Writes the file of a silver table: its entity, and the query that fills it. */
export function printSilver(draft: SilverDraft, bronzePackage: string): string {
  const { className, bronzeClass, buildName, selected } = draft;
  const [first, ...rest] = printEntity(draft).split('\n');
  return [
    first,
    `import { rebuild } from '@datakit/framework';`,
    `import { ${bronzeClass} as Bronze${className} } from ${textLiteral(bronzePackage)};`,
    ...rest,
    `export const ${buildName} = rebuild({ bronze: Bronze${className} }, (from) =>`,
    "  from.selectFrom('bronze').select([",
    ...selected.map((column) => `    ${textLiteral(column)},`),
    '  ]),',
    ');',
    '',
  ].join('\n');
}
