/** What writes datakits: for the Nx generators. Drivers load when a source is described. */
export { layers, type Layer } from './model/datakit.ts';
export { checkDatakitName } from './scaffold/datakit-name.ts';
export type { TableDescription } from './engines/table-description.ts';
export { byName, describeSource, type DescribedSource, type SourceQuestion } from './scaffold/describe-source.ts';
export { draftEntities } from './scaffold/draft-entity.ts';
export { draftSource } from './scaffold/draft-source.ts';
export type { EntityDraft } from './scaffold/entity-draft.ts';
export { entityFileName, entityName } from './scaffold/names.ts';
export { printEntity } from './scaffold/print-entity.ts';
export { printEntry, type EntryDraft } from './scaffold/print-entry.ts';
export { sourceChanges } from './scaffold/source-changes.ts';
export { sampleEntity } from './scaffold/sample-entity.ts';
