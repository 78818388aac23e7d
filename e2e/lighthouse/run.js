// Lighthouse on the pages that must be quick on a phone: log-in, the phone's home, the public form.
// `node lighthouse/run.js [runs]`; CLEW_E2E_URL uses a server that already runs. Fails below the bars.
import { mkdir, writeFile } from 'node:fs/promises'
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'
import { startDemo } from '../server.js'

const bars = { performance: 85, accessibility: 100 }
const runs = Number(process.argv[2] ?? 3)
const chromeFlags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']
const told = { 'first-contentful-paint': 'FCP', 'largest-contentful-paint': 'LCP', 'total-blocking-time': 'TBT', 'cumulative-layout-shift': 'CLS', 'speed-index': 'SI' }

/** What Lighthouse's three pages are; the home is that of somebody logged in. */
async function pages(base) {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'sales@demo.example', password: 'clew-demo' }),
  })
  if (!answer.ok) throw new Error(`sign-in: ${answer.status}`)
  const cookie = answer.headers.getSetCookie().map((text) => text.split(';')[0]).join('; ')
  return [
    { name: 'log-in', url: `${base}/login` },
    { name: 'phone home', url: `${base}/home`, extraHeaders: { Cookie: cookie } },
    { name: 'public form', url: `${base}/f/expo` },
  ]
}

/** The median of the runs of one page, each in a browser of its own. */
async function measure({ name, url, extraHeaders }) {
  const results = []
  for (let run = 0; run < runs; run++) {
    const chrome = await launch({ chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags })
    try {
      const { lhr } = await lighthouse(url, { port: chrome.port, extraHeaders, output: 'json', onlyCategories: ['performance', 'accessibility', 'best-practices'] })
      if (lhr.runtimeError) throw new Error(`${name}: ${lhr.runtimeError.message}`)
      results.push(lhr)
    } finally {
      await chrome.kill()
    }
  }
  const median = results.toSorted((a, b) => a.categories.performance.score - b.categories.performance.score)[Math.floor(runs / 2)]
  await writeFile(new URL(`../out/lighthouse-${name.replace(' ', '-')}.json`, import.meta.url), JSON.stringify(median))
  const scores = Object.fromEntries(Object.values(median.categories).map(({ id, score }) => [id, Math.round(score * 100)]))
  const faults = Object.values(median.audits).filter(({ id, score }) => score === 0 && median.categories.accessibility.auditRefs.some((ref) => ref.id === id && ref.weight > 0)).map(({ title }) => title)
  return { name, scores, faults, told: Object.entries(told).map(([id, short]) => `${short} ${median.audits[id].displayValue}`).join(', ') }
}

await mkdir(new URL('../out/', import.meta.url), { recursive: true })
const demo = process.env.CLEW_E2E_URL ? { url: process.env.CLEW_E2E_URL, stop: () => {} } : await startDemo()
try {
  for (const page of await pages(demo.url)) {
    const { name, scores, faults, told: times } = await measure(page)
    const short = Object.entries(bars).filter(([id, bar]) => scores[id] < bar)
    console.log(`${name}: ${Object.entries(scores).map(([id, score]) => `${id} ${score}`).join(', ')} (${times})${faults.map((fault) => `\n  ${fault}`).join('')}`)
    for (const [id, bar] of short) console.log(`  ${id} ${scores[id]} is below ${bar}`)
    if (short.length > 0) process.exitCode = 1
  }
} finally {
  await demo.stop()
}
