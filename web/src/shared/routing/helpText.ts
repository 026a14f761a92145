/** The help of a page, in plain Russian. */
export interface HelpText {
  title: string;
  parts: { heading: string; text: string[] }[];
}
