import type { Layer } from '../model/datakit.ts';
import type { EntityDraft } from './entity-draft.ts';
import { entityFileName, entityName } from './names.ts';

/** An entity to begin with: a key, a text that is found by an index, an instant. */
export function sampleEntity(tableName: string, layer: Layer): EntityDraft {
  const draft = {
    className: entityName(tableName),
    fileName: entityFileName(tableName),
    tableName,
    notes: [],
    properties: [
      { name: 'id', builder: 'p.integer().primary()', notes: [] },
      { name: 'name', builder: 'p.text().index()', notes: [] },
      { name: 'last_update', builder: 'p.datetime(6)', notes: [] },
    ],
    indexes: [],
    uniques: [],
    options: [],
    imports: [],
  };
  return layer === 'bronze' ? { ...draft, mixin: 'bronzeMetadata' } : draft;
}
