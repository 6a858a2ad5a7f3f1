/** What writes datakits: for the Nx generators. Drivers load when a source is described. */
export { suggestName } from './errors/nearest-name.ts';
export { discoverDatakit } from './discovery/discover-datakit.ts';
export { layers, type Layer } from './model/datakit.ts';
export { checkDatakitName } from './scaffold/datakit-name.ts';
export type { TableDescription } from './engines/table-description.ts';
export { byName, describeSource, type DescribedSource, type SourceQuestion } from './scaffold/describe-source.ts';
export { draftEntities } from './scaffold/draft-entity.ts';
export { draftColumns } from './scaffold/draft-columns.ts';
export { draftSilver, type SilverDraft } from './scaffold/draft-silver.ts';
export { draftSource } from './scaffold/draft-source.ts';
export type { EntityDraft } from './scaffold/entity-draft.ts';
export { entityFileName, entityName } from './scaffold/names.ts';
export { printEntity } from './scaffold/print-entity.ts';
export { printEntry, printTable, type EntryDraft } from './scaffold/print-entry.ts';
export { printSilver } from './scaffold/print-silver.ts';
export { sourceChanges } from './scaffold/source-changes.ts';
export { sampleEntity } from './scaffold/sample-entity.ts';
export { formatColumnType as typeText } from './model/column-type.ts';
