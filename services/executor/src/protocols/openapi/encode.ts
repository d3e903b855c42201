const UNRESERVED_ONLY = /^[\w.~-]*$/
const LEFT_BY_JAVASCRIPT = /[!'()*]/g

/** Percent-encodes all but RFC 3986's unreserved characters, as RFC 6570 expands `{var}`. */
export function encodeStrict(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text
  return encodeURIComponent(text.toWellFormed()).replace(LEFT_BY_JAVASCRIPT, toPercent)
}

/**
 * RFC 6570's `{+var}`: reserved characters and percent triplets stay, but for those that would end
 * the part of the URL they stand in.
 */
export function encodeReserved(text: string, where: 'path' | 'query'): string {
  const breaking = where === 'path' ? /[?#[\]]/g : /[&#+[\]]/g
  return encodeURI(text.toWellFormed())
    .replace(/%25(?=[0-9a-f]{2})/gi, '%')
    .replace(breaking, toPercent)
}

/** Literal text of a description: encodes what no URL may hold, leaves what is encoded. */
export function encodeLiteral(text: string): string {
  return encodeURI(text.toWellFormed()).replace(/%25(?=[0-9a-f]{2})/gi, '%')
}

/** `application/x-www-form-urlencoded`, as WHATWG writes it. */
export function encodeForm(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, toPercent)
    .replaceAll('%20', '+')
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
