// @vitest-environment jsdom
import '@/testing/browser'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Button } from './button'
import { KeyList } from './key-list'

afterEach(cleanup)

describe('a button', () => {
  test('sends no form unless it is told to', () => {
    const sent = vi.fn((event: { preventDefault: () => void }) => event.preventDefault())
    render(
      <form onSubmit={sent}>
        <Button>Plain</Button>
        <Button type="submit">Send</Button>
      </form>,
    )
    fireEvent.click(screen.getByRole('button', { name: 'Plain' }))
    expect(sent).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: 'Send' }))
    expect(sent).toHaveBeenCalledOnce()
  })

  test.each([{ disabled: true }, { loading: true }])('that is off takes no press: %o', (off) => {
    const pressed = vi.fn()
    render(
      <Button {...off} onClick={pressed}>
        Save
      </Button>,
    )
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(pressed).not.toHaveBeenCalled()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true)
  })

  test('keeps its name while it works', () => {
    render(<Button loading>Save</Button>)
    expect(screen.getByRole('button', { name: 'Save' }).dataset.loading).toBe('true')
  })

  test('may be a link, which says that it is off', () => {
    const { rerender } = render(
      <Button component="a" href="/leads">
        Leads
      </Button>,
    )
    const link = screen.getByRole('link', { name: 'Leads' })
    expect([link.tagName, link.getAttribute('href'), link.getAttribute('type'), link.getAttribute('aria-disabled')]).toEqual(['A', '/leads', null, null])
    rerender(
      <Button component="a" href="/leads" disabled>
        Leads
      </Button>,
    )
    expect(screen.getByRole('link', { name: 'Leads' }).getAttribute('aria-disabled')).toBe('true')
  })

  test('shows what stands before and behind its text in that order', () => {
    render(
      <Button leftSection={<i>L</i>} rightSection={<i>R</i>}>
        Mid
      </Button>,
    )
    expect(screen.getByRole('button').textContent).toBe('LMidR')
  })

  test('tells its look to the style sheet and passes on the rest', () => {
    render(
      <Button variant="subtle" size="xs" color="red" fullWidth aria-pressed className="mine">
        Go
      </Button>,
    )
    const { dataset, className, ariaPressed } = screen.getByRole('button')
    expect({ ...dataset }).toEqual({ variant: 'subtle', size: 'xs', color: 'red', block: 'true' })
    expect(className).toContain('mine')
    expect(ariaPressed ?? screen.getByRole('button').getAttribute('aria-pressed')).toBe('true')
  })

  test('is filled and of middle size when nothing else is said', () => {
    render(<Button>Go</Button>)
    expect({ ...screen.getByRole('button').dataset }).toEqual({ variant: 'filled', size: 'sm' })
  })
})

describe('a list of keys', () => {
  test('stands under its heading, each key by itself', () => {
    render(<KeyList title="Lists" keys={[['G L', 'Go to the leads'], ['?', 'Help']]} />)
    const part = screen.getByRole('region', { name: 'Lists' })
    expect([...part.querySelectorAll('kbd')].map((key) => key.textContent)).toEqual(['G', 'L', '?'])
    expect([...part.querySelectorAll('dd')].map((does) => does.textContent)).toEqual(['Go to the leads', 'Help'])
  })
})
