/** Where frameworks serve their description, the most usual first. */
const USUAL_PATHS = [
  '/openapi.json',
  '/swagger.json',
  '/v3/api-docs',
  '/swagger/v1/swagger.json',
  '/openapi.yaml',
]
const CANDIDATES_MAX = 5
/** What a page says of its description stands in its head or in a short script. */
export const PAGE_CHARS_MAX = 100_000

/** Every repetition has its bound: a page is a stranger's, and this runs on the main thread. */
const MENTIONS = [
  // RFC 8631, then Redoc, Scalar and Stoplight, then the page of Swagger UI.
  /<link [^>]{0,200}rel=["']?service-desc["']?[^>]{0,200}href=["']([^"'\s>]{1,300})/gi,
  /(?:spec-url|data-url|apiDescriptionUrl|specUrl)\s{0,5}[=:]\s{0,5}["']([^"'\s>]{1,300})["']/gi,
  /\burl["']?\s{0,5}:\s{0,5}["']([^"'\s]{1,300})["']/gi,
]
const LIKELY = /\.(json|ya?ml)$|openapi|swagger|api-docs|spec/i

/** Addresses at which the description of an API may be whose page was given instead. */
export function listCandidates(page: string, url: string): string[] {
  if (page === '') return []
  const text = page.slice(0, PAGE_CHARS_MAX)
  const mentioned = MENTIONS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? '').filter((path) => LIKELY.test(path)),
  )
  const absolute = [...mentioned, ...USUAL_PATHS].flatMap((path) => {
    const candidate = URL.parse(path.replaceAll('&amp;', '&'), url)
    return candidate && /^https?:$/.test(candidate.protocol) ? [candidate.href] : []
  })
  return [...new Set(absolute)].filter((candidate) => candidate !== url).slice(0, CANDIDATES_MAX)
}
