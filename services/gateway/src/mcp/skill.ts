import type { AnswerMode } from '../executions/answer-mode.ts'

const GO_ON: Record<AnswerMode, string> = {
  browser: 'tell the user the link, then call `resume` with it.',
  model: 'ask the user, then call `resume` with it and the answer.',
  native: 'tell the user the link, which shows the result after the answer.',
}

/** What an agent reads once before it writes code; short, because every agent pays for it. */
export function executeSkill(mode: AnswerMode): string {
  return `# execute

Write TypeScript; its \`return\` value is the result, as JSON. Tools are functions below \`tools\`.

1. Find: \`const { items } = await tools.search({ query: "create an issue" })\` → items have \`path\`, \`description\`, \`requiresApproval\`.
2. Look: \`await tools.describe.tool({ path: items[0].path })\` → \`inputTypeScript\`, \`outputTypeScript\`, \`errorTypeScript\` (what \`error\` of a failed call holds), \`typeScriptDefinitions\`.
3. Call: \`const r = await tools.github.org.work.issues.create({ … })\` or \`tools["github.org.work.issues.create"]({ … })\`.
   Answers are \`{ ok: true, data, http? }\` or \`{ ok: false, error: { code, message, … } }\`: check \`r.ok\`; a failed call does not throw.

Rules
- Search before you guess a path. Do many things in one script: loops, \`Promise.all\`, filters; return only what you need.
- \`tools.executor.integrations.list({})\` lists what is connected. \`emit(value)\` shows text, images and files beside the result; \`console.log\` goes to the logs.
- There is no network, file system or import. \`URL\`, \`TextEncoder\`, \`atob\`, \`structuredClone\`, timers and \`crypto.randomUUID\` are there. Nothing is kept between executions.
- Some calls wait for a person. Then the result says so and has an \`executionId\`: ${GO_ON[mode]} The script goes on where it stopped; do not run it again.
- \`error.code === "outcome_unknown"\`: it may have happened. Look before you repeat it.`
}
