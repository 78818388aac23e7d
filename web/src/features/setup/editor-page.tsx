import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { notify, notifyFailure } from '@/ui/notify'
import { Banners } from './banners'
import { callerOf } from './called'
import { DocumentDrawers, type DrawerName } from './document-drawers'
import { EditorProvider } from './editor-context'
import { ObjectEditor } from './node-editor'
import { objectOf, objectsIn, useFields, useFieldsOf } from './options'
import { DocumentPanels } from './panels'
import { PublishDialog } from './publish-dialog'
import { useForgetDocument, useKinds, useSaveDocument, type Held } from './queries'
import { RoleMatrix } from './role-matrix'
import type { Shape } from './shape'
import { TitleBar } from './title-bar'
import type { Draft } from './types'
import { useCheck, useEditor } from './use-editor'
import css from './editor.module.css'

interface Props {
  kind: string
  name: string
  shape: Shape
  initial: Held
  draft: Draft | null
  onReload: () => void
}

/** The editor of one document: its form by the kind's schema, what is wrong with it, and what can be done with it. */
export function EditorPage({ kind, name, shape, initial, draft, onReload }: Props) {
  const { t, i18n } = useTranslation('setup')
  const navigate = useNavigate()
  const editing = useEditor(`${kind}/${name}`, initial)
  const checked = useCheck(kind, name, editing.body, draft?.id)
  const kinds = useKinds()
  const saving = useSaveDocument()
  const forget = useForgetDocument()
  const [drawer, setDrawer] = useState<DrawerName | null>(null)
  const [publishing, setPublishing] = useState(false)
  const [stale, setStale] = useState(false)
  const { language } = i18n
  const own = useFields({ kind, name, body: editing.body, language }, objectOf({ kind, name, body: editing.body }, undefined, []))
  const others = useFieldsOf(objectsIn(editing.body), language)
  const saveOnce = async (overwrite: boolean) => {
    try {
      const held = await saving.mutateAsync({ draft: draft?.id, kind, name, body: editing.body, tag: overwrite ? undefined : editing.tag })
      editing.saved(held)
      setStale(false)
      return true
    } catch (error) {
      if (error instanceof Problem && error.status === 412) setStale(true)
      else notifyFailure(error instanceof Error ? error.message : t('failed'))
      return false
    }
  }
  // A second tap while the first is on its way asks for the same: two writes would meet each other.
  const underWay = useRef<Promise<boolean> | null>(null)
  const save = (overwrite = false) => {
    underWay.current ??= saveOnce(overwrite).finally(() => {
      underWay.current = null
    })
    return underWay.current
  }
  const publish = async () => {
    if (!editing.dirty || (await save())) setPublishing(true)
  }
  useSaveKey(() => {
    if (editing.dirty) void save().then((done) => done && notify(t('saved')))
  })
  const discard = async () => {
    const { body } = editing
    editing.revert()
    try {
      if (draft?.documents?.some((one) => one.kind === kind && one.name === name)) await forget.mutateAsync({ draft: draft.id, kind, name })
    } catch (error) {
      editing.replace(body)
      return notifyFailure(error instanceof Error ? error.message : t('failed'))
    }
    const published = kinds?.find((one) => one.kind === kind)?.items.some((one) => one.name === name && one.version > 0)
    if (published) onReload()
    else void navigate({ to: '/setup/$kind', params: { kind } })
  }
  if (shape.kind !== 'object') return null
  const inDraft = draft?.documents?.find((one) => one.kind === kind && one.name === name)
  const work = { language, kind, name, body: editing.body, faults: checked?.errors ?? [], change: editing.change, call: callerOf({ body: editing.body, fields: own, others, kinds, t }) }
  return (
    <EditorProvider value={work}>
      <div className={css.page}>
        <TitleBar
          shape={shape}
          editing={editing}
          checked={checked}
          inDraft={inDraft !== undefined}
          saving={saving.isPending}
          onSave={() => void save()}
          onPublish={() => void publish()}
          onDiscard={() => void discard()}
          onOpen={setDrawer}
        />
        <Banners draft={draft} outdated={inDraft?.outdated === true} editing={editing} stale={stale} checked={checked} onOverwrite={() => void save(true)} onReload={onReload} onDiscardText={editing.revert} />
        <div className={css.columns}>
          <div className={css.form}>
            <ObjectEditor shape={shape} value={editing.body} path={[]} label={t('title')} hidden={kind === 'role' ? ['name', 'objects'] : ['name']} />
            {kind === 'role' && <RoleMatrix />}
          </div>
          <DocumentPanels draft={draft?.id} />
        </div>
        <p className={css.foot}>
          <code>
            {kind}/{name}
          </code>
        </p>
      </div>
      <DocumentDrawers open={drawer} onClose={() => setDrawer(null)} checked={checked} draft={draft} onReplace={editing.replace} onReload={onReload} />
      {publishing && draft && <PublishDialog draft={draft} onClose={() => setPublishing(false)} onDone={onReload} />}
    </EditorProvider>
  )
}

/** Ctrl+S or ⌘S saves the draft instead of the page. */
function useSaveKey(save: () => void) {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((!event.ctrlKey && !event.metaKey) || event.key.toLowerCase() !== 's') return
      event.preventDefault()
      save()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  })
}
