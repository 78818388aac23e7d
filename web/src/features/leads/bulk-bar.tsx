import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CatalogObject } from '@/api/catalog'
import { usePeople } from '@/fields/people'
import { Button } from '@/ui/button'
import { Modal } from '@/ui/modal'
import type { Bulk } from './bulk'
import type { Selection } from './selection'
import css from './bulk.module.css'

interface Props {
  object: CatalogObject
  selection: Selection
  bulk: Bulk
}

/** What may be done with the records that are chosen. */
export function BulkBar({ object, selection, bulk }: Props) {
  const { t } = useTranslation('leads')
  const [asking, setAsking] = useState(false)
  const { ids, size: count } = selection
  const assignable = mayAssign(object)
  const remove = () => {
    setAsking(false)
    selection.set([])
    void bulk.remove(ids)
  }
  const assign = (field: string, person: string) => {
    selection.set([])
    void bulk.assign(ids, field, person)
  }
  return (
    <div className={css.bar} role="group" aria-label={t('bulk')}>
      <output>{t('selected', { count })}</output>
      {assignable && object.owner_field && <Assign field={object.owner_field} onAssign={assign} />}
      {object.can.delete && (
        <Button variant="default" size="xs" leftSection={<Trash2 size={14} aria-hidden="true" />} onClick={() => setAsking(true)}>
          {t('delete')}
        </Button>
      )}
      <Button variant="subtle" size="xs" onClick={() => selection.set([])}>
        {t('unselect')}
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t('deleteAsk', { count })}>
        <p className={css.note}>{t('deleteNote')}</p>
        <div className={css.actions}>
          <Button color="red.9" onClick={remove}>
            {t('delete')}
          </Button>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('cancel')}
          </Button>
        </div>
      </Modal>
    </div>
  )
}

/** Whether the reader may hand records of an object to others. */
export const mayAssign = ({ can, owner_field: owner, fields }: CatalogObject): boolean =>
  can.update && can.assign === true && fields.some(({ name, read_only: fixed }) => name === owner && !fixed)

function Assign({ field, onAssign }: { field: string; onAssign: (field: string, person: string) => void }) {
  const { t } = useTranslation('leads')
  const people = usePeople(true)
  const [person, setPerson] = useState('')
  return (
    <span className={css.assign}>
      <select aria-label={t('assignTo')} value={person} onChange={(event) => setPerson(event.currentTarget.value)}>
        <option value="">{t('assignTo')}</option>
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <Button size="xs" disabled={!person} onClick={() => onAssign(field, person)}>
        {t('assign')}
      </Button>
    </span>
  )
}
