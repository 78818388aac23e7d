import { Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '@/ui/icon-button'
import type { Reach } from './use-commands'
import css from './shell.module.css'

const Palette = lazy(() => import('./palette').then((module) => ({ default: module.Palette })))

/** Whether a key calls the palette: Ctrl or ⌘ with K anywhere, / where nothing is being typed and the page has no use of its own for it. */
function calls(event: globalThis.KeyboardEvent): boolean {
  if (event.metaKey || event.ctrlKey) return event.key.toLowerCase() === 'k'
  const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable], dialog')
  return event.key === '/' && !event.altKey && !event.isComposing && !typing
}

/** The search box at the head of the page; it and Ctrl or ⌘ with K open the palette. */
export function Finder({ reach }: { reach: Reach }) {
  const { t } = useTranslation('app')
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || !calls(event)) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  return (
    <>
      <button type="button" className={`${css.finder} ${css.desk}`} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Search size={15} aria-hidden />
        <span>{t('find')}</span>
        <kbd aria-hidden>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <IconButton label={t('find')} className={css.phone} size={44} onClick={() => setOpen(true)}>
        <Search size={20} />
      </IconButton>
      {open && (
        <Suspense>
          <Palette reach={reach} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
