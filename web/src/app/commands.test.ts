import { House } from 'lucide-react'
import { expect, test } from 'vitest'
import { commandsOf, matching, type Desk } from './commands'

const nothing = () => {}
const desk: Desk = {
  places: [{ to: '/home', icon: House, text: 'home' }, { to: '/o/valve', icon: House, label: 'Valves' }],
  mayCreate: true,
  demo: false,
  dark: false,
  t: (key) => key,
  toggleScheme: nothing,
  otherLanguage: { label: 'English', speak: nothing },
  logOut: nothing,
}

test('what one may do is offered, the menu among it', () => {
  expect(commandsOf(desk).map(({ id }) => id)).toEqual(['new', '/home', '/o/valve', 'me', 'scheme', 'language', 'logOut'])
  expect(commandsOf({ ...desk, mayCreate: false, demo: true }).map(({ id }) => id)).toEqual(['/home', '/o/valve', 'me', 'sandbox', 'scheme', 'language', 'logOut'])
})

test('typing narrows them, whatever the case', () => {
  expect(matching(commandsOf(desk), ' vALV').map(({ to }) => to)).toEqual(['/o/valve'])
  expect(matching(commandsOf(desk), '')).toHaveLength(7)
})
