/** One operation of the orders API. */
export interface Order {
  method?: 'get' | 'post'
  description?: string
}

/** A description that journeys change while it is in use. */
export function ordersDocument(origin: string, orders: Record<string, Order>): string {
  const paths = Object.entries(orders).map(([name, { method = 'get', description }]) => [
    `/orders/${name}`,
    {
      [method]: {
        operationId: name,
        tags: ['orders'],
        description: description ?? `Does ${name}.`,
        responses: { 200: { description: 'Done.' } },
      },
    },
  ])
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: [{ url: origin }],
    paths: Object.fromEntries(paths),
  })
}
