/**
 * Datadog keeps each region apart: one page to sign in at, and the answer names the site whose servers
 * give tokens. Only its own sites are believed.
 */
const SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'ddog-gov.com',
]
const HOST = new RegExp(`^(api\\.|app\\.)?(${SITES.join('|').replaceAll('.', '\\.')})$`)

/** Where the code is to be exchanged, where that is not at the client's own URL. */
export function regionalTokenUrl(tokenUrl: string, site: string | undefined): string | null {
  const url = URL.parse(tokenUrl)
  const name = site?.toLowerCase().replace(/^https:\/\//, '')
  if (!url || name === undefined || !HOST.test(url.hostname)) return null
  const region = HOST.exec(name)?.[2]
  if (region === undefined) return null
  url.hostname = `api.${region}`
  return url.href === tokenUrl ? null : url.href
}
