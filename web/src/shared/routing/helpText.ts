/** A page's part of the short manual, in plain Russian. */
export interface HelpText {
  title: string;
  parts: { heading: string; text: string[] }[];
}
