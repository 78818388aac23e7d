// Runs every journey against a fresh demo company, once for each database at hand.
// CLEW_TEST_POSTGRES adds PostgreSQL; CLEW_E2E_URL uses a server that already runs.
// Arguments are passed on to the test runner as files: `node run.js journeys/follow-up.test.js`.
import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { startDemo } from './server.js'

const files = process.argv.slice(2)
if (files.length === 0) {
  const all = (await readdir(new URL('./journeys/', import.meta.url))).filter((name) => name.endsWith('.test.js'))
  files.push(...all.sort().map((name) => `journeys/${name}`))
}

/** One file after the other: journeys share the company and its clock. */
function runJourneys(url) {
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
    cwd: new URL('.', import.meta.url),
    env: { ...process.env, CLEW_E2E_URL: url },
    stdio: 'inherit',
  })
  return new Promise((done) => child.once('close', done))
}

async function onOwnServer(label, options) {
  console.log(`# journeys on ${label}`)
  const demo = await startDemo(options)
  try {
    return await runJourneys(demo.url)
  } finally {
    await demo.stop()
  }
}

const codes = []
if (process.env.CLEW_E2E_URL) {
  codes.push(await runJourneys(process.env.CLEW_E2E_URL))
} else {
  codes.push(await onOwnServer('the embedded database', {}))
  if (process.env.CLEW_TEST_POSTGRES) {
    codes.push(await onOwnServer('PostgreSQL', { postgres: process.env.CLEW_TEST_POSTGRES }))
  }
}
process.exitCode = codes.some((code) => code !== 0) ? 1 : 0
