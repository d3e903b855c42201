import type { OauthOutcome } from '@executor/contracts'

/** What the page that ends a sign-in says, and on which channel. */
const CHANNEL = 'executor-oauth'
const FEATURES = 'popup,width=560,height=760'

/**
 * A window for the other side's page. It has to be opened within the click, before anything is known of
 * where it goes; null where the browser opens none.
 */
export function openSignInWindow(): Window | null {
  return window.open('about:blank', '_blank', FEATURES)
}

/** Sends the window to where a person signs in; nothing but a web page is opened. */
export function sendTo(opened: Window | null, url: string): void {
  const { protocol } = new URL(url)
  if (opened && (protocol === 'https:' || protocol === 'http:')) opened.location.href = url
}

/** Calls `hear` with what ends of sign-ins say, in whatever window. Answers what ends it. */
export function hearOutcomes(hear: (outcome: OauthOutcome) => void): () => void {
  const onMessage = ({ data, origin }: MessageEvent) => {
    const isOurs = origin === location.origin && data?.type === CHANNEL
    if (isOurs) hear(data.outcome as OauthOutcome)
  }
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', onMessage)
  window.addEventListener('message', onMessage)
  return () => {
    channel.close()
    window.removeEventListener('message', onMessage)
  }
}
