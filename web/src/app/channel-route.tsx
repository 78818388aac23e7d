import { useParams } from '@tanstack/react-router'
import { ChannelPage } from '@/features/intake/channel-page'

/** The channel that the address names. */
export function ChannelRoute() {
  const { name = '' } = useParams({ strict: false })
  return <ChannelPage key={name} name={name} />
}
