import type { InputQuery, QueryInputs } from './build.ts';

/** A question whose answer a pipeline prints at its end. */
export interface PipelineResult {
  readonly title: string;
  readonly inputs: QueryInputs;
  readonly query: InputQuery<QueryInputs, unknown>;
}

/** What a team writes beside a pipeline's `datakit.json`; the datakits themselves are those that its project depends on. */
export interface Pipeline {
  readonly kind: 'pipeline';
  readonly results: readonly PipelineResult[];
}

/** Declares a pipeline: `export default definePipeline({ results: [result(…)] })`. */
export function definePipeline({ results = [] }: { readonly results?: readonly PipelineResult[] }): Pipeline {
  return Object.freeze({ kind: 'pipeline', results });
}

/**
 * A question to ask of the tables that a pipeline filled.
 *
 * @example
 * ```ts
 * result('Films by category', { f: Gold.DimFilm }, (from) =>
 *   from.selectFrom('f').groupBy('f.category').select((eb) => ['f.category', eb.fn.countAll<number>().as('films')]));
 * ```
 */
export function result<const Inputs extends QueryInputs, Row>(
  title: string,
  inputs: Inputs,
  query: InputQuery<Inputs, Row>,
): PipelineResult {
  return { title, inputs, query: query as unknown as InputQuery<QueryInputs, unknown> };
}
