import { DatakitError } from '../../errors/datakit-error.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import type { Output } from '../../report/output.ts';
import { summaryTable } from '../../report/summary-table.ts';
import { compileBuild } from '../../structure/compile-build.ts';
import type { TargetDatabase } from '../../targets/target-database.ts';

/** Prints the answers to a pipeline's questions. @throws DATAKIT_INVALID, TARGET_FAILED */
export async function printResults(pipeline: Pipeline, database: TargetDatabase, output: Output): Promise<void> {
  const session = await database.connect({ readOnly: true });
  try {
    for (const { title, inputs, query } of pipeline.results) {
      const { sql, columns } = compileBuild(undefined, title, { inputs, query }, database.engine);
      const rows = await session.query(sql);
      const names = columns ?? Object.keys(rows[0] ?? {});
      if (names.length === 0) {
        throw new DatakitError({ code: 'DATAKIT_INVALID', message: `The result "${title}" has no columns.` });
      }
      output.line(title);
      output.line(
        summaryTable(
          names,
          rows.map((row) => names.map((name) => shown(row[name]))),
          names.filter((name) => rows.every((row) => /^-?[\d.]+$/.test(shown(row[name])))),
        ),
      );
    }
  } finally {
    await database.disconnect(session);
  }
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? value.toISOString() : String(value);
}
