import { DatakitError } from '../errors/datakit-error.ts';
import { parseColumnType } from '../model/column-type.ts';
import { bronzeMetadataColumns } from '../model/bronze-metadata.ts';
import { propertyName } from './draft-names.ts';
import type { PropertyDraft } from './entity-draft.ts';
import { propertyBuilder } from './property-builder.ts';

const known = /^[a-z_][\w ]*(\(\d+(,\s*-?\d+)?\))?[\w ]*(\[\])?$/i;

/**
 * Reads columns as a command names them: `id:bigint:key,total:numeric(12,2),note:text?`.
 *
 * @throws OPTION_INVALID for what is no column, for two of one name, and where none is the key
 */
export function draftColumns(text: string): PropertyDraft[] {
  // A comma within parentheses belongs to the type.
  const columns = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const drafts = columns.map((column) => {
    const [, name = '', type = '', role, optional] = /^([^:]+):([^:?]+)(?::(key))?(\?)?$/.exec(column) ?? [];
    if (name === '' || !known.test(type.trim())) throw invalid(`"${column}" is no column.`);
    if ((bronzeMetadataColumns as readonly string[]).includes(name)) throw invalid(`"${name}" is one of the metadata.`);
    if (role !== undefined && optional !== undefined) throw invalid(`"${name}" is the key, which is never null.`);
    const builder = [
      propertyBuilder(parseColumnType(type.trim())),
      role === undefined ? '' : '.primary()',
      optional === undefined ? '' : '.nullable()',
    ].join('');
    const safe = propertyName(name);
    return { name: safe, ...(safe === name ? {} : { fieldName: name }), builder, notes: [], isKey: role !== undefined };
  });
  const twice = drafts.find(({ name }, index) => drafts.findIndex((each) => each.name === name) !== index);
  if (twice) throw invalid(`"${twice.name}" is there twice.`);
  if (!drafts.some(({ isKey }) => isKey)) throw invalid('No column is the key.');
  return drafts.map(({ isKey: _, ...draft }) => draft);
}

function invalid(message: string): DatakitError {
  return new DatakitError({
    code: 'OPTION_INVALID',
    message: `--columns: ${message}`,
    hint: 'Write name:type, with :key for the key and ? for what may be null: id:bigint:key,total:numeric(12,2),note:text?',
  });
}
