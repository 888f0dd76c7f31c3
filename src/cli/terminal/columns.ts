/** How much room text takes in a terminal. */

/** Two columns each: what Unicode calls wide (East Asian Width), and pictures. */
const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]/u;

/** None: marks that stand over the character before them, and what joins characters. */
const none = /[\p{Mn}\p{Me}\p{Cf}]/u;

export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

/** The beginning of the text that has room in so many columns. */
export function cutTo(text: string, columns: number): string {
  let [cut, left] = ['', columns];
  for (const character of text) {
    left -= widthOf(character);
    if (left < 0) break;
    cut += character;
  }
  return cut;
}

function widthOf(character: string): 0 | 1 | 2 {
  if (none.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
