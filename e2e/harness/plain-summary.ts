import type { Reporter, TestModule } from 'vitest/node'

/** Prints one plain line at the end, for whoever counts tests without knowing vitest. */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its file's default export.
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++
      for (const test of module.children.allTests()) count[test.result().state]++
    }
    const { passed, failed, skipped, pending } = count
    process.stdout.write(`${passed} passed, ${failed + pending} failed, ${skipped} skipped\n`)
  }
}
