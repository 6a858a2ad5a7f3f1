import { ownerOf, type Datakit } from '../model/datakit.ts';

/** The datakits that one builds on, lowest first, itself last. */
export function withUpstream(datakit: Datakit): Datakit[] {
  const ordered: Datakit[] = [];
  const visit = (each: Datakit): void => {
    if (ordered.includes(each)) return;
    for (const { options } of each.tables) {
      for (const input of Object.values(options.build?.inputs ?? {})) {
        const owner = ownerOf(input, each);
        if (owner && owner !== each) visit(owner);
      }
    }
    ordered.push(each);
  };
  visit(datakit);
  return ordered;
}
