import { Link } from '@tanstack/react-router'
import { GitCompare, History, Search, Settings2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/api/session'
import { ButtonLink } from '@/ui/button-link'
import { EmptyState } from '@/ui/empty-state'
import { grouped, search, type Found } from './groups'
import { useKinds, useMyDraft } from './queries'
import { settingsFor } from './settings'
import type { Kind } from './types'
import css from './index.module.css'

/** Everything that can be configured: by group, and by search over every document. */
export function SetupPage() {
  const { t } = useTranslation('setup')
  const kinds = useKinds()
  const draft = useMyDraft()
  const [text, setText] = useState('')
  const waiting = draft?.documents?.length ?? 0
  return (
    <div className={css.page}>
      <div className={css.head}>
        <div>
          <h1>{t('title')}</h1>
          <p className={css.muted}>{t('note')}</p>
        </div>
        <div className={css.links}>
          {waiting > 0 && (
            <ButtonLink to="/setup/changes" leftSection={<GitCompare size={15} aria-hidden="true" />}>
              {t('waiting', { count: waiting })}
            </ButtonLink>
          )}
          <ButtonLink to="/setup/versions" variant="default" leftSection={<History size={15} aria-hidden="true" />}>
            {t('versions')}
          </ButtonLink>
        </div>
      </div>
      <label className={css.search}>
        <Search size={17} aria-hidden="true" />
        <input type="search" value={text} placeholder={t('searchAll')} aria-label={t('searchAll')} onChange={(event) => setText(event.currentTarget.value)} />
      </label>
      {!kinds ? <output className={css.muted}>{t('loading')}</output> : text.trim() ? <Results found={search(kinds, text)} /> : <Groups kinds={kinds} />}
      {!text.trim() && <Administration />}
    </div>
  )
}

/** The pages of settings beside the documents, so that an administrator finds all in one place. */
function Administration() {
  const { t } = useTranslation('setup')
  const open = settingsFor(useSession()?.can ?? [])
  if (open.length === 0) return null
  return (
    <section className={css.group} aria-label={t('administration')}>
      <h2>{t('administration')}</h2>
      <ul>
        {open.map(({ name, to, icon: Icon }) => (
          <li key={name}>
            <Link to={to} className={css.card}>
              <span className={css.name}>
                {t(`settings.${name}`)}
                <Icon size={16} aria-hidden="true" className={css.count} />
              </span>
              <span className={css.muted}>{t(`settingsAbout.${name}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Results({ found }: { found: Found[] }) {
  const { t } = useTranslation('setup')
  if (found.length === 0) return <EmptyState icon={<Settings2 size={28} aria-hidden="true" />} text={t('nothingFound')} />
  return (
    <ul className={css.results} aria-label={t('results')}>
      {found.slice(0, 60).map((one) => (
        <li key={`${one.kind}/${one.name}`}>
          <Link to="/setup/$kind/$name" params={{ kind: one.kind, name: one.name }}>
            <span className={css.kind}>{one.kindLabel}</span>
            <span className={css.label}>{one.label}</span>
            <code>{one.name}</code>
            {one.draft && <span className={css.badge}>{t('inDraft')}</span>}
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Groups({ kinds }: { kinds: Kind[] }) {
  const { t } = useTranslation('setup')
  return (
    <>
      {grouped(kinds).map((group) => (
        <section key={group.name} className={css.group} aria-label={t(`group.${group.name}`)}>
          <h2>{t(`group.${group.name}`)}</h2>
          <ul>
            {group.kinds.map(({ kind, label, items }) => (
              <li key={kind}>
                <Link to="/setup/$kind" params={{ kind }} className={css.card}>
                  <span className={css.name}>
                    {label}
                    <span className={css.count}>{items.length}</span>
                  </span>
                  <span className={css.muted}>{t(`about.${kind}`, { defaultValue: '' })}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
