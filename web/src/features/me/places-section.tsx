import { useTranslation } from 'react-i18next'
import { useBusinessNow, useSession } from '@/api/session'
import { momentText } from '@/format/moment'
import { Button } from '@/ui/button'
import { notify, notifyError } from '@/ui/notify'
import { deviceName } from './device-name'
import { useLogInPlaces, useLogOutOthers, useLogOutPlace, type LogInPlace } from './queries'
import css from './me.module.css'

/** Where one is logged in, and the way to end what one does not know. */
export function PlacesSection() {
  const { t } = useTranslation('me')
  const { data, error } = useLogInPlaces()
  const others = useLogOutOthers()
  return (
    <section aria-labelledby="me-places">
      <h2 id="me-places">{t('places')}</h2>
      {error && <p className={css.failure}>{error.message}</p>}
      <ul className={css.list}>
        {data?.map((place) => (
          <Place key={place.id} place={place} />
        ))}
      </ul>
      {data && data.length > 1 && (
        <Button variant="default" loading={others.isPending} onClick={() => others.mutate(undefined, { onSuccess: ({ count }) => notify(t('othersOut', { count })), onError: notifyError })}>
          {t('logOutOthers')}
        </Button>
      )}
    </section>
  )
}

function Place({ place }: { place: LogInPlace }) {
  const { t, i18n } = useTranslation('me')
  const end = useLogOutPlace()
  const zone = useSession()?.user.zone ?? 'UTC'
  const now = useBusinessNow()
  const name = deviceName(place.device)
  return (
    <li>
      <span title={place.device}>
        <b>{name}</b>
        <small>{[place.address, place.current ? t('thisOne') : t('seen', { at: momentText(new Date(place.seen_at), now, zone, i18n.language) })].join(' · ')}</small>
      </span>
      {!place.current && (
        <Button size="xs" variant="default" loading={end.isPending} aria-label={t('logOutPlace', { name })} onClick={() => end.mutate(place.id, { onError: notifyError })}>
          {t('logOutHere')}
        </Button>
      )}
    </li>
  )
}
