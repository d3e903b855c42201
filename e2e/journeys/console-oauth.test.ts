import type { Connection, ToolResult } from '@executor/contracts'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser, readLeftovers, useBrowser } from '../harness/browser.ts'
import { forms } from '../harness/forms.ts'
import { APP, type ProtectedServer, startProtectedServer } from '../harness/protected-server.ts'
import { useStage } from '../harness/stage.ts'
import { addRule, invoke, succeed } from '../harness/steps.ts'

describeInBrowser.each(forms)('signing in in the console, on the $name form', ({ open }) => {
  const stage = useStage(open)
  const browser = useBrowser()
  let server: ProtectedServer

  beforeAll(async () => {
    const { form } = stage
    server = await startProtectedServer([`${form.origin}/api/oauth/callback`])
    const spec = { kind: 'url', url: server.openapi }
    await succeed(form, 'POST', '/api/openapi/specs', { spec, slug: 'things' })
    const mcp = { slug: 'server', name: 'Server', endpoint: server.mcp }
    await succeed(form, 'POST', '/api/mcp/servers', mcp)
    await addRule(form, '*', 'approve')
  })
  afterAll(() => server?.close())

  /** Presses a button that opens the other side's page, and does there what a person does. */
  async function signIn(page: Page, button: string): Promise<void> {
    const opened = page.waitForEvent('popup')
    await page.getByRole('button', { name: button, exact: true }).click()
    const popup = await opened
    await popup.getByPlaceholder('Enter any login').fill('ada')
    await popup.getByPlaceholder('and password').fill('any')
    await popup.getByRole('button', { name: 'Sign-in' }).click()
    await popup.getByRole('button', { name: 'Continue' }).click()
  }

  it('needs nothing but the button where the server registers programs', async () => {
    const { form } = stage
    const { page, faults } = await browser.visit(form, '/integrations/server?addAccount=1')
    await page.getByText('You sign in with the service itself.').waitFor()

    await signIn(page, 'Sign in')
    await page.getByText('Connected default.').waitFor()

    const row = page.getByRole('listitem').filter({ hasText: 'org.default' })
    await row.getByRole('button', { name: 'Sign in again' }).waitFor()
    const tools = (await succeed(form, 'GET', '/api/tools?integration=server')).body
    const [tool] = tools as { address: string }[]
    expect((await invoke(form, tool?.address ?? '')).body).toMatchObject({ ok: true })
    expect(faults).toEqual([])
  })

  it('takes an app where it does not, and keeps its secret from the page', async () => {
    const { form } = stage
    const { page, faults } = await browser.visit(form, '/integrations/things?addAccount=1')
    const callback = await page.getByLabel('Callback URL').inputValue()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Say which app to sign in with.').waitFor()
    await page.getByLabel('Client ID').fill(APP.clientId)
    await page.getByLabel('Client secret').fill(APP.clientSecret)

    await signIn(page, 'Sign in')
    await page.getByText('Connected default.').waitFor()

    expect(callback).toBe(`${form.origin}/api/oauth/callback`)
    const called = await invoke(form, 'things.org.default.thing.getThing')
    expect(called.body).toMatchObject({ ok: true, data: { thing: 'yours' } })
    expect(await readLeftovers(page)).not.toContain(APP.clientSecret)
    expect(faults).toEqual([])
  })

  it('is repeated behind the link of a call that needs it', async () => {
    const { form } = stage
    await server.revokeAll()
    const failed = await invoke(form, 'things.org.default.thing.getThing')
    const { error } = failed.body as ToolResult & {
      error: { code: string; details: { recovery: { signInUrl: string } } }
    }
    const { pathname, search } = new URL(error.details.recovery.signInUrl)

    const { page } = await browser.visit(form, pathname + search)
    await signIn(page, 'Sign in again')
    await page.getByText('Connected default.').waitFor()

    expect(error.code).toBe('oauth_reauth_required')
    const called = await invoke(form, 'things.org.default.thing.getThing')
    expect(called.body).toMatchObject({ ok: true })
  })

  it('says in words what went wrong, and connects nothing', async () => {
    const { form } = stage
    const { page } = await browser.visit(form, '/integrations/server?addAccount=1&label=other')
    // An app that somebody registered there is used before one that registers itself.
    await page.getByLabel('Sign in with').waitFor()
    const opened = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const popup = await opened
    await popup.getByRole('link', { name: '[ Cancel ]' }).click()

    await page.getByText('was declined there').waitFor()

    const { body } = await succeed(form, 'GET', '/api/connections?integration=server')
    expect((body as Connection[]).map(({ name }) => name)).toEqual(['default'])
  })
})
