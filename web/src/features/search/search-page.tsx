import { Link, useNavigate, useSearch as useAddress } from '@tanstack/react-router'
import { Search, SearchX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch, useSearchPages, type SearchHit } from '@/api/search'
import { foundPhone } from '@/format/phone'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { Lines } from '@/ui/list-screen'
import { Marked } from '@/ui/marked'
import { Monogram } from '@/ui/monogram'
import css from './search.module.css'

/** All that was found, one tab for each object; the words and the tab are in the address. */
export function SearchPage() {
  const { t } = useTranslation('search')
  const { q = '', object = '' } = useAddress({ strict: false }) as { q?: string; object?: string }
  const { groups, asking } = useSearch(q, 1)
  const shown = groups.find((group) => group.object === object) ?? groups[0]
  return (
    <div className={css.page}>
      <h1 className="visually-hidden">{t('title')}</h1>
      <Words key={q} words={q} />
      {groups.length > 0 && (
        <nav className={css.tabs} aria-label={t('objects')}>
          {groups.map((group) => (
            <Link key={group.object} to="/search" search={{ q, object: group.object } as never} replace className={css.tab} aria-current={group === shown ? 'page' : undefined}>
              {group.label}
            </Link>
          ))}
        </nav>
      )}
      {shown ? <Hits words={q} object={shown.object} /> : <Nothing words={q} asking={asking} />}
    </div>
  )
}

/** What is looked for; the address follows on Enter. */
function Words({ words }: { words: string }) {
  const { t } = useTranslation('search')
  const navigate = useNavigate()
  const [typed, setTyped] = useState(words)
  return (
    <form
      role="search"
      className={css.words}
      onSubmit={(event) => {
        event.preventDefault()
        void navigate({ to: '/search', search: { q: typed.trim() } as never })
      }}
    >
      <Search size={18} aria-hidden="true" />
      <input type="search" aria-label={t('words')} placeholder={t('hint')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <Button type="submit">{t('go')}</Button>
    </form>
  )
}

function Nothing({ words, asking }: { words: string; asking: boolean }) {
  const { t } = useTranslation('search')
  if (asking) return <output className={css.muted}>{t('asking')}</output>
  return <EmptyState icon={<SearchX size={24} aria-hidden="true" />} text={t(words ? 'nothing' : 'start', { words })} />
}

function Hits({ words, object }: { words: string; object: string }) {
  const { t } = useTranslation('search')
  const pages = useSearchPages(words, object)
  const hits = pages.data?.pages.flatMap(({ groups }) => groups[0]?.items ?? []) ?? []
  if (pages.error) return <EmptyState text={pages.error.message} />
  return (
    <>
      <Lines>
        {hits.map((hit) => (
          <Hit key={hit.id} hit={hit} />
        ))}
      </Lines>
      {pages.hasNextPage && (
        <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  )
}

function Hit({ hit: { object, id, title, details, owner } }: { hit: SearchHit }) {
  const { t } = useTranslation('search')
  return (
    <li>
      <Link to="/o/$object/$id" params={{ object, id }} className={css.hit}>
        <Monogram name={title.text} />
        <strong>{title.text ? <Marked {...title} /> : t('untitled')}</strong>
        <span className={css.details}>
          {details.map(foundPhone).map(({ field, label, text, spans }) => (
            <span key={field}>
              <span className={css.muted}>{label}</span> <Marked text={text} spans={spans} />
            </span>
          ))}
          {owner?.label && <span className={css.owner}>{owner.label}</span>}
        </span>
      </Link>
    </li>
  )
}
