import { useTranslation } from 'react-i18next'
import { ScrollBox } from '@/ui/scroll-box'
import { ListLink } from './list-link'
import { Share } from './share'
import type { FollowUpHealth } from './types'
import css from './metrics.module.css'

/** Who follows up, and who keeps promises; each number opens its list. */
export function FollowUpTable({ data: { by_person: people, list, object } }: { data: FollowUpHealth }) {
  const { t } = useTranslation('metrics')
  if (people.length === 0) return <p className={css.muted}>{t('followUp.none')}</p>
  return (
    <ScrollBox className={css.scroll} label={t('followUp.byPerson')}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('followUp.person')}</th>
            <th scope="col">{t('followUp.done')}</th>
            <th scope="col">{t('followUp.rate')}</th>
            <th scope="col">{t('followUp.late')}</th>
            <th scope="col">{t('followUp.waiting')}</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ user, follow_ups: done, kept, late, waiting, filters }) => (
            <tr key={user.id}>
              <th scope="row">{user.label ?? user.id}</th>
              <td>
                <Count count={done} object={list} filter={filters.follow_ups} />
              </td>
              <td>
                <Share part={kept} whole={kept + late + waiting} />
              </td>
              <td>
                <Count count={late} object={list} filter={filters.late} />
              </td>
              <td data-alarm={waiting > 0 || undefined}>
                <Count count={waiting} object={object} filter={filters.waiting} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function Count({ count, object, filter }: { count: number; object: string; filter?: string }) {
  return count > 0 && filter ? (
    <ListLink object={object} filter={filter}>
      {count}
    </ListLink>
  ) : (
    <>{count}</>
  )
}
