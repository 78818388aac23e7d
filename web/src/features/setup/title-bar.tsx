import { Check, CircleAlert, EllipsisVertical, FileCode, GitCompare, History, Link2, Save, Trash2, Undo2, X } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import { Menu } from '@/ui/menu'
import { useFocusBack } from '@/ui/use-focus-back'
import type { DrawerName } from './document-drawers'
import { titleOf } from './document'
import { useEditorWork } from './editor-context'
import { inLanguage, type Shape } from './shape'
import type { Checked } from './types'
import type { Editing } from './use-editor'
import css from './editor.module.css'

interface Props {
  shape: Shape
  editing: Editing
  checked: Checked | undefined
  inDraft: boolean
  saving: boolean
  onSave: () => void
  onPublish: () => void
  onDiscard: () => void
  onOpen: (drawer: DrawerName) => void
}

/** What the document is called, in which state it is, and what can be done with it. */
export function TitleBar({ shape, editing, checked, inDraft, saving, onSave, onPublish, onDiscard, onOpen }: Props) {
  const { kind, name, language, call } = useEditorWork()
  const { t } = useTranslation('setup')
  const [sure, setSure] = useState(false)
  const changes = checked?.changes.length ?? 0
  const wrong = (checked?.errors.length ?? 0) + (checked?.others.length ?? 0)
  return (
    <header className={css.bar}>
      <div className={css.titles}>
        <p className={css.crumbs}>
          <Link to="/setup">{t('title')}</Link> ›{' '}
          <Link to="/setup/$kind" params={{ kind }}>
            {inLanguage(shape.title, language)}
          </Link>
        </p>
        <h1>{titleOf(editing.body, language, call) || name}</h1>
      </div>
      <div className={css.state} aria-live="polite">
        {editing.dirty ? <span className={css.unsaved}>{t('unsaved')}</span> : inDraft ? <span className={css.draft}>{t('inDraft')}</span> : <span className={css.live}>{t('live')}</span>}
        {wrong > 0 ? (
          <button type="button" className={css.wrong} onClick={() => onOpen('faults')}>
            <CircleAlert size={15} aria-hidden="true" />
            {t('faultCount', { count: wrong })}
          </button>
        ) : (
          checked && (
            <span className={css.right}>
              <Check size={15} aria-hidden="true" />
              {t('valid')}
            </span>
          )
        )}
      </div>
      <div className={css.acts}>
        <IconButton label={t('undo')} disabled={!editing.canUndo} onClick={editing.undo}>
          <Undo2 size={17} />
        </IconButton>
        <Button variant="subtle" disabled={changes === 0} onClick={() => onOpen('changes')} leftSection={<GitCompare size={15} aria-hidden="true" />}>
          {t('changes', { count: changes })}
        </Button>
        <Button variant="default" disabled={!editing.dirty} loading={saving} onClick={onSave} leftSection={<Save size={15} aria-hidden="true" />} title={t('saveKey')}>
          {t('save')}
        </Button>
        <Button disabled={(!editing.dirty && !inDraft) || wrong > 0} onClick={onPublish}>
          {t('publish')}
        </Button>
        <Menu
          entries={[
            { label: t('used'), icon: Link2, onSelect: () => onOpen('used') },
            { label: t('versions'), icon: History, onSelect: () => onOpen('versions') },
            { label: t('yaml'), icon: FileCode, onSelect: () => onOpen('yaml') },
            { label: t('discard'), icon: X, onSelect: () => setSure(true), disabled: !editing.dirty && !inDraft },
            { label: t('remove'), icon: Trash2, onSelect: () => onOpen('remove') },
          ]}
          trigger={(props) => (
            <IconButton label={t('moreActions')} {...props}>
              <EllipsisVertical size={17} />
            </IconButton>
          )}
        />
      </div>
      {sure && (
        <Sure
          onYes={() => {
            setSure(false)
            onDiscard()
          }}
          onNo={() => setSure(false)}
        />
      )}
    </header>
  )
}

/** Asks before what was written is lost; the keyboard begins at what loses nothing. */
function Sure({ onYes, onNo }: { onYes: () => void; onNo: () => void }) {
  const { t } = useTranslation('setup')
  const box = useRef<HTMLDivElement>(null)
  useFocusBack()
  useEffect(() => box.current?.querySelector<HTMLElement>('button:last-child')?.focus(), [])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div ref={box} className={css.confirm} role="alertdialog" aria-label={t('discard')} onKeyDown={({ key }) => key === 'Escape' && onNo()}>
      <span>{t('discardSure')}</span>
      <Button size="xs" color="red" onClick={onYes}>
        {t('discard')}
      </Button>
      <Button size="xs" variant="default" onClick={onNo}>
        {t('cancel')}
      </Button>
    </div>
  )
}
