export { createPagila } from './create-pagila.ts';
export type { PagilaOptions } from './create-pagila.ts';
export { serve } from './serve.ts';
export type { ServedSource, ServeOptions } from './serve.ts';
