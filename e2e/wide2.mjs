import { chromium } from 'playwright-core'
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'en' })
const page = await context.newPage()
await page.goto('http://127.0.0.1:8598/healthz')
await page.evaluate(async () => { const h = { 'Content-Type': 'application/json' }; await fetch('/api/v1/session', { method: 'POST', headers: h, body: JSON.stringify({ email: 'admin@demo.example', password: 'clew-demo' }) }); await fetch('/api/v1/session', { method: 'PATCH', headers: h, body: JSON.stringify({ language: 'en' }) }) })
for (const path of ['/setup/clock/claim', '/setup/object/lead', '/setup/routing-table/lead', '/home', '/leads', '/operations', '/channels']) {
await page.goto('http://127.0.0.1:8598' + path)
await page.waitForTimeout(2500)
console.log(path, await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth, ...[...document.querySelectorAll('body *')].map((e) => [e.getBoundingClientRect().right, e.tagName, e.className.toString().slice(0, 60), (e.textContent||'').slice(0,30)]).filter(([r]) => r > 391).sort((a, b) => b[0] - a[0]).slice(0, 8).map(String)]))
await page.screenshot({ path: '/tmp/h/s' + path.replaceAll('/', '_') + '.png' })
}
await browser.close()
