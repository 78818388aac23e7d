import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Shades of the one accent, #2353d6. */
const accent: MantineColorsTuple = ['#eef2ff', '#dfe7ff', '#bccbfb', '#96adf7', '#7f9dff', '#5378ea', '#3a64e0', '#2353d6', '#1c44b5', '#143690']

/** Shades of the red of what cannot be taken back; white on 7 has 6.5:1. */
const red: MantineColorsTuple = ['#fff0ee', '#fddcd8', '#f5b5ad', '#ef8d81', '#e96b5d', '#e2554a', '#d5402f', '#b3261e', '#951f18', '#771812']

/** The dark scheme's greys, as cool as the tokens: 0 is text, 7 the surface. */
const dark: MantineColorsTuple = ['#e8ebf0', '#c3cad6', '#a0a9b8', '#6d7686', '#454c58', '#2c313a', '#22272e', '#16191e', '#121519', '#0d0f13']

export const theme = createTheme({
  colors: { accent, red, dark },
  primaryColor: 'accent',
  primaryShade: 7,
  fontFamily: 'var(--font)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  defaultRadius: 6,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  // By name, not by import: only the pages that show an input load it.
  components: {
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    // The page behind stays readable: what is decided is often about it.
    Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.4 } } },
    Drawer: { defaultProps: { overlayProps: { backgroundOpacity: 0.4 } } },
  },
})

/** Mantine's surfaces take our own tokens, so that both schemes are told in one place. */
export const resolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--subtle)',
    '--mantine-color-default-border': 'var(--line-control)',
    '--mantine-color-error': 'var(--danger-text)',
    '--mantine-color-placeholder': 'var(--muted)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-accent-light': 'var(--accent-soft)',
    '--mantine-color-accent-light-hover': 'var(--accent-soft)',
    '--mantine-color-accent-light-color': 'var(--accent-text)',
  }
  return { variables: {}, light: shared, dark: shared }
}
