/** Text of GitHub's may hold control and format characters that would steer a terminal. */
export function plain(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
}
