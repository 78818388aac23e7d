import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { listText } from '@/format/list-text'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import type { Body } from './document'
import { useEditorWork } from './editor-context'
import { useRemoveDocument, useUses } from './queries'
import type { Checked, Draft } from './types'
import { VersionsView } from './versions-view'
import { YamlView } from './yaml-view'
import css from './drawers.module.css'

export type DrawerName = 'changes' | 'faults' | 'used' | 'versions' | 'yaml' | 'remove'

interface Props {
  open: DrawerName | null
  checked: Checked | undefined
  draft: Draft | null
  onClose: () => void
  onReplace: (body: Body) => void
  onReload: () => void
}

/** What slides in beside the form. */
export function DocumentDrawers({ open, checked, draft, onClose, onReplace, onReload }: Props) {
  const { kind, name, body } = useEditorWork()
  const { t } = useTranslation('setup')
  const replace = (next: Body) => {
    onReplace(next)
    onClose()
  }
  return (
    <Drawer opened={open !== null} onClose={onClose} size="lg" title={open && t(`drawer.${open}`)}>
      {open === 'changes' && <Sentences items={checked?.changes ?? []} empty={t('noChanges')} />}
      {open === 'faults' && <FaultList checked={checked} />}
      {open === 'used' && <Uses kind={kind} name={name} />}
      {open === 'versions' && <VersionsView kind={kind} name={name} onRestore={replace} onRolledBack={onReload} />}
      {open === 'yaml' && <YamlView kind={kind} name={name} body={body} onReplace={replace} />}
      {open === 'remove' && <Removal kind={kind} name={name} draft={draft} onClose={onClose} />}
    </Drawer>
  )
}

function Sentences({ items, empty }: { items: string[]; empty: string }) {
  if (items.length === 0) return <p>{empty}</p>
  return (
    <ul className={css.words}>
      {items.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

/** What is wrong with the document, and with others because of it. */
function FaultList({ checked }: { checked: Checked | undefined }) {
  const { t } = useTranslation('setup')
  return (
    <div className={css.stack}>
      {[
        { title: t('faultsHere'), faults: checked?.errors ?? [] },
        { title: t('faultsElsewhere'), faults: checked?.others ?? [] },
      ]
        .filter(({ faults }) => faults.length > 0)
        .map(({ title, faults }) => (
          <section key={title}>
            <h2>{title}</h2>
            <ul className={css.words}>
              {faults.map(({ path, message }) => (
                <li key={path + message}>
                  <code>{path}</code>
                  <pre>{message}</pre>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </div>
  )
}

/** The documents that name this one, each with the way there. */
export function Uses({ kind, name }: { kind: string; name: string }) {
  const { t } = useTranslation('setup')
  const { data, error } = useUses(kind, name)
  if (error) return <p role="alert">{error.message}</p>
  if (!data) return <output>{t('loading')}</output>
  if (data.length === 0) return <p>{t('unused')}</p>
  return (
    <ul className={css.differences}>
      {data.map((one) => (
        <li key={`${one.kind}/${one.name}`}>
          <div className={css.what}>
            <span className={css.kind}>{one.kind_label}</span>
            <Link to="/setup/$kind/$name" params={{ kind: one.kind, name: one.name }}>
              {one.label}
            </Link>
          </div>
          <p className={css.muted}>{listText([...new Set(one.places)].slice(0, 8))}</p>
        </li>
      ))}
    </ul>
  )
}

/** Removal goes into the draft; what still names the document is told first. */
function Removal({ kind, name, draft, onClose }: { kind: string; name: string; draft: Draft | null; onClose: () => void }) {
  const { t } = useTranslation('setup')
  const navigate = useNavigate()
  const remove = useRemoveDocument()
  const uses = useUses(kind, name)
  const act = () =>
    remove.mutate(
      { draft: draft?.id, kind, name },
      {
        onSuccess: () => {
          onClose()
          void navigate({ to: '/setup/changes' })
        },
      },
    )
  return (
    <div className={css.stack}>
      {uses.data && uses.data.length > 0 ? <p className={css.lost}>{t('removeUsed', { count: uses.data.length })}</p> : <p>{t('removeNote')}</p>}
      <Uses kind={kind} name={name} />
      {remove.error && <p role="alert">{remove.error.message}</p>}
      <div className={css.acts}>
        <Button color="red" loading={remove.isPending} onClick={act}>
          {t('removeNow')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  )
}
