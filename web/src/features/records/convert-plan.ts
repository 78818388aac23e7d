import type { ConversionWish } from './queries'

/** What was chosen for each target: a known record ('' for a new one), and fields typed. */
export type Choices = Record<string, { use?: string; fields?: Record<string, unknown> }>

/** The body's targets: only what differs from the plan is asked for. */
export function wishOf(choices: Choices): ConversionWish {
  return Object.fromEntries(
    Object.entries(choices).map(([object, { use, fields }]) => [
      object,
      { ...(use ? { use } : {}), ...(use === '' ? { new: true } : {}), ...(fields && !use ? { fields } : {}) },
    ]),
  )
}
