import { readFileSync } from 'node:fs'
import { buildIndex } from '../../services/catalog/src/search/build-index.ts'
import { type SearchTarget, searchIndexes } from '../../services/catalog/src/search/search.ts'
import { createBaseline } from './baseline.ts'
import { type Corpus, readCorpus } from './documents.ts'

interface Question {
  api: string
  style: 'plain' | 'paraphrase'
  heldOut?: boolean
  query: string
  answers: string[]
}

const DEEP = 50
const questions = JSON.parse(
  readFileSync(new URL('queries.json', import.meta.url), 'utf8'),
) as Question[]
const corpora = new Map<string, Corpus>()
for (const { api } of questions) if (!corpora.has(api)) corpora.set(api, readCorpus(api))

type Engine = (question: Question) => string[]
const show = process.argv.includes('--misses')

function ourEngine(together: boolean): Engine {
  const targets = new Map<string, SearchTarget>()
  for (const [key, { documents }] of corpora)
    targets.set(key, { key, index: buildIndex(documents), allows: () => true })
  return ({ api, query }) => {
    const searched = [...targets.values()].filter(({ key }) => together || key === api)
    const { items } = searchIndexes(searched, query, { limit: DEEP, offset: 0 })
    return items.map(({ key, ordinal }) =>
      key === api
        ? (corpora.get(key)?.operations[ordinal] ?? '')
        : `${key}: ${corpora.get(key)?.operations[ordinal]}`,
    )
  }
}

function baselineEngine(): Engine {
  const engines = new Map([...corpora].map(([key, it]) => [key, createBaseline(it.documents)]))
  return ({ api, query }) =>
    (engines.get(api)?.(query, DEEP) ?? []).map((it) => corpora.get(api)?.operations[it] ?? '')
}

function measure(engine: Engine, asked: readonly Question[]) {
  let first = 0
  let five = 0
  let reciprocal = 0
  for (const question of asked) {
    const answers = engine(question)
    const rank = answers.findIndex((it) => question.answers.includes(it)) + 1
    if (rank === 1) first++
    if (rank > 0 && rank <= 5) five++
    if (rank > 0) reciprocal += 1 / rank
    if (show && (rank === 0 || rank > 5)) {
      console.log(
        `${question.api} "${question.query}" rank ${rank || '-'}; wanted ${question.answers[0]}`,
      )
      for (const it of answers.slice(0, 5)) console.log(`    ${it}`)
    }
  }
  const share = (value: number) => (value / Math.max(1, asked.length)).toFixed(2)
  return `recall@5 ${share(five)}  recall@1 ${share(first)}  MRR ${share(reciprocal)}  (${asked.length})`
}
const verdict = process.argv.includes('--verdict')
for (const [name, engine] of [
  ['ours', ourEngine(false)],
  ['ours, all together', ourEngine(true)],
  ...(show ? [] : [['BM25', baselineEngine()] as const]),
] as const)
  for (const [part, own] of [
    ['tune', (it: Question) => !it.heldOut],
    ...(verdict
      ? ([
          ['held out', (it: Question) => it.heldOut && it.api !== 'slack'],
          ['unseen API', (it: Question) => it.api === 'slack'],
        ] as const)
      : []),
  ] as const)
    for (const style of ['plain', 'paraphrase'] as const)
      console.log(
        name.padEnd(20),
        part.padEnd(10),
        style.padEnd(10),
        measure(
          engine,
          questions.filter((it) => own(it) && it.style === style),
        ),
      )
