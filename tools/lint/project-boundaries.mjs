/**
 * Which project may depend on which, by tag. A datakit gets `layer:…` from its datakit.json; every other project
 * names its `scope:…` in project.json. A project that is not named on the right cannot be imported.
 */
export const projectBoundaries = [
  { sourceTag: 'scope:framework', onlyDependOnLibsWithTags: ['scope:framework'] },
  { sourceTag: 'scope:source', onlyDependOnLibsWithTags: ['scope:framework'] },
  { sourceTag: 'scope:tool', onlyDependOnLibsWithTags: ['scope:framework', 'scope:tool'] },
  {
    sourceTag: 'scope:pipeline',
    onlyDependOnLibsWithTags: ['scope:framework', 'scope:source', 'layer:bronze', 'layer:silver', 'layer:gold'],
  },
  { sourceTag: 'layer:bronze', onlyDependOnLibsWithTags: ['scope:framework', 'scope:source'] },
  { sourceTag: 'layer:silver', onlyDependOnLibsWithTags: ['scope:framework', 'layer:bronze'] },
  { sourceTag: 'layer:gold', onlyDependOnLibsWithTags: ['scope:framework', 'layer:silver'] },
];
