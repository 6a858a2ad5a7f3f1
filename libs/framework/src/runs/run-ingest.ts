import { isAbsolute, resolve } from 'node:path';
import { ingestInto } from '../ingest/ingest.ts';
import type { LoadedTable } from '../ingest/ingest-request.ts';
import type { Datakit } from '../model/datakit.ts';
import { countOf } from '../report/count-of.ts';
import type { Output } from '../report/output.ts';
import type { ReportWriter } from '../report/report-writer.ts';
import { summaryTable } from '../report/summary-table.ts';
import type { TargetDatabase } from '../targets/target-database.ts';
import { findingLine } from './finding-line.ts';
import { progressText } from './progress-text.ts';
import type { RunRequest } from './run-request.ts';

/** Ingests one datakit, with a line of progress per table and a summary at the end. */
export async function runIngest(
  datakit: Datakit,
  database: TargetDatabase,
  request: RunRequest,
  report: ReportWriter,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { options } = request;
  const begun = performance.now();
  const { tables } = await ingestInto(datakit, database, {
    runId: request.runId,
    signal,
    ...(options.sourceUrl === undefined ? {} : { sourceUrl: options.sourceUrl }),
    ...(options.tables ? { tables: options.tables } : {}),
    ...(options.formats ? { formats: options.formats } : {}),
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    ...(options.disposition === undefined ? {} : { disposition: options.disposition }),
    ...(options.from === undefined ? {} : { from: options.from }),
    ...(options.to === undefined ? {} : { to: options.to }),
    ...(options.fullRefresh === undefined ? {} : { fullRefresh: options.fullRefresh }),
    ...(options.maxBadRows === undefined ? {} : { maxBadRows: options.maxBadRows }),
    ...(options.out
      ? { out: isAbsolute(options.out) ? options.out : resolve(request.workspaceRoot, options.out) }
      : {}),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    ...(options.lockTimeout === undefined ? {} : { lockTimeout: options.lockTimeout }),
    onEvent: async (event) => {
      if (event.kind === 'source') {
        output.line(`Reading ${countOf(event.tables, 'table')} from ${event.description}`);
        if (event.undeclared.length > 0) output.line(notRead(event.undeclared));
      } else if (event.kind === 'build') {
        output.line(`Building ${countOf(event.tables, 'table')} from ${event.from.join(', ') || 'nothing else'}`);
      } else if (event.kind === 'progress') {
        output.progress(event.table, progressText(event));
      } else if (event.kind === 'retry') {
        const { table, attempt, attempts, error } = event;
        output.line(`  ${table}: ${error.code}, attempt ${attempt} of ${attempts} follows. ${error.message}`);
      } else if (event.kind === 'findings') {
        for (const finding of event.findings) output.line(findingLine(finding));
        await report.update({ findings: [...report.report.findings, ...event.findings] });
      } else {
        output.progressEnd(event.table.table);
        if (!output.isTerminal) output.line(plainLine(event.table));
        await report.update({ tables: [...report.report.tables, event.table] });
      }
    },
  });
  output.line(summary(tables));
  const rows = tables.reduce((sum, table) => sum + table.loaded, 0);
  const seconds = (performance.now() - begun) / 1000;
  output.line(
    `Loaded ${countOf(tables.length, 'table')} with ${countOf(rows, 'row')} into ${database.description} in ${seconds.toFixed(1)} s.`,
  );
}

function plainLine({ table, status, loaded, seconds, published }: LoadedTable): string {
  if (status !== 'succeeded') return `  ${table}: ${status}, ${published} published`;
  return `  ${table}: ${countOf(loaded, 'row')} in ${seconds.toFixed(2)} s`;
}

function summary(tables: readonly LoadedTable[]): string {
  const counts = ['read', 'loaded', 'quarantined'] as const;
  return summaryTable(
    ['table', ...counts, 'seconds', 'published by', 'files'],
    tables.map((table) => [
      table.table,
      ...counts.map((count) => table[count].toLocaleString('en')),
      table.seconds.toFixed(2),
      table.published,
      table.files.length,
    ]),
    [...counts, 'seconds', 'files'],
  );
}

/** `Not declared, and not read: a, b and 5 more` */
function notRead(tables: readonly string[]): string {
  const shown = tables.slice(0, 10).join(', ');
  return `Not declared, and not read: ${shown}${tables.length > 10 ? ` and ${tables.length - 10} more` : ''}`;
}
