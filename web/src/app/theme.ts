import type { ThemeConfig } from 'antd';

/** Colours that pass WCAG AA on white; interactive elements are blue. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#1668dc',
    // The default hover colours are too light to read on white (WCAG 1.4.3).
    colorPrimaryHover: '#0f56b3',
    colorPrimaryActive: '#0b4794',
    colorInfo: '#1668dc',
    colorLink: '#0f56b3',
    colorLinkHover: '#0b4794',
    colorError: '#cf1322',
    colorTextDescription: 'rgba(0, 0, 0, 0.65)',
    colorTextTertiary: 'rgba(0, 0, 0, 0.62)',
    colorTextPlaceholder: 'rgba(0, 0, 0, 0.6)',
    fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif",
  },
  components: {
    // The days of the neighbouring months must be readable too.
    DatePicker: { colorTextDisabled: 'rgba(0, 0, 0, 0.62)' },
  },
};
