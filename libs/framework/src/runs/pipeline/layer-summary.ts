import { layers, type Datakit } from '../../model/datakit.ts';
import type { RunReport } from '../../report/run-report.ts';
import { summaryTable } from '../../report/summary-table.ts';

/** What the stages of one datakit came to. */
export interface StageResult {
  readonly datakit: Datakit;
  readonly reports: readonly RunReport[];
  readonly seconds: number;
}

const counts = ['datakits', 'tables', 'rows', 'quarantined', 'checks', 'seconds'] as const;

/** The end of a pipeline, layer by layer. */
export function layerSummary(results: readonly StageResult[]): string {
  const rows = layers.flatMap((layer) => {
    const ofLayer = results.filter(({ datakit }) => datakit.layer === layer);
    if (ofLayer.length === 0) return [];
    const loaded = ofLayer.flatMap(({ reports }) => reports.flatMap(({ tables }) => tables));
    const warnings = ofLayer.flatMap(({ reports }) => reports.flatMap(({ findings }) => findings)).length;
    const checks = ofLayer.reduce(
      (sum, { datakit }) => sum + datakit.tables.reduce((all, { options }) => all + (options.expect?.length ?? 0), 0),
      0,
    );
    const sum = (column: 'loaded' | 'quarantined'): string =>
      loaded.reduce((all, table) => all + table[column], 0).toLocaleString('en');
    return [
      [
        layer,
        ofLayer.length,
        ofLayer.reduce((all, { datakit }) => all + datakit.tables.length, 0),
        sum('loaded'),
        sum('quarantined'),
        warnings > 0 ? `${checks}, ${warnings} not met` : checks,
        ofLayer.reduce((all, { seconds }) => all + seconds, 0).toFixed(1),
      ],
    ];
  });
  return summaryTable(['layer', ...counts], rows, counts);
}
