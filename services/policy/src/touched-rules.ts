import { formatPath, matchPattern, type Rule, type TouchedRule } from '@executor/contracts'

/** Tools named with a rule: enough to see which they are. */
const TOOLS_SHOWN_MAX = 50
const RULES_MAX = 500

export interface ToolsInQuestion {
  integration: string
  /** Absent: of any account. */
  account?: { owner: 'org' | 'user'; connection: string } | undefined
  tools: readonly string[]
}

/** The rules that can match any of the tools, in the order in which they are tried. */
export function findTouchedRules(rules: readonly Rule[], asked: ToolsInQuestion): TouchedRule[] {
  const touched: TouchedRule[] = []
  for (const rule of rules) {
    const matches = matcherOf(rule.pattern, asked)
    const tools = matches ? asked.tools.filter(matches) : []
    if (tools.length === 0) continue
    touched.push({ rule, tools: tools.slice(0, TOOLS_SHOWN_MAX), toolCount: tools.length })
    if (touched.length === RULES_MAX) break
  }
  return touched
}

/** Null where no tool of the integration can match. */
function matcherOf(
  pattern: string,
  { integration, account }: ToolsInQuestion,
): ((tool: string) => boolean) | null {
  if (pattern === '*') return () => true
  const [head, owner, connection, ...rest] = pattern.split('.')
  if (head !== integration) return null
  if (account) return (tool) => matchPattern(pattern, formatPath({ integration, ...account, tool }))
  // What ends before the tool's own part takes in all of them, or none.
  if (rest.length === 0) return (connection ?? owner) === '*' ? () => true : null
  return (tool) => matchPattern(rest.join('.'), tool)
}
