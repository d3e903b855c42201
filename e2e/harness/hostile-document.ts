/** What would run if any page took it for anything but text. */
export const MARKUP =
  '<img src=x onerror="globalThis.wasHere=1"><script>globalThis.wasHere=1</script>'
const LINK =
  '[click](javascript:globalThis.wasHere=1) <a href="javascript:globalThis.wasHere=1">x</a>'

/** A description that is hostile wherever it may say something. */
export function hostileDocument(origin: string): string {
  const text = `${MARKUP} ${LINK}`
  return JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: MARKUP,
      version: '1',
      description: text,
      termsOfService: 'javascript:globalThis.wasHere=1',
    },
    servers: [{ url: origin, description: text }],
    externalDocs: { url: 'javascript:globalThis.wasHere=1', description: text },
    security: [{ key: [] }, { bearer: [] }],
    components: {
      securitySchemes: {
        key: { type: 'apiKey', in: 'header', name: 'X-Key', description: text },
        bearer: { type: 'http', scheme: 'bearer', description: text },
      },
    },
    paths: {
      '/a': {
        get: {
          tags: [MARKUP],
          operationId: MARKUP,
          summary: text,
          description: text,
          parameters: [
            { in: 'query', name: 'x"><img src=x>', description: text, schema: { type: 'string' } },
          ],
          responses: { 200: { description: text } },
        },
      },
    },
  })
}
