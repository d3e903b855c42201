import type { JsonObject, OpenapiParameter } from '@executor/contracts'
import type { Problem } from '../arguments/schema-check.ts'

/** Which argument a name means, by the container it may be given in. */
export interface Containers {
  arguments: ReadonlySet<string>
  names: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const LOCATIONS: Readonly<Record<OpenapiParameter['in'], readonly string[]>> = {
  path: ['path', 'params'],
  query: ['query', 'params'],
  querystring: ['query', 'params'],
  header: ['headers', 'params'],
  cookie: ['cookies', 'params'],
}
const CONTAINERS = ['path', 'query', 'headers', 'cookies', 'params']

export function planContainers(parameters: readonly OpenapiParameter[]): Containers {
  const names = new Map(CONTAINERS.map((container) => [container, new Map<string, string>()]))
  for (const { argument, name, in: location } of parameters)
    for (const container of LOCATIONS[location]) {
      const known = names.get(container)
      // The argument's own name wins over another parameter's name on the wire.
      if (known && !known.has(fold(container, name))) known.set(fold(container, name), argument)
      known?.set(fold(container, argument), argument)
    }
  return { arguments: new Set(parameters.map(({ argument }) => argument)), names }
}

/**
 * Arguments may come flat or grouped as people think of a request: `{path: {…}, query: {…}}`. This
 * lifts the groups; what a group has no parameter for is a problem.
 */
export function flatten(
  { arguments: known, names }: Containers,
  args: JsonObject,
): { args: JsonObject; problems: Problem[] } {
  const groups = CONTAINERS.filter((container) => isGroup(args[container]) && !known.has(container))
  if (groups.length === 0) return { args, problems: [] }
  const flat: JsonObject = { ...args }
  const problems: Problem[] = []
  for (const container of groups) {
    delete flat[container]
    const accepted = names.get(container)
    for (const [name, value] of Object.entries(args[container] as JsonObject)) {
      const argument = accepted?.get(fold(container, name))
      const path = `${container}.${name}`
      if (argument === undefined) {
        const list = [...new Set(accepted?.values())].join(', ') || 'none'
        problems.push({ path, message: `is not known; accepted in ${container}: ${list}` })
      } else if (Object.hasOwn(flat, argument) && flat[argument] !== value) {
        problems.push({ path, message: `is given twice, also as ${argument}` })
      } else flat[argument] = value
    }
  }
  return { args: flat, problems }
}

function fold(container: string, name: string): string {
  return container === 'headers' ? name.toLowerCase() : name
}

function isGroup(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
