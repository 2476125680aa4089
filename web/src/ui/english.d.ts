/** All faces' sentences in English (tools/words.ts). */
declare module "virtual:english" {
  const words: Record<string, string>;
  export default words;
}
