import { Pencil, Trash2, UserRoundCheck } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { Button } from '@/ui/button'
import { BulkAssign } from './bulk-assign'
import { BulkDialog } from './bulk-dialog'
import { BulkEdit } from './bulk-edit'
import { BulkExport } from './bulk-export'
import { editable, mayAssign, offersAll, scopeOf } from './bulk-scope'
import type { Question } from './list-plan'
import type { Selection } from './selection'
import css from './bulk.module.css'

interface Props {
  object: CatalogObject
  selection: Selection
  question: Question
  /** How many rows are loaded, how many match, and whether there are more than that. */
  loaded: number
  count?: number
  countMore: boolean
  /** Whether the reader may change many at once. */
  bulk: boolean
  /** What a phone offers in place of the box in the table's head: choosing all that are loaded, and letting go. */
  onLoaded?: () => void
  onDone?: () => void
}

type Doing = 'assign' | 'edit' | 'delete'

/** What may be done with the records that are chosen, or with all that match. */
export function BulkBar({ object, selection, question, loaded, count, countMore, bulk, onLoaded, onDone }: Props) {
  const { t, i18n } = useTranslation('leads')
  const [held, setAll] = useState(false)
  const [doing, setDoing] = useState<Doing>()
  const offered = bulk && offersAll(selection, loaded, count, countMore)
  const all = held && selection.size >= loaded && bulk
  const number = `${new Intl.NumberFormat(i18n.language).format(count ?? 0)}${countMore ? '+' : ''}`
  const scope = scopeOf(all, question.filter, selection)
  const close = () => setDoing(undefined)
  const asked = () => {
    close()
    setAll(false)
    selection.set([])
    onDone?.()
  }
  const act = (what: Doing, icon: ReactNode) => (
    <Button variant="default" size="xs" leftSection={icon} disabled={selection.size === 0} onClick={() => setDoing(what)}>
      {t(what)}
    </Button>
  )
  return (
    <div className={css.bar} role="group" aria-label={t('bulk')}>
      <output>{all ? t('selectedAll', { number }) : t('selected', { count: selection.size })}</output>
      {onLoaded && selection.size < loaded && (
        <Button variant="light" size="xs" onClick={onLoaded}>
          {t('selectLoaded', { count: loaded })}
        </Button>
      )}
      {offered && !all && (
        <Button variant="light" size="xs" onClick={() => setAll(true)}>
          {t('selectMatching', { number })}
        </Button>
      )}
      {bulk && mayAssign(object) && act('assign', <UserRoundCheck size={14} aria-hidden="true" />)}
      {bulk && editable(object).length > 0 && act('edit', <Pencil size={14} aria-hidden="true" />)}
      {bulk && object.can.delete && act('delete', <Trash2 size={14} aria-hidden="true" />)}
      {selection.size > 0 && <BulkExport object={object.name} question={question} ids={all ? undefined : selection.ids} />}
      <Button variant="subtle" size="xs" onClick={asked}>
        {t('unselect')}
      </Button>
      {doing === 'assign' && <BulkAssign object={object.name} scope={scope} onClose={close} onAsked={asked} />}
      {doing === 'edit' && <BulkEdit object={object} scope={scope} onClose={close} onAsked={asked} />}
      {doing === 'delete' && <BulkRemove object={object.name} wish={{ object: object.name, action: 'delete', ...scope }} onClose={close} onAsked={asked} />}
    </div>
  )
}

interface RemoveProps {
  object: string
  wish: { object: string; action: 'delete'; ids?: string[]; filter?: string }
  onClose: () => void
  onAsked: () => void
}

function BulkRemove({ wish, onClose, onAsked }: RemoveProps) {
  const { t } = useTranslation('leads')
  return <BulkDialog danger title={t('delete')} verb="delete" wish={wish} probe={wish} onClose={onClose} onAsked={onAsked} />
}
