import { useCatalog } from '@/api/catalog'
import { useBusinessNow, useSession } from '@/api/session'
import { TasksPage } from '@/features/agenda/tasks-page'
import { FollowUpCard } from '@/features/followup/follow-up-card'
import { rulesOf } from '@/features/followup/rules'

/** The things to do, with the follow-up card that finishes a next action. */
export function TasksRoute() {
  const objects = useCatalog()
  const now = useBusinessNow()
  const zone = useSession()?.company.zone ?? 'UTC'
  return (
    <TasksPage
      followUp={({ object, id }) => {
        const shape = objects?.find(({ name }) => name === object)
        const rules = shape && rulesOf(shape)
        return rules && <FollowUpCard key={id} object={object} id={id} rules={rules} now={now} zone={zone} formID="task-follow-up" next={null} />
      }}
    />
  )
}
