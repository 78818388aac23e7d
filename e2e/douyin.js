// A lead as Ocean Engine pushes it: `data` is JSON text, the signature is over the raw body.
import { createHmac, randomInt } from 'node:crypto'
import { baseURL } from './browser.js'

const secret = 'clew-demo-douyin'

/** A phone that no generated lead has, out of a million: two journeys that hit on the same one would be one lead. */
export const newPhone = () => `17000${String(randomInt(1000, 1_000_000)).padStart(6, '0')}`

/**
 * Pushes one clue and returns the answer with the id of the record it became.
 * @param {{company: string, name?: string, phone?: string, product?: string, remark?: string, province?: string, secret?: string}} clue
 */
export async function pushClue(clue) {
  const id = `e2e-${Date.now()}-${randomInt(1e9)}`
  const data = {
    clue_id: id,
    name: clue.name ?? '王工',
    telephone: clue.phone ?? newPhone(),
    province_name: clue.province ?? '江苏',
    city_name: '苏州',
    remark: clue.remark ?? '急需液压阀样品',
    remark_dict: { 意向机型: clue.product ?? '液压阀 HV-32', 公司名称: clue.company },
    create_time: new Date().toISOString().slice(0, 19).replace('T', ' '),
  }
  const body = JSON.stringify({
    message_id: id,
    service_label: 'clue',
    data: JSON.stringify(data),
    advertiser_ids: [1],
    timestamp: Date.now(),
    nonce: id,
  })
  return post(body, clue.secret)
}

/** A clue under another name than `data`: kept as failed, to be replayed once the mapping reads `name`. */
export function pushClueUnder(name, { company }) {
  const id = `e2e-renamed-${Date.now()}`
  const data = { clue_id: id, name: '周工', telephone: newPhone(), province_name: '浙江', remark_dict: { 公司名称: company } }
  return post(JSON.stringify({ message_id: id, service_label: 'clue', [name]: JSON.stringify(data), timestamp: Date.now() }))
}

async function post(body, key = secret) {
  const answer = await fetch(`${baseURL}/in/douyin`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-Open-Signature': createHmac('sha256', key).update(body).digest('hex'),
    },
    body,
  })
  return { status: answer.status, record: answer.headers.get('Clew-Record'), body: await answer.json() }
}
