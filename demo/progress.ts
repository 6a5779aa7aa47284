import pc from "picocolors";

const WIDTH = 28;

/** A bar that redraws itself on a terminal, and a line at the end elsewhere. */
export interface Progress {
  at(done: number): void;
  end(note: string): void;
}

export function progress(what: string, total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  const draw = (done: number): string => {
    const filled = total === 0 ? WIDTH : Math.round((WIDTH * Math.min(done, total)) / total);
    return `  ${what.padEnd(24)} ${pc.cyan("━".repeat(filled))}${pc.dim("─".repeat(WIDTH - filled))} ${done}/${total}`;
  };
  return {
    at(done) {
      if (stream.isTTY) stream.write(`\r${draw(done)}`);
    },
    end(note) {
      stream.write(`${stream.isTTY ? "\r" : ""}${draw(total)} ${pc.dim(note)}\n`);
    },
  };
}
