/** Milliseconds between two looks: agents call faster than a page can be read. */
const LOOK_MS_MIN = 1000
/** Milliseconds until a connection that was lost is tried again. */
const RECONNECT_MS = 3000

/**
 * Calls `look` when something of these types has happened elsewhere, so that it shows without a
 * reload; and when the connection is back, as nobody knows what was missed. Answers what ends it.
 */
export function watchEvents(types: readonly string[], look: () => unknown): () => void {
  let socket: WebSocket | undefined
  let soon: ReturnType<typeof setTimeout> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let isMissing = false
  let lookedAt = Number.NEGATIVE_INFINITY

  function lookSoon() {
    soon ??= setTimeout(
      () => {
        soon = undefined
        lookedAt = performance.now()
        void look()
      },
      Math.max(0, lookedAt + LOOK_MS_MIN - performance.now()),
    )
  }
  function open() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    socket = new WebSocket(`${scheme}://${location.host}/api/events`)
    socket.onopen = () => {
      if (isMissing) lookSoon()
      isMissing = false
    }
    socket.onmessage = ({ data }) => {
      const { type } = JSON.parse(data) as { type: string }
      if (type === 'missed' || types.includes(type)) lookSoon()
    }
    socket.onclose = () => {
      isMissing = true
      again = setTimeout(open, RECONNECT_MS)
    }
  }
  open()
  return () => {
    clearTimeout(soon)
    clearTimeout(again)
    if (socket) socket.onclose = null
    socket?.close()
  }
}
