import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/call'
import { keys } from '@/api/keys'
import { usePeople } from '@/fields/people'
import { BulkDialog } from './bulk-dialog'
import { targetOf, type BulkScope } from './bulk-scope'
import css from './bulk.module.css'

interface Props {
  object: string
  scope: BulkScope
  onClose: () => void
  onAsked: () => void
}

/** Hands many records to a person, to a pool, or to the routing table. */
export function BulkAssign({ object, scope, onClose, onAsked }: Props) {
  const { t } = useTranslation('leads')
  const [choice, setChoice] = useState('')
  const people = usePeople(true)
  const pools = usePools()
  const target = targetOf(choice)
  const probe = { object, ...scope, action: 'edit' as const, fields: {} }
  return (
    <BulkDialog title={t('assign')} verb="assign" wish={target && { object, ...scope, action: 'assign', ...target }} probe={probe} onClose={onClose} onAsked={onAsked}>
      <label className={css.field}>
        {t('assignTo')}
        <select data-autofocus value={choice} onChange={(event) => setChoice(event.currentTarget.value)}>
          <option value="">–</option>
          {object === 'lead' && <option value="routing">{t('assignRouting')}</option>}
          {object === 'lead' && pools.length > 0 && (
            <optgroup label={t('assignPool')}>
              {pools.map(({ name, label }) => (
                <option key={name} value={`pool:${name}`}>
                  {label}
                </option>
              ))}
            </optgroup>
          )}
          <optgroup label={t('assignPerson')}>
            {people.map(({ id, name }) => (
              <option key={id} value={`user:${id}`}>
                {name}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
    </BulkDialog>
  )
}

function usePools(): { name: string; label: string }[] {
  const { data } = useQuery({
    queryKey: [...keys.people, 'pools', 'choice'],
    queryFn: () => call<{ items: { name: string; label: string }[] }>('GET', '/pools'),
    staleTime: 60_000,
  })
  return data?.items ?? []
}
