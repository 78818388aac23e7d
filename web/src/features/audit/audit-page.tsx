import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { DateInput } from '@/ui/date-input'
import { EmptyState } from '@/ui/empty-state'
import { Lines, ListScreen } from '@/ui/list-screen'
import { notify, notifyFailure } from '@/ui/notify'
import { EntryRow } from './entry-row'
import { exportAddress, useAudit, usePeople, useVerify, type Search } from './queries'
import css from './audit.module.css'

const blank: Search = { kind: '', person: '', from: '', to: '', failed: '' }

/** Who did what in administration and security; the search stands in the address. */
export function AuditPage() {
  const { t } = useTranslation('audit')
  const asked = useSearch({ strict: false }) as Partial<Search>
  const search = { ...blank, ...asked }
  const navigate = useNavigate()
  const change = (part: Partial<Search>) => {
    const next = Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value !== ''))
    void navigate({ to: '/audit', search: next as never, replace: true })
  }
  const { items, areas, error, more } = useAudit(search)
  return (
    <ListScreen
      wide
      title={t('title')}
      note={t('note')}
      actions={
        <>
          <Verify />
          <Button component="a" variant="default" href={exportAddress(search)} download leftSection={<Download size={16} aria-hidden="true" />}>
            {t('export')}
          </Button>
        </>
      }
    >
      <Filters search={search} areas={areas} change={change} />
      {error && <EmptyState text={error.message} />}
      {items?.length === 0 && <EmptyState text={t('nothing')} />}
      {items && items.length > 0 && (
        <Lines label={t('title')}>
          {items.map((entry) => (
            <EntryRow key={entry.seq} entry={entry} area={areas.find(({ name }) => name === entry.area)?.label ?? entry.area} />
          ))}
        </Lines>
      )}
      {more && (
        <Button variant="default" className={css.more} loading={more.loading} onClick={more.load}>
          {t('more')}
        </Button>
      )}
    </ListScreen>
  )
}

function Verify() {
  const { t } = useTranslation('audit')
  const verify = useVerify()
  const say = () =>
    verify.mutate(undefined, {
      onSuccess: ({ entries, broken_at: broken }) => (broken === null ? notify(t('whole', { count: entries })) : notifyFailure(t('broken', { n: broken }))),
      onError: (error) => notifyFailure(error.message),
    })
  return (
    <Button variant="default" loading={verify.isPending} onClick={say} leftSection={<ShieldCheck size={16} aria-hidden="true" />}>
      {t('verify')}
    </Button>
  )
}

interface FilterProps {
  search: Search
  areas: { name: string; label: string }[]
  change: (part: Partial<Search>) => void
}

function Filters({ search, areas, change }: FilterProps) {
  const { t } = useTranslation('audit')
  const people = usePeople()
  return (
    <div className={css.filters} role="search">
      <label>
        {t('kind')}
        <select value={search.kind.split('.')[0]} onChange={(event) => change({ kind: event.currentTarget.value })}>
          <option value="">{t('all')}</option>
          {areas.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('person')}
        <select value={search.person} onChange={(event) => change({ person: event.currentTarget.value })}>
          <option value="">{t('all')}</option>
          {people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('from')}
        <DateInput label={t('from')} value={search.from} max={search.to} onChange={(from) => change({ from })} />
      </label>
      <label>
        {t('to')}
        <DateInput label={t('to')} value={search.to} min={search.from} onChange={(to) => change({ to })} />
      </label>
      <label className={css.check}>
        <input type="checkbox" checked={search.failed === '1'} onChange={(event) => change({ failed: event.currentTarget.checked ? '1' : '' })} /> {t('failedOnly')}
      </label>
    </div>
  )
}
