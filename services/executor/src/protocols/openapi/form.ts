import type { OpenapiContent } from '@executor/contracts'
import { encodeForm } from './encode.ts'
import { type Style, scalarText, writePairs } from './style.ts'

/** `application/x-www-form-urlencoded`: lists repeat their name, objects go as JSON, unless told. */
export function writeForm(fields: object, { encoding = {} }: OpenapiContent): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([field, value]) => {
      const how = Object.hasOwn(encoding, field) ? encoding[field] : undefined
      const name = encodeForm(field)
      if (how?.contentType?.includes('json')) return `${name}=${encodeForm(JSON.stringify(value))}`
      if (how?.style !== undefined || how?.explode !== undefined) {
        const style = (how.style ?? 'form') as Style
        const explode = how.explode ?? (style === 'form' || style === 'deepObject')
        return writePairs(value, { name, style, explode, encode: encodeForm })
      }
      const values = Array.isArray(value) ? value : [value]
      return values.map((item) => `${name}=${encodeForm(scalarText(item))}`)
    })
    .join('&')
}
