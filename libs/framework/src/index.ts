/** The framework: declare datakits, and deploy, validate and ingest them without Nx. */
export { cleanUp, deploy, ingest, openTarget, validate } from './runs/functional-api.ts';
export { discoverDatakit } from './discovery/discover-datakit.ts';
export { DatakitError, formatError } from './errors/datakit-error.ts';
export { errorCodes, type ErrorCode } from './errors/error-codes.ts';
export { bronzeExtra, bronzeExtraColumn } from './model/bronze-extra.ts';
export { bronzeMetadata, bronzeMetadataColumns } from './model/bronze-metadata.ts';
export {
  incremental,
  materializedView,
  rebuild,
  view,
  type BuildRules,
  type IncrementalBuild,
  type IncrementalWay,
  type QueryViewBuild,
  type RebuildBuild,
} from './model/build.ts';
export type { QueryFunctions } from './model/query-functions.ts';
export type { RowCondition, RowConditions } from './model/row-condition.ts';
export type { NeededRow, QueryRow } from './model/query-row.ts';
export { customSource, type CustomSource } from './model/custom-source.ts';
export { defineDatakit, type Datakit, type DatakitDefinition, type Layer } from './model/datakit.ts';
export type { CsvDialect } from './model/csv-dialect.ts';
export type { Expectation, ExpectationOptions, Severity } from './model/expectation.ts';
export {
  acceptedValues,
  freshness,
  matches,
  notNull,
  range,
  reconciles,
  relationship,
  rowCount,
  sql,
  unique,
  upToDate,
} from './model/expectations.ts';
export { filesSource, type FilesSource, type FilesSourceDefinition } from './model/files-source.ts';
export type { ExtractRequest, Extraction, SourceRow } from './model/extraction.ts';
export { referenceTable, temporalTable, transactionalTable } from './model/mixins.ts';
export {
  mariadbSource,
  mysqlSource,
  postgresSource,
  sqliteSource,
  type MysqlSource,
  type PostgresSource,
  type ServedSource,
  type SourceDefinition,
  type SqliteSource,
} from './model/source-definition.ts';
export { definePipeline, result, type Pipeline, type PipelineResult } from './model/pipeline.ts';
export type { ContractMode, ContractModes, TableContractModes } from './model/source-contract.ts';
export { sqlStep, type SqlStep, type SqlStepDefinition } from './model/sql-step.ts';
export { table, type ColumnOptions, type TableDefinition, type TableOptions } from './model/table.ts';
export { sqlView, type ViewBuild } from './model/view.ts';
export type { Finding, ReportedCost, ReportedStatement, ReportedTable, RunReport } from './report/run-report.ts';
export type { DeployPlan } from './deploy/deploy-plan.ts';
export { BronzeIngestionPipeline } from './ingest/bronze-ingestion-pipeline.ts';
export type { LoadMetadata } from './ingest/metadata-constants.ts';
export { RefusedPlan } from './deploy/refused-plan.ts';
export type { ResolvedTarget } from './targets/resolve-target.ts';
export {
  ciTarget,
  createTarget,
  developmentTarget,
  getTarget,
  integrationTarget,
  listTargets,
  productionTarget,
} from './targets/named-targets.ts';
export type { TargetDatabase } from './targets/target-database.ts';
export type { ContainerDefinition, TargetDefinition, TargetRequest } from './targets/target-definition.ts';
