import { existsSync } from 'node:fs'
import { invariant } from '@executor/contracts'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { e2eConfig } from './config.ts'
import type { Form } from './form.ts'

const KNOWN_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** More than any page of ours has places for the keyboard. */
const TABS_MAX = 60
/** Milliseconds within which a page of ours does what was asked of it. */
const STEP_MS_MAX = 30_000

const executablePath = [e2eConfig.chromiumPath, ...KNOWN_PATHS].find(
  (path) => path !== undefined && existsSync(path),
)
if (!executablePath) {
  const missing = 'No Chromium is found: journeys through the console need it (CHROMIUM_PATH).'
  invariant(!e2eConfig.isCi, missing)
  console.warn(`${missing} They are skipped.`)
}

/** `describe` where there is a browser; elsewhere in CI it fails, on a laptop it is skipped. */
export const describeInBrowser = describe.skipIf(!executablePath)

export interface Visit {
  page: Page
  /** What the browser complains of: scripts that throw, and what the page's policy kept out. */
  faults: string[]
}

export interface Visitor {
  /** A window of its own, signed in with the owner's key as the start's link does it. */
  visit(form: Form, path: string, options?: BrowserContextOptions): Promise<Visit>
  /** The same for nobody in particular. */
  visitUnknown(form: Form, path: string): Promise<Visit>
}

/** A browser for the tests of one `describe`. */
export function useBrowser(): Visitor {
  let browser: Browser | undefined
  beforeAll(async () => {
    if (executablePath) browser = await chromium.launch({ executablePath, args: ARGUMENTS })
  })
  afterAll(() => browser?.close())

  async function open(url: string, options: BrowserContextOptions = {}): Promise<Visit> {
    invariant(browser, 'the browser is there inside tests')
    const context = await browser.newContext({ locale: 'en-GB', ...options })
    context.setDefaultTimeout(STEP_MS_MAX)
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', ({ message }) => faults.push(message))
    page.on('console', (message) => {
      const text = message.text()
      if (/content security policy/i.test(text)) faults.push(text)
    })
    await page.goto(url)
    return { page, faults }
  }
  return {
    visit: ({ origin, ownerToken }, path, options) => {
      const url = new URL(path, origin)
      url.searchParams.set('_token', ownerToken)
      return open(url.href, options)
    },
    visitUnknown: ({ origin }, path) => open(new URL(path, origin).href),
  }
}

/** Run in the page, whose types are not those of the programs here. */
const NAME_OF_FOCUSED = `(() => {
  const element = document.activeElement
  const label = [...(element.labels ?? [])].map(({ textContent }) => textContent).join(' ')
  return (element.getAttribute('aria-label') ?? (label || element.textContent)).trim()
})()`
const EVERYTHING = `JSON.stringify([
  document.documentElement.outerHTML,
  [...document.querySelectorAll('input, textarea')].map(({ value }) => value),
  { ...localStorage },
  { ...sessionStorage },
  location.href,
  history.state,
])`

/** Everything that a page keeps where somebody could find it later. */
export function readLeftovers(page: Page): Promise<string> {
  return page.evaluate<string>(EVERYTHING)
}

export function nameOfFocused(page: Page): Promise<string> {
  return page.evaluate<string>(NAME_OF_FOCUSED)
}

/** Presses Tab until what has this name has the keyboard. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < TABS_MAX; presses++) {
    await page.keyboard.press('Tab')
    const focused = await nameOfFocused(page)
    if (typeof name === 'string' ? focused === name : name.test(focused)) return
    passed.push(focused)
  }
  invariant(false, `the keyboard reaches ${name}: it passed ${passed.join(', ')}`)
}
