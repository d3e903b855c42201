const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** A property's name as it stands in a type: quoted where it is no identifier. */
export function propertyName(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name)
}

/** A definition's name as a type name: `simple-user` → `SimpleUser`. */
export function typeName(definition: string): string {
  const words = definition.match(/[\p{ID_Continue}]+/gu) ?? []
  const name = words
    .flatMap((word) => word.split('_'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
  return IDENTIFIER.test(name) ? name : `_${name}`
}

/** Type names for all definitions; two that would have the same one are told apart by a number. */
export function typeNames(definitions: Iterable<string>): Map<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const definition of definitions) {
    const wanted = typeName(definition)
    let name = wanted
    for (let count = 2; taken.has(name); count++) name = `${wanted}${count}`
    taken.add(name)
    names.set(definition, name)
  }
  return names
}
