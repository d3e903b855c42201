import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendNotFound } from '../edge/failures.ts'
import { pageHeaders } from '../edge/headers.ts'
import type { MethodsOf } from '../edge/methods.ts'
import { isPagePath } from './page-path.ts'
import type { App } from './route.ts'

/** Files whose name holds a hash of their content. */
const IMMUTABLE = /[/\\]_app[/\\]immutable[/\\]/

interface Page {
  html: string
  headers: Record<string, string>
}

/** The console's static build: its files, and its one page for every path that is a page's. */
export async function registerConsole(
  app: App,
  webRoot: string | undefined,
  methodsOf: MethodsOf,
): Promise<void> {
  const built = webRoot === undefined ? null : await readPage(webRoot)
  const page = built ?? { html: NOT_BUILT, headers: pageHeaders() }
  if (webRoot !== undefined && built) registerFiles(app, resolve(webRoot))
  app.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply, page))
  app.setNotFoundHandler((request, reply) =>
    isNavigation(request) ? sendPage(reply, page) : sendNotFound(request, reply, methodsOf),
  )
}

function registerFiles(app: App, root: string): void {
  // Loaded with the first file that a browser asks for.
  const load = () => import('@fastify/send')
  const options = { root, index: false, dotfiles: 'ignore', cacheControl: false } as const
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const [path = '/'] = request.url.split('?', 1)
    const { default: send } = await load()
    const found = await send(request.raw, path, options)
    if (found.type !== 'file') return reply.callNotFound()
    const isHashed = IMMUTABLE.test(found.metadata.path)
    return reply
      .code(found.statusCode)
      .headers(found.headers)
      .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      .send(found.stream)
  })
}

function sendPage(reply: FastifyReply, { html, headers }: Page): FastifyReply {
  return reply
    .code(200)
    .headers(headers)
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(html)
}

function isNavigation({ method, url, headers }: FastifyRequest): boolean {
  const [path = '/'] = url.split('?', 1)
  if (method !== 'GET' && method !== 'HEAD') return false
  // A missing script must not be answered with a page.
  const isFile = /\.[a-z0-9]+$/i.test(path)
  return !isFile && isPagePath(path) && (headers.accept ?? '').includes('text/html')
}

/** The page every path falls back to; `null` where the console was not built. */
async function readPage(webRoot: string): Promise<Page | null> {
  for (const name of ['200.html', 'index.html']) {
    const html = await readFile(join(webRoot, name), 'utf8').catch(orAbsent)
    if (html !== null) return { html, headers: pageHeaders(inlineScriptHashes(html)) }
  }
  return null
}

function orAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

/** The build starts itself with an inline script; its hash lets that one run and no other. */
export function inlineScriptHashes(html: string): string[] {
  const scripts = html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi)
  return [...scripts].map(([, text = '']) => `'sha256-${hash('sha256', text, 'base64')}'`)
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Executor</title></head>
<body><h1>Executor is running</h1>
<p>Its console was not built. In the project's folder run <code>npm run build</code>, then start again.</p>
<p>Meanwhile: <a href="/api/docs">the API's documentation</a>, <a href="/api/health">health</a>.</p>
</body></html>
`
