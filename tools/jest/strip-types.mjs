import { stripTypeScriptTypes } from 'node:module';

/** Tests run the same type-stripped sources that Nx and Node run, so no second compiler can disagree. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
