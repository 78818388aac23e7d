// What a task costs a person: taps, keys and seconds, kept for the table at the end of the run.
import assert from 'node:assert/strict'
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'

const out = new URL('./out/', import.meta.url)
const lines = new URL('figures.jsonl', out)
const figures = new URL('figures.json', out)

/** Counts what finger, mouse and keyboard do on a page, over its reloads too; begins at zero with `start`. */
export async function watch(page) {
  const count = { taps: 0, keys: 0 }
  await page.exposeFunction('countPace', (what) => count[what]++)
  const listen = () => {
    for (const [event, what] of [['pointerdown', 'taps'], ['keydown', 'keys']]) {
      addEventListener(event, ({ isTrusted }) => isTrusted && globalThis.countPace(what), true)
    }
  }
  await page.addInitScript(listen)
  await page.evaluate(listen)
  let began
  const start = () => {
    began = Date.now()
    count.taps = 0
    count.keys = 0
  }
  const stop = () => ({ taps: count.taps, keys: count.keys, seconds: (Date.now() - began) / 1000 })
  return { start, stop }
}

/** Keeps a task's figures and holds them to their limits. */
export async function keep(task, figure, limits) {
  await mkdir(out, { recursive: true })
  await appendFile(lines, `${JSON.stringify({ task, ...figure, limits })}\n`)
  for (const [name, limit] of Object.entries(limits)) assert.ok(figure[name] <= limit, `${task}: ${figure[name]} ${name}, at most ${limit}`)
}

/** Forgets the figures of an earlier run. */
export const forget = () => rm(lines, { force: true })

/** Writes e2e/out/figures.json and answers with the figures as a table; '' without any. */
export async function table() {
  const text = await readFile(lines, 'utf8').catch(() => '')
  const kept = text.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  if (kept.length === 0) return ''
  await writeFile(figures, `${JSON.stringify(kept, null, 2)}\n`)
  const names = ['taps', 'keys', 'seconds', 'kilobytes']
  const cell = ({ limits, ...figure }, name) => (figure[name] === undefined ? '' : `${Math.round(figure[name] * 10) / 10}${limits[name] === undefined ? '' : ` ≤ ${limits[name]}`}`)
  const rows = [['', ...names], ...kept.map((one) => [one.task, ...names.map((name) => cell(one, name))])]
  const widths = rows[0].map((_, n) => Math.max(...rows.map((row) => row[n].length)))
  return rows.map((row) => row.map((one, n) => (n === 0 ? one.padEnd(widths[n]) : one.padStart(widths[n]))).join('  ')).join('\n')
}
