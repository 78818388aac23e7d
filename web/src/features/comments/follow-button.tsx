import { Bell, BellOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import { notifyError } from '@/ui/notify'
import { useFollow, useFollowing } from './queries'
import css from './comments.module.css'

/** Whether one hears of changes to a record: asked for, as its owner, or some of them by a role. */
export function FollowButton({ object, id }: { object: string; id: string }) {
  const { t, i18n } = useTranslation('comments')
  const heard = useFollowing(object, id)
  const follow = useFollow(object, id)
  if (heard === undefined) return null
  const { following, because, fields = [] } = heard
  const change = (on: boolean) => follow.mutate(on, { onError: notifyError })
  const Icon = following ? BellOff : Bell
  return (
    <div className={css.hearing}>
      {because === 'owner' && <span className={css.why}>{t('becauseOwner')}</span>}
      {because === 'role' && (
        <>
          <span className={css.why}>{t('becauseRole', { fields: new Intl.ListFormat(i18n.language).format(fields) })}</span>
          <IconButton label={t('mute')} onClick={() => change(false)}>
            <BellOff size={14} aria-hidden="true" />
          </IconButton>
        </>
      )}
      <Button size="xs" variant="subtle" aria-pressed={following} title={t('followNote')} loading={follow.isPending} leftSection={<Icon size={14} aria-hidden="true" />} onClick={() => change(!following)}>
        {t(following ? 'unfollow' : 'follow')}
      </Button>
    </div>
  )
}
