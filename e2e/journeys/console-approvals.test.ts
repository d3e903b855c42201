import { readFile } from 'node:fs/promises'
import { beforeAll, expect, it } from 'vitest'
import { describeInBrowser, nameOfFocused, useBrowser } from '../harness/browser.ts'
import { forms } from '../harness/forms.ts'
import { useStage } from '../harness/stage.ts'
import { addLedger, settled, start } from '../harness/steps.ts'

const write = (label: string) =>
  `return await tools.ledger.org.main.writes.write({ body: { label: ${JSON.stringify(label)} } })`

describeInBrowser.each(forms)('approvals in the console, on the $name form', ({ open }) => {
  const stage = useStage(open)
  const browser = useBrowser()
  beforeAll(() => addLedger(stage.form, stage.upstream, 'ledger'))

  it('show on the first page as soon as something waits, and let the call go on', async () => {
    const { form, upstream } = stage
    const { page, faults } = await browser.visit(form, '/')
    await page.getByRole('heading', { name: 'Integrations' }).waitFor()

    const id = await start(form, write('approved <b>here</b>'))
    await page.getByRole('link', { name: 'ledger.org.main.writes.write' }).click()
    await page.getByRole('heading', { name: 'Somebody waits for you' }).waitFor()
    const shown = await page.getByRole('region', { name: 'Arguments' }).textContent()
    await page.getByText(/^It can be answered until \d/).waitFor()
    const before = upstream.writes('approved <b>here</b>').length
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByRole('heading', { name: 'It is done' }).waitFor()

    expect(shown).toContain('"label": "approved <b>here</b>"')
    expect(before).toBe(0)
    expect(upstream.writes('approved <b>here</b>')).toHaveLength(1)
    expect(await settled(form, id)).toMatchObject({ status: 'completed' })
    expect(faults).toEqual([])
  })

  it('show what would be sent with nothing hidden in it', async () => {
    const { form } = stage
    const id = await start(form, write('pay\u202e@ann\u200b'))

    const { page } = await browser.visit(form, `/resume/${id}`)
    const shown = await page.getByRole('region', { name: 'Arguments' }).textContent()

    expect(shown).toContain('"label": "pay\\u202e@ann\\u200b"')
  })

  it('stay while the instance is away, and give the keyboard back', async () => {
    const { form } = stage
    const id = await start(form, write('once it is back'))
    const { page } = await browser.visit(form, `/resume/${id}`)
    const approve = page.getByRole('button', { name: 'Approve', exact: true })

    await approve.waitFor()
    await page.route('**/api/**', (route) => route.abort())
    await approve.click()
    await page.getByRole('alert').getByText('does not answer').waitFor()
    const isStillAsked = await approve.isVisible()
    await page.unroute('**/api/**')
    await approve.press('Enter')
    await page.getByRole('heading', { name: 'It is done' }).waitFor()

    expect(isStillAsked).toBe(true)
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await nameOfFocused(page)).toBe('Nothing waits here')
  })

  it('are told apart on the first page', async () => {
    const { form } = stage
    await start(form, write('one of many'))

    const { page } = await browser.visit(form, '/')

    await page.getByText('{ "body": { "label": "one of many" } }').waitFor()
  })

  it('lead to a result that is too long to be shown', async () => {
    const { form } = stage
    const id = await start(form, `return 'long '.repeat(400_000)`)
    await settled(form, id)

    const { page } = await browser.visit(form, `/resume/${id}`)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download it' }).click()

    expect(JSON.stringify(await readFile(await (await download).path(), 'utf8'))).toContain(
      'long long',
    )
  })

  it('send nothing that a person declines', async () => {
    const { form, upstream } = stage
    const id = await start(form, write('declined'))
    const { page } = await browser.visit(form, `/resume/${id}`)

    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByText('ledger.org.main.writes.write: declined').waitFor()

    await settled(form, id)
    expect(upstream.writes('declined')).toEqual([])
  })
})
