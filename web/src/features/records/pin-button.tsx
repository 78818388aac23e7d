import { Pin, PinOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { usePin, usePins } from '@/api/search'
import { IconButton } from '@/ui/icon-button'
import { notifyFailure } from '@/ui/notify'

interface Props {
  object: string
  id: string
  label: string
}

/** Keeps this record in the menu and at the head of the palette. */
export function PinButton({ object, id, label }: Props) {
  const { t } = useTranslation('records')
  const pins = usePins()
  const pin = usePin()
  if (!pins) return null
  const pinned = pins.some((one) => one.id === id)
  return (
    <IconButton label={t(pinned ? 'unpin' : 'pin')} aria-pressed={pinned} onClick={() => pin.mutate({ object, id, label, pinned: !pinned }, { onError: ({ message }) => notifyFailure(message) })}>
      {pinned ? <PinOff size={17} /> : <Pin size={17} />}
    </IconButton>
  )
}
