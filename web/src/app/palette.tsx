import { useNavigate } from '@tanstack/react-router'
import { ArrowRight, Clock3, Pin, Search, X } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { foundPhone } from '@/format/phone'
import { usePins, useRecent, useSearch, type SearchHit } from '@/api/search'
import { IconButton } from '@/ui/icon-button'
import { Marked } from '@/ui/marked'
import { Monogram } from '@/ui/monogram'
import { partsOf, type Line, type Part } from './palette-lines'
import { useCommands, type Reach } from './use-commands'
import { useRested } from '@/ui/use-rested'
import css from './palette.module.css'

interface Props {
  reach: Reach
  onClose: () => void
}

/** How long typing must rest, in milliseconds, before the server is asked. */
const rest = 90
const perObject = 5

/** Finds records and commands by a few characters: one box for going anywhere. */
export function Palette({ reach, onClose }: Props) {
  const { t } = useTranslation('app')
  const commands = useCommands(reach)
  const [typed, setTyped] = useState('')
  const [composing, setComposing] = useState(false)
  const [at, setAt] = useState(0)
  const box = useRef<HTMLDialogElement>(null)
  const list = useId()
  const words = useRested(typed, rest, composing)
  const { groups, asking } = useSearch(words, perObject)
  const parts = partsOf({ typed, groups: typed.trim() === '' ? [] : groups, pins: usePins() ?? [], recent: useRecent() ?? [], commands })
  const lines = parts.flatMap((part) => part.lines)
  const chosen = Math.min(at, lines.length - 1)
  const open = useOpen(onClose)
  useEffect(() => {
    box.current?.showModal()
  }, [])
  useEffect(() => {
    document.getElementById(`${list}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [list, chosen])
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((chosen + step + lines.length) % Math.max(1, lines.length))
    else if (event.key === 'Enter' && lines[chosen]) open(lines[chosen])
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={box} className={css.box} aria-label={t('find')} onClose={onClose} onPointerDown={(event) => event.target === box.current && onClose()}>
      <div className={css.field}>
        <Search size={18} aria-hidden />
        <input
          type="text"
          role="combobox"
          enterKeyHint="search"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={lines.length > 0 ? `${list}-${chosen}` : undefined}
          aria-label={t('find')}
          placeholder={t('findHint')}
          autoComplete="off"
          value={typed}
          onCompositionStart={() => setComposing(true)}
          onCompositionEnd={() => setComposing(false)}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setAt(0)
          }}
          onKeyDown={press}
        />
        <IconButton label={t('close')} size={44} className={css.leave} onClick={onClose}>
          <X size={20} />
        </IconButton>
      </div>
      <div id={list} className={css.list} role="listbox" aria-label={t('found')}>
        {parts.map((part) => (
          <Group key={part.id} part={part}>
            {part.lines.map((line) => {
              const n = lines.indexOf(line)
              return (
                <div key={line.id} id={`${list}-${n}`} className={css.line} role="option" tabIndex={-1} aria-selected={n === chosen} onPointerMove={() => setAt(n)} onClick={() => open(line)} onKeyDown={press}>
                  <LineText line={line} />
                </div>
              )
            })}
          </Group>
        ))}
      </div>
      {lines.length === 0 && <p className={css.nothing}>{t(asking || words !== typed ? 'finding' : 'nothingFound')}</p>}
    </dialog>
  )
}

function Group({ part: { id, label }, children }: { part: Part; children: ReactNode }) {
  const { t } = useTranslation('app')
  const name = useId()
  if (id === 'all') return children
  return (
    <div role="group" aria-labelledby={name}>
      <div id={name} className={css.heading}>
        {label ?? t(`findParts.${id}`)}
      </div>
      {children}
    </div>
  )
}

function LineText({ line }: { line: Line }) {
  const { t } = useTranslation('app')
  if ('hit' in line) return <HitText hit={line.hit} />
  if ('all' in line) return <Plain icon={<ArrowRight size={16} aria-hidden />} text={t('findAll', { words: line.all })} />
  if ('kept' in line) return <Plain icon={line.pinned ? <Pin size={16} aria-hidden /> : <Clock3 size={16} aria-hidden />} text={line.kept.label || t('untitled')} />
  const Icon = line.command.icon
  return <Plain icon={<Icon size={16} aria-hidden />} text={line.command.label} />
}

function Plain({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <>
      {icon}
      <span>{text}</span>
    </>
  )
}

function HitText({ hit: { title, details, owner } }: { hit: SearchHit }) {
  const { t } = useTranslation('app')
  return (
    <>
      <Monogram name={title.text} />
      <span className={css.hit}>
        <span>{title.text ? <Marked {...title} /> : t('untitled')}</span>
        <small>
          {details.map(foundPhone).map(({ field, label, text, spans }) => (
            <span key={field} title={label}>
              <Marked text={text} spans={spans} />
            </span>
          ))}
        </small>
      </span>
      {owner?.label && <small className={css.owner}>{owner.label}</small>}
    </>
  )
}

function useOpen(onClose: () => void): (line: Line) => void {
  const navigate = useNavigate()
  return (line) => {
    onClose()
    if ('all' in line) void navigate({ to: '/search', search: { q: line.all } as never })
    else if ('hit' in line) void navigate({ to: '/o/$object/$id', params: line.hit })
    else if ('kept' in line) void navigate({ to: '/o/$object/$id', params: line.kept })
    else if (line.command.href) location.assign(line.command.href)
    else if (line.command.to) void navigate({ to: line.command.to })
    else line.command.run?.()
  }
}
