import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/call'
import { useSession } from '@/api/session'
import { exactText } from '@/format/moment'
import { Button } from '@/ui/button'
import { notifyFailure } from '@/ui/notify'
import type { Body } from './document'
import { DifferenceList } from './difference-list'
import { PickSelect } from './fields'
import { useRollBack, useVersionDifferences, useVersions } from './queries'
import type { Version } from './types'
import css from './drawers.module.css'

interface Props {
  /** Of one document; without it, of everything. */
  kind?: string
  name?: string
  onRestore?: (body: Body) => void
  onRolledBack: () => void
}

/** The published versions, the difference between any two, and the way back. */
export function VersionsView({ kind, name, onRestore, onRolledBack }: Props) {
  const { t, i18n } = useTranslation('setup')
  const zone = useSession()?.company.zone ?? 'UTC'
  const { data, error } = useVersions(kind, name)
  const newest = data?.[0]?.version ?? 0
  const [chosen, setChosen] = useState<{ from?: number; to?: number }>({})
  const to = chosen.to ?? newest
  const from = chosen.from ?? data?.find(({ version }) => version < to)?.version ?? 0
  const differences = useVersionDifferences(from, to, kind, name)
  if (error) return <p role="alert">{error.message}</p>
  if (!data) return <output>{t('loading')}</output>
  const options = data.map(({ version, at }) => ({ name: String(version), label: `v${version} · ${exactText(at, zone, i18n.language)}` }))
  return (
    <div className={css.stack}>
      <div className={css.line}>
        <PickSelect options={options} value={String(from || '')} onPick={(next) => setChosen({ ...chosen, from: Number(next) })} aria-label={t('compareFrom')} />
        <span aria-hidden="true">→</span>
        <PickSelect options={options} value={String(to || '')} onPick={(next) => setChosen({ ...chosen, to: Number(next) })} aria-label={t('compareTo')} />
      </div>
      {from >= to ? <p className={css.muted}>{t('compareOrder')}</p> : <DifferenceList items={differences.data ?? []} />}
      <ul className={css.differences}>
        {data.map((one) => (
          <VersionRow key={one.version} one={one} current={one.version === newest} kind={kind} name={name} onRestore={onRestore} onRolledBack={onRolledBack} />
        ))}
      </ul>
    </div>
  )
}

function VersionRow({ one, current, kind, name, onRestore, onRolledBack }: { one: Version; current: boolean } & Props) {
  const { t, i18n } = useTranslation('setup')
  const zone = useSession()?.company.zone ?? 'UTC'
  const [sure, setSure] = useState(false)
  const rollBack = useRollBack()
  const restore = async () => {
    try {
      onRestore?.(await call<Body>('GET', `/config/${kind}/${name}`, { query: { version: String(one.version) } }))
    } catch (error) {
      notifyFailure(error instanceof Error ? error.message : t('failed'))
    }
  }
  return (
    <li>
      <div className={css.what}>
        <strong>v{one.version}</strong>
        <span>{exactText(one.at, zone, i18n.language)}</span>
        <span className={css.muted}>
          {one.by?.label ?? t('program')}
          {one.restored_from ? ` · ${t('restoredFrom', { version: one.restored_from })}` : one.label ? ` · ${one.label}` : ''}
        </span>
        {current && <span className={css.badge}>{t('current')}</span>}
        {!current && onRestore && (
          <Button size="xs" variant="default" onClick={() => void restore()}>
            {t('restoreHere')}
          </Button>
        )}
        {!current && (
          <Button size="xs" variant="subtle" onClick={() => setSure(true)}>
            {t('rollBack')}
          </Button>
        )}
      </div>
      {sure && (
        <div className={css.lost} role="alertdialog" aria-label={t('rollBack')}>
          <span>{t('rollBackSure', { version: one.version })}</span>
          <Button size="xs" color="red" loading={rollBack.isPending} onClick={() => rollBack.mutate(one.version, { onSuccess: onRolledBack })}>
            {t('rollBack')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setSure(false)}>
            {t('cancel')}
          </Button>
          {rollBack.error && <span role="alert">{rollBack.error.message}</span>}
        </div>
      )}
    </li>
  )
}
