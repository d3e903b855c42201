import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { describeInBrowser, nameOfFocused, tabTo, useBrowser } from '../harness/browser.ts'
import { forms } from '../harness/forms.ts'
import { startEverything } from '../harness/mcp-servers.ts'
import { ordersDocument } from '../harness/orders-document.ts'
import { useStage } from '../harness/stage.ts'
import { invoke, succeed } from '../harness/steps.ts'

const SDL = 'type Query {\n  pets(first: Int): [Pet!]\n}\ntype Pet {\n  name: String\n}\n'

describeInBrowser.each(forms)('adding in the console, on the $name form', ({ open }) => {
  const stage = useStage(open)
  const browser = useBrowser()
  const slugs = async () =>
    ((await succeed(stage.form, 'GET', '/api/integrations')).body as { slug: string }[]).map(
      ({ slug }) => slug,
    )
  beforeAll(() => {
    stage.upstream.lock('the-key')
  })

  it('leads from the first page to a tool that answers, without a pointer', async () => {
    const { form, upstream } = stage
    const { page, faults } = await browser.visit(form, '/')
    await page.getByText('Nothing of yours yet.').waitFor()

    await tabTo(page, 'Add an integration')
    await page.keyboard.press('Enter')
    await page.getByLabel('What do you want to add?').waitFor()
    await tabTo(page, 'What do you want to add?')
    await page.keyboard.type(`${upstream.origin}/openapi.json`)
    await page.keyboard.press('Enter')
    const found = page.getByRole('region', { name: 'What it is' })
    await found.waitFor()
    // biome-ignore lint/performance/useDomNodeTextContent: lines are as a person sees them.
    const said = await found.innerText()
    const before = await slugs()
    await tabTo(page, 'Called')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('book')
    await page.keyboard.press('Enter')
    await page.getByRole('form', { name: 'Add an account' }).waitFor()

    expect(said).toContain('9 operations')
    expect(said).toMatch(/Code mode\s+\d+ tokens/)
    expect(said).toContain('Bearer token')
    expect(before).toEqual(['executor'])
    expect(await slugs()).toContain('book')
    expect(page.url()).toContain('/integrations/book?addAccount=1')
    await page.waitForFunction('document.activeElement.tagName === "SELECT"')
    await page.keyboard.type('Bearer')
    await tabTo(page, 'Token')
    await page.keyboard.type('the-key')
    await page.keyboard.press('Enter')
    await page.getByText('Connected default.').waitFor()
    const called = await invoke(form, 'book.org.default.protected.enter')
    expect(called.body).toMatchObject({ ok: true, data: { welcome: true } })
    expect(faults).toEqual([])
  })

  it('connects at once what asks for nothing, pasted as a document', async () => {
    const { form, upstream } = stage
    upstream.publish('/orders/list', { type: 'application/json', body: '{"did":"list"}' })
    const { page } = await browser.visit(form, '/add')
    const box = page.getByLabel('What do you want to add?')
    await box.fill(
      JSON.stringify(JSON.parse(ordersDocument(upstream.origin, { list: {} })), null, 1),
    )

    await box.press('Enter')
    expect(await page.getByRole('region', { name: 'What it is' }).count()).toBe(0)
    await box.press('Control+Enter')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { name: 'Orders' }).waitFor()

    await page.getByText('org.default').waitFor()
    expect(await page.getByRole('form', { name: 'Add an account' }).count()).toBe(0)
    const called = await invoke(form, 'orders.org.default.orders.list')
    expect(called.body).toMatchObject({ ok: true, data: { did: 'list' } })
  })

  it('shows the tools of an MCP server, which nobody knew before', async () => {
    const server = await startEverything('streamableHttp')
    onTestFinished(() => server.close())
    const { page } = await browser.visit(stage.form, '/add')
    await page.getByLabel('What do you want to add?').fill(server.url)
    await page.keyboard.press('Enter')
    await page.getByLabel('Called').fill('everything')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.waitForURL('**/integrations/everything')

    const tools = page.getByRole('region', { name: 'Tools' })
    await tools.getByText('get_sum', { exact: true }).click()
    await tools.getByText('a: number;').waitFor()
    const called = await invoke(stage.form, 'everything.org.default.get_sum', { a: 2, b: 3 })
    expect(JSON.stringify(called.body)).toContain('5')
  })

  it('asks for what only a person can tell, and says what is wrong by its field', async () => {
    const { form, upstream } = stage
    const { page } = await browser.visit(form, '/add')
    await page.getByLabel('What do you want to add?').fill(SDL)
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('Say where it is answered.').waitFor()
    await page.getByLabel('Endpoint').fill(`${upstream.origin}/graphql`)
    await page.getByLabel('Called').fill('book')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('There is an integration called “book” already.').waitFor()
    await page.getByLabel('Called').fill('a.b')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('Use letters, digits').waitFor()
    await page.getByLabel('Called').fill('pets')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.waitForURL('**/integrations/pets*')

    expect(await slugs()).toContain('pets')
  })

  it('finds a preset by what it is for, and says what nothing can be made of', async () => {
    const { page } = await browser.visit(stage.form, '/add')
    await page.getByLabel('Search well-known integrations').fill('calendar google')
    const preset = page.getByRole('button', { name: 'Google Calendar' })
    await preset.waitFor()
    expect(await page.getByRole('button', { name: 'Stripe' }).count()).toBe(0)

    await page.getByLabel('What do you want to add?').fill('no such thing at all')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('is no address').waitFor()
    expect(await nameOfFocused(page)).toBe('What do you want to add?')
    // A server that is started is known without asking anybody.
    await page.getByLabel('Search well-known integrations').fill('chrome devtools')
    await page.getByRole('button', { name: 'Chrome DevTools' }).click()
    await page.getByRole('region', { name: 'What it is' }).getByText('npx').first().waitFor()
  })
})
