import { createServer } from 'node:http'

/** Answers `/health` for as long as the process serves; whoever starts processes asks there. */
export function serveHealth(port: number): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/health' ? 200 : 404, {
      'content-type': 'application/json',
    })
    response.end('{"status":"ok"}')
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () =>
      resolve({
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          }),
      }),
    )
  })
}
