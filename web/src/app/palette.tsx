import { useNavigate } from '@tanstack/react-router'
import { FileText, Search } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { matching, type Command } from './commands'
import { useFoundRecords, type Found } from './find-records'
import { useCommands, type Reach } from './use-commands'
import css from './palette.module.css'

interface Props {
  reach: Reach
  onClose: () => void
}

/** One line of the palette. */
type Line = { id: string; command: Command } | { id: string; record: Found }

/** Finds records and commands by a few characters: one box for going anywhere. */
export function Palette({ reach, onClose }: Props) {
  const { t } = useTranslation('app')
  const commands = useCommands(reach)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const box = useRef<HTMLDialogElement>(null)
  const list = useId()
  const found = useFoundRecords(reach.objects, typed)
  const lines: Line[] = [...found.map((record) => ({ id: record.id, record })), ...matching(commands, typed).map((command) => ({ id: command.id, command }))]
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
      <label className={css.field}>
        <Search size={18} aria-hidden />
        <input
          type="text"
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={lines.length > 0 ? `${list}-${chosen}` : undefined}
          aria-label={t('find')}
          placeholder={t('findHint')}
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setAt(0)
          }}
          onKeyDown={press}
        />
      </label>
      <div id={list} className={css.list} role="listbox" aria-label={t('found')}>
        {lines.map((line, n) => (
          <div key={line.id} id={`${list}-${n}`} className={css.line} role="option" tabIndex={-1} aria-selected={n === chosen} onPointerMove={() => setAt(n)} onClick={() => open(line)} onKeyDown={press}>
            <LineText line={line} />
          </div>
        ))}
      </div>
      {lines.length === 0 && <p className={css.nothing}>{t('nothingFound')}</p>}
    </dialog>
  )
}

function LineText({ line }: { line: Line }) {
  const Icon = 'command' in line ? line.command.icon : FileText
  return (
    <>
      <Icon size={16} aria-hidden />
      <span>{'command' in line ? line.command.label : line.record.label}</span>
      {'record' in line && <small>{line.record.kind}</small>}
    </>
  )
}

function useOpen(onClose: () => void): (line: Line) => void {
  const navigate = useNavigate()
  return (line) => {
    onClose()
    if ('record' in line) void navigate({ to: '/o/$object/$id', params: { object: line.record.object, id: line.record.id } })
    else if (line.command.href) location.assign(line.command.href)
    else if (line.command.to) void navigate({ to: line.command.to })
    else line.command.run?.()
  }
}
