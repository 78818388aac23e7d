// Runs every journey against a fresh demo company, once for each database at hand.
// CLEW_TEST_POSTGRES adds PostgreSQL; CLEW_E2E_URL uses a server that already runs.
// Arguments are passed on to the test runner as files: `node run.js journeys/follow-up.test.js`.
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forget, table } from './pace.js'
import { startDemo } from './server.js'

// How the screens look and what they weigh does not depend on the database: seen once, on the embedded one.
const looks = ['journeys/7-everywhere.test.js', 'journeys/18-weight.test.js', 'journeys/20-guide.test.js', 'journeys/23-empty.test.js']

const named = process.argv.slice(2)
const files = named.length > 0 ? named : await allJourneys()

async function allJourneys() {
  const names = await readdir(new URL('./journeys/', import.meta.url))
  return names.filter((name) => name.endsWith('.test.js')).sort().map((name) => `journeys/${name}`)
}

/** One file after the other, for journeys share the company and its clock; tells how many passed and failed. */
async function runJourneys(url, journeys = files) {
  const place = await mkdtemp(join(tmpdir(), 'clew-journeys-'))
  const report = join(place, 'report.tap')
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=tap', `--test-reporter-destination=${report}`]
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...reporters, ...journeys], {
    cwd: new URL('.', import.meta.url),
    env: { ...process.env, CLEW_E2E_URL: url },
    stdio: 'inherit',
  })
  const code = await new Promise((done) => child.once('close', done))
  const text = await readFile(report, 'utf8')
  await rm(place, { recursive: true })
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  const passed = count('pass')
  const failed = count('fail') + count('cancelled')
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed }
}

async function onOwnServer(label, options, journeys) {
  console.log(`# journeys on ${label}`)
  const demo = await startDemo(options)
  try {
    return await runJourneys(demo.url, journeys)
  } finally {
    await demo.stop()
  }
}

const began = Date.now()
await forget()
const results = []
if (process.env.CLEW_E2E_URL) {
  results.push(await runJourneys(process.env.CLEW_E2E_URL))
} else {
  results.push(await onOwnServer('the embedded database', {}))
  if (process.env.CLEW_TEST_POSTGRES) {
    const journeys = named.length > 0 ? named : files.filter((name) => !looks.includes(name))
    results.push(await onOwnServer('PostgreSQL', { postgres: process.env.CLEW_TEST_POSTGRES }, journeys))
  }
}
console.log(await table())
const sum = (name) => results.reduce((total, result) => total + result[name], 0)
console.log(`journeys: ${sum('passed')} passed, ${sum('failed')} failed, ${Math.round((Date.now() - began) / 1000)} s`)
process.exitCode = sum('failed') > 0 ? 1 : 0
