import type { ProjectFacts } from './project-files.ts';

/** The README of a new datakit: what it is, and the commands to go on with. */
export function readmeText({ name, layer, subject, root, urlVariable, guessed }: ProjectFacts): string {
  return `# ${name}

${introductions[layer](subject, urlVariable)}

\`\`\`sh
npx nx run ${name}:deploy                    # create the tables: a SQLite file under .datakit/
npx nx run ${name}:deploy -c postgres_local  # or in another database target
npx nx run ${name}:validate                  # prove that the database has what is declared
npx nx run ${name}:ingest                    # ${layer === 'bronze' ? 'load the tables from the source' : 'build the tables from the layer below'}
npx nx run-many -t lint,typecheck,test -p ${name}
\`\`\`

- \`${root}/src/index.ts\` lists the tables and says what their rows promise.
- One entity a file beside it; \`deploy\` brings a database up to what they declare.
${guessed === undefined || guessed.length === 0 ? '' : guesses(guessed)}`;
}

function guesses(columns: readonly string[]): string {
  return `
## Guessed types

Files say no types. These are what every value was when the datakit was written; a later value that does not fit is a bad
row, so widen what may grow. All other columns are text.

${columns.map((column) => `- \`${column}\``).join('\n')}
`;
}

const introductions = {
  bronze: (subject, urlVariable) =>
    urlVariable === undefined
      ? `The tables of ${subject} as their source has them, plus what each load was. Say in \`src/index.ts\` where they come from:

\`\`\`ts
source: postgresSource({ system: '${subject}', url: '\${${variableOf(subject)}}', schema: 'public' }),
\`\`\``
      : `The tables of ${subject} as their source has them, plus what each load was. The source is where \`${urlVariable}\` points to; set it in
the environment or in the \`.env\` file of the workspace.`,
  silver: (subject) => `The cleaned and typed tables of ${subject}, built from the bronze layer.`,
  gold: (subject) => `The tables of ${subject} for consumers, built from the silver layer.`,
} satisfies Record<ProjectFacts['layer'], (subject: string, urlVariable: string | undefined) => string>;

/** The variable that holds the URL of a source: `web-shop` → `WEB_SHOP_URL`. */
export function variableOf(subject: string): string {
  return `${subject.toUpperCase().replaceAll('-', '_')}_URL`;
}
