/** Loaded with the first server that is reached: whoever has none spares its memory and its time. */
export const loadSdk = () => import('@modelcontextprotocol/client')
export type Sdk = Awaited<ReturnType<typeof loadSdk>>
