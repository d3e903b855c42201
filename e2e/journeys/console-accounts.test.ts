import { randomBytes } from 'node:crypto'
import type { Connection, ToolResult } from '@executor/contracts'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import {
  describeInBrowser,
  nameOfFocused,
  readLeftovers,
  tabTo,
  useBrowser,
} from '../harness/browser.ts'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, addRule, invoke, succeed } from '../harness/steps.ts'

/** Methods of the ledger's description, in its order. */
const BEARER = 'apikey-2'

describeInBrowser.each(forms)('accounts in the console, on the $name form', ({ open }) => {
  const stage = useStage(open)
  const browser = useBrowser()
  const accounts = async () =>
    (await succeed(stage.form, 'GET', '/api/connections?integration=ledger')).body as Connection[]
  let key: string

  beforeAll(async () => {
    await addLedger(stage.form, stage.upstream, 'ledger')
    await addRule(stage.form, 'ledger.*', 'approve')
  })
  beforeEach(() => {
    key = `key-${randomBytes(16).toString('hex')}`
    stage.upstream.lock(key)
  })

  it('are connected through the link of a handoff, and their tools carry the credential', async () => {
    const { form, upstream } = stage
    const asked = { integration: 'ledger', owner: 'org', template: BEARER, label: 'Alice Private' }
    const told = await invoke(form, 'executor.coreTools.connections.createHandoff', asked)
    const { url } = (told.body as ToolResult & { data: { url: string } }).data

    const { page, faults } = await browser.visit(form, url)
    await page.getByLabel('Token').fill(key)
    const name = await page.getByLabel('Name').inputValue()
    await page.getByRole('button', { name: 'Connect' }).click()
    await page.getByText('Connected alicePrivate.').waitFor()

    expect(name).toBe('Alice Private')
    const called = await invoke(form, 'ledger.org.alicePrivate.protected.enter')
    expect(called.body).toMatchObject({ ok: true, data: { welcome: true } })
    expect(upstream.sentTo('/protected').at(-1)?.headers.authorization).toBe(`Bearer ${key}`)
    expect(page.url()).toBe(`${form.origin}/integrations/ledger`)
    expect(await readLeftovers(page)).not.toContain(key)
    expect(faults).toEqual([])
  })

  it('are checked before anything is saved: a wrong key is told, and nothing typed is lost', async () => {
    const before = await accounts()
    const { page } = await browser.visit(stage.form, '/integrations/ledger?addAccount=1')
    const form = page.getByRole('form', { name: 'Add an account' })

    await form.getByRole('button', { name: 'Check' }).click()
    await form.getByText('Fill this in.').waitFor()
    await form.getByLabel('Method').selectOption({ label: 'Bearer token' })
    await form.getByLabel('Token').fill('Bearer twice')
    await form.getByRole('button', { name: 'Check' }).click()
    await form.getByText('Leave out “Bearer”').waitFor()
    await form.getByLabel('Name').fill('checked')
    await form.getByLabel('Personal').check()
    await form.getByLabel('Check by calling').selectOption('protected.enter')
    await form.getByLabel('Token').fill('wrong')
    await form.getByRole('button', { name: 'Check' }).click()
    await form.getByText('The other side refuses it. It answered 401.').waitFor()
    expect(await accounts()).toEqual(before)
    expect(await form.getByLabel('Name').inputValue()).toBe('checked')
    expect(await form.getByLabel('Token').inputValue()).toBe('wrong')

    // What a check said is not said of anything else.
    await form.getByLabel('Token').fill(key)
    expect(await form.getByText('The other side refuses it.').count()).toBe(0)
    await form.getByRole('button', { name: 'Check' }).click()
    await form.getByText('It works.').waitFor()
    await form.getByRole('button', { name: 'Connect' }).click()
    await page.getByText('Connected checked.').waitFor()
    const row = page.getByRole('listitem').filter({ hasText: 'user.checked' })
    await row.getByText('Personal').waitFor()

    // The operation that was chosen stays this integration's check.
    await row.getByRole('button', { name: 'Check checked' }).click()
    await row.getByText('Checked: Works.').waitFor()
    stage.upstream.lock('another')
    await row.getByRole('button', { name: 'Check checked' }).click()
    await row.getByText('Checked: Refused.').waitFor()
    await row.getByRole('button', { name: 'Remove checked' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByText('Removed checked.').waitFor()
    expect(await nameOfFocused(page)).toBe('Add an account')
    expect(await accounts()).toEqual(before)
  })

  it('need no pointer', async () => {
    const { page } = await browser.visit(stage.form, '/integrations/ledger')
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()

    await tabTo(page, 'Add an account')
    await page.keyboard.press('Enter')
    await page.getByRole('form').waitFor()
    // The form takes the keyboard; its first choice is the method.
    await page.keyboard.type('Bearer')
    await tabTo(page, 'Token')
    await page.keyboard.type(key)
    await tabTo(page, 'Name')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('by hand')
    await page.keyboard.press('Enter')
    await page.getByText('Connected byHand.').waitFor()

    expect(await nameOfFocused(page)).toBe('Add an account')
    const called = await invoke(stage.form, 'ledger.org.byHand.protected.enter')
    expect(called.body).toMatchObject({ ok: true })
  })

  it('keep what is typed through a restart of the instance, and say what is wrong', async () => {
    const { page } = await browser.visit(stage.form, '/integrations/ledger?addAccount=1')
    const form = page.getByRole('form', { name: 'Add an account' })
    await form.getByLabel('Method').selectOption({ label: 'User name and password' })
    await form.getByLabel('User name').fill('ann:lee')
    await form.getByLabel('Password').fill(key)
    await form.getByRole('button', { name: 'Connect' }).click()
    await form.getByText('it holds a colon').waitFor()

    const looked = page.waitForResponse((answer) => answer.url().endsWith('/integrations/ledger'))
    await stage.form.restart('SIGTERM')
    await looked

    expect(await form.getByLabel('User name').inputValue()).toBe('ann:lee')
    expect(await form.getByLabel('Password').inputValue()).toBe(key)
    await form.getByRole('button', { name: 'Cancel' }).click()
    expect(await readLeftovers(page)).not.toContain(key)
  })

  it('are no business of agents, nor of anybody who is not signed in', async () => {
    const { form } = stage
    const before = await accounts()
    const asAgent = { token: form.agentToken }
    const account = { owner: 'org', integration: 'ledger', template: BEARER, value: key }
    const attempts = await Promise.all([
      form.api('POST', '/api/connections', { ...account, name: 'agents' }, asAgent),
      form.api('POST', '/api/connections/validate', account, asAgent),
      form.api('DELETE', '/api/connections/org/ledger/main', undefined, asAgent),
      form.api('DELETE', '/api/integrations/ledger', undefined, asAgent),
      form.api('PATCH', '/api/integrations/ledger', { review: 'none' }, asAgent),
      form.api('POST', '/api/integrations/ledger/refresh', {}, asAgent),
      form.api('PUT', '/api/integrations/ledger/health-check', { spec: null }, asAgent),
      form.api('POST', '/api/integrations/ledger/review/approve', { revision: '' }, asAgent),
    ])
    const link = new URLSearchParams({ addAccount: '1', _token: form.agentToken })
    const agents = await browser.visitUnknown(form, `/integrations/ledger?${link}`)
    const nobody = await browser.visitUnknown(form, '/integrations/ledger?addAccount=1')

    expect(attempts.map(({ status }) => status)).toEqual(attempts.map(() => 403))
    await agents.page.getByText('This link does not sign you in').waitFor()
    await nobody.page.getByText('You are not signed in.').waitFor()
    expect(await nobody.page.getByRole('form').count()).toBe(0)
    expect(await accounts()).toEqual(before)
  })
})
