import { pageHeaders } from '../edge/headers.ts'
import { createApiDocument, type DocumentedRoute } from './api-document.ts'
import { DOCS_HTML, DOCS_SCRIPT, DOCS_STYLE } from './docs-page.ts'
import type { App } from './route.ts'

/** Our own description, and a page to read it. Register first: it watches the routes that follow. */
export function registerDocuments(app: App, version: string): void {
  const routes: DocumentedRoute[] = []
  let document: string | undefined
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    if (!url.startsWith('/api/') || !schema || schema.hide) return
    for (const each of [method].flat()) {
      if (each !== 'HEAD' && each !== 'OPTIONS')
        routes.push({ method: each, url, schema, isPublic: config?.access === 'public' })
    }
  })

  const hidden = { config: { access: 'public' }, schema: { hide: true } } as const
  app.get('/api/openapi.json', hidden, (_request, reply) => {
    document ??= JSON.stringify(createApiDocument(routes, version))
    return reply.type('application/json; charset=utf-8').send(document)
  })
  app.get('/api/docs', hidden, (_request, reply) =>
    reply.headers(pageHeaders()).type('text/html; charset=utf-8').send(DOCS_HTML),
  )
  app.get('/api/docs/docs.js', hidden, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(DOCS_SCRIPT),
  )
  app.get('/api/docs/docs.css', hidden, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(DOCS_STYLE),
  )
}
