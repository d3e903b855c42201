import type { IntegrationSettings, Operation } from '@executor/contracts'
import type { z } from 'zod'
import { bindingError } from './failures.ts'

/** Makes something of an object once, and keeps it for as long as that object lives. */
export function oncePer<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}

/** What a kind's importer wrote down of an operation. Throws `binding_error`. */
export function readBinding<S extends z.ZodType>(
  schema: S,
  { name, binding }: Operation,
): z.output<S> {
  const parsed = schema.safeParse(binding)
  if (parsed.success) return parsed.data
  throw bindingError(`${name} is stored in a form that cannot be sent; refresh its integration.`)
}

/** The settings of an integration in its kind's form. Throws `binding_error`. */
export function readConfig<S extends z.ZodType>(
  schema: S,
  { slug, config }: IntegrationSettings,
): z.output<S> {
  const parsed = schema.safeParse(config)
  if (parsed.success) return parsed.data
  throw bindingError(`The settings of ${slug} cannot be read; configure it again.`)
}
