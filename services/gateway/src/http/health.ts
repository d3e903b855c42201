import { z } from 'zod'
import type { App } from './route.ts'

const Health = z.object({ status: z.enum(['ok', 'degraded']), version: z.string() })

/** Asked by whatever supervises this instance, which knows no key and often no name. */
export function registerHealth(app: App, version: string): void {
  for (const url of ['/api/health', '/health']) {
    app.get(
      url,
      {
        config: { access: 'public', anyHost: true },
        schema: {
          tags: ['system'],
          summary: 'Say whether this instance is alive',
          response: { 200: Health },
          hide: url === '/health',
        },
      },
      () => ({ status: 'ok', version }) as const,
    )
  }
}
