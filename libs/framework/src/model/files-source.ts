import { DatakitError } from '../errors/datakit-error.ts';
import { problemOfDialect, type CsvDialect } from './csv-dialect.ts';
import type { ServedFile, SourceFields } from './source-definition.ts';

/** The formats of files that are read. */
export const readableFormats = ['csv', 'json', 'parquet'] as const;
export type ReadableFormat = (typeof readableFormats)[number];

/** Files: CSV, JSON lines or arrays, Parquet. */
export interface FilesSource extends SourceFields<'files', ServedFile> {
  readonly schema?: 'files';
  /** Takes every file that is named for one of this format; otherwise its name's ending says. */
  readonly format?: ReadableFormat;
  /** How the csv files are written. */
  readonly csv?: CsvDialect;
}

/** What a team says about its files. */
export type FilesSourceDefinition = Omit<FilesSource, 'kind' | 'schema' | 'url'> &
  (
    | {
        /** A folder, a file or a glob, absolute or relative to the workspace's root; may hold `${NAME}` parts. */
        readonly path: string;
      }
    | {
        /** `file:` and a path, or `file:///…`; usually `${NAME}` from the environment. */
        readonly url: string;
      }
  );

/**
 * Declares files as a source. In a folder, the table `film` is `film.csv` (`.tsv`, `.ndjson`, `.jsonl`, `.json`,
 * `.parquet`; with `.gz` or `.zst` behind) or all such files in the folder `film/`; `source: { files: 'glob' }` of a
 * table says otherwise.
 *
 * @throws DATAKIT_INVALID for a dialect of csv that cannot be read
 * @example
 * ```ts
 * source: filesSource({ system: 'till', path: '${TILL_FILES}', csv: { delimiter: ';' } })
 * ```
 */
export function filesSource(definition: FilesSourceDefinition): FilesSource {
  const { system, format, csv, otherwise } = definition;
  const invalid = (what: string, hint: string): DatakitError =>
    new DatakitError({ code: 'DATAKIT_INVALID', message: `The files of the source "${system}" ${what}.`, hint });
  if (format !== undefined && !readableFormats.includes(format)) {
    throw invalid(`have the format "${String(format)}"`, `Use one of: ${readableFormats.join(', ')}.`);
  }
  const problem = csv && problemOfDialect(csv);
  if (problem) throw invalid(`cannot be read as csv: ${problem}`, 'See "docs/file-sources.md".');
  const url = 'path' in definition ? `file:${definition.path}` : definition.url;
  return {
    kind: 'files',
    system,
    url,
    ...(format === undefined ? {} : { format }),
    ...(csv === undefined ? {} : { csv }),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
}
