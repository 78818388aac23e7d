import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Modal } from '@/ui/modal'
import css from './shortcuts.module.css'

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select'))

/** Gives the keys of the table to the table, which then has the focus. */
function enterTable(key: string): void {
  const table = document.querySelector<HTMLElement>('[role=grid]')
  if (!table || table === document.activeElement) return
  table.focus()
  table.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}

/** The keys that a list hears wherever the focus is: / for the filter, j and k for its rows, ? for the list of keys. */
export function useListKeys(onFilter: () => void): { shown: boolean; show: () => void; hide: () => void } {
  const [shown, setShown] = useState(false)
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
    if (event.key === '/') onFilter()
    else if (event.key === '?') setShown(true)
    else if (event.key === 'j' || event.key === 'k') enterTable(event.key)
    else return
    event.preventDefault()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => hear(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
  return { shown, show: () => setShown(true), hide: () => setShown(false) }
}

const keys: [string, string][] = [
  ['J K', 'rows'], ['↑ ↓ ← →', 'move'], ['PgUp PgDn', 'page'], ['Home End', 'ends'], ['Enter', 'open'], ['F2', 'edit'], ['Tab', 'next'], ['Esc', 'cancel'],
  ['Ctrl Z', 'undo'], ['Space', 'select'], ['/', 'filter'], ['Shift', 'sort'], ['Alt ← →', 'column'], ['Alt Shift ← →', 'width'], ['?', 'keys'],
]

/** The keys of a list. */
export function Shortcuts({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('leads')
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')}>
      <dl className={css.keys}>
        {keys.map(([key, name]) => (
          <div key={name}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
