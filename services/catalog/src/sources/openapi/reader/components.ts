/** Strongly connected components of a graph (Tarjan), each after those it leads to. */
export function findComponents(
  names: Iterable<string>,
  edgesOf: (name: string) => readonly string[],
): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open = new Set<string>()
  const stack: string[] = []
  const components: string[][] = []

  function visit(root: string): void {
    const path: { name: string; edges: readonly string[]; next: number }[] = []
    const enter = (name: string): void => {
      order.set(name, order.size)
      lowest.set(name, order.size - 1)
      stack.push(name)
      open.add(name)
      path.push({ name, edges: edgesOf(name), next: 0 })
    }
    enter(root)
    for (let frame = path.at(-1); frame; frame = path.at(-1)) {
      const target = frame.edges[frame.next++]
      if (target === undefined) {
        path.pop()
        const parent = path.at(-1)
        if (parent) lower(parent.name, lowest.get(frame.name))
        if (lowest.get(frame.name) === order.get(frame.name)) close(frame.name)
      } else if (!order.has(target)) {
        enter(target)
      } else if (open.has(target)) {
        lower(frame.name, order.get(target))
      }
    }
  }

  function lower(name: string, value = 0): void {
    lowest.set(name, Math.min(lowest.get(name) ?? 0, value))
  }

  function close(name: string): void {
    const component: string[] = []
    let member: string | undefined
    do {
      member = stack.pop()
      if (member === undefined) break
      open.delete(member)
      component.push(member)
    } while (member !== name)
    components.push(component)
  }

  for (const name of names) if (!order.has(name)) visit(name)
  return components
}
