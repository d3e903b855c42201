// Each rule is a sentence about the architecture. See ARCHITECTURE.md.
const rule = (name, from, to, comment = name) => ({ name, severity: 'error', comment, from, to })
const only = (name, owner, dependency, comment) =>
  rule(name, { pathNot: owner }, { path: dependency }, comment)
const TESTS = '\\.test\\.ts$|/test/|/testing'

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      {},
      { circular: true },
      'Two files that need each other are one file, or three.',
    ),
    rule(
      'services-are-islands',
      { path: '^services/([^/]+)/' },
      { path: '^services/', pathNot: '^services/$1/' },
      'Services talk over the bus, never by import.',
    ),
    rule('packages-look-down', { path: '^packages/(?!local/)' }, { path: '^(services|web|e2e)/' }),
    rule(
      'contracts-is-the-floor',
      { path: '^packages/contracts/' },
      { path: '^packages/(?!contracts/)' },
    ),
    rule('bus-below-boot', { path: '^packages/bus/' }, { path: '^packages/boot/' }),
    rule('web-is-a-client', { path: '^web/' }, { path: '^(services|packages/(?!contracts/))' }),
    rule(
      'only-main-boots',
      { path: '^services/', pathNot: '/src/(main|config)\\.ts$' },
      { path: '^packages/boot/' },
    ),
    only('only-the-bus-speaks-nats', '^packages/bus/', 'node_modules/@nats-io/'),
    only(
      'only-stores-speak-prisma',
      `^packages/storage/|^services/[^/]+/(src/store(\\.ts$|/)|prisma/)|${TESTS}`,
      'node_modules/@prisma/|^services/[^/]+/prisma/client/',
    ),
    only(
      'only-the-sandbox-speaks-quickjs',
      '^services/executor/src/sandbox/',
      'node_modules/(quickjs-emscripten|@jitl)',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '^(packages|services)/[^/]+/dist/|^web/[.]svelte-kit/|/prisma/client/[^/]+/internal/',
    },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.svelte'],
    },
  },
}
