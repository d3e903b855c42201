// biome-ignore lint/correctness/noUnresolvedImports: the package says where it begins, not an index.
declare module 'swagger-client' {
  const client: { execute(request: Record<string, unknown>): Promise<unknown> }
  // biome-ignore lint/style/noDefaultExport: that is what it exports.
  export default client
}
