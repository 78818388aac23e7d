import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangeSession } from '@/api/session'
import { notifyError } from '@/ui/notify'
import { isLanguage, speak, type Language } from './setup'

/** Follows the language of the account; tells whether texts may be drawn, which is once it is spoken or cannot be learned. */
export function useAccountLanguage(language: string | undefined): boolean {
  const { i18n } = useTranslation()
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    if (language === undefined || !isLanguage(language)) return
    // Also where it is spoken already: another one may still be on its way.
    void speak(language)
      .catch(notifyError)
      .then(() => setSettled(true))
  }, [language])
  return settled || language === i18n.language || (language !== undefined && !isLanguage(language))
}

/** Speaks a language at once, and keeps it for the account. */
export function useChooseLanguage(): (language: Language) => void {
  const change = useChangeSession()
  return (language) => void speak(language).then(() => change.mutate({ language }, { onError: notifyError }), notifyError)
}
