import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/ui/button-link'
import { useMay } from '@/api/session'
import { useEditorWork } from './editor-context'
import { FormPanel } from './form-panel'
import { MappingPanel } from './mapping-panel'
import { RobotPanel } from './robot-panel'
import { TryPanel } from './try-panel'
import css from './panels.module.css'

const tried = ['routing-table', 'scorecard', 'lexicon', 'clock']

/** What stands beside the form of some kinds: a try, a sample, a preview. */
export function DocumentPanels({ draft }: { draft: string | undefined }) {
  const { kind } = useEditorWork()
  if (tried.includes(kind)) return <TryPanel draft={draft} />
  if (kind === 'channel') return <MappingPanel draft={draft} />
  if (kind === 'form') return <FormPanel />
  if (kind === 'pool') return <PoolPanel />
  if (kind === 'robot') return <RobotPanel />
  return null
}

/** Who is in a pool is kept with the people. */
function PoolPanel() {
  const { t } = useTranslation('setup')
  if (!useMay('users.write')) return null
  return (
    <aside className={css.panel} aria-label={t('members')}>
      <h2>{t('members')}</h2>
      <p className={css.muted}>{t('membersNote')}</p>
      <ButtonLink to="/people" variant="default">
        {t('toPeople')}
      </ButtonLink>
    </aside>
  )
}
