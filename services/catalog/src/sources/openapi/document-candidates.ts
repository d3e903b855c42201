/** Where frameworks serve their description, the most usual first. */
const USUAL_PATHS = [
  '/openapi.json',
  '/swagger.json',
  '/v3/api-docs',
  '/swagger/v1/swagger.json',
  '/openapi.yaml',
]
const MENTIONED_MAX = 5
const SCRIPTS_MAX = 2
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

/** The scripts of Swagger UI and of what frameworks make of it, which name the description. */
const SCRIPT =
  /<script [^>]{0,200}src=["']?([^"'\s>]{0,250}(?:swagger-initializer|swagger-ui-init)[^"'\s>]{0,40})/gi

/** Addresses that a page, or a script of it, names as the description that it shows. */
export function listMentioned(text: string, url: string): string[] {
  const start = text.slice(0, PAGE_CHARS_MAX)
  const paths = MENTIONS.flatMap((pattern) =>
    [...start.matchAll(pattern)].map((match) => match[1] ?? '').filter((path) => LIKELY.test(path)),
  )
  return toAddresses(paths, url).slice(0, MENTIONED_MAX)
}

/** Addresses of scripts that may name it. */
export function listScripts(page: string, url: string): string[] {
  const start = page.slice(0, PAGE_CHARS_MAX)
  const paths = [...start.matchAll(SCRIPT)].map((match) => match[1] ?? '')
  return toAddresses(paths, url).slice(0, SCRIPTS_MAX)
}

/** Where the description usually is: at the root, and below the address that was given. */
export function listUsual(url: string): string[] {
  return toAddresses([...USUAL_PATHS, 'openapi.json'], url)
}

function toAddresses(paths: readonly string[], url: string): string[] {
  const absolute = paths.flatMap((path) => {
    const address = URL.parse(path.replaceAll('&amp;', '&'), url)
    return address && /^https?:$/.test(address.protocol) ? [address.href] : []
  })
  return [...new Set(absolute)].filter((address) => address !== url)
}
