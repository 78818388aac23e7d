// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { CalendarDays } from 'lucide-react'
import { useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { arrivedAt, show } from '@/testing/show'
import { Button } from './button'
import { ButtonLink } from './button-link'
import { ChoiceChips } from './choice-chips'
import { Drawer } from './drawer'
import { EmptyState } from './empty-state'
import { IconButton } from './icon-button'
import { Marked } from './marked'
import { Menu, type MenuEntry } from './menu'
import { Modal } from './modal'
import { Monogram } from './monogram'
import { notify, notifyFailure } from './notify'
import { Popover } from './popover'
import { ScrollBox } from './scroll-box'
import { useScheme } from './scheme'
import { Table } from './table'
import { useDragOrder } from './use-drag-order'

describe('a menu', () => {
  const entries = (done: (label: string) => void): MenuEntry[] => [
    { label: 'Copy', onSelect: () => done('Copy') },
    { label: 'Move', onSelect: () => done('Move'), disabled: true },
    { label: 'Delete', onSelect: () => done('Delete') },
    { label: 'Inbox', to: '/inbox', current: true },
  ]
  const opened = async () => {
    const done = vi.fn()
    const scene = await show(
      <>
        <Menu entries={entries(done)} note="What to do" trigger={(props) => <button type="button" {...props}>More</button>} />
        <button type="button">Elsewhere</button>
      </>,
    )
    await scene.user.click(screen.getByRole('button', { name: 'More' }))
    return { ...scene, done }
  }
  const focused = () => document.activeElement?.textContent

  test('opens under its button, says so, and takes the focus', async () => {
    await opened()
    const button = screen.getByRole('button', { name: 'More' })
    expect(button.getAttribute('aria-expanded')).toBe('true')
    expect(screen.getByRole('menu').id).toBe(button.getAttribute('aria-controls'))
    expect(screen.getByText('What to do')).toBeDefined()
    expect(focused()).toBe('Copy')
  })

  test('moves with the arrow keys past what cannot be chosen, and round its ends', async () => {
    const { user } = await opened()
    await user.keyboard('{ArrowDown}')
    expect(focused()).toBe('Delete')
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(focused()).toBe('Copy')
    await user.keyboard('{ArrowUp}')
    expect(focused()).toBe('Inbox')
    await user.keyboard('{Home}')
    expect(focused()).toBe('Copy')
    await user.keyboard('{End}')
    expect(focused()).toBe('Inbox')
  })

  test('does what was chosen, closes, and gives the focus back', async () => {
    const { user, done } = await opened()
    await user.click(screen.getByRole('menuitem', { name: 'Delete' }))
    expect(done).toHaveBeenCalledWith('Delete')
    expect(screen.queryByRole('menu')).toBeNull()
    expect(focused()).toBe('More')
  })

  test('does nothing for an entry that is off', async () => {
    const { user, done } = await opened()
    await user.click(screen.getByRole('menuitem', { name: 'Move' }))
    expect(done).not.toHaveBeenCalled()
    expect(screen.getByRole('menu')).toBeDefined()
  })

  test('leads to places', async () => {
    const scene = await opened()
    expect(screen.getByRole('menuitem', { name: 'Inbox' }).getAttribute('aria-current')).toBe('true')
    await scene.user.click(screen.getByRole('menuitem', { name: 'Inbox' }))
    await arrivedAt(scene, '/inbox')
  })

  test.each([
    ['Escape', async ({ user }: Awaited<ReturnType<typeof opened>>) => user.keyboard('{Escape}'), 'More'],
    ['a tap elsewhere', async ({ user }: Awaited<ReturnType<typeof opened>>) => user.click(screen.getByRole('button', { name: 'Elsewhere' })), 'Elsewhere'],
    ['leaving with Tab', async ({ user }: Awaited<ReturnType<typeof opened>>) => user.keyboard('{Tab}'), 'Elsewhere'],
  ])('closes by %s', async (_, leave, focus) => {
    const scene = await opened()
    await leave(scene)
    expect(screen.queryByRole('menu')).toBeNull()
    expect(focused()).toBe(focus)
  })

  test('of which all is off is still left by Escape', async () => {
    const { user } = await show(<Menu entries={[{ label: 'Wait', disabled: true }]} trigger={(props) => <button type="button" {...props}>More</button>} />)
    await user.click(screen.getByRole('button', { name: 'More' }))
    await user.keyboard('{ArrowDown}{Escape}')
    expect(screen.queryByRole('menu')).toBeNull()
  })
})

describe('a popover', () => {
  const opened = async () => {
    const scene = await show(
      <>
        <Popover label="Columns" trigger={(props) => <button type="button" {...props}>Choose</button>}>
          {(close) => (
            <>
              <input aria-label="Find" />
              <button type="button" onClick={close}>Done</button>
            </>
          )}
        </Popover>
        <button type="button">Elsewhere</button>
      </>,
    )
    await scene.user.click(screen.getByRole('button', { name: 'Choose' }))
    return scene
  }

  test('is a dialog with a name, and takes the focus', async () => {
    await opened()
    const panel = screen.getByRole('dialog', { name: 'Columns' })
    expect(document.activeElement).toBe(panel)
    expect(screen.getByRole('button', { name: 'Choose' }).getAttribute('aria-controls')).toBe(panel.id)
  })

  test('closes by what stands in it and gives the focus back', async () => {
    const { user } = await opened()
    await user.click(screen.getByRole('button', { name: 'Done' }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(document.activeElement?.textContent).toBe('Choose')
  })

  test('closes by Escape out of an input in it', async () => {
    const { user } = await opened()
    await user.type(screen.getByLabelText('Find'), 'abc{Escape}')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(document.activeElement?.textContent).toBe('Choose')
  })

  test('closes by a tap elsewhere, not by one inside', async () => {
    const { user } = await opened()
    await user.click(screen.getByLabelText('Find'))
    expect(screen.queryByRole('dialog')).not.toBeNull()
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe.each([
  ['a modal', Modal],
  ['a drawer', Drawer],
])('%s', (_, Panel) => {
  function Page() {
    const [open, setOpen] = useState(false)
    return (
      <>
        <button type="button" onClick={() => setOpen(true)}>Open</button>
        <Panel opened={open} onClose={() => setOpen(false)} title="Assign" transitionProps={{ duration: 0 }}>
          <input aria-label="Person" />
          <Popover label="More people" trigger={(props) => <button type="button" {...props}>Others</button>}>{() => <input aria-label="Other person" />}</Popover>
        </Panel>
      </>
    )
  }
  const opened = async (language: 'en' | 'zh-CN' = 'en') => {
    const scene = await show(<Page />, { language })
    await scene.user.click(screen.getByRole('button', { name: 'Open' }))
    await screen.findByRole('dialog', { name: 'Assign' })
    return scene
  }

  test.each([
    ['en', 'Close'],
    ['zh-CN', '关闭'],
  ] as const)('in %s has a close button that says so', async (language, close) => {
    const { user } = await opened(language)
    await user.click(screen.getByRole('button', { name: close }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  test('closes by Escape and gives the focus back', async () => {
    const { user } = await opened()
    await user.type(screen.getByLabelText('Person'), '{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Open'))
  })

  test('stays when Escape closes a panel inside of it', async () => {
    const { user } = await opened()
    await user.type(screen.getByLabelText('Person'), 'Chen')
    await user.click(screen.getByRole('button', { name: 'Others' }))
    await user.type(screen.getByLabelText('Other person'), '{Escape}')
    expect(screen.queryByRole('dialog', { name: 'More people' })).toBeNull()
    expect(screen.getByRole('dialog', { name: 'Assign' })).toBeDefined()
    expect(screen.getByLabelText<HTMLInputElement>('Person').value).toBe('Chen')
  })
})

describe('chips', () => {
  const options = [{ name: 'a', label: 'Called' }, { name: 'b', label: 'Visited' }]
  function Chosen({ clearable, first = '' }: { clearable?: boolean; first?: string }) {
    const [value, setValue] = useState(first)
    return (
      <>
        <ChoiceChips label="What was done" options={options} value={value} clearable={clearable} fault={value === ''} onChange={setValue} />
        <output>{value || 'nothing'}</output>
      </>
    )
  }

  test('are a radio group with a name that says when it lacks a choice', async () => {
    const { user } = await show(<Chosen />)
    const group = screen.getByRole('radiogroup', { name: 'What was done' })
    expect(group.getAttribute('aria-invalid')).toBe('true')
    await user.click(screen.getByRole('radio', { name: 'Visited' }))
    expect(group.getAttribute('aria-invalid')).toBeNull()
    expect(document.querySelector('output')?.textContent).toBe('b')
  })

  test('keep a choice that is tapped again', async () => {
    const { user } = await show(<Chosen first="a" />)
    await user.click(screen.getByRole('radio', { name: 'Called' }))
    expect(document.querySelector('output')?.textContent).toBe('a')
  })

  test('take it back where that is allowed', async () => {
    const { user } = await show(<Chosen first="a" clearable />)
    await user.click(screen.getByRole('radio', { name: 'Called' }))
    expect(document.querySelector('output')?.textContent).toBe('nothing')
  })

  test('move with the arrow keys', async () => {
    const { user } = await show(<Chosen first="a" />)
    screen.getByRole('radio', { name: 'Called' }).focus()
    await user.keyboard('{ArrowRight}')
    expect(document.querySelector('output')?.textContent).toBe('b')
  })
})

describe('short notices', () => {
  test('are read out politely; failures at once', async () => {
    await show(<p>page</p>)
    notify('Saved')
    notifyFailure('Not saved')
    expect((await screen.findByText('Saved')).closest('[role=status]')).not.toBeNull()
    expect((await screen.findByText('Not saved')).closest('[role=alert]')).not.toBeNull()
  })

  test('go by themselves, a failure later', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    try {
      await show(<p>page</p>)
      notify('Saved')
      notifyFailure('Not saved')
      await screen.findByText('Saved')
      vi.advanceTimersByTime(5100)
      await waitFor(() => expect(screen.queryByText('Saved')).toBeNull())
      expect(screen.getByText('Not saved')).toBeDefined()
      vi.advanceTimersByTime(3000)
      await waitFor(() => expect(screen.queryByText('Not saved')).toBeNull())
    } finally {
      vi.useRealTimers()
    }
  })

  test('can be closed, and undone once', async () => {
    const undo = vi.fn()
    const { user } = await show(<p>page</p>)
    notify('Moved', { label: 'Undo', run: undo })
    notify('Saved')
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    expect(undo).toHaveBeenCalledTimes(1)
    expect(screen.queryByText('Moved')).toBeNull()
    await user.click(within(screen.getByText('Saved').closest('p') as HTMLElement).getByRole('button', { name: 'Close' }))
    expect(screen.queryByText('Saved')).toBeNull()
  })
})

describe('small parts', () => {
  test('an icon button says what it does', async () => {
    const pressed = vi.fn()
    const { user } = await show(<IconButton label="Choose a day" size={44} onClick={pressed}><CalendarDays /></IconButton>)
    const button = screen.getByRole('button', { name: 'Choose a day' })
    expect([button.title, button.style.width]).toEqual(['Choose a day', '44px'])
    await user.click(button)
    expect(pressed).toHaveBeenCalledTimes(1)
  })

  test('an icon button in a form does not send it', async () => {
    const sent = vi.fn((event: { preventDefault: () => void }) => event.preventDefault())
    const { user } = await show(<form onSubmit={sent}><IconButton label="Help">?</IconButton></form>)
    await user.click(screen.getByRole('button', { name: 'Help' }))
    expect(sent).not.toHaveBeenCalled()
  })

  test('an empty place says the next step', async () => {
    await show(<EmptyState text="Nothing yet"><Button>Make one</Button></EmptyState>)
    expect(screen.getByText('Nothing yet')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Make one' })).toBeDefined()
  })

  test('a button that leads somewhere is a link', async () => {
    const scene = await show(<ButtonLink to="/people">People</ButtonLink>)
    await scene.user.click(screen.getByRole('link', { name: 'People' }))
    await arrivedAt(scene, '/people')
  })

  test('what was looked for stands out, the rest stays', async () => {
    await show(<p><Marked text="Borui Pumps" spans={[[0, 2], [6, 9]]} /></p>)
    expect([...document.querySelectorAll('mark')].map((one) => one.textContent)).toEqual(['Bo', 'Pum'])
    expect(document.querySelector('p')?.textContent).toBe('Borui Pumps')
  })

  test('a monogram says nothing to those who hear the name beside it', async () => {
    await show(<Monogram name="borui" />)
    const sign = screen.getByText('B')
    expect(sign.getAttribute('aria-hidden')).toBe('true')
  })

  test('what scrolls can be reached by keyboard and has a name', async () => {
    const { user } = await show(<ScrollBox label="The request" as="pre">…</ScrollBox>)
    await user.tab()
    expect(document.activeElement).toBe(screen.getByRole('group', { name: 'The request' }))
    expect(document.activeElement?.tagName).toBe('PRE')
  })

  test('a table has a name, and tells when its rows are cards on a phone', async () => {
    await show(<Table label="Sources" cards><tbody><tr><td>x</td></tr></tbody></Table>)
    expect(within(screen.getByRole('group', { name: 'Sources' })).getByRole('table').getAttribute('data-cards')).toBe('true')
  })

  test('the colours are switched and switched back', async () => {
    function Switch() {
      const { dark, toggle } = useScheme()
      return <button type="button" onClick={toggle}>{dark ? 'dark' : 'light'}</button>
    }
    const { user } = await show(<Switch />)
    await user.click(screen.getByRole('button', { name: 'light' }))
    expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark')
    await user.click(await screen.findByRole('button', { name: 'dark' }))
    expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('light')
  })
})

describe('order by dragging', () => {
  const names = ['a', 'b', 'c']
  function List({ onMove }: { onMove: (name: string, to: number) => void }) {
    const box = useDragOrder<HTMLUListElement>(onMove)
    return (
      <ul ref={box}>
        {names.map((name) => (
          <li key={name} data-drag={name} draggable>{name}</li>
        ))}
      </ul>
    )
  }
  const drag = (name: string, kind: string) => screen.getByText(name).dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }))

  test('tells what came where', async () => {
    const moved = vi.fn()
    await show(<List onMove={moved} />)
    drag('a', 'dragstart')
    expect(screen.getByText('a').hasAttribute('data-dragged')).toBe(true)
    expect(drag('c', 'dragover')).toBe(false)
    drag('c', 'drop')
    drag('a', 'dragend')
    expect(moved.mock.calls).toEqual([['a', 2]])
    expect(screen.getByText('a').hasAttribute('data-dragged')).toBe(false)
  })

  test('takes nothing that comes from elsewhere', async () => {
    const moved = vi.fn()
    await show(<List onMove={moved} />)
    expect(drag('c', 'dragover')).toBe(true)
    drag('c', 'drop')
    expect(moved).not.toHaveBeenCalled()
  })
})
