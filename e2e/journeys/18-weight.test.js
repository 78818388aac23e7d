import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, open } from '../browser.js'
import { keep } from '../pace.js'

let browser
before(async () => (browser = await launch()))
after(() => browser.close())

/** The kilobytes of script, as they came over the wire, of a first visit. */
async function scriptOf(person, path, whole) {
  const { page, foreign, close } = await open(browser, { device: 'phone', ...person })
  const devtools = await page.context().newCDPSession(page)
  const scripts = new Set()
  let bytes = 0
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script' || /javascript/.test(response.mimeType)) scripts.add(requestId)
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await devtools.send('Network.enable')
  await page.goto(path)
  await page.locator(whole).first().waitFor()
  await page.waitForLoadState('networkidle')
  const inline = await page.evaluate(() => [...document.scripts].reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0))
  assert.deepEqual(foreign, [])
  await close()
  return (bytes + inline) / 1024
}

test('the first visit of the phone’s home loads little script', async () => {
  const kilobytes = await scriptOf({ role: 'sales' }, '/home', 'main li h2, main section')
  await keep('script of the phone’s home', { kilobytes }, { kilobytes: 175 })
  assert.ok(kilobytes > 20, 'something was measured')
})

test('the public form loads next to none', async () => {
  await keep('script of the public form', { kilobytes: await scriptOf({}, '/f/expo', 'form button') }, { kilobytes: 12 })
})
