import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './icon-button'
import { dismiss, noticesNow, watchNotices, type Notice } from './notify'
import css from './notices.module.css'

/** The place of short notices: read out politely, failures at once. */
export function Notices() {
  const notices = useSyncExternalStore(watchNotices, noticesNow)
  return (
    <div className={css.place}>
      <div role="status">
        {notices.filter(({ failed }) => !failed).map((notice) => (
          <Line key={notice.id} notice={notice} />
        ))}
      </div>
      <div role="alert">
        {notices.filter(({ failed }) => failed).map((notice) => (
          <Line key={notice.id} notice={notice} />
        ))}
      </div>
    </div>
  )
}

function Line({ notice: { id, message, failed, action } }: { notice: Notice }) {
  const { t } = useTranslation('app')
  const Icon = failed ? CircleAlert : CircleCheck
  return (
    <p className={css.notice} data-failed={failed || undefined}>
      <Icon size={18} aria-hidden />
      <span>{message}</span>
      {action && (
        <button
          type="button"
          className={css.action}
          onClick={() => {
            dismiss(id)
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton label={t('close')} size={28} onClick={() => dismiss(id)}>
        <X size={16} />
      </IconButton>
    </p>
  )
}
