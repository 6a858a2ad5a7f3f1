import { readJson, type Tree } from '@nx/devkit';

export type CiSystem = 'github' | 'gitlab';

/** A job that checks what a change touches, on a database in memory and on a real PostgreSQL. */
export interface CiFile {
  readonly path: string;
  readonly text: string;
  /** What somebody has to do by hand. */
  readonly hint?: string;
}

export function ciFile(tree: Tree, system: CiSystem): CiFile {
  const { install, run } = packageManager(tree);
  const branch = readJson<{ defaultBase?: string }>(tree, 'nx.json').defaultBase ?? 'main';
  return system === 'github'
    ? { path: '.github/workflows/datakits.yml', text: github(install, run, branch) }
    : {
        path: '.gitlab/datakits.yml',
        text: gitlab(install, run),
        hint: "Add to .gitlab-ci.yml: include: [{ local: '.gitlab/datakits.yml' }]",
      };
}

function packageManager(tree: Tree): { install: string; run: string } {
  if (tree.exists('pnpm-lock.yaml') || tree.exists('pnpm-workspace.yaml')) {
    return { install: 'corepack enable && pnpm install --frozen-lockfile', run: 'pnpm exec nx' };
  }
  if (tree.exists('yarn.lock')) return { install: 'corepack enable && yarn install --immutable', run: 'yarn nx' };
  return { install: 'npm ci', run: 'npx nx' };
}

function github(install: string, run: string, branch: string): string {
  return `name: datakits
on:
  pull_request:
  push:
    branches: [${branch}]
permissions:
  contents: read
  actions: read
jobs:
  datakits:
    runs-on: ubuntu-latest
    services:
      postgres:
        image: postgres:17
        env:
          POSTGRES_PASSWORD: postgres
        ports: ['5432:5432']
        options: --health-cmd pg_isready --health-interval 2s --health-retries 30
    env:
      NX_DAEMON: 'false'
      DATAKIT_POSTGRES_LOCAL_URL: postgresql://postgres@localhost:5432/datakit
      PGPASSWORD: postgres
    steps:
      - uses: actions/checkout@v5
        with:
          # Nx compares with the last commit that passed.
          fetch-depth: 0
          filter: tree:0
          persist-credentials: false
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      - run: ${install}
      - uses: nrwl/nx-set-shas@v5
      - run: ${run} affected -t lint,typecheck,test
      - run: ${run} affected -t deploy,validate -c sqlite_memory
      - run: ${run} affected -t deploy,validate -c postgres_local
`;
}

function gitlab(install: string, run: string): string {
  return `datakits:
  image: node:24
  services:
    - name: postgres:17
      alias: postgres
  variables:
    GIT_DEPTH: '0'
    NX_DAEMON: 'false'
    POSTGRES_PASSWORD: postgres
    PGPASSWORD: postgres
    DATAKIT_POSTGRES_LOCAL_URL: postgresql://postgres@postgres:5432/datakit
  script:
    - ${install}
    - export NX_BASE=\${CI_MERGE_REQUEST_DIFF_BASE_SHA:-$CI_COMMIT_BEFORE_SHA} NX_HEAD=$CI_COMMIT_SHA
    - ${run} affected -t lint,typecheck,test
    - ${run} affected -t deploy,validate -c sqlite_memory
    - ${run} affected -t deploy,validate -c postgres_local
`;
}
