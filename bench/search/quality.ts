import { readFileSync } from 'node:fs'
import { buildIndex } from '../../services/catalog/src/search/build-index.ts'
import { type SearchTarget, searchIndexes } from '../../services/catalog/src/search/search.ts'
import { createBaseline } from './baseline.ts'
import { type Corpus, readCorpus } from './documents.ts'
import { measureSpeed } from './speed.ts'

// How good answers are, and how fast. Without arguments: the queries that may be tuned on, and speed.
//   --verdict   also the queries that were kept aside: a third of three APIs, and all of a fourth
//   --misses    what was answered instead, for every tuned query that is not among the first five

interface Question {
  api: string
  style: 'plain' | 'paraphrase'
  heldOut?: boolean
  query: string
  answers: string[]
}

/** Given a question, operations in the order in which an engine answers them. */
type Engine = (question: Question) => string[]

const DEEP = 50
const UNSEEN = 'slack'
const shows = process.argv.includes('--misses')

const questions = readQuestions('queries.json')
/** Written after the engine, to widen its vocabulary: no measure of it. */
const widening = readQuestions('development.json')
const corpora = new Map<string, Corpus>()
for (const { api } of [...questions, ...widening])
  if (!corpora.has(api)) corpora.set(api, readCorpus(api))
const measuredApis = new Set(questions.map(({ api }) => api))

const alone = ourEngine(false)
const parts: [string, Question[]][] = [
  ['tuned', questions.filter((it) => !it.heldOut)],
  ['widening', widening],
]
if (process.argv.includes('--verdict'))
  parts.push(
    ['held out', questions.filter((it) => it.heldOut && it.api !== UNSEEN)],
    ['unseen API', questions.filter((it) => it.api === UNSEEN)],
  )
for (const [part, asked] of parts) {
  report('ours', part, asked, alone, shows)
  if (asked !== widening) report('ours, all APIs', part, asked, ourEngine(true))
  report('plain BM25', part, asked, baselineEngine())
}
measureSpeed(questions.map(({ query }) => query))

function readQuestions(file: string): Question[] {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Question[]
}

/** `together`: with the other APIs connected as well, as somebody has who asks without naming one. */
function ourEngine(together: boolean): Engine {
  const targets = [...corpora].map(([key, { documents }]): SearchTarget => {
    return { key, index: buildIndex(documents), allows: () => true }
  })
  return ({ api, query }) => {
    const searched = targets.filter(({ key }) => (together ? measuredApis.has(key) : key === api))
    const { items } = searchIndexes(searched, query, { limit: DEEP, offset: 0 })
    return items.map(({ key, ordinal }) => {
      const operation = corpora.get(key)?.operations[ordinal] ?? ''
      return key === api ? operation : `${key}: ${operation}`
    })
  }
}

function baselineEngine(): Engine {
  const engines = new Map([...corpora].map(([key, it]) => [key, createBaseline(it.documents)]))
  return ({ api, query }) =>
    (engines.get(api)?.(query, DEEP) ?? []).map((it) => corpora.get(api)?.operations[it] ?? '')
}

function report(name: string, part: string, asked: Question[], engine: Engine, misses = false) {
  for (const style of ['plain', 'paraphrase'] as const) {
    const own = asked.filter((it) => it.style === style)
    if (own.length === 0) continue
    const ranks = own.map((question) => rankOf(question, engine(question), misses))
    const share = (value: number) => (value / own.length).toFixed(2)
    const five = share(ranks.filter((rank) => rank <= 5).length)
    const first = share(ranks.filter((rank) => rank === 1).length)
    const mrr = share(ranks.reduce((sum, rank) => sum + 1 / rank, 0))
    const head = `${name.padEnd(15)} ${part.padEnd(11)} ${style.padEnd(11)}`
    console.log(`${head} recall@5 ${five}  recall@1 ${first}  MRR ${mrr}  (${own.length} queries)`)
  }
}

function rankOf(question: Question, answers: string[], misses: boolean): number {
  const at = answers.findIndex((it) => question.answers.includes(it))
  const rank = at < 0 ? Number.POSITIVE_INFINITY : at + 1
  if (misses && rank > 5 && !question.heldOut) {
    console.log(`${question.api} "${question.query}": rank ${rank}, wanted ${question.answers[0]}`)
    for (const answer of answers.slice(0, 5)) console.log(`    ${answer}`)
  }
  return rank
}
