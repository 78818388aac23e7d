import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalog'
import { keys } from '@/api/keys'
import { valueText } from '@/fields/field-value'
import { Drawer } from '@/ui/drawer'
import { IconButton } from '@/ui/icon-button'
import { NewRecordForm } from './new-record-page'
import { presetOf } from './preset'
import type { FlatRecord, ObjectShape, RelatedGroup } from './types'
import css from './related.module.css'

interface Props {
  groups: RelatedGroup[]
  source: ObjectShape
  record: FlatRecord
  zone: string
}

/** The records that refer to this one, with their sums, and the way to add one in place. */
export function Related({ groups, ...rest }: Props) {
  const { t } = useTranslation('records')
  if (groups.length === 0) return null
  return (
    <section className={css.block} aria-label={t('related')}>
      {groups.map((group) => (
        <Group key={`${group.object}.${group.field}`} group={group} {...rest} />
      ))}
    </section>
  )
}

type GroupProps = Omit<Props, 'groups'> & { group: RelatedGroup }

function Group({ group, source, record, zone }: GroupProps) {
  const { t, i18n } = useTranslation('records')
  const shape = useObject(group.object)
  const text = (name: string, value: unknown) => {
    const field = shape?.fields.find((one) => one.name === name)
    return field ? valueText(field, value, i18n.language, zone) : ''
  }
  return (
    <div>
      <div className={css.head}>
        <h2>
          {group.filter && group.count > 0 ? (
            <Link to="/o/$object" params={{ object: group.object }} search={{ filter: group.filter } as never}>
              {group.label}
            </Link>
          ) : (
            group.label
          )}
          <span className={css.count}>{group.more ? `${group.count}+` : group.count}</span>
        </h2>
        {group.can_create && <Add group={group} source={source} record={record} />}
      </div>
      {group.sums && <Sums group={group} text={text} />}
      <ul className={css.links}>
        {group.records.map((one) => (
          <li key={one.id}>
            <Link to="/o/$object/$id" params={{ object: group.object, id: one.id }}>
              {one.label || t('untitled')}
            </Link>
            <p className={css.values}>
              {group.columns.flatMap((name) => (text(name, one[name]) ? [<span key={name}>{text(name, one[name])}</span>] : []))}
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Add({ group, source, record }: Omit<GroupProps, 'zone'>) {
  const { t } = useTranslation('records')
  const shape = useObject(group.object)
  const [adding, setAdding] = useState(false)
  const client = useQueryClient()
  const done = () => {
    setAdding(false)
    void client.invalidateQueries({ queryKey: keys.allRecords })
  }
  if (!shape) return null
  return (
    <>
      <IconButton label={t('newTitle', { object: group.name })} onClick={() => setAdding(true)}>
        <Plus size={16} />
      </IconButton>
      <Drawer opened={adding} onClose={() => setAdding(false)} title={t('newTitle', { object: group.name })}>
        <NewRecordForm object={shape} preset={presetOf(shape, source, record, group.field)} onCreated={done} />
      </Drawer>
    </>
  )
}

/** What it comes to, and, where the record has an amount of its own, what is still missing. */
function Sums({ group, text }: { group: RelatedGroup; text: (name: string, value: unknown) => string }) {
  const { t } = useTranslation('records')
  const { sum = '', left } = group
  const sums = (list: unknown[] | undefined) => (list ?? []).map((one) => text(sum, one)).join(' + ')
  const none = left ? text(sum, { ...left, amount: '0' }) : ''
  return (
    <dl className={css.sums}>
      <div>
        <dt>{t('sum.all')}</dt>
        <dd>{sums(group.sums)}</dd>
      </div>
      {left && (
        <>
          <div>
            <dt>{t('sum.done')}</dt>
            <dd>{sums(group.done) || none}</dd>
          </div>
          <div>
            <dt>{t('sum.left')}</dt>
            <dd>{text(sum, left)}</dd>
          </div>
        </>
      )}
    </dl>
  )
}
