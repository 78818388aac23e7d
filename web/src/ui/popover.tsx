import { X } from 'lucide-react'
import { useEffect, useEffectEvent, useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './icon-button'
import css from './popover.module.css'

/** What the button that opens a popover must carry. */
export interface PopoverTrigger {
  'aria-haspopup': 'dialog'
  'aria-expanded': boolean
  'aria-controls': string
  onClick: () => void
}

interface Props {
  /** What the panel is, for those who do not see where it hangs. */
  label: string
  align?: 'start' | 'end'
  trigger: (props: PopoverTrigger) => ReactNode
  children: (close: () => void) => ReactNode
}

/** A small panel under a button, for settings that take effect at once. Escape and a tap elsewhere close it. */
export function Popover({ label, align = 'start', trigger, children }: Props) {
  const { t } = useTranslation('app')
  const [open, setOpen] = useState(false)
  const id = useId()
  const [root, setRoot] = useState<HTMLDivElement | null>(null)
  const close = () => {
    setOpen(false)
    root?.querySelector<HTMLElement>('[aria-haspopup=dialog]')?.focus()
  }
  const escape = useEffectEvent(close)
  useEffect(() => {
    if (!open || !root) return
    root.querySelector<HTMLElement>('[role=dialog]')?.focus()
    const leave = (event: PointerEvent) => !root.contains(event.target as Node) && setOpen(false)
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault() // the dialog that it stands in stays
      escape()
    }
    document.addEventListener('pointerdown', leave)
    root.addEventListener('keydown', key)
    return () => {
      document.removeEventListener('pointerdown', leave)
      root.removeEventListener('keydown', key)
    }
  }, [open, root])
  return (
    <div ref={setRoot} className={css.root}>
      {trigger({ 'aria-haspopup': 'dialog', 'aria-expanded': open, 'aria-controls': id, onClick: () => setOpen(!open) })}
      {open && (
        <div id={id} className={css.panel} data-align={align} role="dialog" aria-label={label} tabIndex={-1}>
          <div className={css.head}>
            <strong aria-hidden="true">{label}</strong>
            <IconButton label={t('close')} size={44} onClick={close}>
              <X size={18} aria-hidden="true" />
            </IconButton>
          </div>
          {children(close)}
        </div>
      )}
    </div>
  )
}
