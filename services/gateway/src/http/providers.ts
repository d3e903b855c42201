import { connections } from '@executor/contracts'
import { z } from 'zod'
import { type App, asCaller, type RouteDeps } from './route.ts'
import { tagProviderError } from './tags.ts'

const tags = ['providers']

export function registerProviders(app: App, { bus }: RouteDeps): void {
  app.get(
    '/api/providers',
    {
      config: { access: connections.listProviders.access },
      schema: {
        tags,
        summary: 'List where secret values can live',
        response: { 200: z.array(z.string()) },
      },
    },
    async (request, reply) => {
      const providers = await bus.request(connections.listProviders, {}, asCaller(request, reply))
      return providers.map(({ key }) => key)
    },
  )

  app.get(
    '/api/providers/:key/items',
    {
      config: { access: connections.listProviderItems.access, tagError: tagProviderError },
      schema: {
        tags,
        summary: 'List what a provider holds, by name',
        params: z.object({ key: z.string() }),
        response: { 200: z.array(z.object({ id: z.string(), name: z.string() })) },
      },
    },
    (request, reply) =>
      bus.request(connections.listProviderItems, request.params, asCaller(request, reply)),
  )
}
