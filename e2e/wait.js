// Waiting for what is read behind the screen, or from it, and may still be on its way.
import assert from 'node:assert/strict'

const pause = 50

/** Reads again and again until `good` takes the answer; gives the last answer, good or not, once the time is over. */
export async function until(read, good, limit = 15_000) {
  const end = Date.now() + limit
  for (;;) {
    const answer = await read()
    if (good(answer) || Date.now() > end) return answer
    await new Promise((done) => setTimeout(done, pause))
  }
}

const same = (one, other) => {
  try {
    assert.deepEqual(one, other)
    return true
  } catch {
    return false
  }
}

/** What is read is this, now or in a moment. */
export async function becomes(read, wanted, message) {
  assert.deepEqual(await until(read, (answer) => same(answer, wanted)), wanted, message)
}

/** Waits until the search has taken a record in. */
export async function findable(api, words, id) {
  const found = await until(async () => JSON.stringify((await api.get(`/search?q=${encodeURIComponent(words)}`)).body), (text) => text.includes(id), 60_000)
  assert.ok(found.includes(id), `${words} finds ${id}`)
}
