declare module '*.module.css' {
  /** Class names by the name they have in the file; which ones exist is the stylesheet's business. */
  // biome-ignore lint/suspicious/noExplicitAny: an index signature would forbid `styles.name`.
  const styles: any;
  export default styles;
}
declare module '*.css';
