// A demo company of its own for one run: a temporary data directory, a free port, the built binary.
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const here = dirname(fileURLToPath(import.meta.url))
const binary = process.env.CLEW_BINARY ?? resolve(here, '../bin/clew')
const startLimit = 120_000

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}

/** Resolves once /readyz answers 200; fails when the process ends first or the limit passes. */
async function ready(url, child, output) {
  const limit = Date.now() + startLimit
  while (Date.now() < limit) {
    if (child.exitCode !== null) throw new Error(`clew ended with ${child.exitCode}:\n${output.join('')}`)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`not ready within ${startLimit / 1000} s:\n${output.join('')}`)
}

/** Makes an empty database beside the one that `admin` names; returns its URL and how to drop it. */
async function freshDatabase(admin) {
  const name = `clew_e2e_${process.pid}`
  const psql = (sql) => promisify(execFile)('psql', [admin, '-qc', sql])
  await psql(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/**
 * Starts `clew serve` for a company that has nothing but its administrator.
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export const startEmpty = ({ email, password }) => start('clew-e2e-empty-', (data, listen) => ['serve', '--listen', listen, '--data', data, '--admin-email', email, '--admin-password', password])

/**
 * Starts `clew demo`. `postgres` is the URL of a server that may make databases; without it the
 * embedded database is used.
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export async function startDemo({ leads = 300, postgres } = {}) {
  const database = postgres ? await freshDatabase(postgres) : null
  const more = database ? ['--database', database.url] : []
  return start('clew-e2e-', (data, listen) => ['demo', '--leads', String(leads), '--listen', listen, '--data', data, ...more], () => database?.drop())
}

/** Starts the program in a data directory of its own. */
async function start(name, flags, drop = () => {}) {
  const data = await mkdtemp(join(tmpdir(), name))
  const listen = `127.0.0.1:${await freePort()}`
  const output = []
  const child = spawn(binary, flags(data, listen), { stdio: ['ignore', 'pipe', 'pipe'] })
  child.once('error', (error) => output.push(String(error)))
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => output.push(String(part)))
  const ended = new Promise((done) => child.once('close', done))

  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    await drop()
    await rm(data, { recursive: true, force: true })
  }
  const url = `http://${listen}`
  try {
    await ready(url, child, output)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}
