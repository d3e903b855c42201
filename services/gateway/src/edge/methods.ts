import type { App } from '../http/route.ts'

/** Answers the methods that a path of the API is asked with; none where it is no path of ours. */
export type MethodsOf = (path: string) => string[]

/** Register first: it watches the routes that follow. */
export function watchMethods(app: App): MethodsOf {
  const routes: { method: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    if (!url.startsWith('/api/')) return
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`)
    for (const each of [method].flat()) routes.push({ method: each, pattern })
  })
  return (path) => {
    const methods = routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    return [...new Set(methods)].sort()
  }
}
